"""Programmes and indicators: what was entered, shares, targets, work items, sets of criteria."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

from bot.reports.blocks import Block, Cell, Chapter, Passage, Table
from bot.reports.facts import PROVINCE, Facts
from bot.reports.figures import ENTERED, Figure, pack
from bot.reports.ledger import Ledger, Share, Standing, ratio
from bot.reports.sections import works
from bot.reports.wording import listed
from bot.rules.figures import Identity, shares
from bot.rules.indicators import Amount, parse
from bot.rules.periods import previous
from bot.rules.vocabulary import STAFF_GROUPS, label
from bot.words import capital, decimal, full_day, number_shown
from storage.known_programmes import CriterionRow, IndicatorRow

title = "CHƯƠNG TRÌNH, CHỈ TIÊU"
CHAPTER: Chapter = "programmes"
SHOWN = 4  # names in one sentence
NO_VALUE = "chưa có số liệu"
RESULTS = {True: "đạt", False: "chưa đạt"}


def gather(facts: Facts) -> Block | None:
    """The sentences, lists and figures; on a phone the sums alone."""
    ledger = Ledger(facts)
    rows = [row for row in ledger.indicators.values() if not row.whole]
    said = [one for row in rows if (one := _Line(ledger, facts, row)).known]
    standings = ledger.standings()
    of_work, figures_of_work = works.told(facts), works.figures(facts)
    criteria = _criteria(facts)
    if not (said or standings or of_work or criteria):
        return None
    if facts.scope != PROVINCE:
        rows = [one.row for one in said]  # others may be entered for the whole alone
    without = [row.name for row in rows if row.code not in {one.row.code for one in said}]
    passages = (
        Passage(CHAPTER, "Chỉ tiêu", (*(one.sentence() for one in said), *_missing(without))),
        Passage(CHAPTER, "Mục tiêu", tuple(_target(facts, ledger, one) for one in standings)),
        Passage(CHAPTER, "Việc theo chương trình, việc đăng ký", of_work),
        Passage(CHAPTER, "Bộ tiêu chí", tuple(criteria)),
    )
    tables = (_indicators(said), _targets(standings), _portions(facts, ledger, standings))
    return Block(
        "programmes",
        (*(figure for one in said for figure in one.figures()), *figures_of_work),
        _digest(said, len(rows), standings, facts),
        written=tuple(one for one in passages if one.lines),
        tables=tuple(one for one in (*tables, works.table(facts), _points(facts)) if one.rows),
        rules=(*(rule for one in said for rule in one.rules()), *works.RULES),
    )


class _Line:
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
            return f"{said}{_when(self.share)}"
        inside = [
            f"{row.name} {number_shown(one.amount)}{_percent(share)}"
            for (row, one), share in zip(self.parts, self._shares(), strict=True)
        ]
        return f"{said}{self._before()}" + (f"; trong đó {', '.join(inside)}" if inside else "")

    def value(self) -> str:
        """ "879", "+104", "12/255 tổ chức đảng, 4,7%", "46,6% của 1.246"."""
        if self.share:
            return _ratio(self.share, self.row)
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
        if said := _when(self.amount):
            return said
        sooner = self.before()
        when = previous(self.facts.period).label
        return f" ({when}: {number_shown(sooner.amount)})" if sooner else ""

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
        note = _when(spoken).strip(" ()") if spoken else ""
        sooner = self.before()
        first: tuple[Cell, ...] = (
            self.row.name,
            self.row.unit,
            self.value() if self.share or self.amount is None else _cell(self.amount.amount),
            f"{decimal(self.share.percent, 1)}" if self.share else "",
            _cell(sooner.amount) if sooner else "",
            self.row.out_of or self.row.population,
            note,
        )
        inside: list[tuple[Cell, ...]] = [
            (
                f"– {row.name}",
                row.unit,
                _cell(one.amount),
                decimal(share, 1) if share is not None else "",
                "",
                row.population,
                _when(one).strip(" ()"),
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


def _cell(number: Decimal) -> Cell:
    return int(number) if number == int(number) else number_shown(number)


def _percent(share: Decimal | None) -> str:
    return f" ({decimal(share, 1)}%)" if share is not None else ""


def _when(of: Amount | Share) -> str:
    """What days a value speaks of, where these are not the whole span."""
    if of.whole:
        return ""
    if of.first == of.last:
        return f" (đến {full_day(of.last)})"
    return f" ({full_day(of.first)} - {full_day(of.last)}, chưa đủ kỳ)"


def _ratio(share: Share, row: IndicatorRow) -> str:
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


def _missing(names: Sequence[str]) -> list[str]:
    return [f"{capital(NO_VALUE)}: {listed(names, SHOWN)}"] if names else []


def goal(standing: Standing) -> str:
    """ "từ 80% tổ chức đảng", "15 - 20% đảng viên", "từ 300 đảng viên"."""
    target, row = standing.target, standing.indicator
    lower, upper = (number_shown(Decimal(n)) if n else "" for n in (target.goal, target.goal_to))
    sign = "%" if target.share else ""
    of = target.population if target.share else row.unit
    words = {"tu": f"từ {lower}", "den": f"đến {lower}", "khoang": f"{lower} - {upper}"}
    return f"{words[target.compare]}{sign} {of}".strip()


def way(standing: Standing) -> str:
    """Whether better grades count too."""
    if standing.target.cumulative is None:
        return ""
    return "tính từ mức này trở lên" if standing.target.cumulative else "tính riêng mức này"


def reached(standing: Standing) -> str:
    """What was reached of it, in full."""
    found, target = standing.reached, standing.target
    if found is None:
        return f"{NO_VALUE} về {target.population}"
    if isinstance(found, Share):
        said = _ratio(found, standing.indicator._replace(out_of=target.population))
    else:
        said = _progress(standing, found)
    if standing.own:
        said += f" (riêng mức này {_ratio(standing.own, _plain(standing))})"
    return f"{said}{_when(found)}"


def _plain(standing: Standing) -> IndicatorRow:
    return standing.indicator._replace(out_of=standing.target.population)


def _progress(standing: Standing, found: Amount) -> str:
    """A part of a year is never measured against the year."""
    target, value = standing.target, number_shown(found.amount)
    share = ratio(found.amount, Decimal(target.goal))
    if standing.met is None or target.compare != "tu" or share is None:
        return value
    return f"{value}/{number_shown(Decimal(target.goal))}, bằng {decimal(share, 1)}%"


def _target(facts: Facts, ledger: Ledger, standing: Standing) -> str:
    said = ", ".join(part for part in (goal(standing), way(standing)) if part)
    result = f", {RESULTS[standing.met]}" if standing.met is not None else ""
    portions = _allocation(ledger, standing)
    return f"{standing.indicator.name} {said}: {reached(standing)}{result}{portions}"


def _allocation(ledger: Ledger, standing: Standing) -> str:
    """What units were given comes to the whole, or by how much it does not."""
    given = ledger.allocated(standing.target)
    if not given or standing.target.share:
        return ""
    total = sum((Decimal(row.goal) for row in given), Decimal(0))
    apart = abs(total - Decimal(standing.target.goal))
    end = f"chênh {number_shown(apart)}" if apart else "khớp"
    return f"; đã giao {len(given)} đơn vị {number_shown(total)}, {end}"


def _indicators(said: Iterable[_Line]) -> Table:
    head = ("Chỉ tiêu", "Đơn vị tính", "Số liệu", "Tỷ lệ %", "Kỳ trước", "Tính trên", "Thời gian")
    rows = tuple(row for one in said for row in one.rows())
    return Table("chi_tieu", "Chỉ tiêu", head, rows)


def _targets(standings: Iterable[Standing]) -> Table:
    head = ("Chỉ tiêu", "Đối tượng", "Mức", "Cách tính", "Kết quả", "Đạt")
    rows = tuple(
        (
            one.indicator.name,
            one.target.population,
            goal(one),
            way(one),
            reached(one),
            RESULTS[one.met] if one.met is not None else "chưa đủ kỳ" if one.reached else "",
        )
        for one in standings
    )
    return Table("muc_tieu", "Mục tiêu", head, rows)


def _portions(facts: Facts, ledger: Ledger, standings: Iterable[Standing]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for standing in standings:
        for row in ledger.allocated(standing.target):
            area = facts.known.area.get(row.area_id or 0)
            found = ledger.in_area(row)
            share = ratio(found.amount, Decimal(row.goal)) if found and found.whole else None
            value = _cell(found.amount) if found else ""
            of = area.name if area else ""
            percent = decimal(share, 1) if share is not None else ""
            rows.append((standing.indicator.name, of, _cell(Decimal(row.goal)), value, percent))
    head = ("Chỉ tiêu", "Đơn vị", "Mức giao", "Kết quả", "%")
    return Table("giao_don_vi", "Mức giao cho đơn vị", head, tuple(rows))


def _criteria(facts: Facts) -> list[str]:
    """Each set with the points of both groups; how many were given points, nobody by name."""
    found = facts.known.programmes
    lines = []
    for of in dict.fromkeys(row.set_code for row in found.criteria):
        groups = [_group(of, staff.token, found.criteria) for staff in STAFF_GROUPS[:2]]
        people = sum(row.people for row in found.scored if row.set_code == of)
        scored = f"; đã chấm {people} người" if people else ""
        lines.append(f"Bộ {of}: {'; '.join(groups)}{scored}")
    return lines


def _group(of: str, staff: str, criteria: Iterable[CriterionRow]) -> str:
    held = [row for row in criteria if row.set_code == of and row.staff in (staff, "ca_hai")]
    total = sum(row.most for row in held)
    return f"nhóm {label(STAFF_GROUPS, staff)} {len(held)} tiêu chí, {total} điểm"


def _points(facts: Facts) -> Table:
    rows = tuple(
        (row.set_code, row.name, capital(label(STAFF_GROUPS, row.staff)), row.most)
        for row in facts.known.programmes.criteria
    )
    return Table("tieu_chi", "Bộ tiêu chí", ("Bộ", "Tiêu chí", "Nhóm cán bộ", "Tối đa"), rows)


def _digest(
    said: Sequence[_Line], all_: int, standings: Sequence[Standing], facts: Facts
) -> tuple[tuple[str, ...], ...]:
    """One to three lines; sentences and lists are on paper."""
    lines = [f"{len(said)}/{all_} chỉ tiêu có số liệu"] if all_ else []
    met = Counter(RESULTS[one.met] for one in standings if one.met is not None)
    if standings:
        met["chưa đủ kỳ"] = sum(one.met is None and bool(one.reached) for one in standings)
        met[NO_VALUE] = sum(one.reached is None for one in standings)
        parts = [f"{count} {word}" for word, count in met.items() if count]
        lines.append(f"Mục tiêu: {', '.join(parts)}")
    lines += works.short(facts)
    return ((title, *lines), (title,))
