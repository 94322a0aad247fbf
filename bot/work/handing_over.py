"""Hands over what is open when an assignment is over or an area is no more."""

from dataclasses import replace
from datetime import datetime

from bot.desk import handover
from bot.desk.duties import day_at
from bot.rules.zone import moment
from bot.work.post import post
from storage.database import Database


def hand_over(db: Database, at: datetime) -> int:
    """Whatever is due, once; how many messages it causes."""
    with db.reading() as session:
        if not handover.due(session, at):
            return 0
    with db.writing() as session:
        said = handover.hand_over(session, at)
        on = day_at(session, at)
        if not on.calendar.is_workday(on.today):
            day = on.calendar.add_workdays(on.today, 1)
            morning = moment(day, on.province.send_at)
            said = [replace(one, not_before=morning) for one in said]
        post(session, said)
    return len(said)
