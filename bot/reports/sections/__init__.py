"""The sections of a summary, in the order in which they are read."""

from bot.reports.blocks import Section
from bot.reports.sections import (
    by_area,
    handling,
    not_recorded,
    opinions,
    outcomes,
    standing_out,
    two_way,
    upward,
    visits,
)

SECTIONS: tuple[Section, ...] = (
    opinions,
    standing_out,
    handling,
    upward,
    visits,
    two_way,
    by_area,
    outcomes,
    not_recorded,
)
