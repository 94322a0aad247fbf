"""Visits (phiếu đi cơ sở): versions, companions, commitments (việc hẹn lại), support raised."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger
from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Visit(SQLModel, table=True):
    """One visit of one person to one area, in its newest version.

    `situation` and `check` go upward only, unless `shared` is set by the author.
    The visit's own date, the day it was begun and the day it was submitted stay apart.
    """

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    number: int = Field(unique=True)  # CS-…
    person_id: int = Field(foreign_key="person.id", index=True)
    area_id: int = Field(foreign_key="area.id", index=True)
    visited_on: date = Field(index=True)
    activity: str
    activity_note: str = ""
    situation: str = ""
    advice: str = ""
    check: str = ""
    shared: bool = False
    latitude: float | None = None
    longitude: float | None = None
    written_by_id: int = Field(foreign_key="person.id")
    confirmed_at: datetime | None = None  # by the person, when somebody else wrote
    on_paper: bool = False  # the office entered it from a paper slip
    substitute: str = ""  # who went in place
    begun_at: datetime
    submitted_at: datetime
    version: int = 1
    withdrawn_at: datetime | None = None
    pinned: bool = False  # the office chose its sentence for the digest
    draft_id: int | None = Field(default=None, unique=True)


class VisitVersion(SQLModel, table=True):
    """What a visit said before it was changed."""

    metadata = metadata
    __tablename__ = "visit_version"
    visit_id: int = Field(primary_key=True, foreign_key="visit.id")
    version: int = Field(primary_key=True)
    content: dict[str, Any] = Field(sa_type=JSON)
    reason: str = ""
    changed_by_id: int = Field(foreign_key="person.id")
    changed_at: datetime


class Companion(SQLModel, table=True):
    """Somebody who went along, by name as written."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    name: str


class Commitment(SQLModel, table=True):
    """A thing promised for later (việc hẹn lại); open until done."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    number: int = Field(unique=True)  # VH-…
    visit_id: int = Field(foreign_key="visit.id", index=True)
    area_id: int = Field(foreign_key="area.id", index=True)
    text: str
    due_on: date | None = None
    holder_id: int | None = Field(default=None, foreign_key="person.id")  # in the author's place
    done_at: datetime | None = None
    done_by_id: int | None = Field(default=None, foreign_key="person.id")


class Support(SQLModel, table=True):
    """Help that was raised for a commune (hỗ trợ huy động), as a slip tells of it.

    A row that a new version of the slip no longer has is kept with `removed_at`.
    """

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id", index=True)
    text: str
    kind: str  # nha_tinh_nghia, nha_tinh_thuong, qua, khac
    quantity: int
    value: int | None = Field(default=None, sa_type=BigInteger)  # đồng
    giver: str = ""
    entered_at: datetime
    removed_at: datetime | None = None
