"""What a rule is, and what it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.layout.parts import Paper
from bot.layout.profiles import Profile
from bot.layout.reading import Line

OPENING = 40  # characters


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it should be: where, what, and how to mend it."""

    line: Line | None
    what: str
    mend: str


Find = Callable[[Paper, Profile], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the layout; `source` is what the rule book calls the matter."""

    id: str
    sentence: str
    source: str
    find: Find


def opening(line: Line) -> str:
    """The first words, for a person to find the line by."""
    text = " ".join(line.said.split())
    return text if len(text) <= OPENING else text[:OPENING].rsplit(" ", 1)[0] + "…"


def shown(value: float) -> str:
    """20, 12,7 and not 20.0."""
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")


def span(between: tuple[float, float]) -> str:
    """14, or 14–15."""
    low, high = between
    return shown(low) if low == high else f"{shown(low)}–{shown(high)}"
