"""What is worth another look: found, listed for the one who looks, and explained by the author."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, select
from sqlmodel import Session, col
from sqlmodel import select as find

from storage import audit
from storage.scope import Viewer, visits_seen, visits_whole
from storage.tables import Area, Attachment, Case, Person, Signal, Visit
from storage.upserts import insert

PARTS = ("situation", "advice", "check")
_COLUMNS = ("id", "person_id", "area_id", "visited_on", "submitted_at", "on_paper")


@dataclass(frozen=True, slots=True)
class Entered:
    """A visit as it was entered, all its words in one."""

    id: int
    person_id: int
    area_id: int
    visited_on: date
    submitted_at: datetime
    on_paper: bool
    raised: bool  # a case came of it
    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A signal with the visit that it is about; `other` is the number of the earlier one."""

    kind: str
    number: int
    visited_on: date
    submitted_at: datetime
    person: str
    post: str
    area: str
    explanation: str
    text: str
    other: int | None = None
    other_text: str = ""


def entered(session: Session, viewer: Viewer, since: date, until: date) -> list[Entered]:
    """The visits of these days that stand, with `until` left out."""
    raised = exists().where(col(Case.visit_id) == col(Visit.id))
    columns: list[Any] = [getattr(Visit, name) for name in (*_COLUMNS, *PARTS)]
    found: Select[Any] = select(raised, *columns).where(
        visits_whole(viewer),
        col(Visit.withdrawn_at).is_(None),
        col(Visit.visited_on) >= since,
        col(Visit.visited_on) < until,
    )
    return [_entered(*row) for row in session.connection().execute(found)]


def _entered(raised: bool, *values: Any) -> Entered:
    known = dict(zip(_COLUMNS, values, strict=False))
    return Entered(**known, raised=raised, text=_joined(values[len(_COLUMNS) :]))


def looks(session: Session, viewer: Viewer, since: date, until: date) -> dict[int, list[str]]:
    """How the pictures of those visits look, by visit."""
    found = (
        select(col(Visit.id), col(Attachment.looks))
        .join(Visit, col(Visit.id) == Attachment.about_id)
        .where(
            visits_whole(viewer),
            col(Attachment.about_kind) == "visit",
            col(Attachment.looks) != "",
            col(Visit.visited_on) >= since,
            col(Visit.visited_on) < until,
        )
        .order_by(col(Attachment.id))
    )
    pictures: dict[int, list[str]] = {}
    for visit_id, look in session.connection().execute(found):
        pictures.setdefault(visit_id or 0, []).append(look)
    return pictures


def keep(
    session: Session,
    viewer: Viewer,
    found: Iterable[tuple[int, int, str, int | None]],
    *,
    of: Collection[int],
    at: datetime,
) -> None:
    """The (visit, its person, kind, other visit) found about the visits `of` a period.

    What was found before and is found no more goes, unless its author has said something of it.
    """
    rows = [
        {"visit_id": visit, "person_id": person, "kind": kind, "other_id": other, "found_at": at}
        for visit, person, kind, other in found
    ]
    still = {(row["visit_id"], row["kind"]) for row in rows}
    known = session.exec(find(Signal).where(col(Signal.visit_id).in_(sorted(of)))).all()
    gone = [
        one.id for one in known if (one.visit_id, one.kind) not in still and not one.explanation
    ]
    session.connection().execute(delete(Signal).where(col(Signal.id).in_(gone)))
    if rows:
        new = insert(session.connection(), Signal).values(
            [row | {"explanation": "", "explained_at": None} for row in rows]
        )
        session.connection().execute(new.on_conflict_do_nothing())
    audit.note(session, "signals.list", "signal", None, by=viewer.person_id, at=at)


def listed(session: Session, viewer: Viewer, since: date, until: date) -> list[Listed]:
    """The signals of visits of these days; the desk lets one named person have them."""
    within = (col(Visit.visited_on) >= since) & (col(Visit.visited_on) < until)
    return _listed(session, viewer, within & visits_whole(viewer))


def own(session: Session, viewer: Viewer) -> list[Listed]:
    """Those of the viewer's own visits, and nobody else's."""
    return _listed(session, viewer, col(Signal.person_id) == viewer.person_id)


def explain(session: Session, viewer: Viewer, number: int, text: str, at: datetime) -> bool:
    """Keep what the author says of a visit; False where nothing of the viewer's own is listed."""
    visit = select(col(Visit.id)).where(col(Visit.number) == number, visits_seen(viewer))
    found = find(Signal).where(
        col(Signal.visit_id).in_(visit), col(Signal.person_id) == viewer.person_id
    )
    mine = session.exec(found).all()
    for one in mine:
        one.explanation, one.explained_at = text, at
        session.add(one)
    if mine:
        audit.note(session, "signal.explain", "visit", number, by=viewer.person_id, at=at)
    return bool(mine)


def _listed(session: Session, viewer: Viewer, which: ColumnElement[bool]) -> list[Listed]:
    found = (
        find(Signal, Visit, Person, Area.name)
        .join(Visit, col(Visit.id) == Signal.visit_id)
        .join(Person, col(Person.id) == Signal.person_id)
        .join(Area, col(Area.id) == Visit.area_id)
        .where(which, col(Visit.withdrawn_at).is_(None))
        .order_by(col(Person.rank), col(Person.id), col(Visit.visited_on), col(Signal.kind))
    )
    rows = session.exec(found).all()
    others = _others(session, viewer, {one.other_id for one, *_ in rows if one.other_id})
    return [_row(*row, others.get(row[0].other_id or 0)) for row in rows]


def _others(session: Session, viewer: Viewer, ids: Collection[int]) -> dict[int, Visit]:
    """The earlier visits, as far as the viewer may read them."""
    found = find(Visit).where(col(Visit.id).in_(sorted(ids)), visits_whole(viewer))
    return {one.id: one for one in session.exec(found) if one.id is not None}


def _row(signal: Signal, visit: Visit, person: Person, area: str, other: Visit | None) -> Listed:
    return Listed(
        signal.kind,
        visit.number,
        visit.visited_on,
        visit.submitted_at,
        person.full_name,
        person.post,
        area,
        signal.explanation,
        _words(visit),
        other.number if other else None,
        _words(other) if other else "",
    )


def _words(visit: Visit) -> str:
    return _joined(getattr(visit, part) for part in PARTS)


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part)
