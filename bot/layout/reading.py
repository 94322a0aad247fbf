"""Reads any Word file as lines with their look, and its sheets of paper."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from zipfile import BadZipFile, ZipFile

from bot.layout.formats import Formats, Look, Shape, W, millimetres
from bot.layout.lists import Lists

MOST_BYTES = 200_000_000  # unpacked
NUMBER_LENGTH = 4  # "III." and a tab open a paragraph; longer pieces stand side by side
DRAWN = ("line", "straightConnector1")
_SKIPPED = (f"{W}del", f"{W}moveFrom", f"{W}txbxContent", f"{W}pict", f"{W}drawing")
NOT_WORD = "Tệp không phải Word .docx. Tệp .doc cũ: mở bằng Word, lưu lại thành .docx."
EMPTY = "Tệp trống, không phải Word .docx."
LOCKED = "Tệp có mật khẩu, không phải Word .docx mở được. Xin bỏ mật khẩu rồi kiểm tra lại."
BROKEN = "Tệp Word hỏng, không phải Word .docx đọc được. Xin mở bằng Word, lưu lại rồi kiểm tra."
_OLE = b"\xd0\xcf\x11\xe0"
_PASSWORD = "EncryptedPackage".encode("utf-16-le")


class NotAPaper(Exception):
    """The file cannot be read as a Word document; the words are for the person."""


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    look: Look


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or a piece of one between line breaks or tabs."""

    number: int  # of the paragraph, from one
    page: int | None
    runs: tuple[Run, ...]
    shape: Shape
    label: str  # Word's own numbering
    opening: str  # the blanks and tabs that it begins with
    cell: tuple[int, int, int, int] | None  # table, row, column, columns
    tabbed: bool  # pieces of one paragraph side by side
    drawn: int  # straight lines drawn in it
    side: str  # left, right or empty: on which half of the paper it stands

    @property
    def text(self) -> str:
        """As it is shown, without the numbering of Word and blanks around."""
        return self.raw.strip()

    @property
    def raw(self) -> str:
        return "".join(run.text.upper() if run.look.capitals else run.text for run in self.runs)

    @property
    def said(self) -> str:
        """With the numbering of Word."""
        return f"{self.label}{self.text}"


@dataclass(frozen=True, slots=True)
class PageNumber:
    """A field with the number of the page: in which header or footer, and how it is set."""

    above: bool
    kind: str  # default, first, even
    align: str
    size: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A section of the document: its paper in millimetres, and where pages are numbered."""

    width: float
    height: float
    margins: dict[str, float]
    header: float
    title_page: bool
    numbers: tuple[PageNumber, ...]

    @property
    def landscape(self) -> bool:
        return self.width > self.height


@dataclass(frozen=True, slots=True)
class Written:
    """A document as it was found."""

    lines: tuple[Line, ...]
    sheets: tuple[Sheet, ...]
    long: bool = field(default=False)  # surely more than a page


def _why_not(content: bytes) -> str:
    """What the person can do about a file that cannot be read."""
    if not content:
        return EMPTY
    if content.startswith(_OLE):
        return LOCKED if _PASSWORD in content else NOT_WORD
    return BROKEN if b"word/" in content else NOT_WORD


def read(content: bytes) -> Written:
    """The document in a file; NotAPaper for anything else."""
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError

    try:
        with ZipFile(io.BytesIO(content)) as packed:
            if sum(each.file_size for each in packed.infolist()) > MOST_BYTES:
                raise NotAPaper("Tệp quá lớn để kiểm tra.")
        document = Document(io.BytesIO(content))
    except (BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError) as error:
        raise NotAPaper(_why_not(content)) from error
    reader = _Reader(document)
    lines = tuple(reader.lines())
    length = sum(len(line.text) for line in lines)
    return Written(
        lines,
        tuple(reader.sheets()),
        reader.breaks > 0 or length > 2500,
    )


class _Reader:
    def __init__(self, document: Any) -> None:
        self._document = document
        self.formats = Formats(document.styles.element, _part(document, "theme"))
        self._lists = Lists(_part(document, "numbering"))
        self.breaks = 0
        self._number = 0
        self._tables = 0
        self._width = 0.0
        breaks = document.element.body.iter(f"{W}lastRenderedPageBreak")
        self._paged = next(breaks, None) is not None

    def lines(self) -> Iterator[Line]:
        yield from self._blocks(self._document.element.body, None, "")

    def _blocks(
        self, parent: Any, cell: tuple[int, int, int, int] | None, table: str
    ) -> Iterator[Line]:
        for element in parent:
            if element.tag == f"{W}p":
                yield from self._paragraph(element, cell, table)
            elif element.tag == f"{W}tbl":
                yield from self._table(element)
            elif element.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"):
                yield from self._blocks(element, cell, table)

    def _table(self, element: Any) -> Iterator[Line]:
        self._tables += 1
        number = self._tables
        named = element.find(f"{W}tblPr/{W}tblStyle")
        style = named.get(f"{W}val") if named is not None else ""
        for row, line in enumerate(element.findall(f"{W}tr")):
            cells = line.findall(f"{W}tc")
            for column, each in enumerate(cells):
                yield from self._blocks(each, (number, row, column, len(cells)), style)

    def _paragraph(
        self, element: Any, cell: tuple[int, int, int, int] | None, table: str
    ) -> Iterator[Line]:
        self._number += 1
        place = self.formats.numbering_of(element)
        label = self._lists.next_label(place) if place else ""
        level = self._lists.level(place) if place else None
        shape = self.formats.shape(element, table, level)
        page = self.breaks + 1 if self._paged else None
        rows = self._pieces(element, shape.style, table)
        drawn = _drawn(element)
        for rank, pieces in enumerate(rows):
            filled = [runs for runs in pieces if _said(runs)]
            tabbed = len(filled) > 1 and len(_said(filled[0])) > NUMBER_LENGTH
            whole = [run for piece in pieces for run in piece]
            for place_in, runs in enumerate(filled if tabbed else [whole]):
                raw = "".join(run.text for run in runs)
                first = rank == 0 and place_in == 0
                yield Line(
                    number=self._number,
                    page=page,
                    runs=tuple(runs),
                    shape=shape,
                    label=label if first else "",
                    opening="" if tabbed else raw[: len(raw) - len(raw.lstrip())],
                    cell=cell,
                    tabbed=tabbed,
                    drawn=drawn if first else 0,
                    side=_side(cell, (place_in, len(filled)) if tabbed else None, shape),
                )

    def _pieces(self, element: Any, style: str, table: str) -> list[list[list[Run]]]:
        """Rows between line breaks, each of pieces that tabs part."""
        rows: list[list[list[Run]]] = [[[]]]
        for run in _runs(element):
            look = self.formats.look(run, style, table)
            for child in run:
                if child.tag == f"{W}t" and not look.hidden:
                    rows[-1][-1].append(Run(child.text or "", look))
                elif child.tag == f"{W}noBreakHyphen":
                    rows[-1][-1].append(Run("-", look))
                elif child.tag == f"{W}tab":
                    rows[-1][-1].append(Run("\t", look))
                    rows[-1].append([])
                elif child.tag == f"{W}lastRenderedPageBreak":
                    self.breaks += 1
                elif child.tag == f"{W}br" and child.get(f"{W}type") == "page":
                    self.breaks += 0 if self._paged else 1
                elif child.tag in (f"{W}br", f"{W}cr"):
                    rows.append([[]])
        return rows

    def sheets(self) -> Iterator[Sheet]:
        numbers: dict[tuple[bool, str], list[PageNumber]] = {}
        for section in self._document.element.body.iter(f"{W}sectPr"):
            for above, tag in ((True, "headerReference"), (False, "footerReference")):
                for each in section.findall(f"{W}{tag}"):
                    kind = each.get(f"{W}type") or "default"
                    key = next(value for name, value in each.items() if name.endswith("}id"))
                    part = self._document.part.related_parts.get(key)
                    found = self._page_numbers(part.element, above, kind) if part else ()
                    numbers[above, kind] = list(found)
            yield _sheet(section, tuple(one for found in numbers.values() for one in found))

    def _page_numbers(self, root: Any, above: bool, kind: str) -> Iterator[PageNumber]:
        for paragraph in root.iter(f"{W}p"):
            codes = [each.text or "" for each in paragraph.iter(f"{W}instrText")]
            codes += [each.get(f"{W}instr", "") for each in paragraph.iter(f"{W}fldSimple")]
            if not any(code.split()[:1] == ["PAGE"] for code in codes):
                continue
            shape = self.formats.shape(paragraph, "", None)
            frame = paragraph.find(f"{W}pPr/{W}framePr")
            align = (frame.get(f"{W}xAlign") if frame is not None else None) or shape.align
            sizes = [
                self.formats.look(run, shape.style, "").size for run in paragraph.iter(f"{W}r")
            ]
            yield PageNumber(above, kind, align, sizes[0] if sizes else 0)


def _said(runs: list[Run]) -> str:
    return "".join(run.text for run in runs).strip()


def _part(document: Any, kind: str) -> Any:
    """The XML of a part that the document relates to, if it has one."""
    from docx.oxml.parser import parse_xml

    for relation in document.part.rels.values():
        if relation.reltype.endswith(f"/{kind}") and not relation.is_external:
            return parse_xml(relation.target_part.blob)
    return None


def _runs(element: Any) -> Iterator[Any]:
    """The runs that are shown, in order, without deleted words and what stands in boxes."""
    for child in element:
        if child.tag == f"{W}r":
            yield child
        elif child.tag not in _SKIPPED:
            yield from _runs(child)


def _drawn(element: Any) -> int:
    """How many straight lines are drawn here."""
    return sum(
        1
        for each in element.iter()
        if isinstance(each.tag, str)
        and (
            (each.tag.endswith("}prstGeom") and each.get("prst") in DRAWN)
            or each.tag.endswith("}line")
            or (each.tag.endswith("}shape") and "_x0000_t32" in each.get("type", ""))
        )
    )


def _side(
    cell: tuple[int, int, int, int] | None, piece: tuple[int, int] | None, shape: Shape
) -> str:
    if piece is not None:
        return "left" if piece[0] == 0 else "right"
    if cell is not None and cell[3] > 1:
        return "left" if cell[2] == 0 else "right"
    if shape.align == "right" or shape.left + shape.first_line > 60:
        return "right"
    return "left" if shape.align != "center" else ""


def _sheet(section: Any, numbers: tuple[PageNumber, ...]) -> Sheet:
    size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")

    def side(name: str) -> float:
        return millimetres(margins.get(f"{W}{name}")) if margins is not None else 25.4

    found = {name: abs(side(name)) for name in ("top", "bottom", "left", "right")}
    found["left"] += side("gutter") if margins is not None else 0
    page = section.find(f"{W}titlePg")
    return Sheet(
        width=millimetres(size.get(f"{W}w")) if size is not None else 215.9,
        height=millimetres(size.get(f"{W}h")) if size is not None else 279.4,
        margins=found,
        header=side("header"),
        title_page=page is not None and page.get(f"{W}val", "1") not in ("0", "false", "off"),
        numbers=numbers,
    )
