"""Who follows what and who is in charge of what, on a day and over time."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage import areas
from storage.people import PROTOCOL, in_force
from storage.prepared import Prepared
from storage.tables import Area, Assignment, Cadence, Person, Regulation, metadata

area = metadata.tables["area"]
assignment = metadata.tables["assignment"]


def followers(session: Session, area_id: int, day: date) -> list[Person]:
    """Who follows the area on the day, in protocol order."""
    return _assigned(session, area_id, "theo_doi", day)


def members_in_charge(session: Session, area_id: int, day: date) -> list[Person]:
    """Who is in charge of the area, or else of the nearest area above it that has somebody."""
    for above in areas.line(session, area_id):
        if found := _assigned(session, above, "phu_trach", day):
            return found
    return []


def all_in_charge(session: Session, area_id: int, day: date) -> list[Person]:
    """Who is in charge of the area and of every area above it, the nearest first."""
    line = areas.line(session, area_id)
    found = [who for above in line for who in _assigned(session, above, "phu_trach", day)]
    return list({person.id: person for person in found}.values())


def of_person(session: Session, person_id: int, day: date, kind: str = "") -> list[Assignment]:
    """What the person is assigned on the day, areas in the order of the official list."""
    found = (
        select(Assignment)
        .where(in_force(Assignment, day))
        .join(Area, col(Area.id) == Assignment.area_id)
    )
    found = found.where(Assignment.person_id == person_id)
    if kind:
        found = found.where(Assignment.kind == kind)
    return list(session.exec(found.order_by(*areas.OFFICIAL)))


class Held(NamedTuple):
    """An assignment in force, with its area."""

    id: int
    area_id: int
    area_name: str


_HELD = Prepared(
    select_columns(assignment.c.id, assignment.c.area_id, area.c.name)
    .join(area, area.c.id == assignment.c.area_id)
    .where(
        assignment.c.person_id == bindparam("person"),
        assignment.c.from_date <= bindparam("day"),
        or_(assignment.c.to_date.is_(None), assignment.c.to_date >= bindparam("day")),
    )
    .order_by(area.c.place, area.c.id)
)


def held(session: Session, person_id: int, day: date) -> list[Held]:
    """The same as `of_person`, in short: it is asked for with almost every message."""
    rows = _HELD.all(session.connection(), person=person_id, day=day)
    return [Held(*row) for row in rows]


def on(session: Session, day: date, kind: str = "") -> list[Assignment]:
    """All assignments in force on the day."""
    found = select(Assignment).where(in_force(Assignment, day))
    if kind:
        found = found.where(Assignment.kind == kind)
    return list(session.exec(found.order_by(col(Assignment.id))))


def overlapping(session: Session, first: date, last: date, kind: str = "") -> list[Assignment]:
    """All assignments in force on at least one of the days, both ends in it."""
    over = or_(col(Assignment.to_date).is_(None), col(Assignment.to_date) >= first)
    found = select(Assignment).where(Assignment.from_date <= last, over)
    if kind:
        found = found.where(Assignment.kind == kind)
    return list(session.exec(found.order_by(col(Assignment.id))))


def regulations(session: Session) -> dict[int, Regulation]:
    """All regulations by id."""
    return {row.id: row for row in session.exec(select(Regulation)) if row.id is not None}


_UNITS = Prepared(select_columns(col(Cadence.unit)).distinct())


def units(session: Session) -> list[str]:
    """The units of all cadences there ever were: thang, quy …"""
    session.flush()
    return [row.unit for row in _UNITS.all(session.connection())]


def cadences(session: Session) -> list[tuple[Cadence, str]]:
    """All versions of how often visits are owed, each with its regulation's number."""
    found = select(Cadence, Regulation.number).join(
        Regulation, col(Regulation.id) == Cadence.regulation_id
    )
    return list(session.exec(found.order_by(col(Cadence.from_date), col(Cadence.id))))


def unfollowed(session: Session, day: date) -> list[Area]:
    """The communes of the day that nobody follows, in the order of the official list."""
    held = select(Assignment.area_id).where(
        Assignment.kind == "theo_doi", in_force(Assignment, day)
    )
    found = select(Area).where(Area.level == "xa", areas.in_force(day), col(Area.id).not_in(held))
    return list(session.exec(found.order_by(*areas.OFFICIAL)))


def hand_over(session: Session, assignment: Assignment, to_person_id: int, day: date) -> Assignment:
    """From the day on another person has the area; the day before is the last one of the old.

    An assignment that would begin and end on no day at all is taken away.
    """
    taken = Assignment(
        person_id=to_person_id,
        area_id=assignment.area_id,
        regulation_id=assignment.regulation_id,
        kind=assignment.kind,
        from_date=day,
    )
    if assignment.from_date >= day:
        session.delete(assignment)
    else:
        assignment.to_date = day - timedelta(days=1)
        session.add(assignment)
    session.add(taken)
    session.flush()
    return taken


def areas_of(
    session: Session, ids: Collection[int], day: date, kind: str = "theo_doi"
) -> dict[int, list[Area]]:
    """By person the areas assigned on the day, in the order of the official list."""
    found = (
        select(Assignment.person_id, Area)
        .join(Area, col(Area.id) == Assignment.area_id)
        .where(col(Assignment.person_id).in_(sorted(ids)), Assignment.kind == kind)
        .where(in_force(Assignment, day))
        .order_by(*areas.OFFICIAL)
    )
    held: dict[int, list[Area]] = {}
    for person_id, area in session.exec(found):
        held.setdefault(person_id, []).append(area)
    return held


def coded(session: Session) -> list[tuple[str, str, str, str, date, date | None]]:
    """All assignments by codes: person, area, regulation, kind, first day, last day."""
    found = select_columns(
        col(Person.code),
        col(Area.code),
        col(Regulation.number),
        col(Assignment.kind),
        col(Assignment.from_date),
        col(Assignment.to_date),
    ).where(
        col(Person.id) == col(Assignment.person_id),
        col(Area.id) == col(Assignment.area_id),
        col(Regulation.id) == col(Assignment.regulation_id),
    )
    rows = session.connection().execute(found)
    return [(who, where, rule, kind, first, last) for who, where, rule, kind, first, last in rows]


def _assigned(session: Session, area_id: int, kind: str, day: date) -> list[Person]:
    who = select(Assignment.person_id).where(
        Assignment.area_id == area_id, Assignment.kind == kind, in_force(Assignment, day)
    )
    return list(session.exec(select(Person).where(col(Person.id).in_(who)).order_by(*PROTOCOL)))
