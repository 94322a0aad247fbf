"""Exchanges (trao đổi) between cadre and commune, invitations (giấy mời), meetings (họp mặt)."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Exchange(SQLModel, table=True):
    """A thread that counts as two-way only when both sides spoke."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    number: int = Field(unique=True)  # TR-…
    area_id: int = Field(foreign_key="area.id", index=True)
    cadre_id: int = Field(foreign_key="person.id", index=True)
    visit_id: int | None = Field(default=None, foreign_key="visit.id")
    begun_by: str  # cadre, commune
    begun_at: datetime = Field(index=True)
    answered_at: datetime | None = None
    due_on: date


class ExchangeMessage(SQLModel, table=True):
    """One message of an exchange."""

    metadata = metadata
    __tablename__ = "exchange_message"
    id: int | None = Field(default=None, primary_key=True)
    exchange_id: int = Field(foreign_key="exchange.id", index=True)
    side: str  # cadre, commune
    by_id: int = Field(foreign_key="person.id")
    text: str
    at: datetime
    read_at: datetime | None = None  # by the first of the other side
    read_by_id: int | None = Field(default=None, foreign_key="person.id")


class Invitation(SQLModel, table=True):
    """A commune invites its follower to an occasion."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    number: int = Field(unique=True)  # GM-…
    area_id: int = Field(foreign_key="area.id", index=True)
    cadre_id: int = Field(foreign_key="person.id", index=True)
    sent_by_id: int = Field(foreign_key="person.id")
    occasion: str
    starts_at: datetime = Field(index=True)
    timed: bool = True  # False: only the day is known
    place: str = ""
    content: str = ""
    sent_at: datetime
    answer: str = ""  # accepted, written (cannot come, opinion in writing)
    answer_note: str = ""
    answered_at: datetime | None = None
    visit_id: int | None = Field(default=None, foreign_key="visit.id")
    moved_from: datetime | None = None  # when it was to begin before the commune moved it
    changed_at: datetime | None = None  # moved or called off, by whom and why
    changed_by_id: int | None = Field(default=None, foreign_key="person.id")
    changed_why: str = ""
    called_off_at: datetime | None = None


class Meeting(SQLModel, table=True):
    """A member in charge meets the cadres who follow his areas (họp mặt)."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    member_id: int = Field(foreign_key="person.id", index=True)
    held_on: date = Field(index=True)
    words: str = ""  # the hour and the place, as he said them
    set_at: datetime
    cancelled_at: datetime | None = None
