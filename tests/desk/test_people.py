"""The office from the chat: who cannot be reached, codes, a lost phone, the workbook."""

from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import Session

from bot import files
from bot.desk import people as desk
from bot.desk import rosters as roster_desk
from bot.desk.contract import Words
from bot.messages import Incoming, Media, Outgoing, Rejected
from bot.roster import invites
from bot.roster.current import current
from bot.roster.loading import import_roster
from bot.roster.sheets import SHEETS
from bot.roster.writing import write
from bot.work import rosters
from bot.work.viewers import viewer_for
from storage import accounts, attachments, people
from storage.attachments import Wanted
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Account, Attachment, Outbox, Person
from tests.cast import NOW, TODAY, Cast, cast
from tests.roster.books import whole

OUTSIDERS = ["CB001", "UV01", "XA01", "GV01", "TT01", "TC01", "CB099"]


@pytest.fixture(autouse=True)
def _files(tmp_path: Path) -> None:
    files.use(tmp_path / "files")


def _asks(
    session: Session, cast: Cast, command: str, rest: str = "", by: str = "VP01"
) -> list[Outgoing]:
    viewer = viewer_for(session, cast[by], TODAY)
    result = desk.act(session, viewer, Words(Incoming(), command, rest=rest), NOW)
    return [message for message in result if isinstance(message, Outgoing)]


def _account(session: Session, person_id: int, state: str, name: str = "") -> int:
    account = Account(
        bot="telegram:1",
        external_id=name or f"{person_id}",
        person_id=person_id,
        state=state,
    )
    session.add(account)
    session.flush()
    return account.id or 0


def _person(session: Session, code: str) -> Person:
    person = people.by_code(session, code)
    assert person is not None
    return person


@pytest.mark.parametrize("code", OUTSIDERS)
@pytest.mark.parametrize("command", ["chualienlac", "capma", "khoamay"])
def test_only_the_office_keeps_people(db: Database, code: str, command: str) -> None:
    with db.writing() as session:
        people_ = cast(session)
        with pytest.raises(Rejected, match="dành cho Văn phòng"):
            _asks(session, people_, command, "CB001", by=code)


def test_who_cannot_be_reached_is_told_with_the_reasons(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        for code in ("VP01", "VP02", "TC01", "TT01", "QT01", "GV01", "XA02"):
            _account(session, people_[code], "confirmed")
        _account(session, people_["UV01"], "unreachable")
        _account(session, people_["XA01"], "linked")
        invites.issue(session, [_person(session, "CB001")], NOW - timedelta(days=34))
        invites.issue(session, [_person(session, "CB002")], NOW)
        (message,) = _asks(session, people_, "chualienlac")
        (listed,) = _asks(session, people_, "chualienlac", "danh sach")
    assert message.text.splitlines() == [
        "Chưa gửi được đến 4 đồng chí",
        "1 đã chặn tin",
        "1 chưa kết nối (mã hết hạn 20/11)",
        "1 chưa kết nối (mã dùng được đến 24/12)",
        "1 đã nhắn mã, chưa bấm Đúng là tôi",
    ]
    labels = [option.label for row in message.rows for option in row]
    assert labels == ["Cấp lại mã, in phiếu", "Danh sách"]
    assert "CB001 Nguyễn Văn Mẫu: chưa kết nối (mã hết hạn 20/11)" in listed.text


def test_when_everybody_is_reached_it_says_so(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        for code in set(people_.person) - {"CB099"}:
            _account(session, people_[code], "confirmed")
        (message,) = _asks(session, people_, "chualienlac")
    assert message.text == "Đã kết nối đủ 11 đồng chí, không có ai chưa liên lạc được."


def test_a_long_list_comes_in_pages(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        (first,) = _asks(session, people_, "chualienlac", "danh sach")
        more = first.rows[-1][0]
        (second,) = _asks(session, people_, *more.token.split(" ", 1))
    assert first.text.startswith("Chưa liên lạc được, 1 đến 8 trong 11\n")
    assert second.text.startswith("Chưa liên lạc được, 9 đến 11 trong 11\n")
    assert second.rows == ()


@pytest.mark.parametrize("who", ["CB001", "cb001", "Nguyễn Văn Mẫu", "nguyen van mau", "Mẫu"])
def test_a_code_is_issued_to_the_person_named(db: Database, who: str) -> None:
    with db.writing() as session:
        people_ = cast(session)
        (message,) = _asks(session, people_, "capma", who)
        code = invites.read_code(message.text.splitlines()[1])
        assert code is not None
        account = _account(session, people_["CB099"], "new")
        assert invites.redeem(session, code, account, NOW) == people_["CB001"]
    assert "Nguyễn Văn Mẫu, Giám đốc Sở Công Thương" in message.text


def test_who_has_a_phone_already_is_told_of_the_new_code(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        _account(session, people_["CB001"], "confirmed")
        mine, told = _asks(session, people_, "capma", "CB001")
    assert (mine.person_id, told.person_id) == (None, people_["CB001"])
    assert mine.text.splitlines()[1] not in told.text


def test_a_name_that_fits_several_is_asked_back(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        (message,) = _asks(session, people_, "capma", "Văn")
        tokens = [option.token for row in message.rows for option in row]
        with pytest.raises(Rejected, match='Không có "Ai Đó"'):
            _asks(session, people_, "capma", "Ai Đó")
        (asked,) = _asks(session, people_, "khoamay")
    assert "capma CB001" in tokens
    assert asked.text == "Khóa máy cho ai? Xin nhắn: /khoamay (họ tên hoặc mã)."


def test_slips_are_made_for_those_whose_code_no_longer_works(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        invites.issue(session, [_person(session, "CB002")], NOW)
        (sure,) = _asks(session, people_, "capma", "tat ca")
        (made,) = _asks(session, people_, *sure.rows[0][0].token.split(" ", 1))
        (done,) = _asks(session, people_, "capma", "tat ca")
    assert sure.text == "Cấp mã cho 10 đồng chí chưa có mã dùng được và gửi phiếu để in?"
    assert made.text.startswith("10 phiếu, 6 phiếu một trang.")
    assert files.place(made.files[0]).stat().st_size > 10_000
    assert done.text == "Không có ai cần cấp lại mã."


def test_a_lost_phone_is_locked_after_one_question(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        account = _account(session, people_["CB001"], "confirmed")
        (sure,) = _asks(session, people_, "khoamay", "Nguyễn Văn Mẫu")
        assert accounts.by_id(session, account).state == "confirmed"
        (done,) = _asks(session, people_, *sure.rows[0][0].token.split(" ", 1))
        assert accounts.by_id(session, account).state == "revoked"
        assert accounts.by_id(session, account).person_id is None
    assert done.text == "Đã ngắt 1 tài khoản của đồng chí Nguyễn Văn Mẫu."
    assert done.rows[0][0].token == "capma CB001"


def _document(name: str = "danh-sach.xlsx") -> Words:
    media = Media("document", "file-1", name)
    return Words(Incoming(media=media), inbox_id=None)


@pytest.mark.parametrize(("code", "taken"), [("VP01", True), ("QT01", True), ("CB001", False)])
def test_a_workbook_counts_as_a_roster_from_the_office_only(
    db: Database, code: str, taken: bool
) -> None:
    with db.writing() as session:
        viewer = viewer_for(session, cast(session)[code], TODAY)
    assert roster_desk.is_roster(viewer, _document()) == taken
    assert not roster_desk.is_roster(viewer, _document("anh.jpg"))


def _sent(db: Database, folder: Path, book: Path, by: str = "VP01") -> int:
    """The workbook as a file that was sent and fetched; the id of its row."""
    with db.writing() as session:
        person = _person(session, by).id or 0
        wanted = Wanted("telegram:1", "file-1", "document", NOW, person_id=person, name="ds.xlsx")
        number = attachments.want(session, wanted)
        roster_desk.take(session, viewer_for(session, person, TODAY), _document(), NOW)
        row = session.get(Attachment, number)
        assert row is not None
        row.path = str(book.relative_to(folder))
    return number


def test_a_workbook_sent_by_the_office_is_imported(db: Database, tmp_path: Path) -> None:
    with db.writing() as session:
        people_ = cast(session)
        rows = current(session, SYSTEM)
    rows["can_bo"].append({"ma": "CB777", "ho_ten": "Cán bộ Mới", "thu_tu": 999})
    write(tmp_path / "moi.xlsx", rows, "Thử")
    rosters.stored(db, tmp_path, _sent(db, tmp_path, tmp_path / "moi.xlsx"))
    with db.reading() as session:
        assert people.by_code(session, "CB777") is not None
        said = session.get(Outbox, 1)
    assert said is not None
    assert said.person_id == people_["VP01"]
    assert "can_bo: 1 mới, 12 giữ nguyên" in said.body["text"]


def test_a_bad_workbook_is_answered_in_words_and_changes_nothing(
    db: Database, tmp_path: Path
) -> None:
    with db.writing() as session:
        cast(session)
        rows = current(session, SYSTEM)
    rows["phan_cong"][0]["ma_dia_ban"] = "23A"
    write(tmp_path / "sai.xlsx", rows, "Thử")
    rosters.stored(db, tmp_path, _sent(db, tmp_path, tmp_path / "sai.xlsx"))
    with db.reading() as session:
        said = session.get(Outbox, 1)
    assert said is not None
    assert said.body["text"] == (
        'ds.xlsx\nphan_cong, dòng 2, cột ma_dia_ban: "23A" không có trong dia_ban.\n'
        "Chưa nhập dòng nào. Sửa rồi nhập lại."
    )


def test_a_file_that_is_no_roster_is_left_alone(db: Database, tmp_path: Path) -> None:
    with db.writing() as session:
        people_ = cast(session)
        wanted = Wanted("telegram:1", "f", "document", NOW, person_id=people_["VP01"])
        number = attachments.want(session, wanted)
    rosters.stored(db, tmp_path, number)
    with db.reading() as session:
        assert session.get(Outbox, 1) is None


def test_who_lost_the_role_meanwhile_imports_nothing(db: Database, tmp_path: Path) -> None:
    with db.writing() as session:
        cast(session)
        rows = current(session, SYSTEM)
        held = people.roles(session, _person(session, "VP01").id or 0, TODAY)
    write(tmp_path / "ds.xlsx", rows, "Thử")
    number = _sent(db, tmp_path, tmp_path / "ds.xlsx")
    with db.writing() as session:
        held[0].to_date = TODAY - timedelta(days=400)
        session.add(held[0])
    rosters.stored(db, tmp_path, number)
    with db.reading() as session:
        assert session.get(Outbox, 1) is None


def test_the_present_roster_comes_back_as_a_workbook_that_changes_nothing(
    db: Database, tmp_path: Path
) -> None:
    with db.writing() as session:
        people_ = cast(session)
        viewer = viewer_for(session, people_["VP01"], TODAY)
        (message,) = roster_desk.act(session, viewer, Words(Incoming(), "danhsach"), NOW)
    assert isinstance(message, Outgoing)
    path = files.place(message.files[0])
    assert load_workbook(path).sheetnames[1:] == [sheet.name for sheet in SHEETS]
    assert not import_roster(db, path, NOW).changed


def test_every_kind_of_row_survives_the_way_out_and_in(db: Database, tmp_path: Path) -> None:
    book = whole(
        tmp_path / "first",
        cai_dat="ngay_uy_vien | 0, 3\ngio_yen | 19:00, 06:30 | 1/1/2026\nchay_thu | có",
        ngay_nghi="9/1/2027 | Làm bù | x",
        linh_vuc="GT | Giao thông | cầu, đường",
        vang_mat="CB001 | HOAMAU | 1/11/2026 | 30/11/2026 | mien | Đi học",
    )
    import_roster(db, book, NOW)
    with db.reading() as session:
        write(tmp_path / "out.xlsx", current(session, SYSTEM), "Thử")
    result = import_roster(db, tmp_path / "out.xlsx", NOW)
    assert not result.changed
    assert result.sheets["cai_dat"].same == 3
