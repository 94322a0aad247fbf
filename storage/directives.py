"""Directives (ND-…): to whom they go, and how far they have come in each area."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select as select_columns
from sqlalchemy import update
from sqlmodel import Session, col, select

from storage import audit
from storage.counters import next_number
from storage.scope import Viewer, directive_targets_seen, directives_seen
from storage.tables import Directive, DirectiveTarget, Occurrence, Outbox

KIND = "directive_target"
"""What an occurrence and a message are about: one target row."""


def issue(
    session: Session, directive: Directive, targets: Iterable[tuple[int, int | None]]
) -> list[DirectiveTarget]:
    """Store it under the next ND number, with its (area, cadre) pairs."""
    directive.number = next_number(session, "ND")
    session.add(directive)
    session.flush()
    assert directive.id is not None
    rows = [
        DirectiveTarget(directive_id=directive.id, area_id=area, cadre_id=cadre)
        for area, cadre in dict.fromkeys(targets)
    ]
    session.add_all(rows)
    session.flush()
    by, at = directive.issued_by_id, directive.issued_at
    audit.note(session, "directive.issue", "directive", directive.id, by=by, at=at)
    return rows


def by_number(session: Session, viewer: Viewer, number: int) -> Directive | None:
    """ND-number; None when there is none, or none that the viewer may see."""
    found = select(Directive).where(Directive.number == number, directives_seen(viewer))
    return session.exec(found).first()


def in_force(session: Session, viewer: Viewer) -> list[Directive]:
    """Those not passed on everywhere yet, the newest first."""
    open_ones = select(DirectiveTarget.directive_id).where(col(DirectiveTarget.passed_at).is_(None))
    found = select(Directive).where(directives_seen(viewer), col(Directive.id).in_(open_ones))
    return list(session.exec(found.order_by(col(Directive.id).desc())))


def of_area(session: Session, viewer: Viewer, area_id: int) -> list[tuple[Directive, bool]]:
    """What was issued for the area and not passed on, and what was in the last place; newest first.

    The commune itself reads only what has been passed on to it.
    """
    found = (
        select(Directive, col(DirectiveTarget.passed_at).is_not(None))
        .join(DirectiveTarget, col(DirectiveTarget.directive_id) == Directive.id)
        .where(DirectiveTarget.area_id == area_id, directive_targets_seen(viewer))
        .order_by(col(Directive.id).desc())
    )
    return [(directive, bool(passed)) for directive, passed in session.exec(found)]


def targets(session: Session, viewer: Viewer, directive_id: int) -> list[DirectiveTarget]:
    """The areas of it that the viewer sees."""
    found = select(DirectiveTarget).where(
        DirectiveTarget.directive_id == directive_id, directive_targets_seen(viewer)
    )
    return list(session.exec(found.order_by(col(DirectiveTarget.id))))


def waiting(session: Session, viewer: Viewer) -> list[tuple[Directive, DirectiveTarget]]:
    """Areas to which something is still to be passed on, by due date."""
    found = (
        select(Directive, DirectiveTarget)
        .join(DirectiveTarget, col(DirectiveTarget.directive_id) == Directive.id)
        .where(directive_targets_seen(viewer), col(DirectiveTarget.passed_at).is_(None))
        .order_by(col(Directive.due_on), col(Directive.id), col(DirectiveTarget.id))
    )
    return list(session.exec(found))


def delivered(session: Session, viewer: Viewer, directive_id: int) -> dict[int, datetime]:
    """By cadre, when the first message that carried it was sent."""
    named = [(row.id, row.cadre_id) for row in targets(session, viewer, directive_id)]
    ids = [row_id for row_id, _ in named if row_id is not None]
    of_cadre = {row_id: cadre for row_id, cadre in named if cadre is not None}
    found: dict[int, datetime] = {}
    for row_id, sent_at in _sent(session, ids):
        cadre = of_cadre.get(row_id)
        if cadre is not None:
            found[cadre] = min(sent_at, found.get(cadre, sent_at))
    return found


def _sent(session: Session, ids: Collection[int]) -> list[tuple[int, datetime]]:
    """(target id, when) of messages about these targets, sent alone or in a morning message.

    A message is sent in real time: the moment is that of the occasion on the service's own clock,
    and what the sending took on top.
    """
    names = {f"{KIND}:{one}": one for one in ids}
    sent, created = col(Outbox.sent_at), col(Outbox.created_at)
    alone = (
        select_columns(col(Outbox.about_id), col(Directive.issued_at), created, sent)
        .join(DirectiveTarget, col(DirectiveTarget.id) == Outbox.about_id)
        .join(Directive, col(Directive.id) == DirectiveTarget.directive_id)
        .where(col(Outbox.about_kind) == KIND, col(Outbox.about_id).in_(ids), sent.is_not(None))
    )
    in_the_morning = (
        select_columns(col(Occurrence.target), col(Occurrence.made_at), created, sent)
        .join(Outbox, col(Outbox.id) == Occurrence.outbox_id)
        .where(col(Occurrence.target).in_(names), sent.is_not(None))
    )
    connection = session.connection()
    found: list[Any] = list(connection.execute(alone))
    found += [(names[name], *rest) for name, *rest in connection.execute(in_the_morning)]
    return [(row_id, at + (sent_at - made)) for row_id, at, made, sent_at in found]


def note(session: Session, directive_id: int, cadre_ids: Collection[int], at: datetime) -> int:
    """These cadres have taken note; how many areas that concerns for the first time."""
    return _mark(session, directive_id, cadre_ids, None, noted_at=at)


def passed_on(
    session: Session,
    directive_id: int,
    cadre_ids: Collection[int],
    *,
    by_id: int,
    at: datetime,
    area_ids: Collection[int] | None = None,
) -> int:
    """They have passed it on, to all their areas of it or to these; how many for the first time."""
    note(session, directive_id, cadre_ids, at)
    audit.note(session, "directive.pass", "directive", directive_id, by=by_id, at=at)
    return _mark(session, directive_id, cadre_ids, area_ids, passed_at=at, passed_by_id=by_id)


def _mark(
    session: Session,
    directive_id: int,
    cadre_ids: Collection[int],
    area_ids: Collection[int] | None,
    **values: datetime | int,
) -> int:
    first = getattr(DirectiveTarget, next(iter(values)))
    statement = update(DirectiveTarget).where(
        col(DirectiveTarget.directive_id) == directive_id,
        col(DirectiveTarget.cadre_id).in_(sorted(cadre_ids)),
        col(first).is_(None),
    )
    if area_ids is not None:
        statement = statement.where(col(DirectiveTarget.area_id).in_(sorted(area_ids)))
    changed = session.connection().execute(statement.values(**values)).rowcount
    session.expire_all()
    return changed


def hand_over(session: Session, area_id: int, *, old_id: int | None, new_id: int) -> int:
    """What was still to be passed on in the area is the successor's; how many."""
    target = DirectiveTarget
    had = col(target.cadre_id).is_(None) if old_id is None else col(target.cadre_id) == old_id
    theirs = select(target.directive_id).where(
        target.area_id == area_id, col(target.cadre_id) == new_id
    )
    statement = update(target).where(
        col(target.area_id) == area_id,
        had,
        col(target.passed_at).is_(None),
        col(target.directive_id).not_in(theirs),
    )
    changed = statement.values(cadre_id=new_id, noted_at=None)
    return session.connection().execute(changed).rowcount
