"""What routing asks the roster about one area: what stands around it, and who holds what there."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import bindparam, text
from sqlmodel import Session, col, select

from storage.people import in_force
from storage.tables import Area, AreaSuccessor, Assignment, FieldOfWork, Person, Role

_AROUND = text(
    """
    WITH RECURSIVE around(id) AS (
        SELECT CAST(:area AS INTEGER)
        UNION
        SELECT link.next FROM around JOIN (
            SELECT id AS here, parent_id AS next FROM area WHERE parent_id IS NOT NULL
            UNION ALL SELECT old_id, new_id FROM area_successor
        ) AS link ON link.here = around.id
    )
    SELECT id FROM around
    """
).bindparams(bindparam("area"))


@dataclass(frozen=True)
class Surroundings:
    """An area with everything above it and all that became of it."""

    parents: dict[int, int | None] = field(default_factory=dict)
    successors: dict[int, list[int]] = field(default_factory=dict)
    assignments: list[tuple[Assignment, int]] = field(default_factory=list)  # with protocol rank
    seated: frozenset[int] = frozenset()  # areas where somebody holds the commune's seat


def surroundings(session: Session, area_id: int, day: date) -> Surroundings:
    """What is known around the area on the day."""
    ids = [row[0] for row in session.connection().execute(_AROUND, {"area": area_id})]
    areas = session.exec(select(Area.id, Area.parent_id).where(col(Area.id).in_(ids)))
    parents = {here: parent for here, parent in areas if here is not None}
    followed: dict[int, list[int]] = {}
    linked = select(AreaSuccessor).where(col(AreaSuccessor.old_id).in_(ids))
    for link in session.exec(linked.order_by(col(AreaSuccessor.new_id))):
        followed.setdefault(link.old_id, []).append(link.new_id)
    held = select(Assignment, Person.rank).join(Person, col(Person.id) == col(Assignment.person_id))
    rows = session.exec(held.where(col(Assignment.area_id).in_(ids), in_force(Assignment, day)))
    seats = session.exec(
        select(Role.area_id).where(
            Role.role == "co_so", col(Role.area_id).in_(ids), in_force(Role, day)
        )
    )
    seated = frozenset(area for area in seats if area is not None)
    return Surroundings(parents, followed, [(row, rank) for row, rank in rows], seated)


def units(session: Session) -> list[str]:
    """The bodies that people of the roster belong to."""
    return sorted({unit for unit in session.exec(select(Person.unit).distinct()) if unit})


def field_names(session: Session) -> dict[int, str]:
    """The names of all fields of work, also of those no longer in force."""
    return {row.id: row.name for row in session.exec(select(FieldOfWork)) if row.id is not None}
