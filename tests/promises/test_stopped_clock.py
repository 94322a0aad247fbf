"""The clock stopped for an hour, three days, a month, over every kind of end: all of it once."""

import os
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path

import pytest
from sqlmodel import col, select, update

from bot.cli import main
from bot.desk.duties import calendar_of
from bot.rules.periods import parse
from bot.rules.workdays import Calendar
from bot.rules.zone import day_of, local, moment
from bot.work.tick import tick
from storage.counters import next_number
from storage.database import Database
from storage.tables import Occurrence, Outbox, Report, Visit, metadata
from tests.cast import Cast
from tests.doing import everybody
from tests.together import together

FIRST, LAST = date(2026, 9, 14), date(2027, 3, 5)
HOURS = (time(7, 15), time(17, 0))
IDLE = range(10, 17)  # days of the month on which nothing ever falls due
Stop = tuple[datetime, datetime]
MONTHS = [f"2026-{month:02d}" for month in range(9, 13)] + ["2027-01", "2027-02"]
QUARTERS = ["2026-Q3", "2026-Q4"]


def stop(first: str, last: str) -> Stop:
    """From one moment to another, by the province's clocks; the pass at the end happens."""
    begin, end = (datetime.fromisoformat(each) for each in (first, last))
    return moment(begin.date(), begin.time()), moment(end.date(), end.time())


def daily(*hours: tuple[time, time]) -> list[Stop]:
    """The same hours of every day."""
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days))
    return [(moment(day, first), moment(day, last)) for day in days for first, last in hours]


STOPS: dict[str, Sequence[Stop]] = {
    "an hour of every morning and every close": daily(
        (time(7), time(8)), (time(16, 30), time(17, 30))
    ),
    "three days over ends of month, quarter, year and Tet": [
        stop("2026-09-29T12:00", "2026-10-02T12:00"),
        stop("2026-10-30T07:00", "2026-11-02T08:00"),
        stop("2026-12-01T07:00", "2026-12-04T07:15"),
        stop("2026-12-30T12:00", "2027-01-02T12:00"),
        stop("2027-02-04T07:00", "2027-02-07T12:00"),
    ],
    "31 days over the end of a quarter, of a year and Tet": [
        stop("2026-09-20T12:00", "2026-10-21T09:00"),
        stop("2026-12-10T12:00", "2027-01-10T12:00"),
        stop("2027-01-25T12:00", "2027-02-25T12:00"),
    ],
}
RACED = [
    stop("2026-10-08T12:00", "2027-01-10T12:00"),
    stop("2027-02-04T12:00", "2027-03-05T17:00"),
]
"""All of a quarter falls due at once; then there are the mornings until just before Tet."""


@dataclass(frozen=True)
class Told:
    """What a run of the clock came to."""

    steps: dict[tuple[str, str], list[tuple[date, str]]]  # (assignment, period): (day, step)
    reports: dict[tuple[str, str], str]  # (period, scope): digest of the figures
    closes: Counter[str]  # what the clerk was told of closes
    messages: Counter[tuple[int, date]]  # morning messages by person and day


def passes(stops: Sequence[Stop]) -> Iterator[datetime]:
    """Every pass of the clock that happens; the first after a stop is when it is over."""
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    planned = [moment(day, hour) for day in days if day.day not in IDLE for hour in HOURS]
    kept = (at for at in planned if not any(begin <= at < end for begin, end in stops))
    ends = (end for _, end in stops if day_of(end).day not in IDLE)
    return iter(sorted({*kept, *ends}))


def planted(db: Database) -> Cast:
    """One visit to Tân Mẫu in every month; nothing is recorded for the other communes."""
    cast = everybody(db)
    with db.writing() as session:
        for code in ["2026-08", *MONTHS]:
            day = date.fromisoformat(f"{code}-03")
            at = moment(day, time(15))
            session.add(
                Visit(
                    number=next_number(session, "CS"),
                    person_id=cast["CB001"],
                    area_id=cast.area["TANMAU"],
                    visited_on=day,
                    activity="thon",
                    situation="Tình hình ổn định.",
                    written_by_id=cast["CB001"],
                    begun_at=at,
                    submitted_at=at,
                )
            )
    return cast


def run(db: Database, stops: Sequence[Stop], once: Callable[[datetime], None]) -> Told:
    """All passes; after each one what waits goes out."""
    cast = planted(db)
    for at in passes(stops):
        once(at)
        with db.writing() as session:
            waiting = update(Outbox).where(col(Outbox.state) == "waiting")
            session.connection().execute(waiting.values(state="sent"))
    return told(db, cast)


def told(db: Database, cast: Cast) -> Told:
    steps: defaultdict[tuple[str, str], list[tuple[date, str]]] = defaultdict(list)
    with db.reading() as session:
        for row in session.exec(select(Occurrence).order_by(col(Occurrence.made_at))):
            if row.kind == "visit_reminder":
                period, _, step = row.step.partition(" ")
                steps[row.target, period].append((day_of(row.made_at), step))
        kept = list(session.exec(select(Report)))
        clerk = select(Outbox).where(Outbox.person_id == cast["VP01"], Outbox.kind == "notice")
        heads = [
            line.partition(", đã chốt")[0]
            for row in session.exec(clerk)
            for line in str(row.body["text"]).split("\n")
            if ", đã chốt" in line
        ]
        mornings = select(Occurrence).where(Occurrence.kind == "daily_notice")
        days = Counter(
            (int(row.target.partition(":")[2]), day_of(row.made_at))
            for row in session.exec(mornings)
        )
    assert len({(row.period, row.scope) for row in kept}) == len(kept)
    reports = {(row.period, row.scope): row.sha256 for row in kept}
    return Told(dict(steps), reports, Counter(heads), days)


def fresh(path: Path) -> Database:
    database = Database(f"sqlite:///{path}")
    metadata.create_all(database.engine)
    return database


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Told]:
    """The clock that never stopped."""

    @cache
    def once() -> Told:
        database = fresh(tmp_path_factory.mktemp("clock") / "sausat.db")
        try:
            return run(database, (), lambda at: check(tick(database, at)))
        finally:
            database.close()

    return once


def check(failed: list[str]) -> None:
    assert failed == []


def test_without_a_stop_every_step_and_every_summary_comes(alone: Callable[[], Told]) -> None:
    found = alone()

    assert {period for period, scope in found.reports if scope == "tinh"} == {
        "2026-08",
        *MONTHS,
        *QUARTERS,
    }
    owed = {period: steps for (_, period), steps in found.steps.items()}
    every = ["first", "second", "last"]
    assert {code: [step for _, step in steps] for code, steps in owed.items()} == {
        code: every for code in MONTHS
    }
    assert set(found.closes.values()) == {1}
    assert set(found.messages.values()) == {1}


@pytest.mark.parametrize("stops", STOPS.values(), ids=STOPS)
def test_after_a_stop_each_reminder_and_each_summary_comes_exactly_once(
    alone: Callable[[], Told], tmp_path: Path, stops: Sequence[Stop]
) -> None:
    database = fresh(tmp_path / "sausat.db")
    found = run(database, stops, lambda at: check(tick(database, at)))

    compare(found, alone(), stops, database)
    database.close()


def test_after_stops_at_random_too(alone: Callable[[], Told], tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    sys.stdout.write(f"seed {seed}\n")
    stops = stops_at_random(seed)
    database = fresh(tmp_path / "sausat.db")
    found = run(database, stops, lambda at: check(tick(database, at)))

    compare(found, alone(), stops, database)
    database.close()


def stops_at_random(seed: int) -> list[Stop]:
    """Five, which may overlap; between the first pass of all, which looks back a month and no
    more, and the last day, after which nothing is known to compare.
    """
    dice, first, last = random.Random(seed), next(passes(())), moment(LAST, time(17))
    lengths = [timedelta(hours=1), timedelta(days=3), timedelta(days=12), timedelta(days=31)]
    begins = sorted(first + dice.random() * (last - first) for _ in range(5))
    drawn = zip(begins, dice.choices(lengths, k=5), strict=True)
    return [(at, min(at + length, last)) for at, length in drawn]


def compare(found: Told, alone: Told, stops: Sequence[Stop], db: Database) -> None:
    """Summaries as without the stop, and of reminders the latest step that could still be said."""
    over = {key: value for key, value in alone.reports.items() if _closed(db, key[0], stops)}
    assert found.reports == over
    assert set(found.closes.values()) == {1}
    assert len(found.closes) == len({period for period, _ in found.reports})
    assert set(found.messages.values()) == {1}
    with db.reading() as session:
        calendar = calendar_of(session)
    expected = {
        key: kept
        for key, steps in alone.steps.items()
        if (kept := _sayable(steps, key[1], calendar, stops))
    }
    assert {k: [step for _, step in steps] for k, steps in found.steps.items()} == expected


def _closed(db: Database, code: str, stops: Sequence[Stop]) -> bool:
    """Whether the clock ran at all once the figures of the period had closed."""
    period = parse(code)
    assert period is not None
    with db.reading() as session:
        closes = moment(calendar_of(session).close_day(period, 2), time(17))
    return any(at >= closes for at in passes(stops))


def _sayable(
    steps: list[tuple[date, str]], code: str, calendar: Calendar, stops: Sequence[Stop]
) -> list[str]:
    """The steps for which a pass came while they were the latest, before the close was over."""
    period = parse(code)
    assert period is not None
    ends = [day for day, _ in steps[1:]] + [calendar.close_day(period, 2) + timedelta(days=1)]
    said = [
        at
        for at in passes(stops)
        if calendar.is_workday(day_of(at)) and time(7, 15) <= local(at).time() < time(19)
    ]
    return [
        step
        for (day, step), end in zip(steps, ends, strict=True)
        if any(day <= day_of(at) < end for at in said)
    ]


@pytest.mark.parametrize("engine", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_two_that_race_for_every_pass_after_a_stop_do_each_thing_once(
    db: Database, alone: Callable[[], Told]
) -> None:
    again = RACED[0][1]
    other = Database(db.url.render_as_string(hide_password=False))
    with ThreadPoolExecutor(4) as pool:

        def race(at: datetime) -> None:
            racing = (db, other, db, other)[:: 1 if at >= again else 4]
            for failed in pool.map(lambda one: tick(one, at), racing):
                check(failed)

        found = run(db, RACED, race)
    other.close()

    compare(found, alone(), RACED, db)


def _tick(url: str, at: str) -> None:
    """`sausat tick`, in a process of its own."""
    for name in [name for name in os.environ if name.startswith("SAUSAT_")]:
        del os.environ[name]
    os.environ["SAUSAT_DATABASE_URL"] = url
    sys.argv = ["sausat", "tick", "--at", at]
    main()


@pytest.mark.parametrize("engine", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_three_processes_at_the_same_moment_write_everything_once(laid: Database) -> None:
    cast = planted(laid)
    url = laid.url.render_as_string(hide_password=False)
    for at in (moment(date(2026, 11, 3), time(17)), moment(date(2026, 11, 20), time(7, 15))):
        together(_tick, [(url, at.astimezone(UTC).isoformat())] * 3)
    found = told(laid, cast)

    assert {period for period, _ in found.reports} == {"2026-10"}
    assert found.closes == Counter({"BẢN TỔNG HỢP THÁNG 10": 1})
    assert set(found.messages.values()) == {1}
