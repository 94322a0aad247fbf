"""(d): the summary of a month and a quarter, beside one plain scan of the same rows."""

import gc
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from statistics import median

from sqlalchemy import insert, text
from sqlmodel import Session

from bot.desk.compiling import snapshots_of
from bot.rules.periods import Period, parse
from storage.database import Database
from storage.tables import Assignment, Cadence, Person, Visit, metadata
from tests.bench.databases import Databases
from tests.bench.lines import Line
from tests.bench.people import make_people

AREAS = 159
IN_PERIOD = 19_080
IN_ALL = 400_000
CUT = datetime(2027, 1, 5, 10, 0, tzinfo=UTC)
MONTH, QUARTER = "2026-12", "2026-Q4"
MOST, TO_SCAN = 2.0, 3.0
CHUNK = 20_000
SCAN = text(
    'SELECT id, person_id, area_id, visited_on, situation, advice, "check" FROM visit '
    "WHERE visited_on >= :first AND visited_on < :end"
)


def summaries(found: Databases, *, small: int, large: int, times: int) -> Line:
    """(d): all the visits of the smaller database fall into the period, and so they do in the
    larger one, where the others are earlier."""
    figures: dict[str, float] = {}
    for engine in found.engines:
        for total in (small, large):
            db = Database(found.fresh(engine))
            fill(db, small, total)
            figures |= {f"{engine}_{total}_{k}": v for k, v in _measured(db, times).items()}
            db.close()
    return Line(
        "d",
        f"month and quarter of {small} visits, in a database of as many and in one of {large}",
        f"at most {MOST} s and {TO_SCAN} times one plain scan of the same rows",
        all(_kept(name, value) for name, value in figures.items()),
        figures,
        times,
    )


def _kept(name: str, value: float) -> bool:
    if name.endswith("_to_scan"):
        return value <= TO_SCAN
    return value <= MOST


def _measured(db: Database, times: int) -> dict[str, float]:
    figures = {}
    for name, code in (("month", MONTH), ("quarter", QUARTER)):
        period = parse(code, "calendar")
        assert period is not None
        scan = _seconds(db, lambda session, p=period: _scan(session, p), times)
        ours = _seconds(db, lambda session, p=period: _compile(session, p), times)
        figures |= {
            f"{name}_seconds": round(ours, 4),
            f"{name}_scan_seconds": round(scan, 4),
            f"{name}_to_scan": round(ours / scan, 2),
        }
    return figures


def _seconds(db: Database, do: Callable[[Session], int], times: int) -> float:
    """The middle of several; each in a session of its own, after what others left is collected."""
    took = []
    for _ in range(times):
        gc.collect()
        with db.reading() as session:
            began = time.perf_counter()
            assert do(session)
            took.append(time.perf_counter() - began)
    return median(took)


def _scan(session: Session, period: Period) -> int:
    days = {"first": period.start.isoformat(), "end": period.end.isoformat()}
    if session.connection().dialect.name == "postgresql":
        days = {"first": period.start, "end": period.end}
    return len(session.connection().execute(SCAN, days).all())


def _compile(session: Session, period: Period) -> int:
    """The province's summary and that of each member in charge."""
    return len(snapshots_of(session, period, CUT))


def fill(db: Database, small: int, total: int) -> None:
    """`small` visits in the last month of the quarter, the others in the years before."""
    with db.writing() as session:
        make_people(session, AREAS)
        session.add(
            Cadence(regulation_id=1, kind="theo_doi", from_date=date(2021, 5, 1), unit="thang")
        )
        _members(session)
    new = insert(metadata.tables["visit"])
    for start in range(0, total, CHUNK):
        numbers = range(start, min(start + CHUNK, total))
        rows = [_visit(n, n < small) for n in numbers]
        with db.connection() as connection:
            connection.execute(new, rows)


def _members(session: Session) -> None:
    """Ten members in charge, each of every tenth area."""
    for number in range(1, 11):
        member = Person(code=f"UV{number:02d}", full_name=f"Ủy viên {number}", rank=0)
        session.add(member)
        session.flush()
        assert member.id is not None
        for area in range(number, AREAS + 1, 10):
            session.add(
                Assignment(
                    person_id=member.id,
                    area_id=area,
                    regulation_id=1,
                    kind="phu_trach",
                    from_date=date(2021, 4, 29),
                )
            )


def _visit(number: int, in_period: bool) -> dict[str, object]:
    place = number % AREAS + 1
    on = date(2026, 12, 1) + timedelta(days=number % 31)
    if not in_period:
        on = date(2022, 1, 1) + timedelta(days=number % 1600)
    at = datetime(on.year, on.month, on.day, 9, 0, tzinfo=UTC)
    visit = Visit(
        number=number + 1,
        person_id=place,
        area_id=place,
        visited_on=on,
        activity="hop_thon",
        situation="Bà con đồng thuận với chủ trương của xã, còn băn khoăn về đường liên thôn.",
        advice="Đề nghị xã công khai kinh phí và thời gian thi công.",
        check="Hồ sơ được giải quyết đúng hạn.",
        written_by_id=place,
        begun_at=at,
        submitted_at=at,
    )
    return visit.model_dump(exclude={"id"})
