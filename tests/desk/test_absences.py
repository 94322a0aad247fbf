"""Asking to be away, deciding it once, and reminders by a named person."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlmodel import select

from bot.desk import absences as desk_of_absences
from bot.desk import reminders
from storage import absences
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Absence, Account, DayOff, Occurrence, Snooze
from tests.cast import NOW, cast
from tests.desk.saying import Desk
from tests.work.mornings import at


@pytest.fixture
def desk(db: Database) -> Iterator[Desk]:
    with db.writing() as session:
        session.add(DayOff(day=date(2026, 11, 24), working=True))
        yield Desk(session, cast(session))


def asked(desk: Desk) -> Absence:
    """CB002 asks to send a deputy to the one area followed."""
    [reasons] = desk.presses("CB002", "vang 2026-11")
    token = reasons.rows[0][0].token
    desk.presses("CB002", token)
    [row] = absences.waiting(desk.session, SYSTEM)
    return row


def test_two_taps_ask_for_the_month(desk: Desk) -> None:
    row = asked(desk)

    assert (row.form, row.state) == ("di_thay", "proposed")
    assert (row.from_date, row.to_date) == (date(2026, 11, 1), date(2026, 11, 30))


def test_asking_twice_sends_one_request(desk: Desk) -> None:
    asked(desk)
    again = desk.presses("CB002", "vang 2026-11 LONGMAU nghi")

    assert "không còn chuyến nào chờ ghi" in again[0].text
    assert len(absences.waiting(desk.session, SYSTEM)) == 1


def test_another_reason_is_asked_for_in_words(desk: Desk) -> None:
    desk.presses("CB002", "vang 2026-11 LONGMAU khac")

    [start] = desk.started
    assert (start.form, start.answers["reason"]) == ("absence", "khac")


@pytest.mark.parametrize(
    ("choice", "state", "form", "words"),
    [
        ("di_thay", "approved", "di_thay", "tính là một chuyến"),
        ("mien", "approved", "mien", "được miễn trong kỳ"),
        ("khong", "refused", "di_thay", "không đồng ý"),
    ],
)
def test_the_decision_is_told_to_the_cadre_with_the_next_morning(
    desk: Desk, choice: str, state: str, form: str, words: str
) -> None:
    row = asked(desk)

    desk.presses("TC01", f"vang duyet {row.id} {choice}")

    assert (row.state, row.form) == (state, form)
    [(who, message)] = desk.told
    assert (who, message.kind) == ("CB002", "line")
    assert words in message.text


def test_the_first_decision_stands(desk: Desk) -> None:
    row = asked(desk)
    desk.presses("TC01", f"vang duyet {row.id} mien")

    again = desk.presses("TC01", f"vang duyet {row.id} khong")

    assert "đã được quyết định: được miễn trong kỳ" in again[0].text
    assert row.state == "approved"


@pytest.mark.parametrize("who", ["CB002", "UV01", "VP01", "XA01"])
def test_nobody_but_the_organisation_board_decides(desk: Desk, who: str) -> None:
    row = asked(desk)

    desk.presses(who, f"vang duyet {row.id} mien")

    assert row.state == "proposed"


def test_requests_are_merged_for_the_board(desk: Desk) -> None:
    row = asked(desk)

    [(who, line)] = desk_of_absences.morning(
        desk.session, reminders.day_at(desk.session, at("2026-11-25"))
    )

    assert who == desk.cast["TC01"]
    assert line.text.startswith("Đề nghị vắng, đi thay chờ ý kiến: 1\nđồng chí Đỗ Văn Thay, xã")
    assert [due.target for due in line.due] == [f"absence:{row.id}"]


def test_the_office_enters_an_absence_by_a_form(desk: Desk) -> None:
    desk.says("VP01", "/vang")

    assert [(s.form, s.answers) for s in desk.started] == [("absence", {"_office": True})]


def test_what_the_office_enters_settles_what_was_asked_for(desk: Desk) -> None:
    row = asked(desk)
    entered = Absence(
        person_id=row.person_id,
        area_id=row.area_id,
        from_date=row.from_date,
        to_date=row.to_date,
        form="mien",
        reason="Nghỉ ốm, nghỉ phép",
    )

    desk.keep(desk_of_absences.enter(desk.session, desk.viewer("VP01"), entered, NOW))

    assert absences.waiting(desk.session, SYSTEM) == []
    assert "được miễn trong kỳ" in desk.heard("CB002")[0]


def test_a_cadre_with_nothing_to_follow_has_nothing_to_ask_for(desk: Desk) -> None:
    assert "dành cho cán bộ được phân công" in desk.words("CB099", "/vang")


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), "tháng 11"),
        (date(2026, 10, 1), date(2026, 12, 31), "quý IV"),
        (date(2026, 11, 3), date(2026, 11, 30), "từ 03/11/2026 đến 30/11/2026"),
    ],
)
def test_a_time_is_named_by_its_period(first: date, last: date, words: str) -> None:
    assert desk_of_absences.span(first, last) == words


def test_putting_off_offers_working_mornings_before_the_close(desk: Desk) -> None:
    [asks] = desk.says("CB002", "/nhacsau")

    labels = [option.label for row in asks.rows for option in row]
    assert labels == ["Ngày mai, thứ Tư, 25/11", "Thứ Năm, 26/11", "Thứ Hai, 30/11"]

    desk.presses("CB002", asks.rows[1][0].token)
    [row] = desk.session.exec(select(Snooze))
    assert row.until == at("2026-11-26")


def test_there_is_nothing_to_put_off_for_who_owes_nothing(desk: Desk) -> None:
    assert "Không có lịch đi cơ sở nào" in desk.words("XA01", "/nhacsau")


def test_a_named_reminder_reaches_the_connected_with_a_visit_open(desk: Desk) -> None:
    desk.session.add(
        Account(bot="t", external_id="1", person_id=desk.cast["CB002"], state="confirmed")
    )
    desk.session.flush()

    desk.says("TC01", "/nhacviec")
    assert "Số liệu chốt 17:00 ngày 02/12." in desk.started[0].answers["text"]
    desk.keep(reminders.send(desk.session, desk.viewer("TC01"), "Xin xếp lịch.", [], NOW))

    [(who, message)] = desk.told
    assert (who, message.kind) == ("CB002", "named_reminder")
    assert message.text == ("Xin xếp lịch.\nNgười gửi: đồng chí Vũ Văn Điển, Ban Tổ chức Tỉnh ủy")
    [record] = desk.session.exec(select(Occurrence).where(Occurrence.kind == "named_reminder"))
    assert record.step == f"by {desk.cast['TC01']}"


def test_those_left_out_get_no_named_reminder(desk: Desk) -> None:
    person = desk.cast["CB002"]
    desk.session.add(Account(bot="t", external_id="1", person_id=person, state="confirmed"))
    desk.session.flush()

    desk.keep(reminders.send(desk.session, desk.viewer("TC01"), "Xin xếp lịch.", [person], NOW))

    assert desk.told == []


def test_a_cadre_cannot_send_a_named_reminder(desk: Desk) -> None:
    assert "dành cho Ban Tổ chức và Văn phòng" in desk.words("CB001", "/nhacviec")
