"""A commune that calls an invitation off, or moves it: the cadre hears once, nothing else waits."""

from datetime import date, time

import pytest
from sqlmodel import Session, select

from bot.messages import Outgoing
from bot.rules.invitations import NewTime, read_new_time
from bot.work.briefing import brief_on_the_eve
from storage import talks
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import AuditEntry, Invitation, Visit
from tests.desk.counter import Counter
from tests.work.mornings import Mornings, at

LETTER = "mời đc Mẫu dự họp Đảng ủy 14h thứ năm 26/11 tại hội trường xã"


@pytest.fixture
def province(db: Database) -> Mornings:
    return Mornings.begin(db)


def desk(
    session: Session, province: Mornings, on: str = "2026-11-20", clock: str = "09:00"
) -> Counter:
    return Counter(session, province.cast, at(on, clock))


def send(province: Mornings) -> None:
    with province.db.writing() as session:
        here = desk(session, province)
        here.says("XA01", LETTER)
        here.presses("XA01", "Gửi")


Told = list[tuple[str, Outgoing]]


def say(province: Mornings, who: str, text: str, on: str, clock: str = "09:00") -> tuple[str, Told]:
    """The answer, and what others are told at once."""
    with province.db.writing() as session:
        here = desk(session, province, on, clock)
        return here.says(who, text), here.sent


def the_row(session: Session) -> Invitation:
    return session.exec(select(Invitation)).one()


def test_the_cadre_who_had_heard_is_told_once_and_the_visit_is_asked_for_again(
    province: Mornings,
) -> None:
    send(province)
    province.morning("2026-11-23")
    province.send()
    said, _ = say(province, "CB001", "GM-1 dự được", "2026-11-23")
    assert said == "Đã báo xã: GM-1 dự được."

    off, told = say(
        province, "XA01", "GM-1 rút: trùng họp Hội đồng nhân dân", "2026-11-23", "10:00"
    )

    assert off == "Đã rút GM-1. Đồng chí Nguyễn Văn Mẫu được báo."
    assert told == []
    province.morning("2026-11-24")
    assert province.text("CB001").count("GM-1") == 1
    assert (
        "GM-1: xã Hòa Mẫu rút lời mời họp Đảng ủy 14:00 thứ Năm, 26/11, hội trường xã. "
        "Lý do: trùng họp Hội đồng nhân dân."
    ) in province.text("CB001")
    province.send()
    province.morning("2026-11-25")
    assert province.told("CB001") == []
    assert brief_on_the_eve(province.db, at("2026-11-25", "17:30")) == 0
    province.morning("2026-11-27")
    assert "Xã Hòa Mẫu: chưa ghi nhận\n" in province.text("CB001")


def test_a_cadre_who_never_heard_of_it_hears_nothing(province: Mornings) -> None:
    send(province)

    off, _ = say(province, "XA01", "GM-1 rút lời mời, mời nhầm", "2026-11-20", "10:00")

    assert off == "Đã rút GM-1."
    province.morning("2026-11-23")
    assert "GM-1" not in province.text("CB001")


def test_the_day_before_he_is_told_at_once(province: Mornings) -> None:
    send(province)
    province.morning("2026-11-23")
    province.send()

    _, others = say(province, "XA01", "GM-1 rút: mưa lũ", "2026-11-26", "08:00")

    [(who, told)] = others
    assert (who, told.text.endswith("Lý do: mưa lũ.")) == ("CB001", True)
    province.morning("2026-11-26", "08:05")
    assert "GM-1" not in "".join(row.body["text"] for row in province.told("CB001"))


def test_what_was_accepted_is_asked_anew_for_the_new_day(province: Mornings) -> None:
    send(province)
    province.morning("2026-11-23")
    province.send()
    say(province, "CB001", "GM-1 dự được", "2026-11-23")

    moved, _ = say(
        province, "XA01", "GM-1 đổi ngày sang 15h thứ sáu 27/11, do họp tỉnh", "2026-11-24"
    )

    assert moved == (
        "Đã đổi GM-1 sang 15:00 thứ Sáu, 27/11. Đồng chí Nguyễn Văn Mẫu được báo và trả lời lại."
    )
    with province.db.reading() as session:
        assert (the_row(session).answer, the_row(session).answered_at) == ("", None)
    province.morning("2026-11-25")
    assert (
        "mời họp Đảng ủy 15:00 thứ Sáu, 27/11, hội trường xã. "
        "Đổi từ thứ Năm, 26/11: họp tỉnh. Chờ đồng chí trả lời."
    ) in province.text("CB001")
    assert "Dự họp 27/11" in [label for row in province.buttons("CB001") for label in row]


def test_a_button_about_the_old_day_answers_nothing(province: Mornings) -> None:
    send(province)
    say(province, "XA01", "GM-1 đổi giờ 16h thứ năm 26/11 vì khách đến muộn", "2026-11-20")

    with province.db.writing() as session:
        here = desk(session, province, "2026-11-23")
        asked = here.presses_token("CB001", "GM-1 dự được")
        assert "Đổi từ 14:00 thứ Năm, 26/11: khách đến muộn." in asked
        assert the_row(session).answer == ""
        assert here.presses("CB001", "Dự họp 26/11") == "Đã báo xã: GM-1 dự được."
        assert the_row(session).answer == "accepted"


def test_called_off_it_is_read_but_neither_answered_nor_changed_nor_tied(
    province: Mornings,
) -> None:
    send(province)
    say(province, "XA01", "GM-1 rút: mưa lũ", "2026-11-20")
    visit = province.visit("CB001", "HOAMAU", "2026-11-26")
    with province.db.writing() as session:
        here = desk(session, province, "2026-11-23")
        assert "Đã rút: mưa lũ." in here.says("CB001", "GM-1")
        assert here.labels("CB001") == []
        assert here.says("CB001", "GM-1 dự được") == ("GM-1: xã đã rút lời mời. Đã rút: mưa lũ.")
        assert here.says("XA01", "GM-1 đổi ngày 28/11 do bận") == "GM-1 đã rút."
        assert "GM-1" not in here.says("CB001", "viec")
        assert "GM-1" not in here.says("CB001", "dia ban Hòa Mẫu")
        day = (at("2026-11-26", "00:00"), at("2026-11-27", "00:00"))
        assert talks.tie(session, session.get_one(Visit, visit), *day) is None
        verbs = [row.verb for row in session.exec(select(AuditEntry)).all()]
        assert "invitation.call_off" in verbs


@pytest.mark.parametrize("who", ["CB099", "XA02", "CB002"])
def test_nobody_else_can_tell_that_it_exists(province: Mornings, who: str) -> None:
    send(province)
    for words in ("GM-1 rút: thử", "GM-1 đổi ngày 28/11 do bận", "GM-1"):
        same, _ = say(province, who, words.replace("GM-1", "GM-77"), "2026-11-20")
        said, _ = say(province, who, words, "2026-11-20")
        assert said == same.replace("GM-77", "GM-1")
    with province.db.reading() as session:
        assert the_row(session).changed_at is None


def test_neither_the_guest_nor_the_member_in_charge_calls_it_off(province: Mornings) -> None:
    send(province)
    for who in ("CB001", "UV01"):
        say(province, who, "GM-1 rút: không cần", "2026-11-20")
    with province.db.reading() as session:
        assert the_row(session).called_off_at is None


def test_a_called_off_one_is_not_counted_as_sent_or_missed(province: Mornings) -> None:
    send(province)
    say(province, "XA01", "GM-1 rút: mưa lũ", "2026-11-20")
    with province.db.reading() as session:
        span = (at("2026-10-01", "00:00"), at("2026-12-31", "00:00"))
        assert talks.invitations_sent(session, SYSTEM, *span) == []
        assert talks.invitations_between(session, SYSTEM, *span) == []


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("sang 14h thứ sáu 27/11, do họp tỉnh", NewTime(date(2026, 11, 27), time(14), "họp tỉnh")),
        ("27/11 vì mưa lũ", NewTime(date(2026, 11, 27), None, "mưa lũ")),
        (
            "lý do: đồng chí Bí thư đi họp. Dời sang 8h ngày 30/11",
            NewTime(date(2026, 11, 30), time(8), "đồng chí Bí thư đi họp. Dời sang"),
        ),
        ("8h30 ngày 28/11", NewTime(date(2026, 11, 28), time(8, 30), "")),
        ("khi khác", None),
    ],
)
def test_a_new_day_is_read_with_its_reason(text: str, new: NewTime | None) -> None:
    assert read_new_time(text, date(2026, 11, 24)) == new
