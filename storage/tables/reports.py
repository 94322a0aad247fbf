"""Summaries: an immutable snapshot of figures, its wording, and who approved what when."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Report(SQLModel, table=True):
    """One summary of one period for one scope; figures are in `snapshot` and never edited."""

    metadata = metadata
    __table_args__ = (UniqueConstraint("period", "scope", "edition"),)
    id: int | None = Field(default=None, primary_key=True)
    period: str  # "2026-10", "2026-Q4"
    scope: str  # "tinh", "phu_trach:<person id>", "can_bo:<person id>" (a cadre's own of the year)
    edition: int = 1
    cut_at: datetime
    snapshot: dict[str, Any] = Field(sa_type=JSON)
    sha256: str
    generator: str
    words: dict[str, Any] = Field(sa_type=JSON)  # the office's wording and chosen sentences
    state: str = "draft"  # draft, submitted, approved, sent; a cadre's own: draft, confirmed
    automatic: bool = False  # went out without review, and says so


class ReportEvent(SQLModel, table=True):
    """Drafted, edited, submitted, returned, approved, sent, opened: who and when."""

    metadata = metadata
    __tablename__ = "report_event"
    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    at: datetime
    by_id: int | None = Field(default=None, foreign_key="person.id")
    act: str
    note: str = ""
