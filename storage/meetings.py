"""Meetings (họp mặt) of a member in charge with the cadres who follow his areas."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from storage import audit
from storage.scope import Viewer, meetings_seen
from storage.tables import Meeting


def coming(session: Session, viewer: Viewer, day: date) -> list[Meeting]:
    """The viewer's own of that day and later, the nearest first; all for who sees everything."""
    found = select(Meeting).where(
        meetings_seen(viewer), col(Meeting.cancelled_at).is_(None), Meeting.held_on >= day
    )
    return list(session.exec(found.order_by(col(Meeting.held_on), col(Meeting.id))))


def put(
    session: Session, viewer: Viewer, held_on: date, words: str, *, today: date, at: datetime
) -> Meeting:
    """The viewer's next meeting is on this day; the one that was set before moves to it."""
    mine = [one for one in coming(session, viewer, today) if one.member_id == viewer.person_id]
    row = mine[0] if mine else Meeting(member_id=viewer.person_id, held_on=held_on, set_at=at)
    row.held_on, row.words, row.set_at = held_on, words, at
    session.add(row)
    session.flush()
    audit.note(session, "meeting.set", "meeting", row.id, by=viewer.person_id, at=at)
    return row


def cancel(session: Session, viewer: Viewer, meeting: Meeting, at: datetime) -> None:
    """It will not be held."""
    meeting.cancelled_at = at
    session.add(meeting)
    session.flush()
    audit.note(session, "meeting.cancel", "meeting", meeting.id, by=viewer.person_id, at=at)
