"""What entries of a period show that is worth another look; it is never a judgement or a score."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.rules import likeness
from bot.rules.likeness import Entry
from bot.rules.periods import Period, containing
from bot.rules.zone import day_of, moment

BEFORE = timedelta(days=365)
"""How far back entries are looked through for what is told again."""
LATE = timedelta(days=15)
BUNCH = 3
"""Trips on different days, entered together on the last day of their month or later."""
CALM = 6
"""Trips in a row from which nothing was raised."""
SAME_LIGHT = 6
"""Of the bits of a picture's look, how many may differ in the same picture sent again."""
BAND = 4
"""Letters of a look (sixteen bits): of eight such bands, a picture sent again keeps one whole."""
COPIED, PHOTO, LATER, BUNCHED, CALMLY = "copied", "same_photo", "late", "bunched", "nothing_raised"


@dataclass(frozen=True, slots=True)
class Slip:
    """A visit as it was entered, with the looks of its pictures."""

    entry: Entry
    raised: bool = False  # a case came of it
    on_paper: bool = False  # the office entered it: its day of entry says nothing
    pictures: tuple[str, ...] = ()

    @property
    def entered_on(self) -> date:
        return day_of(self.entry.at)


@dataclass(frozen=True, slots=True)
class Found:
    """One thing about one visit; `other` is the earlier visit that it is like."""

    visit: int
    kind: str
    other: int | None = None


def signals(slips: Iterable[Slip], period: Period) -> list[Found]:
    """Everything about the visits of the period; the slips are those of a year before, too."""
    ordered = sorted(slips, key=lambda one: (one.entry.at, one.entry.id))
    inside = {one.entry.id for one in ordered if one.entry.on in period}
    found = [one for look in _LOOKS for one in look(ordered, period) if one.visit in inside]
    return sorted(found, key=lambda one: (one.visit, one.kind))


def _copied(slips: Sequence[Slip], period: Period) -> Iterator[Found]:
    begins = moment(period.start, time.min)
    for visit, other in likeness.copies([one.entry for one in slips], begins).items():
        yield Found(visit, COPIED, other)


def _same_photo(slips: Sequence[Slip], period: Period) -> Iterator[Found]:
    """By bands, so that each picture meets only those that it may be like."""
    met: dict[tuple[int, str], list[tuple[str, Entry]]] = defaultdict(list)
    for slip in slips:
        other = next((one for look in slip.pictures for one in _alike(look, slip.entry, met)), None)
        if other is not None:
            yield Found(slip.entry.id, PHOTO, other)
        for look in slip.pictures:
            for band in _bands(look):
                met[band].append((look, slip.entry))


def _alike(
    look: str, entry: Entry, met: dict[tuple[int, str], list[tuple[str, Entry]]]
) -> Iterator[int]:
    for band in _bands(look):
        for known, other in met.get(band, ()):
            if not entry.same_trip(other) and _differing(look, known) <= SAME_LIGHT:
                yield other.id


def _bands(look: str) -> Iterator[tuple[int, str]]:
    return ((place, look[place : place + BAND]) for place in range(0, len(look), BAND))


def _differing(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _late(slips: Sequence[Slip], period: Period) -> Iterator[Found]:
    for slip in slips:
        if not slip.on_paper and slip.entered_on - slip.entry.on > LATE:
            yield Found(slip.entry.id, LATER)


def _bunched(slips: Sequence[Slip], period: Period) -> Iterator[Found]:
    """Of each person, month and day of entry."""
    groups: dict[tuple[int, Period, date], list[Slip]] = defaultdict(list)
    for slip in slips:
        month = containing("month", slip.entry.on, period.cut)
        if not slip.on_paper and slip.entered_on >= month.last:
            groups[slip.entry.person, month, slip.entered_on].append(slip)
    for group in groups.values():
        if len({slip.entry.on for slip in group}) >= BUNCH:
            yield from (Found(slip.entry.id, BUNCHED) for slip in group)


def _nothing_raised(slips: Sequence[Slip], period: Period) -> Iterator[Found]:
    """Once for every so many trips of a person, at the last of them."""
    calm: dict[int, int] = defaultdict(int)
    for slip in sorted(slips, key=lambda one: (one.entry.on, one.entry.id)):
        who = slip.entry.person
        calm[who] = 0 if slip.raised else calm[who] + 1
        if calm[who] and calm[who] % CALM == 0:
            yield Found(slip.entry.id, CALMLY)


_LOOKS: tuple[Callable[[Sequence[Slip], Period], Iterator[Found]], ...] = (
    *(_copied, _same_photo, _late, _bunched, _nothing_raised),
)
