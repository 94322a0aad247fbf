"""Appends lists to a paper: each on a new page, its heading repeated on every page it runs over."""

import re
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from bot.layout.papers import Appendix
from bot.layout.profiles import Profile
from bot.words import vietnamese_number

TEXT_MM = 165
_NUMBER = re.compile(r"[+-]?\d[\d.,]*%?")
TWIPS = 56.7  # in a millimetre
SIZE = 21  # half points, in the cells
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BORDERS = (
    "<w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders>"
)


def append(
    document: Any, appendices: Sequence[Appendix], profile: Profile, *, enclosed: str
) -> None:
    """Numbered when there are several; `enclosed` says of which paper they are."""
    for number, one in enumerate(appendices, start=1):
        said = "PHỤ LỤC" if len(appendices) == 1 else f"PHỤ LỤC {number}"
        _heading(document, (said, one.title, enclosed), profile)
        _table(document, one)


def _heading(document: Any, lines: tuple[str, ...], profile: Profile) -> None:
    """What it is called, bold; the last line, of which paper it is, in italics."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    size, last = Pt(profile.styles["excerpt"].size[0]), len(lines) - 1
    for number, text in enumerate(lines):
        if not text:
            continue
        line = document.add_paragraph()
        line.paragraph_format.page_break_before = number == 0
        line.paragraph_format.keep_with_next = True
        line.paragraph_format.space_after = Pt(6 if number else 0)
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = line.add_run(text)
        run.bold, run.italic, run.font.size = number < last, number == last, size


def _table(document: Any, one: Appendix) -> None:
    """Written as one piece: cell by cell a list of a province takes seconds."""
    from docx.oxml.parser import parse_xml

    width = sum(one.widths)
    columns = [round(TEXT_MM * TWIPS * each / width) for each in one.widths]
    rows = [_row(one.head, columns, bold=True, heading=True)]
    rows += [_row(row, columns) for row in one.rows]
    rows += [_row(one.totals, columns, bold=True)] if one.totals else []
    grid = "".join(f'<w:gridCol w:w="{each}"/>' for each in columns)
    table = parse_xml(
        f'<w:tbl xmlns:w="{NAMESPACE}"><w:tblPr><w:tblW w:w="{sum(columns)}" w:type="dxa"/>'
        f'{BORDERS}<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>'
        f"{''.join(rows)}</w:tbl>"
    )
    document.element.body.insert(len(document.element.body) - 1, table)  # before the page's form


def _row(
    cells: Sequence[str | int], columns: Sequence[int], *, bold: bool = False, heading: bool = False
) -> str:
    """A row that stays on one page; the heading comes again on each."""
    again = "<w:tblHeader/>" if heading else ""
    inside = "".join(
        _cell(value, width, bold=bold, heading=heading)
        for value, width in zip(cells, columns, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{again}</w:trPr>{inside}</w:tr>"


def _cell(value: str | int, width: int, *, bold: bool, heading: bool) -> str:
    number = isinstance(value, int) or _NUMBER.fullmatch(value)
    said = vietnamese_number(value) if isinstance(value, int) else escape(value)
    aligned = "center" if heading else "right" if number else "left"
    look = f'{"<w:b/>" if bold else ""}<w:sz w:val="{SIZE}"/><w:szCs w:val="{SIZE}"/>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr><w:p><w:pPr>'
        f'<w:jc w:val="{aligned}"/><w:rPr>{look}</w:rPr></w:pPr><w:r><w:rPr>{look}</w:rPr>'
        f'<w:t xml:space="preserve">{said}</w:t></w:r></w:p></w:tc>'
    )
