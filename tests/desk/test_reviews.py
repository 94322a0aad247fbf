"""The sheet on a cadre's year: figures are the log's, words are others', the answer is his own."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlmodel import select

from bot import files
from bot.conversation import step as steps
from bot.desk.contract import Start
from bot.desk.sent_files import may_have
from bot.forms import FORMS
from bot.layout.checking import check
from bot.layout.profiles import PROFILES
from bot.messages import Outgoing, Rejected
from bot.rules.zone import moment
from storage import reviews
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Case, Criterion, ReviewComment, Score, Visit
from tests.cast import cast
from tests.desk.saying import Desk


@pytest.fixture
def engine() -> str:
    """Nothing here differs between databases."""
    return "sqlite"


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> Iterator[Desk]:
    files.use(tmp_path)
    with db.writing() as session:
        desk = Desk(session, cast(session))
        for number in range(1, 8):
            on = date(2026, number, 10)
            entered = moment(on, desk.at.time().replace(hour=3))
            session.add(
                Visit(
                    number=number,
                    person_id=desk.cast["CB001"],
                    area_id=desk.cast.area["HOAMAU" if number % 2 else "TANMAU"],
                    visited_on=on,
                    activity="thon",
                    situation="Ổn định",
                    written_by_id=desk.cast["CB001"],
                    begun_at=entered,
                    submitted_at=entered,
                )
            )
        session.flush()
        yield desk
    files.use(Path("files"))


def writes(desk: Desk, who: str, about: str, text: str) -> list[Outgoing]:
    answers: dict[str, Any] = {"_person": desk.cast[about], "_year": 2026, "text": text}
    draft = steps.start(FORMS["review"], answers, at=desk.at, inbox_id=None)
    said: list[Outgoing] = FORMS["review"].file(desk.session, desk.viewer(who), draft, desk.at)
    return desk.keep(said)


def sheet(desk: Desk, who: str, about: str = "CB001") -> str:
    return desk.words(who, f"/phieunhanxet {desk.cast[about]} 2026")


def test_the_figures_are_those_of_the_log(desk: Desk) -> None:
    text = desk.words("CB001", "phiếu nhận xét")
    counted = len(desk.session.exec(select(Visit)).all())
    raised = len(desk.session.exec(select(Case)).all())
    assert f"Phiếu đi cơ sở: {counted}" in text
    assert f"Kiến nghị mới: {raised}" in text or "Kiến nghị mới" not in text
    assert "Đã ghi nhận: 7" in text
    for who in ("UV01", "TC01"):
        shared = text.split("\n")[1:-1]
        assert [line for line in shared if line not in sheet(desk, who)] == []


def test_communes_and_superiors_comment_and_the_cadre_answers(desk: Desk) -> None:
    assert writes(desk, "XA01", "CB001", "Sâu sát")[0].text == "Đã ghi vào phiếu nhận xét."
    assert desk.heard("CB001") == ["Phiếu nhận xét năm 2026 của đồng chí có nhận xét mới."]
    writes(desk, "UV01", "CB001", "Nên đi đều hơn")
    writes(desk, "CB001", "CB001", "Xin tiếp thu")
    found = reviews.of_year(desk.session, SYSTEM, desk.cast["CB001"], 2026)
    assert [one.role for one in found] == ["xa", "cap_tren", "tra_loi"]
    for who in ("CB001", "UV01", "TC01"):
        text = sheet(desk, who)
        assert all(words in text for words in ("Sâu sát", "Nên đi đều hơn", "Xin tiếp thu")), who
    own = sheet(desk, "XA01")
    assert "Sâu sát" in own
    assert "Nên đi đều hơn" not in own
    assert "Đã ghi nhận" not in own


def test_nobody_comments_on_himself_and_outsiders_see_nothing(desk: Desk) -> None:
    row = ReviewComment(
        person_id=desk.cast["CB001"],
        year=2026,
        author_id=desk.cast["CB001"],
        role=reviews.SUPERIOR,
        text="Tốt",
        at=desk.at,
    )
    with pytest.raises(ValueError, match="himself"):
        reviews.add(desk.session, row, desk.at)
    for who in ("CB099", "CB002", "QT01"):
        assert "Không có phiếu nhận xét" in sheet(desk, who)
        with pytest.raises(Rejected):
            writes(desk, who, "CB001", "Không được")
    assert desk.words("CB099", "phiếu nhận xét").startswith("Phiếu nhận xét dành cho")


def test_a_commune_with_one_cadre_is_asked_for_its_words_at_once(desk: Desk) -> None:
    assert desk.says("XA01", "phiếu nhận xét") == []
    [start] = desk.started
    assert start.answers.keys() >= {"_person", "_year", "_direct"}
    writes(desk, "XA01", "CB001", "Sâu sát")
    assert "Sâu sát" in desk.words("XA01", "phiếu nhận xét")


def test_the_list_leads_to_the_slip_and_the_file_belongs_to_who_asked(desk: Desk) -> None:
    [listed] = desk.says("UV01", "phiếu nhận xét")
    [option, *_] = [option for row in listed.rows for option in row]
    assert option.label == "Nguyễn Văn Mẫu"
    desk.presses("UV01", f"{option.token} ghi")
    assert desk.started == [Start("review", {"_person": desk.cast["CB001"], "_year": 2026})]
    writes(desk, "UV01", "CB001", "=1+1")
    [said] = desk.presses("UV01", f"{option.token} tep")
    [path] = said.files
    book = load_workbook(io.BytesIO(files.place(path).read_bytes()))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    assert "Đã ghi nhận" in [cell.value for cell in cells]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    assert may_have(desk.session, desk.viewer("UV01"), path, desk.at)
    assert not may_have(desk.session, desk.viewer("XA01"), path, desk.at)
    assert desk.words("XA01", f"/{option.token} tep") == "Xã xem nhận xét của mình tại đây."


def test_the_sheet_is_printed_with_the_words_under_their_headings(desk: Desk) -> None:
    writes(desk, "XA01", "CB001", "Sâu sát")
    writes(desk, "UV01", "CB001", "Nên đi đều hơn")
    token = f"phieunhanxet {desk.cast['CB001']} 2026 in"
    said = [desk.presses("UV01", token)[0], desk.presses("UV01", token)[0]]
    assert said[0].files == said[1].files
    content = files.place(said[0].files[0]).read_bytes()
    assert check(content, PROFILES["hd05"]) == []
    document = Document(io.BytesIO(content))
    texts = [line.text for line in document.paragraphs]
    assert "PHIẾU NHẬN XÉT" in texts
    assert "Đã ghi nhận: 7." in texts
    headings = [
        "II- NHẬN XÉT CỦA XÃ, PHƯỜNG",
        "III- NHẬN XÉT CỦA CẤP TRÊN",
        "IV- Ý KIẾN CỦA CÁN BỘ",
    ]
    places = [texts.index(one) for one in headings]
    assert "Sâu sát" in texts[places[0] + 1]
    assert "Phạm Văn Ví" in texts[places[1] + 1]
    assert texts[places[2] + 1] == "Chưa ghi."
    assert desk.words("XA01", f"/{token}") == "Xã xem nhận xét của mình tại đây."
    assert may_have(desk.session, desk.viewer("UV01"), said[0].files[0], desk.at)
    assert not may_have(desk.session, desk.viewer("CB001"), said[0].files[0], desk.at)


def test_points_are_printed_for_the_person_and_the_board_alone(desk: Desk) -> None:
    begun = date(2026, 1, 1)
    for place, (code, most, points) in enumerate((("TT", 60, 55), ("KQ", 40, 38))):
        desk.session.add(
            Criterion(
                set_code="100",
                code=code,
                from_date=begun,
                name=f"Tiêu chí {code}",
                staff="ca_hai",
                most=most,
                place=place,
            )
        )
        desk.session.add(
            Score(
                person_id=desk.cast["CB001"],
                set_code="100",
                criterion=code,
                year=2026,
                staff="lanh_dao",
                points=points,
            )
        )
    desk.session.flush()
    printed = {}
    for who in ("CB001", "TC01", "UV01"):
        [said] = desk.presses(who, f"phieunhanxet {desk.cast['CB001']} 2026 in")
        document = Document(io.BytesIO(files.place(said.files[0]).read_bytes()))
        printed[who] = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    assert printed["CB001"] == printed["TC01"]
    assert printed["CB001"][1:] == [
        ["Tiêu chí TT", "60", "55"],
        ["Tiêu chí KQ", "40", "38"],
        ["Cộng", "100", "93"],
    ]
    assert "Tiêu chí TT" not in str(printed["UV01"])
