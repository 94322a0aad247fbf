"""The regulation's figures, asked of the database: 169 assignments, 1,908 or 636 visits a year."""

import sys
from collections import Counter
from datetime import date, time

import pytest
from sqlmodel import Session, select

from bot.desk import compiling
from bot.desk.duties import day_at, owed_on
from bot.reports.facts import Facts
from bot.rules.periods import Period, parse
from bot.rules.zone import moment
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Area, Assignment, Cadence, Person, Regulation

AREAS, MEMBERS, CADRES = 159, 10, 120
BEGUN = date(2021, 5, 1)


def planted(db: Database, *cadences: tuple[str, str, date]) -> None:
    """159 areas that 120 cadres follow, ten members in charge of one each, and how often."""
    with db.writing() as session:
        rule = Regulation(number="02-QĐ/TU", issued_on=date(2021, 4, 29))
        areas = [Area(code=f"X{n}", name=f"Xã Số {n}", level="xa", place=n) for n in range(AREAS)]
        people = [Person(code=f"N{n}", full_name=f"Cán bộ {n}") for n in range(CADRES + MEMBERS)]
        session.add_all([rule, *areas, *people])
        session.flush()

        def assigned(person: Person, area: Area, kind: str) -> Assignment:
            return Assignment(
                person_id=person.id or 0,
                area_id=area.id or 0,
                regulation_id=rule.id or 0,
                kind=kind,
                from_date=BEGUN,
            )

        session.add_all(assigned(people[n % CADRES], areas[n], "theo_doi") for n in range(AREAS))
        session.add_all(assigned(people[CADRES + n], areas[n], "phu_trach") for n in range(MEMBERS))
        session.add_all(
            Cadence(regulation_id=rule.id or 0, kind=kind, unit=unit, from_date=since)
            for kind, unit, since in cadences
        )


def facts(session: Session, code: str) -> Facts:
    """What the summaries of the period are made from."""
    period = _period(code)
    known = compiling.known_of(session, SYSTEM, period, cut=moment(period.end, time(17)))
    return Facts(known, period)


def _period(code: str) -> Period:
    found = parse(code)
    assert found is not None
    return found


def months(year: int) -> list[str]:
    return [f"{year}-{month:02d}" for month in range(1, 13)]


def quarters(year: int) -> list[str]:
    return [f"{year}-Q{number}" for number in range(1, 5)]


@pytest.mark.parametrize(("unit", "a_year"), [("thang", 1908), ("quy", 636)])
def test_159_areas_owe_so_many_visits_a_year(db: Database, unit: str, a_year: int) -> None:
    planted(db, ("theo_doi", unit, BEGUN), ("phu_trach", "nua_nam", BEGUN))

    with db.reading() as session:
        by_year = len(facts(session, "2025").duties.all)
        by_quarter = sum(len(facts(session, code).duties.all) for code in quarters(2025))
        by_month = sum(len(facts(session, code).duties.all) for code in months(2025))

    assert (by_year, by_quarter, by_month) == (a_year, a_year, a_year)
    sys.stdout.write(f"{AREAS} areas, {unit}: {by_year} a year, by quarters and by months too\n")


def test_a_day_has_169_assignments_to_remind_of_each_with_its_own_cadence(db: Database) -> None:
    planted(db, ("theo_doi", "thang", BEGUN), ("phu_trach", "nua_nam", BEGUN))

    with db.reading() as session:
        found = owed_on(session, SYSTEM, day_at(session, moment(date(2025, 6, 25), time(7, 15))))

    assert len(found) == 169
    assert Counter((duty.owed.assignment.kind, duty.owed.period.code) for duty in found) == {
        ("theo_doi", "2025-06"): 159,
        ("phu_trach", "2025-H1"): 10,
    }


def test_switched_on_the_first_of_july_eight_are_owed_for_every_area(db: Database) -> None:
    """Six months and two quarters, however the year is asked for."""
    planted(
        db,
        ("theo_doi", "thang", BEGUN),
        ("theo_doi", "quy", date(2026, 7, 1)),
    )

    with db.reading() as session:
        by_year = facts(session, "2026").duties.all
        by_quarter = [d for code in quarters(2026) for d in facts(session, code).duties.all]
        by_month = [d for code in months(2026) for d in facts(session, code).duties.all]

    for found in (by_year, by_quarter, by_month):
        each = Counter(due.assignment.id for due in found)
        assert len(each) == AREAS
        assert set(each.values()) == {8}
    assert {due.period.code for due in by_year} == {*months(2026)[:6], "2026-Q3", "2026-Q4"}
    sys.stdout.write(f"switched on 1 July: {len(by_year)} in all, 8 for each of {AREAS} areas\n")


def test_the_year_before_a_switch_keeps_its_figure(db: Database) -> None:
    planted(
        db,
        ("theo_doi", "thang", BEGUN),
        ("theo_doi", "quy", date(2026, 7, 1)),
    )

    with db.reading() as session:
        assert len(facts(session, "2025").duties.all) == 1908
        assert len(facts(session, "2027").duties.all) == 636


def test_an_area_that_is_no_more_owes_its_last_whole_month_and_then_nothing(db: Database) -> None:
    """Though nobody ended its assignments: 159 × 12 without those from the month it ended in."""
    planted(db, ("theo_doi", "thang", BEGUN), ("phu_trach", "nua_nam", BEGUN))
    with db.writing() as session:
        for code, last in (("X0", date(2025, 6, 10)), ("X1", date(2025, 6, 30))):
            session.exec(select(Area).where(Area.code == code)).one().valid_to = last

    with db.reading() as session:
        owed = facts(session, "2025").duties.all
        by_month = [due for code in months(2025) for due in facts(session, code).duties.all]
        ids = dict(session.exec(select(Area.id, Area.code)).all())
        reminded = [
            Counter(
                ids[duty.area]
                for duty in owed_on(session, SYSTEM, day_at(session, moment(d, time(8))))
            )
            for d in (
                date(2025, 5, 26),
                date(2025, 6, 2),
                date(2025, 6, 5),
                date(2025, 7, 2),
                date(2025, 7, 7),
            )
        ]

    each = Counter(ids[due.assignment.area] for due in owed)
    assert (each["X0"], each["X1"], each["X2"], len(owed)) == (5, 6, 12, 1908 - 7 - 6)
    assert Counter(ids[due.assignment.area] for due in by_month) == each
    assert [day["X0"] for day in reminded] == [1, 1, 0, 0, 0]
    assert [day["X1"] for day in reminded] == [2, 3, 2, 2, 0]
