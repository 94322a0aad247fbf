"""How rows of a report are asked for: of which days and areas, and into which plain tuples."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import cached_property, partial
from itertools import chain
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, false, true
from sqlmodel import Session

from storage.known import Span
from storage.prepared import Prepared
from storage.scope import SYSTEM, Viewer

Row = TypeVar("Row", bound=tuple[Any, ...])
Within = frozenset[int] | None
Statement = Select[*tuple[Any, ...]]
Build = Callable[[Viewer, Within], Statement]

AT_ONCE = 500
START: BindParameter[date] = bindparam("start")
END: BindParameter[date] = bindparam("end")
BEGINS: BindParameter[datetime] = bindparam("begins")
ENDS: BindParameter[datetime] = bindparam("ends")
CUT: BindParameter[datetime] = bindparam("cut")
DAY: BindParameter[date] = bindparam("day")
"""The days and moments of a report, as its statements name them."""


class Asked(NamedTuple):
    """Of which days, as known when, and of which areas; None for all."""

    span: Span
    cut: datetime
    within: Within = None

    @property
    def values(self) -> dict[str, Any]:
        """What stands for the names in a statement."""
        span, cut = self.span, self.cut
        days = {"start": span.start, "end": span.end, "day": cut.date()}
        return days | {"begins": span.begins, "ends": span.ends, "cut": cut}


class Question(Generic[Row]):
    """A question of every report; what the service itself asks of all areas is prepared."""

    def __init__(self, make: type[Row], build: Build) -> None:
        self._make = make
        self._build = build

    def __call__(
        self, session: Session, viewer: Viewer, asked: Asked, **more: Any
    ) -> tuple[Row, ...]:
        """Every row that the viewer may see."""
        values = asked.values | more
        if viewer == SYSTEM and asked.within is None:
            return _each(self._make, self._of_all.all(session.connection(), **values))
        return found_as(session, self._build(viewer, asked.within), self._make, values)

    @cached_property
    def _of_all(self) -> Prepared:
        return Prepared(self._build(SYSTEM, None))


def asks(make: type[Row]) -> Callable[[Build], Question[Row]]:
    """Turns what builds a statement into the question, which is answered by such rows."""
    return lambda build: Question(make, build)


def inside(column: Any, within: Within) -> ColumnElement[bool]:
    """In these areas; None for all."""
    if within is None:
        return true()
    return column.in_(sorted(within)) if within else false()


def found_as(
    session: Session, statement: Any, make: type[Row], values: Mapping[str, Any] = {}
) -> tuple[Row, ...]:
    """What the statement finds, each row as one of these tuples.

    A few at a time: 20,000 of the driver's rows are not held beside those that are made of them.
    """
    found = session.connection().execute(statement, values).partitions(AT_ONCE)
    return _each(make, chain.from_iterable(found))


def _each(make: type[Row], found: Iterable[Any]) -> tuple[Row, ...]:
    """Without a call of the class's own for each of 20,000 rows; the columns are its fields."""
    return tuple(map(partial(tuple.__new__, make), found))
