"""Help raised for communes (hỗ trợ huy động): by kind, by commune, by cadre; all sum to one."""

from collections import defaultdict
from collections.abc import Callable, Iterable

from bot.reports.blocks import Block, Cell, Passage, Table
from bot.reports.facts import Facts
from bot.reports.figures import VISIT, Figure, pack
from bot.reports.figures import counted as counting
from bot.rules.figures import Identity
from bot.rules.supports import money
from bot.rules.vocabulary import SUPPORT_KINDS
from bot.words import vietnamese_number as shown
from storage.known import SupportRow

title = "HỖ TRỢ HUY ĐỘNG"
VALUE = "support_value"
KINDS = {f"support_{word.token}": word for word in SUPPORT_KINDS}
NAMES = {VALUE: "Hỗ trợ huy động, đồng"} | {
    name: f"Hỗ trợ huy động, {word.label}" for name, word in KINDS.items()
}
"""Sums, not counts of slips; the entries are the slips that tell of them."""
RULES = tuple(
    Identity(f"{label} theo {by}", (name,), (f"{name}{sign}*",))
    for name, label in NAMES.items()
    for sign, by in (("@", "địa bàn"), ("~", "cán bộ"))
)

Amount = Callable[[SupportRow], int]


def gather(facts: Facts) -> Block | None:
    """On paper alone; nothing where nothing was raised."""
    rows = facts.supports
    if not rows:
        return None
    amounts = {VALUE: _value} | {name: _quantity(word.token) for name, word in KINDS.items()}
    figures = [counting("supports", VISIT, {row.visit_id for row in rows})]
    for name, amount in amounts.items():
        figures += _sums(name, rows, amount)
    places = {row.area_id for row in rows}
    return Block(
        "support",
        tuple(figures),
        written=(Passage("work", "Hỗ trợ huy động", _lines(rows, figures, len(places))),),
        tables=(_table(facts, figures),),
        rules=RULES,
    )


def _value(row: SupportRow) -> int:
    return row.value or 0


def _quantity(kind: str) -> Amount:
    return lambda row: row.quantity if row.kind == kind else 0


def _sums(name: str, rows: Iterable[SupportRow], amount: Amount) -> list[Figure]:
    """The whole, by area and by cadre; each with the slips it comes from."""
    groups: defaultdict[str, list[SupportRow]] = defaultdict(list)
    for row in rows:
        if amount(row):
            for owner in ("", f"@{row.area_id}", f"~{row.person_id}"):
                groups[owner].append(row)
    return [
        Figure(
            f"{name}{owner}",
            sum(amount(row) for row in found),
            VISIT,
            {"": pack(row.visit_id for row in found)},
            counted=False,
            label=NAMES[name],
        )
        for owner, found in groups.items()
    ]


def _lines(rows: list[SupportRow], figures: list[Figure], places: int) -> tuple[str, ...]:
    values = {figure.name: figure.value for figure in figures}
    kinds = [
        f"{word.label} {shown(values[name])}" for name, word in KINDS.items() if name in values
    ]
    line = f"Vận động hỗ trợ {shown(places)} địa bàn: {', '.join(kinds)}."
    without = sum(row.value is None for row in rows)
    said = [f"Tổng trị giá {money(values[VALUE])}"] if VALUE in values else []
    said += [f"{shown(without)}/{shown(len(rows))} khoản chưa ghi trị giá"] if without else []
    return (line, f"{'; '.join(said)}.") if said else (line,)


def _table(facts: Facts, figures: list[Figure]) -> Table:
    """By commune in the order of the official list, with where it came from."""
    values = {figure.name: figure.value for figure in figures}
    held = {row.area_id for row in facts.supports}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            area.name,
            *(values.get(f"{name}@{area.id}", 0) for name in (*KINDS, VALUE)),
            "; ".join(sorted({r.giver for r in facts.supports if r.area_id == area.id} - {""})),
        )
        for area in facts.known.areas
        if area.id in held
    )
    kinds = (word.label.capitalize() for word in KINDS.values())
    head = ("Địa bàn", *kinds, "Trị giá (đồng)", "Đơn vị, cá nhân hỗ trợ")
    return Table("support", "Hỗ trợ huy động", head, rows, tuple(range(1, len(head) - 1)))
