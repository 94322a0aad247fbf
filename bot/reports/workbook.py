"""A summary as an Excel workbook: its lines as people read them, and every figure by name."""

import io

from bot.reports.chat import Cover, cut_line, title
from bot.reports.packing import repacked
from bot.reports.snapshots import Snapshot

WIDTHS = {"A": 44, "B": 14, "C": 14}


def xlsx(snapshot: Snapshot, cover: Cover) -> bytes:
    """The file; the same snapshot and cover always give the same bytes."""
    from openpyxl import Workbook  # late: it costs a quarter of a second

    book = Workbook()
    lines = book.active
    assert lines is not None  # a new workbook has a sheet
    lines.title = "Bản tổng hợp"
    for text in _lines(snapshot, cover):
        lines.append([text])
        lines.cell(lines.max_row, 1).data_type = "s"  # "= kết thúc 31" is no formula
    figures = book.create_sheet("figures")
    figures.append(["name", "value", "of"])
    for figure in snapshot.figures.values():
        figures.append([figure.name, figure.value, figure.of])
    for sheet in (lines, figures):
        for column, width in WIDTHS.items():
            sheet.column_dimensions[column].width = width
    target = io.BytesIO()
    book.save(target)
    return repacked(target.getvalue(), snapshot.cut_at)


def _lines(snapshot: Snapshot, cover: Cover) -> list[str]:
    blocks = [block.variants[0] for block in snapshot.blocks if block.variants]
    said = [line for lines in blocks for line in lines]
    return [title(snapshot), *said, cut_line(snapshot, cover.review)]
