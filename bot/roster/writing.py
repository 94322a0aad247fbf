"""Writes a roster workbook that people like to fill in: headings, widths, lists to pick from."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from bot.roster import cells
from bot.roster.columns import Column, Sheet
from bot.roster.sheets import SHEETS

GUIDE = "huong_dan"
_KEY = PatternFill("solid", start_color="9C1C1C")
_OTHER = PatternFill("solid", start_color="5F6B7A")
_WHITE = Font(bold=True, color="FFFFFF")
_TOP = Alignment(vertical="top", wrap_text=True)
_NARROW, _WIDE = 10, 60

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""By sheet, rows by column name."""


def write(path: Path, rows: Rows, title: str) -> None:
    """A workbook with every sheet of a roster, filled or empty, and a guide in front."""
    book = Workbook()
    guide = book.active
    assert isinstance(guide, Worksheet)
    _guide(guide, title)
    for sheet in SHEETS:
        _sheet(book.create_sheet(sheet.name), sheet, rows.get(sheet.name, ()))
    book.save(path)


def _guide(page: Worksheet, title: str) -> None:
    page.title = GUIDE
    page.append([title])
    page.append(["Sửa các bảng bên cạnh rồi nhập lại cả tệp; nhập nhiều lần không bị trùng."])
    page.append(["Cột đỏ là khóa của dòng. Bỏ một dòng không xóa gì; muốn dừng, ghi den_ngay."])
    page.append([])
    page.append(["Bảng", "Cột", "Bắt buộc", "Ghi gì"])
    for sheet in SHEETS:
        page.append([sheet.name, "", "", sheet.about])
        page.cell(page.max_row, 1).font = page.cell(page.max_row, 4).font = Font(bold=True)
        for column in sheet.columns:
            page.append(["", column.name, "x" if column.required else "", about(column)])
    page["A1"].font = Font(bold=True, size=14)
    for cell in page[5]:
        cell.font, cell.fill = _WHITE, _OTHER
    for letter, width in zip("ABCD", (14, 22, 10, 90), strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "A6"


def about(column: Column) -> str:
    """What may stand in a column, in words."""
    parts = [column.about]
    if column.refers:
        parts.append(f"mã trong bảng {column.refers}")
    if column.words:
        parts.append(", ".join(f"{word.token} ({word.label})" for word in column.words))
    if column.read is cells.day:
        parts.append("ngày, ví dụ 29/4/2021")
    if column.read is cells.yes:
        parts.append("x hoặc để trống")
    return "; ".join(part for part in parts if part)


def _sheet(page: Worksheet, sheet: Sheet, rows: Iterable[Mapping[str, Any]]) -> None:
    names = [column.name for column in sheet.columns]
    page.append(names)
    for row in rows:
        page.append([row.get(name) for name in names])
    for number, column in enumerate(sheet.columns, 1):
        letter = get_column_letter(number)
        _head(page, letter, sheet, column)
        _body(page, letter, column)
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(names))}{page.max_row}"


def _head(page: Worksheet, letter: str, sheet: Sheet, column: Column) -> None:
    head = page[f"{letter}1"]
    head.font, head.fill = _WHITE, _KEY if column.field in sheet.key else _OTHER
    if said := about(column):
        head.comment = Comment(said, "Sâu Sát", width=320, height=120)
    if column.words:
        listed = DataValidation("list", formula1=f'"{",".join(w.token for w in column.words)}"')
        listed.add(f"{letter}2:{letter}20000")
        page.add_data_validation(listed)


def _body(page: Worksheet, letter: str, column: Column) -> None:
    cells_below = [cell for cell in page[letter] if cell.row > 1]
    longest = max((len(str(cell.value or "")) for cell in cells_below), default=0)
    width = 12 if column.read is cells.day else max(longest, len(column.name)) + 3
    page.column_dimensions[letter].width = min(max(width, _NARROW), _WIDE)
    for cell in cells_below:
        if isinstance(cell.value, date):
            cell.number_format = "DD/MM/YYYY"
        if longest > _WIDE:
            cell.alignment = _TOP
