"""What a report knows of programmes: indicators, values, targets, criteria, work items."""

from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, or_, select, true
from sqlmodel import Session, col

from storage import known_programmes as rows
from storage.facts.reading import CUT, END, START, Asked, Statement, Within, asks
from storage.scope import Viewer, values_seen, works_seen
from storage.tables import Criterion, Indicator, IndicatorValue, Score, Target, WorkItem


def known(session: Session, viewer: Viewer, asked: Asked) -> rows.Programmes:
    """What the viewer may know of the span at the cut, of everything or of these areas alone.

    Values reach back to the first day of the targets that the span touches.
    """
    span, whole = asked.span, asked.within is None
    targets = _targets(session, viewer, asked)
    first = min([span.start, *(row.from_date for row in targets)])
    years = {"year": span.start.year, "last_year": span.end.year}
    counts = whole and viewer.everywhere
    return rows.Programmes(
        indicators=_indicators(session, viewer, asked),
        values=_values(session, viewer, asked, first=first),
        targets=targets,
        criteria=_criteria(session, viewer, asked) if whole else (),
        scored=_scored(session, viewer, asked, **years) if counts else (),
        works=_works(session, viewer, asked),
    )


def _inside(column: Any, within: Within) -> ColumnElement[bool]:
    return true() if within is None else column.in_(sorted(within))


@asks(rows.IndicatorRow)
def _indicators(_: Viewer, __: Within) -> Statement:
    found = select(*(getattr(Indicator, name) for name in rows.IndicatorRow._fields))
    return found.order_by(col(Indicator.place), col(Indicator.id))


@asks(rows.ValueRow)
def _values(viewer: Viewer, within: Within) -> Statement:
    replaced = col(IndicatorValue.replaced_at)
    return (
        select(*(getattr(IndicatorValue, name) for name in rows.ValueRow._fields))
        .where(values_seen(viewer), _inside(col(IndicatorValue.area_id), within))
        .where(col(IndicatorValue.from_date) >= bindparam("first"))
        .where(col(IndicatorValue.to_date) < END)
        .where(col(IndicatorValue.entered_at) <= CUT, or_(replaced.is_(None), replaced > CUT))
        .order_by(col(IndicatorValue.id))
    )


@asks(rows.TargetRow)
def _targets(_: Viewer, within: Within) -> Statement:
    return (
        select(*(getattr(Target, name) for name in rows.TargetRow._fields))
        .where(_inside(col(Target.area_id), within))
        .where(col(Target.from_date) < END, col(Target.to_date) >= START)
        .order_by(col(Target.id))
    )


@asks(rows.CriterionRow)
def _criteria(_: Viewer, __: Within) -> Statement:
    """Those in force on the last day of the span."""
    over = col(Criterion.to_date)
    return (
        select(*(getattr(Criterion, name) for name in rows.CriterionRow._fields))
        .where(col(Criterion.from_date) < END, or_(over.is_(None), over >= END))
        .order_by(col(Criterion.set_code), col(Criterion.place), col(Criterion.id))
    )


@asks(rows.ScoredRow)
def _scored(_: Viewer, __: Within) -> Statement:
    group = (col(Score.set_code), col(Score.year), col(Score.staff))
    found = select(*group, func.count(func.distinct(col(Score.person_id)))).group_by(*group)
    years = col(Score.year).between(bindparam("year"), bindparam("last_year"))
    return found.where(years).order_by(*group)


@asks(rows.WorkRow)
def _works(viewer: Viewer, within: Within) -> Statement:
    """Those begun before the span ends that were not done or withdrawn before it began."""
    done, begun = col(WorkItem.done_on), col(WorkItem.begins_on)
    return (
        select(*(getattr(WorkItem, name) for name in rows.WorkRow._fields))
        .where(works_seen(viewer), _inside(col(WorkItem.area_id), within))
        .where(or_(begun.is_(None), begun < END))
        .where(or_(done.is_(None), done >= START))
        .order_by(col(WorkItem.due_on), col(WorkItem.number))
    )
