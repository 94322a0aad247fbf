"""A summary as an Excel appendix: its lines, every figure, its lists, and the entries behind."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bot.reports.blocks import Cell
from bot.reports.chat import Cover, cut_line, title
from bot.reports.figures import CODED, Figure
from bot.reports.labels import KINDS, label
from bot.reports.packing import repacked
from bot.reports.snapshots import Snapshot
from bot.spreadsheet import Table, workbook

DECIMAL = re.compile(r"-?\d{1,3}(?:\.\d{3})*,\d+")
"""A share, or another number with decimals, as a list on paper prints it."""

Key = tuple[str, int]
"""What an entry is (visit, case …) and its id."""


@dataclass(frozen=True)
class Entries:
    """What a snapshot's ids are called: codes that the reader may see, and names of areas."""

    codes: Mapping[Key, str] = field(default_factory=dict)
    areas: Mapping[int, str] = field(default_factory=dict)


NO_ENTRIES = Entries()


def xlsx(snapshot: Snapshot, cover: Cover, entries: Entries = NO_ENTRIES) -> bytes:
    """The file; the same snapshot, cover and entries always give the same bytes."""
    lists = (table for block in snapshot.blocks for table in block.tables)
    tables = [
        Table("Bản tổng hợp", (title(snapshot),), _lines(snapshot, cover), widths=(60,)),
        _figures(snapshot),
        *(
            Table(
                one.title,
                one.head,
                [[_counted(cell) for cell in row] for row in one.rows],
                widths=_widths(one.head, one.rows),
                totals=one.totals,
            )
            for one in lists
        ),
    ]
    if entries.codes:
        tables.append(_entries(snapshot, entries))
    return repacked(workbook(tables), snapshot.cut_at)


def _lines(snapshot: Snapshot, cover: Cover) -> list[tuple[str]]:
    blocks = [block.variants[0] for block in snapshot.blocks if block.variants]
    said = [line for lines in blocks for line in lines]
    return [(line,) for line in (*said, cut_line(snapshot, cover.review))]


def _figures(snapshot: Snapshot) -> Table:
    """Those of the whole; those of an area stand in the list by area."""
    rows = [
        (label(one), _value(one), KINDS.get(one.of, one.of), one.name)
        for one in snapshot.figures.values()
        if "@" not in one.name
    ]
    head = ("Số liệu", "Giá trị", "Đếm theo", "Mã số liệu")
    return Table("Số liệu", head, rows, widths=(44, 14, 24, 30))


def _value(figure: Figure) -> int | Decimal:
    return Decimal(figure.value).scaleb(-figure.scale) if figure.scale else figure.value


def _counted(cell: Cell) -> Cell | Decimal:
    """Numbers with decimals stand in a snapshot as they are said: here they can be counted with."""
    if isinstance(cell, str) and DECIMAL.fullmatch(cell):
        return Decimal(cell.replace(".", "").replace(",", "."))
    return cell


def _widths(head: tuple[str, ...], rows: tuple[tuple[str | int, ...], ...]) -> list[int]:
    """As wide as the longest words, within reason."""
    return [
        min(max(len(str(row[place])) for row in (head, *rows)) + 3, 60)
        for place in range(len(head))
    ]


def _entries(snapshot: Snapshot, entries: Entries) -> Table:
    """Each entry once, with the figures that count it."""
    counted, where = _behind(snapshot)
    rows = [
        (code, KINDS[of], entries.areas.get(where.get((of, number), 0), ""), "; ".join(names))
        for (of, number), names in sorted(counted.items())
        if (code := entries.codes.get((of, number)))
    ]
    head = ("Mã", "Loại", "Địa bàn", "Được đếm ở")
    return Table("Từng phiếu", head, rows, widths=(12, 18, 26, 80))


def _behind(snapshot: Snapshot) -> tuple[dict[Key, list[str]], dict[Key, int]]:
    """By entry: the figures of the whole that count it, and its area."""
    counted: dict[Key, list[str]] = defaultdict(list)
    where: dict[Key, int] = {}
    for figure in snapshot.figures.values():
        _, _, area = figure.name.partition("@")
        name = label(figure)
        for number in ids_of(figure):
            if area:
                where[figure.of, number] = int(area)
            else:
                counted[figure.of, number].append(name)
    return counted, where


def ids_of(figure: Figure) -> Iterator[int]:
    """The entries that have codes of their own."""
    return iter(figure.all_ids() if figure.of in CODED else ())
