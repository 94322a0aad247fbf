"""One indicator with its parts in a summary: its sentence, its rows and its figures."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from bot.reports.blocks import Cell, Table
from bot.reports.facts import Facts
from bot.reports.figures import ENTERED, Figure, pack
from bot.reports.ledger import Ledger, Share, ratio
from bot.reports.wording import listed
from bot.rules.figures import Identity, shares
from bot.rules.indicators import Amount, parse
from bot.rules.periods import previous
from bot.words import capital, decimal, full_day, number_shown
from storage.known_programmes import IndicatorRow

SHOWN = 4  # names in one sentence
NO_VALUE = "chưa có số liệu"


class Line:
    """One indicator with its parts, as sentence, rows and figures."""

    def __init__(self, ledger: Ledger, facts: Facts, row: IndicatorRow) -> None:
        self.row, self.ledger, self.facts = row, ledger, facts
        first, last = ledger.first, ledger.last
        self.amount = ledger.amount(row.code, first, last)
        self.share = ledger.share(row.code, first, last) if row.kind == "ty_le" else None
        found = [(one, ledger.amount(one.code, first, last)) for one in ledger.parts(row.code)]
        self.parts = [(one, amount) for one, amount in found if amount is not None]

    @property
    def known(self) -> bool:
        return bool(self.amount or self.share or self.parts)

    def sentence(self) -> str:
        """Its value, what it is made of, the period before, and what it speaks of."""
        said = f"{self.row.name}: {self.value()}{self._unit()}"
        if self.share:
            return f"{said}{when(self.share)}"
        inside = [
            f"{row.name} {number_shown(one.amount)}{_percent(share)}"
            for (row, one), share in zip(self.parts, self._shares(), strict=True)
        ]
        return f"{said}{self._before()}" + (f"; trong đó {', '.join(inside)}" if inside else "")

    def value(self) -> str:
        """ "879", "+104", "12/255 tổ chức đảng, 4,7%", "46,6% của 1.246"."""
        if self.share:
            return ratio_said(self.share, self.row)
        if self.amount is None:
            return f"{NO_VALUE} chung"
        net = any(sign < 0 for sign, _ in parse(self.row.formula).above)
        sign = "+" if net and self.amount.amount > 0 else ""
        return f"{sign}{number_shown(self.amount.amount)}"

    def _unit(self) -> str:
        known = self.amount is not None and self.row.unit
        return f" {self.row.unit}" if known else ""

    def _before(self) -> str:
        """The whole period before beside a whole one; the days of a part, and nothing beside it."""
        if self.amount is None:
            return ""
        if said := when(self.amount):
            return said
        sooner = self.before()
        label = previous(self.facts.period).label
        return f" ({label}: {number_shown(sooner.amount)})" if sooner else ""

    def before(self) -> Amount | None:
        """The same of the period before, where both are whole."""
        if not self.facts.over or self.facts.period.kind == "custom":
            return None
        sooner = previous(self.facts.period)
        found = self.ledger.amount(self.row.code, sooner.start, sooner.last)
        return found if found and found.whole and self.amount and self.amount.whole else None

    def _shares(self) -> list[Decimal | None]:
        """The parts in per cent, which come to 100.0 where they make up the whole."""
        counts = [_scaled(one.amount, self._scale()) for _, one in self.parts]
        whole = self.amount.amount if self.amount else Decimal(0)
        if sum((one.amount for _, one in self.parts), Decimal(0)) == whole:
            return list(shares(counts))
        return [ratio(one.amount, whole) if whole else None for _, one in self.parts]

    def _scale(self) -> int:
        numbers = [one.amount for one in (self.amount, *(one for _, one in self.parts)) if one]
        return max((_places(number) for number in numbers), default=0)

    def figures(self) -> list[Figure]:
        """Its numbers with the values they come from."""
        if self.share:
            ids = {"": pack(self.share.ids)}
            places = _places(self.share.percent)
            value = _scaled(self.share.percent, places)
            return [_figure(self.row, value, ids, places)]
        own = [(self.row, self.amount)] if self.amount else []
        scale = self._scale()
        return [
            _figure(row, _scaled(one.amount, scale), {"": pack(one.ids)}, scale)
            for row, one in (*own, *self.parts)
        ]

    def rules(self) -> list[Identity]:
        """Parts that speak of the same days make up the whole."""
        if self.amount is None or not self.parts:
            return []
        days = {(one.first, one.last) for _, one in self.parts}
        if days != {(self.amount.first, self.amount.last)}:
            return []
        return [Identity(self.row.name, (name(self.row),), tuple(name(r) for r, _ in self.parts))]

    def rows(self) -> list[tuple[Cell, ...]]:
        """Rows of the list of indicators."""
        spoken = self.amount or self.share
        note = when(spoken).strip(" ()") if spoken else ""
        sooner = self.before()
        first: tuple[Cell, ...] = (
            self.row.name,
            self.row.unit,
            self.value() if self.share or self.amount is None else cell(self.amount.amount),
            f"{decimal(self.share.percent, 1)}" if self.share else "",
            cell(sooner.amount) if sooner else "",
            self.row.out_of or self.row.population,
            note,
        )
        inside: list[tuple[Cell, ...]] = [
            (
                f"– {row.name}",
                row.unit,
                cell(one.amount),
                decimal(share, 1) if share is not None else "",
                "",
                row.population,
                when(one).strip(" ()"),
            )
            for (row, one), share in zip(self.parts, self._shares(), strict=True)
        ]
        return [first, *inside]


def name(row: IndicatorRow) -> str:
    """The figure's name."""
    return f"chi_tieu:{row.code}"


def _figure(row: IndicatorRow, value: int, ids: dict[str, str], scale: int) -> Figure:
    return Figure(name(row), value, ENTERED, ids, counted=False, scale=scale, label=row.name)


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _scaled(number: Decimal, scale: int) -> int:
    return int(number.scaleb(scale))


def cell(number: Decimal) -> Cell:
    """A whole number to be counted with, any other as it is said."""
    return int(number) if number == int(number) else number_shown(number)


def _percent(share: Decimal | None) -> str:
    return f" ({decimal(share, 1)}%)" if share is not None else ""


def when(of: Amount | Share) -> str:
    """What days a value speaks of, where these are not the whole span."""
    if of.whole:
        return ""
    if of.first == of.last:
        return f" (đến {full_day(of.last)})"
    return f" ({full_day(of.first)} - {full_day(of.last)}, chưa đủ kỳ)"


def ratio_said(share: Share, row: IndicatorRow) -> str:
    """12/255 tổ chức đảng, bằng 4,7%; or the percentage and of how many."""
    said = f"{number_shown(share.percent)}%"
    if share.above is not None and share.below is not None:
        said = f"{decimal(share.percent, 1)}%"
        both = f"{number_shown(share.above)}/{number_shown(share.below)}"
        return f"{both} {row.out_of}, bằng {said}"
    if share.below is None:
        return f"{said} {row.out_of}"
    return f"{said} của {number_shown(share.below)} {row.out_of}{_fits(share.fits)}"


def _fits(fits: range | None) -> str:
    """Which numerators print as the percentage that was given."""
    if fits is None:
        return ""
    if not fits:
        return " (không tử số nào cho tỷ lệ này, xin xem lại)"
    if len(fits) == 1:
        return f" (chỉ tử số {number_shown(Decimal(fits[0]))} cho tỷ lệ này)"
    first, last = (number_shown(Decimal(one)) for one in (fits[0], fits[-1]))
    return f" (tử số từ {first} đến {last})"


def sentences(said: Iterable[Line]) -> list[str]:
    """A sentence for each."""
    return [one.sentence() for one in said]


def missing(names: Sequence[str]) -> list[str]:
    """What has no value at all."""
    return [f"{capital(NO_VALUE)}: {listed(names, SHOWN)}"] if names else []


def table(said: Iterable[Line]) -> Table:
    """The list of indicators."""
    head = ("Chỉ tiêu", "Đơn vị tính", "Số liệu", "Tỷ lệ %", "Kỳ trước", "Tính trên", "Thời gian")
    rows = tuple(row for one in said for row in one.rows())
    return Table("chi_tieu", "Chỉ tiêu", head, rows)
