"""Indicators, their values in versions, targets, criteria and work items (SL-…, CV-…)."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import and_, or_, select, update
from sqlmodel import Session, col
from sqlmodel import select as rows_of

from storage import audit
from storage import known_programmes as rows
from storage.counters import next_numbers
from storage.reviews import BOARD
from storage.scope import SYSTEM, Viewer, values_seen, works_seen
from storage.tables import Criterion, Indicator, IndicatorValue, Score, WorkItem

OPEN = "dang_lam"
DONE = "xong"

Key = tuple[str, int | None, date, date]
"""By what a value is found again: code, area, first and last day."""


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
    return tuple(rows.PointRow(*row) for row in session.connection().execute(found))


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
