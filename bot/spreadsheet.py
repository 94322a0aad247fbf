"""Lists as Excel sheets: a frozen heading, filters, formats, and no words that run as formulas."""

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""With one of these in front, a spreadsheet takes words for a formula."""
ERROR = "#"
"""With this in front, openpyxl takes #N/A and the like for errors."""
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


class Look(NamedTuple):
    """How a cell looks."""

    number_format: str = "General"
    bold: bool = False
    wrapped: bool = False
    shaded: bool = False
    quoted: bool = False

    def put_on(self, cell: Any) -> None:
        """openpyxl looks for an equal look in its lists each time: once for each sheet will do."""
        from openpyxl.styles import Alignment, Font, PatternFill

        cell.number_format = self.number_format
        if self.bold:
            cell.font = Font(bold=True)
        if self.wrapped:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        if self.shaded:
            cell.fill = PatternFill("solid", start_color="DDE6EF")
        if self.quoted:
            cell.quotePrefix = True


PLAIN = Look()


class _Cells:
    """Makes what is appended to one sheet."""

    def __init__(self, sheet: "WriteOnlyWorksheet") -> None:
        self._sheet = sheet
        self._styles: dict[Look, Any] = {}

    def heading(self, words: str) -> Any:
        return self._words(words, Look(bold=True, wrapped=True, shaded=True))

    def of(self, value: Any, width: int) -> Any:
        """Days and numbers as people write them; looks cost, so only words that break have one."""
        if value is None or value == "":
            return None
        if isinstance(value, str):
            return self._words(value, Look(wrapped=len(value) > width))
        if isinstance(value, datetime | date):
            return self.made(value, Look("dd/mm/yyyy"))
        places = isinstance(value, Decimal) and "." in str(value)  # a share of 100.0 keeps its 0
        whole = isinstance(value, Number) and value == int(value) and not places
        return self.made(value, Look("#,##0" if whole else "#,##0.0##"))

    def _words(self, words: str, look: Look) -> Any:
        """Words stay words, whatever they begin with."""
        printable = UNPRINTABLE.sub("", words)
        if look == PLAIN and not words.startswith((*RISKY, ERROR)):
            return printable
        cell = self.made(printable, look._replace(quoted=words.startswith(RISKY)))
        cell.data_type = "s"
        return cell

    def made(self, value: Any, look: Look) -> Any:
        """A cell that looks so."""
        from openpyxl.cell import WriteOnlyCell

        cell: Any = WriteOnlyCell(self._sheet, value)
        if look not in self._styles:
            look.put_on(cell)
            self._styles[look] = cell._style
        cell._style = self._styles[look]
        return cell


def workbook(tables: Iterable[Table]) -> bytes:
    """The tables, each on a sheet of its own; sums are there before anybody calculates them."""
    from openpyxl import Workbook  # late: it costs a quarter of a second

    book = Workbook(write_only=True)  # rows go out as they come, and are not held
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


def _fill(sheet: Any, table: Table) -> dict[str, Number]:
    """The rows under their heading; what stands in the cells of the totals."""
    widths = [*table.widths, *[WIDE] * len(table.head)][: len(table.head)]
    last = len(table.rows) + 1
    _set_up(sheet, widths, last)
    cells = _Cells(sheet)
    sheet.append([cells.heading(words) for words in table.head])
    for row in table.rows:
        sheet.append([cells.of(*one) for one in zip(row, widths, strict=True)])
    sums = _total(sheet, cells, table) if table.totals and table.rows else {}
    if table.note:
        sheet.append([])
        sheet.append([cells.of(table.note, len(table.note))])
    return sums


def _set_up(sheet: Any, widths: Sequence[int], last: int) -> None:
    """What goes out before the first row."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(widths))}{last}"
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _total(sheet: Any, cells: _Cells, table: Table) -> dict[str, Number]:
    from openpyxl.utils import get_column_letter

    sums: dict[str, Number] = {}
    row: list[Any] = [None] * len(table.head)
    row[0] = cells.made(TOTAL, Look(bold=True))
    last = len(table.rows) + 1
    for column in table.totals:
        letter = get_column_letter(column + 1)
        row[column] = cells.made(f"=SUM({letter}2:{letter}{last})", Look("#,##0", bold=True))
        sums[f"{letter}{last + 1}"] = sum(_numbers(table.rows, column))
    sheet.append(row)
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
