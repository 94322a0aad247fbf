"""Who follows what, under which regulation, how often, and when they are excused."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Regulation(SQLModel, table=True):
    """A numbered regulation (quy định)."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True)
    issued_on: date | None = None
    title: str = ""
    issuer: str = ""  # "Ban Thường vụ Tỉnh ủy", as a report cites it


class Cadence(SQLModel, table=True):
    """One version of how often visits and exchanges are owed."""

    metadata = metadata
    __table_args__ = (UniqueConstraint("regulation_id", "kind", "from_date"),)
    id: int | None = Field(default=None, primary_key=True)
    regulation_id: int = Field(foreign_key="regulation.id")
    kind: str  # theo_doi, phu_trach
    from_date: date
    unit: str  # thang, quy, nua_nam, nam
    visits: int = 1
    exchanges: int = 0


class Assignment(SQLModel, table=True):
    """A person is assigned an area; each one is owed for by itself."""

    metadata = metadata
    __table_args__ = (
        UniqueConstraint("person_id", "area_id", "regulation_id", "kind", "from_date"),
    )
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    area_id: int = Field(foreign_key="area.id", index=True)
    regulation_id: int = Field(foreign_key="regulation.id")
    kind: str  # theo_doi, phu_trach
    from_date: date
    to_date: date | None = None  # last day in force
    self_registered: bool = False
    handed_over_on: date | None = None  # the last day for which what was open has been handed over


class Absence(SQLModel, table=True):
    """A time when a visit is excused or made by somebody in place; asked for, then decided."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    area_id: int | None = Field(default=None, foreign_key="area.id")
    from_date: date
    to_date: date
    form: str  # mien (excused), di_thay (substituted)
    reason: str = ""
    substitute: str = ""
    state: str = "approved"  # proposed, approved, refused
    asked_at: datetime | None = None
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = None
