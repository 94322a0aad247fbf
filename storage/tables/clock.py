"""What the clock has done and who holds which post: occurrences, leases, snoozes."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Occurrence(SQLModel, table=True):
    """Something due that was done once: UNIQUE(kind, target, due_at, step)."""

    metadata = metadata
    __table_args__ = (UniqueConstraint("kind", "target", "due_at", "step"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str  # visit_reminder, daily_notice, close, report …
    target: str = Field(index=True)  # "assignment:12", "person:7", "month:2026-10"
    due_at: datetime
    step: str = ""
    made_at: datetime
    outbox_id: int | None = Field(default=None, foreign_key="outbox.id")


class Snooze(SQLModel, table=True):
    """'Nhắc lại sau': no reminder about this before the time given."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    until: datetime
    asked_at: datetime


class Lease(SQLModel, table=True):
    """A post held by one process at a time, in real time: a poller, a sender, the clock."""

    metadata = metadata
    name: str = Field(primary_key=True)
    holder: str
    until: datetime
