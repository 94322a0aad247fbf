"""Figures that must agree: one rounding rule, shares that sum, parts that make up their whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import ceil, floor

_TENTH = Decimal("0.1")


def percent(part: int, whole: int) -> Decimal | None:
    """The share in per cent with one decimal, half rounded up; None when the whole is nought."""
    if whole == 0:
        return None
    return (Decimal(100 * part) / whole).quantize(_TENTH, ROUND_HALF_UP)


def shares(parts: Sequence[int]) -> list[Decimal]:
    """Shares that sum to 100.0: what rounding leaves over goes to the largest remainders.

    All are nought when there is nothing to share.
    """
    whole = sum(parts)
    if whole == 0:
        return [Decimal("0.0") for _ in parts]
    tenths = [divmod(1000 * part, whole) for part in parts]
    left_over = 1000 - sum(quotient for quotient, _ in tenths)
    by_remainder = sorted(range(len(parts)), key=lambda place: (-tenths[place][1], place))
    raised = set(by_remainder[:left_over])
    return [
        Decimal(quotient + (place in raised)).scaleb(-1)
        for place, (quotient, _) in enumerate(tenths)
    ]


def implied(share: Decimal, whole: int) -> range:
    """The parts of the whole that print as this share: 46.6 % of 1,246 fits 581 alone.

    The share is taken with the decimals it was given; the range may be empty.
    """
    exponent = share.as_tuple().exponent
    half = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0) / 2
    lowest = ceil((share - half) * whole / 100)
    above = (share + half) * whole / 100
    highest = ceil(above) - 1 if above == floor(above) else floor(above)
    return range(max(lowest, 0), min(highest, whole) + 1)


@dataclass(frozen=True, slots=True)
class Identity:
    """A whole that must equal the sum of its parts, all by the names of figures."""

    name: str
    whole: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """An identity that does not hold, with both sums."""

    identity: Identity
    whole: int
    parts: int

    @property
    def difference(self) -> int:
        return self.parts - self.whole


def violations(identities: Iterable[Identity], figures: Mapping[str, int]) -> list[Violation]:
    """The identities that do not hold; KeyError for a figure that is missing."""
    sums = [
        Violation(
            one,
            sum(figures[name] for name in one.whole),
            sum(figures[name] for name in one.parts),
        )
        for one in identities
    ]
    return [one for one in sums if one.whole != one.parts]
