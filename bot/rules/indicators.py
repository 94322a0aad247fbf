"""How indicators are worked out: formulas, amounts in a span of days, shares, odd years."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

_TERM = re.compile(r"\s*([+-]?)\s*([A-Za-z0-9_.]+)\s*")
FAR = 5  # years


@dataclass(frozen=True)
class Formula:
    """Signed codes above, and below a stroke where it is a ratio."""

    above: tuple[tuple[int, str], ...] = ()
    below: tuple[tuple[int, str], ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code, in order."""
        return tuple(code for _, code in (*self.above, *self.below))


def parse(text: str) -> Formula:
    """ "a + b - c" or "a + b / c"; ValueError says what is wrong."""
    if not text.strip():
        return Formula()
    sides = text.split("/")
    if len(sides) > 2:
        raise ValueError(f'"{text}" có hơn một dấu /')
    found = [_terms(side, text) for side in sides]
    return Formula(found[0], found[1] if len(found) == 2 else ())


def _terms(side: str, text: str) -> tuple[tuple[int, str], ...]:
    terms: list[tuple[int, str]] = []
    at = 0
    while at < len(side):
        found = _TERM.match(side, at)
        if found is None or (terms and not found[1]):
            raise ValueError(f'"{text}" không đọc được, ví dụ a + b - c')
        terms.append((-1 if found[1] == "-" else 1, found[2]))
        at = found.end()
    if not terms:
        raise ValueError(f'"{text}" không đọc được, ví dụ a + b / c')
    return tuple(terms)


@dataclass(frozen=True)
class Value:
    """One value of an indicator in an area (None: of all), with the days it speaks of."""

    id: int
    area: int | None
    first: date
    last: date
    amount: Decimal


@dataclass(frozen=True)
class Amount:
    """What a span of days comes to; `whole` when it speaks of all of the span."""

    amount: Decimal
    ids: tuple[int, ...]
    first: date
    last: date
    whole: bool


def amount(
    values: Iterable[Value],
    parents: Mapping[int, int | None],
    first: date,
    last: date,
    *,
    adds: bool,
) -> Amount | None:
    """The values of the span put together: each area's in time, then the topmost areas'.

    A value for all stands above every area's, an area's above those below it.
    """
    inside = [one for one in values if first <= one.first and one.last <= last]
    by_area = {
        area: _in_time(list(found), first, last, adds=adds)
        for area, found in groupby(sorted(inside, key=_place), key=lambda one: one.area)
    }
    if None in by_area:
        return by_area[None]
    top = [one for area, one in by_area.items() if not _covered(area, by_area.keys(), parents)]
    return together([(1, one) for one in top]) if top else None


def _place(one: Value) -> tuple[int, date, int]:
    return (one.area or 0, one.first, -one.last.toordinal())


def _covered(
    area: int | None, known: Iterable[int | None], parents: Mapping[int, int | None]
) -> bool:
    """Whether an area above it has a value of its own."""
    above = parents.get(area) if area is not None else None
    while above is not None:
        if above in known:
            return True
        above = parents.get(above)
    return False


def _in_time(values: list[Value], first: date, last: date, *, adds: bool) -> Amount:
    """One area's: the value of the very span, else shorter ones added up, else the latest."""
    exact = [one for one in values if (one.first, one.last) == (first, last)]
    if exact:
        return _one(exact[-1], whole=True)
    if not adds:
        latest = max(values, key=lambda one: (one.last, -one.first.toordinal(), one.id))
        return _one(latest, whole=latest.first == latest.last == last)
    chosen: list[Value] = []
    for one in values:  # by first day, the longest first
        if not chosen or one.first > chosen[-1].last:
            chosen.append(one)
    return Amount(
        sum((one.amount for one in chosen), Decimal(0)),
        tuple(one.id for one in chosen),
        chosen[0].first,
        chosen[-1].last,
        whole=_without_gaps(chosen, first, last),
    )


def _one(value: Value, *, whole: bool) -> Amount:
    return Amount(value.amount, (value.id,), value.first, value.last, whole)


def _without_gaps(values: Sequence[Value], first: date, last: date) -> bool:
    days = sum((one.last - one.first).days + 1 for one in values)
    return days == (last - first).days + 1


def together(terms: Sequence[tuple[int, Amount]]) -> Amount:
    """Amounts with their signs as one."""
    return Amount(
        sum((sign * one.amount for sign, one in terms), Decimal(0)),
        tuple(sorted({number for _, one in terms for number in one.ids})),
        min(one.first for _, one in terms),
        max(one.last for _, one in terms),
        all(one.whole for _, one in terms),
    )


def odd_year(year: int, near: int, beside: Iterable[int]) -> int | None:
    """The year that was probably meant, or `near` itself, where this one is odd; None if not.

    Odd is a year long before, and one that differs in one digit from a likelier one beside it.
    """
    for other in beside:
        nearer = abs(other - near) < abs(year - near)
        digits = sum(a != b for a, b in zip(str(year), str(other), strict=True))
        if nearer and digits == 1 and abs(other - year) >= FAR:
            return other
    return near if near - year > FAR else None


YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def years_in(text: str) -> list[int]:
    """The years that a text names."""
    return [int(found) for found in YEAR.findall(text)]
