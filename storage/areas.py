"""The tree of areas: the official list, what lies below and above, what became of what."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, bindparam, or_, text
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage.people import in_force as in_force_then
from storage.prepared import Prepared
from storage.tables import Area, AreaSuccessor, Assignment, metadata

area = metadata.tables["area"]

OFFICIAL = (col(Area.place), col(Area.id))
"""The order of the official list, in which areas are always shown."""

_BELOW = text(
    "WITH RECURSIVE tree(id) AS (SELECT CAST(:area AS INTEGER) UNION "
    "SELECT area.id FROM tree JOIN area ON area.parent_id = tree.id) SELECT id FROM tree"
)
_ABOVE = text(
    "WITH RECURSIVE line(id, steps) AS (SELECT CAST(:area AS INTEGER), 0 UNION "
    "SELECT area.parent_id, steps + 1 FROM line JOIN area ON area.id = line.id "
    "WHERE area.parent_id IS NOT NULL) SELECT id FROM line ORDER BY steps"
)


def by_id(session: Session, area_id: int) -> Area | None:
    """The area with this id."""
    return session.get(Area, area_id)


_NAME = Prepared(select_columns(area.c.name).where(area.c.id == bindparam("area")))


def name_of(session: Session, area_id: int) -> str:
    """The name of an area that is there."""
    row = _NAME.first(session.connection(), area=area_id)
    assert row is not None
    return str(row.name)


def by_code(session: Session, code: str) -> Area | None:
    """The area with this code of the roster."""
    return session.exec(select(Area).where(Area.code == code)).first()


def by_ids(session: Session, ids: Collection[int]) -> dict[int, Area]:
    """The areas by id, in the order of the official list."""
    if not ids:
        return {}
    found = session.exec(select(Area).where(col(Area.id).in_(sorted(ids))).order_by(*OFFICIAL))
    return {area.id: area for area in found if area.id is not None}


def in_force(day: date) -> ColumnElement[bool]:
    """The area exists on the day; its last day is in it."""
    begun, over = col(Area.valid_from), col(Area.valid_to)
    return or_(begun.is_(None), begun <= day) & or_(over.is_(None), over >= day)


def listed(session: Session, day: date, level: str = "") -> list[Area]:
    """All areas that exist on the day (of one level), in the order of the official list."""
    found = select(Area).where(in_force(day))
    if level:
        found = found.where(Area.level == level)
    return list(session.exec(found.order_by(*OFFICIAL)))


def communes(session: Session, day: date) -> list[Area]:
    """The communes, wards and special zones of the day."""
    return listed(session, day, "xa")


def below(session: Session, area_id: int) -> set[int]:
    """The area and everything under it in the tree."""
    return {row[0] for row in session.connection().execute(_BELOW, {"area": area_id})}


def line(session: Session, area_id: int) -> list[int]:
    """The area, its parent, and so on up to the root."""
    return [row[0] for row in session.connection().execute(_ABOVE, {"area": area_id})]


def successors(session: Session, area_id: int) -> list[Area]:
    """What became of the area."""
    new = select(AreaSuccessor.new_id).where(AreaSuccessor.old_id == area_id)
    return list(session.exec(select(Area).where(col(Area.id).in_(new)).order_by(*OFFICIAL)))


def predecessors(session: Session, area_id: int) -> list[Area]:
    """What the area was made of."""
    old = select(AreaSuccessor.old_id).where(AreaSuccessor.new_id == area_id)
    return list(session.exec(select(Area).where(col(Area.id).in_(old)).order_by(*OFFICIAL)))


def ended_but_assigned(session: Session, day: date) -> list[Area]:
    """Areas that are no more, though somebody is still assigned to them."""
    held = select(Assignment.area_id).where(in_force_then(Assignment, day))
    found = select(Area).where(col(Area.valid_to) < day, col(Area.id).in_(held))
    return list(session.exec(found.order_by(*OFFICIAL)))
