"""Cases at the desk: raised here, listed, shown, and moved by those whose turn it is."""

from datetime import datetime

from sqlmodel import Session

from bot.desk import case_acts
from bot.messages import Outgoing, Rejected
from storage.scope import Viewer
from storage.tables import Case


def raise_case(
    session: Session,
    viewer: Viewer,
    *,
    area_id: int,
    text: str,
    source: str,
    kind: str,
    field_id: int | None,
    visit_id: int | None,
    outcome: str,
    document: str,
    raised_by_id: int,
    at: datetime,
) -> tuple[Case, list[Outgoing]]:
    """A new case, and the messages to others that it causes at once (not the author's receipt).

    Without a field the key words propose one. What a commune learns of a visit's cases goes with
    the notice of that visit.
    """
    if not viewer.everywhere and area_id not in viewer.areas:
        raise Rejected("Địa bàn này không thuộc phần của đồng chí.")
    new = case_acts.New(
        area_id, text, source, kind, field_id, visit_id, outcome, document, raised_by_id
    )
    return case_acts.create(session, viewer, new, at), []
