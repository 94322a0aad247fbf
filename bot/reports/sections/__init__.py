"""The sections of a summary: on a phone in this order, on paper by their chapters."""

from bot.reports.blocks import Section
from bot.reports.sections import (
    assignment,
    by_area,
    by_person,
    coming,
    commitments,
    corrections,
    directives,
    handling,
    limits,
    not_recorded,
    opinions,
    outcomes,
    programmes,
    standing_out,
    support,
    two_way,
    upward,
    visits,
)

SECTIONS: tuple[Section, ...] = (
    opinions,
    standing_out,
    outcomes,
    handling,
    upward,
    assignment,
    visits,
    two_way,
    directives,
    commitments,
    support,
    programmes,
    limits,
    corrections,
    coming,
    by_area,
    by_person,
    not_recorded,
)
