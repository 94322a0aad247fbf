"""Reads one cell: from whatever a spreadsheet holds to text, from text to a value."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from bot.conversation.numbers import Open, read_number
from bot.rules.documents import Document, read_document, with_documents
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
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else _decimal(value)
    lines = (" ".join(line.split()) for line in nfc(str(value)).strip().splitlines())
    return "\n".join(lines).strip()


def _decimal(value: float) -> str:
    """A spreadsheet's number as it is read without doubt: never three places behind a comma."""
    whole, _, places = str(value).partition(".")
    return f"{whole},{places}0" if len(places) == 3 else f"{whole},{places}"


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


def symbol(cell: str) -> str:
    """The number and symbol of a document, spelled in the one way: 02-QĐ/TU."""
    found = read_document(cell, _LATEST)
    if isinstance(found, Document) and found.issued_on is None:
        return found.number
    if found is None:
        raise ValueError(f'"{cell}" không phải số, ký hiệu, ví dụ 02-QĐ/TU')
    raise ValueError(f'"{cell}" chưa rõ, chỉ ghi số và ký hiệu, ví dụ 02-QĐ/TU')


def document(cell: str) -> str:
    """Words that name a document, with its number, symbol and day in the one way."""
    found = with_documents(cell, _LATEST)
    if found is not None and not isinstance(found, str):
        raise ValueError(f'"{cell}" chưa rõ, ghi như 812-CV/VPTU ngày 24/11/2026')
    return found or cell


def whole(cell: str) -> int:
    """A whole number, not negative."""
    if not (cell.isascii() and cell.isdigit()) or len(cell) > 9:
        raise ValueError(f'"{cell}" phải là số nguyên')
    return int(cell)


def amount(cell: str) -> str:
    """A number as Vietnamese write it, in plain digits; what can be read in two ways is asked."""
    found = read_number(cell)
    if isinstance(found, Open):
        ways = " hay ".join(str(one).replace(".", ",") for one in found.candidates)
        raise ValueError(f'"{cell}" là {ways}, xin ghi lại')
    if found is None or found < 0:
        raise ValueError(f'"{cell}" phải là số, ví dụ 1.246 hoặc 13,5')
    return plain(found)


def plain(value: Decimal) -> str:
    """1246.50 as 1246.5, 1E+2 as 100."""
    shown = f"{value:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def year(cell: str) -> int:
    """A year."""
    found = whole(cell)
    if not _EARLIEST.year <= found <= _LATEST.year:
        raise ValueError(f'"{cell}" không phải năm')
    return found


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
