"""What an entry shows that is worth another look (cần xem lại), and what its author says of it."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Signal(SQLModel, table=True):
    """One thing about one visit; no mark, no score, and nobody's judgement."""

    metadata = metadata
    __table_args__ = (UniqueConstraint("visit_id", "kind"),)
    id: int | None = Field(default=None, primary_key=True)
    visit_id: int = Field(foreign_key="visit.id")
    person_id: int = Field(foreign_key="person.id", index=True)  # whose visit it is
    kind: str  # copied, late, bunched, same_photo, nothing_raised
    other_id: int | None = Field(default=None, foreign_key="visit.id")  # the earlier entry
    found_at: datetime
    explanation: str = ""
    explained_at: datetime | None = None
