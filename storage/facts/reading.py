"""How rows of a report are read: within which areas, and into which plain tuples."""

from itertools import chain, starmap
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, false, true
from sqlmodel import Session

Row = TypeVar("Row")
AT_ONCE = 500


def inside(column: Any, within: frozenset[int] | None) -> ColumnElement[bool]:
    """In these areas; None for all."""
    if within is None:
        return true()
    return column.in_(sorted(within)) if within else false()


def found_as(session: Session, statement: Any, make: type[Row]) -> tuple[Row, ...]:
    """What the statement finds, each row as one of these tuples.

    A few at a time: 20,000 of the driver's rows held at once keep the garbage collector busy.
    """
    found = session.connection().execute(statement).partitions(AT_ONCE)
    return tuple(starmap(make, chain.from_iterable(found)))
