"""Whole invented papers to plant faults into, and their paragraphs by part."""

import io
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from bot.layout.checking import check
from bot.layout.papers import Issuer, Paper
from bot.layout.parts import parted
from bot.layout.profiles import PROFILES, Part, Profile
from bot.layout.reading import read
from bot.layout.writing import written

LONG = (
    "Thực hiện Quy định 02-QĐ/TU ngày 29/4/2021, trong quý có 117 lượt đi cơ sở trên 133 lượt phải "
    "đi, đạt 88,0%; các đồng chí được phân công đã nắm tình hình, góp ý và cùng địa phương gỡ khó."
)
LINES = (
    ("section", "Tình hình thực hiện"),
    ("point", "Phân công"),
    ("text", LONG),
    ("text", "Số được phân công: 1.246 lượt; quý trước 1.198 lượt."),
    ("point", "Đi cơ sở"),
    ("text", LONG),
    ("section", "Kiến nghị của cơ sở"),
    ("text", f"- {LONG}"),
    *(("text", LONG) for _ in range(8)),
    ("text", "Trên đây là kết quả quý IV năm 2026, xin báo cáo Ban Thường vụ."),
)
ISSUER = Issuer(
    superior="Tỉnh ủy Mẫu",
    body="Văn phòng",
    symbol="BC/VPTU",
    place="Hòa Mẫu",
    on_behalf=("TL", "Ban Thường vụ"),
    post="Chánh Văn phòng",
    name="Đinh Văn Chánh",
    receivers=("Thường trực Tỉnh ủy", "Ban Thường vụ Tỉnh ủy"),
    archive="Lưu Văn phòng Tỉnh ủy",
)
PAPER = Paper(
    issuer=ISSUER,
    kind="Báo cáo",
    excerpt="kết quả cán bộ cấp tỉnh theo dõi xã, phường quý IV năm 2026",
    lines=LINES,  # type: ignore[arg-type]  # levels are plain words here
    to="Ban Thường vụ Tỉnh ủy",
    number="5",
    on=date(2026, 1, 5),
)


@lru_cache
def right(profile: str) -> bytes:
    """The paper without a fault."""
    return written(PAPER, PROFILES[profile])


class Planted:
    """A right paper to spoil: its document, and its paragraphs by part."""

    def __init__(self, profile: Profile, content: bytes | None = None) -> None:
        self.profile = profile
        content = content or right(profile.name)
        self.document = Document(io.BytesIO(content))
        found = self.document.element.body.iter(qn("w:p"))
        self._all = [Paragraph(each, self.document._body) for each in found]
        self._parts = [(line.number, part) for line, part in parted(read(content))]

    def of(self, part: Part, number: int = 0) -> Any:
        """The paragraph of the part, the first one or another."""
        return self._all[[place for place, each in self._parts if each == part][number] - 1]

    def say(self, part: Part, text: str, number: int = 0) -> None:
        """Other words in the same look."""
        self.of(part, number).runs[0].text = text

    def remove(self, part: Part, number: int = 0) -> None:
        """The paragraph goes."""
        element = self.of(part, number)._p
        element.getparent().remove(element)

    def bytes(self) -> bytes:
        kept = io.BytesIO()
        self.document.save(kept)
        return kept.getvalue()

    def rules(self) -> list[str]:
        """The ids of the rules that are broken, each once."""
        found = check(self.bytes(), self.profile)
        return list(dict.fromkeys(one.rule for one in found))


Spoil = Callable[[Planted], None]
