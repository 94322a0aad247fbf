"""What a report knows of things with a day to meet: exchanges, commitments, directives."""

from sqlalchemy import case, func, or_, select
from sqlmodel import col

from storage import known as rows
from storage.facts.reading import BEGINS, CUT, ENDS, Statement, Within, asks, inside
from storage.scope import Viewer, directive_targets_seen, exchanges_seen, visits_seen
from storage.tables import Commitment, Directive, DirectiveTarget, Exchange, Visit


@asks(rows.ExchangeRow)
def exchanges(viewer: Viewer, within: Within) -> Statement:
    """Those begun in the span, answered or not at the cut."""
    answered = col(Exchange.answered_at)
    return (
        select(
            col(Exchange.id),
            col(Exchange.area_id),
            col(Exchange.begun_at),
            case((answered <= CUT, answered), else_=None),
            col(Exchange.cadre_id),
            col(Exchange.due_on),
        )
        .where(exchanges_seen(viewer), inside(col(Exchange.area_id), within))
        .where(col(Exchange.begun_at) >= BEGINS, col(Exchange.begun_at) < ENDS)
        .where(col(Exchange.begun_at) <= CUT)
        .order_by(col(Exchange.id))
    )


@asks(rows.CommitmentRow)
def commitments(viewer: Viewer, within: Within) -> Statement:
    """Those that were open on a day of the span, of visits that stand."""
    done = col(Commitment.done_at)
    return (
        select(
            col(Commitment.id),
            col(Commitment.area_id),
            func.coalesce(col(Commitment.holder_id), col(Visit.person_id)),
            col(Visit.submitted_at),
            col(Commitment.due_on),
            case((done <= CUT, done), else_=None),
        )
        .join(Visit, col(Visit.id) == col(Commitment.visit_id))
        .where(visits_seen(viewer), inside(col(Commitment.area_id), within))
        .where(or_(col(Visit.withdrawn_at).is_(None), col(Visit.withdrawn_at) > CUT))
        .where(col(Visit.submitted_at) < ENDS, col(Visit.submitted_at) <= CUT)
        .where(or_(done.is_(None), done >= BEGINS))
        .order_by(col(Commitment.id))
    )


@asks(rows.DirectiveRow)
def directives(viewer: Viewer, within: Within) -> Statement:
    """The areas to which something issued in the span goes."""
    noted, passed = col(DirectiveTarget.noted_at), col(DirectiveTarget.passed_at)
    return (
        select(
            col(DirectiveTarget.id),
            col(DirectiveTarget.area_id),
            col(DirectiveTarget.cadre_id),
            col(Directive.issued_at),
            col(Directive.due_on),
            case((noted <= CUT, noted), else_=None),
            case((passed <= CUT, passed), else_=None),
        )
        .join(Directive, col(Directive.id) == col(DirectiveTarget.directive_id))
        .where(directive_targets_seen(viewer), inside(col(DirectiveTarget.area_id), within))
        .where(col(Directive.issued_at) >= BEGINS, col(Directive.issued_at) < ENDS)
        .where(col(Directive.issued_at) <= CUT)
        .order_by(col(DirectiveTarget.id))
    )
