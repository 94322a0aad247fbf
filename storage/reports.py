"""Summaries that were compiled: who may see which, what happened to them, their entries."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, or_, true
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage import audit
from storage.known import Span
from storage.occurrences import Due
from storage.prepared import Prepared
from storage.scope import (
    SYSTEM,
    Viewer,
    cases_seen,
    directive_targets_seen,
    exchanges_seen,
    values_seen,
    visits_seen,
    visits_whole,
    works_seen,
)
from storage.tables import (
    Assignment,
    Case,
    Commitment,
    Directive,
    DirectiveTarget,
    Exchange,
    IndicatorValue,
    Report,
    ReportEvent,
    Visit,
    WorkItem,
    metadata,
)

occurrence, report = metadata.tables["occurrence"], metadata.tables["report"]

OFFICE = frozenset({"tong_hop", "duyet"})
PROVINCE = "tinh"
OF_PERSON = "can_bo:"
SENT = "sent"
RECENT = 40

_LAST_FIRST = (col(Report.cut_at).desc(), col(Report.edition).desc(), col(Report.id).desc())


def reports_seen(viewer: Viewer) -> ColumnElement[bool]:
    """The office sees all; others what has gone out: the province's, and that of their areas.

    The yearly report of a cadre is his own from the first draft.
    """
    if viewer is SYSTEM or (viewer.everywhere and viewer.roles & OFFICE):
        return true()
    scopes = [f"phu_trach:{viewer.person_id}"] if viewer.in_charge else []
    if scopes or viewer.everywhere:
        scopes.append(PROVINCE)
    own = col(Report.scope) == f"{OF_PERSON}{viewer.person_id}"
    return or_(own, and_(col(Report.state) == SENT, col(Report.scope).in_(scopes)))


def newest(session: Session, viewer: Viewer, period: str, scope: str) -> Report | None:
    """The newest edition for the period and scope that the viewer may see."""
    found = select(Report).where(
        reports_seen(viewer), Report.period == period, Report.scope == scope
    )
    return session.exec(found.order_by(col(Report.edition).desc()).limit(1)).first()


def of_period(session: Session, viewer: Viewer, period: str) -> list[Report]:
    """The newest edition of every scope of the period."""
    found = select(Report).where(reports_seen(viewer), Report.period == period)
    newest_of = {row.scope: row for row in session.exec(found.order_by(col(Report.edition)))}
    return sorted(newest_of.values(), key=lambda row: row.id or 0)


def states_of_people(session: Session, viewer: Viewer, period: str) -> dict[int, str]:
    """How far the yearly report of each person has come, by person; the newest edition decides."""
    found = (
        select(col(Report.scope), col(Report.state))
        .where(reports_seen(viewer), Report.period == period)
        .where(col(Report.scope).like(f"{OF_PERSON}%"))
        .order_by(col(Report.edition))
    )
    rows = session.connection().execute(found)
    return {int(scope.removeprefix(OF_PERSON)): state for scope, state in rows}


def taken(session: Session, viewer: Viewer, report_id: int) -> Report | None:
    """One report, held until the transaction ends, so that of two taps at once one is second."""
    found = select(Report).where(reports_seen(viewer), Report.id == report_id).with_for_update()
    return session.exec(found.execution_options(populate_existing=True)).first()


def by_id(session: Session, viewer: Viewer, report_id: int) -> Report | None:
    """One report, if the viewer may see it."""
    return session.exec(select(Report).where(reports_seen(viewer), Report.id == report_id)).first()


def recent(session: Session, viewer: Viewer, scope: str) -> list[Report]:
    """Newest editions for the scope, the last cut first."""
    found = select(Report).where(reports_seen(viewer), Report.scope == scope)
    editions = list(session.exec(found.order_by(*_LAST_FIRST).limit(RECENT)))
    seen: dict[str, Report] = {}
    for row in sorted(editions, key=lambda row: -row.edition):
        seen.setdefault(row.period, row)
    return sorted(seen.values(), key=lambda row: (row.cut_at, row.id or 0), reverse=True)


_ANY_UNSENT = Prepared(
    select_columns(report.c.id)
    .where(report.c.scope == bindparam("scope"), report.c.state != SENT)
    .limit(1)
)


def unsent(session: Session, viewer: Viewer, scope: str) -> list[Report]:
    """Of the recent ones those that have not gone out; asked with every pass of the clock."""
    session.flush()
    if _ANY_UNSENT.first(session.connection(), scope=scope) is None:
        return []
    return [one for one in recent(session, viewer, scope) if one.state != SENT]


class Sent(NamedTuple):
    """A report that went out: its period, when its figures closed, the office's words."""

    period: str
    cut_at: datetime
    words: dict[str, Any]


def all_sent(session: Session, viewer: Viewer, scope: str) -> list[Sent]:
    """What went out for the scope, without the figures; the oldest editions first."""
    found = (
        select(col(Report.period), col(Report.cut_at), col(Report.words))
        .where(reports_seen(viewer), Report.scope == scope, Report.state == SENT)
        .order_by(col(Report.edition), col(Report.id))
    )
    return [Sent(*row) for row in session.connection().execute(found)]


def snapshots_sent(
    session: Session, viewer: Viewer, period: str, scopes: Collection[str]
) -> dict[str, dict[str, Any]]:
    """The snapshots that went out for the period, by scope; nothing is compiled after them."""
    found = (
        select(col(Report.scope), col(Report.snapshot))
        .where(reports_seen(viewer), Report.period == period, col(Report.scope).in_(scopes))
        .where(Report.state == SENT)
        .order_by(col(Report.edition))
    )
    return {scope: snapshot for scope, snapshot in session.connection().execute(found)}


def last_sent(session: Session, viewer: Viewer, scope: str) -> Report | None:
    """What went out last for the scope."""
    found = select(Report).where(reports_seen(viewer), Report.scope == scope, Report.state == SENT)
    return session.exec(found.order_by(*_LAST_FIRST).limit(1)).first()


def keep(session: Session, report: Report) -> Report:
    """Store a new report and give it its id."""
    session.add(report)
    session.flush()
    return report


def note(
    session: Session, report: Report, act: str, *, by_id: int | None, at: datetime, text: str = ""
) -> None:
    """Write down who did what to the report."""
    assert report.id is not None
    session.add(ReportEvent(report_id=report.id, at=at, by_id=by_id, act=act, note=text))
    session.flush()
    audit.note(session, f"report.{act}", "report", report.id, by=by_id, at=at)


def events(session: Session, viewer: Viewer, report_id: int, *acts: str) -> list[ReportEvent]:
    """What happened to the report (of these kinds), first thing first."""
    found = (
        select(ReportEvent)
        .join(Report, col(Report.id) == col(ReportEvent.report_id))
        .where(reports_seen(viewer), col(ReportEvent.report_id) == report_id)
    )
    if acts:
        found = found.where(col(ReportEvent.act).in_(acts))
    return list(session.exec(found.order_by(col(ReportEvent.id))))


def visits_of(session: Session, viewer: Viewer, ids: Collection[int]) -> list[Visit]:
    """The visits among these that the viewer sees, by number."""
    found = select(Visit).where(visits_seen(viewer), col(Visit.id).in_(sorted(ids)))
    return list(session.exec(found.order_by(col(Visit.number))))


def cases_of(session: Session, viewer: Viewer, ids: Collection[int]) -> list[Case]:
    """The cases among these that the viewer sees, by number."""
    found = select(Case).where(cases_seen(viewer), col(Case.id).in_(sorted(ids)))
    return list(session.exec(found.order_by(col(Case.number))))


def exchanges_of(session: Session, viewer: Viewer, ids: Collection[int]) -> list[Exchange]:
    """The exchanges among these that the viewer sees, by number."""
    found = select(Exchange).where(exchanges_seen(viewer), col(Exchange.id).in_(sorted(ids)))
    return list(session.exec(found.order_by(col(Exchange.number))))


def commitments_seen(viewer: Viewer) -> ColumnElement[bool]:
    """Those promised in visits that the viewer sees."""
    return col(Commitment.visit_id).in_(select(col(Visit.id)).where(visits_seen(viewer)))


AT_ONCE = 5000
"""Ids in one statement; SQLite takes no more than 32,766 values."""
_CODED: Mapping[str, tuple[str, Any, Callable[[Viewer], ColumnElement[bool]]]] = {
    "visit": ("CS", Visit, visits_seen),
    "case": ("KN", Case, cases_seen),
    "exchange": ("TR", Exchange, exchanges_seen),
    "commitment": ("VH", Commitment, commitments_seen),
    "so_lieu": ("SL", IndicatorValue, values_seen),
    "cong_viec": ("CV", WorkItem, works_seen),
}


def codes_by_id(
    session: Session, viewer: Viewer, of: str, ids: Collection[int]
) -> dict[tuple[str, int], str]:
    """The codes of the entries of one kind that the viewer sees, however many."""
    letters, noun, seen = _CODED[of]
    found: dict[tuple[str, int], str] = {}
    ordered = sorted(ids)
    for place in range(0, len(ordered), AT_ONCE):
        part = noun.id.in_(ordered[place : place + AT_ONCE])
        wanted = select_columns(noun.id, noun.number).where(seen(viewer), part)
        rows = session.connection().execute(wanted)
        found |= {(of, number): f"{letters}-{code}" for number, code in rows}
    return found


def codes(session: Session, viewer: Viewer, of: str, ids: Collection[int]) -> list[str]:
    """CS-…, KN-…, SL-… of the entries of one kind that the viewer sees; none for other kinds."""
    found = codes_by_id(session, viewer, of, ids) if of in _CODED else {}
    return sorted(found.values(), key=lambda code: int(code[3:]))


def commitments_of(session: Session, viewer: Viewer, ids: Collection[int]) -> list[Commitment]:
    """The commitments among these whose visit the viewer sees, by number."""
    found = (
        select(Commitment)
        .join(Visit, col(Visit.id) == col(Commitment.visit_id))
        .where(visits_seen(viewer), col(Commitment.id).in_(sorted(ids)))
    )
    return list(session.exec(found.order_by(col(Commitment.number))))


def directives_of(
    session: Session, viewer: Viewer, ids: Collection[int]
) -> list[tuple[int, DirectiveTarget]]:
    """The areas among these that a directive goes to and the viewer sees, with its number."""
    found = (
        select(Directive.number, DirectiveTarget)
        .join(Directive, col(Directive.id) == col(DirectiveTarget.directive_id))
        .where(directive_targets_seen(viewer), col(DirectiveTarget.id).in_(sorted(ids)))
    )
    return list(session.exec(found.order_by(col(Directive.number), col(DirectiveTarget.id))))


def areas_assigned(session: Session, ids: Collection[int]) -> dict[int, int]:
    """The area of each of these assignments."""
    found = select_columns(col(Assignment.id), col(Assignment.area_id))
    rows = session.connection().execute(found.where(col(Assignment.id).in_(sorted(ids))))
    return {one: area for one, area in rows if one is not None}


def with_situation(session: Session, viewer: Viewer, ids: Collection[int]) -> list[Visit]:
    """The visits among these whose situation the viewer sees and which have one, by number."""
    found = select(Visit).where(
        visits_whole(viewer), col(Visit.id).in_(sorted(ids)), col(Visit.situation) != ""
    )
    return list(session.exec(found.order_by(col(Visit.number))))


def unfiled(
    session: Session, viewer: Viewer, begins: datetime, ends: datetime, cut: datetime
) -> list[Case]:
    """Cases raised from `begins` up to `ends`, known at the cut, that have no field."""
    found = select(Case).where(
        cases_seen(viewer),
        col(Case.field_id).is_(None),
        or_(col(Case.state) != "merged", col(Case.ended_at).is_(None)),
        col(Case.raised_at) >= begins,
        col(Case.raised_at) < ends,
        col(Case.raised_at) <= cut,
    )
    return list(session.exec(found.order_by(col(Case.number))))


_DONE = Prepared(
    select_columns(
        occurrence.c.kind, occurrence.c.target, occurrence.c.due_at, occurrence.c.step
    ).where(occurrence.c.kind == bindparam("kind"), occurrence.c.due_at >= bindparam("since"))
)


def done(session: Session, kind: str, since: datetime) -> set[Due]:
    """What the clock did of this kind, due at `since` or later."""
    session.flush()
    return {Due(*row) for row in _DONE.all(session.connection(), kind=kind, since=since)}


def anything(session: Session, viewer: Viewer, span: Span) -> bool:
    """Whether there is a visit, a case or an exchange of these days."""
    found = (
        select(col(Visit.id)).where(
            visits_seen(viewer),
            col(Visit.visited_on) >= span.start,
            col(Visit.visited_on) < span.end,
        ),
        select(col(Case.id)).where(
            cases_seen(viewer), col(Case.raised_at) >= span.begins, col(Case.raised_at) < span.ends
        ),
        select(col(Exchange.id)).where(
            exchanges_seen(viewer),
            col(Exchange.begun_at) >= span.begins,
            col(Exchange.begun_at) < span.ends,
        ),
    )
    return any(session.exec(one.limit(1)).first() is not None for one in found)
