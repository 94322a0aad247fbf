"""Lists as Excel sheets: a frozen heading, filters, formats, and no words that run as formulas."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

if TYPE_CHECKING:
    from openpyxl.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""With one of these in front, a spreadsheet takes words for a formula."""
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # a workbook cannot hold these
WIDE = 16
LONGEST = 31  # letters in the name of a sheet
TOTAL = "Tổng"
_NO_TITLE = re.compile(r"[\[\]:*?/\\]")
_FORMULA = re.compile(rb'(<c r="([A-Z]+\d+)"[^>]*><f>[^<]*</f>)(?:<v\s*/>|<v></v>)')

Number = int | float | Decimal


@dataclass(frozen=True)
class Table:
    """One sheet; `totals` are the columns (from nought) that are summed below, as formulas."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[object]]
    widths: Sequence[int] = ()
    totals: Sequence[int] = ()
    note: str = ""


def workbook(tables: Iterable[Table]) -> bytes:
    """The tables, each on a sheet of its own; sums are there before anybody calculates them."""
    from openpyxl import Workbook  # late: it costs a quarter of a second

    book = Workbook()
    book.remove(book.worksheets[0])
    sums: dict[str, Mapping[str, Number]] = {}
    for place, table in enumerate(tables, start=1):
        sheet = book.create_sheet(_title(table.title, book.sheetnames))
        sums[f"xl/worksheets/sheet{place}.xml"] = _fill(sheet, table)
    target = io.BytesIO()
    book.save(target)
    return _calculated(target.getvalue(), sums)


def _title(title: str, taken: Sequence[str]) -> str:
    """As Excel allows: 31 letters, some signs not, each name once."""
    plain = _NO_TITLE.sub("-", title)
    short = plain if len(plain) <= LONGEST else plain[: LONGEST + 1].rpartition(" ")[0]
    number = sum(one.startswith(short[:27]) for one in taken)
    return f"{short[:27]} ({number + 1})" if short in taken else short


def _fill(sheet: "Worksheet", table: Table) -> dict[str, Number]:
    """The rows under their heading; what stands in the cells of the totals."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    top = Alignment(vertical="top", wrap_text=True)
    widths = [*table.widths, *[WIDE] * len(table.head)][: len(table.head)]
    for line, row in enumerate([table.head, *table.rows], start=1):
        for column, (value, width) in enumerate(zip(row, widths, strict=True), start=1):
            cell = sheet.cell(line, column)
            _put(cell, value)
            if line == 1:
                cell.font, cell.alignment = Font(bold=True), top
                cell.fill = PatternFill("solid", start_color="DDE6EF")
            elif isinstance(value, str) and len(value) > width:
                cell.alignment = top  # looks cost more than words: only where lines break
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    last = len(table.rows) + 1
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.head))}{last}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sums = _total(sheet, table, last) if table.totals and table.rows else {}
    if table.note:
        _put(sheet.cell(sheet.max_row + 2, 1), table.note)
    return sums


def _put(cell: "Cell | MergedCell", value: Any) -> None:
    """Words stay words, whatever they begin with; days and numbers are shown as people write."""
    if value is None or value == "":
        return
    if isinstance(value, str):
        cell.value, cell.data_type = UNPRINTABLE.sub("", value), "s"
        if value.startswith(RISKY):
            cell.quotePrefix = True
        return
    cell.value = value
    if isinstance(value, datetime | date):
        cell.number_format = "dd/mm/yyyy"
    elif isinstance(value, Number):
        cell.number_format = "#,##0" if value == int(value) else "#,##0.0##"


def _total(sheet: "Worksheet", table: Table, last: int) -> dict[str, Number]:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sums: dict[str, Number] = {}
    for column in table.totals:
        letter = get_column_letter(column + 1)
        cell = sheet.cell(last + 1, column + 1, f"=SUM({letter}2:{letter}{last})")
        cell.font, cell.number_format = Font(bold=True), "#,##0"
        sums[cell.coordinate] = sum(_numbers(table.rows, column))
    if 0 not in table.totals:
        _put(first := sheet.cell(last + 1, 1), TOTAL)
        first.font = Font(bold=True)
    return sums


def _numbers(rows: Sequence[Sequence[object]], column: int) -> Iterator[Any]:
    return (row[column] for row in rows if isinstance(row[column], Number))


def _calculated(content: bytes, sums: Mapping[str, Mapping[str, Number]]) -> bytes:
    """With the value beside each formula: a phone shows a workbook without calculating it."""
    target = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for entry in old.infolist():
            values = partial(_valued, sums.get(entry.filename, {}))
            new.writestr(entry, _FORMULA.sub(values, old.read(entry)))
    return target.getvalue()


def _valued(values: Mapping[str, Number], hit: re.Match[bytes]) -> bytes:
    return hit[1] + f"<v>{values[hit[2].decode()]}</v>".encode()
