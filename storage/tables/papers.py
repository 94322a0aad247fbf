"""Papers for comment (văn bản xin ý kiến): a commune sends a draft, its follower comments."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class Paper(SQLModel, table=True):
    """A draft of a commune; what it looks like hangs on it as attachments about ("paper", id)."""

    metadata = metadata
    id: int | None = Field(default=None, primary_key=True)
    number: int = Field(unique=True)  # VB-…
    area_id: int = Field(foreign_key="area.id", index=True)
    cadre_id: int = Field(foreign_key="person.id", index=True)
    sent_by_id: int = Field(foreign_key="person.id")
    text: str
    sent_at: datetime = Field(index=True)
    due_on: date
    commented_at: datetime | None = None  # the first comment


class PaperComment(SQLModel, table=True):
    """One comment, and what the commune makes of it."""

    metadata = metadata
    __tablename__ = "paper_comment"
    id: int | None = Field(default=None, primary_key=True)
    paper_id: int = Field(foreign_key="paper.id", index=True)
    by_id: int = Field(foreign_key="person.id")
    text: str
    agrees: bool = False  # nothing to change: needs no answer
    at: datetime
    answer: str = ""  # taken (tiếp thu), explained (giải trình)
    answer_note: str = ""
    answered_at: datetime | None = None
    answered_by_id: int | None = Field(default=None, foreign_key="person.id")
