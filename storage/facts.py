"""Reads what is known of a span of days at a cut, in a dozen statements whatever their size."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import Case as SqlCase
from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true
from sqlmodel import Session, col

from storage import known as rows
from storage import programmes
from storage.known import Known, Span
from storage.scope import (
    Viewer,
    cases_seen,
    directive_targets_seen,
    exchanges_seen,
    visits_seen,
    visits_whole,
)
from storage.tables import (
    Absence,
    Account,
    Area,
    Assignment,
    Cadence,
    Case,
    CaseEvent,
    Commitment,
    Companion,
    Directive,
    DirectiveTarget,
    Exchange,
    FieldOfWork,
    Person,
    Regulation,
    Visit,
    VisitVersion,
)

AWAITING = ("with_member", "drafted", "with_board", "to_centre", "recommended", "no_sanction")
"""States of a case in which the report prints its first words."""
FIRST_WORDS = 160

Row = TypeVar("Row")


def facts(
    session: Session,
    viewer: Viewer,
    span: Span,
    *,
    cut: datetime,
    areas: Collection[int] | None = None,
) -> Known:
    """What the viewer may know of the span at the cut, of all areas or of these.

    Visits count by their own date in the version known at the cut; cases stand as they stood
    then; fields of work, absences and links are those of now, because the office reviews them
    after figures have closed. Restricted cases are left whole out.
    """
    within = _areas_of(viewer, areas)
    visits = _visits(session, viewer, span, cut, within)
    return Known(
        span=span,
        cut=cut,
        areas=_area_rows(session, within),
        people=_people(session),
        assignments=_assignments(session, span, within),
        cadences=_cadences(session),
        regulations=_regulations(session),
        absences=_absences(session, span),
        visits=visits,
        companions=_companions(session, viewer, span),
        cases=_cases(session, viewer, span, cut, within),
        exchanges=_exchanges(session, viewer, span, cut, within),
        commitments=_commitments(session, viewer, span, cut, within),
        directives=_directives(session, viewer, span, cut, within),
        fields=_fields(session),
        programmes=programmes.known(session, viewer, span, cut=cut, within=within),
    )


def _areas_of(viewer: Viewer, areas: Collection[int] | None) -> frozenset[int] | None:
    """The areas asked for that the viewer reaches; None for all."""
    if viewer.everywhere:
        return None if areas is None else frozenset(areas)
    return viewer.areas if areas is None else viewer.areas & frozenset(areas)


def _inside(column: Any, within: frozenset[int] | None) -> ColumnElement[bool]:
    if within is None:
        return true()
    return column.in_(sorted(within)) if within else false()


def _all(session: Session, statement: Any, make: type[Row]) -> tuple[Row, ...]:
    return tuple(make(*found) for found in session.connection().execute(statement).all())


def _area_rows(session: Session, within: frozenset[int] | None) -> tuple[rows.AreaRow, ...]:
    found = select(col(Area.id), col(Area.name), col(Area.level), col(Area.parent_id))
    found = found.where(_inside(col(Area.id), within)).order_by(col(Area.place), col(Area.id))
    return _all(session, found, rows.AreaRow)


def _people(session: Session) -> tuple[rows.PersonRow, ...]:
    confirmed = col(Account.state) == "confirmed"
    linked = col(Person.id).in_(select(col(Account.person_id)).where(confirmed))
    found = select(
        col(Person.id),
        col(Person.full_name),
        col(Person.post),
        col(Person.unit),
        col(Person.rank),
        linked,
    ).order_by(col(Person.rank), col(Person.id))
    return _all(session, found, rows.PersonRow)


def _assignments(
    session: Session, span: Span, within: frozenset[int] | None
) -> tuple[rows.AssignmentRow, ...]:
    """Those in force on a day of the span."""
    over = col(Assignment.to_date)
    found = (
        select(
            col(Assignment.id),
            col(Assignment.person_id),
            col(Assignment.area_id),
            col(Regulation.number),
            col(Assignment.kind),
            col(Assignment.from_date),
            over,
        )
        .join(Regulation, col(Regulation.id) == col(Assignment.regulation_id))
        .where(col(Assignment.from_date) < span.end, or_(over.is_(None), over >= span.start))
        .where(_inside(col(Assignment.area_id), within))
        .order_by(col(Assignment.id))
    )
    return _all(session, found, rows.AssignmentRow)


def _cadences(session: Session) -> tuple[rows.CadenceRow, ...]:
    found = (
        select(
            col(Regulation.number),
            col(Cadence.kind),
            col(Cadence.from_date),
            col(Cadence.unit),
            col(Cadence.visits),
            col(Cadence.exchanges),
        )
        .join(Regulation, col(Regulation.id) == col(Cadence.regulation_id))
        .order_by(col(Cadence.id))
    )
    return _all(session, found, rows.CadenceRow)


def _regulations(session: Session) -> tuple[rows.RegulationRow, ...]:
    found = select(
        col(Regulation.number),
        col(Regulation.title),
        col(Regulation.issued_on),
        col(Regulation.issuer),
    ).order_by(col(Regulation.id))
    return _all(session, found, rows.RegulationRow)


def _absences(session: Session, span: Span) -> tuple[rows.AbsenceRow, ...]:
    """Approved ones that may excuse an owed period of up to a year which ends in the span."""
    found = (
        select(
            col(Absence.person_id),
            col(Absence.area_id),
            col(Absence.from_date),
            col(Absence.to_date),
            col(Absence.form),
        )
        .where(col(Absence.state) == "approved", col(Absence.from_date) < span.end)
        .where(col(Absence.to_date) >= span.start.replace(year=span.start.year - 1, day=1))
        .order_by(col(Absence.id))
    )
    return _all(session, found, rows.AbsenceRow)


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


def _visits(
    session: Session, viewer: Viewer, span: Span, cut: datetime, within: frozenset[int] | None
) -> tuple[rows.VisitRow, ...]:
    """Counted visits; those changed after the cut as they were before."""
    earlier = _changed_later(session, viewer, cut)
    found = select(
        col(Visit.id),
        col(Visit.person_id),
        col(Visit.area_id),
        col(Visit.visited_on),
        _parts(viewer),
        col(Visit.number),
        col(Visit.submitted_at),
    ).where(
        visits_seen(viewer),
        col(Visit.submitted_at) <= cut,
        or_(col(Visit.withdrawn_at).is_(None), col(Visit.withdrawn_at) > cut),
    )
    inside = (
        col(Visit.visited_on) >= span.start,
        col(Visit.visited_on) < span.end,
        _inside(col(Visit.area_id), within),
    )
    ordered = found.where(*inside).order_by(col(Visit.id))
    now = _all(session, ordered, rows.VisitRow)
    if not earlier:
        return now
    changed = _all(session, found.where(col(Visit.id).in_(sorted(earlier))), rows.VisitRow)
    then = [_as_it_was(row, earlier[row.id]) for row in changed]
    kept = [row for row in now if row.id not in earlier]
    kept += [row for row in then if _counts(row, span, within)]
    return tuple(sorted(kept))


def _changed_later(session: Session, viewer: Viewer, cut: datetime) -> dict[int, dict[str, Any]]:
    """What visits said at the cut that were changed afterwards, by id."""
    found = (
        select(col(VisitVersion.visit_id), col(VisitVersion.content))
        .join(Visit, col(Visit.id) == col(VisitVersion.visit_id))
        .where(col(VisitVersion.changed_at) > cut, visits_seen(viewer))
        .order_by(col(VisitVersion.visit_id), col(VisitVersion.version).desc())
    )
    return {visit_id: content for visit_id, content in session.connection().execute(found)}


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


def _companions(session: Session, viewer: Viewer, span: Span) -> tuple[tuple[int, int], ...]:
    """People of the roster who went along."""
    found = (
        select(col(Companion.visit_id), col(Companion.person_id))
        .join(Visit, col(Visit.id) == col(Companion.visit_id))
        .where(col(Companion.person_id).is_not(None), visits_seen(viewer))
        .where(col(Visit.visited_on) >= span.start, col(Visit.visited_on) < span.end)
    )
    return tuple((row[0], row[1]) for row in session.connection().execute(found) if row[1])


def _cases(
    session: Session, viewer: Viewer, span: Span, cut: datetime, within: frozenset[int] | None
) -> tuple[rows.CaseRow, ...]:
    """Cases that were open on a day of the span."""
    over = col(Case.ended_at)
    seen = and_(
        cases_seen(viewer),
        _inside(col(Case.area_id), within),
        col(Case.raised_at) < span.ends,
        col(Case.raised_at) <= cut,
        or_(over.is_(None), over >= span.begins),
    )
    late = and_(over.is_(None), col(Case.due_on) <= cut.date())  # the day begins later in UTC
    awaited = or_(col(Case.state).in_(AWAITING), late)
    found = (
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
            case((over <= cut, over), else_=None),
            case((awaited, func.substr(col(Case.text), 1, FIRST_WORDS)), else_=""),
            col(Case.outcome),
            col(Case.raised_by_id),
        )
        .where(seen)
        .order_by(col(Case.number))
    )
    earlier = _moved_later(session, seen, cut)
    return tuple(_as_it_stood(row, earlier) for row in _all(session, found, rows.CaseRow))


def _moved_later(
    session: Session, seen: ColumnElement[bool], cut: datetime
) -> dict[int, tuple[str, date | None]]:
    """State and due day at the cut of the cases to which something has happened since."""
    since = (
        select(col(CaseEvent.case_id))
        .join(Case, col(Case.id) == col(CaseEvent.case_id))
        .where(seen, col(CaseEvent.at) > cut)
    )
    found = (
        select(col(CaseEvent.case_id), col(CaseEvent.state), col(CaseEvent.due_on))
        .where(col(CaseEvent.case_id).in_(since), col(CaseEvent.at) <= cut)
        .order_by(col(CaseEvent.case_id), col(CaseEvent.at), col(CaseEvent.id))
    )
    steps = session.connection().execute(found).all()
    return {key: _last(list(group)) for key, group in groupby(steps, key=lambda step: step[0])}


def _last(steps: Sequence[Any]) -> tuple[str, date | None]:
    dated = [step.due_on for step in steps if step.due_on]
    return steps[-1].state, dated[-1] if dated else None


def _as_it_stood(row: rows.CaseRow, earlier: dict[int, tuple[str, date | None]]) -> rows.CaseRow:
    if row.id not in earlier:
        return row
    state, due_on = earlier[row.id]
    return row._replace(state=state, due_on=due_on or row.due_on)


def _exchanges(
    session: Session, viewer: Viewer, span: Span, cut: datetime, within: frozenset[int] | None
) -> tuple[rows.ExchangeRow, ...]:
    answered = col(Exchange.answered_at)
    found = (
        select(
            col(Exchange.id),
            col(Exchange.area_id),
            col(Exchange.begun_at),
            case((answered <= cut, answered), else_=None),
            col(Exchange.cadre_id),
            col(Exchange.due_on),
        )
        .where(exchanges_seen(viewer), _inside(col(Exchange.area_id), within))
        .where(col(Exchange.begun_at) >= span.begins, col(Exchange.begun_at) < span.ends)
        .where(col(Exchange.begun_at) <= cut)
        .order_by(col(Exchange.id))
    )
    return _all(session, found, rows.ExchangeRow)


def _commitments(
    session: Session, viewer: Viewer, span: Span, cut: datetime, within: frozenset[int] | None
) -> tuple[rows.CommitmentRow, ...]:
    """Those that were open on a day of the span, of visits that stand."""
    done = col(Commitment.done_at)
    found = (
        select(
            col(Commitment.id),
            col(Commitment.area_id),
            func.coalesce(col(Commitment.holder_id), col(Visit.person_id)),
            col(Visit.submitted_at),
            col(Commitment.due_on),
            case((done <= cut, done), else_=None),
        )
        .join(Visit, col(Visit.id) == col(Commitment.visit_id))
        .where(visits_seen(viewer), _inside(col(Commitment.area_id), within))
        .where(or_(col(Visit.withdrawn_at).is_(None), col(Visit.withdrawn_at) > cut))
        .where(col(Visit.submitted_at) < span.ends, col(Visit.submitted_at) <= cut)
        .where(or_(done.is_(None), done >= span.begins))
        .order_by(col(Commitment.id))
    )
    return _all(session, found, rows.CommitmentRow)


def _directives(
    session: Session, viewer: Viewer, span: Span, cut: datetime, within: frozenset[int] | None
) -> tuple[rows.DirectiveRow, ...]:
    """The areas to which something issued in the span goes."""
    noted, passed = col(DirectiveTarget.noted_at), col(DirectiveTarget.passed_at)
    found = (
        select(
            col(DirectiveTarget.id),
            col(DirectiveTarget.area_id),
            col(DirectiveTarget.cadre_id),
            col(Directive.issued_at),
            col(Directive.due_on),
            case((noted <= cut, noted), else_=None),
            case((passed <= cut, passed), else_=None),
        )
        .join(Directive, col(Directive.id) == col(DirectiveTarget.directive_id))
        .where(directive_targets_seen(viewer), _inside(col(DirectiveTarget.area_id), within))
        .where(col(Directive.issued_at) >= span.begins, col(Directive.issued_at) < span.ends)
        .where(col(Directive.issued_at) <= cut)
        .order_by(col(DirectiveTarget.id))
    )
    return _all(session, found, rows.DirectiveRow)


def _fields(session: Session) -> tuple[rows.FieldRow, ...]:
    found = select(col(FieldOfWork.id), col(FieldOfWork.name)).order_by(col(FieldOfWork.id))
    return _all(session, found, rows.FieldRow)
