"""What a report knows of things with a day to meet: exchanges, commitments, directives."""

from datetime import datetime

from sqlalchemy import case, func, or_, select
from sqlmodel import Session, col

from storage import known as rows
from storage.facts.reading import found_as, inside
from storage.known import Span
from storage.scope import Viewer, directive_targets_seen, exchanges_seen, visits_seen
from storage.tables import Commitment, Directive, DirectiveTarget, Exchange, Visit


def exchanges(
    session: Session, viewer: Viewer, span: Span, cut: datetime, within: frozenset[int] | None
) -> tuple[rows.ExchangeRow, ...]:
    """Those begun in the span, answered or not at the cut."""
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
        .where(exchanges_seen(viewer), inside(col(Exchange.area_id), within))
        .where(col(Exchange.begun_at) >= span.begins, col(Exchange.begun_at) < span.ends)
        .where(col(Exchange.begun_at) <= cut)
        .order_by(col(Exchange.id))
    )
    return found_as(session, found, rows.ExchangeRow)


def commitments(
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
        .where(visits_seen(viewer), inside(col(Commitment.area_id), within))
        .where(or_(col(Visit.withdrawn_at).is_(None), col(Visit.withdrawn_at) > cut))
        .where(col(Visit.submitted_at) < span.ends, col(Visit.submitted_at) <= cut)
        .where(or_(done.is_(None), done >= span.begins))
        .order_by(col(Commitment.id))
    )
    return found_as(session, found, rows.CommitmentRow)


def directives(
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
        .where(directive_targets_seen(viewer), inside(col(DirectiveTarget.area_id), within))
        .where(col(Directive.issued_at) >= span.begins, col(Directive.issued_at) < span.ends)
        .where(col(Directive.issued_at) <= cut)
        .order_by(col(DirectiveTarget.id))
    )
    return found_as(session, found, rows.DirectiveRow)
