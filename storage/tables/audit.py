"""The log of who saw or changed what: rows are only ever added, and then put into a chain."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata


class AuditEntry(SQLModel, table=True):
    """One thing that somebody did, without any of its content.

    It is written in the transaction that did it, with a mark that only this service can make. A
    pass of the clock gives what is committed its place in the chain, once.
    """

    metadata = metadata
    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(
            "ix_audit_entry_waiting",
            "id",
            sqlite_where=text("place IS NULL"),
            postgresql_where=text("place IS NULL"),
        ),
    )
    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    verb: str  # visit.file, case.answered, report.approved, restricted.open …
    kind: str  # visit, case, report, account …
    about_id: int | None = None
    person_id: int | None = None  # None: the clock, or the command line on the server
    channel: str  # telegram, zalo …, web, cli, clock
    nonce: str = Field(unique=True)
    mark: str  # key's name and HMAC of the columns above
    place: int | None = Field(default=None, unique=True)  # 1, 2, 3 … in the chain
    link: str = ""  # key's name and HMAC of all above and of the link before
