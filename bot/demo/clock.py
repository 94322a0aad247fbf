"""Moves the clock of a demo database, doing on the way what each day's hours would have done."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta

from bot.rules.zone import day_of, moment
from bot.work import clock
from bot.work.tick import tick
from storage.database import Database

HOURS = (time(7, 15), time(7, 30), time(13, 30), time(17, 0), time(17, 1))
"""When something can fall due; between them a pass of the clock finds nothing new."""


def advance(
    db: Database, to: datetime, meanwhile: Callable[[datetime], None] = lambda at: None
) -> datetime:
    """Let the clock show `to`, with every pass in between; the time it then shows.

    After each pass `meanwhile` may let what fell due be sent, so that it bears its own hour.
    """
    for at in (*_passes(clock.now(db), to), to):
        with db.writing() as session:
            clock.move(session, at)
        tick(db, at)
        meanwhile(at)
    return clock.now(db)


def _passes(start: datetime, end: datetime) -> Iterator[datetime]:
    day = day_of(start)
    while day <= day_of(end):
        yield from (at for hour in HOURS if start < (at := moment(day, hour)) < end)
        day += timedelta(days=1)
