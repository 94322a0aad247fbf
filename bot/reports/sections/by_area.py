"""The figures of each area, for the way down from the province to an entry; prints nothing."""

from collections import defaultdict
from collections.abc import Iterable

from bot.reports.blocks import Block
from bot.reports.facts import Facts
from bot.reports.figures import AREA, CASE, EXCHANGE, VISIT, Figure, counted
from storage.known import CaseRow, ExchangeRow, VisitRow

title = "THEO ĐỊA BÀN"


def gather(facts: Facts) -> Block | None:
    """visits@area, new@area … : they sum to the figures of the whole."""
    figures = [
        *_split("visits", VISIT, facts.visits),
        *_split("cases_new", CASE, facts.raised),
        *_split("cases_open", CASE, facts.open),
        *_split("cases_overdue", CASE, facts.overdue),
        *_split("exchanges", EXCHANGE, facts.exchanges),
    ]
    areas = {due.assignment.area for due in facts.duties.all}
    areas |= {int(figure.name.partition("@")[2]) for figure in figures}
    return Block("by_area", (counted("areas", AREA, areas), *figures)) if areas else None


def _split(
    name: str, of: str, rows: Iterable[VisitRow] | Iterable[CaseRow] | Iterable[ExchangeRow]
) -> list[Figure]:
    ids: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        ids[row.area_id].append(row.id)
    return [counted(f"{name}@{area}", of, found) for area, found in sorted(ids.items())]
