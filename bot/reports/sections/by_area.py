"""The figures of each area, for the way down from the province to an entry, and an appendix."""

from collections import defaultdict
from collections.abc import Iterable

from bot.reports.blocks import Block, Cell, Table
from bot.reports.facts import Facts
from bot.reports.figures import AREA, CASE, EXCHANGE, VISIT, Figure, counted
from bot.reports.sections.visits import duty_figure
from bot.rules.cadence import Owed
from bot.rules.figures import Identity
from storage.known import CaseRow, ExchangeRow

title = "THEO ĐỊA BÀN"
COLUMNS = {
    "required": "Phải đi",
    "recorded": "Đã ghi nhận",
    "not_recorded": "Chưa ghi nhận",
    "excused": "Được miễn",
    "visits": "Phiếu",
    "cases_new": "Kiến nghị mới",
    "cases_open": "Kiến nghị còn",
    "cases_overdue": "Kiến nghị quá hạn",
    "exchanges": "Trao đổi",
}
RULES = tuple(
    Identity(f"{label} theo địa bàn", (name,), (f"{name}@*",)) for name, label in COLUMNS.items()
)
Placed = tuple[int, Figure]  # with its area


def gather(facts: Facts) -> Block | None:
    """visits@area, cases_new@area … : they sum to the figures of the whole."""
    there = facts.known.area
    found = [(area, one) for area, one in facts.of_whole(_of_each) if area in there]
    if not found:
        return None
    areas = counted("areas", AREA, {area for area, _ in found})
    figures = (areas, *(one for _, one in found))
    return Block("by_area", figures, tables=(_table(facts, figures),), rules=RULES)


def _of_each(facts: Facts) -> list[Placed]:
    """Every figure of every area."""
    duties = facts.duties
    return [
        *_owed("required", duties.required),
        *_owed("recorded", duties.recorded),
        *_owed("not_recorded", duties.not_recorded),
        *_owed("excused", duties.excused),
        *_visits(facts),
        *_split("cases_new", CASE, facts.raised),
        *_split("cases_open", CASE, facts.open),
        *_split("cases_overdue", CASE, facts.overdue),
        *_split("exchanges", EXCHANGE, facts.exchanges),
    ]


def _owed(name: str, due: Iterable[Owed]) -> list[Placed]:
    found: dict[int, list[Owed]] = defaultdict(list)
    for one in due:
        found[one.assignment.area].append(one)
    return [(area, duty_figure(f"{name}@{area}", here)) for area, here in sorted(found.items())]


def _visits(facts: Facts) -> list[Placed]:
    ids: dict[int, list[int]] = defaultdict(list)
    for (area, _), found in facts.slips.items():
        ids[area] += found
    return [(area, counted(f"visits@{area}", VISIT, here)) for area, here in sorted(ids.items())]


def _split(name: str, of: str, rows: Iterable[CaseRow] | Iterable[ExchangeRow]) -> list[Placed]:
    ids: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        ids[row.area_id].append(row.id)
    return [(area, counted(f"{name}@{area}", of, here)) for area, here in sorted(ids.items())]


def _table(facts: Facts, figures: Iterable[Figure]) -> Table:
    """In the order of the official list; only areas about which there is something."""
    values = {figure.name: figure.value for figure in figures}
    there = {name.partition("@")[2] for name in values if "@" in name}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (row.name, *(values.get(f"{name}@{row.id}", 0) for name in COLUMNS))
        for row in facts.known.areas
        if str(row.id) in there
    )
    head = ("Địa bàn", *COLUMNS.values())
    return Table("by_area", "Số liệu theo địa bàn", head, rows, tuple(range(1, len(head))))
