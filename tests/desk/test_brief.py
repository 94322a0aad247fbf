"""The brief: numbers to call first, every open code in one message; commitments carried over."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlmodel import select

from bot.desk import commitments
from bot.messages import Outgoing
from bot.work.briefing import brief_on_the_eve
from storage import talks
from storage.database import Database
from storage.tables import Case, Commitment, DayOff, Invitation, Outbox, Person, Visit
from tests.cast import cast
from tests.desk.saying import Desk
from tests.work.mornings import Mornings, at


@pytest.fixture
def desk(db: Database) -> Iterator[Desk]:
    with db.writing() as session:
        session.add(DayOff(day=date(2026, 11, 24), working=True))
        yield Desk(session, cast(session))


def raised(desk: Desk, count: int, text: str = "Sửa cầu thôn 3 trước mùa mưa") -> list[str]:
    """So many open cases of Hòa Mẫu; their codes."""
    for number in range(1, count + 1):
        desk.session.add(
            Case(
                number=number,
                area_id=desk.cast.area["HOAMAU"],
                raised_by_id=desk.cast["CB001"],
                source="can_bo",
                text=f"{text} {number} " * 8,
                state="with_member",
                owner_id=desk.cast["UV01"],
                due_on=date(2026, 12, 3),
                raised_at=desk.at - timedelta(days=1),
            )
        )
    desk.session.flush()
    return [f"KN-{number}" for number in range(1, count + 1)]


def promised(desk: Desk, due: date | None = None) -> Commitment:
    """Something promised in an earlier visit to Hòa Mẫu."""
    visit = Visit(
        number=1400,
        person_id=desk.cast["CB001"],
        area_id=desk.cast.area["HOAMAU"],
        visited_on=date(2026, 10, 20),
        activity="thon",
        situation="Tình hình ổn định.",
        written_by_id=desk.cast["CB001"],
        begun_at=desk.at - timedelta(days=30),
        submitted_at=desk.at - timedelta(days=30),
    )
    desk.session.add(visit)
    desk.session.flush()
    found = Commitment(
        number=640,
        visit_id=visit.id,
        area_id=visit.area_id,
        text="Trả lời dân về giá đất",
        due_on=due,
    )
    desk.session.add(found)
    desk.session.flush()
    return found


def test_names_and_numbers_come_first(desk: Desk) -> None:
    seat = desk.session.get(Person, desk.cast["XA01"])
    assert seat is not None
    seat.phone = "0900 000 001"
    lines = desk.words("CB001", "diaban Hòa Mẫu").split("\n")
    assert lines[0] == "Xã Hòa Mẫu"
    assert lines[1].endswith("điện thoại 0900 000 001")


@pytest.mark.parametrize("count", [0, 1, 12, 40, 150])
def test_every_open_code_is_in_one_message_of_two_thousand_letters(desk: Desk, count: int) -> None:
    codes = raised(desk, count)
    promised(desk)
    [said] = desk.says("CB001", "diaban Hòa Mẫu")
    named = set(re.findall(r"[A-Z]{2}-\d+", said.text))
    assert {*codes, "VH-640"} <= named
    assert len(said.text) <= 2000


def test_behind_more_stands_every_item_in_its_own_words(desk: Desk) -> None:
    raised(desk, 40)
    [said] = desk.says("CB001", "diaban Hòa Mẫu")
    words, turned = "", 0
    while more := [o for row in said.rows for o in row if o.label == "Xem thêm"]:
        [said] = desk.presses("CB001", more[0].token)
        assert len(said.text) <= 2000
        words, turned = f"{words}\n{said.text}", turned + 1
    assert turned > 1
    assert all(f"KN-{n} Sửa cầu thôn 3 trước mùa mưa {n} Sửa" in words for n in range(1, 41))


def test_a_commune_reads_no_situation_and_nobody_reads_of_other_areas(desk: Desk) -> None:
    raised(desk, 2)
    assert "KN-1" in desk.words("XA01", "diaban Hòa Mẫu")
    assert "KN-1" not in desk.words("XA02", "diaban Hòa Mẫu")
    assert "KN-1" not in desk.words("CB002", "diaban Hòa Mẫu")


def test_a_commitment_is_done_once_and_leaves_the_brief(desk: Desk) -> None:
    promised(desk)
    assert "VH-640" in desk.words("CB001", "diaban Hòa Mẫu")
    assert desk.words("CB002", "VH-640 xong") == "Không tìm thấy VH-640."
    assert desk.words("XA01", "VH-640 xong") == "Đã ghi: VH-640 đã xong."
    assert desk.words("CB001", "VH-640 đã xong").endswith("cho biết đã xong ngày 24/11.")
    assert "VH-640" not in desk.words("CB001", "diaban Hòa Mẫu")


def test_a_commitment_is_asked_about_before_and_after_its_day(db: Database) -> None:
    mornings = Mornings.begin(db)
    with db.writing() as session:
        promised(Desk(session, mornings.cast), due=date(2026, 11, 26))
    heard = []
    for day in ("2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30"):
        mornings.morning(day)
        heard.append("".join(row.body["text"] for row in mornings.told("CB001")).count("VH-640"))
        mornings.send()
    assert heard == [0, 1, 0, 1, 0]


def test_the_next_visit_asks_about_what_was_promised(desk: Desk) -> None:
    promised(desk)
    visit = Visit(
        id=9,
        number=1,
        person_id=1,
        area_id=desk.cast.area["HOAMAU"],
        visited_on=desk.at.date(),
        activity="thon",
        written_by_id=1,
        begun_at=desk.at,
        submitted_at=desk.at,
    )
    receipt = Outgoing("Đã lưu phiếu CS-1.", kind="receipt")
    said = commitments.asked_about(desk.session, desk.viewer("CB001"), visit, receipt)
    assert "VH-640 Trả lời dân về giá đất" in said.text
    assert said.rows[-1][0].token == "VH-640 xong"


def invited(db: Database, cast_area: int, cadre: int, answer: str) -> None:
    with db.writing() as session:
        row = Invitation(
            number=0,
            area_id=cast_area,
            cadre_id=cadre,
            sent_by_id=cadre,
            occasion="họp Đảng ủy",
            starts_at=at("2026-11-30", "14:00"),
            place="hội trường xã",
            sent_at=at("2026-11-24"),
            answer=answer,
        )
        talks.invite(session, row)


def briefs(db: Database) -> list[str]:
    with db.reading() as session:
        rows = session.exec(select(Outbox).where(Outbox.about_kind == "brief"))
        return [str(row.body["text"]) for row in rows]


def test_the_brief_comes_once_on_the_evening_of_the_last_working_day_before(db: Database) -> None:
    mornings = Mornings.begin(db)
    invited(db, mornings.cast.area["HOAMAU"], mornings.cast["CB001"], "accepted")
    sent = {}
    for day in ("2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30"):
        for clock in ("07:15", "16:59", "17:00", "17:01", "21:00"):
            sent[day, clock] = brief_on_the_eve(db, at(day, clock))
    assert [when for when, count in sent.items() if count] == [("2026-11-27", "17:00")]
    [text] = briefs(db)
    assert text.startswith("GM-1: họp Đảng ủy 14:00 thứ Hai, 30/11, hội trường xã\n\nXã Hòa Mẫu\n")


def test_a_stopped_clock_sends_it_next_morning_and_not_after_the_meeting(db: Database) -> None:
    mornings = Mornings.begin(db)
    invited(db, mornings.cast.area["HOAMAU"], mornings.cast["CB001"], "accepted")
    assert brief_on_the_eve(db, at("2026-11-30", "14:00")) == 0
    assert brief_on_the_eve(db, at("2026-11-30", "06:45")) == 1


@pytest.mark.parametrize("answer", ["", "written"])
def test_who_does_not_come_gets_no_brief(db: Database, answer: str) -> None:
    mornings = Mornings.begin(db)
    invited(db, mornings.cast.area["HOAMAU"], mornings.cast["CB001"], answer)
    assert brief_on_the_eve(db, at("2026-11-27", "17:30")) == 0
