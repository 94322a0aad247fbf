"""A summary as a Word file: A4 and type as Hướng dẫn 05-HD/VPTW has them, to be read or printed.

It is no signed document: number, place and signature are the office's to add.
"""

import io
from typing import Any

from bot.reports.chat import Cover, cut_line, title
from bot.reports.packing import repacked
from bot.reports.snapshots import Snapshot

MARGINS = {"top": 20, "bottom": 20, "left": 30, "right": 15}  # millimetres
FONT, SIZE, HEAD, SMALL = "Times New Roman", 14, 15, 10  # points


def docx(snapshot: Snapshot, cover: Cover) -> bytes:
    """The file; the same snapshot and cover always give the same bytes."""
    from docx import Document  # late: it costs a quarter of a second

    document = Document()
    _paper(document)
    _line(document, title(snapshot), bold=True, size=HEAD, centred=True)
    for text in (cover.to and f"Kính gửi: {cover.to}", cover.note):
        if text:
            _line(document, text, centred=True)
    for block in snapshot.blocks:
        for number, text in enumerate(block.variants[0] if block.variants else ()):
            _line(document, text, bold=number == 0)
    _line(document, cut_line(snapshot, cover.review), italic=True)
    if cover.seal:
        _line(document, f"Dấu lưu vết {cover.seal}", italic=True, size=SMALL)
    target = io.BytesIO()
    document.save(target)
    return repacked(target.getvalue(), snapshot.cut_at)


def _paper(document: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side, width in MARGINS.items():
        setattr(section, f"{side}_margin", Mm(width))
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(6)


def _line(
    document: Any,
    text: str,
    *,
    bold: bool = False,
    italic: bool = False,
    size: int = SIZE,
    centred: bool = False,
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)
