"""Finds by words without marks, over all that the viewer may see, the newest first."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    column,
    func,
    literal,
    not_,
    null,
    select,
    table,
    union_all,
)
from sqlalchemy import text as plain
from sqlmodel import Session, col

from storage.indexing import SEEN, WHOLE, words_of
from storage.scope import (
    Viewer,
    cases_seen,
    directives_seen,
    exchanges_seen,
    invitations_seen,
    papers_seen,
    visits_seen,
    visits_whole,
)
from storage.tables import (
    Case,
    Commitment,
    Directive,
    Exchange,
    Invitation,
    Paper,
    SearchText,
    Visit,
)
from storage.tables.search import WORDS

BEGINNING = 100  # letters


class Hit(NamedTuple):
    """One noun that holds all the words, with what everybody who sees it may read of it."""

    kind: str
    id: int
    number: int
    area_id: int | None
    text: str  # how it begins; of a visit, the activity
    at: datetime


def found(
    session: Session, viewer: Viewer, wanted: str, *, limit: int, offset: int = 0
) -> list[Hit]:
    """What holds every wanted word, or a word that begins with it; a number is meant whole."""
    words = words_of(wanted)
    if not words:
        return []
    connection = session.connection()
    match = partial(_MATCH[connection.dialect.name], words)
    each = [_newest(kind.subquery(), limit + offset) for kind in _kinds(viewer, match)]
    hits = union_all(*(select(kind.subquery()) for kind in each)).subquery()
    rows = connection.execute(_newest(hits, limit).offset(offset)).all()
    return _told(connection, [(row.kind, row.id, row.at) for row in rows])


def _newest(hits: Subquery, limit: int) -> Select[Any]:
    return select(hits).order_by(hits.c.at.desc(), hits.c.kind, hits.c.id.desc()).limit(limit)


def _kinds(viewer: Viewer, match: Callable[..., ColumnElement[bool]]) -> list[Select[Any]]:
    seen, whole = visits_seen(viewer), visits_whole(viewer)
    stands = col(Visit.withdrawn_at).is_(None)
    promised = _of(Commitment, match("commitment"), seen, stands)
    kinds = [
        _of(Visit, match("visit", WHOLE), stands, seen, whole),
        promised.join(Visit, col(Visit.id) == col(Commitment.visit_id)),
        _of(Case, match("case"), cases_seen(viewer)),
        _of(Exchange, match("exchange"), exchanges_seen(viewer)),
        _of(Invitation, match("invitation"), invitations_seen(viewer)),
        _of(Paper, match("paper"), papers_seen(viewer)),
        _of(Directive, match("directive"), directives_seen(viewer)),
    ]
    if not viewer.everywhere:
        kinds.append(_of(Visit, match("visit", SEEN), stands, seen, not_(whole)))
    return kinds


def _of(noun: Any, *where: ColumnElement[bool]) -> Select[Any]:
    """What of one noun is found."""
    columns: list[Any] = [SearchText.kind, noun.id.label("id"), SearchText.at]
    found: Select[Any] = select(*columns)
    return found.join_from(SearchText, noun, noun.id == col(SearchText.noun_id)).where(*where)


def _told(connection: Connection, hits: list[tuple[str, int, datetime]]) -> list[Hit]:
    """With what stands in a line of the list."""
    lines: dict[tuple[str, int], tuple[int, int | None, str]] = {}
    for kind in {kind for kind, _, _ in hits}:
        noun, text = _LINES[kind]
        area = getattr(noun, "area_id", null())
        ids = [number for of, number, _ in hits if of == kind]
        query: Select[Any] = select(noun.id, noun.number, area, func.substr(text, 1, BEGINNING))
        for row in connection.execute(query.where(noun.id.in_(ids))):
            lines[kind, row[0]] = (row[1], row[2], row[3])
    return [Hit(kind, number, *lines[kind, number], at) for kind, number, at in hits]


_LINES: Mapping[str, tuple[Any, Any]] = {
    "visit": (Visit, Visit.activity),
    "commitment": (Commitment, Commitment.text),
    "case": (Case, Case.text),
    "exchange": (Exchange, literal("")),
    "invitation": (Invitation, Invitation.occasion),
    "paper": (Paper, Paper.text),
    "directive": (Directive, Directive.text),
}
"""What everybody who sees a noun may read of it in a list."""


_INDEX = table("search_index", column("rowid", Integer))


def _fts5(words: Sequence[str], kind: str, part: str = "") -> ColumnElement[bool]:
    """SQLite: rows of one kind that hold the words, both looked up in the index."""
    said = " ".join(f'"{word}"' if word.isdigit() else f'"{word}"*' for word in words)
    of = f"kind: {kind} AND part: {part}" if part else f"kind: {kind}"
    asked: Any = bindparam("asked", f"{of} AND words: ({said})", unique=True)
    holds: Any = plain("search_index MATCH :asked").bindparams(asked)
    return and_(_INDEX.c.rowid == col(SearchText.id), holds)


def _gin(words: Sequence[str], kind: str, part: str = "") -> ColumnElement[bool]:
    """PostgreSQL: the same."""
    said = " & ".join(word if word.isdigit() else f"{word}:*" for word in words)
    asked: Any = bindparam("asked", said, unique=True)
    holds: Any = plain(f"{WORDS} @@ CAST(:asked AS tsquery)").bindparams(asked)
    return and_(holds, col(SearchText.kind) == kind, col(SearchText.part) == part)


_MATCH: Mapping[str, Callable[..., ColumnElement[bool]]] = {"sqlite": _fts5, "postgresql": _gin}
