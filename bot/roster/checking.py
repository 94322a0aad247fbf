"""Checks every row of a workbook against its sheet, the other sheets and what is stored."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from bot.roster.columns import Column, Record, Sheet
from bot.roster.entries import Entries, Entry, Known
from bot.roster.problems import ImportFailed, Problem
from bot.roster.programme_checks import programme_problems
from bot.roster.sheets import BY_NAME, SHEETS
from bot.roster.workbook import Row, Rows
from bot.rules.vocabulary import LEVELS

ORDER = {word.token: place for place, word in enumerate(LEVELS) if word.token != "to_chuc"}
"""Levels from the province down; a unit that is no place may hang anywhere."""


def check(found: Mapping[str, Rows], known: Known) -> Entries:
    """All rows as values; ImportFailed with every bad row."""
    problems: list[Problem] = []
    entries: Entries = {}
    for sheet in SHEETS:
        if rows := found.get(sheet.name):
            entries[sheet.name] = [
                entry for row in rows.rows if (entry := _entry(sheet, rows, row, problems))
            ]
    for name, filled in entries.items():
        problems.extend(_doubled(BY_NAME[name], filled))
        problems.extend(_unknown(BY_NAME[name], filled, found, known))
    problems.extend(_tree(entries.get("dia_ban", []), known))
    problems.extend(_overlaps(entries.get("phan_cong", []), known))
    problems.extend(programme_problems(entries, known))
    if problems:
        raise ImportFailed(sorted(set(problems)))
    return entries


def _entry(sheet: Sheet, rows: Rows, row: Row, problems: list[Problem]) -> Entry | None:
    values: Record = {}
    bad = []
    for column in sheet.columns:
        if column.name not in rows.columns and column.field not in sheet.key:
            continue  # a column left out leaves what is stored as it is
        try:
            values[column.field] = column.value(row.cells.get(column.name, ""))
        except ValueError as wrong:
            bad.append(Problem(sheet.name, row.number, column.name, str(wrong)))
    if not bad:
        found = sheet.check(values)
        bad = [Problem(sheet.name, row.number, where, said) for where, said in found]
    problems.extend(bad)
    return None if bad else Entry(row.number, values)


def key_of(sheet: Sheet, values: Record) -> tuple[Any, ...]:
    """By what the row is found again."""
    return tuple(values[field] for field in sheet.key)


def _doubled(sheet: Sheet, entries: list[Entry]) -> Iterator[Problem]:
    first: dict[tuple[Any, ...], int] = {}
    for entry in entries:
        before = first.setdefault(key_of(sheet, entry.values), entry.row)
        if before != entry.row:
            column = sheet.name_of(sheet.key[0])
            yield Problem(sheet.name, entry.row, column, f"trùng với dòng {before}")


def _unknown(
    sheet: Sheet, entries: list[Entry], found: Mapping[str, Rows], known: Known
) -> Iterator[Problem]:
    for column in sheet.columns:
        if not column.refers:
            continue
        keys = known.keys.get(column.refers, frozenset()) | _named(column.refers, found)
        for entry in entries:
            code = entry.values.get(column.field)
            if code and code not in keys:
                said = f'"{code}" không có trong {column.refers}'
                yield Problem(sheet.name, entry.row, column.name, said)


def _named(name: str, found: Mapping[str, Rows]) -> frozenset[str]:
    """The keys in the workbook's own sheet, also of rows that are bad otherwise."""
    sheet = BY_NAME[name]
    column = next(one for one in sheet.columns if one.field == sheet.key[0])
    rows = found[name].rows if name in found else ()
    return frozenset(_spelled(column, row.cells.get(column.name, "")) for row in rows)


def _spelled(column: Column, cell: str) -> str:
    """The key as it is kept, or as it stands where it cannot be read."""
    try:
        return str(column.value(cell))
    except ValueError:
        return cell


def _tree(entries: list[Entry], known: Known) -> Iterator[Problem]:
    levels, parents = dict(known.levels), dict(known.parents)
    for entry in entries:
        code = entry.values["code"]
        levels[code] = entry.values["level"]
        parents[code] = entry.values.get("parent_id", parents.get(code))
    for entry in entries:
        if said := _out_of_place(entry.values["code"], levels, parents):
            yield Problem("dia_ban", entry.row, "ma_cha", said)


def _out_of_place(
    code: str, levels: Mapping[str, str], parents: Mapping[str, str | None]
) -> str | None:
    level, parent = levels[code], parents[code]
    if parent is None:
        return None if level in ("tinh", "to_chuc") else "chưa ghi mã cấp trên"
    if _in_circle(code, parents):
        return f'"{parent}" tạo thành vòng'
    above = levels.get(parent, "to_chuc")
    if level in ORDER and ORDER.get(above, len(ORDER)) >= ORDER[level]:
        return f'"{parent}" (cấp {above}) không thể là cấp trên của cấp {level}'
    return None


def _in_circle(code: str, parents: Mapping[str, str | None]) -> bool:
    seen: set[str] = set()
    at: str | None = code
    while at is not None and at not in seen:
        seen.add(at)
        at = parents.get(at)
    return at is not None


def _overlaps(entries: list[Entry], known: Known) -> Iterator[Problem]:
    """The same assignment twice at one time; two followers of one area are no problem."""
    given = {_span_key(entry): entry for entry in entries}
    spans: dict[Any, list[tuple[date, date, int]]] = {}
    for (*same, begin), entry in given.items():
        end = entry.values.get("to_date") or date.max
        spans.setdefault(tuple(same), []).append((begin, end, entry.row))
    for span in known.spans:
        if (*span.key, span.from_date) not in given and span.key in spans:
            spans[span.key].append((span.from_date, span.to_date or date.max, 0))
    for found in spans.values():
        yield from _crossing(sorted(found))


def _crossing(spans: list[tuple[date, date, int]]) -> Iterator[Problem]:
    for (_, until, before), (begin, _, row) in pairwise(spans):
        if begin <= until:
            other = f"dòng {before or row}" if before and row else "phân công đã có"
            said = f"chồng thời gian với {other}"
            yield Problem("phan_cong", row or before, "tu_ngay", said)


def _span_key(entry: Entry) -> tuple[Any, ...]:
    return key_of(BY_NAME["phan_cong"], entry.values)
