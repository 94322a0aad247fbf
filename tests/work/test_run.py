"""The service as one process: it answers, finishes what is in hand, and logs no text."""

import asyncio
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import func, select

from bot.sandbox.app import create_app
from bot.sandbox.remote import Remote
from bot.sandbox.running import running
from bot.settings import Settings
from bot.work import clock
from bot.work.run import ServeFailed, Service, serve
from bot.work.tick import tick
from storage.database import Database
from storage.tables import Account, Inbox, Outbox
from tests.acceptance.killing import Service as Process
from tests.acceptance.killing import telegram
from tests.cast import cast

TOKEN = "123456789:AAsandbox-token-that-is-quite-long"
PHONE = 42
WRITTEN = "Hòa Mẫu hôm nay họp thôn, nắm bà con đồng thuận ZXQ"


@pytest.fixture
def province(laid: Database) -> Database:
    """The cast, one of whom has the sandbox's phone."""
    with laid.writing() as session:
        person = cast(session).person["CB001"]
        account = {"bot": "telegram:123456789", "external_id": str(PHONE), "person_id": person}
        session.add(Account(**account, state="confirmed", linked_at=clock.real()))
    return laid


@pytest.fixture
def sandbox() -> Iterator[str]:
    phones = [{"id": str(PHONE), "name": "Nguyễn Văn Mẫu"}]
    with running(create_app(token=TOKEN, phones=phones)) as address:
        yield address


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
def test_a_whole_life_from_start_to_sigterm(
    province: Database, sandbox: str, tmp_path: Path, webhook: bool
) -> None:
    url = province.url.render_as_string(hide_password=False)
    process = Process(url, tmp_path / "files", telegram(sandbox, TOKEN))
    if webhook:
        process.listen_to_webhook("a-secret-of-the-webhook")
    process.start()
    try:
        asyncio.run(process.ready())
        with Remote(sandbox) as remote:
            phone = remote.phone(PHONE)
            phone.says(WRITTEN)
            phone.sees("ZXQ")
            phone.presses("Gửi")
            phone.sees("Đã lưu phiếu CS-1")
        code = process.stop()
    finally:
        process.close()
    log = (tmp_path / "service.log").read_text()
    assert code in (0, -15), log
    events = [json.loads(line) for line in log.splitlines()]
    assert "service_stopped" in {event["event"] for event in events}
    _nothing_waits(province)
    _holds_no_secret(log)
    _can_be_followed(events, province)


def _nothing_waits(db: Database) -> None:
    with db.reading() as session:
        for table in (Inbox, Outbox):
            waiting = select(func.count()).select_from(table).where(table.state == "waiting")
            assert session.exec(waiting).one() == 0


def _holds_no_secret(log: str) -> None:
    for text in (WRITTEN, "ZXQ", "đồng thuận", "Nguyễn Văn Mẫu", "Đã lưu phiếu", "0900 000"):
        assert text not in log
    assert TOKEN not in log
    assert TOKEN.replace(":", "%3A") not in log
    assert re.search(r"\d{6,}(:|%3A)[\w-]{20,}", log) is None


def _can_be_followed(events: list[dict[str, object]], db: Database) -> None:
    """From each message by its id to what it caused and what was sent."""
    with db.reading() as session:
        rows = session.exec(select(Outbox.inbox_id, Outbox.id).where(Outbox.inbox_id != None)).all()  # noqa: E711  SQL's own comparison
    assert rows
    for inbox_id, outbox_id in rows:
        told = [(e["event"], e.get("outbox_id")) for e in events if e.get("inbox_id") == inbox_id]
        assert ("message_handled", None) in told
        assert ("message_sent", outbox_id) in told


def test_a_loop_that_crashes_is_started_again(db: Database, tmp_path: Path) -> None:
    service = Service(db, [], tmp_path)
    runs: list[int] = []

    async def loop(stop: asyncio.Event) -> None:
        runs.append(1)
        if len(runs) < 2:
            raise ZeroDivisionError
        stop.set()

    asyncio.run(asyncio.wait_for(service._kept("test", loop), 10))
    assert len(runs) == 2


def test_a_port_that_is_taken_names_the_setting(db: Database, sandbox: str, tmp_path: Path) -> None:
    bind = sandbox.removeprefix("http://")
    with pytest.raises(ServeFailed, match="SAUSAT_BIND"):
        serve(db, [], Settings(_env_file=None, bind=bind, files=tmp_path))


def test_one_part_of_the_clock_that_fails_does_not_stop_the_others(db: Database) -> None:
    done: list[str] = []

    def bad(_db: Database, _at: datetime) -> None:
        done.append("bad")
        raise ZeroDivisionError

    parts = {"bad": bad, "good": lambda _db, _at: done.append("good")}
    assert tick(db, clock.real(), parts) == ["bad"]
    assert done == ["bad", "good"]
