"""What routing asks the roster about one area: what stands around it, and who holds what there."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    Table,
    bindparam,
    cast,
    or_,
    union_all,
)
from sqlalchemy import select as select_columns
from sqlmodel import Session, select

from storage.prepared import Prepared
from storage.tables import FieldOfWork, Person, metadata

area, successor, assignment, person, role = (
    metadata.tables[name] for name in ("area", "area_successor", "assignment", "person", "role")
)


def _around() -> Select[int]:
    """The ids of the area, of everything above it and of all that became of these."""
    found = select_columns(cast(bindparam("area"), Integer).label("id")).cte(
        "around", recursive=True
    )
    links = union_all(
        select_columns(area.c.id.label("here"), area.c.parent_id.label("next")).where(
            area.c.parent_id.is_not(None)
        ),
        select_columns(successor.c.old_id, successor.c.new_id),
    ).subquery("link")
    found = found.union(select_columns(links.c.next).join(found, links.c.here == found.c.id))
    return select_columns(found.c.id)


def _on(table: Table) -> ColumnElement[bool]:
    """Begun and not over on the day, as `people.in_force`."""
    day: BindParameter[date] = bindparam("day")
    begun, over = table.c.from_date, table.c.to_date
    return or_(begun.is_(None), begun <= day) & or_(over.is_(None), over >= day)


_AREAS = Prepared(select_columns(area.c.id, area.c.parent_id).where(area.c.id.in_(_around())))
_FOLLOWED = Prepared(
    select_columns(successor.c.old_id, successor.c.new_id)
    .where(successor.c.old_id.in_(_around()))
    .order_by(successor.c.new_id)
)
_HELD = Prepared(
    select_columns(
        assignment.c.person_id,
        assignment.c.area_id,
        assignment.c.kind,
        assignment.c.from_date,
        assignment.c.to_date,
        person.c.rank,
    )
    .join(person, person.c.id == assignment.c.person_id)
    .where(assignment.c.area_id.in_(_around()), _on(assignment))
)
_SEATED = Prepared(
    select_columns(role.c.area_id).where(
        role.c.role == "co_so", role.c.area_id.in_(_around()), _on(role)
    )
)


class Held(NamedTuple):
    """Who holds which line on an area, with the protocol rank."""

    person_id: int
    area_id: int
    kind: str
    from_date: date
    to_date: date | None
    rank: int


@dataclass(frozen=True)
class Surroundings:
    """An area with everything above it and all that became of it."""

    parents: dict[int, int | None] = field(default_factory=dict)
    successors: dict[int, list[int]] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)
    seated: frozenset[int] = frozenset()  # areas where somebody holds the commune's seat


def surroundings(session: Session, area_id: int, day: date) -> Surroundings:
    """What is known around the area on the day."""
    session.flush()
    connection = session.connection()
    parents = {row.id: row.parent_id for row in _AREAS.all(connection, area=area_id)}
    followed: dict[int, list[int]] = {}
    for link in _FOLLOWED.all(connection, area=area_id):
        followed.setdefault(link.old_id, []).append(link.new_id)
    held = [Held(*row) for row in _HELD.all(connection, area=area_id, day=day)]
    seats = _SEATED.all(connection, area=area_id, day=day)
    return Surroundings(parents, followed, held, frozenset(row.area_id for row in seats))


def units(session: Session) -> list[str]:
    """The bodies that people of the roster belong to."""
    return sorted({unit for unit in session.exec(select(Person.unit).distinct()) if unit})


def field_names(session: Session) -> dict[int, str]:
    """The names of all fields of work, also of those no longer in force."""
    return {row.id: row.name for row in session.exec(select(FieldOfWork)) if row.id is not None}
