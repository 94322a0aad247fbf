"""Who receives what is sent to the standing board alone: never anybody it concerns."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.words import fold

_BETWEEN = re.compile(r"\W+")


@dataclass(frozen=True)
class Candidate:
    """Somebody whose role may receive restricted items."""

    person_id: int
    role: str  # thuong_truc, kiem_tra
    unit: str = ""


def receivers(
    candidates: Iterable[Candidate], *, author: int, concerned: Collection[int], units: str
) -> tuple[Candidate, ...]:
    """Those left without the author, the people concerned, and everybody of a unit concerned.

    `units` is what the author wrote of other people and units; a unit counts as concerned when
    its whole name stands in it. Somebody with two roles receives once, by the first.
    """
    found: dict[int, Candidate] = {}
    for one in candidates:
        apart = one.person_id == author or one.person_id in concerned
        if not apart and not is_named(one.unit, units):
            found.setdefault(one.person_id, one)
    return tuple(found.values())


def is_named(name: str, text: str) -> bool:
    """Whether the whole name stands in the text, whatever the marks and the punctuation."""
    return bool(name) and _spaced(name) in _spaced(text)


def _spaced(text: str) -> str:
    return f" {_BETWEEN.sub(' ', fold(text)).strip()} "
