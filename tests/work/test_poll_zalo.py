"""Polling Zalo, which hands an event out once (or again and again) and confirms nothing."""

import asyncio
import json
import threading
from collections.abc import Sequence
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.channels.zalo_bot import ZaloBot
from bot.work import poll
from bot.work.poll import NOTHING_NEW, Poller
from bot.work.receive import store
from storage.database import Database
from storage.tables import metadata
from tests.channels.wire import Answer
from tests.channels.zalo_wire import bad, bot, good, page

CHAT = "a1b2c3d4e5f60718293a"


def said(number: int, text: str = "Chào") -> dict[str, Any]:
    message = {
        "message_id": f"{number:020x}",
        "date": 1776919152762,
        "chat": {"id": CHAT, "chat_type": "PRIVATE"},
        "from": {"id": CHAT, "display_name": "Nguyễn Văn Mẫu", "is_bot": False},
        "text": text,
    }
    return {"event_name": "message.text.received", "message": message}


def poller(db: Database, *answers: Answer) -> tuple[Poller, ZaloBot]:
    channel, _ = bot(*answers)
    return Poller(db, channel, lambda payloads: store(db, channel, payloads)), channel


def texts(db: Database) -> list[str]:
    inbox = metadata.tables["inbox"]
    with db.connection() as c:
        rows = c.execute(select(inbox.c.payload).order_by(inbox.c.id)).scalars()
        return [row["message"]["text"] for row in rows]


def steps(polling: Poller, count: int) -> list[float]:
    async def play() -> list[float]:
        pauses = []
        for _ in range(count):
            await polling.step()
            pauses.append(polling._pause)
        return pauses

    return asyncio.run(play())


def test_new_events_are_fetched_one_after_the_other_without_a_pause(db: Database) -> None:
    polling, _ = poller(db, *(good(said(n, f"tin {n}")) for n in range(1, 5)))
    assert steps(polling, 4) == [0.0] * 4
    assert texts(db) == ["tin 1", "tin 2", "tin 3", "tin 4"]


def test_an_event_that_comes_again_is_one_and_slows_the_poll_to_once_a_second(
    db: Database,
) -> None:
    polling, _ = poller(db, good(said(1)))
    first, *later = steps(polling, 5)
    assert first == 0.0
    assert all(0.5 < pause <= NOTHING_NEW for pause in later)
    assert texts(db) == ["Chào"]


@pytest.mark.parametrize(
    "answer", [good(None), bad(408, "Request timeout"), good({"event_name": "bot.added"})]
)
def test_an_answer_that_comes_at_once_and_brings_nothing_makes_no_hot_loop(
    db: Database, answer: Answer
) -> None:
    polling, _ = poller(db, answer)
    assert all(pause > 0.5 for pause in steps(polling, 3))


class Flaky:
    """A store that fails as often as it was told to, and then stores."""

    def __init__(self, db: Database, channel: ZaloBot, failures: int) -> None:
        self.db, self.channel, self.failures = db, channel, failures
        self.failed = threading.Event()

    def __call__(self, payloads: Sequence[dict[str, Any]]) -> int:
        if self.failures:
            self.failures -= 1
            self.failed.set()
            raise OSError("the disk is full")
        return store(self.db, self.channel, payloads)


def test_what_could_not_be_stored_is_held_and_stored_before_the_next_poll(db: Database) -> None:
    channel, wire = bot(good(said(1, "một")), good(said(2, "hai")))
    polling = Poller(db, channel, Flaky(db, channel, 2))

    async def play() -> None:
        for _ in range(2):
            with pytest.raises(OSError, match="disk"):
                await polling.step()
        assert len(wire.asked) == 1, "nothing more is taken while something is held"
        await polling.step()

    asyncio.run(play())
    assert texts(db) == ["một", "hai"]


def test_what_is_held_when_the_process_stops_is_stored_first(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll, "FIRST_PAUSE", 30.0)
    channel, _ = bot(good(True), good(said(1, "một")))
    storing = Flaky(db, channel, 1)
    polling = Poller(db, channel, storing)

    async def play() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(polling.run(stop))
        assert await asyncio.to_thread(storing.failed.wait, 15)
        stop.set()
        await running

    asyncio.run(play())
    assert texts(db) == ["một"]


def test_a_poll_in_hand_is_waited_out_when_the_process_stops(db: Database) -> None:
    began = asyncio.Event()

    async def slow(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("getUpdates"):
            began.set()
            await asyncio.sleep(0.3)
            return httpx.Response(200, content=json.dumps({"ok": True, "result": said(1)}))
        return httpx.Response(200, content=b'{"ok": true}')

    channel = ZaloBot("1:x", api="http://invented.example", transport=httpx.MockTransport(slow))
    polling = Poller(db, channel, lambda payloads: store(db, channel, payloads))

    async def play() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(polling.run(stop))
        await began.wait()
        stop.set()
        await running

    asyncio.run(play())
    assert texts(db) == ["Chào"]


@pytest.mark.parametrize("trouble", [page(429), page(504), bad(401, "Unauthorized"), page(200)])
def test_the_poll_goes_on_after_trouble(
    db: Database, trouble: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr("bot.channels.zalo_bot.GATEWAY_PAUSE", 0.01)
    asked = asked_until_stored(db, good(True), trouble, good(said(1)))
    assert asked[:3] == ["deleteWebhook", "getUpdates", "getUpdates"]


def test_a_webhook_that_somebody_set_is_taken_away_again(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll, "FIRST_PAUSE", 0.01)
    set_elsewhere = bad(400, "Bad request: a webhook is set")
    asked = asked_until_stored(db, good(True), set_elsewhere, good(True), good(said(1)))
    assert asked[:4] == ["deleteWebhook", "getUpdates", "deleteWebhook", "getUpdates"]


def asked_until_stored(db: Database, *answers: Answer) -> list[str]:
    channel, wire = bot(*answers)
    stop = asyncio.Event()

    async def play() -> None:
        loop = asyncio.get_running_loop()

        def keep(payloads: Sequence[dict[str, Any]]) -> int:
            new = store(db, channel, payloads)
            loop.call_soon_threadsafe(stop.set)
            return new

        await asyncio.wait_for(Poller(db, channel, keep).run(stop), 15)

    asyncio.run(play())
    assert texts(db) == ["Chào"]
    return [method for method, _ in wire.asked]
