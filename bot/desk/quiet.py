"""Quiet hours for what is told by itself: it waits for their end, unless that were too late."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.messages import Outgoing
from bot.rules.province import Province
from bot.rules.zone import local, moment


def by_day(
    message: Outgoing, province: Province, at: datetime, *, until: datetime | None = None
) -> Outgoing:
    """The notice at once, in the quiet hours at their end; at once where `until` comes first."""
    begins, ends = province.quiet
    now = local(at)
    if ends <= now.time() < begins:
        return message
    day = now.date() + timedelta(days=1 if now.time() >= begins else 0)
    over = moment(day, ends)
    return message if until is not None and over >= until else replace(message, not_before=over)
