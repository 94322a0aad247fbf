"""What indicators come to in a span of days: amounts, shares, and how targets stand to them."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from bot.reports.facts import Facts
from bot.rules import indicators as rules
from bot.rules.figures import implied
from bot.rules.indicators import Amount, Value
from storage.known_programmes import IndicatorRow, TargetRow, ValueRow

TENTH = Decimal("0.1")
HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Share:
    """A percentage with what it was worked out from; `fits` where no numerator was given."""

    percent: Decimal
    above: Decimal | None
    below: Decimal | None
    ids: tuple[int, ...]
    first: date
    last: date
    whole: bool
    fits: range | None = None


@dataclass(frozen=True)
class Standing:
    """How a target stands; `met` is None while its days are not over or nothing is known.

    `own` is the share of the named grade alone, beside that of all grades from it up.
    """

    target: TargetRow
    indicator: IndicatorRow
    reached: Amount | Share | None
    met: bool | None
    own: Share | None = None


class Ledger:
    """The indicators in force on the last day of the facts, and their values in their scope."""

    def __init__(self, facts: Facts) -> None:
        self.first, self.last = facts.period.start, facts.period.last
        self._known = facts.known.programmes
        self._parents = {row.id: row.parent_id for row in facts.known.areas}
        self._over = facts.over
        held = [row for row in self._known.indicators if _holds(row, self.last)]
        self.indicators = {row.code: row for row in held}
        self._rows: dict[str, list[ValueRow]] = {}
        for row in self._known.values:
            self._rows.setdefault(row.code, []).append(row)

    def parts(self, code: str) -> list[IndicatorRow]:
        """The parts of a whole, in order: of grades the best first."""
        return [row for row in self.indicators.values() if row.whole == code]

    def amount(self, code: str, first: date, last: date) -> Amount | None:
        """What a count, a part or a sum comes to; None where something is not known."""
        row = self.indicators.get(code)
        if row is None or row.kind == "ty_le":
            return None
        if row.kind == "tinh":
            return self._sum(rules.parse(row.formula).above, first, last)
        return self._put_together(row, "value", first, last)

    def _sum(self, terms: tuple[tuple[int, str], ...], first: date, last: date) -> Amount | None:
        found = [(sign, self.amount(code, first, last)) for sign, code in terms]
        known = [(sign, one) for sign, one in found if one is not None]
        return rules.together(known) if known and len(known) == len(terms) else None

    def _put_together(
        self, row: IndicatorRow, column: str, first: date, last: date, area: int | None = None
    ) -> Amount | None:
        values = [
            Value(one.id, one.area_id, one.from_date, one.to_date, Decimal(number))
            for one in self._rows.get(row.code, ())
            if (number := getattr(one, column)) and (area is None or one.area_id == area)
        ]
        return rules.amount(values, self._parents, first, last, adds=row.adds)

    def share(self, code: str, first: date, last: date) -> Share | None:
        """A ratio: by its formula, by numerators and denominators, or as it was given."""
        row = self.indicators[code]
        formula = rules.parse(row.formula)
        if formula.below:
            above = self._sum(formula.above, first, last)
            return _share(above, self._sum(formula.below, first, last))
        above = self._put_together(row, "numerator", first, last)
        below = self._put_together(row, "denominator", first, last)
        return _share(above, below) if above else self._given(row, below, first, last)

    def _given(
        self, row: IndicatorRow, below: Amount | None, first: date, last: date
    ) -> Share | None:
        said = self._put_together(row, "value", first, last)
        if said is None or len(said.ids) != 1:
            return None  # percentages of several units do not add up
        whole = below.amount if below and below.ids == said.ids else None
        fits = implied(said.amount, int(whole)) if whole and whole == int(whole) else None
        return Share(said.amount, None, whole, said.ids, said.first, said.last, said.whole, fits)

    def part_share(self, code: str, first: date, last: date, *, cumulative: bool) -> Share | None:
        """A part of its whole; cumulative: with all parts that stand before it."""
        row = self.indicators[code]
        parts = [one.code for one in self.parts(row.whole)]
        taken = parts[: parts.index(code) + 1] if cumulative else [code]
        above = self._sum(tuple((1, one) for one in taken), first, last)
        return _share(above, self.amount(row.whole, first, last))

    def standings(self) -> list[Standing]:
        """The targets of the whole, in the order of their indicators."""
        own = [row for row in self._known.targets if self._concerns(row)]
        top = [row for row in own if row.area_id is None or not self._is_allocated(row, own)]
        order = {code: place for place, code in enumerate(self.indicators)}
        return [self._standing(row) for row in sorted(top, key=lambda row: order[row.code])]

    def _concerns(self, row: TargetRow) -> bool:
        days = row.from_date <= self.last and self.first <= row.to_date
        return days and row.code in self.indicators

    def _is_allocated(self, row: TargetRow, beside: list[TargetRow]) -> bool:
        """Whether it is a unit's portion of a target that stands above it."""
        return any(other.area_id is None and _key(other) == _key(row) for other in beside)

    def allocated(self, whole: TargetRow) -> list[TargetRow]:
        """The portions of a target that units were given."""
        return [
            row
            for row in self._known.targets
            if row.area_id is not None and whole.area_id is None and _key(row) == _key(whole)
        ]

    def in_area(self, target: TargetRow) -> Amount | None:
        """What a unit reached of its own portion."""
        row = self.indicators[target.code]
        last = min(target.to_date, self.last)
        return self._put_together(row, "value", target.from_date, last, target.area_id)

    def _standing(self, target: TargetRow) -> Standing:
        row, last = self.indicators[target.code], min(target.to_date, self.last)
        first, own = target.from_date, None
        reached: Amount | Share | None
        if target.share and row.kind == "bo_phan":
            wide = bool(target.cumulative)
            reached = self.part_share(row.code, first, last, cumulative=wide)
            own = self.part_share(row.code, first, last, cumulative=False) if wide else None
        elif target.share:
            reached = self.share(row.code, first, last)
        elif target.area_id is not None:
            reached = self.in_area(target)
        else:
            reached = self.amount(row.code, first, last)
        over = last == target.to_date and self._over
        met = _met(target, reached) if reached and reached.whole and over else None
        return Standing(target, row, reached, met, own)


def _holds(row: IndicatorRow, day: date) -> bool:
    return row.from_date <= day <= (row.to_date or day)


def _key(row: TargetRow) -> tuple[str, date, date]:
    return row.code, row.from_date, row.to_date


def ratio(above: Decimal, below: Decimal) -> Decimal | None:
    """In per cent with one decimal, half rounded up; None of nought."""
    return (HUNDRED * above / below).quantize(TENTH, ROUND_HALF_UP) if below else None


def _share(above: Amount | None, below: Amount | None) -> Share | None:
    percent = ratio(above.amount, below.amount) if above and below else None
    if above is None or below is None or percent is None:
        return None
    both = rules.together([(1, above), (1, below)])
    return Share(percent, above.amount, below.amount, both.ids, both.first, both.last, both.whole)


def _met(target: TargetRow, reached: Amount | Share) -> bool:
    value = _exact(reached)
    goal = Decimal(target.goal)
    if target.compare == "den":
        return value <= goal
    return goal <= value and (target.compare == "tu" or value <= Decimal(target.goal_to))


def _exact(reached: Amount | Share) -> Decimal:
    """A share as it is, not as it is rounded: 79.96 % is not 80 %."""
    if isinstance(reached, Amount):
        return reached.amount
    if reached.above is not None and reached.below:
        return HUNDRED * reached.above / reached.below
    return reached.percent
