"""Who owes visits where, by which cadence, and the days of the visits made."""

from datetime import date

from sqlmodel import Session, col, or_, select

from storage.scope import Viewer, visits_seen
from storage.tables import Assignment, Cadence, Regulation, Visit

Bound = tuple[Assignment, str]
"""An assignment with the number of its regulation."""


def assignments(session: Session, viewer: Viewer, first: date, last: date) -> list[Bound]:
    """Assignments in force on some day from first to last, within the viewer's areas."""
    found = (
        select(Assignment, Regulation.number)
        .join(Regulation, col(Regulation.id) == Assignment.regulation_id)
        .where(
            col(Assignment.from_date) <= last,
            or_(col(Assignment.to_date).is_(None), col(Assignment.to_date) >= first),
        )
        .order_by(col(Assignment.id))
    )
    if not viewer.everywhere:
        people = {viewer.person_id} | viewer.helps
        mine = or_(col(Assignment.person_id).in_(people), col(Assignment.area_id).in_(viewer.areas))
        found = found.where(mine)
    return [(row, number) for row, number in session.exec(found)]


def cadences(session: Session) -> list[tuple[Cadence, str]]:
    """Every cadence version with the number of its regulation."""
    found = select(Cadence, Regulation.number).join(
        Regulation, col(Regulation.id) == Cadence.regulation_id
    )
    return [(row, number) for row, number in session.exec(found)]


def visit_days(
    session: Session, viewer: Viewer, first: date, last: date
) -> list[tuple[int, int, date]]:
    """(person, area, day) of every visit that stands, of the days from first to last."""
    found = (
        select(col(Visit.person_id), col(Visit.area_id), col(Visit.visited_on))
        .where(
            visits_seen(viewer),
            col(Visit.withdrawn_at).is_(None),
            col(Visit.visited_on).between(first, last),
        )
        .order_by(col(Visit.visited_on))
    )
    return [(person, area, day) for person, area, day in session.exec(found)]
