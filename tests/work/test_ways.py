"""Whoever has several accounts is reached on one of them, and on another when that fails."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select, update
from sqlmodel import Session

from bot.channels.contract import Channel
from bot.messages import Outgoing
from bot.rules import quota
from bot.work import clock
from bot.work.post import post
from bot.work.quota import Meter, warn
from bot.work.send import send_once
from bot.work.ways import Ways
from storage import quotas, settings, ways
from storage.database import Database
from storage.tables import metadata
from tests.cast import Cast, cast
from tests.channels import wire, zalo_wire
from tests.channels.wire import Answer, Wire
from tests.work.posting import deliveries, due_now, row

TELEGRAM, ZALO, OA = "telegram:123456", "zalo:123456", "zalo_oa:123456"
tables = metadata.tables
NOTICE = Outgoing("Kiến nghị đã có trả lời.", kind="notice")


@pytest.fixture
def people(db: Database) -> Cast:
    with db.writing() as session:
        return cast(session)


def linked(db: Database, person: int, bot: str, *, days_ago: float = 0) -> int:
    """An account of a person who wrote there so long ago."""
    heard = clock.real() - timedelta(days=days_ago)
    new = {"bot": bot, "external_id": str(person), "person_id": person, "state": "confirmed"}
    with db.connection() as c:
        made = insert(tables["account"]).values(**new, keyboard="", last_heard_at=heard)
        return int(c.execute(made.returning(tables["account"].c.id)).scalar_one())


def notice(db: Database, person: int, said: Outgoing = NOTICE, **values: Any) -> int:
    """A message for a person, as a handler would put it into the outbox."""
    with db.writing() as session:
        (number,) = post(session, [Outgoing(said.text, kind=said.kind, person_id=person, **values)])
        return number


class Service:
    """A sender for each bot, over answers given beforehand; `said` is what reached phones."""

    def __init__(self, db: Database, template: str = "") -> None:
        self.db, self.template = db, template
        self.telegram, self.zalo = Wire(), Wire([zalo_wire.good()])
        self.oa = zalo_wire.Account()
        self.bots: tuple[str, ...] = (TELEGRAM, ZALO, OA)

    def answers(self, *, telegram: Answer | None = None, zalo: Answer | None = None) -> None:
        """What the channels say from now on."""
        if telegram is not None:
            self.telegram.answers = [telegram]
        if zalo is not None:
            self.zalo.answers = [zalo]

    def sends(self, steps: int = 2) -> "Service":
        """Let every sender look at the outbox so often."""
        asyncio.run(self._send(steps))
        return self

    async def _send(self, steps: int) -> None:
        channels = [channel for channel in self._channels() if channel.bot in self.bots]
        known = Ways({channel.bot: channel.limits for channel in channels})
        for channel in channels * steps:
            await send_once(self.db, channel, ways=known)
        for channel in channels:
            await channel.close()

    def _channels(self) -> list[Channel]:
        zalo = zalo_wire.bot_on(self.zalo)
        return [wire.telegram(self.telegram), zalo, zalo_wire.oa(self.oa, template=self.template)]

    @property
    def said(self) -> list[tuple[str, str]]:
        """(channel, text) of every call that was made, in no order between channels."""
        oa = [(body["message"]["text"]) for body in self.oa.bodies()]
        return [
            *(("telegram", asked["text"]) for _, asked in self.telegram.asked),
            *(("zalo", asked["text"]) for _, asked in self.zalo.asked),
            *(("zalo_oa", text) for text in oa),
        ]


def kept(db: Database, number: int) -> tuple[str, str]:
    found = row(db, "outbox", number)
    return found.state, found.reason


def used(db: Database, bot: str, sent: int) -> None:
    """So much of this month's quota is gone."""
    with db.connection() as c:
        Meter(bot, 3000).count(c, clock.real(), sent=sent)


def test_a_notice_goes_where_the_person_wrote_last(db: Database, people: Cast) -> None:
    person = people["CB001"]
    linked(db, person, TELEGRAM, days_ago=2)
    linked(db, person, ZALO)
    notice(db, person)
    assert Service(db).sends().said == [("zalo", NOTICE.text)]


def test_a_wish_decides_for_its_kind_alone(db: Database, people: Cast) -> None:
    person = people["CB001"]
    linked(db, person, TELEGRAM, days_ago=2)
    linked(db, person, ZALO)
    with db.writing() as session:
        ways.wish(session, person, "digest", "telegram")
    notice(db, person, Outgoing("Bản tổng hợp tháng 10", kind="digest"))
    notice(db, person)
    assert Service(db).sends().said == [
        ("telegram", "Bản tổng hợp tháng 10"),
        ("zalo", NOTICE.text),
    ]


def test_a_channel_that_is_switched_off_is_no_way(db: Database, people: Cast) -> None:
    person = people["CB001"]
    linked(db, person, TELEGRAM)
    linked(db, person, ZALO, days_ago=9)
    notice(db, person)
    service = Service(db)
    service.bots = (ZALO,)
    assert service.sends().said == [("zalo", NOTICE.text)]


def test_an_urgent_message_goes_to_every_account(db: Database, people: Cast) -> None:
    person = people["CB001"]
    for bot in (TELEGRAM, ZALO, OA):
        linked(db, person, bot)
    notice(db, person, Outgoing("Sâu Sát: KHẨN, 1 việc cần xem ngay.", kind="urgent"))
    said = Service(db).sends().said
    assert [channel for channel, _ in said] == ["telegram", "zalo", "zalo_oa"]


BLOCKED = wire.refused(403, "Forbidden: bot was blocked by the user")


def test_a_refusal_for_good_moves_the_message_to_the_other_account(
    db: Database, people: Cast
) -> None:
    person = people["CB001"]
    first, other = linked(db, person, TELEGRAM), linked(db, person, ZALO, days_ago=1)
    number, later = notice(db, person), notice(db, person, Outgoing("Tin sau", kind="notice"))
    service = Service(db)
    service.answers(telegram=BLOCKED)
    service.sends(3)
    assert [text for channel, text in service.said if channel == "zalo"] == [NOTICE.text, "Tin sau"]
    assert row(db, "account", first).state == "unreachable"
    assert row(db, "outbox", number).account_id == other
    tried = [(each.account_id, each.state, each.reason) for each in deliveries(db, number)]
    assert sorted(tried) == [(first, "failed", "blocked"), (other, "sent", "")]
    assert kept(db, later) == ("sent", "")
    with db.connection() as c:
        moved = ways.moved(c, clock.real() - timedelta(days=1))
    assert [tuple(each) for each in moved] == [(TELEGRAM, ZALO, 1)]


def test_an_answer_that_is_refused_moves_too(db: Database, people: Cast) -> None:
    person = people["CB001"]
    first = linked(db, person, TELEGRAM)
    linked(db, person, ZALO, days_ago=1)
    with db.writing() as session:
        (number,) = post(
            session, [Outgoing("Đã lưu phiếu CS-1.", kind="receipt")], account_id=first
        )
    service = Service(db)
    service.answers(telegram=BLOCKED)
    assert ("zalo", "Đã lưu phiếu CS-1.") in service.sends().said
    assert kept(db, number) == ("sent", "")


def test_what_fails_everywhere_is_given_up_for_the_office_to_see(
    db: Database, people: Cast
) -> None:
    person = people["CB001"]
    linked(db, person, TELEGRAM)
    linked(db, person, ZALO, days_ago=1)
    number = notice(db, person)
    service = Service(db)
    gone = zalo_wire.bad(400, "Bad request: chat not found")
    service.answers(telegram=BLOCKED, zalo=gone)
    service.sends(3)
    assert kept(db, number) == ("failed", "not_found")
    assert service.sends().said == service.said


def test_after_so_many_tries_the_other_account_gets_it_and_says_that_it_may_be_known(
    db: Database, people: Cast
) -> None:
    person = people["CB001"]
    linked(db, person, TELEGRAM)
    linked(db, person, ZALO, days_ago=1)
    with db.writing() as session:
        settings.put(session, "chuyen_kenh", 3, clock.ALWAYS)
    number = notice(db, person)
    service = Service(db)
    service.answers(telegram=wire.refused(500, "Internal Server Error"))
    for tries in (1, 2, 3):
        assert not service.zalo.asked
        service.sends(1)
        assert len(service.telegram.asked) == tries
        due_now(db)
    service.sends()
    (asked,) = (asked for _, asked in service.zalo.asked)
    assert asked["text"] == f"Tin này có thể đã đến đồng chí trên Telegram.\n{NOTICE.text}"
    assert kept(db, number) == ("sent", "")


def test_without_another_account_it_is_tried_on(db: Database, people: Cast) -> None:
    person = people["CB001"]
    linked(db, person, TELEGRAM)
    with db.writing() as session:
        settings.put(session, "chuyen_kenh", 1, clock.ALWAYS)
    number = notice(db, person)
    service = Service(db)
    service.answers(telegram=wire.refused(500, "Internal Server Error"))
    service.sends()
    assert kept(db, number) == ("waiting", "unreachable")


def test_an_outage_is_waited_out_as_long_as_the_tries_would_take(
    db: Database, people: Cast
) -> None:
    """A message that never left is on no phone: nothing is said of another."""
    person = people["CB001"]
    linked(db, person, TELEGRAM)
    linked(db, person, ZALO, days_ago=1)
    with db.writing() as session:
        settings.put(session, "chuyen_kenh", 0, clock.ALWAYS)
    notice(db, person)
    service = Service(db)
    service.answers(telegram=httpx.ConnectError("nobody there"))
    service.sends()
    assert ("zalo", NOTICE.text) in service.said


def test_people_without_an_account_are_waited_for_and_reached_once_linked(
    db: Database, people: Cast
) -> None:
    person = people["CB001"]
    number = notice(db, person)
    service = Service(db).sends()
    assert kept(db, number) == ("waiting", "no account")
    linked(db, person, ZALO)
    with db.connection() as c:
        ways.look_again(c, person)
    assert service.sends().said == [("zalo", NOTICE.text)]


def test_every_message_of_a_bot_with_a_quota_is_counted_both_ways(
    db: Database, people: Cast
) -> None:
    from bot.work.receive import store

    person = people["CB001"]
    linked(db, person, ZALO)
    linked(db, people["CB002"], TELEGRAM)
    notice(db, person)
    notice(db, people["CB002"])
    Service(db).sends()
    channel, _ = zalo_wire.bot()
    chat = {"id": str(person), "chat_type": "PRIVATE"}
    said = {"message_id": "m1", "date": 1, "chat": chat, "from": chat | {"is_bot": False}}
    payload = {"event_name": "message.text.received", "message": said | {"text": "0"}}
    assert [store(db, channel, [payload]) for _ in range(2)] == [1, 0]
    with db.connection() as c:
        months = quotas.of_month(c, quota.month_of(clock.real()))
    assert {bot: (m.sent, m.received, m.most) for bot, m in months.items()} == {ZALO: (1, 1, 3000)}


def test_near_the_end_of_the_quota_only_what_can_wait_waits(db: Database, people: Cast) -> None:
    person = people["CB001"]
    account = linked(db, person, ZALO)
    used(db, ZALO, 2847)  # an urgent one, an answer and one that can wait still go
    last, number = notice(db, person), notice(db, person)
    with db.writing() as session:
        post(session, [Outgoing("Trả lời", kind="answer")], account_id=account)
    notice(db, person, Outgoing("KHẨN", kind="urgent"))
    service = Service(db).sends(4)
    assert [text for _, text in service.said] == ["KHẨN", "Trả lời", NOTICE.text]
    assert kept(db, last) == ("sent", "")
    assert kept(db, number) == ("waiting", "out_of_quota")
    with db.connection() as c:
        assert ways.kept_back(c, ["out_of_quota"]) == {person: "out_of_quota"}


def test_what_waits_goes_in_the_next_month(db: Database, people: Cast) -> None:
    person = people["CB001"]
    linked(db, person, ZALO)
    with db.writing() as session:
        clock.mark_as_demo(session)
    used(db, ZALO, 2850)
    number = notice(db, person)
    assert Service(db).sends().said == []
    with db.writing() as session:
        clock.move(session, clock.real() + timedelta(days=32))
    due_now(db)
    assert Service(db).sends().said == [("zalo", NOTICE.text)]
    assert kept(db, number) == ("sent", "")


def test_what_waits_goes_to_the_person_s_other_channel(db: Database, people: Cast) -> None:
    person = people["CB001"]
    linked(db, person, ZALO)
    linked(db, person, TELEGRAM, days_ago=9)
    used(db, ZALO, 2850)
    notice(db, person)
    assert Service(db).sends().said == [("telegram", NOTICE.text)]


def test_what_waits_too_long_says_that_it_is_over(db: Database, people: Cast) -> None:
    person = people["CB001"]
    linked(db, person, ZALO)
    used(db, ZALO, 2850)
    number = notice(db, person, expires_at=clock.real() + timedelta(seconds=0.2))
    service = Service(db).sends()
    asyncio.run(asyncio.sleep(0.3))
    service.sends()
    assert row(db, "outbox", number).state == "expired"


def test_a_refusal_for_quota_uses_up_the_bot_for_the_month(db: Database, people: Cast) -> None:
    person = people["CB001"]
    account = linked(db, person, ZALO)
    number, later = notice(db, person), notice(db, person)
    service = Service(db)
    service.answers(zalo=zalo_wire.bad(429, "Quota exceeded"))
    service.sends(3)
    assert len(service.zalo.asked) == 1
    assert kept(db, number) == kept(db, later) == ("waiting", "out_of_quota")
    with db.writing() as session:
        (answer,) = post(session, [Outgoing("Trả lời")], account_id=account)
    service.sends()
    assert len(service.zalo.asked) == 2  # an answer is tried all the same
    assert kept(db, answer) == ("waiting", "out_of_quota")
    service.answers(zalo=zalo_wire.good())
    with db.writing() as session:
        post(session, [Outgoing("Trả lời nữa")], account_id=account)
    service.sends()
    due_now(db)
    service.sends(3)  # what got through proves that there is quota again
    assert kept(db, number) == kept(db, later) == kept(db, answer) == ("sent", "")


def test_an_answer_that_met_the_quota_waits_for_the_next_month(db: Database, people: Cast) -> None:
    account = linked(db, people["CB001"], ZALO)
    with db.writing() as session:
        (number,) = post(session, [Outgoing("Đã lưu phiếu CS-1.")], account_id=account)
    service = Service(db)
    service.answers(zalo=zalo_wire.bad(429, "Quota exceeded"))
    service.sends(2)
    assert kept(db, number) == ("waiting", "out_of_quota")
    service.answers(zalo=zalo_wire.good())
    with db.writing() as session:
        clock.mark_as_demo(session)
        clock.move(session, clock.real() + timedelta(days=32))
    due_now(db)
    service.sends(2)
    assert kept(db, number) == ("sent", "")


def test_an_urgent_message_that_meets_the_quota_is_given_up_at_once(
    db: Database, people: Cast
) -> None:
    linked(db, people["CB001"], ZALO)
    number = notice(db, people["CB001"], Outgoing("KHẨN", kind="urgent"))
    service = Service(db)
    service.answers(zalo=zalo_wire.bad(429, "Quota exceeded"))
    service.sends(2)
    assert kept(db, number) == ("failed", "out_of_quota")


def test_the_office_says_how_many_messages_a_plan_holds(db: Database, people: Cast) -> None:
    linked(db, people["CB001"], ZALO)
    at = clock.real()
    with db.writing() as session:
        settings.put(session, "han_muc_zalo", 100, clock.ALWAYS)
    used(db, ZALO, 94)
    assert warn(db, at) == 1
    first, second = notice(db, people["CB001"]), notice(db, people["CB001"])
    Service(db).sends(3)
    assert (kept(db, first), kept(db, second)) == (("sent", ""), ("waiting", "out_of_quota"))
    with db.writing() as session:
        settings.put(session, "han_muc_zalo", 0, clock.ALWAYS)
    used(db, ZALO, 5000)
    due_now(db)
    Service(db).sends()
    assert kept(db, second) == ("sent", "")


def test_a_refused_answer_goes_to_the_other_channel(db: Database, people: Cast) -> None:
    person = people["CB001"]
    account = linked(db, person, ZALO)
    linked(db, person, TELEGRAM, days_ago=30)
    with db.writing() as session:
        post(session, [Outgoing("Đã lưu phiếu CS-1.", kind="receipt")], account_id=account)
    service = Service(db)
    service.answers(zalo=zalo_wire.bad(429, "Quota exceeded"))
    assert ("telegram", "Đã lưu phiếu CS-1.") in service.sends().said


def test_the_office_is_warned_once_a_month(db: Database, people: Cast) -> None:
    at = clock.real()
    used(db, ZALO, 2399)
    assert warn(db, at) == 0
    used(db, ZALO, 1)
    assert [warn(db, at), warn(db, at)] == [1, 0]
    with db.reading() as session:
        (said,) = _texts(session, people["VP01"])
    assert said.startswith("Zalo đã dùng 2.400/3.000 tin tháng này. Đến 95%, tin không gấp")
    with db.connection() as c:
        Meter(ZALO, 3000).use_up(c, at)
    assert [warn(db, at), warn(db, at)] == [1, 0]


def _texts(session: Session, person: int) -> list[str]:
    found = select(tables["outbox"].c.body).where(tables["outbox"].c.person_id == person)
    return [body["text"] for body in session.connection().execute(found).scalars()]


def test_a_closed_window_is_not_tried_and_the_other_channel_gets_it_at_once(
    db: Database, people: Cast
) -> None:
    person = people["CB001"]
    linked(db, person, OA, days_ago=8)
    linked(db, person, TELEGRAM, days_ago=40)
    notice(db, person)
    assert Service(db).sends().said == [("telegram", NOTICE.text)]


def test_without_another_channel_it_waits_until_the_person_writes(
    db: Database, people: Cast
) -> None:
    person = people["CB001"]
    account = linked(db, person, OA, days_ago=8)
    number = notice(db, person)
    service = Service(db).sends()
    assert service.oa.asked == []
    assert kept(db, number) == ("waiting", "window_closed")
    _writes(db, account, person)
    assert service.sends().said == [("zalo_oa", NOTICE.text)]


def test_the_channel_s_word_closes_the_window_until_the_person_writes(
    db: Database, people: Cast
) -> None:
    person = people["CB001"]
    account = linked(db, person, OA, days_ago=1)
    first, second = notice(db, person), notice(db, person)
    service = Service(db)
    service.oa.answers["/v3.0/oa/message/cs"] = [
        zalo_wire.no(-230, "User has not interacted with the OA in the past 7 days"),
        zalo_wire.done(message_id="m2"),
    ]
    service.sends(3)
    assert len(service.oa.bodies()) == 1
    assert kept(db, first) == kept(db, second) == ("waiting", "window_closed")
    _writes(db, account, person)
    service.sends(3)
    assert kept(db, first) == kept(db, second) == ("sent", "")


def _writes(db: Database, account: int, person: int) -> None:
    with db.connection() as c:
        mine = update(tables["account"]).where(tables["account"].c.id == account)
        c.execute(mine.values(last_heard_at=clock.real()))
        ways.look_again(c, person)


def test_with_a_template_the_person_is_asked_to_write_once_a_day(
    db: Database, people: Cast
) -> None:
    person = people["CB001"]
    linked(db, person, OA, days_ago=8)
    number, other = notice(db, person), notice(db, person)
    service = Service(db, template="t-1").sends(3)
    due_now(db)
    service.sends(3)
    (asked,) = service.oa.bodies("/v3.0/oa/message/template")
    assert (asked["user_id"], asked["template_id"]) == (str(person), "t-1")
    assert NOTICE.text not in str(asked)
    assert kept(db, number) == kept(db, other) == ("waiting", "window_closed")


def test_what_is_kept_back_wakes_nobody(db: Database, people: Cast) -> None:
    from bot.web.metrics import backlog

    person = people["CB001"]
    linked(db, person, OA, days_ago=8)
    number = notice(db, person)
    Service(db).sends()
    with db.connection() as c:
        old = clock.real() - timedelta(days=1)
        mine = update(tables["outbox"]).where(tables["outbox"].c.id == number)
        c.execute(mine.values(created_at=old))
    assert not backlog(db).is_bad
