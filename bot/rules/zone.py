"""The province's zone: where a moment becomes a day on the calendar, and a day a moment."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_in_use = [ZoneInfo("Asia/Ho_Chi_Minh")]


def use(zone: ZoneInfo) -> None:
    """Read and show times in this zone from now on; called once, when the program starts."""
    _in_use[0] = zone


def local(at: datetime) -> datetime:
    """The moment as clocks in the province show it."""
    return at.astimezone(_in_use[0])


def day_of(at: datetime) -> date:
    """The day in the province on which the moment falls."""
    return local(at).date()


def moment(day: date, clock: time) -> datetime:
    """The moment, in UTC, at which the province's clocks show this time of the day."""
    return datetime.combine(day, clock, _in_use[0]).astimezone(UTC)
