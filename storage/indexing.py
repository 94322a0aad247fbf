"""Keeps the words of visits, cases, talks and papers beside them, in the transaction that writes.

What the ORM writes is noticed by itself; who writes in Core calls `refresh`, or `fill` for many.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    event,
    inspect,
    select,
    text,
)
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from storage.prepared import Prepared
from storage.tables import (
    Area,
    Case,
    Commitment,
    Directive,
    Exchange,
    ExchangeMessage,
    Invitation,
    Paper,
    PaperComment,
    SearchText,
    Support,
    Visit,
    metadata,
)

search_text = metadata.tables["search_text"]

WHOLE, SEEN = "whole", "seen"  # parts of a visit
AT_ONCE = 500
LONGEST = 60  # letters of a word
_MARKS = re.compile("[\u0300-\u036f]")
_WORD = re.compile("[a-z0-9]+")


class Watched(NamedTuple):
    """Which noun a table's rows belong to, and the columns whose words are found."""

    kind: str
    noun: str
    columns: tuple[str, ...]


WATCHED: Mapping[type[SQLModel], Watched] = {
    Visit: Watched(
        "visit",
        "id",
        ("area_id", "visited_on", "activity_note", "situation", "advice", "check"),
    ),
    Support: Watched("visit", "visit_id", ("text", "giver", "removed_at")),
    Commitment: Watched("commitment", "id", ("text", "area_id")),
    Case: Watched("case", "id", ("text", "document", "answer", "commune_note", "area_id")),
    ExchangeMessage: Watched("exchange", "exchange_id", ("text",)),
    Invitation: Watched("invitation", "id", ("occasion", "place", "content", "answer_note")),
    Paper: Watched("paper", "id", ("text",)),
    PaperComment: Watched("paper", "paper_id", ("text", "answer_note")),
    Directive: Watched("directive", "id", ("text",)),
}


def words_of(text: str) -> list[str]:
    """The words without marks and capitals; what is neither letter nor digit parts them."""
    bare = text.casefold().replace("đ", "d").replace("ð", "d")
    return _WORD.findall(_MARKS.sub("", unicodedata.normalize("NFD", bare)))


def refresh(connection: Connection, kind: str, ids: Collection[int]) -> None:
    """Write anew what these nouns say."""
    rows = [
        {"kind": kind, "noun_id": noun, "part": part, "words": _joined(texts), "at": _moment(at)}
        for (noun, part), (at, texts) in _gathered(connection, kind, ids).items()
    ]
    _WRITE.run_each(connection, rows)


def fill(connection: Connection, *, anew: bool = False) -> None:
    """Write what is missing, or everything anew: after many rows at once."""
    for kind, source in _SOURCES.items():
        there = select(col(SearchText.noun_id)).where(col(SearchText.kind) == kind)
        found = select(source.id).order_by(source.id)
        ids = [row[0] for row in connection.execute(found if anew else _not_in(found, there))]
        for start in range(0, len(ids), AT_ONCE):
            refresh(connection, kind, ids[start : start + AT_ONCE])


def _not_in(found: Select[Any], there: Select[Any]) -> Select[Any]:
    return found.where(found.selected_columns[0].not_in(there))


def _joined(texts: Iterable[str]) -> str:
    """Each word once."""
    return " ".join(dict.fromkeys(word[:LONGEST] for text in texts for word in words_of(text)))


def _moment(at: date | datetime) -> datetime:
    """A visit has a day only: noon of it."""
    return at if isinstance(at, datetime) else datetime.combine(at, time(12), UTC)


class _Source(NamedTuple):
    """Where a kind's words are read: the noun's id, when it was, its texts; a row or several.

    The last `upward` texts are left out for who does not see the whole.
    """

    id: ColumnElement[int]
    query: Select[Any]
    upward: int = 0


def _gathered(
    connection: Connection, kind: str, ids: Collection[int]
) -> dict[tuple[int, str], tuple[date | datetime, list[str]]]:
    """By noun and part: when it was, and what it says."""
    source = _SOURCES[kind]
    found: dict[tuple[int, str], tuple[date | datetime, list[str]]] = {}
    for noun, at, *texts in _rows(connection, kind, sorted(ids)):
        parts = {"": texts}
        if source.upward:
            parts = {WHOLE: texts, SEEN: texts[: -source.upward]}
        for part, said in parts.items():
            found.setdefault((noun, part), (at, []))[1].extend(text for text in said if text)
    return found


def _rows(connection: Connection, kind: str, ids: Sequence[int]) -> Iterable[Any]:
    if len(ids) == 1:  # somebody has just written it
        return _ONE[kind].all(connection, noun=ids[0])
    source = _SOURCES[kind]
    return connection.execute(source.query.where(source.id.in_(ids)))


def _read(noun: Any, at: Any, *texts: Any, upward: int = 0) -> _Source:
    """What has an area is found by the area's name, too."""
    found: Select[Any] = select(noun.id, at).select_from(noun)
    if hasattr(noun, "area_id"):
        found = found.add_columns(col(Area.name)).join(Area, col(Area.id) == noun.area_id)
    return _Source(noun.id, found.add_columns(*texts), upward)


def _of_visit(source: _Source) -> _Source:
    visit = col(Visit.id) == col(Commitment.visit_id)
    return source._replace(query=source.query.join(Visit, visit))


def _helped(source: _Source) -> _Source:
    """A row for each thing raised that the slip tells of now, or one."""
    told = and_(col(Support.visit_id) == col(Visit.id), col(Support.removed_at).is_(None))
    return source._replace(query=source.query.outerjoin(Support, told).order_by(col(Support.id)))


def _with(source: _Source, more: Any, is_of: ColumnElement[bool], *texts: Any) -> _Source:
    """And what others have said about it."""
    found = source.query.outerjoin(more, is_of).add_columns(*texts).order_by(col(more.id))
    return source._replace(query=found)


_SOURCES: Mapping[str, _Source] = {
    "visit": _helped(
        _read(
            Visit,
            Visit.visited_on,
            Visit.activity_note,
            Visit.advice,
            Support.text,
            Support.giver,
            Visit.situation,
            Visit.check,
            upward=2,
        )
    ),
    "commitment": _of_visit(_read(Commitment, Visit.visited_on, Commitment.text)),
    "case": _read(Case, Case.raised_at, Case.text, Case.document, Case.answer, Case.commune_note),
    "exchange": _with(
        _read(Exchange, Exchange.begun_at),
        ExchangeMessage,
        col(ExchangeMessage.exchange_id) == col(Exchange.id),
        ExchangeMessage.text,
    ),
    "invitation": _read(
        Invitation,
        Invitation.sent_at,
        Invitation.occasion,
        Invitation.place,
        Invitation.content,
        Invitation.answer_note,
    ),
    "paper": _with(
        _read(Paper, Paper.sent_at, Paper.text),
        PaperComment,
        col(PaperComment.paper_id) == col(Paper.id),
        PaperComment.text,
        PaperComment.answer_note,
    ),
    "directive": _read(Directive, Directive.issued_at, Directive.text),
}

_ONE = {
    kind: Prepared(source.query.where(source.id == bindparam("noun")))
    for kind, source in _SOURCES.items()
}
_WRITE = Prepared(
    text(
        "INSERT INTO search_text (kind, noun_id, part, words, at) "
        "VALUES (:kind, :noun_id, :part, :words, :at) "
        "ON CONFLICT (kind, noun_id, part) DO UPDATE SET words = excluded.words, at = excluded.at"
    ).bindparams(bindparam("at", type_=search_text.c.at.type))
)


@event.listens_for(Session, "after_flush")
def _notice(session: Session, _flush: object) -> None:
    """Whatever the ORM has just written or changed of what is found by words."""
    touched: dict[str, set[int]] = defaultdict(set)
    for row in session.new:
        if (watched := WATCHED.get(type(row))) is not None:
            touched[watched.kind].add(getattr(row, watched.noun))
    for row in session.dirty:
        watched = WATCHED.get(type(row))
        if watched is not None and _changed(row, watched.columns):
            touched[watched.kind].add(getattr(row, watched.noun))
    for kind, ids in touched.items():
        refresh(session.connection(), kind, ids)


def _changed(row: object, columns: Iterable[str]) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in columns)
