"""Reads a roster workbook, .xlsx or a folder of .csv, into rows of text."""

import csv
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from bot.roster.cells import text_of
from bot.roster.columns import Sheet
from bot.roster.problems import ImportFailed, Problem
from bot.roster.sheets import BY_NAME, IGNORED
from bot.words import fold

MOST_ROWS = 200_000
_BLANK_NAME = re.compile(r"sheet\d*|trang_tinh\d*")
_BROKEN = re.compile(r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)")

Table = Iterable[tuple[Any, ...]]


@dataclass(frozen=True)
class Row:
    """One row that is not empty: its number in the spreadsheet, its cells by column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Rows:
    """The rows of one sheet and the columns that it has."""

    sheet: Sheet
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read(path: Path) -> dict[str, Rows]:
    """The rows by sheet; ImportFailed when sheets or columns are not those of a roster."""
    problems: list[Problem] = []
    found: dict[str, Rows] = {}
    for title, table in _tables(path):
        name = _name(title)
        sheet = BY_NAME.get(name)
        if sheet:
            found[name] = _rows(sheet, table, problems)
        elif name not in IGNORED and not (_BLANK_NAME.fullmatch(name) and _is_empty(table)):
            said = f"không phải bảng của danh sách; có: {', '.join(BY_NAME)}"
            problems.append(Problem(title, said=said))
    if not found and not problems:
        problems.append(Problem(path.name, said="không có bảng nào của danh sách"))
    if problems:
        raise ImportFailed(problems)
    return found


def _tables(path: Path) -> Iterator[tuple[str, Table]]:
    if path.is_dir():
        for file in sorted(path.glob("*.csv")):
            yield file.stem, _csv(file)
        return
    yield from _xlsx(path)


def _xlsx(path: Path) -> Iterator[tuple[str, Table]]:
    from openpyxl import load_workbook  # late: the service starts without it
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles and validations it does not know
            book = load_workbook(path, read_only=True, data_only=True)
    except FileNotFoundError:
        raise ImportFailed([Problem(path.name, said="không tìm thấy tệp")]) from None
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError):
        said = "không mở được; cần tệp .xlsx hoặc thư mục các tệp .csv"
        raise ImportFailed([Problem(path.name, said=said)]) from None
    try:
        for sheet in book.worksheets:
            yield sheet.title, sheet.iter_rows(values_only=True)
    finally:
        book.close()


def _csv(path: Path) -> Table:
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        said = "không đọc được chữ; lưu tệp .csv dạng UTF-8"
        raise ImportFailed([Problem(path.stem, said=said)]) from None
    first = content.partition("\n")[0]
    comma = max(",;\t", key=first.count)
    return [tuple(row) for row in csv.reader(content.splitlines(keepends=True), delimiter=comma)]


def _rows(sheet: Sheet, table: Table, problems: list[Problem]) -> Rows:
    lines = ((number, [text_of(cell) for cell in row]) for number, row in enumerate(table, 1))
    filled = ((number, row) for number, row in lines if any(row))
    _, header = next(filled, (0, []))
    names = [_name(title) for title in header]
    problems.extend(_header_problems(sheet, header, names))
    rows = []
    for number, row in filled:
        cells = {name: cell for name, cell in zip(names, row, strict=False) if name}
        rows.append(Row(number, cells))
        problems.extend(_broken(sheet, rows[-1]))
        if len(rows) > MOST_ROWS:
            problems.append(Problem(sheet.name, said=f"quá {MOST_ROWS} dòng"))
            break
    return Rows(sheet, tuple(name for name in names if name), tuple(rows))


def _header_problems(sheet: Sheet, header: list[str], names: list[str]) -> Iterator[Problem]:
    if not header:
        return
    known = ", ".join(column.name for column in sheet.columns)
    for title, name in zip(header, names, strict=True):
        if name and sheet.column(name) is None:
            yield Problem(sheet.name, 0, title, f"không có cột này; các cột: {known}")
        if name and names.count(name) > 1:
            yield Problem(sheet.name, 0, title, "có hai cột cùng tên")
    for column in sheet.columns:
        if column.required and column.name not in names:
            yield Problem(sheet.name, 0, column.name, "thiếu cột này")


def _broken(sheet: Sheet, row: Row) -> Iterator[Problem]:
    for name, cell in row.cells.items():
        if _BROKEN.fullmatch(cell):
            yield Problem(sheet.name, row.number, name, f"ô báo lỗi {cell}")


def _is_empty(table: Table) -> bool:
    return not any(any(text_of(cell) for cell in row) for row in table)


def _name(title: str) -> str:
    """ "Mã cán bộ" and "MA_CAN_BO" are ma_can_bo."""
    return fold(title).replace(" ", "_")
