"""Commitments (VH-…): what was promised in a visit, carried over until it is done."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import bindparam, func, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage import audit
from storage.prepared import Prepared
from storage.scope import Viewer, visits_seen
from storage.tables import Commitment, Visit, metadata

commitment = metadata.tables["commitment"]


def _seen(viewer: Viewer) -> SelectOfScalar[Commitment]:
    """Of visits that stand, as far as the viewer sees them."""
    found = select(Commitment).join(Visit, col(Visit.id) == Commitment.visit_id)
    return found.where(visits_seen(viewer), col(Visit.withdrawn_at).is_(None))


def by_number(session: Session, viewer: Viewer, number: int) -> Commitment | None:
    """VH-number."""
    return session.exec(_seen(viewer).where(Commitment.number == number)).first()


def open_in(session: Session, viewer: Viewer, area_ids: Collection[int]) -> list[Commitment]:
    """Not done in these areas, in order."""
    found = _seen(viewer).where(
        col(Commitment.area_id).in_(sorted(area_ids)), col(Commitment.done_at).is_(None)
    )
    return list(session.exec(found.order_by(col(Commitment.number))))


_ANY_OPEN = Prepared(
    select_columns(commitment.c.id)
    .where(
        commitment.c.area_id == bindparam("area"),
        commitment.c.visit_id < bindparam("visit"),
        commitment.c.done_at.is_(None),
    )
    .limit(1)
)


def open_before(session: Session, viewer: Viewer, visit: Visit) -> list[Commitment]:
    """Not done in the visit's area, made in earlier visits; asked for with every visit."""
    if _ANY_OPEN.first(session.connection(), area=visit.area_id, visit=visit.id) is None:
        return []
    left = open_in(session, viewer, {visit.area_id})
    return [one for one in left if one.visit_id < (visit.id or 0)]


def falling_due(session: Session, viewer: Viewer, last: date) -> list[tuple[Commitment, int]]:
    """Not done, with a day up to that one; each with who made it, or holds it since."""
    found = (
        select(Commitment, func.coalesce(col(Commitment.holder_id), col(Visit.person_id)))
        .join(Visit, col(Visit.id) == Commitment.visit_id)
        .where(
            visits_seen(viewer),
            col(Visit.withdrawn_at).is_(None),
            col(Commitment.done_at).is_(None),
            col(Commitment.due_on) <= last,
        )
    )
    return [(row, who) for row, who in session.exec(found.order_by(col(Commitment.number)))]


def maker(session: Session, viewer: Viewer, commitment: Commitment) -> int | None:
    """Whose visit it was made in, or who holds it since."""
    if commitment.holder_id is not None:
        return commitment.holder_id
    found = select(Visit.person_id).where(Visit.id == commitment.visit_id, visits_seen(viewer))
    return session.exec(found).first()


def done(session: Session, commitment: Commitment, *, by_id: int, at: datetime) -> bool:
    """It is done; False when it was before."""
    statement = (
        update(Commitment)
        .where(col(Commitment.id) == commitment.id, col(Commitment.done_at).is_(None))
        .values(done_at=at, done_by_id=by_id)
        .returning(col(Commitment.id))
    )
    first = session.connection().execute(statement).first() is not None
    session.refresh(commitment)
    if first:
        audit.note(session, "commitment.done", "commitment", commitment.id, by=by_id, at=at)
    return first
