"""Visits as a viewer may see them: what goes upward only stays hidden from the commune."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, insert, null
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage import audit, indexing
from storage.prepared import Prepared
from storage.scope import Viewer, visits_seen, visits_whole
from storage.tables import Commitment, Companion, Visit, VisitVersion, metadata

visit = metadata.tables["visit"]


@dataclass(frozen=True)
class Seen:
    """A visit in the parts one viewer may see; what is hidden from it is None."""

    id: int
    number: int
    person_id: int
    area_id: int
    visited_on: date
    activity: str
    activity_note: str
    situation: str | None
    advice: str
    check: str | None
    written_by_id: int
    submitted_at: datetime
    version: int
    withdrawn_at: datetime | None
    confirmed_at: datetime | None
    on_paper: bool
    substitute: str
    pinned: bool
    shared: bool


def listed(
    session: Session,
    viewer: Viewer,
    *conditions: ColumnElement[bool],
    limit: int | None = None,
    offset: int = 0,
) -> list[Seen]:
    """Visits that stand, newest first, that meet the conditions."""
    found = _seen(viewer).where(col(Visit.withdrawn_at).is_(None), *conditions)
    newest = found.order_by(col(Visit.visited_on).desc(), col(Visit.number).desc())
    rows = session.connection().execute(newest.limit(limit).offset(offset))
    return [Seen(**row._asdict()) for row in rows]


def by_number(session: Session, viewer: Viewer, number: int) -> Seen | None:
    """CS-number, withdrawn ones too; None when the viewer may not see it."""
    found = _seen(viewer).where(col(Visit.number) == number)
    row = session.connection().execute(found).one_or_none()
    return None if row is None else Seen(**row._asdict())


def by_id(session: Session, viewer: Viewer, visit_id: int) -> Seen | None:
    """One visit; None when the viewer may not see it."""
    row = session.connection().execute(_seen(viewer).where(col(Visit.id) == visit_id)).one_or_none()
    return None if row is None else Seen(**row._asdict())


def of_author(session: Session, viewer: Viewer, person_id: int, *, limit: int = 10) -> list[Seen]:
    """What one person filed, newest first."""
    return listed(session, viewer, col(Visit.person_id) == person_id, limit=limit)


def of_area(session: Session, viewer: Viewer, area_id: int, *, limit: int = 5) -> list[Seen]:
    """The last visits to one area."""
    return listed(session, viewer, col(Visit.area_id) == area_id, limit=limit)


def areas_visited(session: Session, viewer: Viewer, first: date) -> set[int]:
    """The areas to which the viewer made a visit on that day or later."""
    rows = _AREAS.all(session.connection(), person=viewer.person_id, first=first)
    return {row.area_id for row in rows}


_AREAS = Prepared(
    select_columns(visit.c.area_id)
    .where(
        visit.c.person_id == bindparam("person"),
        visit.c.visited_on >= bindparam("first"),
        visit.c.withdrawn_at.is_(None),
    )
    .distinct()
)


_NEW = Prepared(
    insert(visit)
    .values({column.name: bindparam(column.name) for column in visit.c if column.name != "id"})
    .returning(visit.c.id)
)


def put(session: Session, viewer: Viewer, new: Visit) -> None:
    """Store what the viewer writes, as one row; `new` gets its id and stays outside the session."""
    made = _NEW.first(session.connection(), **new.model_dump(exclude={"id"}))
    assert made is not None
    new.id = made.id
    indexing.refresh(session.connection(), "visit", [made.id])
    audit.note(session, "visit.file", "visit", new.id, by=viewer.person_id, at=new.submitted_at)


def row(session: Session, viewer: Viewer, number: int) -> Visit | None:
    """The visit itself, for one who may change it: its person, or who writes for that person."""
    may = frozenset({viewer.person_id}) | viewer.helps
    found = select(Visit).where(Visit.number == number)
    if "tong_hop" not in viewer.roles:
        found = found.where(col(Visit.person_id).in_(sorted(may)))
    return session.exec(found).first()


def commitments(session: Session, viewer: Viewer, visit_ids: Sequence[int]) -> list[Commitment]:
    """What was promised in these visits, in order."""
    found = (
        select(Commitment)
        .join(Visit, col(Visit.id) == Commitment.visit_id)
        .where(visits_seen(viewer), col(Commitment.visit_id).in_(list(visit_ids)))
    )
    return list(session.exec(found.order_by(col(Commitment.number))))


def companions(session: Session, viewer: Viewer, visit_id: int) -> list[str]:
    """Who went along, by name as written."""
    found = (
        select(Companion.name)
        .join(Visit, col(Visit.id) == Companion.visit_id)
        .where(visits_seen(viewer), Companion.visit_id == visit_id)
    )
    return list(session.exec(found.order_by(col(Companion.id))))


def new_version(
    session: Session, viewer: Viewer, visit: Visit, *, reason: str, at: datetime
) -> None:
    """Keep what the visit says now, before it is changed."""
    assert visit.id is not None
    kept = VisitVersion(
        visit_id=visit.id,
        version=visit.version,
        content=content(visit),
        reason=reason,
        changed_by_id=viewer.person_id,
        changed_at=at,
    )
    session.add(kept)
    visit.version += 1
    audit.note(session, "visit.change", "visit", visit.id, by=viewer.person_id, at=at)


VERSIONED = (
    "area_id",
    "visited_on",
    "activity",
    "activity_note",
    "situation",
    "advice",
    "check",
    "shared",
    "latitude",
    "longitude",
    "withdrawn_at",
)


def content(visit: Visit) -> dict[str, Any]:
    """The parts of a visit that a new version may change, as plain JSON."""
    values = {name: getattr(visit, name) for name in VERSIONED}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }


def _seen(viewer: Viewer) -> Select[Any]:
    whole = visits_whole(viewer)
    upward = ("situation", "check")
    hidden = {name: case((whole, getattr(Visit, name)), else_=null()) for name in upward}
    columns = [
        hidden.get(name, getattr(Visit, name)).label(name) for name in Seen.__dataclass_fields__
    ]
    found: Select[Any] = Select(*columns)
    return found.where(visits_seen(viewer))
