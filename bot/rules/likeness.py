"""Which texts were taken from earlier ones: rare words decide, phrases that all use do not."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from math import log

from rapidfuzz.distance import Indel

from bot.words import fold

SHORTEST = 15
"""Words; shorter texts are alike by themselves."""
SHARED, ALIKE = 0.45, 0.65
"""How much of the rarer phrases, and of all words in their order, both texts must have."""
PHRASE, STRETCH = 3, 5
"""Words: what is weighed by how rare it is, and what an earlier text is looked up by."""
KEPT, TRIED = 100, 6
"""Earlier texts remembered for a stretch, and how many of the likeliest are compared."""

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A text as it was entered: by whom, about which place and day, when."""

    id: int
    person: int
    area: int
    on: date
    at: datetime
    text: str

    def same_trip(self, other: "Entry") -> bool:
        """One trip may be told twice: of two communes, or by two who went together."""
        return self.on == other.on and (self.person == other.person or self.area == other.area)


@dataclass(frozen=True, slots=True)
class _Text:
    """An entry with its words, what is weighed and what it is looked up by."""

    entry: Entry
    words: Words
    phrases: frozenset[Words]
    stretches: frozenset[Words]


def copies(entries: Sequence[Entry], since: datetime) -> dict[int, int]:
    """Entries of `since` and later that say what an earlier one said: id by id.

    Numbers, names and single words may have been changed.
    """
    ordered = sorted(entries, key=lambda one: (one.at, one.id))
    texts = [text for one in ordered if len((text := _text(one)).words) >= SHORTEST]
    spread = Counter(phrase for text in texts for phrase in text.phrases)
    weights = {phrase: log(1 + len(texts) / count) for phrase, count in spread.items()}
    known = {text.entry.id: text for text in texts}
    earlier: dict[Words, deque[int]] = {}
    found: dict[int, int] = {}
    for text in texts:
        if text.entry.at >= since:
            likeliest = (known[number] for number in _likeliest(text, earlier))
            source = _source(text, likeliest, weights)
            found |= {text.entry.id: source} if source is not None else {}
        for stretch in text.stretches:
            earlier.setdefault(stretch, deque(maxlen=KEPT)).append(text.entry.id)
    return found


def _text(entry: Entry) -> _Text:
    words = tuple(re.findall(r"[a-z]+", fold(entry.text)))
    return _Text(entry, words, _runs(words, PHRASE), _runs(words, STRETCH))


def _runs(words: Words, length: int) -> frozenset[Words]:
    return frozenset(words[place : place + length] for place in range(len(words) - length + 1))


def _likeliest(text: _Text, earlier: Mapping[Words, Iterable[int]]) -> list[int]:
    """The entries that have most stretches of the text."""
    met = Counter(chain.from_iterable(earlier.get(stretch, ()) for stretch in text.stretches))
    return [number for number, _ in met.most_common(TRIED)]


def _source(text: _Text, likeliest: Iterable[_Text], weights: Mapping[Words, float]) -> int | None:
    """The earlier entry that shares most with this one, if it is enough."""
    return next((one.entry.id for one in likeliest if _taken(text, one, weights)), None)


def _taken(text: _Text, source: _Text, weights: Mapping[Words, float]) -> bool:
    whole = sum(weights[phrase] for phrase in text.phrases)
    shared = sum(weights[phrase] for phrase in text.phrases & source.phrases)
    return (
        shared >= SHARED * whole
        and Indel.normalized_similarity(text.words, source.words) >= ALIKE
        and not text.entry.same_trip(source.entry)
    )
