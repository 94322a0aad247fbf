import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.telegram import Telegram
from bot.messages import Option, Outgoing
from bot.sandbox import Remote, create_app, running
from bot.work import clock, outcomes
from bot.work.send import Sender, send_once
from storage import claims, outbox
from storage.database import Database
from tests.channels.wire import Answer, Wire, ok, refused, telegram
from tests.work.posting import account, deliveries, due_now, put, row

CHOICES = ((Option("Gửi", "gui"), Option("Sửa", "sua")),)
LONG = "Xã đã giao đất tái định cư cho mười hai hộ. " * 150


def step(db: Database, *answers: Answer) -> Wire:
    """One step of a sender that knows nothing but the database; what it asked."""
    wire = Wire(list(answers) or [ok()])
    asyncio.run(send_once(db, telegram(wire)))
    return wire


def message(number: int) -> Answer:
    return ok({"message_id": number, "date": 1, "chat": {"id": 101, "type": "private"}})


def methods(wire: Wire) -> list[str]:
    return [method for method, _ in wire.asked]


def test_a_message_is_sent_and_marked_with_the_channel_s_id(db: Database) -> None:
    (number,) = put(db, account(db), "Đã lưu phiếu CS-1437.")
    wire = step(db)
    assert wire.asked[0][1]["text"] == "Đã lưu phiếu CS-1437."
    kept = row(db, "outbox", number)
    assert (kept.state, kept.claimed_by, kept.sent_at is None) == ("sent", "", False)
    (delivery,) = deliveries(db, number)
    assert (delivery.external_id, delivery.state, delivery.part) == ("55", "sent", 0)
    assert methods(step(db)) == []


def test_numbers_mean_what_was_printed_last(db: Database) -> None:
    to = account(db)
    put(db, to, Outgoing("Xem lại", CHOICES, kind="prompt"))
    step(db)
    assert row(db, "account", to).menu == [
        {"number": 1, "label": "Gửi", "token": "gui"},
        {"number": 2, "label": "Sửa", "token": "sua"},
    ]
    put(db, to, "Một tin không có nút")
    step(db)
    assert len(row(db, "account", to).menu) == 2
    put(db, to, Outgoing("Tình hình?", kind="prompt"))
    step(db)
    assert row(db, "account", to).menu == []


def test_the_answered_question_is_changed_in_place(db: Database) -> None:
    to = account(db)
    (prompt,) = put(db, to, Outgoing("Ngày nào?", CHOICES, kind="prompt"))
    step(db, message(31))
    (edit,) = put(db, to, Outgoing("Ngày nào? Hôm qua", kind="edit", edits=prompt))
    wire = step(db, message(31))
    assert methods(wire) == ["editMessageText"]
    assert wire.asked[0][1]["message_id"] == 31
    assert "reply_markup" not in wire.asked[0][1]
    assert row(db, "outbox", edit).state == "sent"
    assert len(row(db, "account", to).menu) == 2


def test_a_menu_is_shown_once(db: Database) -> None:
    to = account(db)
    put(db, to, Outgoing("Chào đồng chí.", menu="theo_doi"))
    first = step(db)
    assert methods(first) == ["sendMessage", "setMyCommands"]
    labels = [key["text"] for line in first.asked[0][1]["reply_markup"]["keyboard"] for key in line]
    assert labels == ["Ghi chuyến đi", "Kiến nghị", "Việc chờ tôi", "Địa bàn"]
    put(db, to, Outgoing("Chào lại.", menu="theo_doi"))
    assert methods(step(db)) == ["sendMessage"]
    put(db, to, Outgoing("Chào đồng chí Bí thư.", menu="co_so"))
    assert methods(step(db)) == ["sendMessage", "setMyCommands"]


def test_commands_that_are_refused_do_not_spoil_the_message(db: Database) -> None:
    (number,) = put(db, account(db), Outgoing("Chào.", menu="theo_doi"))
    step(db, ok(), refused(400, "Bad Request: BOT_COMMAND_INVALID"))
    assert row(db, "outbox", number).state == "sent"


def test_a_broken_send_resumes_where_it_stopped(db: Database) -> None:
    (number,) = put(db, account(db), LONG)
    first = step(db, message(1), refused(502, "Bad Gateway"))
    assert len(first.asked) == 2
    assert row(db, "outbox", number).state == "waiting"
    due_now(db)
    again = step(db, message(2))
    assert len(again.asked) == 1
    assert first.asked[1] == again.asked[0]
    parts = deliveries(db, number)
    assert [part.external_id for part in parts] == ["1", "2"]
    assert [part.maybe_doubled for part in parts] == [False, True]


@pytest.mark.parametrize(
    "trouble", [refused(500, "Internal Server Error"), httpx.ReadTimeout("late")]
)
def test_what_may_have_arrived_is_tried_again_and_marked_so(db: Database, trouble: Answer) -> None:
    (number,) = put(db, account(db), "Một tin")
    step(db, trouble)
    kept = row(db, "outbox", number)
    assert (kept.state, kept.tries, kept.reason) == ("waiting", 1, "unreachable")
    assert kept.next_try_at > clock.real()
    assert methods(step(db)) == []
    due_now(db)
    step(db)
    assert row(db, "outbox", number).state == "sent"
    assert [each.maybe_doubled for each in deliveries(db, number)] == [True]


def test_pauses_grow_and_the_row_is_given_up_visibly_after_three_days() -> None:
    pauses = [min(2.0 ** min(n, 20), outcomes.LONGEST_PAUSE) for n in range(outcomes.TRIES)]
    assert pauses[:4] == [1, 2, 4, 8]
    assert sum(pauses) > 72 * 3600


def test_a_row_that_never_gets_through_is_given_up(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outcomes, "TRIES", 2)
    (number,) = put(db, account(db), "Một tin")
    for state in ("waiting", "failed"):
        step(db, refused(500, "Internal Server Error"))
        due_now(db)
        assert row(db, "outbox", number).state == state
    with db.connection() as c:
        assert [each["id"] for each in outbox.failed(c)] == [number]


def test_waiting_because_the_bot_was_asked_to_counts_for_no_try(db: Database) -> None:
    (number,) = put(db, account(db), "Một tin")
    step(db, refused(429, "Too Many Requests: retry after 7", retry_after=7))
    kept = row(db, "outbox", number)
    assert (kept.state, kept.tries, kept.reason) == ("waiting", 0, "too_many")
    assert 5 < (kept.next_try_at - clock.real()).total_seconds() < 7.1


def test_a_blocked_account_is_marked_for_the_office_to_see(db: Database) -> None:
    to = account(db)
    (number,) = put(db, to, "Một tin")
    step(db, refused(403, "Forbidden: bot was blocked by the user"))
    assert row(db, "account", to).state == "unreachable"
    assert (row(db, "outbox", number).state, row(db, "outbox", number).reason) == (
        "failed",
        "blocked",
    )


def test_an_edit_that_is_refused_is_no_failure(db: Database) -> None:
    to = account(db)
    (prompt,) = put(db, to, Outgoing("Ngày nào?", kind="prompt"))
    step(db)
    (edit,) = put(db, to, Outgoing("Ngày nào? Hôm qua", kind="edit", edits=prompt))
    step(db, refused(400, "Bad Request: chat not found"))
    assert row(db, "outbox", edit).state == "cancelled"
    assert row(db, "account", to).state == "confirmed"


def test_a_message_that_cannot_be_rendered_is_set_aside_and_the_rest_go_on(db: Database) -> None:
    (broken,) = put(db, account(db), Outgoing("Chọn", ((Option("Nút", "x" * 65),),)))
    (fine,) = put(db, account(db, "102"), "Một tin")
    for _ in range(outcomes.CRASHES):
        step(db)
        due_now(db)
    assert row(db, "outbox", fine).state == "sent"
    kept = row(db, "outbox", broken)
    assert (kept.state, kept.reason) == ("failed", "error: ValueError")


def test_the_whole_bot_waits_when_it_is_asked_to(db: Database) -> None:
    for number in range(5):
        put(db, account(db, str(200 + number)), "Một tin")
    wire = Wire([refused(429, "Too Many Requests: retry after 1", retry_after=1), ok()])
    began = time.monotonic()
    run_until_sent(db, telegram(wire), 5)
    assert time.monotonic() - began >= 1
    assert len(wire.asked) == 6


def test_an_outage_costs_no_tries(db: Database) -> None:
    (number,) = put(db, account(db), "Một tin")
    wire = Wire([httpx.ConnectError("nobody there"), ok()])
    run_until_sent(db, telegram(wire), 1)
    assert row(db, "outbox", number).tries == 0


def test_a_sender_that_died_is_followed_at_once_and_in_order(db: Database) -> None:
    numbers = put(db, account(db), "Một", "Hai")
    with db.connection() as c:
        now = clock.real()
        claims.claim(c, bot="telegram:123456", holder="dead", real=now, at=now)
    wire = Wire()
    run_until_sent(db, telegram(wire), 2)
    assert [asked["text"] for _, asked in wire.asked] == ["Một", "Hai"]
    assert [row(db, "outbox", number).state for number in numbers] == ["sent", "sent"]


def test_two_senders_of_one_bot_send_everything_once(db: Database) -> None:
    for number in range(10):
        put(db, account(db, str(200 + number)), "Một tin")
    wire = Wire()
    run_until_sent(db, telegram(wire), 10, senders=2)
    assert len(wire.asked) == 10


def test_stopping_finishes_what_is_in_hand(db: Database) -> None:
    (number,) = put(db, account(db), "Một tin")
    begun = asyncio.Event()

    async def slow(request: httpx.Request) -> httpx.Response:
        begun.set()
        await asyncio.sleep(0.3)
        return httpx.Response(200, content=ok()[1])

    async def play() -> None:
        transport = httpx.MockTransport(slow)
        channel = Telegram("123456:x", files=Path(), api="http://a.vn", transport=transport)
        stop = asyncio.Event()
        run = asyncio.create_task(Sender(db, channel).run(stop))
        await asyncio.wait_for(begun.wait(), 10)
        stop.set()
        await asyncio.wait_for(run, 10)
        await channel.close()

    asyncio.run(play())
    assert row(db, "outbox", number).state == "sent"


def run_until_sent(db: Database, channel: Telegram, number: int, senders: int = 1) -> None:
    """Let senders run until so many rows are sent."""

    async def play() -> None:
        stop = asyncio.Event()
        runs = [asyncio.create_task(Sender(db, channel).run(stop)) for _ in range(senders)]
        try:
            await asyncio.to_thread(_await_sent, db, number)
        finally:
            stop.set()
            await asyncio.gather(*runs)
            await channel.close()

    asyncio.run(play())


def _await_sent(db: Database, number: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with db.reading() as session:
            found = "SELECT count(*) FROM outbox WHERE state = 'sent'"
            if session.connection().exec_driver_sql(found).scalar_one() >= number:
                return
        time.sleep(0.02)
    raise AssertionError(f"{number} messages were not sent within 20 seconds")


CROWD = 60


@pytest.fixture
def crowd() -> Iterator[tuple[str, Remote]]:
    """A sandbox with many phones and a strict window of 30 calls a second."""
    phones: list[dict[str, Any]] = [
        {"id": str(1000 + n), "name": f"Cán bộ {n:03d}", "opened": True} for n in range(CROWD)
    ]
    with running(create_app(token="123456:x", phones=phones)) as url, Remote(url) as remote:
        remote.switch("strict_rate", overall=30, each=1)
        yield url, remote


def test_a_digest_keeps_within_a_strict_window(
    db: Database, crowd: tuple[str, Remote], tmp_path: Path
) -> None:
    url, remote = crowd
    for number in range(CROWD):
        put(db, account(db, str(1000 + number)), Outgoing("Bản tổng hợp", kind="digest"))
    began = time.monotonic()
    run_until_sent(db, Telegram("123456:x", files=tmp_path, api=url), CROWD)
    counted = remote.statistics()
    assert counted["accepted"] == CROWD
    assert counted["too_many_requests"] == 0
    assert counted["most_in_a_second"] <= 30
    assert time.monotonic() - began < 6


def test_a_chat_gets_one_new_message_a_second_and_an_answer_passes_a_digest(
    db: Database, crowd: tuple[str, Remote], tmp_path: Path
) -> None:
    url, remote = crowd
    ids = [account(db, str(1000 + number)) for number in range(CROWD)]
    for each in ids:
        put(db, each, Outgoing("Bản tổng hợp", kind="digest"))
    put(db, ids[0], *(Outgoing(f"Trả lời {n}", kind="answer") for n in range(3)))
    run_until_sent(db, Telegram("123456:x", files=tmp_path, api=url), CROWD + 3)
    counted = remote.statistics()
    assert counted["too_many_requests"] == 0
    assert counted["most_in_a_second_one_chat"] == 1
    shown = [each["text"] for each in remote.phone("1000").messages()]
    assert shown == ["Trả lời 0", "Trả lời 1", "Trả lời 2", "Bản tổng hợp"]
