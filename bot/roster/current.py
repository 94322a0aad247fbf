"""The roster as it is stored, as rows of a workbook that can be edited and imported again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlmodel import Session

from bot.roster import cells
from bot.roster.applying import CODED, ids_by_code
from bot.roster.columns import Column, Sheet
from bot.roster.sheets import ALWAYS, SHEETS
from bot.rules.province import SETTINGS
from storage.scope import Viewer, values_seen, works_seen
from storage.tables import metadata

CONTENT = frozenset({"chuyen_di", "kien_nghi", "cham_diem"})
"""Sheets that are for putting entries in, not for giving them out."""
_SEEN: Mapping[str, Callable[[Viewer], ColumnElement[bool]]] = {
    "so_lieu": values_seen,
    "cong_viec": works_seen,
}
_ORDER = {"dia_ban": ("place", "id"), "can_bo": ("rank", "id")}


def current(session: Session, viewer: Viewer) -> dict[str, list[dict[str, Any]]]:
    """Rows by sheet and column name, references as codes, in the order they are listed.

    Of figures and work items only what the viewer may see.
    """
    codes: dict[str, Mapping[int, str]] = {}
    for name in CODED:
        codes[name] = {number: code for code, number in ids_by_code(session, name).items()}
    return {
        sheet.name: _rows(session, viewer, sheet, codes)
        for sheet in SHEETS
        if sheet.name not in CONTENT
    }


def _rows(
    session: Session, viewer: Viewer, sheet: Sheet, codes: Mapping[str, Mapping[int, str]]
) -> list[dict[str, Any]]:
    table = metadata.tables[str(sheet.table.__tablename__)]
    order = _ORDER.get(sheet.name, tuple(column.name for column in table.primary_key))
    found = select(table).order_by(*(table.c[name] for name in order))
    if sheet.name in _SEEN:
        found = found.where(_SEEN[sheet.name](viewer))
    rows = session.connection().execute(found).mappings().all()
    return [_row(sheet.columns, row, codes) for row in _meant(sheet, rows)]


def _meant(sheet: Sheet, rows: Sequence[Any]) -> Iterable[Any]:
    """What the sheet is about: no marks of a demo, no absence to be decided, no old version."""
    if sheet.name == "cai_dat":
        return (row for row in rows if row["key"] in SETTINGS)
    if sheet.name == "vang_mat":
        return (row for row in rows if row["state"] == "approved")
    if sheet.name == "so_lieu":
        return (row for row in rows if row["replaced_at"] is None)
    return rows


def _row(
    columns: Sequence[Column], row: Mapping[str, Any], codes: Mapping[str, Mapping[int, str]]
) -> dict[str, Any]:
    return {column.name: _cell(column, row[column.field], codes) for column in columns}


def _cell(column: Column, value: Any, codes: Mapping[str, Mapping[int, str]]) -> Any:
    if column.refers in codes and value is not None:
        return codes[column.refers][value]
    if isinstance(value, bool):
        return "x" if value else "không" if column.default is None else None
    if column.read is cells.amount and value:
        return float(value)
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if value == "" or (isinstance(value, date) and value == ALWAYS):
        return None
    return value
