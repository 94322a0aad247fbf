"""Directives: who carries them where, what is known of their arrival, and what is said of it."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from bot.desk import directives as desk
from bot.rules.directives import Stage, before
from bot.work.remind import remind
from storage import directives
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Area, Assignment, Directive, Outbox, Person, Regulation, Role
from tests.cast import Cast, cast
from tests.desk.saying import Desk
from tests.work.mornings import Mornings, at

TEXT = "Rà soát hộ nghèo theo chuẩn mới, lập danh sách trước 15/12."


def issued(where: Desk, *areas: str, at_once: bool = False) -> Directive:
    """The office issues the text for these communes, due on 1 December."""
    said = desk.issue(
        where.session,
        where.viewer("VP01"),
        text=TEXT,
        area_ids=[where.cast.area[code] for code in areas],
        due_on=date(2026, 12, 1),
        at_once=at_once,
        at=where.at,
    )
    where.keep(said)
    found = where.session.exec(select(Directive).order_by("id")).all()
    return found[-1]


def test_a_cadre_takes_note_passes_it_on_and_the_commune_reads_it_only_then(db: Database) -> None:
    with db.writing() as session:
        here = Desk(session, cast(session))
        row = issued(here, "HOAMAU", "TANMAU")
        assert here.words("XA01", f"ND-{row.number}") == f"Không tìm thấy ND-{row.number}."
        assert here.words("CB001", "ND-1 đã nắm").startswith("Đã ghi: đồng chí đã nắm ND-1.")
        assert here.words("CB001", "ND-1 đã nắm") == "ND-1: đồng chí đã nắm từ trước."
        said = here.words("CB001", "ND-1 đã truyền đạt Hòa Mẫu")
        assert said == "Đã ghi: ND-1 đã truyền đạt đến xã Hòa Mẫu."
        assert TEXT in here.words("XA01", "ND-1")
        assert here.words("XA02", "ND-1") == "Không tìm thấy ND-1."
        assert "phường Tân Mẫu, hạn 01/12" in here.words("CB001", "ND-1")
        assert here.words("CB001", "ND-1 đã truyền đạt").endswith("đến xã Hòa Mẫu, phường Tân Mẫu.")
        assert "đã truyền đạt 2" in here.words("VP01", "ND-1")


@pytest.mark.parametrize("who", ["CB099", "CB002", "XA01", "QT01", "TC01"])
def test_only_the_office_issues_and_only_its_carriers_act(db: Database, who: str) -> None:
    with db.writing() as session:
        here = Desk(session, cast(session))
        issued(here, "HOAMAU")
        here.presses(who, "truyendat moi")
        assert not here.started
        answer = here.words(who, "ND-1 đã truyền đạt")
        assert answer in (
            "Không tìm thấy ND-1.",
            "ND-1 do đồng chí theo dõi địa bàn truyền đạt.",
        )
        assert [t.passed_at for t in directives.targets(session, SYSTEM, 1)] == [None]


def test_the_morning_says_it_once_asks_for_note_and_reminds_of_the_day(db: Database) -> None:
    mornings = Mornings.begin(db)
    with db.writing() as session:
        here = Desk(session, mornings.cast, at("2026-11-24", "09:00"))
        issued(here, "LONGMAU")
    seen = []
    for day in ("2026-11-25", "2026-11-26", "2026-11-27", "2026-11-30", "2026-12-01", "2026-12-02"):
        mornings.morning(day)
        told = [row.body["text"] for row in mornings.told("CB002")]
        seen.append([line for text in told for line in text.split("\n") if "ND-1" in line])
        mornings.send()
    assert [bool(lines) for lines in seen] == [True, True, False, True, False, True]
    assert seen[0] == [f"ND-1: {TEXT}"]
    assert seen[1] == [f"ND-1 chờ đồng chí bấm Đã nắm: {TEXT}"]
    assert seen[3] == [f"ND-1 sắp đến hạn truyền đạt: {TEXT}"]
    assert seen[5] == [f"ND-1 đã quá hạn truyền đạt: {TEXT}"]


def test_nothing_is_said_any_more_once_it_is_passed_on(db: Database) -> None:
    mornings = Mornings.begin(db)
    with db.writing() as session:
        here = Desk(session, mornings.cast, at("2026-11-24", "09:00"))
        issued(here, "LONGMAU")
    mornings.morning("2026-11-25")
    assert "ND-1" in mornings.text("CB002")
    with db.writing() as session:
        here = Desk(session, mornings.cast, at("2026-11-25", "07:20"))
        here.says("CB002", "ND-1 đã truyền đạt")
    mornings.morning("2026-11-25", "07:25")
    assert [row for row in mornings.told("CB002") if "ND-1" in row.body["text"]] == []


def test_at_once_means_one_message_and_no_line_next_morning(db: Database) -> None:
    mornings = Mornings.begin(db)
    with db.writing() as session:
        here = Desk(session, mornings.cast, at("2026-11-24", "09:00"))
        issued(here, "LONGMAU", at_once=True)
        assert [text.split("\n")[0] for text in here.heard("CB002")] == [f"ND-1: {TEXT}"]
    mornings.morning("2026-11-25")
    assert not [row for row in mornings.told("CB002") if "ND-1:" in row.body["text"]]


def test_the_list_of_who_has_not_got_it_is_exactly_those_whose_phone_is_blocked(
    db: Database,
) -> None:
    """159 communes, 159 followers; every tenth message is not delivered."""
    with db.writing() as session:
        known = cast(session)
        communes, cadres = _province(session, known, 159)
        here = Desk(session, known, at("2026-11-24", "09:00"))
        desk.issue(
            session,
            here.viewer("VP01"),
            text=TEXT,
            area_ids=communes,
            due_on=date(2026, 12, 1),
            at_once=False,
            at=here.at,
        )
    remind(db, at("2026-11-25"))
    blocked = set(cadres[::10])
    took = timedelta(seconds=90)
    with db.writing() as session:
        for who in cadres:
            state = "failed" if who in blocked else "sent"
            [row] = session.exec(select(Outbox).where(Outbox.person_id == who))
            row.state, row.sent_at = state, None if who in blocked else row.created_at + took
            session.add(row)
    with db.reading() as session:
        here = Desk(session, known, at("2026-11-25", "09:00"))
        row = directives.by_number(session, SYSTEM, 1)
        assert row is not None
        missing = before(desk.ways(session, here.viewer("VP01"), row), Stage.DELIVERED)
        assert {way.cadre_id for way in missing} == blocked
        assert len(missing) == 16
        card = here.words("VP01", "ND-1")
        assert "159 địa bàn: đã nhận 143, đã nắm 0, đã truyền đạt 0" in card
        hours = (at("2026-11-25") + took - row.issued_at) / timedelta(hours=1)
        assert f"một nửa trong {hours:.1f} giờ".replace(".", ",") in card
        listed = [here.words("VP01", f"ND-1 chua nhan {page}") for page in (1, 2)]
        assert sum(text.count("Xã số") for text in listed) == 16


def _province(session, known: Cast, count: int) -> tuple[list[int], list[int]]:
    """So many communes more, each with a follower of its own."""
    regulation = session.exec(select(Regulation)).first()
    communes, cadres = [], []
    for number in range(count):
        commune = Area(code=f"X{number}", name=f"Xã số {number}", level="xa", place=1000 + number)
        cadre = Person(code=f"F{number}", full_name=f"Người Mẫu {number}")
        session.add_all([commune, cadre])
        session.flush()
        session.add(Role(person_id=cadre.id, role="giai_quyet"))
        session.add(
            Assignment(
                person_id=cadre.id,
                area_id=commune.id,
                regulation_id=regulation.id,
                kind="theo_doi",
                from_date=date(2021, 4, 29),
            )
        )
        communes.append(commune.id)
        cadres.append(cadre.id)
    session.flush()
    return communes, cadres
