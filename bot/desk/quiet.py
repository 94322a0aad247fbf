"""When what is told by itself goes out: at a time of work, unless that were too late."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.desk.morning import Day
from bot.messages import Outgoing
from bot.rules.zone import day_of, local, moment


def at_work(message: Outgoing, on: Day, *, until: datetime | None = None) -> Outgoing:
    """A message of its own that is not urgent; `until` is when it is of no use any more."""
    return replace(message, kind="notice", not_before=when(on, until=until))


def when(on: Day, *, until: datetime | None = None, ends: time | None = None) -> datetime | None:
    """None for now; else the moment to wait for.

    That is the next time of work. If it comes no earlier than the day of `until`, a day off is
    disturbed, but not its night; if the night itself were too long, nothing waits.
    """
    waits = _time_of_work(on, ends)
    if waits is None or until is None or day_of(waits) < day_of(until):
        return waits
    morning = _daytime(on)
    return morning if morning is not None and morning < until else None


def _time_of_work(on: Day, ends: time | None) -> datetime | None:
    """Working days from the hour of sending to the quiet hours, or until it `ends`."""
    now, begins, quiet = local(on.at).time(), on.province.send_at, on.province.quiet[0]
    ends = ends or (quiet if begins < quiet else time.max)
    workday = on.calendar.is_workday(on.today)
    if workday and begins <= now < ends:
        return None
    later = on.today if workday and now < begins else on.calendar.add_workdays(on.today, 1)
    return moment(later, begins)


def _daytime(on: Day) -> datetime | None:
    """Any day outside the quiet hours."""
    now, (begins, ends) = local(on.at).time(), on.province.quiet
    if ends <= now < begins:
        return None
    return moment(on.today + timedelta(days=1 if now >= begins else 0), ends)
