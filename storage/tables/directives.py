"""Directives (nội dung cần truyền đạt): what the province wants passed on to communes."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Directive(SQLModel, table=True):
    """One text that followers carry to their communes."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    number: int = Field(unique=True)  # ND-…
    text: str
    issued_by_id: int = Field(foreign_key="person.id")
    issued_at: datetime = Field(index=True)
    due_on: date  # by when the communes should have it


class DirectiveTarget(SQLModel, table=True):
    """One area it goes to, and how far it has come there."""

    metadata = metadata
    __tablename__ = "directive_target"
    __table_args__ = (UniqueConstraint("directive_id", "area_id", "cadre_id"),)
    id: int | None = Field(default=None, primary_key=True)
    directive_id: int = Field(foreign_key="directive.id", index=True)
    area_id: int = Field(foreign_key="area.id", index=True)
    cadre_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    noted_at: datetime | None = None  # Đã nắm
    passed_at: datetime | None = None  # Đã truyền đạt
    passed_by_id: int | None = Field(default=None, foreign_key="person.id")
