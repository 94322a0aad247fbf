"""What an office can change: settings with validity, days off, fields of work, counters."""

from datetime import date
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Setting(SQLModel, table=True):
    """A value in force from a day on."""

    metadata = metadata
    key: str = Field(primary_key=True)
    from_date: date = Field(primary_key=True)
    value: Any = Field(sa_type=JSON)


class DayOff(SQLModel, table=True):
    """A day off, or (working=True) a swapped working day, on top of the library's calendar."""

    metadata = metadata
    __tablename__ = "day_off"
    day: date = Field(primary_key=True)
    name: str = ""
    working: bool = False


class FieldOfWork(SQLModel, table=True):
    """A field (lĩnh vực) with the key words that propose it."""

    metadata = metadata
    __tablename__ = "field_of_work"
    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name: str
    keywords: str = ""  # separated by commas
    from_date: date | None = None
    to_date: date | None = None


class Counter(SQLModel, table=True):
    """The last number given out of a series: CS, KN, TR, GM, VH …"""

    metadata = metadata
    kind: str = Field(primary_key=True)
    value: int = 0
