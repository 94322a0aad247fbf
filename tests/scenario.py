"""Plays a conversation over the wire: the sandbox's phones on one side, the service on the other.

Between every two messages each object and engine of the service is dropped and built again.
"""

import asyncio
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from bot.channels.telegram import Telegram
from bot.demo.clock import advance
from bot.roster.invites import VALID, hashed
from bot.sandbox.app import create_app
from bot.sandbox.remote import Remote, RemotePhone
from bot.sandbox.running import running
from bot.work import clock
from bot.work.fetch import Fetcher
from bot.work.poll import Poller
from bot.work.receive import handle_next, store
from bot.work.send import send_once
from storage import invites, people
from storage.database import Database
from storage.tables import Account, Person

TOKEN = "4242:transcripts"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MOST_TURNS = 500


@dataclass
class Scenario:
    """People of a roster with phones; what they do is answered by a service built anew."""

    url: str
    files: Path
    sandbox: Remote
    phones: dict[str, RemotePhone] = field(default_factory=dict)
    last_said: dict[str, int] = field(default_factory=dict)  # by roster code: a message's id

    def restarts(self) -> tuple[Database, Telegram]:
        """A service that knows nothing but the database."""
        api = str(self.sandbox.http.base_url).rstrip("/")
        return Database(self.url), Telegram(TOKEN, files=self.files, api=api)

    def phone(self, code: str) -> RemotePhone:
        """The phone of the person with this roster code."""
        return self.phones[code]

    def settles(self, *, heard: bool = True) -> None:
        """Let the service take in what was done and answer it."""
        asyncio.run(self._settle(heard=heard))

    async def _settle(self, *, heard: bool) -> None:
        db, channel = self.restarts()
        try:
            if heard:
                poller = Poller(db, channel, lambda payloads: store(db, channel, payloads))
                await poller.step()
            while handle_next(db, {channel.bot: channel}):
                pass
            await Fetcher(db, channel, self.files).step()
            for _ in range(MOST_TURNS):
                if not await send_once(db, channel, at_once=1):  # in one order, always
                    return
            raise AssertionError("the outbox never emptied")
        finally:
            await channel.close()
            db.close()

    def moves_clock(self, local: str) -> None:
        """Set the clock (province time), with the passes in between, and send what came of it."""
        self.sandbox.move_clock(local)
        self.settles(heard=False)


@contextmanager
def scenario(
    url: str,
    files: Path,
    *,
    start: str,
    strangers: Collection[str] = (),
    codes: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Scenario]:
    """A scenario on a database with a roster; everybody on it has a linked phone.

    `strangers` have phones that are not linked yet, `codes` are their invitations by roster code.
    """
    at = datetime.fromisoformat(start).replace(tzinfo=ZONE).astimezone(UTC)
    db = Database(url)
    with db.writing() as session:
        clock.mark_as_demo(session)
        clock.move(session, at)
        phones = _phones(session, strangers)
        for person, code in codes.items():
            _invite(session, person, code, at)
    app = create_app(
        token=TOKEN,
        phones=phones,
        clock_hook=lambda to: asyncio.to_thread(advance, db, to),
        now=lambda: clock.now(db),
    )
    with running(app) as address, Remote(address) as remote:
        played = Scenario(url, files, remote)
        played.phones = {str(p["code"]): RemotePhone(remote, str(p["id"])) for p in phones}
        yield played
    db.close()


def _invite(session: Session, person: str, code: str, at: datetime) -> None:
    invited = people.by_code(session, person)
    assert invited is not None
    new = invites.New(invited.id or 0, hashed(code.replace("-", "")))
    invites.add(session, [new], at, at + VALID)


def _phones(session: Session, strangers: Collection[str]) -> list[Mapping[str, object]]:
    everybody = session.exec(select(Person)).all()
    bot = f"telegram:{TOKEN.partition(':')[0]}"
    for person in everybody:
        if person.code in strangers:
            continue
        session.add(
            Account(
                bot=bot,
                external_id=str(1000 + (person.id or 0)),
                person_id=person.id,
                state="confirmed",
                linked_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )
    return [
        {
            "id": str(1000 + (p.id or 0)),
            "name": p.full_name,
            "code": p.code,
            "opened": p.code not in strangers,
        }
        for p in everybody
    ]
