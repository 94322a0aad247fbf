"""Indicators, their values in versions, targets, criteria and work items (SL-…, CV-…)."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, func, or_, select, true, update
from sqlmodel import Session, col
from sqlmodel import select as rows_of

from storage import audit
from storage import known_programmes as rows
from storage.counters import next_numbers
from storage.known import Span
from storage.reviews import BOARD
from storage.scope import SYSTEM, Viewer, values_seen, works_seen
from storage.tables import Criterion, Indicator, IndicatorValue, Score, Target, WorkItem

Row = TypeVar("Row")
OPEN = "dang_lam"
DONE = "xong"

Key = tuple[str, int | None, date, date]
"""By what a value is found again: code, area, first and last day."""


def known(
    session: Session,
    viewer: Viewer,
    span: Span,
    *,
    cut: datetime,
    within: Collection[int] | None = None,
) -> rows.Programmes:
    """What the viewer may know of the span at the cut, of everything or of these areas alone.

    Values reach back to the first day of the targets that the span touches.
    """
    targets = _targets(session, viewer, span, within)
    first = min([span.start, *(row.from_date for row in targets)])
    return rows.Programmes(
        indicators=_indicators(session),
        values=_values(session, viewer, first, span.end, cut, within),
        targets=targets,
        criteria=_criteria(session, span) if within is None else (),
        scored=_scored(session, viewer, span) if within is None else (),
        works=_works(session, viewer, span, within),
    )


def _all(session: Session, statement: Any, make: type[Row]) -> tuple[Row, ...]:
    return tuple(make(*found) for found in session.connection().execute(statement).all())


def _inside(column: Any, within: Collection[int] | None) -> ColumnElement[bool]:
    return true() if within is None else column.in_(sorted(within))


def _indicators(session: Session) -> tuple[rows.IndicatorRow, ...]:
    names = rows.IndicatorRow._fields
    found = select(*(getattr(Indicator, name) for name in names))
    ordered = found.order_by(col(Indicator.place), col(Indicator.id))
    return _all(session, ordered, rows.IndicatorRow)


def _values(
    session: Session,
    viewer: Viewer,
    first: date,
    end: date,
    cut: datetime,
    within: Collection[int] | None,
) -> tuple[rows.ValueRow, ...]:
    replaced = col(IndicatorValue.replaced_at)
    found = (
        select(*(getattr(IndicatorValue, name) for name in rows.ValueRow._fields))
        .where(values_seen(viewer), _inside(col(IndicatorValue.area_id), within))
        .where(col(IndicatorValue.from_date) >= first, col(IndicatorValue.to_date) < end)
        .where(col(IndicatorValue.entered_at) <= cut, or_(replaced.is_(None), replaced > cut))
    )
    return _all(session, found.order_by(col(IndicatorValue.id)), rows.ValueRow)


def _targets(
    session: Session, viewer: Viewer, span: Span, within: Collection[int] | None
) -> tuple[rows.TargetRow, ...]:
    found = (
        select(*(getattr(Target, name) for name in rows.TargetRow._fields))
        .where(_inside(col(Target.area_id), within))
        .where(col(Target.from_date) < span.end, col(Target.to_date) >= span.start)
    )
    return _all(session, found.order_by(col(Target.id)), rows.TargetRow)


def _criteria(session: Session, span: Span) -> tuple[rows.CriterionRow, ...]:
    """Those in force on the last day of the span."""
    over, last = col(Criterion.to_date), col(Criterion.from_date) < span.end
    found = select(*(getattr(Criterion, name) for name in rows.CriterionRow._fields))
    found = found.where(last, or_(over.is_(None), over >= span.end))
    ordered = found.order_by(col(Criterion.set_code), col(Criterion.place), col(Criterion.id))
    return _all(session, ordered, rows.CriterionRow)


def _scored(session: Session, viewer: Viewer, span: Span) -> tuple[rows.ScoredRow, ...]:
    if not viewer.everywhere:
        return ()
    group = (col(Score.set_code), col(Score.year), col(Score.staff))
    found = select(*group, func.count(func.distinct(col(Score.person_id)))).group_by(*group)
    years = col(Score.year).between(span.start.year, span.end.year)
    return _all(session, found.where(years).order_by(*group), rows.ScoredRow)


def points(
    session: Session, viewer: Viewer, person_id: int, year: int, last: date
) -> tuple[rows.PointRow, ...]:
    """What the person was given in the year, set by set; for the person and the board alone."""
    if viewer.person_id != person_id and not (viewer.everywhere and viewer.roles & BOARD):
        return ()
    over = col(Criterion.to_date)
    of = and_(
        col(Criterion.set_code) == col(Score.set_code),
        col(Criterion.code) == col(Score.criterion),
        col(Criterion.from_date) <= last,
        or_(over.is_(None), over >= last),
    )
    found = (
        select(
            col(Score.set_code),
            col(Score.staff),
            col(Criterion.name),
            col(Criterion.most),
            col(Score.points),
        )
        .join(Criterion, of)
        .where(col(Score.person_id) == person_id, col(Score.year) == year)
        .order_by(col(Score.set_code), col(Criterion.place), col(Criterion.id))
    )
    return _all(session, found, rows.PointRow)


def _works(
    session: Session, viewer: Viewer, span: Span, within: Collection[int] | None
) -> tuple[rows.WorkRow, ...]:
    """Those begun before the span ends that were not done or withdrawn before it began."""
    done, begun = col(WorkItem.done_on), col(WorkItem.begins_on)
    found = (
        select(*(getattr(WorkItem, name) for name in rows.WorkRow._fields))
        .where(works_seen(viewer), _inside(col(WorkItem.area_id), within))
        .where(or_(begun.is_(None), begun < span.end))
        .where(or_(done.is_(None), done >= span.start))
        .order_by(col(WorkItem.due_on), col(WorkItem.number))
    )
    return _all(session, found, rows.WorkRow)


def in_force(session: Session, day: date) -> dict[str, Indicator]:
    """The version of each indicator in force on the day, in order."""
    found = rows_of(Indicator).where(
        col(Indicator.from_date) <= day,
        or_(col(Indicator.to_date).is_(None), col(Indicator.to_date) >= day),
    )
    ordered = found.order_by(col(Indicator.place), col(Indicator.from_date), col(Indicator.id))
    return {row.code: row for row in session.exec(ordered)}


def value(session: Session, viewer: Viewer, number: int) -> list[IndicatorValue]:
    """All versions of SL-number that the viewer may see, the newest first."""
    found = rows_of(IndicatorValue).where(values_seen(viewer), IndicatorValue.number == number)
    return list(session.exec(found.order_by(col(IndicatorValue.version).desc())))


def values_of(session: Session, viewer: Viewer, ids: Collection[int]) -> list[IndicatorValue]:
    """The values among these that the viewer sees, by number."""
    found = rows_of(IndicatorValue).where(
        values_seen(viewer), col(IndicatorValue.id).in_(sorted(ids))
    )
    return list(session.exec(found.order_by(col(IndicatorValue.number))))


def current(session: Session, viewer: Viewer, codes_asked: Collection[str]) -> list[IndicatorValue]:
    """The versions in force of all values of these indicators."""
    found = rows_of(IndicatorValue).where(
        values_seen(viewer),
        col(IndicatorValue.code).in_(sorted(codes_asked)),
        col(IndicatorValue.replaced_at).is_(None),
    )
    return list(session.exec(found))


def key_of(row: IndicatorValue) -> Key:
    """By what the value is found again."""
    return row.code, row.area_id, row.from_date, row.to_date


def enter(
    session: Session, new: Collection[IndicatorValue], at: datetime, *, by_id: int | None
) -> int:
    """Store what says something else than is stored; how many. Old versions are kept.

    What was stored has a number afterwards, and a version above one where it corrects another.
    """
    stored = {key_of(row): row for row in current(session, SYSTEM, {row.code for row in new})}
    kept = [row for row in new if not _same(stored.get(key_of(row)), row)]
    added = [row for row in kept if key_of(row) not in stored]
    for row in kept:
        row.entered_at, row.entered_by_id = at, by_id
        if old := stored.get(key_of(row)):
            row.number, row.version = old.number, old.version + 1
            old.replaced_at = at
            session.add(old)
    numbers = next_numbers(session, "SL", len(added)) if added else range(0)
    for row, number in zip(added, numbers, strict=True):
        row.number = number
    session.add_all(kept)
    session.flush()
    return len(kept)


def _same(old: IndicatorValue | None, new: IndicatorValue) -> bool:
    return old is not None and _says(old) == _says(new)


def _says(row: IndicatorValue) -> tuple[str, str, str, str]:
    return row.value, row.numerator, row.denominator, row.source


def work(session: Session, viewer: Viewer, number: int) -> WorkItem | None:
    """CV-number."""
    found = rows_of(WorkItem).where(works_seen(viewer), WorkItem.number == number)
    return session.exec(found).first()


def works_of(session: Session, viewer: Viewer, ids: Collection[int]) -> list[WorkItem]:
    """The items among these that the viewer sees, by number."""
    found = rows_of(WorkItem).where(works_seen(viewer), col(WorkItem.id).in_(sorted(ids)))
    return list(session.exec(found.order_by(col(WorkItem.number))))


def works(session: Session, viewer: Viewer) -> list[WorkItem]:
    """Every item the viewer sees, by number."""
    found = rows_of(WorkItem).where(works_seen(viewer))
    return list(session.exec(found.order_by(col(WorkItem.number))))


def works_open(
    session: Session,
    viewer: Viewer,
    *,
    owners: Collection[int] | None = None,
    areas: Collection[int] | None = None,
    last: date | None = None,
) -> list[WorkItem]:
    """Items still to be done, of these owners or areas, due up to that day; the next one first."""
    found = rows_of(WorkItem).where(works_seen(viewer), WorkItem.state == OPEN)
    if owners is not None:
        found = found.where(col(WorkItem.owner_id).in_(sorted(owners)))
    if areas is not None:
        found = found.where(col(WorkItem.area_id).in_(sorted(areas)))
    if last is not None:
        found = found.where(col(WorkItem.due_on) <= last)
    return list(session.exec(found.order_by(col(WorkItem.due_on), col(WorkItem.number))))


def work_done(session: Session, item: WorkItem, *, by_id: int, at: datetime, day: date) -> bool:
    """It is done; False when it was before, or was withdrawn."""
    statement = (
        update(WorkItem)
        .where(and_(col(WorkItem.id) == item.id, col(WorkItem.state) == OPEN))
        .values(state=DONE, done_on=day)
        .returning(col(WorkItem.id))
    )
    first = session.connection().execute(statement).first() is not None
    session.refresh(item)
    if first:
        audit.note(session, "work.done", "work_item", item.id, by=by_id, at=at)
    return first


def number_works(session: Session) -> None:
    """Give a number to each item that came in by workbook, in order of its day."""
    found = rows_of(WorkItem).where(WorkItem.number == 0)
    new = list(session.exec(found.order_by(col(WorkItem.due_on), col(WorkItem.id))))
    for item, number in zip(new, next_numbers(session, "CV", len(new)) if new else (), strict=True):
        item.number = number
        session.add(item)
    session.flush()
