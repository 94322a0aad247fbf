"""Writes a paper as a Word file in one layout."""

import io
from typing import Any

from bot.layout.appendices import append
from bot.layout.papers import Paper, date_line, enclosed_line, number_line, roman
from bot.layout.profiles import Part, Profile

LEFT_MM, RIGHT_MM, TEXT_MM = 68, 97, 165
SIGNING_LINES = 4
SMALL = 10  # points
_ALIGNED = {"left": "left", "center": "center", "right": "right", "both": "both", None: "left"}


def written(paper: Paper, profile: Profile) -> bytes:
    """The file; when it was made is in it, so that two calls differ in that alone."""
    from docx import Document  # late: it costs a quarter of a second

    document = Document()
    _page(document, profile)
    _head(document, paper, profile)
    _opening(document, paper, profile)
    _text(document, paper, profile)
    _ending(document, paper, profile)
    for line in paper.after:
        _set(document.add_paragraph(), line, size=SMALL, italic=True)
    enclosed = enclosed_line(paper, colon=profile.number_colon) if paper.issuer.symbol else ""
    append(document, paper.appendices, profile, enclosed=enclosed)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _page(document: Any, profile: Profile) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = (Mm(side) for side in profile.paper)
    for side in ("top", "bottom", "left", "right"):
        setattr(section, f"{side}_margin", Mm(getattr(profile.margins, side)[0]))
    section.header_distance = Mm(profile.page_number_top or 10)
    section.different_first_page_header_footer = True
    style = document.styles["Normal"]
    style.font.name, style.font.size = profile.font, Pt(profile.styles["text"].size[0])
    style.element.rPr.rFonts.set(qn("w:eastAsia"), profile.font)
    style.element.rPr.rFonts.set(qn("w:cs"), profile.font)
    style.paragraph_format.space_after = Pt(0)
    line = section.header.paragraphs[0]
    line.style = style
    _aligned(line, "center")
    _field(line, "PAGE", profile.page_number_size[0])


def _head(document: Any, paper: Paper, profile: Profile) -> None:
    left, right = _columns(document)
    issuer, title = paper.issuer, profile.title
    lines = _Cell(left, profile, LEFT_MM)
    if issuer.superior:
        lines.add("superior", issuer.superior)
    lines.add("body", issuer.body)
    if profile.style("star"):
        lines.add("star", "*")
    else:
        lines.ruled(LEFT_MM * 0.4)
    lines.add("number", number_line(issuer.symbol, paper.number, colon=profile.number_colon))
    lines = _Cell(right, profile, RIGHT_MM)
    lines.add("title", title)
    if profile.motto:
        lines.add("motto", profile.motto)
    lines.ruled(profile.title_line_mm)
    _aligned(lines.add("date", date_line(paper)), "center")


def _opening(document: Any, paper: Paper, profile: Profile) -> None:
    from docx.shared import Pt

    lines = _Cell(document, profile, TEXT_MM)
    lines.add("kind", paper.kind, before=18)
    lines.add("excerpt", paper.excerpt)
    if profile.party:
        dashes = lines.add("dashes", "-----")
        dashes.runs[0].font.size = Pt(profile.styles["text"].size[0])
    else:
        lines.ruled(TEXT_MM * 0.2)
    if paper.to:
        _aligned(lines.add("to", f"Kính gửi: {paper.to}", before=6), "center")


def _text(document: Any, paper: Paper, profile: Profile) -> None:
    sections = points = 0
    lines = _Cell(document, profile, TEXT_MM)
    for number, (level, said) in enumerate(paper.lines):
        first = number == 0
        if level == "section":
            sections, points = sections + 1, 0
            line = lines.add("section", f"{roman(sections)}{profile.numbering[0]}{said}")
        elif level == "point":
            points += 1
            line = lines.add("point", f"{points}{profile.numbering[1]}{said}", bold=True)
        else:
            line = lines.add("text", said)
        _spaced(line, profile, before=12 if first else profile.between)
        last = number == len(paper.lines) - 1  # goes with the signature
        line.paragraph_format.keep_with_next = last or level != "text"


def _spaced(line: Any, profile: Profile, *, before: float) -> None:
    from docx.shared import Mm, Pt

    shape = line.paragraph_format
    shape.first_line_indent = Mm(profile.first_line[0])
    shape.space_before, shape.space_after = Pt(before), Pt(0)
    if profile.exact_spacing:
        shape.line_spacing = Pt(profile.exact_spacing[0])
    elif profile.times_spacing:
        shape.line_spacing = profile.times_spacing[0]


def _ending(document: Any, paper: Paper, profile: Profile) -> None:
    document.add_paragraph().paragraph_format.keep_with_next = True
    left, right = _columns(document)
    issuer = paper.issuer
    lines = _Cell(left, profile, LEFT_MM)
    lines.add("receivers_head", "Nơi nhận:")
    listed = [f"- {one}{profile.receivers_end}" for one in issuer.receivers]
    for said in [*listed, f"- {issuer.archive.rstrip('.')}."]:
        lines.add("receivers", said)
    lines = _Cell(right, profile, RIGHT_MM)
    if issuer.on_behalf:
        letters, body = issuer.on_behalf
        lines.add("authority", f"{profile.authority(letters)} {body}")
    lines.add("post", issuer.post)
    for _ in range(SIGNING_LINES):
        lines.blank()
    lines.add("name", issuer.name or "Họ và tên")


def _columns(document: Any) -> tuple[Any, Any]:
    from docx.oxml.parser import OxmlElement
    from docx.shared import Mm

    table = document.add_table(1, 2)
    table.autofit = False
    whole = OxmlElement("w:cantSplit")  # a signature stays on one page
    table.rows[0]._tr.get_or_add_trPr().append(whole)
    for column, width in zip(table.columns, (LEFT_MM, RIGHT_MM), strict=True):
        column.width = column.cells[0].width = Mm(width)
    return table.rows[0].cells[0], table.rows[0].cells[1]


class _Cell:
    """Paragraphs one after the other in a cell or in the document itself, set by the layout."""

    def __init__(self, place: Any, profile: Profile, width: float) -> None:
        self._place = place
        self._profile = profile
        self._width = width
        self._first = hasattr(place, "_tc")  # a cell is born with an empty paragraph

    def add(self, part: Part, text: str, *, bold: bool = False, before: float = 0) -> Any:
        from docx.shared import Pt

        style = self._profile.styles[part]
        line = self._next()
        said = text.upper() if style.capitals else text
        _set(
            line,
            said,
            size=style.size[0],
            bold=bold or bool(style.bold),
            italic=bool(style.italic),
            underlined=bool(style.underlined),
        )
        _aligned(line, _ALIGNED[style.align])
        line.paragraph_format.space_before = Pt(before)
        return line

    def blank(self) -> None:
        _set(self._next(), "", size=self._profile.styles["text"].size[0])

    def ruled(self, length: float) -> None:
        """A solid line of so many millimetres in the middle."""
        from docx.shared import Mm, Pt

        line = self._next()
        _aligned(line, "center")
        shape = line.paragraph_format
        shape.line_spacing = Pt(4)
        shape.left_indent = shape.right_indent = Mm(max(0.0, (self._width - 3.8 - length) / 2))
        _border(line, "bottom")
        shape.space_after = Pt(3)

    def _next(self) -> Any:
        if self._first:
            self._first = False
            return self._place.paragraphs[0]
        return self._place.add_paragraph()


def _set(
    line: Any,
    text: str,
    *,
    size: float,
    bold: bool = False,
    italic: bool = False,
    underlined: bool = False,
) -> None:
    from docx.shared import Pt

    run = line.add_run(text)
    run.bold, run.italic, run.underline, run.font.size = bold, italic, underlined, Pt(size)


def _aligned(line: Any, how: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH as A

    ways = {"left": A.LEFT, "center": A.CENTER, "right": A.RIGHT, "both": A.JUSTIFY}
    line.alignment = ways[how]


def _border(line: Any, side: str) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    box, edge = OxmlElement("w:pBdr"), OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        edge.set(qn(f"w:{name}"), value)
    box.append(edge)
    properties = line._p.get_or_add_pPr()
    properties.insert_element_before(box, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _field(line: Any, code: str, size: float) -> None:
    """A field that Word fills in, such as the number of the page."""
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement

    for kind, text in (("begin", ""), ("", code), ("end", "")):
        _set(line, "", size=size)
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = text or None
        line.runs[-1]._r.append(element)
