"""How rows of a report are read: within which areas, and into which plain tuples."""

from itertools import starmap
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, false, true
from sqlmodel import Session

Row = TypeVar("Row")


def inside(column: Any, within: frozenset[int] | None) -> ColumnElement[bool]:
    """In these areas; None for all."""
    if within is None:
        return true()
    return column.in_(sorted(within)) if within else false()


def found_as(session: Session, statement: Any, make: type[Row]) -> tuple[Row, ...]:
    """What the statement finds, each row as one of these tuples."""
    return tuple(starmap(make, session.connection().execute(statement).all()))
