"""The workbook of a month's duties: each area, who follows it, and whether a visit is recorded."""

from pathlib import Path

from bot.reports.facts import Facts
from bot.rules.cadence import Owed
from bot.spreadsheet import Table, workbook

HEADINGS = (
    "TT",
    "Ủy viên phụ trách",
    "Địa bàn",
    "Cán bộ theo dõi",
    "Chức vụ",
    "Đơn vị",
    "Tình hình",
    "Kết nối",
)
WIDTHS = (6, 24, 26, 26, 30, 30, 18, 16)


def write(facts: Facts, path: Path) -> None:
    """One row a duty, filters on, the heading frozen."""
    rows = [(number, *row) for number, row in enumerate(_rows(facts), start=1)]
    path.write_bytes(workbook([Table("Tình hình", HEADINGS, rows, widths=WIDTHS)]))


def _rows(facts: Facts) -> list[tuple[str, ...]]:
    duties = facts.duties
    states = [
        *((due, "đã ghi") for due in duties.recorded),
        *((due, "chưa ghi nhận") for due in duties.not_recorded),
        *((due, "được miễn trong kỳ") for due in duties.excused),
    ]
    place = {area.id: number for number, area in enumerate(facts.known.areas)}
    members = list(facts.in_charge)
    leads = {area: who for who, areas in reversed(facts.in_charge.items()) for area in areas}

    def order(pair: tuple[Owed, str]) -> tuple[int, int, int]:
        area = pair[0].assignment.area
        who = leads.get(area)
        rank = members.index(who) if who is not None else len(members)
        return rank, place[area], pair[0].assignment.id

    return [_row(facts, due, state, leads) for due, state in sorted(states, key=order)]


def _row(facts: Facts, due: Owed, state: str, leads: dict[int, int]) -> tuple[str, ...]:
    who = facts.known.person[due.assignment.person]
    lead = leads.get(due.assignment.area)
    return (
        facts.known.person[lead].name if lead is not None else "",
        facts.known.area[due.assignment.area].name,
        who.name,
        who.post,
        who.unit,
        state,
        "đã kết nối" if who.linked else "chưa kết nối",
    )
