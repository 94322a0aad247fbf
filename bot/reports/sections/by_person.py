"""The year of each cadre, for the appendix of the yearly report: they sum to the whole."""

from collections import defaultdict

from bot.reports.blocks import Block, Cell, Table
from bot.reports.facts import Facts
from bot.reports.figures import CASE, EXCHANGE, VISIT, Figure, counted
from bot.reports.sections.visits import duty_figure
from bot.rules.cadence import Owed
from bot.rules.figures import Identity

title = "THEO CÁN BỘ"
COLUMNS = {
    "required": "Phải đi",
    "recorded": "Đã ghi nhận",
    "visits": "Phiếu",
    "cases_new": "Kiến nghị mới",
    "exchanges": "Trao đổi",
}
WHOLES = ("required", "recorded", "visits", "exchanges")
"""What sums to the whole: cases are raised by communes too."""
RULES = tuple(Identity(f"{COLUMNS[name]} theo cán bộ", (name,), (f"{name}~*",)) for name in WHOLES)


def gather(facts: Facts) -> Block | None:
    """Of a whole year alone, and not of one cadre's own report; nothing on a phone."""
    if facts.period.kind != "year" or facts.scope.startswith("can_bo:"):
        return None
    figures = [
        *_owed("required", facts.duties.required),
        *_owed("recorded", facts.duties.recorded),
        *_split("visits", VISIT, [(row.person_id, row.id) for row in facts.visits]),
        *_split("exchanges", EXCHANGE, [(row.cadre_id, row.id) for row in facts.exchanges]),
    ]
    people = {int(figure.name.partition("~")[2]) for figure in figures}
    raised = [(row.raised_by_id, row.id) for row in facts.raised if row.raised_by_id in people]
    figures += _split("cases_new", CASE, raised)
    if not people:
        return None
    return Block("by_person", tuple(figures), tables=(_table(facts, figures, people),), rules=RULES)


def _owed(name: str, due: tuple[Owed, ...]) -> list[Figure]:
    found: dict[int, list[Owed]] = defaultdict(list)
    for one in due:
        found[one.assignment.person].append(one)
    return [duty_figure(f"{name}~{who}", here) for who, here in sorted(found.items())]


def _split(name: str, of: str, pairs: list[tuple[int, int]]) -> list[Figure]:
    ids: dict[int, list[int]] = defaultdict(list)
    for person, one in pairs:
        ids[person].append(one)
    return [counted(f"{name}~{who}", of, found) for who, found in sorted(ids.items())]


def _table(facts: Facts, figures: list[Figure], people: set[int]) -> Table:
    """In the order of protocol."""
    values = {figure.name: figure.value for figure in figures}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (row.name, row.post, *(values.get(f"{name}~{row.id}", 0) for name in COLUMNS))
        for row in facts.known.people
        if row.id in people
    )
    head = ("Họ và tên", "Chức vụ", *COLUMNS.values())
    return Table("by_person", "Kết quả của từng cán bộ", head, rows, tuple(range(2, len(head))))
