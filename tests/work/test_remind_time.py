"""Months of mornings: stopped clocks, two processes, budgets of pushes, three hundred people."""

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from time import monotonic

import pytest
from sqlmodel import select

from bot.messages import Outgoing
from bot.rules.zone import day_of
from bot.work.post import post
from bot.work.remind import remind
from storage.database import Database
from storage.occurrences import DAILY
from storage.tables import Area, Assignment, Occurrence, Outbox, Person
from tests.cast import Cast
from tests.work.mornings import Mornings, at


@pytest.fixture
def mornings(db: Database) -> Mornings:
    return Mornings.begin(db)


def days(first: str, last: str) -> Iterable[date]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return (begin + timedelta(days=n) for n in range((end - begin).days + 1))


def run(mornings: Mornings, all_days: Iterable[date], stopped: Iterable[date] = ()) -> None:
    """The clock ticks every day at 07:15, apart from the days on which it is stopped."""
    skipped = set(stopped)
    for day in all_days:
        if day not in skipped and remind(mornings.db, at(day.isoformat())):
            mornings.send()


def steps(mornings: Mornings, who: str = "CB002") -> list[tuple[str, str]]:
    """(day, step) of the reminders that the person got of the one assignment."""
    target = f"assignment:{mornings.cast.assignment[who, 'LONGMAU', 'theo_doi']}"
    with mornings.db.reading() as session:
        found = select(Occurrence).where(Occurrence.target == target).order_by("made_at")
        return [(day_of(row.made_at).isoformat(), row.step) for row in session.exec(found)]


def test_three_steps_a_month_over_the_end_of_the_year_and_tet(mornings: Mornings) -> None:
    run(mornings, days("2026-12-01", "2027-03-05"))

    assert steps(mornings) == [
        ("2026-12-01", "2026-11 last"),
        ("2026-12-24", "2026-12 first"),
        ("2026-12-30", "2026-12 second"),
        ("2027-01-04", "2026-12 last"),
        ("2027-01-22", "2027-01 first"),
        ("2027-01-28", "2027-01 second"),
        ("2027-02-01", "2027-01 last"),
        ("2027-02-22", "2027-02 first"),
        ("2027-02-25", "2027-02 second"),
        ("2027-03-01", "2027-02 last"),
    ]


@pytest.mark.parametrize(
    ("stopped", "expected"),
    [
        ((), ["first", "second", "last"]),
        (("2026-11-23", "2026-11-25"), ["first", "second", "last"]),
        (("2026-11-23", "2026-11-27"), ["second", "last"]),
        (("2026-11-20", "2026-12-20"), []),
    ],
    ids=["never", "three days", "five days", "a month"],
)
def test_after_the_clock_was_stopped_only_the_latest_step_is_worded_once(
    mornings: Mornings, stopped: tuple[str, ...], expected: list[str]
) -> None:
    run(mornings, days("2026-11-16", "2026-12-21"), days(*stopped) if stopped else ())

    assert [step for _, step in steps(mornings)] == [f"2026-11 {name}" for name in expected]
    with mornings.db.reading() as session:
        told = Counter(session.exec(select(Outbox.person_id).where(Outbox.kind == "reminder")))
    assert told[mornings.cast["CB002"]] == len(expected)


def test_stopped_for_an_hour_it_says_so_late_in_the_same_morning(mornings: Mornings) -> None:
    assert mornings.morning("2026-11-23", "08:20") == 2


def test_two_processes_at_once_write_each_message_once(mornings: Mornings) -> None:
    other = Database(mornings.db.url.render_as_string(hide_password=False))
    try:
        with ThreadPoolExecutor(8) as pool:
            both = [mornings.db, other] * 8
            written = list(pool.map(lambda db: remind(db, at("2026-11-23")), both))
    finally:
        other.close()

    assert sum(written) == 2
    assert len(mornings.told("CB001")) == len(mornings.told("CB002")) == 1


def test_nobody_gets_more_than_the_budget_of_pushes(mornings: Mornings) -> None:
    """Seven weeks in which more is to be told every day, over a day off on a Monday."""
    cast = mornings.cast
    everybody = ("CB001", "CB002", "XA01", "UV01", "TC01")
    for day in days("2026-10-19", "2026-12-04"):
        with mornings.db.writing() as session:
            post(session, [_line(cast, who) for who in everybody for _ in range(2)])
        remind(mornings.db, at(day.isoformat()))
        mornings.send()

    pushes = _pushes(mornings)
    for who in ("CB001", "CB002", "XA01", "TC01"):
        assert max(Counter(pushes[cast[who]]).values()) == 1
        assert all(day.weekday() < 5 for day in pushes[cast[who]])
    weeks = Counter(day.isocalendar()[:2] for day in pushes[cast["UV01"]])
    assert max(weeks.values()) == 2
    assert {day.weekday() for day in pushes[cast["UV01"]]} <= {0, 1, 3}  # a Monday off: Tuesday
    assert pushes[cast["TT01"]] == []


def test_with_one_commune_a_cadre_gets_about_three_reminders_a_month(mornings: Mornings) -> None:
    run(mornings, days("2026-11-02", "2026-12-04"))

    months = Counter(day.month for day in _pushes(mornings)[mornings.cast["CB002"]])
    assert max(months.values()) <= 5


def test_the_standing_board_is_never_nudged(mornings: Mornings) -> None:
    _assign(mornings, "TT01", "LONGMAU")

    run(mornings, days("2026-11-16", "2026-12-04"))

    assert _pushes(mornings)[mornings.cast["TT01"]] == []


def test_nothing_climbs_to_a_superior_while_visits_are_not_recorded(mornings: Mornings) -> None:
    run(mornings, days("2026-11-16", "2026-12-07"))

    pushes = _pushes(mornings)
    superiors = ("UV01", "TC01", "TT01", "VP01", "VP02")
    assert [pushes[mornings.cast[who]] for who in superiors] == [[]] * len(superiors)
    assert len(pushes[mornings.cast["CB001"]]) == 3


def test_three_hundred_people_are_told_quickly(mornings: Mornings) -> None:
    with mornings.db.writing() as session:
        for number in range(300):
            area = Area(code=f"X{number}", name=f"Xã Số {number}", level="xa", place=number)
            person = Person(code=f"N{number}", full_name=f"Cán bộ {number:03d}")
            session.add_all([area, person])
            session.flush()
            session.add(_assignment(mornings.cast, person.id or 0, area.id or 0))

    begun = monotonic()
    written = mornings.morning("2026-11-23")
    took = monotonic() - begun

    assert written == 302
    assert took < 5  # 0.5 s alone on two cores


def _line(cast: Cast, who: str) -> Outgoing:
    return Outgoing("Một nội dung.", kind="line", person_id=cast[who])


def _pushes(mornings: Mornings) -> dict[int, list[date]]:
    """The days on which each person got a morning message."""
    found: dict[int, list[date]] = {person: [] for person in mornings.cast.person.values()}
    with mornings.db.reading() as session:
        for row in session.exec(select(Occurrence).where(Occurrence.kind == DAILY)):
            found[int(row.target.partition(":")[2])].append(day_of(row.made_at))
    return found


def _assign(mornings: Mornings, who: str, where: str) -> None:
    cast = mornings.cast
    with mornings.db.writing() as session:
        session.add(_assignment(cast, cast[who], cast.area[where]))


def _assignment(cast: Cast, person_id: int, area_id: int) -> Assignment:
    return Assignment(
        person_id=person_id,
        area_id=area_id,
        regulation_id=cast.regulation,
        kind="theo_doi",
        from_date=date(2021, 4, 29),
    )
