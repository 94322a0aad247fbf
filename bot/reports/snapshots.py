"""A snapshot: the blocks of one period and scope, kept as they were and known by their hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from bot.reports.blocks import Block
from bot.reports.facts import Facts
from bot.reports.figures import Figure, pack, unpack
from bot.reports.sections import SECTIONS
from bot.rules.periods import Period, parse

GENERATOR = "4"
"""Raised when the same facts would give other blocks. What an older one made is opened as it is."""


@dataclass(frozen=True)
class Snapshot:
    """What was found at the cut. Reports are printed from it and never from the tables."""

    period: Period
    scope: str
    cut_at: datetime
    over: bool
    blocks: tuple[Block, ...]
    members: tuple[tuple[int, tuple[int, ...]], ...] = ()  # in charge, by rank, with their areas
    generator: str = GENERATOR
    kept: Mapping[str, Any] | None = field(default=None, repr=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        """As it is kept; the same snapshot always gives the same, an older generator's its own."""
        if self.kept is not None:
            return dict(self.kept)
        return {
            "generator": self.generator,
            "period": self.period.code,
            "calendar": self.period.cut,
            "scope": self.scope,
            "cut_at": self.cut_at.isoformat(),
            "over": self.over,
            "blocks": [block.to_json() for block in self.blocks],
            "members": [[person, pack(areas)] for person, areas in self.members],
        }

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> "Snapshot":
        """As it was kept."""
        period = parse(kept["period"], kept["calendar"])
        if period is None:
            raise ValueError(f"no period {kept['period']}")
        return Snapshot(
            period,
            kept["scope"],
            datetime.fromisoformat(kept["cut_at"]),
            kept["over"],
            tuple(Block.from_json(block) for block in kept["blocks"]),
            tuple((person, tuple(unpack(areas))) for person, areas in kept["members"]),
            kept["generator"],
            None if kept["generator"] == GENERATOR else kept,
        )

    @property
    def canonical(self) -> str:
        """The text that is hashed."""
        return json.dumps(self.to_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.canonical.encode()).hexdigest()

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """All figures by name."""
        return {figure.name: figure for block in self.blocks for figure in block.figures}

    def value(self, name: str) -> int:
        """The figure's value, nought where nothing was counted."""
        figure = self.figures.get(name)
        return figure.value if figure else 0

    @property
    def member(self) -> int | None:
        """Whose areas these are, when they are those of a member in charge."""
        return self._scoped("phu_trach")

    @property
    def area(self) -> int | None:
        """The area with all below it, when it is not the province."""
        return self._scoped("area")

    def _scoped(self, wanted: str) -> int | None:
        kind, _, one = self.scope.partition(":")
        return int(one) if kind == wanted else None


def compile_snapshot(facts: Facts) -> Snapshot:
    """Every section that has something to say, in order."""
    blocks = (section.gather(facts) for section in SECTIONS)
    members = tuple((who, tuple(sorted(areas))) for who, areas in facts.in_charge.items())
    return Snapshot(
        facts.period,
        facts.scope,
        facts.known.cut,
        facts.over,
        tuple(block for block in blocks if block is not None),
        members,
    )
