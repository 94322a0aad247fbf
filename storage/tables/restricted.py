"""What is sent to the standing board alone: encrypted, with those who may open it."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Restricted(SQLModel, table=True):
    """One item; who wrote it, about whom and what stands in `sealed`, which only the key opens."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    number: int = Field(unique=True)  # KN-…, of the same series as every case
    once: str = Field(unique=True)  # of the page it was written on, so that it is kept once
    author_mark: str = Field(index=True)  # finds the author's own items; tells nobody who it is
    sealed: str
    answer: str = ""  # sealed too
    raised_at: datetime = Field(index=True)
    due_on: date
    state: str = "waiting"  # waiting, answered, ended
    reminded_at: datetime | None = None
    settled_at: datetime | None = None


class RestrictedReceiver(SQLModel, table=True):
    """Somebody who may open an item; whoever is concerned by it never is one."""

    metadata = metadata
    __tablename__ = "restricted_receiver"
    restricted_id: int = Field(primary_key=True, foreign_key="restricted.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id", index=True)
    how: str  # thuong_truc, kiem_tra: by the role; handed: by a member of the standing board
    since: datetime
    opened_at: datetime | None = None
