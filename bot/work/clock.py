"""The service's clock: real time, plus an offset that only a demo database may carry.

Whatever people see (dates, due days, reminders) follows this clock. Leases, retries and pacing
follow `real()`, which no demo moves.
"""

from datetime import UTC, date, datetime, timedelta
from weakref import WeakSet

from sqlalchemy import Engine
from sqlmodel import Session, select

from storage.database import Database
from storage.settings import clock_marks, put
from storage.tables import Inbox

DEMO = "demo"
OFFSET = "clock_offset"  # seconds
ALWAYS = date(1970, 1, 1)  # of settings that are no decision of the office


class ClockRefused(Exception):
    """The clock of a database that is no demo was to be moved, or had been."""


def real() -> datetime:
    """Real time, aware UTC."""
    return datetime.now(UTC)


def now(where: Session | Database) -> datetime:
    """The service's time, aware UTC."""
    if isinstance(where, Database):
        if where.engine in _never_moved:
            return real()
        with where.reading() as session:
            return now(session)
    if where.connection().engine in _never_moved:
        return real()
    marks = clock_marks(where)
    if OFFSET in marks and not marks.get(DEMO):
        raise ClockRefused("Đồng hồ bị chỉnh trong cơ sở dữ liệu không phải bản thử.")
    if not marks and _in_use(where):
        _never_moved.add(where.connection().engine)
    return real() + timedelta(seconds=marks.get(OFFSET, 0))


_never_moved: WeakSet[Engine] = WeakSet()
"""Databases in use that are no demo: they will not become one, so their clock is real for good."""


def _in_use(session: Session) -> bool:
    """Whether somebody has written to the service."""
    return session.exec(select(Inbox.id).limit(1)).first() is not None


def is_demo(session: Session) -> bool:
    """Whether this database was made for trying things out."""
    return bool(clock_marks(session).get(DEMO))


def mark_as_demo(session: Session) -> None:
    """Allow the clock to be moved; refused once somebody has written to the service."""
    if is_demo(session):
        return
    if _in_use(session):
        raise ClockRefused("Cơ sở dữ liệu đã có tin của người dùng, không làm bản thử được.")
    put(session, DEMO, True, ALWAYS)


def move(session: Session, to: datetime) -> None:
    """Let the service's clock show `to` now; only in a demo."""
    if not is_demo(session):
        raise ClockRefused("Chỉ chỉnh được đồng hồ của bản thử.")
    put(session, OFFSET, (to - real()).total_seconds(), ALWAYS)
