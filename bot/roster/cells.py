"""Reads one cell: from whatever a spreadsheet holds to text, from text to a value."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

from bot.rules.vocabulary import Word
from bot.words import fold, nfc

Read = Callable[[str], Any]
"""Turns the text of a cell that is not empty into a value; ValueError says what is wrong."""

_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_EARLIEST, _LATEST = date(1945, 1, 1), date(2200, 1, 1)


def text_of(value: Any) -> str:
    """A cell as text: dates in ISO form, whole numbers without ".0", spaces squeezed, NFC."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    lines = (" ".join(line.split()) for line in nfc(str(value)).strip().splitlines())
    return "\n".join(lines).strip()


def text(cell: str) -> str:
    """The words as they stand."""
    return cell


def code(cell: str) -> str:
    """A code: one line without spaces inside."""
    if any(letter.isspace() for letter in cell):
        raise ValueError(f'"{cell}" có dấu cách, mã phải viết liền')
    return cell


def day(cell: str) -> date:
    """A day: 29/4/2021, 29.4.2021, 29-4-2021, 2021-04-29 or a date of the spreadsheet."""
    if found := _DAY_FIRST.fullmatch(cell):
        parts = (int(found[3]), int(found[2]), int(found[1]))
    elif found := _YEAR_FIRST.fullmatch(cell):
        parts = (int(found[1]), int(found[2]), int(found[3]))
    else:
        raise ValueError(f'"{cell}" không phải ngày, ví dụ 29/4/2021')
    try:
        value = date(*parts)
    except ValueError:
        raise ValueError(f'"{cell}" không có trong lịch') from None
    if not _EARLIEST <= value <= _LATEST:
        raise ValueError(f'"{cell}" có năm không đúng')
    return value


def whole(cell: str) -> int:
    """A whole number, not negative."""
    if not (cell.isascii() and cell.isdigit()) or len(cell) > 9:
        raise ValueError(f'"{cell}" phải là số nguyên')
    return int(cell)


def yes(cell: str) -> bool:
    """x, có, 1 or không, 0."""
    if (word := fold(cell)) in ("x", "co", "1", "true", "dung"):
        return True
    if word in ("khong", "0", "false"):
        return False
    raise ValueError(f'"{cell}" phải là x (có) hoặc để trống')


def phone(cell: str) -> str:
    """A telephone number; a spreadsheet's number has lost its nought in front."""
    digits = re.sub(r"\D", "", cell)
    if not 8 <= len(digits) <= 15:
        raise ValueError(f'"{cell}" không phải số điện thoại')
    return f"0{digits}" if cell.isdigit() and not cell.startswith("0") else cell


def one_of(cell: str, words: Sequence[Word]) -> str:
    """A token of the vocabulary, or its label with or without marks."""
    for word in words:
        if cell.lower() == word.token or fold(cell) == fold(word.label):
            return word.token
    tokens = ", ".join(word.token for word in words)
    raise ValueError(f'"{cell}" không dùng được; ghi một trong: {tokens}')
