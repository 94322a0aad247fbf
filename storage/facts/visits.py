"""The visits of a report as they were known at the cut: who went along, what help they tell of."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Case as SqlCase
from sqlalchemy import ColumnElement, Dialect, and_, case, or_, select, true, type_coerce
from sqlmodel import Session, col
from sqlmodel.sql.sqltypes import UTCDateTime

from storage import known as rows
from storage.facts.reading import (
    CUT,
    END,
    START,
    Asked,
    Statement,
    Within,
    asks,
    found_as,
    inside,
)
from storage.known import Span
from storage.scope import Viewer, visits_seen, visits_whole
from storage.tables import Companion, Support, Visit, VisitVersion


class _Seldom(UTCDateTime):
    """A moment that most rows are without; PostgreSQL's own are aware, and stay as they come."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """Nothing to be called for each row, where that is not needed."""
        if dialect.name == "postgresql":
            return None
        return super().result_processor(dialect, coltype)


def counted(session: Session, viewer: Viewer, asked: Asked) -> tuple[rows.VisitRow, ...]:
    """Counted visits; those changed after the cut as they were before."""
    span, within = asked.span, asked.within
    earlier: dict[int, dict[str, Any]] = dict(_changed_later(session, viewer, asked))
    in_span = (
        col(Visit.visited_on) >= span.start,
        col(Visit.visited_on) < span.end,
        inside(col(Visit.area_id), within),
    )
    ordered = _standing(viewer, _entered(span.months)).where(*in_span).order_by(col(Visit.id))
    now = found_as(session, ordered, rows.VisitRow, asked.values)
    if not earlier:
        return now
    touched = col(Visit.id).in_(sorted(earlier))
    found = _standing(viewer, _entered(())).where(touched)
    changed = found_as(session, found, rows.VisitRow, asked.values)
    then = [_as_it_was(row, earlier[row.id]) for row in changed]
    kept = [row for row in now if row.id not in earlier]
    kept += [row for row in then if _counts(row, span, within)]
    return tuple(sorted(kept))


def _standing(viewer: Viewer, entered: ColumnElement[Any]) -> Statement:
    """Slips that the viewer sees and that counted at the cut, as rows."""
    return select(
        col(Visit.id),
        col(Visit.person_id),
        col(Visit.area_id),
        col(Visit.visited_on),
        _parts(viewer),
        col(Visit.number),
        entered,
    ).where(
        visits_seen(viewer),
        col(Visit.submitted_at) <= CUT,
        or_(col(Visit.withdrawn_at).is_(None), col(Visit.withdrawn_at) > CUT),
    )


def _parts(viewer: Viewer) -> ColumnElement[int]:
    """Which parts a slip holds; of those that go upward only, what the viewer may see."""
    whole = visits_whole(viewer)
    return (
        _bit(and_(col(Visit.situation) != "", whole), rows.SITUATION)
        + _bit(col(Visit.advice) != "", rows.ADVICE)
        + _bit(and_(col(Visit.check) != "", whole), rows.CHECK)
    )


def _bit(holds: ColumnElement[bool], value: int) -> SqlCase[int]:
    return case((holds, value), else_=0)


def _entered(months: tuple[tuple[date, datetime], ...]) -> ColumnElement[Any]:
    """When a slip was entered, if its month was over: reading 20,000 moments takes long."""
    on, at = col(Visit.visited_on), col(Visit.submitted_at)
    late = [(on < end, case((at > ends, at), else_=None)) for end, ends in months]
    return type_coerce(case(*late, (true(), at), else_=None), _Seldom())


@asks(tuple)
def _changed_later(viewer: Viewer, _: Within) -> Statement:
    """What visits said at the cut that were changed afterwards, by id."""
    return (
        select(col(VisitVersion.visit_id), col(VisitVersion.content))
        .join(Visit, col(Visit.id) == col(VisitVersion.visit_id))
        .where(col(VisitVersion.changed_at) > CUT, visits_seen(viewer))
        .order_by(col(VisitVersion.visit_id), col(VisitVersion.version).desc())
    )


def _as_it_was(row: rows.VisitRow, content: dict[str, Any]) -> rows.VisitRow:
    """The row with what its older version says; a part not shown to the viewer stays hidden."""
    day = content.get("visited_on")
    return row._replace(
        person_id=content.get("person_id", row.person_id),
        area_id=content.get("area_id", row.area_id),
        visited_on=date.fromisoformat(day) if day else row.visited_on,
    )


def _counts(row: rows.VisitRow, span: Span, within: frozenset[int] | None) -> bool:
    return span.start <= row.visited_on < span.end and (within is None or row.area_id in within)


def days_amended(
    session: Session, viewer: Viewer, since: datetime, cut: datetime, before: date
) -> list[date]:
    """Days before that one whose visits were entered, changed or withdrawn after `since`."""
    entered, withdrawn = col(Visit.submitted_at), col(Visit.withdrawn_at)
    found = select(col(Visit.visited_on)).where(
        visits_seen(viewer),
        col(Visit.visited_on) < before,
        or_(and_(entered > since, entered <= cut), and_(withdrawn > since, withdrawn <= cut)),
    )
    days = set(session.connection().execute(found.distinct()).scalars())
    changed = (
        select(col(Visit.visited_on), col(VisitVersion.content))
        .join(Visit, col(Visit.id) == col(VisitVersion.visit_id))
        .where(visits_seen(viewer))
        .where(col(VisitVersion.changed_at) > since, col(VisitVersion.changed_at) <= cut)
    )
    for now, content in session.connection().execute(changed):
        then = content.get("visited_on")
        days |= {now, date.fromisoformat(then) if then else now}
    return sorted(day for day in days if day < before)


@asks(tuple)
def companions(viewer: Viewer, _: Within) -> Statement:
    """People of the roster who went along: visit and person."""
    return (
        select(col(Companion.visit_id), col(Companion.person_id))
        .join(Visit, col(Visit.id) == col(Companion.visit_id))
        .where(col(Companion.person_id).is_not(None), visits_seen(viewer))
        .where(col(Visit.visited_on) >= START, col(Visit.visited_on) < END)
    )


def supports(
    session: Session, viewer: Viewer, asked: Asked, visits: Iterable[rows.VisitRow]
) -> tuple[rows.SupportRow, ...]:
    """Help raised, as the slips known at the cut told of it then."""
    found = _told_of(session, viewer, asked)
    if not found:
        return ()
    by_id = {one.id: (one.area_id, one.person_id, one.visited_on) for one in visits}
    return tuple(rows.SupportRow._make((*row, *by_id[row[1]])) for row in found if row[1] in by_id)


@asks(tuple)
def _told_of(viewer: Viewer, _: Within) -> Statement:
    moved = select(col(VisitVersion.visit_id)).where(col(VisitVersion.changed_at) > CUT)
    removed, day = col(Support.removed_at), col(Visit.visited_on)
    return (
        select(
            col(Support.id),
            col(Support.visit_id),
            col(Support.kind),
            col(Support.quantity),
            col(Support.value),
            col(Support.giver),
        )
        .join(Visit, col(Visit.id) == col(Support.visit_id))
        .where(visits_seen(viewer), col(Support.entered_at) <= CUT)
        .where(or_(removed.is_(None), removed > CUT))
        .where(or_(day.between(START, END), col(Visit.id).in_(moved)))
        .order_by(col(Support.id))
    )
