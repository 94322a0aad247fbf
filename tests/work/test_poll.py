import asyncio
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.channels.telegram import Telegram
from bot.sandbox import Remote, create_app, running
from bot.work import poll
from bot.work.poll import Poller
from bot.work.receive import store
from storage.database import Database
from storage.tables import metadata
from tests.channels.wire import Answer, Wire, ok, refused, telegram

TOKEN = "123456:x"
Payloads = Sequence[dict[str, Any]]


def said(number: int, text: str = "Chào") -> dict[str, Any]:
    chat = {"id": 101, "type": "private", "first_name": "Mẫu"}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1, "chat": chat, "from": chat, "text": text},
    }


class Kept:
    """A store that remembers, and refuses as often as it was told to."""

    def __init__(self, refusals: int = 0) -> None:
        self.payloads: list[dict[str, Any]] = []
        self.refusals = refusals
        self.arrived = threading.Event()

    def __call__(self, payloads: Payloads) -> int:
        if self.refusals:
            self.refusals -= 1
            raise OSError("the disk is full")
        self.payloads += payloads
        self.arrived.set()
        return len(payloads)


def offsets(wire: Wire) -> list[int | None]:
    return [asked.get("offset") for method, asked in wire.asked if method == "getUpdates"]


def test_updates_are_confirmed_only_after_they_are_stored(db: Database) -> None:
    wire, kept = Wire([ok([said(7)]), ok([said(8)]), ok([])]), Kept()

    async def play() -> None:
        poller = Poller(db, telegram(wire), kept)
        assert [await poller.step() for _ in range(3)] == [1, 1, 0]

    asyncio.run(play())
    assert offsets(wire) == [None, 8, 9]
    assert [each["update_id"] for each in kept.payloads] == [7, 8]


def test_what_could_not_be_stored_is_asked_for_again(db: Database) -> None:
    wire, kept = Wire([ok([said(7)])]), Kept(refusals=1)

    async def play() -> None:
        poller = Poller(db, telegram(wire), kept)
        with pytest.raises(OSError, match="disk"):
            await poller.step()
        await poller.step()

    asyncio.run(play())
    assert offsets(wire) == [None, None]
    assert [each["update_id"] for each in kept.payloads] == [7]


def test_a_press_is_acknowledged_after_it_is_stored(db: Database) -> None:
    press = {"id": "900", "from": {"id": 101, "first_name": "Mẫu"}, "data": "gui"}
    wire = Wire([ok([{"update_id": 7, "callback_query": press}]), ok(True)])

    async def play() -> None:
        poller = Poller(db, telegram(wire), Kept())
        await poller.step()
        await poller.acknowledged()

    asyncio.run(play())
    assert [method for method, _ in wire.asked] == ["getUpdates", "answerCallbackQuery"]


def test_payloads_that_cannot_be_confirmed_are_stored_and_slow_the_poll_down(
    db: Database,
) -> None:
    kept = Kept()
    poller = Poller(db, telegram(Wire([ok([{"message": 5}])])), kept)
    pauses = []
    for _ in range(3):
        asyncio.run(poller.step())
        pauses.append(poller._pause)
    assert kept.payloads[0] == {"message": 5}
    assert pauses == [1, 2, 4]


def run_until(kept: Kept, *pollers: Poller, channels: Sequence[Telegram] = ()) -> None:
    async def play() -> None:
        stop = asyncio.Event()
        runs = [asyncio.create_task(each.run(stop)) for each in pollers]
        assert await asyncio.to_thread(kept.arrived.wait, 15)
        stop.set()
        await asyncio.wait_for(asyncio.gather(*runs), 10)
        await asyncio.gather(*(each.close() for each in channels))

    asyncio.run(play())


@pytest.mark.parametrize(
    "trouble",
    [
        refused(409, "Conflict: terminated by other getUpdates request"),
        refused(401, "Unauthorized"),
        refused(502, "Bad Gateway"),
        refused(429, "Too Many Requests: retry after 1", retry_after=1),
        (200, b"<html>"),
        httpx.ReadTimeout("late"),
        httpx.ConnectError("nobody there"),
    ],
)
def test_the_poll_goes_on_after_trouble(
    db: Database, trouble: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll, "FIRST_PAUSE", 0.01)
    wire, kept = Wire([ok(True), trouble, ok([said(7)])]), Kept()
    run_until(kept, Poller(db, telegram(wire), kept))
    assert wire.asked[0][0] == "deleteWebhook"
    assert kept.payloads[0]["update_id"] == 7


def test_pauses_grow_up_to_a_minute(db: Database) -> None:
    poller = Poller(db, telegram(Wire()), Kept())
    pauses = []
    for _ in range(9):
        poller._back_off(None)
        pauses.append(poller._pause)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@pytest.fixture
def sandbox() -> Iterator[Remote]:
    phones = [{"id": "101", "name": "Nguyễn Văn Mẫu", "opened": True}]
    with running(create_app(token=TOKEN, phones=phones)) as url, Remote(url) as remote:
        yield remote


def channel(sandbox: Remote, files: Path) -> Telegram:
    return Telegram(TOKEN, files=files, api=str(sandbox.http.base_url).rstrip("/"))


def test_two_pollers_of_one_bot_take_turns_and_lose_nothing(
    db: Database, sandbox: Remote, tmp_path: Path
) -> None:
    kept = Kept()
    sandbox.phone("101").says("Xin chào")
    channels = [channel(sandbox, tmp_path) for _ in range(2)]
    pollers = [Poller(db, each, kept) for each in channels]
    run_until(kept, *pollers, channels=channels)
    assert [each["message"]["text"] for each in kept.payloads] == ["Xin chào"]
    assert sandbox.statistics()["calls"]["deleteWebhook"] == 1


def test_a_malformed_update_is_stored_and_set_aside_and_the_poll_goes_on(
    db: Database, sandbox: Remote, tmp_path: Path
) -> None:
    sandbox.switch("malformed", count=1)
    sandbox.switch("duplicate", count=1)
    sandbox.phone("101").says("Xin chào")
    ours = channel(sandbox, tmp_path)

    async def play() -> None:
        poller = Poller(db, ours, lambda payloads: store(db, ours, payloads))
        for _ in range(2):
            await poller.step()
        await ours.close()

    asyncio.run(play())
    inbox = metadata.tables["inbox"]
    with db.connection() as c:
        rows = c.execute(select(inbox.c.state, inbox.c.payload).order_by(inbox.c.id)).all()
    assert [each.state for each in rows] == ["aside", "waiting"]
    assert rows[1].payload["message"]["text"] == "Xin chào"
