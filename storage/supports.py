"""Help raised for communes (hỗ trợ huy động), as slips tell of it; rows taken out are kept."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col
from sqlmodel import select as rows_of

from storage.scope import Viewer, visits_seen
from storage.tables import Support, Visit

SAID = ("text", "kind", "quantity", "value", "giver")
"""What a slip says of one; the rest tells when."""


def of_visit(session: Session, viewer: Viewer, visit_id: int) -> list[Support]:
    """What the slip tells of now, in order."""
    found = (
        rows_of(Support)
        .join(Visit, col(Visit.id) == col(Support.visit_id))
        .where(visits_seen(viewer), Support.visit_id == visit_id)
        .where(col(Support.removed_at).is_(None))
    )
    return list(session.exec(found.order_by(col(Support.id))))


def said(row: Support) -> dict[str, Any]:
    """The row as an answer of the slip's form."""
    return {name: getattr(row, name) for name in SAID}


def put(
    session: Session,
    viewer: Viewer,
    visit_id: int,
    items: Iterable[Mapping[str, Any]],
    at: datetime,
) -> None:
    """The slip tells of exactly these from now on; what it told of before is kept as removed."""
    left = [{name: item[name] for name in SAID} for item in items]
    for row in of_visit(session, viewer, visit_id):
        if said(row) in left:
            left.remove(said(row))
        else:
            row.removed_at = at
            session.add(row)
    session.add_all(Support(visit_id=visit_id, entered_at=at, **item) for item in left)
