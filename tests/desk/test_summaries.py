"""Summaries at the desk: who reads what, and the way from a figure to its entries."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlmodel import Session, col, select

from bot import files
from bot.conversation.form import Answer, Draft, Reading
from bot.desk import compliance, office, summaries
from bot.desk.contract import Code, Start, Words
from bot.forms import FORMS
from bot.messages import Incoming, Outgoing, Rejected
from bot.reports.figures import pack, unpack
from bot.reports.snapshots import Snapshot
from bot.reports.word import AREAS, SUBJECT
from bot.work.look import DatabaseLook
from bot.work.summarise import summarise
from bot.work.viewers import viewer_for
from storage.database import Database
from storage.settings import put
from storage.tables import Account, Case, Invitation, Report, ReportEvent, Role, Visit, metadata
from tests.reports.planted import Planted, plant
from tests.reports.test_digest import DIGEST

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 4, 9, tzinfo=ZONE).astimezone(UTC)
CLOSE = datetime(2026, 11, 3, 17, tzinfo=ZONE).astimezone(UTC)
NOUNS = {"rasoat": office, "duyet": office, "tinhhinh": compliance}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Planted]:
    """The planted month, closed by the clock and waiting for the office; made once."""
    path = tmp_path_factory.mktemp("planted") / "planted.db"
    database = Database(f"sqlite:///{path}")
    metadata.create_all(database.engine)
    with database.writing() as session:
        planted = plant(session)
        session.add(Role(person_id=planted.followers[20], role="co_so", area_id=planted.areas[0]))
    summarise(database, CLOSE)
    database.close()
    return path, planted


@pytest.fixture
def db(template: tuple[Path, Planted], tmp_path: Path) -> Iterator[Database]:
    """A copy of it for each test: the tables are the same on both databases, and tested there."""
    shutil.copyfile(template[0], tmp_path / "planted.db")
    database = Database(f"sqlite:///{tmp_path / 'planted.db'}")
    files.use(tmp_path)
    yield database
    files.use(Path("files"))
    database.close()


@pytest.fixture
def cast(template: tuple[Path, Planted]) -> Planted:
    """Ids of what was planted."""
    return template[1]


def asks(db: Database, person: int, token: str, at: datetime = NOW) -> list[Outgoing | Start]:
    """What the desk answers to this person."""
    command, _, rest = token.partition(" ")
    code = re.fullmatch(r"TH-(\d+)/(\d+)", command)
    asked = Words(Incoming(text=token), command, rest=rest)
    if code:
        found = Code("TH", int(code[1]), int(code[2]))
        asked = Words(Incoming(text=token), "", found, rest)
    with db.writing() as session:
        viewer = viewer_for(session, person, at.date())
        noun = NOUNS.get(command, summaries)
        said = noun.act(session, viewer, asked, at)
        return [one for one in said if isinstance(one, Start) or one.person_id is None]


def text(db: Database, person: int, token: str) -> str:
    [said] = asks(db, person, token)
    assert isinstance(said, Outgoing)
    return said.text


def buttons(said: Outgoing | Start) -> dict[str, str]:
    assert isinstance(said, Outgoing)
    return {option.label: option.token for row in said.rows for option in row}


def send(db: Database, cast: Planted) -> None:
    asks(db, cast.people["VP01"], "rasoat 2026-10 trinh")
    asks(db, cast.people["VP02"], "duyet 2026-10 gui")


def test_the_board_gets_no_figure_that_the_office_has_not_approved(
    db: Database, cast: Planted
) -> None:
    board = cast.people["TT01"]
    waiting = text(db, board, "tonghop tháng 10")
    assert "đang chờ Văn phòng rà soát" in waiting
    assert "117" not in waiting
    assert text(db, board, "tonghop") == "Chưa có bản tổng hợp nào được gửi."
    send(db, cast)
    assert text(db, board, "tonghop tháng 10") == DIGEST.replace(
        "Kính gửi đồng chí Phó Bí thư Thường trực\n", ""
    )


def test_a_period_asked_for_is_compiled_for_the_office_to_review(
    db: Database, cast: Planted
) -> None:
    board, clerk = cast.people["TT01"], cast.people["VP01"]
    assert "đang chờ Văn phòng" in text(db, board, "tonghop quý III")
    asks(db, clerk, "rasoat 2026-Q3 trinh")
    asks(db, cast.people["VP02"], "duyet 2026-Q3 gui")
    assert text(db, board, "tonghop quý III").startswith("TỔNG HỢP QUÝ III/2026")


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("tonghop", "TỔNG HỢP THÁNG 11/2026 (đến 04/11)"),
        ("tonghop tháng 9", "TỔNG HỢP THÁNG 9/2026"),
        ("tonghop 2026-10", "TỔNG HỢP THÁNG 10/2026"),
        ("tonghop quý 3/2026", "TỔNG HỢP QUÝ III/2026"),
        ("tonghop 6 tháng đầu năm 2026", "TỔNG HỢP 6 THÁNG ĐẦU NĂM 2026"),
        ("tonghop 9 tháng", "TỔNG HỢP 9 THÁNG NĂM 2026"),
        ("tonghop năm 2026", "TỔNG HỢP NĂM 2026 (đến 04/11)"),
        ("tonghop tháng trước", "TỔNG HỢP THÁNG 10/2026"),
        ("TH-10/2026", "TỔNG HỢP THÁNG 10/2026"),
        ("tonghop từ 5/9 đến 20/10", "TỔNG HỢP TỪ 05/9/2026 ĐẾN 20/10/2026"),
    ],
)
def test_any_period_may_be_asked_for_at_any_time(
    db: Database, cast: Planted, said: str, title: str
) -> None:
    answer = text(db, cast.people["VP01"], said)
    assert answer.split("\n")[0] == title
    assert "Văn phòng đã rà soát" not in answer


def test_a_period_that_lies_ahead_or_is_none_is_asked_again(db: Database, cast: Planted) -> None:
    with pytest.raises(Rejected, match="chưa bắt đầu"):
        asks(db, cast.people["VP01"], "tonghop tháng 12/2026")
    with pytest.raises(Rejected, match="Xin ghi kỳ"):
        asks(db, cast.people["VP01"], "tonghop hôm nao")


def test_a_member_reads_his_own_areas_at_any_time(db: Database, cast: Planted) -> None:
    own = text(db, cast.people["UV01"], "tonghop tháng 11")
    assert "ĐI CƠ SỞ: 0/13 địa bàn, 0,0%" in own
    closed = text(db, cast.people["UV01"], "tonghop tháng 10 tinh")
    assert closed == "Chưa có bản tổng hợp tháng 10/2026 của cả tỉnh được gửi."


def test_cadres_communes_and_strangers_get_no_figures(db: Database, cast: Planted) -> None:
    for person in (cast.followers[0], cast.followers[20], 99_999):
        for token in ("tonghop", "tonghop tháng 10", "chitiet 2026-10 visits", "quahan", "noilen"):
            assert text(db, person, token) == summaries.NOT_YOURS


def test_buttons_under_a_sent_digest(db: Database, cast: Planted) -> None:
    send(db, cast)
    [said] = asks(db, cast.people["TT01"], "tonghop tháng 10")
    assert isinstance(said, Outgoing)
    assert [[option.label for option in row] for row in said.rows] == [
        ["Cho ý kiến"],
        ["Nổi lên", "Quá hạn (7)"],
        ["Theo địa bàn", "Chưa ghi nhận (16)"],
        ["Word, phụ lục, biểu đồ"],
    ]
    assert all(len(token.encode()) <= 64 for token in buttons(said).values())


def test_what_is_overdue_says_the_longest_and_where_it_lies(db: Database, cast: Planted) -> None:
    send(db, cast)
    assert text(db, cast.people["TT01"], "tonghop 2026-10 tinh quahan") == (
        "7 kiến nghị quá hạn trả lời, tính đến 03/11\n"
        "Quá hạn lâu nhất: KN-272 Xã Mẫu 013, đề nghị tỉnh xem xét, 9 ngày làm việc\n"
        "Đang ở: Văn phòng 7"
    )


def test_drill_down_shows_as_many_entries_as_every_figure_says(db: Database, cast: Planted) -> None:
    send(db, cast)
    board = cast.people["TT01"]
    with db.reading() as session:
        report = session.exec(select(Report).where(Report.scope == "tinh")).one()
    snapshot = Snapshot.from_json(report.snapshot)
    shown = [one for one in snapshot.figures.values() if one.of in ("visit", "case", "exchange")]
    for figure in [one for one in shown if "@" not in one.name] + shown[-8:]:
        if figure.value:
            assert len(_codes(db, board, figure.name)) == figure.value, figure.name


def _codes(db: Database, person: int, name: str) -> set[str]:
    found: set[str] = set()
    token: str | None = f"chitiet 2026-10 tinh {name}"
    while token:
        [said] = asks(db, person, token)
        found |= set(re.findall(r"^(?:CS|KN|TR)-\d+", said.text, re.MULTILINE))
        token = buttons(said).get("Trang sau")
    return found


def test_the_way_down_from_the_province_to_an_entry(db: Database, cast: Planted) -> None:
    send(db, cast)
    board = cast.people["TT01"]
    [members] = asks(db, board, "tonghop 2026-10 tinh diaban")
    assert list(buttons(members)) == ["Đ/c Phạm Văn Ví (13)", "Địa bàn khác (122)"]
    [communes] = asks(db, board, buttons(members)["Đ/c Phạm Văn Ví (13)"])
    assert communes.text.split("\n")[:2] == ["13 địa bàn, tháng 10/2026", _first_commune(db, cast)]
    [commune] = asks(db, board, buttons(communes)["Xã Hòa Mẫu"])
    [visits] = asks(db, board, buttons(commune)["Phiếu đi cơ sở (1)"])
    assert buttons(visits) == {"CS-113": "CS-113"}


def _first_commune(db: Database, cast: Planted) -> str:
    with db.reading() as session:
        begun = datetime(2026, 10, 1, tzinfo=UTC)
        new = session.exec(
            select(Case).where(Case.area_id == cast.areas[0], col(Case.raised_at) >= begun)
        ).all()
    return f"Xã Hòa Mẫu: 1 phiếu, {len(new)} kiến nghị mới"


def test_not_recorded_lists_areas_in_official_order_and_names_nobody_to_leaders(
    db: Database, cast: Planted
) -> None:
    send(db, cast)
    said = text(db, cast.people["TT01"], "tonghop 2026-10 tinh chuaghi")
    lines = said.split("\n")
    assert lines[:3] == [
        "16 địa bàn chưa ghi nhận, tính đến 03/11",
        "Được miễn trong kỳ: 2",
        "Xã Mẫu 118",
    ]
    assert "Cán bộ" not in said
    assert "Xã Mẫu 118: đ/c Cán bộ 118" in text(
        db, cast.people["TC01"], "tonghop 2026-10 tinh chuaghi"
    )


def test_the_chart_comes_with_its_words(db: Database, cast: Planted, tmp_path: Path) -> None:
    send(db, cast)
    [said] = asks(db, cast.people["TT01"], "tonghop 2026-10 tinh bieudo")
    assert isinstance(said, Outgoing)
    assert (tmp_path / said.files[0]).read_bytes().startswith(b"\x89PNG")
    assert "Đi cơ sở: đã ghi 117; chưa ghi nhận 16; được miễn 2." in said.text


def test_the_paper_of_a_member_says_whose_areas_it_covers(db: Database, cast: Planted) -> None:
    send(db, cast)
    whose = "các địa bàn do đồng chí Phạm Văn Ví, Ủy viên Ban Thường vụ Tỉnh ủy, phụ trách"
    for scope, named in (("", True), (" tinh", False)):
        [message] = asks(db, cast.people["UV01"], f"tonghop 2026-10{scope} tep")
        assert isinstance(message, Outgoing)
        paper = Document(str(files.place(message.files[0])))
        said = [line.text for line in paper.paragraphs]
        assert (f"{SUBJECT} {AREAS} tháng 10/2026, {whose}" in said) is named
        assert any("Phạm Văn Ví" in line for line in said) is named


def test_any_tap_counts_as_opened_once(db: Database, cast: Planted) -> None:
    send(db, cast)
    for token in ("tonghop 2026-10", "tonghop 2026-10 tinh quahan", "chitiet 2026-10 tinh visits"):
        asks(db, cast.people["TT01"], token)
    asks(db, cast.people["VP01"], "tonghop 2026-10")
    with db.reading() as session:
        opened = session.exec(select(ReportEvent.by_id).where(ReportEvent.act == "opened")).all()
    assert opened == [cast.people["TT01"]]
    assert text(db, cast.people["VP01"], "rasoat 2026-10") == (
        "BẢN TỔNG HỢP THÁNG 10, đã gửi\nChưa mở: đ/c Phạm Văn Ví"
    )


def test_an_opinion_is_on_a_case_of_the_digest_or_on_the_whole(db: Database, cast: Planted) -> None:
    send(db, cast)
    [said] = asks(db, cast.people["TT01"], "tonghop 2026-10 tinh ykien")
    assert list(buttons(said)) == ["KN-287", "KN-294", "Ý kiến chung"]
    [start] = asks(db, cast.people["TT01"], buttons(said)["Ý kiến chung"])
    assert isinstance(start, Start)
    assert start.form == "report_opinion"
    [typed] = asks(db, cast.people["TT01"], "TH-10/2026 Đồng ý, báo cáo thêm về đất đai")
    assert isinstance(typed, Start)
    assert typed.answers["text"] == "Đồng ý, báo cáo thêm về đất đai"


def test_chosen_sentences_are_the_cadres_own_and_stay_as_sent(db: Database, cast: Planted) -> None:
    clerk, board = cast.people["VP01"], cast.people["TT01"]
    asks(db, clerk, "rasoat 2026-10 chon KN-287")
    asks(db, clerk, "rasoat 2026-10 chon CS-113")
    send(db, cast)
    with db.writing() as session:
        _reword(session)
    said = text(db, board, "tonghop 2026-10 tinh noilen")
    assert said.split("\n") == [
        "NỔI LÊN tháng 10: lời ghi của cán bộ",
        'KN-287 Xã Hòa Mẫu: "Vốn nhà văn hóa."',
        'CS-113 Xã Hòa Mẫu: "Tình hình ổn định."',
    ]


def _reword(session: Session) -> None:
    for row in session.exec(select(Visit).where(Visit.number == 113)):
        row.situation = "Đã sửa."
        session.add(row)


def test_at_most_five_sentences_are_chosen(db: Database, cast: Planted) -> None:
    clerk = cast.people["VP01"]
    for number in range(284, 289):
        asks(db, clerk, f"rasoat 2026-10 chon KN-{number}")
    with pytest.raises(Rejected, match="đủ 5 điểm"):
        asks(db, clerk, "rasoat 2026-10 chon KN-289")
    asks(db, clerk, "rasoat 2026-10 chon KN-288")
    asks(db, clerk, "rasoat 2026-10 chon KN-289")


def test_a_field_given_in_review_changes_the_draft_and_only_the_draft(
    db: Database, cast: Planted
) -> None:
    clerk = cast.people["VP01"]
    with db.writing() as session:
        for case in session.exec(select(Case).where(col(Case.number).in_([284, 285]))):
            case.field_id = None
            session.add(case)
    [review] = asks(db, clerk, "rasoat 2026-10")
    assert isinstance(review, Outgoing)
    assert "2 kiến nghị chưa xếp lĩnh vực" in review.text
    [cases] = asks(db, clerk, buttons(review)["Xếp lĩnh vực (2)"])
    [fields] = asks(db, clerk, buttons(cases)["KN-284"])
    done = asks(db, clerk, buttons(fields)["Đất đai, tái định cư"])
    assert isinstance(done[0], Outgoing)
    assert done[0].text == "KN-284: Đất đai, tái định cư"
    [draft] = asks(db, clerk, "rasoat 2026-10 xem")
    assert isinstance(draft, Outgoing)
    assert "Chưa xếp lĩnh vực 1" in draft.text


def test_the_organisation_board_sees_how_the_month_stands(db: Database, cast: Planted) -> None:
    at = datetime(2026, 10, 23, 18, tzinfo=ZONE).astimezone(UTC)
    [said] = asks(db, cast.people["TC01"], "tinhhinh", at)
    assert isinstance(said, Outgoing)
    with db.reading() as session:
        made = session.exec(
            select(Visit).where(
                col(Visit.visited_on) >= date(2026, 10, 1), col(Visit.submitted_at) <= at
            )
        ).all()
    count = len({visit.area_id for visit in made})
    assert said.text == (
        "THÁNG 10, đến hết 23/10, còn 5 ngày làm việc\n"
        f"133 địa bàn phải đi: đã ghi {count}, chưa ghi nhận {133 - count}\n"
        "Được miễn: 2. Đề nghị chờ duyệt: 0"
    )
    with pytest.raises(Rejected):
        asks(db, cast.people["TT01"], "tinhhinh", at)


def test_automatic_figures_on_demand_say_so(db: Database, cast: Planted) -> None:
    with db.writing() as session:
        put(session, "tu_dong_gui", True, date(2026, 1, 1))
    said = text(db, cast.people["TT01"], "tonghop tháng 11")
    assert said.startswith("SỐ LIỆU TỰ ĐỘNG, VĂN PHÒNG CHƯA RÀ SOÁT\nTỔNG HỢP THÁNG 11/2026")


def test_the_list_is_a_workbook_by_member_in_charge(
    db: Database, cast: Planted, tmp_path: Path
) -> None:
    at = datetime(2026, 10, 23, 18, tzinfo=ZONE).astimezone(UTC)
    [overview] = asks(db, cast.people["TC01"], "tinhhinh", at)
    [said] = asks(db, cast.people["TC01"], buttons(overview)["Danh sách (Excel)"], at)
    assert isinstance(said, Outgoing)
    rows = list(load_workbook(tmp_path / said.files[0]).worksheets[0].iter_rows(values_only=True))
    assert rows[1][:4] == (1, "Phạm Văn Ví", "Xã Hòa Mẫu", "Cán bộ 001")
    assert len(rows) == 136
    assert {row[6] for row in rows[1:]} == {"đã ghi", "chưa ghi nhận", "được miễn trong kỳ"}


def test_of_the_missing_the_unlinked_and_the_invited_are_told_apart(
    db: Database, cast: Planted
) -> None:
    at = datetime(2026, 10, 23, 18, tzinfo=ZONE).astimezone(UTC)
    with db.writing() as session:
        for place, account_of in enumerate(cast.followers[118:120], start=118):
            session.add(_invitation(place, account_of, cast))
        gone = select(Account).where(Account.person_id == cast.followers[118])
        session.delete(session.exec(gone).one())
    [said] = asks(db, cast.people["TC01"], "tinhhinh", at)
    assert isinstance(said, Outgoing)
    assert re.search(r"Trong \d+: 1 có cán bộ chưa kết nối, 1 đã nhận lời mời của xã", said.text)


def _invitation(place: int, cadre: int, cast: Planted) -> Invitation:
    return Invitation(
        number=place,
        area_id=cast.areas[place],
        cadre_id=cadre,
        sent_by_id=cadre,
        occasion="hop",
        starts_at=datetime(2026, 10, 29, 7, tzinfo=UTC),
        sent_at=datetime(2026, 10, 20, 7, tzinfo=UTC),
        answer="accepted",
    )


@pytest.mark.parametrize(
    "said", ["tonghop tháng 10 Hòa Mẫu", "tonghop hoa mau tháng 10", "tonghop 2026-10 X001"]
)
def test_one_area_is_summed_up_like_the_province(db: Database, cast: Planted, said: str) -> None:
    lines = text(db, cast.people["VP01"], said).split("\n")
    assert lines[:2] == ["TỔNG HỢP THÁNG 10/2026", "Xã Hòa Mẫu"]
    assert "ĐI CƠ SỞ: 1/1 địa bàn, 100,0%" in lines
    [message] = asks(db, cast.people["VP01"], said)
    tokens = buttons(message)
    assert tokens["Theo địa bàn"] == f"tonghop 2026-10 d{cast.areas[0]} diaban"
    assert "Xã Hòa Mẫu: 1 phiếu, 3 kiến nghị mới" in text(
        db, cast.people["VP01"], tokens["Theo địa bàn"]
    )


def test_the_whole_tree_is_an_area_too_and_sums_to_the_province(
    db: Database, cast: Planted
) -> None:
    whole = text(db, cast.people["VP01"], "tonghop tháng 10 tinh").split("\n")
    tree = text(db, cast.people["VP01"], "tonghop tháng 10 TINH").split("\n")
    assert [line for line in tree if line != "Tỉnh Mẫu"][:20] == whole[:20]


def test_a_member_reads_his_own_areas_alone_and_the_board_after_the_office(
    db: Database, cast: Planted
) -> None:
    member, board = cast.people["UV01"], cast.people["TT01"]
    assert "Xã Hòa Mẫu" in text(db, member, "tonghop tháng 10 Hòa Mẫu")
    for said in ("tonghop tháng 10 Mẫu 100", f"tonghop 2026-10 d{cast.areas[99]}"):
        with pytest.raises(Rejected):
            asks(db, member, said)
    assert "đang chờ Văn phòng rà soát" in text(db, board, "tonghop tháng 10 Hòa Mẫu")
    send(db, cast)
    said = text(db, board, "tonghop tháng 10 Hòa Mẫu")
    assert "Xã Hòa Mẫu" in said
    assert "Văn phòng đã rà soát" in said


def test_the_number_of_the_paper_is_typed_in_after_it_went_out(db: Database, cast: Planted) -> None:
    clerk = cast.people["VP01"]
    with pytest.raises(Rejected, match="chưa được duyệt"):
        asks(db, clerk, "rasoat 2026-10 so")
    send(db, cast)
    [start] = asks(db, clerk, "rasoat 2026-10 so")
    assert isinstance(start, Start)
    assert "Đã ghi văn bản số 123-BC/VPTU ngày 04/11/2026" in _files(
        db, clerk, start, "số 123-BC/VPTU ngày 4/11/2026"
    )
    for said in ("một trăm hai ba", "KN-301", "ngày 4/11/2026"):
        with pytest.raises(Rejected, match="Xin ghi số"):
            _files(db, clerk, start, said)
    assert "Số 123-BC/VPTU ngày 04/11/2026" in text(db, clerk, "tonghop tháng 10")
    assert "Văn bản số 123-BC/VPTU" in text(db, clerk, "rasoat 2026-10")
    [message] = asks(db, clerk, "tonghop 2026-10 tinh tep")
    assert isinstance(message, Outgoing)
    paper = Document(str(files.place(message.files[0])))
    head = [line.text for cell in paper.tables[0].rows[0].cells for line in cell.paragraphs]
    assert "Số 123-BC/VPTU" in head
    assert any(line.endswith("ngày 04 tháng 11 năm 2026") for line in head)
    with db.reading() as session:
        noted = session.exec(select(ReportEvent).where(ReportEvent.act == "numbered")).one()
    assert (noted.by_id, noted.note) == (clerk, "Văn bản số 123-BC/VPTU ngày 04/11/2026")


def test_what_is_no_number_of_a_paper_is_refused_as_it_is_read(db: Database, cast: Planted) -> None:
    [question] = FORMS["report_number"].questions
    with db.reading() as session:
        look = DatabaseLook(session, cast.people["VP01"], NOW)
        for said in ("KN-301", "Văn phòng sẽ cấp số sau", "ngày 4/11/2026"):
            with pytest.raises(Rejected, match="Xin ghi số"):
                question.read(Reading(Incoming(said), Draft("report_number"), look))
        right = question.read(Reading(Incoming("123-BC/VPTU"), Draft("report_number"), look))
    assert question.again("122-BC/VPTU", right) == "123-BC/VPTU"


def test_a_duty_opens_as_its_areas_and_names_nobody(db: Database, cast: Planted) -> None:
    said = text(db, cast.people["VP01"], "chitiet 2026-10 tinh not_recorded 2")
    lines = said.split("\n")
    assert lines[0] == "Chưa ghi nhận: 16"
    assert lines[1:] == [f"Xã Mẫu {number:03d}" for number in range(126, 134)]
    assert "Cán bộ" not in said
    assert text(db, cast.people["VP01"], "chitiet 2026 tinh excused").split("\n") == [
        "Được miễn trong kỳ: 3",
        "Xã Mẫu 134",
        "Xã Mẫu 135: tháng 9, tháng 10",
    ]


def test_inconsistent_figures_are_not_approved_and_the_entries_are_named(
    db: Database, cast: Planted
) -> None:
    asks(db, cast.people["VP01"], "rasoat 2026-10 trinh")
    with db.writing() as session:
        report = session.exec(select(Report).where(Report.scope == "tinh")).one()
        lost = session.exec(select(Case).order_by(col(Case.number).desc())).first()
        assert lost is not None
        report.snapshot = _without(report.snapshot, "cases_open", lost.id or 0)
        session.add(report)
    with pytest.raises(Rejected, match=rf"38 \+ 27 = 65 khác 31 \+ 33 = 64.*KN-{lost.number}"):
        asks(db, cast.people["VP02"], "duyet 2026-10 gui")


def _without(kept: dict[str, Any], name: str, one: int) -> dict[str, Any]:
    """The snapshot with an entry taken out of one figure."""
    changed = json.loads(json.dumps(kept))
    [figure] = [f for block in changed["blocks"] for f in block["figures"] if f["name"] == name]
    ids = [each for each in unpack(figure["entries"][""]) if each != one]
    figure["value"], figure["entries"][""] = len(ids), pack(ids)
    return dict(changed)


def _files(db: Database, person: int, start: Start, said: str) -> str:
    """The form filled in and filed."""
    answers = {name: Answer(value) for name, value in {**start.answers, "text": said}.items()}
    with db.writing() as session:
        viewer = viewer_for(session, person, NOW.date())
        [receipt] = FORMS[start.form].file(session, viewer, Draft(start.form, answers=answers), NOW)
    return receipt.text
