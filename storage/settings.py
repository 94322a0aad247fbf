"""Settings of the office: a value is in force from a day on; the past keeps the old one."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage.people import in_force
from storage.prepared import Prepared
from storage.tables import FieldOfWork, Setting, metadata

setting, day_off = metadata.tables["setting"], metadata.tables["day_off"]

_VALUES = Prepared(
    select_columns(setting.c.key, setting.c.value)
    .where(setting.c.from_date <= bindparam("day"))
    .order_by(setting.c.from_date)
)


def values(session: Session, day: date) -> dict[str, Any]:
    """Every setting in force on the day, by key."""
    session.flush()
    return {row.key: row.value for row in _VALUES.all(session.connection(), day=day)}


def value(session: Session, key: str, day: date, default: Any = None) -> Any:
    """One setting in force on the day, or the default."""
    row = session.exec(
        select(Setting)
        .where(Setting.key == key, col(Setting.from_date) <= day)
        .order_by(col(Setting.from_date).desc())
        .limit(1)
    ).first()
    return default if row is None else row.value


_CLOCK = Prepared(
    select_columns(setting.c.key, setting.c.value).where(
        or_(setting.c.key == "demo", setting.c.key == "clock_offset")
    )
)


def clock_marks(session: Session) -> dict[str, Any]:
    """What concerns the service's clock, which is asked for with every message."""
    return {row.key: row.value for row in _CLOCK.all(session.connection())}


def put(session: Session, key: str, value: Any, from_date: date) -> None:
    """Set a value from a day on."""
    session.merge(Setting(key=key, from_date=from_date, value=value))
    session.flush()


class OffDay(NamedTuple):
    """A day off, or a swapped working day, that the office added to the library's calendar."""

    day: date
    name: str
    working: bool


_DAYS_OFF = Prepared(
    select_columns(day_off.c.day, day_off.c.name, day_off.c.working).order_by(day_off.c.day)
)


def days_off(session: Session) -> list[OffDay]:
    """What the office added to the library's calendar."""
    session.flush()
    return [OffDay(*row) for row in _DAYS_OFF.all(session.connection())]


def fields_of_work(session: Session, day: date) -> list[FieldOfWork]:
    """The fields (lĩnh vực) in force on the day, in the order they were entered."""
    found = select(FieldOfWork).where(in_force(FieldOfWork, day)).order_by(col(FieldOfWork.id))
    return list(session.exec(found))
