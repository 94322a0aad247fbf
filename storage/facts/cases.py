"""The cases of a report, each as it stood at the cut."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlmodel import Session, col

from storage import known as rows
from storage.facts.reading import (
    BEGINS,
    CUT,
    DAY,
    ENDS,
    Asked,
    Statement,
    Within,
    asks,
    found_as,
    inside,
)
from storage.scope import Viewer, cases_seen
from storage.tables import Case, CaseEvent

AWAITING = ("with_member", "drafted", "with_board", "to_centre", "recommended", "no_sanction")
"""States of a case in which the report prints its first words."""
FIRST_WORDS = 160
REFILED = ("change_field", "merge")


class _Step(NamedTuple):
    case_id: int
    state: str
    due_on: date | None


def standing(session: Session, viewer: Viewer, asked: Asked) -> tuple[rows.CaseRow, ...]:
    """Cases that were open on a day of the span."""
    steps = groupby(_before_later(session, viewer, asked), key=lambda step: step.case_id)
    earlier = {key: _last(list(group)) for key, group in steps}
    return tuple(_as_it_stood(row, earlier) for row in _open(session, viewer, asked))


def _seen(viewer: Viewer, within: Within) -> ColumnElement[bool]:
    over, raised = col(Case.ended_at), col(Case.raised_at)
    return and_(
        cases_seen(viewer),
        inside(col(Case.area_id), within),
        raised < ENDS,
        raised <= CUT,
        or_(over.is_(None), over >= BEGINS),
    )


@asks(rows.CaseRow)
def _open(viewer: Viewer, within: Within) -> Statement:
    over = col(Case.ended_at)
    late = and_(over.is_(None), col(Case.due_on) <= DAY)  # the day begins later in UTC
    awaited = or_(*(col(Case.state) == one for one in AWAITING), late)
    return (
        select(
            col(Case.id),
            col(Case.number),
            col(Case.area_id),
            col(Case.field_id),
            col(Case.state),
            col(Case.owner_id),
            col(Case.owner_area_id),
            col(Case.owner_role),
            col(Case.due_on),
            col(Case.raised_at),
            case((over <= CUT, over), else_=None),
            case((awaited, func.substr(col(Case.text), 1, FIRST_WORDS)), else_=""),
            col(Case.outcome),
            col(Case.raised_by_id),
        )
        .where(_seen(viewer, within))
        .order_by(col(Case.number))
    )


@asks(_Step)
def _before_later(viewer: Viewer, within: Within) -> Statement:
    """What had happened at the cut to cases to which something has happened since."""
    since = (
        select(col(CaseEvent.case_id))
        .join(Case, col(Case.id) == col(CaseEvent.case_id))
        .where(_seen(viewer, within), col(CaseEvent.at) > CUT)
    )
    return (
        select(col(CaseEvent.case_id), col(CaseEvent.state), col(CaseEvent.due_on))
        .where(col(CaseEvent.case_id).in_(since), col(CaseEvent.at) <= CUT)
        .order_by(col(CaseEvent.case_id), col(CaseEvent.at), col(CaseEvent.id))
    )


def refiled(
    session: Session,
    viewer: Viewer,
    since: datetime,
    cut: datetime,
    before: datetime,
) -> tuple[rows.RefiledRow, ...]:
    """Cases raised before that moment and put elsewhere after `since`; each by its last step."""
    case, step = Case, CaseEvent
    found = (
        select(col(case.id), col(case.number), col(case.area_id), col(step.act), col(step.text))
        .join(case, col(case.id) == col(step.case_id))
        .where(cases_seen(viewer), col(case.raised_at) < before, col(step.act).in_(REFILED))
        .where(col(step.at) > since, col(step.at) <= cut)
        .order_by(col(step.at), col(step.id))
    )
    last = {row.id: row for row in found_as(session, found, rows.RefiledRow)}
    return tuple(last[one] for one in sorted(last))


def _last(steps: Sequence[_Step]) -> tuple[str, date | None]:
    """State and due day after these."""
    dated = [step.due_on for step in steps if step.due_on]
    return steps[-1].state, dated[-1] if dated else None


def _as_it_stood(row: rows.CaseRow, earlier: dict[int, tuple[str, date | None]]) -> rows.CaseRow:
    if row.id not in earlier:
        return row
    state, due_on = earlier[row.id]
    return row._replace(state=state, due_on=due_on or row.due_on)
