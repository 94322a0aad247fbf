"""Alerts (báo ngay): a case that cannot wait, told to one person after another until taken."""

from datetime import datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Alert(SQLModel, table=True):
    """One alert; it is open until somebody of the chain has taken it or all were told in vain."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="case.id", unique=True)
    by_id: int = Field(foreign_key="person.id")
    begun_at: datetime
    chain: list[int] = Field(sa_type=JSON)  # people in the order in which they are told
    told: int = 0  # how many times somebody was told
    told_at: datetime
    taken_by_id: int | None = Field(default=None, foreign_key="person.id")
    closed_at: datetime | None = Field(default=None, index=True)  # taken, or nobody left
