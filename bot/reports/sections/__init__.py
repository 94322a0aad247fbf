"""The sections of a summary, in the order in which they are read."""

from bot.reports.blocks import Section
from bot.reports.sections import (
    by_area,
    handling,
    not_recorded,
    opinions,
    standing_out,
    two_way,
    visits,
)

SECTIONS: tuple[Section, ...] = (
    opinions,
    standing_out,
    handling,
    visits,
    two_way,
    by_area,
    not_recorded,
)
