"""A bot's monthly quota: when the office is warned, and what is left for what can wait."""

from datetime import datetime, timedelta

from bot.rules.zone import local

WARNED = 80  # per cent: the office is told
HELD = 95  # per cent: what is left belongs to answers
TOPPED_UP = timedelta(days=1)  # a bot that is paid for may have been paid for by then


def month_of(at: datetime) -> str:
    """The month of the province in which a message counts, "2026-11"."""
    return f"{local(at):%Y-%m}"


def room(used: int, most: int) -> int:
    """How many messages that are not urgent may still go this month."""
    return max(0, most * HELD // 100 - used)


def is_near(used: int, most: int) -> bool:
    """Whether so much is used that the office should know."""
    return used * 100 >= most * WARNED


def is_used_up(said_at: datetime | None, most: int, at: datetime) -> bool:
    """Whether the channel's word that nothing more goes still counts.

    With a monthly number (`most`) it counts to the month's end, else (0) for a day.
    """
    return said_at is not None and (most > 0 or at - said_at < TOPPED_UP)
