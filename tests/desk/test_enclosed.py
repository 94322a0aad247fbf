"""Names of files from outside, as whoever gets them sees them."""

import pytest

from bot.desk.enclosed import enclosing, name_for
from bot.messages import Outgoing
from storage.tables import Attachment
from tests.cast import NOW


@pytest.mark.parametrize(
    ("given", "ending", "shown"),
    [
        ("Dự thảo nghị quyết.docx", ".docx", "Dự thảo nghị quyết.docx"),
        ("du_toan.XLSX", ".xlsx", "du_toan.xlsx"),
        ("Công văn số 12.CV", ".pdf", "Công văn số 12.CV.pdf"),
        ("phieu.exe", ".pdf", "phieu.exe.pdf"),
        ("anh.jpeg", ".jpg", "anh.jpg"),
        ("../../etc/passwd", ".pdf", "passwd.pdf"),
        ("C:\\Tài liệu\\họp.docx", ".docx", "họp.docx"),
        ("bao\u202ecod.exe", ".docx", "baocod.exe.docx"),
        ('a"b\r\nX: y<z>.pdf', ".pdf", "a bX y z.pdf"),
        ("  .  .pdf", ".pdf", ""),
        ("", ".jpg", ""),
    ],
)
def test_a_name_is_kept_where_it_can_be(given: str, ending: str, shown: str) -> None:
    assert name_for(given, ending) == shown


def test_a_long_name_keeps_its_ending() -> None:
    assert name_for(f"{'ấ' * 300}.docx", ".docx") == f"{'ấ' * 80}.docx"


def test_files_go_out_under_their_senders_names_and_photos_under_the_code() -> None:
    sent = [_sent("aa/aa11.docx", "Dự thảo.docx"), _sent("bb/bb22.jpg", "")]
    said = enclosing(Outgoing("VB-41"), sent, "VB-41")
    assert said.files == ("aa/aa11.docx", "bb/bb22.jpg")
    assert [said.name_of(path) for path in said.files] == ["Dự thảo.docx", "VB-41-2.jpg"]
    assert Outgoing.from_json(said.to_json()).name_of("aa/aa11.docx") == "Dự thảo.docx"


def _sent(path: str, name: str) -> Attachment:
    return Attachment(
        bot="telegram:1", reference=path, kind="document", path=path, name=name, wanted_at=NOW
    )
