"""The layouts of official papers as data: what a rule book says of each part of a paper."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

Part = Literal[
    "title",  # ĐẢNG CỘNG SẢN VIỆT NAM, or the State's
    "motto",  # Độc lập - Tự do - Hạnh phúc
    "superior",
    "body",  # the issuing body
    "star",
    "number",
    "date",
    "kind",  # BÁO CÁO
    "excerpt",
    "dashes",  # under the excerpt
    "to",  # Kính gửi
    "section",  # I- TÌNH HÌNH
    "point",  # 1. Phân công
    "text",
    "authority",  # T/M BAN THƯỜNG VỤ
    "post",
    "name",
    "receivers_head",  # Nơi nhận:
    "receivers",
    "other",
]
Align = Literal["left", "center", "right", "both"]
Range = tuple[float, float]

NAMES: dict[Part, str] = {
    "title": "tiêu đề",
    "motto": "tiêu ngữ",
    "superior": "tên cơ quan cấp trên",
    "body": "tên cơ quan ban hành",
    "star": "dấu sao",
    "number": "số và ký hiệu",
    "date": "địa danh, ngày tháng",
    "kind": "tên loại văn bản",
    "excerpt": "trích yếu",
    "dashes": "đường kẻ dưới trích yếu",
    "to": "nơi gửi",
    "section": "tên mục",
    "point": "tên điểm",
    "text": "nội dung",
    "authority": "quyền hạn ký",
    "post": "chức vụ người ký",
    "name": "họ tên người ký",
    "receivers_head": "chữ “Nơi nhận”",
    "receivers": "danh sách nơi nhận",
    "other": "đoạn",
}


@dataclass(frozen=True, slots=True)
class Style:
    """How one part is set; None: the rule book leaves it open."""

    size: Range
    bold: bool | None = None
    italic: bool | None = False
    capitals: bool | None = None
    underlined: bool | None = None
    align: Align | None = None


@dataclass(frozen=True, slots=True)
class Margins:
    """Millimetres, each from–to."""

    top: Range
    bottom: Range
    left: Range
    right: Range


@dataclass(frozen=True, slots=True)
class Profile:
    """One rule book."""

    name: str
    rule_book: str
    party: bool
    title: str
    title_line_mm: float  # the line under the last line of the head, as long as its text
    motto: str
    margins: Margins
    styles: Mapping[Part, Style]
    page_number_size: Range
    page_number_top: float | None  # millimetres from the edge of the paper
    number_colon: bool  # "Số: 15/BC-UBND" or "Số 15-BC/TU"
    numbering: tuple[str, str, str]  # after I, 1, a
    authority_mark: str  # between the letters: T/M, TM.
    receivers_end: str  # at the end of each receiver but the last
    first_line: Range  # millimetres
    between: float  # points, at least
    exact_spacing: Range | None  # points
    times_spacing: Range | None  # multiples of a line
    font: str = "Times New Roman"
    paper: tuple[float, float] = (210, 297)
    end: str | None = "."  # how the text ends; None: left open
    blank_lines: Range = (3, 6)  # for the signature

    def style(self, part: Part) -> Style | None:
        """How the part is set, if the rule book says."""
        return self.styles.get(part)

    def authority(self, letters: str) -> str:
        """TM as T/M or TM."""
        return "/".join(letters) if self.authority_mark == "/" else f"{letters}."


_PARTY_STYLES: dict[Part, Style] = {
    "title": Style((15, 15), bold=True, capitals=True, align="center"),
    "superior": Style((14, 14), bold=False, capitals=True, align="center"),
    "body": Style((14, 14), bold=True, capitals=True, align="center"),
    "star": Style((14, 14), align="center"),
    "number": Style((14, 14), bold=False, align="center"),
    "date": Style((14, 14), bold=False, italic=True),
    "kind": Style((15, 16), bold=True, capitals=True, align="center"),
    "excerpt": Style((14, 15), bold=True, capitals=False, align="center"),
    "dashes": Style((10, 16), italic=None, align="center"),
    "to": Style((14, 15), italic=None, capitals=False),
    "section": Style((14, 15), bold=True, capitals=True),
    "point": Style((14, 15), italic=None),
    "text": Style((14, 15), italic=None, align="both"),
    "authority": Style((14, 14), bold=True, capitals=True, align="center"),
    "post": Style((14, 14), bold=False, capitals=True, align="center"),
    "name": Style((14, 14), bold=True, capitals=False, align="center"),
    "receivers_head": Style((14, 14), bold=False, underlined=True),
    "receivers": Style((12, 12), bold=False, underlined=False),
}

HD05 = Profile(
    name="hd05",
    rule_book="Hướng dẫn 05-HD/VPTW",
    party=True,
    title="ĐẢNG CỘNG SẢN VIỆT NAM",
    title_line_mm=73,
    motto="",
    margins=Margins((20, 20), (20, 20), (30, 30), (15, 15)),
    styles=_PARTY_STYLES,
    page_number_size=(14, 14),
    page_number_top=10,
    number_colon=False,
    numbering=("- ", ". ", ") "),
    authority_mark="/",
    receivers_end=";",
    first_line=(10, 10),
    between=6,
    exact_spacing=(18, 22),
    times_spacing=None,
)

HD36 = replace(HD05, name="hd36", rule_book="Hướng dẫn 36-HD/VPTW", receivers_end=",")

ND30 = Profile(
    name="nd30",
    rule_book="Nghị định 30/2020/NĐ-CP",
    party=False,
    title="CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    title_line_mm=52,
    motto="Độc lập - Tự do - Hạnh phúc",
    margins=Margins((20, 25), (20, 25), (30, 35), (15, 20)),
    styles={
        "title": Style((12, 13), bold=True, capitals=True, align="center"),
        "motto": Style((13, 14), bold=True, capitals=False, align="center"),
        "superior": Style((12, 13), bold=False, capitals=True, align="center"),
        "body": Style((12, 13), bold=True, capitals=True, align="center"),
        "number": Style((13, 13), bold=False, align="center"),
        "date": Style((13, 14), bold=False, italic=True),
        "kind": Style((13, 14), bold=True, capitals=True, align="center"),
        "excerpt": Style((13, 14), bold=True, capitals=False, align="center"),
        "dashes": Style((8, 14), italic=None, align="center"),
        "to": Style((13, 14), italic=None, capitals=False),
        "section": Style((13, 14), bold=True, capitals=True),
        "point": Style((13, 14), italic=None),
        "text": Style((13, 14), italic=None, align="both"),
        "authority": Style((13, 14), bold=True, capitals=True, align="center"),
        "post": Style((13, 14), bold=True, capitals=True, align="center"),
        "name": Style((13, 14), bold=True, capitals=False, align="center"),
        "receivers_head": Style((12, 12), bold=True, italic=True, underlined=False),
        "receivers": Style((11, 11), bold=False, underlined=False),
    },
    page_number_size=(13, 14),
    page_number_top=None,
    number_colon=True,
    numbering=(". ", ". ", ") "),
    authority_mark=".",
    receivers_end=";",
    first_line=(10, 12.7),
    between=6,
    exact_spacing=None,
    times_spacing=(1.0, 1.5),
    end=None,
    blank_lines=(2, 6),
)

PROFILES: dict[str, Profile] = {one.name: one for one in (HD05, HD36, ND30)}
DEFAULT = HD05
