"""A person with a linked phone, the pages before the person, and somebody who opens them."""

import asyncio
import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from sqlmodel import Session, col, select
from starlette.applications import Starlette

from bot.messages import Outgoing
from bot.web.links import Pages, Purpose
from bot.web.pages import page_routes
from bot.work import clock
from bot.work.fetch import Fetcher
from bot.work.paged import Shelf
from storage.database import Database
from storage.tables import Attachment, Draft, Inbox, Outbox
from tests.cast import Cast, cast
from tests.work.inbox import linked, take_in, text, work_off

PAGES = Pages("http://service", "a secret of thirty-two letters!!")
PHONE = 101


@dataclass
class Opening:
    """The pages of a service in which CB001 has a phone."""

    db: Database
    files: Path
    people: Cast
    account: int
    app: Starlette
    rings: list[int]

    def link(self, purpose: Purpose, at: datetime | None = None, **more: int) -> str:
        """The path of a link of CB001's phone."""
        numbers = {"person_id": self.people["CB001"], "account_id": self.account} | more
        made = PAGES.link(purpose, **numbers, at=at or clock.real())
        return made.removeprefix(PAGES.base)

    def get(self, path: str) -> httpx.Response:
        return self.ask("GET", path)

    def ask(self, method: str, path: str, **what: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=PAGES.base) as client:
                return await client.request(method, path, **what)

        return asyncio.run(ask())

    def press(self, path: str, *sent: tuple[str, bytes], **fields: str) -> httpx.Response:
        """Open the page, fill it in and press its button."""
        page = self.get(path)
        assert page.status_code == 200, page.text
        return self.post(path, *sent, bam=button(page), **fields)

    def post(self, path: str, *sent: tuple[str, bytes], **fields: str) -> httpx.Response:
        files = [("tep", (name, content)) for name, content in sent]
        return self.ask("POST", path, data=fields, files=files or None)

    def says(self, words: str) -> list[str]:
        """CB001 types into the chat; what is answered."""
        take_in(self.db, text(PHONE, words))
        return self.answers()

    def answers(self) -> list[str]:
        """Let the service handle what waits; what it says now, and as if it were on the screen."""
        work_off(self.db)
        with self.db.writing() as session:
            found = select(Outbox).where(Outbox.state == "waiting").order_by(col(Outbox.id))
            waiting = session.exec(found).all()
            for row in waiting:
                row.state, row.sent_at, row.account_id = "sent", clock.real(), self.account
            return [str(row.body["text"]) for row in waiting]

    def fetches(self) -> None:
        """What pages brought is taken from the shelf; a browser's loop may run in this thread."""
        with ThreadPoolExecutor(1) as apart:
            fetcher = Fetcher(self.db, Shelf(self.files), self.files)
            apart.submit(lambda: asyncio.run(fetcher.step())).result()

    def rows(self, table: Any) -> list[Any]:
        with self.db.reading() as session:
            return list(session.exec(select(table).order_by(table.id)))

    def counts(self) -> dict[str, int]:
        """How many rows there are of what a page could touch."""
        return {t.__name__: len(self.rows(t)) for t in (Inbox, Attachment, Outbox, Draft)}

    def draft(self) -> Draft:
        (found,) = [row for row in self.rows(Draft) if row.state == "open"]
        assert isinstance(found, Draft)
        return found

    def sent(self, *files: str, person: str = "CB001") -> int:
        """A message with files that went out to this person; its number."""
        with self.db.writing() as session:
            row = _outbox(session, Outgoing("Tệp", files=files), self.people[person])
            session.flush()
            assert row.id is not None
            return row.id


def opening(db: Database, files: Path) -> Opening:
    """Everybody of the cast, and a phone for CB001."""
    rings: list[int] = []
    with db.writing() as session:
        people = cast(session)
        account = linked(people["CB001"], PHONE)
        session.add(account)
        session.flush()
        number = account.id
    assert number is not None
    routes = page_routes(db, files, PAGES, arrived=lambda: rings.append(1))
    app = Starlette(routes=routes)
    app.state.close = lambda: None  # what the sandbox's server calls before it stops
    return Opening(db, files, people, number, app, rings)


def button(page: httpx.Response) -> str:
    """What the page's button sends along."""
    found = re.search(r'name="bam" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


def picture(color: str = "navy", kind: str = "JPEG", **details: Any) -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(out, kind, **details)
    return out.getvalue()


def _outbox(session: Session, message: Outgoing, person_id: int) -> Outbox:
    row = Outbox(
        person_id=person_id,
        kind="answer",
        body=message.to_json(),
        state="sent",
        created_at=clock.real(),
    )
    session.add(row)
    return row
