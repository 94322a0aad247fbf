"""Whatever a clerk gives to be checked is judged, or refused in a sentence."""

import contextlib
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml
from docx.shared import Mm
from PIL import Image

from bot.layout.checking import check, said
from bot.layout.profiles import HD05
from bot.layout.reading import NotAPaper
from tests.layout.samples import LONG, right

WORDS = "Đoạn chữ riêng của văn thư."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def saved(document: Any) -> bytes:
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def paper() -> Any:
    return Document(io.BytesIO(right("hd05")))


def inside(xml: str) -> Any:
    """A paragraph that holds this."""
    spaces = (
        f"{nsdecls('w', 'wp', 'a', 'r')} xmlns:v='urn:schemas-microsoft-com:vml' "
        "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' "
        "xmlns:wps='http://schemas.microsoft.com/office/word/2010/wordprocessingShape'"
    )
    return parse_xml(f"<w:p {spaces}>{xml}</w:p>")


def with_paragraph(xml: str) -> bytes:
    document = paper()
    document.element.body.insert(12, inside(xml))
    return saved(document)


def tables_in_tables() -> bytes:
    document = paper()
    table = document.add_table(3, 4)
    table.cell(0, 0).merge(table.cell(1, 1)).text = WORDS
    table.cell(2, 3).add_table(2, 2).cell(0, 0).text = WORDS
    return saved(document)


def picture() -> bytes:
    document, kept = paper(), io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(kept, "PNG")
    document.add_picture(io.BytesIO(kept.getvalue()), width=Mm(30))
    return saved(document)


def text_box() -> bytes:
    said = f"<w:txbxContent><w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p></w:txbxContent>"
    drawn = f"<v:shape><v:textbox>{said}</v:textbox></v:shape>"
    return with_paragraph(f"<w:r><w:pict>{drawn}</w:pict></w:r>")


def tracked() -> bytes:
    by = "w:id='7' w:author='Văn thư' w:date='2026-11-20T08:00:00Z'"
    return with_paragraph(
        f"<w:ins {by}><w:r><w:t>{WORDS}</w:t></w:r></w:ins>"
        f"<w:del {by}><w:r><w:delText>{LONG}</w:delText></w:r></w:del>"
    )


def fields_and_notes() -> bytes:
    return with_paragraph(
        "<w:fldSimple w:instr='DATE'><w:r><w:t>22/11/2026</w:t></w:r></w:fldSimple>"
        "<w:hyperlink w:anchor='x'><w:r><w:t>đường dẫn</w:t></w:r></w:hyperlink>"
        "<w:sdt><w:sdtContent><w:r><w:t>ô điền</w:t></w:r></w:sdtContent></w:sdt>"
    )


def nothing() -> bytes:
    document: Any = Document()
    for element in list(document.element.body):
        if element.tag != qn("w:sectPr"):
            document.element.body.remove(element)
    return saved(document)


def without_part(name: str) -> bytes:
    """The same file with a part of it lost, though others speak of it."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(right("hd05"))) as old, zipfile.ZipFile(kept, "w") as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
    return kept.getvalue()


def other_office(part: str) -> bytes:
    """What another program keeps in a ZIP: an .odt, an .xlsx under another name."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        archive.writestr(part, "application/vnd.oasis.opendocument.text")
    return kept.getvalue()


def bad_xml() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(right("hd05"))) as old, zipfile.ZipFile(kept, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            cut = entry.filename == "word/document.xml"
            new.writestr(entry, content[: len(content) // 2] if cut else content)
    return kept.getvalue()


def encrypted() -> bytes:
    """As Word puts a password on a .docx: an OLE file with the package inside."""
    return OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(2048)


JUDGED = (tables_in_tables, picture, text_box, tracked, fields_and_notes, nothing)
REFUSED: tuple[tuple[str, Callable[[], bytes], str], ...] = (
    ("trống", lambda: b"", "Tệp trống"),
    (".doc đổi tên", lambda: OLE + bytes(2048), "lưu lại thành .docx"),
    ("có mật khẩu", encrypted, "mật khẩu"),
    ("zip hỏng", lambda: right("hd05")[:4000], "hỏng"),
    ("zip không phải Word", lambda: other_office("xl/workbook.xml"), "không phải Word"),
    (".odt đổi tên", lambda: other_office("mimetype"), "không phải Word"),
    ("mất phần chính", lambda: without_part("word/document.xml"), "không phải Word|hỏng"),
    ("chữ cụt giữa chừng", bad_xml, "hỏng"),
    ("chữ thường", lambda: "Kính gửi".encode(), "không phải Word"),
    ("ảnh", lambda: b"\xff\xd8\xff\xe0" + bytes(64), "không phải Word"),
)


@pytest.mark.parametrize("made", JUDGED, ids=lambda made: made.__name__)
def test_what_word_can_hold_is_judged(made: Callable[[], bytes]) -> None:
    found = check(made(), HD05)
    assert said(found, HD05)


def test_what_was_deleted_with_changes_tracked_is_not_read() -> None:
    assert not any(LONG[:30] in one.words for one in check(tracked(), HD05))


@pytest.mark.parametrize(("name", "made", "why"), REFUSED, ids=[one[0] for one in REFUSED])
def test_what_is_no_word_file_is_refused_with_the_reason(
    name: str, made: Callable[[], bytes], why: str
) -> None:
    with pytest.raises(NotAPaper, match=why):
        check(made(), HD05)


@pytest.mark.parametrize("part", ["word/styles.xml", "word/settings.xml", "word/numbering.xml"])
def test_a_file_that_lost_a_part_is_judged_or_refused(part: str) -> None:
    with contextlib.suppress(NotAPaper):
        assert said(check(without_part(part), HD05), HD05)
