"""The words of every noun that is found by words, with a full-text index in either dialect."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, UniqueConstraint, event
from sqlmodel import Field, SQLModel

from storage.tables.metadata import metadata

WORDS = "array_to_tsvector(string_to_array(words, ' '))"
"""What PostgreSQL indexes: the words as they are, no dictionary and no parser between."""
_COLUMNS = "rowid, kind, part, words"
_NEW, _OLD = (f"{row}.id, {row}.kind, {row}.part, {row}.words" for row in ("new", "old"))
_IN = f"INSERT INTO search_index({_COLUMNS}) VALUES ({_NEW})"
_OUT = f"INSERT INTO search_index(search_index, {_COLUMNS}) VALUES('delete', {_OLD})"
INDEXES = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING fts5("
        "kind, part, words, content='search_text', content_rowid='id', tokenize='ascii', "
        "detail=column, prefix='2 3')",
        f"CREATE TRIGGER search_text_added AFTER INSERT ON search_text BEGIN {_IN}; END",
        f"CREATE TRIGGER search_text_gone AFTER DELETE ON search_text BEGIN {_OUT}; END",
        "CREATE TRIGGER search_text_changed AFTER UPDATE OF words ON search_text "
        f"BEGIN {_OUT}; {_IN}; END",
    ),
    "postgresql": (f"CREATE INDEX search_index ON search_text USING gin ({WORDS})",),
}
"""What no description of tables can say, by dialect; a migration has it written out."""


class SearchText(SQLModel, table=True):
    """One noun's words without marks, as far as one kind of reader sees them.

    A visit has two rows: `part` "whole" for who sees all of it, "seen" for the others.
    """

    metadata = metadata
    __tablename__ = "search_text"
    __table_args__ = (UniqueConstraint("kind", "noun_id", "part"),)
    id: int | None = Field(default=None, primary_key=True)
    kind: str
    noun_id: int
    part: str = ""
    words: str
    at: datetime


def own(name: str | None, kind: str, _parent: Any) -> bool:
    """False for what the index consists of, which no description of tables knows."""
    return kind not in ("table", "index") or not (name or "").startswith("search_index")


def _index(table: Table, connection: Connection, **_: object) -> None:
    for statement in INDEXES[connection.dialect.name]:
        connection.exec_driver_sql(statement)


event.listen(metadata.tables["search_text"], "after_create", _index)
