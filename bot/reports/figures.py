"""Figures: a value with the entries behind it, packed; percentages by one rounding rule."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import compress
from operator import sub
from typing import Any

from bot.rules import figures as rules
from bot.words import decimal

CASE, VISIT, EXCHANGE, DUTY, AREA = "case", "visit", "exchange", "duty", "area"
PERSON, ASSIGNMENT, COMMITMENT, DIRECTIVE = "person", "assignment", "commitment", "directive"
ENTERED, WORK = "so_lieu", "cong_viec"
CODED = (VISIT, CASE, EXCHANGE, COMMITMENT, ENTERED, WORK)
"""What people know by codes: CS-…, KN-…, TR-…, VH-…, SL-…, CV-…."""
PLACED = (DUTY, ASSIGNMENT, AREA)
"""What is told by the areas it is about; nobody is named."""


@dataclass(frozen=True)
class Figure:
    """A number and what it counts: ids, packed.

    A duty is an assignment in one owed period, so its ids stand under the period's code;
    all others stand under "". A number that was entered is not `counted`: its entries are where
    it comes from. With a `scale` it is the value × 10^-scale.
    """

    name: str
    value: int
    of: str
    entries: Mapping[str, str] = field(default_factory=dict)
    counted: bool = True
    scale: int = 0
    label: str = ""  # what it is called, where that is not known beforehand

    def ids(self, code: str = "") -> list[int]:
        """The ids under a period's code."""
        return unpack(self.entries.get(code, ""))

    def all_ids(self) -> list[int]:
        """Every id once, in order."""
        return sorted({one for packed in self.entries.values() for one in unpack(packed)})

    def to_json(self) -> dict[str, Any]:
        """As a snapshot keeps it."""
        entries = dict(sorted(self.entries.items()))
        kept = {"name": self.name, "value": self.value, "of": self.of, "entries": entries}
        if self.counted:
            return kept
        return kept | {"counted": False, "scale": self.scale, "label": self.label}

    @property
    def shown(self) -> str:
        """As people read it: 1.246, 494,89."""
        return scaled(self.value, self.scale)

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> "Figure":
        """As it was kept."""
        own = {name: kept[name] for name in ("counted", "scale", "label") if name in kept}
        return Figure(kept["name"], kept["value"], kept["of"], kept["entries"], **own)


def scaled(value: int, scale: int) -> str:
    """49489 with a scale of two as "494,89"."""
    return decimal(Decimal(value).scaleb(-scale), scale)


def counted(name: str, of: str, ids: Iterable[int]) -> Figure:
    """How many entries there are, with the entries."""
    found = list(ids)
    return Figure(name, len(found), of, {"": pack(found)} if found else {})


def pack(ids: Iterable[int]) -> str:
    """1,2,3,7 as "1-3,7"; ids are sorted and each is there once."""
    found = sorted(set(ids))
    if len(found) < 2:
        return "".join(map(str, found))
    apart = [step > 1 for step in map(sub, found[1:], found)]
    firsts = [found[0], *compress(found[1:], apart)]
    lasts = [*compress(found, apart), found[-1]]
    runs = zip(firsts, lasts, strict=True)
    return ",".join([f"{first}-{last}" if first != last else f"{first}" for first, last in runs])


def unpack(packed: str) -> list[int]:
    """The ids that were packed."""
    found: list[int] = []
    for run in packed.split(",") if packed else []:
        first, _, last = run.partition("-")
        found += range(int(first), int(last or first) + 1)
    return found


def percent(part: int, whole: int) -> str:
    """One place, half rounded up: 88,0%."""
    return f"{share(part, whole)}%"


def share(part: int, whole: int) -> str:
    """The percentage without its sign; nought of nought is nought."""
    return decimal(rules.percent(part, whole) or Decimal(0), 1)
