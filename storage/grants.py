"""What a person's roles and assignments reach on a day, in one statement for every message."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Boolean, Date, Integer, String, bindparam, text
from sqlmodel import Session

from storage.prepared import Prepared


class Held(NamedTuple):
    """A role or assignment of `person_id`, and one area that it reaches.

    A role over the whole province has no area. Below its own area a role reaches everything in
    the tree, and (`old`) the areas that became part of one of these.
    """

    person_id: int
    role: str
    helped_id: int | None
    area_id: int | None
    reached_id: int | None
    old: bool


MERGED = 9  # times; UNION would end by itself, but PostgreSQL sets 4 MB aside for it each time
_IN_FORCE = "(from_date IS NULL OR from_date <= :day) AND (to_date IS NULL OR to_date >= :day)"
_HELD = Prepared(
    text(
        f"""
    WITH RECURSIVE
    people(id) AS (
        SELECT CAST(:person AS INTEGER)
        UNION SELECT helped_id FROM role
        WHERE person_id = :person AND role = 'giup_viec' AND helped_id IS NOT NULL AND {_IN_FORCE}
    ),
    granted(person_id, role, helped_id, area_id) AS (
        SELECT person_id, role, helped_id, CASE WHEN area.level = 'tinh' THEN NULL ELSE area_id END
        FROM role LEFT JOIN area ON area.id = area_id
        WHERE person_id IN (SELECT id FROM people) AND {_IN_FORCE}
        UNION ALL
        SELECT person_id, kind, NULL, area_id FROM assignment
        WHERE person_id IN (SELECT id FROM people) AND {_IN_FORCE}
    ),
    below(root, id) AS (
        SELECT area_id, area_id FROM granted WHERE area_id IS NOT NULL
        UNION SELECT below.root, area.id FROM below JOIN area ON area.parent_id = below.id
    ),
    former(root, id, steps) AS (
        SELECT root, old_id, 1 FROM below JOIN area_successor ON new_id = id
        UNION ALL SELECT root, old_id, steps + 1 FROM former JOIN area_successor ON new_id = id
        WHERE steps < {MERGED}
    ),
    reached(root, id, old) AS (
        SELECT root, id, false FROM below UNION ALL SELECT root, id, true FROM former
    )
    SELECT person_id, role, helped_id, area_id, reached.id, coalesce(old, false)
    FROM granted LEFT JOIN reached ON root = area_id
    """
    )
    .bindparams(bindparam("day", type_=Date))
    .columns(
        person_id=Integer,
        role=String,
        helped_id=Integer,
        area_id=Integer,
        reached_id=Integer,
        old=Boolean,
    )
)


def held(session: Session, person_id: int, day: date) -> list[Held]:
    """What the person holds on the day, and what the people this one writes for hold."""
    rows = _HELD.all(session.connection(), person=person_id, day=day)
    return [Held(*row) for row in rows]
