"""What a section gives: its lines, long and shorter ones, and the figures it speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.reports.facts import Facts
from bot.reports.figures import Figure

COLUMNS = 36


@dataclass(frozen=True)
class Block:
    """`variants` say the same in fewer and fewer lines; none when nothing is printed."""

    name: str
    figures: tuple[Figure, ...] = ()
    variants: tuple[tuple[str, ...], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As a snapshot keeps it."""
        return {
            "name": self.name,
            "figures": [figure.to_json() for figure in self.figures],
            "variants": [list(lines) for lines in self.variants],
        }

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> "Block":
        """As it was kept."""
        return Block(
            kept["name"],
            tuple(Figure.from_json(one) for one in kept["figures"]),
            tuple(tuple(lines) for lines in kept["variants"]),
        )


class Section(Protocol):
    """One section of a summary; None when there is nothing to say."""

    @property
    def title(self) -> str: ...

    def gather(self, facts: Facts) -> Block | None: ...


def clipped(text: str, columns: int = COLUMNS) -> str:
    """The text in so many columns, cut at the end of a word."""
    if len(text) <= columns:
        return text
    kept = text[: columns - 1]
    if not text[columns - 1].isspace():
        kept = kept.rpartition(" ")[0] or kept
    return kept.rstrip(" ,:;") + "…"


def before(facts: Facts, name: str, found: int) -> int:
    """A figure of the period before: as it was sent, or else as it is known by now."""
    sent = facts.earlier.get(name)
    return found if sent is None else sent.value
