"""Slips to print, six on a page: whose it is, which bot, the code, and a picture to scan."""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Cm, Pt
from sqlmodel import Session

from bot.roster.invites import VALID, Issued, keep, prepare
from bot.rules.zone import day_of
from bot.words import full_day
from storage import people
from storage.database import Database
from storage.grants import held

COLUMNS, ROWS = 2, 3
QR = Cm(3.1)
FONT = "Times New Roman"
_KINDS = (
    ("theo_doi", "cán bộ theo dõi"),
    ("phu_trach", "Ủy viên phụ trách"),
    ("co_so", "xã"),
)


@dataclass(frozen=True)
class Bots:
    """Where people find the service: the name on Telegram, the name or link on Zalo."""

    telegram: str = ""
    zalo: str = ""
    office: str = "Văn phòng Tỉnh ủy"

    def link(self, code: str) -> str:
        """What a phone opens when it scans the slip; the bare code where there is no such link."""
        return f"https://t.me/{self.telegram}?start={code}" if self.telegram else code


@dataclass(frozen=True)
class Waiting:
    """Who needs a code, by what they do, and how many of each have no need of one any more."""

    people: list[Any] = field(default_factory=list)
    kinds: dict[str, int] = field(default_factory=dict)
    linked: dict[str, int] = field(default_factory=dict)


def invite_all(
    db: Database, at: datetime, progress: Callable[[int, int], None] = lambda done, total: None
) -> tuple[list[Issued], str]:
    """Codes for everybody who has no account yet, and what was done in words."""
    with db.reading() as session:
        found = waiting(session, day_of(at))
    codes = prepare(found.people, at, progress)
    with db.writing() as session:
        keep(session, codes, at)
    return [issued for issued, _ in codes], said(found, day_of(at + VALID))


def waiting(session: Session, day: date) -> Waiting:
    """Everybody who has something to do with the service and no confirmed account yet."""
    found = Waiting()
    linked = people.linked(session)
    for person in people.users(session, day):
        number = person.id or 0
        kind = _kind({row.role for row in held(session, number, day) if row.person_id == number})
        counts = found.linked if number in linked else found.kinds
        counts[kind] = counts.get(kind, 0) + 1
        if number not in linked:
            found.people.append(person)
    return found


def _kind(roles: set[str]) -> str:
    return next((kind for role, kind in _KINDS if role in roles), "người khác")


def said(found: Waiting, expires: date) -> str:
    """271 phiếu: 128 cán bộ theo dõi, 10 Ủy viên phụ trách, 133 xã (2 xã đã kết nối). …"""
    kinds = [kind for _, kind in _KINDS] + ["người khác"]
    parts = [f"{found.kinds[kind]} {kind}" for kind in kinds if found.kinds.get(kind)]
    linked = [f"{found.linked[kind]} {kind}" for kind in kinds if found.linked.get(kind)]
    done = f" ({', '.join(linked)} đã kết nối)" if linked else ""
    counted = f"{len(found.people)} phiếu: {', '.join(parts)}" if parts else "Không có phiếu mới"
    tail = f"Mã dùng một lần, hết hạn {full_day(expires)}." if parts else ""
    return f"{counted}{done}. {tail}".strip()


def as_json(issued: Iterable[Issued], bots: Bots) -> list[dict[str, str]]:
    """The slips for another program; the only place besides paper where codes are printed."""
    return [
        {
            "person": each.person.code,
            "full_name": each.person.full_name,
            "code": each.code,
            "expires_at": each.expires_at.isoformat(),
            "link": bots.link(each.code),
        }
        for each in issued
    ]


def write(path: Path, issued: Sequence[Issued], bots: Bots) -> None:
    """A Word file of slips on A4 paper, to be cut along the lines."""
    document = Document()
    _paper(document)
    for start in range(0, len(issued), COLUMNS * ROWS):
        _page(document, issued[start : start + COLUMNS * ROWS], bots)
    document.save(str(path))


def _paper(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.2)
    section.top_margin = section.bottom_margin = Cm(1)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(2)
    document._body.clear_content()


def _page(document: Any, slips: Sequence[Issued], bots: Bots) -> None:
    rows = -(-len(slips) // COLUMNS)
    table = document.add_table(rows=rows, cols=COLUMNS)
    table.style, table.autofit = "Table Grid", False
    for row in table.rows:
        row.height, row.height_rule = Cm(8.9), WD_ROW_HEIGHT_RULE.EXACTLY
        _unbroken(row)
    for at, slip in enumerate(slips):
        cell = table.cell(at // COLUMNS, at % COLUMNS)
        cell.width = Cm(9.3)
        _slip(cell, slip, bots)
    gap = document.add_paragraph()  # tables that touch would become one
    gap.paragraph_format.space_after = Pt(0)
    gap.add_run().font.size = Pt(1)


def _unbroken(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _slip(cell: Any, slip: Issued, bots: Bots) -> None:
    head = cell.paragraphs[0]
    head.paragraph_format.space_before = Pt(6)
    _words(head, "PHIẾU KẾT NỐI SÂU SÁT", bold=True, size=11)
    _words(head, f"\n{bots.office}", size=9)
    name = cell.add_paragraph()
    _words(name, slip.person.full_name, bold=True, size=14)
    if slip.person.post:
        _words(name, f"\n{slip.person.post}", size=10)
    middle = cell.add_paragraph()
    middle.add_run().add_picture(_picture(bots.link(slip.code)), width=QR)
    middle.alignment = WD_ALIGN_PARAGRAPH.CENTER
    code = cell.add_paragraph()
    code.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _words(code, slip.code, bold=True, size=18, font="Courier New")
    for line in _how(bots, slip):
        _words(cell.add_paragraph(), line, size=10)


def _how(bots: Bots, slip: Issued) -> list[str]:
    where = [f"Telegram: @{bots.telegram}"] if bots.telegram else []
    where += [f"Zalo: {bots.zalo}"] if bots.zalo else []
    scan = "Quét hình trên bằng máy ảnh điện thoại, hoặc tìm" if bots.telegram else "Tìm"
    find = f"{scan} {' · '.join(where) or 'hệ thống Sâu Sát'}, rồi nhắn mã trên."
    until = full_day(day_of(slip.expires_at))
    return [find, f"Dùng một lần, đến hết {until}. Không đưa phiếu này cho người khác."]


def _picture(content: str) -> io.BytesIO:
    import segno  # late: only slips need it

    picture = io.BytesIO()
    segno.make(content, error="m", micro=False).save(picture, kind="png", scale=8, border=2)
    picture.seek(0)
    return picture


def _words(
    paragraph: Any, words: str, *, bold: bool = False, size: int = 11, font: str = FONT
) -> None:
    run = paragraph.add_run(words)
    run.bold, run.font.size, run.font.name = bold, Pt(size), font
