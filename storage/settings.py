"""Settings of the office: a value is in force from a day on; the past keeps the old one."""

from datetime import date
from typing import Any

from sqlalchemy import or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage.people import in_force
from storage.prepared import Prepared
from storage.tables import DayOff, FieldOfWork, Setting, metadata

setting = metadata.tables["setting"]


def values(session: Session, day: date) -> dict[str, Any]:
    """Every setting in force on the day, by key."""
    rows = session.exec(
        select(Setting).where(col(Setting.from_date) <= day).order_by(col(Setting.from_date))
    )
    return {row.key: row.value for row in rows}


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


def days_off(session: Session) -> list[DayOff]:
    """Days off and swapped working days that the office added to the library's calendar."""
    return list(session.exec(select(DayOff).order_by(col(DayOff.day))))


def fields_of_work(session: Session, day: date) -> list[FieldOfWork]:
    """The fields (lĩnh vực) in force on the day, in the order they were entered."""
    found = select(FieldOfWork).where(in_force(FieldOfWork, day)).order_by(col(FieldOfWork.id))
    return list(session.exec(found))
