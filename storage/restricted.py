"""Restricted items: sealed when they are sent, listed for their receivers, opened one by one.

They stand in a table of their own, so that no list, search, count or export of cases can come
upon them. Their numbers are of the series KN like those of cases.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage import audit
from storage.counters import next_number
from storage.known import Span
from storage.prepared import Prepared
from storage.scope import SYSTEM, Viewer
from storage.secrecy import box
from storage.tables import Restricted, RestrictedReceiver, metadata

restricted = metadata.tables["restricted"]

BOARD, INSPECTION, HANDED = "thuong_truc", "kiem_tra", "handed"
WAITING, ANSWERED, ENDED = "waiting", "answered", "ended"


@dataclass(frozen=True)
class New:
    """What an author sends; `text` is empty when only a meeting is asked for."""

    text: str
    concerned: tuple[int, ...]  # people who must not learn of it
    others: str  # units and people it concerns, in the author's words
    unnamed: bool  # the standing board alone is told who wrote
    receivers: tuple[tuple[int, str], ...]  # person and role
    once: str
    due_on: date


@dataclass(frozen=True)
class Listed:
    """An item in a list of who may open it, or who wrote it: nothing of what it says."""

    id: int
    number: int
    raised_at: datetime
    due_on: date
    state: str
    opened: bool


@dataclass(frozen=True)
class Opened:
    """An item as a receiver reads it; `author_id` is None for whom it stays unnamed."""

    listed: Listed
    text: str
    others: str
    concerned: tuple[int, ...]
    author_id: int | None
    answer: str
    how: str  # by which right it is opened


def file(session: Session, viewer: Viewer, new: New, at: datetime) -> int | None:
    """Seal and keep it, once; its number, None when it was kept already."""
    once = select(Restricted.id).where(Restricted.once == new.once)
    if session.exec(once).first() is not None:
        return None
    sealed = box().seal(
        {
            "author": viewer.person_id,
            "text": new.text,
            "concerned": list(new.concerned),
            "others": new.others,
            "unnamed": new.unnamed,
        }
    )
    row = Restricted(
        number=next_number(session, "KN"),
        once=new.once,
        author_mark=box().author_marks(viewer.person_id)[0],
        sealed=sealed,
        raised_at=at,
        due_on=new.due_on,
    )
    session.add(row)
    session.flush()
    for person_id, role in new.receivers:
        session.add(
            RestrictedReceiver(restricted_id=row.id or 0, person_id=person_id, how=role, since=at)
        )
    session.flush()
    _note_unnamed(session, "restricted.file", row, at)
    return row.number


def _note_unnamed(session: Session, verb: str, row: Restricted, at: datetime) -> None:
    """The log does not tell who wrote: that is sealed with the item."""
    acting = audit.acting(session)
    audit.through(session, "")
    audit.note(session, verb, "restricted", row.id, at=at)
    audit.through(session, *acting)


def received(session: Session, viewer: Viewer, *, open_only: bool = False) -> list[Listed]:
    """What the viewer may open, the newest first."""
    found = _received(viewer)
    if open_only:
        found = found.where(Restricted.state == WAITING)
    rows = session.exec(found.order_by(col(Restricted.number).desc()))
    return [_listed(row, receiver) for row, receiver in rows]


def of_author(session: Session, viewer: Viewer) -> list[tuple[Listed, str]]:
    """What the viewer has sent, the newest first, with the answer to each."""
    if not box():
        return []
    marks = box().author_marks(viewer.person_id)
    found = select(Restricted).where(col(Restricted.author_mark).in_(marks))
    rows = session.exec(found.order_by(col(Restricted.number).desc()))
    return [(_listed(row, None), _answer(row)) for row in rows]


def opened(session: Session, viewer: Viewer, number: int, at: datetime) -> Opened | None:
    """The item, for who may open it; every opening is in the audit log."""
    row, receiver = _row(session, viewer, number)
    if row is None or receiver is None:
        return None
    receiver.opened_at = receiver.opened_at or at
    session.add(receiver)
    audit.note(session, "restricted.open", "restricted", row.id, by=viewer.person_id, at=at)
    said = box().open(row.sealed)
    hidden = said["unnamed"] and receiver.how != BOARD
    return Opened(
        listed=_listed(row, receiver),
        text=said["text"],
        others=said["others"],
        concerned=tuple(said["concerned"]),
        author_id=None if hidden else int(said["author"]),
        answer=_answer(row),
        how=receiver.how,
    )


def answer(session: Session, viewer: Viewer, number: int, text: str, at: datetime) -> int | None:
    """Keep the answer; the author's id, so that a neutral word can be sent. None: not theirs."""
    return _settle(session, viewer, number, at, state=ANSWERED, text=text)


def end(session: Session, viewer: Viewer, number: int, at: datetime) -> int | None:
    """It needs no answer any more (they have met, say)."""
    return _settle(session, viewer, number, at, state=ENDED)


def _settle(
    session: Session, viewer: Viewer, number: int, at: datetime, *, state: str, text: str = ""
) -> int | None:
    row, receiver = _row(session, viewer, number)
    if row is None or receiver is None:
        return None
    row.state, row.settled_at = state, at
    row.answer = box().seal({"text": text, "by": viewer.person_id}) if text else row.answer
    session.add(row)
    session.flush()
    verb = f"restricted.{'answer' if text else 'end'}"
    audit.note(session, verb, "restricted", row.id, by=viewer.person_id, at=at)
    return int(box().open(row.sealed)["author"])


def hand(session: Session, viewer: Viewer, number: int, person_id: int, at: datetime) -> bool:
    """A member of the standing board lets one more person open it, who it does not concern."""
    row, receiver = _row(session, viewer, number)
    if row is None or receiver is None or receiver.how != BOARD:
        return False
    said = box().open(row.sealed)
    there = session.get(RestrictedReceiver, (row.id, person_id))
    if person_id in said["concerned"] or person_id == said["author"] or there is not None:
        return False
    session.add(
        RestrictedReceiver(restricted_id=row.id or 0, person_id=person_id, how=HANDED, since=at)
    )
    session.flush()
    audit.note(session, "restricted.hand", "restricted", row.id, by=viewer.person_id, at=at)
    return True


def raised_in(session: Session, viewer: Viewer, span: Span) -> int:
    """How many of the period the viewer may open: the standing board's separate line."""
    if BOARD not in viewer.roles:
        return 0
    inside = and_(col(Restricted.raised_at) >= span.begins, col(Restricted.raised_at) < span.ends)
    found = _received(viewer).where(inside).subquery()
    return int(session.connection().execute(select(func.count()).select_from(found)).scalar_one())


_ANY_WAITING = Prepared(
    select_columns(restricted.c.id).where(restricted.c.state == WAITING).limit(1)
)


def any_waits(session: Session, viewer: Viewer) -> bool:
    """Whether there is an unsettled item at all. Only the clock learns it."""
    return viewer is SYSTEM and _ANY_WAITING.first(session.connection()) is not None


def neglected(session: Session, viewer: Viewer, day: date) -> dict[int, list[int]]:
    """Who is to be told once more: ids of items not settled by their day, by receiver.

    Only the clock learns it.
    """
    if viewer is not SYSTEM:
        return {}
    late = select(Restricted.id, RestrictedReceiver.person_id).where(
        Restricted.id == RestrictedReceiver.restricted_id,
        Restricted.state == WAITING,
        col(Restricted.due_on) < day,
        col(Restricted.reminded_at).is_(None),
    )
    found: dict[int, list[int]] = {}
    for item, person in session.exec(late):
        found.setdefault(person, []).append(item or 0)
    return found


def left_alone(
    session: Session, viewer: Viewer, holding: Collection[tuple[int, str]]
) -> list[tuple[Restricted, dict[str, Any]]]:
    """Unsettled items that nobody may open any more, with what is sealed in each.

    `holding` are the people who hold a receiving role, each with it. Only the clock learns it.
    """
    if viewer is not SYSTEM or not box():
        return []
    waiting = session.exec(select(Restricted).where(Restricted.state == WAITING)).all()
    ids = [row.id or 0 for row in waiting]
    rows = session.exec(
        select(RestrictedReceiver).where(col(RestrictedReceiver.restricted_id).in_(ids))
    )
    seen = {r.restricted_id for r in rows if r.how == HANDED or (r.person_id, r.how) in holding}
    return [(row, box().open(row.sealed)) for row in waiting if row.id not in seen]


def pass_on(
    session: Session, row: Restricted, receivers: Collection[tuple[int, str]], at: datetime
) -> None:
    """These receive it in place of those who have left; with nobody it is ended unread."""
    for person_id, how in receivers:
        there = session.get(RestrictedReceiver, (row.id, person_id))
        new = RestrictedReceiver(restricted_id=row.id or 0, person_id=person_id, how=how, since=at)
        session.add(new if there is None else there.sqlmodel_update({"how": how}))
    if not receivers:
        row.state, row.settled_at = ENDED, at
        session.add(row)
    session.flush()
    _note_unnamed(session, "restricted.pass_on" if receivers else "restricted.end", row, at)


def reminded(session: Session, ids: Collection[int], at: datetime) -> None:
    """They were told once more."""
    told = update(Restricted).where(col(Restricted.id).in_(sorted(ids)))
    session.connection().execute(told.values(reminded_at=at))


def reseal(session: Session) -> int:
    """Seal everything with the first key; how many items."""
    count = 0
    for row in session.exec(select(Restricted).order_by(col(Restricted.id))):
        author = int(box().open(row.sealed)["author"])
        row.sealed = box().again(row.sealed)
        row.answer = box().again(row.answer) if row.answer else ""
        row.author_mark = box().author_marks(author)[0]
        session.add(row)
        count += 1
    session.flush()
    return count


def _received(viewer: Viewer) -> Any:
    return (
        select(Restricted, RestrictedReceiver)
        .join(RestrictedReceiver, col(RestrictedReceiver.restricted_id) == col(Restricted.id))
        .where(_may_open(viewer))
    )


def _may_open(viewer: Viewer) -> ColumnElement[bool]:
    """Who was named for it and holds the role still; nobody who helps, nobody by areas."""
    how = col(RestrictedReceiver.how)
    held = or_(how == HANDED, how.in_(sorted(viewer.roles & {BOARD, INSPECTION})))
    return and_(col(RestrictedReceiver.person_id) == viewer.person_id, held)


def _row(
    session: Session, viewer: Viewer, number: int
) -> tuple[Restricted | None, RestrictedReceiver | None]:
    found = session.exec(_received(viewer).where(Restricted.number == number)).first()
    return found or (None, None)


def _listed(row: Restricted, receiver: RestrictedReceiver | None) -> Listed:
    opened = receiver is not None and receiver.opened_at is not None
    return Listed(row.id or 0, row.number, row.raised_at, row.due_on, row.state, opened)


def _answer(row: Restricted) -> str:
    return str(box().open(row.answer)["text"]) if row.answer else ""
