"""Who is who in a report: areas, people, assignments and what regulations ask for."""

from sqlalchemy import or_, select
from sqlmodel import Session, col

from storage import known as rows
from storage.facts.reading import found_as, inside
from storage.known import Span
from storage.tables import Account, Area, Assignment, Cadence, FieldOfWork, Person, Regulation


def areas(session: Session, within: frozenset[int] | None) -> tuple[rows.AreaRow, ...]:
    """The areas of the report in their order, with what they lie in."""
    found = select(
        col(Area.id),
        col(Area.name),
        col(Area.level),
        col(Area.parent_id),
        col(Area.valid_from),
        col(Area.valid_to),
    )
    found = found.where(inside(col(Area.id), within)).order_by(col(Area.place), col(Area.id))
    return found_as(session, found, rows.AreaRow)


def people(session: Session) -> tuple[rows.PersonRow, ...]:
    """Everybody in protocol order, and whether linked to an account."""
    confirmed = col(Account.state) == "confirmed"
    linked = col(Person.id).in_(select(col(Account.person_id)).where(confirmed))
    found = select(
        col(Person.id),
        col(Person.full_name),
        col(Person.post),
        col(Person.unit),
        col(Person.rank),
        linked,
    ).order_by(col(Person.rank), col(Person.id))
    return found_as(session, found, rows.PersonRow)


def assignments(
    session: Session, span: Span, within: frozenset[int] | None
) -> tuple[rows.AssignmentRow, ...]:
    """Those in force on a day of the span."""
    over = col(Assignment.to_date)
    found = (
        select(
            col(Assignment.id),
            col(Assignment.person_id),
            col(Assignment.area_id),
            col(Regulation.number),
            col(Assignment.kind),
            col(Assignment.from_date),
            over,
            col(Assignment.self_registered),
        )
        .join(Regulation, col(Regulation.id) == col(Assignment.regulation_id))
        .where(col(Assignment.from_date) < span.end, or_(over.is_(None), over >= span.start))
        .where(inside(col(Assignment.area_id), within))
        .order_by(col(Assignment.id))
    )
    return found_as(session, found, rows.AssignmentRow)


def cadences(session: Session) -> tuple[rows.CadenceRow, ...]:
    """What each version of a regulation asks for."""
    found = (
        select(
            col(Regulation.number),
            col(Cadence.kind),
            col(Cadence.from_date),
            col(Cadence.unit),
            col(Cadence.visits),
            col(Cadence.exchanges),
        )
        .join(Regulation, col(Regulation.id) == col(Cadence.regulation_id))
        .order_by(col(Cadence.id))
    )
    return found_as(session, found, rows.CadenceRow)


def regulations(session: Session) -> tuple[rows.RegulationRow, ...]:
    """The regulations with title, day and issuer."""
    found = select(
        col(Regulation.number),
        col(Regulation.title),
        col(Regulation.issued_on),
        col(Regulation.issuer),
    ).order_by(col(Regulation.id))
    return found_as(session, found, rows.RegulationRow)


def fields(session: Session) -> tuple[rows.FieldRow, ...]:
    """The fields of work."""
    found = select(col(FieldOfWork.id), col(FieldOfWork.name)).order_by(col(FieldOfWork.id))
    return found_as(session, found, rows.FieldRow)
