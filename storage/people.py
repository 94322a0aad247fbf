"""People of the roster: who they are, and who holds which role."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, bindparam, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage.prepared import Prepared
from storage.tables import Account, Assignment, FieldOfWork, Person, Role, metadata

person = metadata.tables["person"]
role = metadata.tables["role"]

PROTOCOL = (col(Person.rank), col(Person.id))
"""The order in which people are listed."""


def by_id(session: Session, person_id: int) -> Person | None:
    """The person with this id."""
    return session.get(Person, person_id)


def by_code(session: Session, code: str) -> Person | None:
    """The person with this code of the roster."""
    return session.exec(select(Person).where(Person.code == code)).first()


def by_ids(session: Session, ids: Collection[int]) -> dict[int, Person]:
    """The people by id."""
    if not ids:
        return {}
    found = session.exec(select(Person).where(col(Person.id).in_(sorted(ids))))
    return {person.id: person for person in found if person.id is not None}


def everybody(session: Session) -> list[Person]:
    """All people in protocol order."""
    return list(session.exec(select(Person).order_by(*PROTOCOL)))


def holders(
    session: Session, role: str, day: date, area_ids: Collection[int] | None = None
) -> list[Person]:
    """Who holds the role on the day (in one of the areas), in protocol order."""
    held = select(Role.person_id).where(Role.role == role, in_force(Role, day))
    if area_ids is not None:
        held = held.where(col(Role.area_id).in_(sorted(area_ids)))
    return _people(session, col(Person.id).in_(held))


def is_holder(session: Session, person_id: int, role: str, day: date) -> bool:
    """Whether the person holds the role on the day."""
    return any(held.role == role for held in roles(session, person_id, day))


def seat(session: Session, area_id: int, day: date) -> list[Person]:
    """The people who share the commune's seat, in protocol order."""
    rows = _SEAT.all(session.connection(), area=area_id, day=day)
    found = (session.get(Person, row.id) for row in rows)
    return [one for one in found if one is not None]


_SEAT = Prepared(
    select_columns(person.c.id, person.c.rank)
    .join(role, role.c.person_id == person.c.id)
    .where(
        role.c.role == "co_so",
        role.c.area_id == bindparam("area"),
        or_(role.c.from_date.is_(None), role.c.from_date <= bindparam("day")),
        or_(role.c.to_date.is_(None), role.c.to_date >= bindparam("day")),
    )
    .distinct()
    .order_by(person.c.rank, person.c.id)
)


def helpers(session: Session, person_id: int, day: date) -> list[Person]:
    """Who writes for the person, in protocol order."""
    held = select(Role.person_id).where(
        Role.role == "giup_viec", Role.helped_id == person_id, in_force(Role, day)
    )
    return _people(session, col(Person.id).in_(held))


def roles(session: Session, person_id: int, day: date) -> list[Role]:
    """The roles a person holds on the day; followers and members in charge have assignments."""
    found = select(Role).where(Role.person_id == person_id, in_force(Role, day))
    return list(session.exec(found.order_by(col(Role.id))))


def users(session: Session, day: date) -> list[Person]:
    """Who has something to do with the service on the day, in protocol order."""
    held = select(Role.person_id).where(in_force(Role, day))
    assigned = select(Assignment.person_id).where(in_force(Assignment, day))
    return _people(session, or_(col(Person.id).in_(held), col(Person.id).in_(assigned)))


def linked(session: Session, ids: Collection[int] | None = None) -> set[int]:
    """Of these people (or of all), those who have confirmed an account that can be reached."""
    found = select(Account.person_id).where(Account.state == "confirmed")
    if ids is not None:
        found = found.where(col(Account.person_id).in_(sorted(ids)))
    return {person_id for person_id in session.exec(found) if person_id is not None}


def in_force(
    of: type[Role] | type[Assignment] | type[FieldOfWork], day: date
) -> ColumnElement[bool]:
    """Begun and not over on the day; the last day is in it."""
    begun, over = col(of.from_date), col(of.to_date)
    return or_(begun.is_(None), begun <= day) & or_(over.is_(None), over >= day)


def _people(session: Session, which: ColumnElement[bool]) -> list[Person]:
    return list(session.exec(select(Person).where(which).order_by(*PROTOCOL)))
