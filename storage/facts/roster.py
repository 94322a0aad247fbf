"""Who is who in a report: areas, people, assignments and what regulations ask for."""

from sqlalchemy import or_, select
from sqlmodel import col

from storage import known as rows
from storage.facts.reading import END, START, Statement, Within, asks, inside
from storage.scope import Viewer
from storage.tables import Account, Area, Assignment, Cadence, FieldOfWork, Person, Regulation


@asks(rows.AreaRow)
def areas(_: Viewer, within: Within) -> Statement:
    """The areas of the report in their order, with what they lie in."""
    found = select(
        col(Area.id),
        col(Area.name),
        col(Area.level),
        col(Area.parent_id),
        col(Area.valid_from),
        col(Area.valid_to),
    )
    return found.where(inside(col(Area.id), within)).order_by(col(Area.place), col(Area.id))


@asks(rows.PersonRow)
def people(_: Viewer, __: Within) -> Statement:
    """Everybody in protocol order, and whether linked to an account."""
    confirmed = col(Account.state) == "confirmed"
    linked = col(Person.id).in_(select(col(Account.person_id)).where(confirmed))
    return select(
        col(Person.id),
        col(Person.full_name),
        col(Person.post),
        col(Person.unit),
        col(Person.rank),
        linked,
    ).order_by(col(Person.rank), col(Person.id))


@asks(rows.AssignmentRow)
def assignments(_: Viewer, within: Within) -> Statement:
    """Those in force on a day of the span."""
    over = col(Assignment.to_date)
    return (
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
        .where(col(Assignment.from_date) < END, or_(over.is_(None), over >= START))
        .where(inside(col(Assignment.area_id), within))
        .order_by(col(Assignment.id))
    )


@asks(rows.CadenceRow)
def cadences(_: Viewer, __: Within) -> Statement:
    """What each version of a regulation asks for."""
    return (
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


@asks(rows.RegulationRow)
def regulations(_: Viewer, __: Within) -> Statement:
    """The regulations with title, day and issuer."""
    return select(
        col(Regulation.number),
        col(Regulation.title),
        col(Regulation.issued_on),
        col(Regulation.issuer),
    ).order_by(col(Regulation.id))


@asks(rows.FieldRow)
def fields(_: Viewer, __: Within) -> Statement:
    """The fields of work."""
    return select(col(FieldOfWork.id), col(FieldOfWork.name)).order_by(col(FieldOfWork.id))
