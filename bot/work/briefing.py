"""Sends the brief on an area by itself, the evening before an invitation that was accepted."""

from datetime import datetime, time

from sqlmodel import Session

from bot.desk import brief, quiet
from bot.desk.duties import coming, day_at
from bot.desk.morning import Day
from bot.desk.visit_lines import when
from bot.messages import Outgoing
from bot.rules.zone import day_of, moment
from bot.work.post import post
from bot.work.viewers import viewer_for
from storage import areas
from storage.database import Database
from storage.occurrences import Due, claim, is_claimed
from storage.scope import SYSTEM
from storage.tables import Invitation

EVENING = time(17)
KIND = "brief"


def brief_on_the_eve(db: Database, at: datetime) -> int:
    """Briefs that are due and were not sent; how many. Each at a time of work, if one is left."""
    with db.reading() as session:
        if not _due(session, at):
            return 0
    with db.writing() as session:
        found = _due(session, at)
        return sum(_send(session, row, at) for row in found)


def _due(session: Session, at: datetime) -> list[Invitation]:
    on = day_at(session, at)
    accepted = [row for row in coming(session, SYSTEM, on.today) if row.answer == "accepted"]
    return [row for row in accepted if _is_time(on, row) and not is_claimed(session, _claim(row))]


def _is_time(on: Day, row: Invitation) -> bool:
    """From five in the afternoon of the last working day before it until it begins."""
    eve = on.calendar.add_workdays(day_of(row.starts_at), -1)
    begun = moment(eve, EVENING) <= on.at < row.starts_at
    return begun and quiet.when(on, until=row.starts_at) is None


def _claim(row: Invitation) -> Due:
    return Due(KIND, f"invitation:{row.id}", row.starts_at, str(row.cadre_id))


def _send(session: Session, row: Invitation, at: datetime) -> int:
    if not claim(session, [_claim(row)], at):
        return 0
    area = areas.by_id(session, row.area_id)
    assert area is not None
    viewer = viewer_for(session, row.cadre_id, day_of(at))
    said = brief.of_area(session, viewer, area, at)
    where = f", {row.place}" if row.place else ""
    text = f"GM-{row.number}: {row.occasion} {when(row)}{where}\n\n{said.text}"
    told = Outgoing(
        text,
        said.rows,
        kind="notice",
        person_id=row.cadre_id,
        about=(KIND, row.id or 0),
        expires_at=row.starts_at,
    )
    post(session, [told])
    return 1
