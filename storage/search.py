"""Finds by words without marks, over all that the viewer may see, the newest first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, not_, select, union_all
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


class Hit(NamedTuple):
    """One noun that holds all the words."""

    kind: str
    id: int
    at: datetime


def found(
    session: Session, viewer: Viewer, wanted: str, *, limit: int, offset: int = 0
) -> list[Hit]:
    """What holds every wanted word, or a word that begins with it; a number is meant whole."""
    words = words_of(wanted)
    if not words:
        return []
    connection = session.connection()
    match = _MATCH[connection.dialect.name]
    hits = union_all(*_kinds(viewer, match)).subquery()
    newest = select(hits).order_by(hits.c.at.desc(), hits.c.kind, hits.c.noun_id.desc())
    asked = {"wanted": _QUERY[connection.dialect.name](words)}
    rows = connection.execute(newest.limit(limit).offset(offset), asked)
    return [Hit(*row) for row in rows]


def _kinds(viewer: Viewer, match: Any) -> list[Select[Any]]:
    seen, whole = visits_seen(viewer), visits_whole(viewer)
    stands = col(Visit.withdrawn_at).is_(None)
    part = col(SearchText.part)
    mine = and_(part == WHOLE, whole) | and_(part == SEEN, seen, not_(whole))
    promised = _of("commitment", Commitment, match, visits_seen(viewer), stands)
    return [
        _of("visit", Visit, match, stands, mine),
        promised.join(Visit, col(Visit.id) == col(Commitment.visit_id)),
        _of("case", Case, match, cases_seen(viewer)),
        _of("exchange", Exchange, match, exchanges_seen(viewer)),
        _of("invitation", Invitation, match, invitations_seen(viewer)),
        _of("paper", Paper, match, papers_seen(viewer)),
        _of("directive", Directive, match, directives_seen(viewer)),
    ]


def _of(kind: str, noun: Any, *where: ColumnElement[bool]) -> Select[Any]:
    columns: list[Any] = [SearchText.kind, SearchText.noun_id, SearchText.at]
    found: Select[Any] = select(*columns)
    return found.join(noun, noun.id == col(SearchText.noun_id)).where(
        col(SearchText.kind) == kind, *where
    )


def _fts5(words: Sequence[str]) -> str:
    return " ".join(f'"{word}"' if word.isdigit() else f'"{word}"*' for word in words)


def _tsquery(words: Sequence[str]) -> str:
    return " & ".join(word if word.isdigit() else f"{word}:*" for word in words)


_QUERY = {"sqlite": _fts5, "postgresql": _tsquery}
_MATCH: dict[str, Any] = {
    "sqlite": col(SearchText.id).in_(
        plain("SELECT rowid FROM search_index WHERE search_index MATCH :wanted")
    ),
    "postgresql": plain(f"{WORDS} @@ CAST(:wanted AS tsquery)"),
}
