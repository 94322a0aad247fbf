"""What a section gives: phone lines, sentences and lists for paper, figures and their rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from bot.reports.facts import Facts
from bot.reports.figures import Figure
from bot.rules.figures import Identity

COLUMNS = 36

Chapter = Literal[
    "work", "standing", "handling", "programmes", "limits", "corrections", "next", "asks"
]
Cell = str | int


@dataclass(frozen=True)
class Passage:
    """What a block says on paper: sentences under a heading of one chapter."""

    chapter: Chapter
    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A list behind the report: an appendix on paper, a sheet in Excel.

    `totals` are the places of the columns that are summed in the last row.
    """

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[int, ...] = ()

    def summed(self) -> tuple[Cell, ...]:
        """The last row: the sums, and empty cells between them."""
        return tuple(
            sum(int(row[place]) for row in self.rows) if place in self.totals else ""
            for place in range(len(self.head))
        )


@dataclass(frozen=True)
class Block:
    """`variants` say the same in fewer and fewer lines; none when a phone prints nothing.

    `rules` are the part–whole rules of its figures; one that does not hold blocks approval.
    """

    name: str
    figures: tuple[Figure, ...] = ()
    variants: tuple[tuple[str, ...], ...] = ()
    written: tuple[Passage, ...] = ()
    tables: tuple[Table, ...] = ()
    rules: tuple[Identity, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As a snapshot keeps it."""
        return {
            "name": self.name,
            "figures": [figure.to_json() for figure in self.figures],
            "variants": [list(lines) for lines in self.variants],
            "written": [[one.chapter, one.title, list(one.lines)] for one in self.written],
            "tables": [
                [one.name, one.title, list(one.head), [list(r) for r in one.rows], list(one.totals)]
                for one in self.tables
            ],
            "rules": [[one.name, list(one.whole), list(one.parts)] for one in self.rules],
        }

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> "Block":
        """As it was kept; the first generator kept neither passages, lists nor rules."""
        return Block(
            kept["name"],
            tuple(Figure.from_json(one) for one in kept["figures"]),
            tuple(tuple(lines) for lines in kept["variants"]),
            tuple(
                Passage(chapter, title, tuple(lines))
                for chapter, title, lines in kept.get("written", ())
            ),
            tuple(
                Table(name, title, tuple(head), tuple(map(tuple, rows)), tuple(totals))
                for name, title, head, rows, totals in kept.get("tables", ())
            ),
            tuple(
                Identity(name, tuple(whole), tuple(parts))
                for name, whole, parts in kept.get("rules", ())
            ),
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
