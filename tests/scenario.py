"""Plays a conversation over the wire: the sandbox's phones on one side, the service on the other.

Between every two messages each object and engine of the service is dropped and built again.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from html import unescape
from pathlib import Path
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from sqlmodel import Session, select
from starlette.applications import Starlette

from bot.channels.contract import Channel
from bot.channels.telegram import Telegram
from bot.channels.zalo_bot import ZaloBot
from bot.channels.zalo_oa import ZaloOA
from bot.demo.clock import advance
from bot.roster.invites import VALID, hashed
from bot.sandbox.app import create_app
from bot.sandbox.remote import Remote, RemotePhone
from bot.sandbox.running import running
from bot.sandbox.zalo_oa.state import OfficialAccount
from bot.web.links import NO_PAGES, Pages
from bot.web.pages import page_routes
from bot.web.restricted_pages import restricted_routes
from bot.work import clock, rosters
from bot.work.converse import GATHER
from bot.work.credentials import Vault
from bot.work.fetch import Fetcher, Source
from bot.work.paged import Shelf
from bot.work.poll import Poller
from bot.work.receive import handle_next, store
from bot.work.send import send_once
from bot.work.ways import Ways
from storage import invites, people
from storage.database import Database
from storage.tables import Account, Person
from tests.web.opening import button

TOKEN = "4242:transcripts"
ZALO_TOKEN = "4243:transcripts"
OA = OfficialAccount("4244", "app secret", "page key", "first refresh token", window_days=0)
BOTS = {"telegram": "telegram:4242", "zalo": "zalo:4243", "zalo_oa": "zalo_oa:4244"}
PAGES = Pages("http://pages", "plainly invented, thirty-two letters")
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MOST_TURNS = 500


def _telegram(api: str, files: Path) -> Channel:
    return Telegram(TOKEN, files=files, api=api)


def _zalo(api: str, files: Path) -> Channel:
    return ZaloBot(ZALO_TOKEN, files=files, api=f"{api}/zalo", resolve=None)


def _zalo_oa(api: str, files: Path) -> Channel:
    return ZaloOA(
        app_id=OA.app_id,
        app_secret=OA.app_secret,
        secret_key=OA.secret_key,
        refresh_token=OA.refresh_token,
        files=files,
        api=f"{api}/zalo_oa",
        resolve=None,
    )


BUILD: Mapping[str, Callable[[str, Path], Channel]] = {
    "telegram": _telegram,
    "zalo": _zalo,
    "zalo_oa": _zalo_oa,
}


@dataclass
class Scenario:
    """People of a roster with phones; what they do is answered by a service built anew."""

    url: str
    files: Path
    sandbox: Remote
    channels: Sequence[str] = ("telegram",)
    unmetered: bool = False  # a plan without a monthly number of messages
    phones: dict[str, RemotePhone] = field(default_factory=dict)
    on: dict[str, str] = field(default_factory=dict)  # by roster code: the phone's channel
    last_said: dict[str, int] = field(default_factory=dict)  # by roster code: a message's id

    def restarts(self) -> tuple[Database, list[Channel]]:
        """A service that knows nothing but the database."""
        api = str(self.sandbox.http.base_url).rstrip("/")
        channels = [BUILD[name](api, self.files) for name in self.channels]
        if self.unmetered:
            for channel in channels:
                channel.limits = replace(channel.limits, monthly=None)
        db = Database(self.url)
        for channel in channels:
            if isinstance(channel, ZaloOA):
                channel.keep_tokens_in(Vault(db, channel.bot))
        return db, channels

    def phone(self, code: str) -> RemotePhone:
        """The phone of the person with this roster code."""
        return self.phones[code]

    def settles(self, *, heard: bool = True) -> None:
        """Let the service take in what was done and answer it."""
        asyncio.run(self._settle(heard=heard))

    async def _settle(self, *, heard: bool) -> None:
        db, channels = self.restarts()
        try:
            for channel in channels if heard else ():
                await self._hear(db, channel)
            while handle_next(db, {channel.bot: channel for channel in channels}):
                pass
            sources: list[Source] = [*channels, Shelf(self.files)]
            for source in sources:
                await Fetcher(
                    db, source, self.files, stored=partial(rosters.stored, db, self.files)
                ).step()
            await _empty_outbox(db, channels)
        finally:
            for channel in channels:
                await channel.close()
            db.close()

    async def _hear(self, db: Database, channel: Channel) -> None:
        """Take in everything that waits: by one poll, a poll an event, or as posts."""
        poller = Poller(db, channel, lambda payloads: store(db, channel, payloads))
        if channel.name == "telegram":
            await poller.step()
            await poller.acknowledged()
        elif channel.name == "zalo":
            while self.sandbox.waiting(channel.name):
                await poller.step()
        else:
            for headers, body in self.sandbox.posts(channel.name):
                assert channel.genuine(headers, body)
                store(db, channel, [json.loads(body)])

    def uses_page(self, code: str, purpose: str, *sent: tuple[str, bytes], **fields: str) -> None:
        """Open the newest link of this kind on the phone, and press what stands there."""
        texts = "\n".join(each["text"] for each in self.phone(code).messages())
        address = re.findall(rf"{PAGES.base}/{purpose}/\S+", texts)[-1]
        files = [("tep", (name, content)) for name, content in sent]
        asyncio.run(self._press(address, fields, files))

    async def _press(self, address: str, fields: dict[str, str], files: list[Any]) -> None:
        db = Database(self.url)
        self.files.mkdir(exist_ok=True)
        app = Starlette(routes=page_routes(db, self.files, PAGES))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as browser:
            page = await browser.get(address)
            fields = {**fields, "bam": button(page)}
            done = await browser.post(address, data=fields, files=files or None)
            assert "Đã nhận" in done.text, done.text
        db.close()

    def writes_privately(self, code: str, text: str) -> None:
        """Send this by the signed page, which no chat shows."""

        async def write(browser: httpx.AsyncClient, address: str) -> None:
            page = await _pressed(browser, address, viec="xem")
            once = re.search(r'name="lan" value="(\w+)"', page.text)
            assert once, page.text
            sent = {"viec": "gui", "loi": text, "lan": once[1], "bam": button(page)}
            done = await browser.post(address, data=sent)
            assert "Đã gửi riêng" in done.text, done.text

        self._on_sealed_page(code, write)

    def reads_privately(self, code: str, text: str) -> None:
        """Open the newest of what was sent to this person alone, and find these words."""

        async def read(browser: httpx.AsyncClient, address: str) -> None:
            page = await _pressed(browser, address, viec="xem")
            number = max(map(int, re.findall(r"KN-(\d+)", page.text)))
            letter = await _pressed(browser, address, viec="mo", so=str(number))
            assert text in unescape(letter.text), letter.text

        self._on_sealed_page(code, read)

    def _on_sealed_page(
        self, code: str, does: Callable[[httpx.AsyncClient, str], Awaitable[None]]
    ) -> None:
        db = Database(self.url)
        with db.reading() as session:
            whose = select(Account).join(Person).where(Person.code == code)
            account = session.exec(whose).one()
        numbers = {"person_id": account.person_id or 0, "account_id": account.id or 0}
        address = PAGES.link("rieng", **numbers, at=clock.real())
        app = Starlette(routes=restricted_routes(db, PAGES, arrived=lambda: None))

        async def browse() -> None:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as browser:
                await does(browser, address)

        asyncio.run(browse())
        db.close()

    def waits_a_little(self) -> None:
        """Let the time pass for which the answer to photos is put off, where they come apart."""
        db = Database(self.url)
        with db.writing() as session:
            clock.move(session, clock.now(session) + GATHER)
        db.close()
        self.settles(heard=False)

    def moves_clock(self, local: str) -> None:
        """Set the clock (province time), with the passes in between, and send what came of it."""
        self.sandbox.move_clock(local)
        self.settles(heard=False)


async def _pressed(browser: httpx.AsyncClient, address: str, **fields: str) -> httpx.Response:
    page = await browser.get(address)
    return await browser.post(address, data={**fields, "bam": button(page)})


def _pages_of(channel: Channel) -> Pages:
    return NO_PAGES if channel.name == "telegram" else PAGES


async def _empty_outbox(db: Database, channels: Sequence[Channel]) -> None:
    ways = Ways({channel.bot: channel.limits for channel in channels})
    for _ in range(MOST_TURNS):
        sent = [
            await send_once(db, channel, at_once=1, pages=_pages_of(channel), ways=ways)
            for channel in channels
        ]
        if not any(sent):  # in one order, always
            return
    raise AssertionError("the outbox never emptied")


@contextmanager
def scenario(
    url: str,
    files: Path,
    *,
    start: str,
    channel: str = "telegram",
    more: Sequence[tuple[str, str]] = (),
    strangers: Collection[str] = (),
    codes: Mapping[str, str] = MappingProxyType({}),
    unmetered: bool = False,
) -> Iterator[Scenario]:
    """A scenario on a database with a roster; everybody on it has a linked phone on `channel`.

    `more` are second phones, (roster code, channel). `strangers` have phones that are not linked
    yet, `codes` are their invitations by roster code.
    """
    at = datetime.fromisoformat(start).replace(tzinfo=ZONE).astimezone(UTC)
    db = Database(url)
    with db.writing() as session:
        clock.mark_as_demo(session)
        clock.move(session, at)
        phones = _phones(session, channel, more, strangers)
        for person, code in codes.items():
            _invite(session, person, code, at)
    channels = [name for name in BOTS if name in {phone["channel"] for phone in phones}]
    app = create_app(
        token=TOKEN if "telegram" in channels else "",
        zalo_token=ZALO_TOKEN if "zalo" in channels else "",
        zalo_oa=OA if "zalo_oa" in channels else None,
        phones=phones,
        clock_hook=lambda to: asyncio.to_thread(advance, db, to),
        now=lambda: clock.now(db),
    )
    with running(app) as address, Remote(address) as remote:
        played = Scenario(url, files, remote, channels, unmetered)
        played.on = {str(p["code"]): str(p["channel"]) for p in phones}
        played.phones = {str(p["code"]): RemotePhone(remote, str(p["id"])) for p in phones}
        yield played
    db.close()


def _invite(session: Session, person: str, code: str, at: datetime) -> None:
    invited = people.by_code(session, person)
    assert invited is not None
    new = invites.New(invited.id or 0, hashed(code.replace("-", "")))
    invites.add(session, [new], at, at + VALID)


def _phones(
    session: Session,
    channel: str,
    more: Sequence[tuple[str, str]],
    strangers: Collection[str],
) -> list[Mapping[str, object]]:
    """The first phone goes by the person's roster code, a second one has its channel behind it."""
    everybody = {person.code: person for person in session.exec(select(Person)).all()}
    held = [(code, channel, 1000, code) for code in everybody]
    held += [(code, other, 2000, f"{code} {other}") for code, other in more]
    for code, on, series, named in held:
        if named not in strangers:
            person_id = everybody[code].id or 0
            linked_at = datetime(2026, 1, 1, tzinfo=UTC)
            session.add(
                Account(
                    bot=BOTS[on],
                    external_id=str(series + person_id),
                    person_id=person_id,
                    state="confirmed",
                    linked_at=linked_at,
                )
            )
    return [
        {
            "id": str(series + (everybody[code].id or 0)),
            "name": everybody[code].full_name,
            "code": named,
            "channel": on,
            "opened": named not in strangers,
        }
        for code, on, series, named in held
    ]
