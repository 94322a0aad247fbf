"""How a sheet of a workbook is declared: columns, keys, and what a row must agree with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlmodel import SQLModel

from bot.roster import cells
from bot.rules import vocabulary

Record = dict[str, Any]
"""One row as read: values by field of the table."""


@dataclass(frozen=True)
class Column:
    """One column: its name in the sheet, the field it fills, how it is read.

    `refers` names the sheet whose key the cell must be; such a cell is kept as the code until
    it is applied. `default` is the value of an empty cell.
    """

    name: str
    field: str
    read: cells.Read = cells.text
    required: bool = False
    refers: str = ""
    default: Any = None
    about: str = ""
    words: tuple[vocabulary.Word, ...] = ()  # a cell is the token or the label of one of these

    def value(self, cell: str) -> Any:
        """The value in a cell; ValueError says what is wrong with it."""
        if not cell and self.required:
            raise ValueError("chưa ghi")
        if not cell:
            return self.default
        return cells.one_of(cell, self.words) if self.words else self.read(cell)


Check = Callable[[Record], Iterator[tuple[str, str]]]
"""What is wrong with a row that can be read: (column, sentence)."""


@dataclass(frozen=True)
class Sheet:
    """One sheet; `key` are the fields by which a row is found again."""

    name: str
    table: type[SQLModel]
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    check: Check = lambda record: iter(())
    about: str = ""

    def column(self, name: str) -> Column | None:
        """The column with this name."""
        return next((column for column in self.columns if column.name == name), None)

    def name_of(self, field: str) -> str:
        """The name of the column that fills the field."""
        return next(column.name for column in self.columns if column.field == field)


def spans(first: str, last: str, column: str = "den_ngay") -> Check:
    """The last day is not before the first."""

    def check(record: Record) -> Iterator[tuple[str, str]]:
        begin, end = record.get(first), record.get(last)
        if begin and end and end < begin:
            yield column, f"{end:%d/%m/%Y} trước ngày bắt đầu {begin:%d/%m/%Y}"

    return check
