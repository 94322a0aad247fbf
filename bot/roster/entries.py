"""Rows of a workbook as values, and what is stored already that they must agree with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.roster.columns import Record


@dataclass(frozen=True)
class Entry:
    """One row as values by field, references still as codes."""

    row: int
    values: Record


Entries = dict[str, list[Entry]]


@dataclass(frozen=True)
class KnownSpan:
    """An assignment that is stored: (person, area, regulation, kind) as codes, and its days."""

    key: tuple[str, ...]
    from_date: date
    to_date: date | None


@dataclass(frozen=True)
class Known:
    """What is stored already: keys by sheet, the tree of areas, assignments, programmes."""

    keys: Mapping[str, frozenset[str]] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)  # by area code
    parents: Mapping[str, str | None] = field(default_factory=dict)
    spans: tuple[KnownSpan, ...] = ()
    indicators: tuple[Record, ...] = ()
    criteria: tuple[Record, ...] = ()
