"""Builds the Viewer of the person who writes."""

from datetime import date

from sqlmodel import Session

from bot.rules.access import viewer_of
from storage.grants import held
from storage.scope import Viewer


def viewer_for(session: Session, person_id: int, day: date) -> Viewer:
    """What the person may see on the day (in the province's zone)."""
    return viewer_of(person_id, held(session, person_id, day))
