"""The workbook of a month's duties: each area, who follows it, and whether a visit is recorded."""

from pathlib import Path

from bot.reports.facts import Facts
from bot.rules.cadence import Owed

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
RISKY = ("=", "+", "-", "@")


def write(facts: Facts, path: Path) -> None:
    """One row a duty, filters on, the heading frozen."""
    from openpyxl import Workbook  # late: it costs a quarter of a second
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Tình hình"
    sheet.append(HEADINGS)
    for number, row in enumerate(_rows(facts), start=1):
        sheet.append((number, *(_safe(cell) for cell in row)))
    for number, width in enumerate(WIDTHS, start=1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    book.save(path)


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


def _safe(cell: str) -> str:
    """Never a formula, whatever people are called."""
    return f"'{cell}" if cell.startswith(RISKY) else cell
