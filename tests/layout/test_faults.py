"""Every planted fault is found, and nothing else is said of the paper."""

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt, RGBColor

from bot.layout.profiles import HD05, HD36, ND30, PROFILES, Part, Profile
from bot.layout.rules import RULES
from tests.layout.samples import LONG, Planted, Spoil

VNI = "Baùo caùo tình hình thöïc hieän nhieäm vuï quyù IV cuûa caùc ñoàng chí ñöôïc phaân coâng."
ROOT = Path(__file__).parents[2]
TCVN3 = "B¸o c¸o t×nh h×nh thùc hiÖn nhiÖm vô quý IV, ®ång chÝ BÝ th­ chØ ®¹o c¸c x·, ph­êng."


def section(planted: Planted, **given: object) -> None:
    for name, value in given.items():
        setattr(planted.document.sections[0], name, value)


def number_of_page(planted: Planted, place: str, kind: str = "") -> None:
    """The field goes from the header to another header or footer."""
    part = planted.document.sections[0]
    source = part.header.paragraphs[0]
    target = getattr(part, f"{kind}{place}").paragraphs[0]
    target.alignment = source.alignment
    for run in list(source._p.findall(qn("w:r"))):
        target._p.append(run)


def look(planted: Planted, part: str, number: int = 0, **given: object) -> None:
    font = planted.of(part, number).runs[0].font  # type: ignore[arg-type]  # a plain word
    for name, value in given.items():
        setattr(font, name, value)


def shape(planted: Planted, part: str, number: int = 0, **given: object) -> None:
    of = planted.of(part, number).paragraph_format  # type: ignore[arg-type]  # a plain word
    for name, value in given.items():
        setattr(of, name, value)


def without_line(planted: Planted) -> None:
    for box in list(planted.document.element.body.iter(qn("w:pBdr"))):
        box.getparent().remove(box)


def dashed_line(planted: Planted) -> None:
    for edge in planted.document.element.body.iter(qn("w:bottom")):
        if edge.getparent().tag == qn("w:pBdr"):
            edge.set(qn("w:val"), "dashed")


def theme_font(planted: Planted) -> None:
    """As Word does with a paragraph pasted from elsewhere."""
    properties = planted.of("text").runs[0]._r.get_or_add_rPr()
    fonts = OxmlElement("w:rFonts")
    fonts.set(qn("w:asciiTheme"), "minorHAnsi")
    fonts.set(qn("w:hAnsiTheme"), "minorHAnsi")
    properties.insert(0, fonts)


def swapped(planted: Planted) -> None:
    """The title stands left, the bodies right."""
    row = planted.document.tables[0].rows[0]._tr
    row.append(row.findall(qn("w:tc"))[0])


def without_table(planted: Planted) -> None:
    """Receivers go, the signature stays."""
    cell = planted.document.tables[1].rows[0].cells[0]
    for paragraph in cell.paragraphs[1:]:
        paragraph._p.getparent().remove(paragraph._p)
    cell.paragraphs[0].runs[0].text = ""


def date_at_end(planted: Planted) -> None:
    said = planted.of("date").text
    planted.remove("date")
    line = planted.document.add_paragraph(said)
    line.runs[0].italic = True


def of_page(planted: Planted) -> Any:
    """The paragraph with the number of the page."""
    return planted.document.sections[0].header.paragraphs[0]


def number_at_right(planted: Planted) -> None:
    of_page(planted).alignment = ALIGN.RIGHT


def small_number(planted: Planted) -> None:
    for run in of_page(planted).runs:
        run.font.size = Pt(11)


def without(*parts: Part) -> Spoil:
    def spoil(planted: Planted) -> None:
        for part in parts:
            planted.remove(part)

    return spoil


def no_room(planted: Planted) -> None:
    """Nothing between post and name."""
    for paragraph in planted.document.tables[1].rows[0].cells[1].paragraphs:
        if not paragraph.text:
            paragraph._p.getparent().remove(paragraph._p)


def colour(planted: Planted) -> None:
    planted.of("text").runs[0].font.color.rgb = RGBColor(0, 0, 0xC0)


def tab(planted: Planted) -> None:
    planted.say("text", f"\t{LONG}")


FAULTS: tuple[tuple[str, Profile, str, Spoil], ...] = (
    ("khổ Letter", HD05, "kho-giay", lambda p: section(p, page_width=Mm(216), page_height=Mm(279))),
    ("lề trái 25", HD05, "le-trang", lambda p: section(p, left_margin=Mm(25))),
    ("lề trên 25 của nd30 ở hd05", HD05, "le-trang", lambda p: section(p, top_margin=Mm(25))),
    ("lề phải 25", ND30, "le-trang", lambda p: section(p, right_margin=Mm(25))),
    (
        "không số trang",
        HD05,
        "so-trang",
        lambda p: of_page(p).clear(),
    ),
    (
        "trang đầu có số",
        HD05,
        "so-trang-dau",
        lambda p: section(p, different_first_page_header_footer=False),
    ),
    ("số trang ở dưới", HD05, "so-trang-giua", lambda p: number_of_page(p, "footer")),
    (
        "số trang bên phải",
        ND30,
        "so-trang-giua",
        number_at_right,
    ),
    (
        "số trang cỡ 11",
        HD05,
        "so-trang-co-chu",
        small_number,
    ),
    (
        "số trang cách mép 12,7",
        HD05,
        "so-trang-mep",
        lambda p: section(p, header_distance=Mm(12.7)),
    ),
    ("thiếu tiêu đề", HD05, "tieu-de", lambda p: p.remove("title")),
    ("tiêu đề bên trái", HD05, "tieu-de-ben-phai", swapped),
    ("thiếu tiêu ngữ", ND30, "tieu-ngu", lambda p: p.remove("motto")),
    ("tiêu ngữ sai dấu nối", ND30, "tieu-ngu", lambda p: p.say("motto", "Độc lập Tự do Hạnh phúc")),
    ("không kẻ dưới tiêu đề", HD05, "duong-ke", without_line),
    ("kẻ nét đứt", HD05, "duong-ke", dashed_line),
    ("thiếu dấu sao", HD05, "dau-sao", lambda p: p.remove("star")),
    ("thiếu số", HD05, "co-so", lambda p: p.remove("number")),
    ("số có hai chấm", HD05, "so-ky-hieu", lambda p: p.say("number", "Số: 05-BC/VPTU")),
    ("số kiểu Nhà nước", HD36, "so-ky-hieu", lambda p: p.say("number", "Số 05/BC-VPTU")),
    ("số không hai chấm", ND30, "so-ky-hieu", lambda p: p.say("number", "Số 05/BC-VPTU")),
    ("số 5", HD05, "so-ky-hieu", lambda p: p.say("number", "Số 5-BC/VPTU")),
    ("số cách gạch", HD05, "so-ky-hieu", lambda p: p.say("number", "Số 05 - BC/VPTU")),
    ("thiếu ngày", HD05, "co-ngay", lambda p: p.remove("date")),
    ("ngày ở cuối", HD05, "cho-ngay", date_at_end),
    ("ngày 5", HD05, "dang-ngay", lambda p: p.say("date", "Hòa Mẫu, ngày 5 tháng 01 năm 2026")),
    ("tháng 1", HD05, "dang-ngay", lambda p: p.say("date", "Hòa Mẫu, ngày 05 tháng 1 năm 2026")),
    ("tháng 04", HD05, "dang-ngay", lambda p: p.say("date", "Hòa Mẫu, ngày 05 tháng 04 năm 2026")),
    ("ngày gạch chéo", HD05, "dang-ngay", lambda p: p.say("date", "Hòa Mẫu, 05/01/2026")),
    ("ngày 31/4", ND30, "dang-ngay", lambda p: p.say("date", "Hòa Mẫu, ngày 31 tháng 4 năm 2026")),
    ("thiếu địa danh", HD05, "dang-ngay", lambda p: p.say("date", "ngày 05 tháng 01 năm 2026")),
    ("thiếu gạch dưới trích yếu", HD05, "duoi-trich-yeu", lambda p: p.remove("dashes")),
    ("tiêu đề cỡ 14", HD05, "co-chu", lambda p: look(p, "title", size=Pt(14))),
    ("nội dung cỡ 13", HD05, "co-chu", lambda p: look(p, "text", size=Pt(13))),
    ("nội dung cỡ 15", ND30, "co-chu", lambda p: look(p, "text", size=Pt(15))),
    ("nơi nhận cỡ 11 ở văn bản Đảng", HD05, "co-chu", lambda p: look(p, "receivers", size=Pt(11))),
    ("tiêu đề không đậm", HD05, "dam", lambda p: look(p, "title", bold=False)),
    ("chức vụ đậm", HD05, "dam", lambda p: look(p, "post", bold=True)),
    ("chức vụ không đậm", ND30, "dam", lambda p: look(p, "post", bold=False)),
    ("cấp trên đậm", HD05, "dam", lambda p: look(p, "superior", bold=True)),
    ("ngày không nghiêng", HD05, "nghieng", lambda p: look(p, "date", italic=False)),
    ("nơi nhận không nghiêng", ND30, "nghieng", lambda p: look(p, "receivers_head", italic=False)),
    (
        "nơi nhận không gạch",
        HD05,
        "gach-chan",
        lambda p: look(p, "receivers_head", underline=False),
    ),
    ("tiêu đề chữ thường", HD05, "hoa-thuong", lambda p: p.say("title", "Đảng Cộng sản Việt Nam")),
    ("tên loại chữ thường", HD05, "hoa-thuong", lambda p: p.say("kind", "Báo cáo")),
    (
        "trích yếu in hoa",
        HD05,
        "hoa-thuong",
        lambda p: p.say("excerpt", p.of("excerpt").text.upper()),
    ),
    ("họ tên in hoa", HD05, "hoa-thuong", lambda p: p.say("name", "ĐINH VĂN CHÁNH")),
    ("mục chữ thường", HD05, "hoa-thuong", lambda p: p.say("section", "I- Tình hình thực hiện")),
    ("nội dung căn trái", HD05, "can-le", lambda p: shape(p, "text", alignment=ALIGN.LEFT)),
    ("tên loại căn trái", HD05, "can-le", lambda p: shape(p, "kind", alignment=ALIGN.LEFT)),
    ("không thụt dòng", HD05, "thut-dong", lambda p: shape(p, "text", first_line_indent=Mm(0))),
    ("thụt 12,7", HD05, "thut-dong", lambda p: shape(p, "text", first_line_indent=Mm(12.7))),
    ("đoạn sát nhau", HD05, "cach-doan", lambda p: shape(p, "text", space_before=Pt(0))),
    ("giãn dòng đơn", HD05, "gian-dong", lambda p: shape(p, "text", line_spacing=1.0)),
    ("giãn 25 pt", HD05, "gian-dong", lambda p: shape(p, "text", line_spacing=Pt(25))),
    ("giãn 2 dòng", ND30, "gian-dong", lambda p: shape(p, "text", line_spacing=2.0)),
    ("mục I.", HD05, "so-muc", lambda p: p.say("section", "I. TÌNH HÌNH THỰC HIỆN")),
    ("mục I-", ND30, "so-muc", lambda p: p.say("section", "I- TÌNH HÌNH THỰC HIỆN")),
    ("điểm 1)", HD05, "so-muc", lambda p: p.say("point", "1) Phân công")),
    ("ý a.", HD05, "so-muc", lambda p: p.say("text", "a. Số được phân công là 9 xã.", 1)),
    ("nhảy mục", HD05, "thu-tu-muc", lambda p: p.say("section", "III- KIẾN NGHỊ CỦA CƠ SỞ", 1)),
    ("phông Arial", HD05, "phong-chu", lambda p: look(p, "text", name="Arial")),
    ("phông theo giao diện", HD05, "phong-chu", theme_font),
    ("chữ xanh", HD05, "mau-chu", colour),
    ("phông .VnTime", HD05, "ma-cu", lambda p: look(p, "text", name=".VnTime")),
    ("phông VNI", HD05, "ma-cu", lambda p: look(p, "text", name="VNI-Times")),
    ("chữ VNI", HD05, "ma-cu", lambda p: p.say("text", VNI)),
    ("chữ TCVN3", HD05, "ma-cu", lambda p: p.say("text", TCVN3)),
    (
        "Unicode tổ hợp",
        HD05,
        "to-hop",
        lambda p: p.say("text", unicodedata.normalize("NFD", LONG)),
    ),
    ("chữ Ð", HD05, "chu-d", lambda p: p.say("text", LONG.replace("02-QĐ", "02-QÐ"))),
    ("hai dấu cách", HD05, "hai-dau-cach", lambda p: p.say("text", LONG.replace(" quý", "  quý"))),
    ("cách trước dấu phẩy", HD05, "dau-cau", lambda p: p.say("text", LONG.replace(",", " ,", 1))),
    ("liền sau dấu phẩy", HD05, "dau-cau", lambda p: p.say("text", LONG.replace(", t", ",t"))),
    ("thụt bằng Tab", HD05, "thut-bang-tab", tab),
    ("thụt bằng dấu cách", HD05, "thut-bang-tab", lambda p: p.say("text", f"     {LONG}")),
    ("88.0%", HD05, "so-thap-phan", lambda p: p.say("text", LONG.replace("88,0", "88.0"))),
    ("02 - QĐ/TU", HD05, "ky-hieu-dan", lambda p: p.say("text", LONG.replace("-QĐ", " - QĐ"))),
    ("02/QĐ-TU", HD05, "ky-hieu-dan", lambda p: p.say("text", LONG.replace("02-QĐ/", "02/QĐ-"))),
    ("kết thúc ./.", HD05, "ket-thuc", lambda p: p.say("text", "Xin báo cáo Ban Thường vụ./.", -1)),
    ("thiếu chấm cuối", HD36, "ket-thuc", lambda p: p.say("text", "Xin báo cáo Ban Thường vụ", -1)),
    ("thiếu nơi nhận", HD05, "co-noi-nhan", without_table),
    (
        "phẩy ở nơi nhận hd05",
        HD05,
        "noi-nhan",
        lambda p: p.say("receivers", "- Thường trực Tỉnh ủy,"),
    ),
    (
        "chấm phẩy ở nơi nhận hd36",
        HD36,
        "noi-nhan",
        lambda p: p.say("receivers", "- Thường trực Tỉnh ủy;"),
    ),
    ("thiếu nơi lưu", HD05, "noi-luu", lambda p: p.say("receivers", "- Văn phòng Tỉnh ủy.", -1)),
    ("TL. ở văn bản Đảng", HD05, "quyen-han", lambda p: p.say("authority", "TL. BAN THƯỜNG VỤ")),
    ("TM. ở văn bản Đảng", HD36, "quyen-han", lambda p: p.say("authority", "TM. BAN THƯỜNG VỤ")),
    ("K/T ở nd30", ND30, "quyen-han", lambda p: p.say("authority", "K/T TRƯỞNG BAN")),
    ("thiếu chức vụ", HD05, "de-ky", lambda p: p.remove("post")),
    ("thiếu cơ quan", HD05, "co-quan", without("superior", "body")),
    ("thiếu tên loại", HD05, "ten-loai", without("kind", "excerpt", "dashes", "to")),
    ("thiếu trích yếu", ND30, "trich-yeu", without("excerpt")),
    ("không chừa chỗ ký", HD05, "cho-ky", no_room),
)


@pytest.mark.parametrize(
    ("profile", "rule", "spoil"),
    [fault[1:] for fault in FAULTS],
    ids=[f"{fault[1].name} {fault[0]}" for fault in FAULTS],
)
def test_a_planted_fault_is_found_and_nothing_else(
    profile: Profile, rule: str, spoil: Spoil
) -> None:
    planted = Planted(profile)
    spoil(planted)
    assert planted.rules() == [rule]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_nothing_is_said_of_the_unspoilt_paper(profile: Profile) -> None:
    assert Planted(profile).rules() == []


def test_a_paper_of_the_state_is_told_from_one_of_the_party() -> None:
    planted = Planted(ND30)
    planted.profile = HD05
    found = planted.rules()
    wanted = {"tieu-de", "tieu-de-khac", "tieu-ngu", "dau-sao", "so-ky-hieu", "so-muc", "quyen-han"}
    assert wanted <= set(found)


def test_every_rule_has_its_own_id_and_most_are_planted() -> None:
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)
    assert {fault[2] for fault in FAULTS} <= set(ids)
    assert set(ids) - {fault[2] for fault in FAULTS} == {"tieu-de-khac"}  # in the test above


@pytest.mark.parametrize(
    "said",
    [
        "Hoàn toàn nhất quán với quy hoạch, quà tết và luân chuyển cán bộ năm 2026.",
        "T10 88% · T11 46% · T12 50%: xem lại kế hoạch tuần.",
        "Số được phân công 1.246; đạt 46,6% (581/1.246), quý trước 1.198.",
        "Theo Nghị định 30/2020/NĐ-CP và Quy định 02-QĐ/TU, 33-CT/TW, nhiệm kỳ 2021-2026.",
        "Gặp lúc 17:30 ngày 03/11/2026 tại nhà văn hóa; tỷ lệ 3/5, 0,5 ha… còn lại bàn sau.",
    ],
)
def test_what_is_rightly_written_is_left_alone(said: str) -> None:
    for profile in PROFILES.values():
        planted = Planted(profile)
        planted.say("text", said)
        assert planted.rules() == []


def test_the_guide_lists_every_rule() -> None:
    page = (ROOT / "docs" / "the-thuc.md").read_text("utf-8")
    assert [f"| `{one.id}` | {one.sentence} |" for one in RULES] == [
        line for line in page.splitlines() if line.startswith("| `")
    ]
