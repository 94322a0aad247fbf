"""Papers made differently are judged the same: by styles, by tabs and lists, by LibreOffice."""

import copy
import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Mm, Pt

from bot.layout.checking import check
from bot.layout.profiles import HD05, PROFILES
from bot.layout.reading import NotAPaper
from tests.layout.samples import LONG, Planted, right
from tests.layout.test_faults import FAULTS

SECONDS = 180
OFFICE = shutil.which("soffice")
TO_CONVERT = FAULTS[::6]


def rules(content: bytes, profile: str) -> list[str]:
    found = check(content, PROFILES[profile])
    return list(dict.fromkeys(one.rule for one in found))


def by_styles_only(content: bytes) -> bytes:
    """The same paper, every look in a style, the fonts in the defaults of the document."""
    document: Any = Document(io.BytesIO(content))
    styles: dict[str, str] = {}
    for paragraph in document.element.body.iter(qn("w:p")):
        shape, run = paragraph.find(qn("w:pPr")), paragraph.find(qn("w:r"))
        look = run.find(qn("w:rPr")) if run is not None else None
        parts = [part for part in (shape, look) if part is not None]
        key = "".join(part.xml for part in parts)
        if key not in styles:
            styles[key] = f"Thanh phan {len(styles)}"
            style = document.styles.add_style(styles[key], WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = document.styles["Normal"]
            for part in parts:
                style.element.append(copy.deepcopy(part))
        for part in parts:
            part.getparent().remove(part)
        given = parse_xml(f"<w:pPr {nsdecls('w')}><w:pStyle w:val=''/></w:pPr>")
        style_id = document.styles[styles[key]].style_id
        given.find(qn("w:pStyle")).set(qn("w:val"), style_id)
        paragraph.insert(0, given)
    fonts = document.styles["Normal"].element.rPr.rFonts
    defaults = document.styles.element.find(qn("w:docDefaults"))
    general = defaults.find(qn("w:rPrDefault")).find(qn("w:rPr"))
    general.remove(general.find(qn("w:rFonts")))
    general.insert(0, fonts)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


@pytest.mark.parametrize("profile", PROFILES)
def test_a_paper_whose_looks_stand_in_styles_is_right_as_well(profile: str) -> None:
    assert rules(by_styles_only(right(profile)), profile) == []


@pytest.mark.parametrize("name", ["tiêu đề không đậm", "nội dung cỡ 13", "giãn dòng đơn"])
def test_faults_are_found_in_styles(name: str) -> None:
    profile, rule, spoil = next(fault[1:] for fault in FAULTS if fault[0] == name)
    planted = Planted(profile)
    spoil(planted)
    assert rules(by_styles_only(planted.bytes()), profile.name) == [rule]


Look = dict[str, Any]


def beside(document: Any, left: tuple[str, Look], opposite: tuple[str, Look]) -> Any:
    """Two texts side by side by tabs in the middle of each half."""
    line = document.add_paragraph()
    for stop in (34, 117):
        line.paragraph_format.tab_stops.add_tab_stop(Mm(stop), WD_TAB_ALIGNMENT.CENTER)
    for text, look in (left, opposite):
        run = line.add_run(f"\t{text}")
        for name, value in look.items():
            setattr(run.font, name, value)
    return line


def typed_by_a_clerk() -> Any:
    """Without a table: tabs, a drawn line, Word's own numbers, soft line breaks."""
    document: Any = Document(io.BytesIO(right("hd05")))
    body = document.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    bold, plain = {"bold": True, "size": Pt(14)}, {"size": Pt(14)}
    big, slanted = {"bold": True, "size": Pt(15)}, {"italic": True, "size": Pt(14)}
    title = beside(document, ("TỈNH ỦY MẪU", plain), ("ĐẢNG CỘNG SẢN VIỆT NAM", big))
    drawn = "<w:pict><v:line from='0,0' to='200pt,0' style='position:absolute'/></w:pict>"
    spaces = f"{nsdecls('w')} xmlns:v='urn:schemas-microsoft-com:vml'"
    title._p.append(parse_xml(f"<w:r {spaces}>{drawn}</w:r>"))
    dated = "Hòa Mẫu, ngày 05 tháng 4 năm 2026"
    beside(document, ("VĂN PHÒNG", bold), (dated, slanted))
    for text in ("\t*", "\tSố 12-BC/VPTU"):
        line = document.add_paragraph(text)
        line.paragraph_format.tab_stops.add_tab_stop(Mm(34), WD_TAB_ALIGNMENT.CENTER)
        line.alignment = ALIGN.CENTER if "*" in text else ALIGN.LEFT
    head = document.add_paragraph()
    head.alignment = ALIGN.CENTER
    kind = head.add_run("BÁO CÁO")
    kind.font.size, kind.bold = Pt(15), True
    kind.add_break()
    excerpt = head.add_run("kết quả theo dõi xã, phường")
    excerpt.font.size, excerpt.bold = Pt(14), True
    excerpt.add_break()
    head.add_run("-----")
    return document


def test_a_paper_typed_with_tabs_and_line_breaks_is_read_in_its_parts() -> None:
    document = typed_by_a_clerk()
    for text in (LONG, "Xin báo cáo Ban Thường vụ."):
        line = document.add_paragraph(text)
        line.alignment = ALIGN.JUSTIFY
        shape = line.paragraph_format
        shape.first_line_indent, shape.space_before, shape.line_spacing = Mm(10), Pt(6), Pt(20)
    underlined = {"underline": True, "size": Pt(14)}
    signing = beside(document, ("Nơi nhận:", underlined), ("CHÁNH VĂN PHÒNG", {"size": Pt(14)}))
    assert signing.text.count("\t") == 2
    for text in ("- Thường trực Tỉnh ủy;", "- Lưu Văn phòng."):
        document.add_paragraph().add_run(text).font.size = Pt(12)
    name = document.add_paragraph()
    name.paragraph_format.left_indent, name.paragraph_format.space_before = Mm(100), Pt(60)
    name.alignment = ALIGN.CENTER
    run = name.add_run("Đinh Văn Chánh")
    run.bold, run.font.size = True, Pt(14)
    kept = io.BytesIO()
    document.save(kept)
    # Tabs that push one text to a place are the only thing wrong with it.
    assert rules(kept.getvalue(), "hd05") == ["thut-bang-tab"]


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All papers opened and saved again by LibreOffice, in one go."""
    if OFFICE is None:
        pytest.skip("LibreOffice is not installed")
    folder: Path = tmp_path_factory.mktemp("office")
    for name in PROFILES:
        (folder / f"{name}.docx").write_bytes(right(name))
    for number, (_, profile, _, spoil) in enumerate(TO_CONVERT):
        planted = Planted(profile)
        spoil(planted)
        (folder / f"{number}.docx").write_bytes(planted.bytes())
    home = f"-env:UserInstallation=file://{folder / 'home'}"
    out = folder / "out"
    command = [OFFICE, home, "--headless", "--convert-to", "docx", "--outdir", str(out)]
    files = sorted(str(path) for path in folder.glob("*.docx"))
    subprocess.run([*command, *files], check=True, capture_output=True, timeout=SECONDS)
    return out


@pytest.mark.parametrize("profile", PROFILES)
def test_libreoffice_makes_no_fault_of_a_right_paper(converted: Path, profile: str) -> None:
    assert rules((converted / f"{profile}.docx").read_bytes(), profile) == []


@pytest.mark.parametrize(
    "number", range(len(TO_CONVERT)), ids=[f"{one[1].name} {one[0]}" for one in TO_CONVERT]
)
def test_libreoffice_hides_no_fault(converted: Path, number: int) -> None:
    _, profile, rule, _ = TO_CONVERT[number]
    assert rules((converted / f"{number}.docx").read_bytes(), profile.name) == [rule]


def test_numbers_that_word_puts_itself_are_read() -> None:
    planted = Planted(HD05)
    document = planted.document
    document.part.numbering_part.element.append(
        parse_xml(
            f"<w:abstractNum {nsdecls('w')} w:abstractNumId='77'><w:lvl w:ilvl='0'>"
            "<w:start w:val='1'/><w:numFmt w:val='upperRoman'/><w:lvlText w:val='%1.'/>"
            "</w:lvl></w:abstractNum>"
        )
    )
    document.part.numbering_part.element.append(
        parse_xml(f"<w:num {nsdecls('w')} w:numId='77'><w:abstractNumId w:val='77'/></w:num>")
    )
    heading = planted.of("section")
    heading.runs[0].text = "TÌNH HÌNH THỰC HIỆN"
    heading._p.get_or_add_pPr().insert(
        0,
        parse_xml(f"<w:numPr {nsdecls('w')}><w:ilvl w:val='0'/><w:numId w:val='77'/></w:numPr>"),
    )
    assert planted.rules() == ["so-muc"]


def test_what_is_no_word_file_is_refused_in_a_sentence() -> None:
    for content in (b"", b"PK\x03\x04 cut short", b"\xd0\xcf\x11\xe0 an old .doc"):
        with pytest.raises(NotAPaper, match="không phải Word"):
            check(content, HD05)


def test_a_letter_that_is_no_official_paper_is_judged_and_not_choked_on() -> None:
    document: Any = Document()
    document.add_paragraph("Chào bác, cháu gửi bác mấy tấm ảnh.")
    document.add_table(2, 3).cell(0, 1).text = "1.246"
    kept = io.BytesIO()
    document.save(kept)
    assert {"tieu-de", "co-so", "co-ngay", "co-noi-nhan"} <= set(rules(kept.getvalue(), "hd05"))
