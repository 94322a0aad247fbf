"""Writes exported rows as JSON, CSV or an Excel workbook; a cell can never become a formula."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import IO, Any

from bot.rules.zone import local
from bot.work import clock
from storage import audit
from storage.database import Database
from storage.exports import columns, rows
from storage.scope import Viewer

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula's beginning
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # a workbook cannot hold these

Row = Mapping[str, Any]


def export(db: Database, viewer: Viewer, noun: str, format_: str, target: IO[bytes]) -> None:
    """Write all rows of one of `storage.exports.NOUNS` that the viewer may see."""
    with db.writing() as session:
        audit.through(session, "cli", viewer.person_id or None)
        audit.note(session, "export", noun, at=clock.now(session))
    with db.snapshot() as session:
        WRITERS[format_](columns(viewer, noun), rows(session, viewer, noun), target)


def escaped(value: Any) -> Any:
    """A text that a spreadsheet would calculate gets an apostrophe in front."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def _json(_names: Sequence[str], found: Iterable[Row], target: IO[bytes]) -> None:
    target.write(b"[")
    for number, row in enumerate(found):
        line = json.dumps(row, ensure_ascii=False, default=as_iso)
        target.write((",\n" if number else "\n").encode() + line.encode())
    target.write(b"\n]\n")


def _csv(names: Sequence[str], found: Iterable[Row], target: IO[bytes]) -> None:
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    sheet = csv.writer(text)
    sheet.writerow(names)
    sheet.writerows([escaped(_cell(row[name])) for name in names] for row in found)
    text.detach()


def _xlsx(names: Sequence[str], found: Iterable[Row], target: IO[bytes]) -> None:
    from openpyxl import Workbook  # late: only this format needs it

    book = Workbook(write_only=True)
    sheet = book.create_sheet("sausat")
    sheet.append(list(names))
    for row in found:
        sheet.append([_printable(escaped(_local(row[name]))) for name in names])
    book.save(target)


WRITERS: Mapping[str, Callable[[Sequence[str], Iterable[Row], IO[bytes]], None]] = {
    "json": _json,
    "csv": _csv,
    "xlsx": _xlsx,
}


def as_iso(value: Any) -> str:
    """How JSON writes a day or a moment."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value))


def _cell(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return as_iso(value) if isinstance(value, date) else value


def _local(value: Any) -> Any:
    """A workbook has no zones: times are the province's."""
    return local(value).replace(tzinfo=None) if isinstance(value, datetime) else _cell(value)


def _printable(value: Any) -> Any:
    return UNPRINTABLE.sub("", value) if isinstance(value, str) else value
