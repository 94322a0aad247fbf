"""What is worth another look: one named person has the list, each author his own part of it."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from bot import files
from bot.desk import sent_files
from bot.forms import FORMS
from bot.messages import Outgoing
from storage import signals
from storage.database import Database
from storage.tables import Attachment, Setting, Signal, Visit
from tests.cast import cast
from tests.desk.saying import Desk
from tests.rules.test_likeness import TOLD
from tests.rules.test_signals import LOOK

OTHERS = ("CB002", "CB099", "GV01", "XA01", "UV01", "TT01", "VP01", "VP02", "QT01")
NOBODY_NAMED = "Không có phiếu nào của đồng chí cần xem lại."
on_one_database = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> Iterator[Desk]:
    """CB001 wrote anew what CB002 had written a month before, and sent CB002's picture."""
    files.use(tmp_path / "files")
    with db.writing() as session:
        desk = Desk(session, cast(session))
        session.add(Setting(key="nguoi_xem_lai", value="TC01", from_date=date(2026, 1, 1)))
        keep(desk, 7, "CB002", "LONGMAU", date(2026, 9, 10), TOLD)
        keep(desk, 9, "CB001", "HOAMAU", date(2026, 10, 12), TOLD.replace("thôn 3", "thôn 8"))
        yield desk
    files.use(Path("files"))


def keep(desk: Desk, number: int, who: str, where: str, on: date, text: str) -> None:
    at = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    visit = Visit(
        number=number,
        person_id=desk.cast[who],
        area_id=desk.cast.area[where],
        visited_on=on,
        activity="lam_viec",
        situation=text,
        written_by_id=desk.cast[who],
        begun_at=at,
        submitted_at=at,
    )
    desk.session.add(visit)
    desk.session.flush()
    picture = Attachment(
        bot="telegram:1",
        reference=f"photo-{number}",
        kind="photo",
        about_kind="visit",
        about_id=visit.id,
        looks=LOOK,
        wanted_at=at,
    )
    desk.session.add(picture)
    desk.session.flush()


def rows(message: Outgoing) -> list[tuple[object, ...]]:
    book = load_workbook(io.BytesIO(files.place(message.files[0]).read_bytes()))
    return [row for row in book["Cần xem lại"].iter_rows(min_row=2, values_only=True) if row[1]]


def test_the_named_person_gets_a_workbook_and_no_name_stands_in_the_chat(desk: Desk) -> None:
    [answer] = desk.says("TC01", "cần xem lại: tháng 10")
    assert answer.text.startswith("Cần xem lại tháng 10/2026: 1 phiếu")
    assert "Mẫu" not in answer.text
    found = rows(answer)
    assert [(row[3], row[7], row[10]) for row in found] == [
        ("CS-9", "lời văn giống CS-7", "CS-7"),
        ("CS-9", "ảnh đã có ở CS-7", "CS-7"),
    ]
    assert found[0][1] == "Nguyễn Văn Mẫu"
    assert TOLD in str(found[0][11])


@on_one_database
def test_the_author_sees_his_own_without_the_others_entry_and_says_more(desk: Desk) -> None:
    desk.says("TC01", "cần xem lại: tháng 10")
    [own] = desk.says("CB001", "cần xem lại")
    assert "CS-9, Xã Hòa Mẫu ngày 12/10: lời văn giống một phiếu đã có" in own.text
    assert "CS-7" not in own.text
    desk.presses("CB001", own.rows[0][0].token)
    begun = desk.started[-1]
    assert (begun.form, begun.answers) == ("signal_word", {"_visit": 9})
    viewer = desk.viewer("CB001")
    assert signals.explain(desk.session, viewer, 9, "Hai thôn cùng tuyến kênh", desk.at)
    [answer] = desk.says("TC01", "cần xem lại: tháng 10")
    assert {row[8] for row in rows(answer)} == {"Hai thôn cùng tuyến kênh"}
    assert "Đồng chí đã nói: Hai thôn cùng tuyến kênh" in desk.words("CB001", "cần xem lại")


@on_one_database
def test_nobody_else_sees_anything_of_it(desk: Desk) -> None:
    [answer] = desk.says("TC01", "cần xem lại: tháng 10")
    for who in OTHERS:
        assert desk.words(who, "cần xem lại: tháng 10") == NOBODY_NAMED
        assert desk.words(who, "cần xem lại CS-9") == NOBODY_NAMED
        assert not signals.explain(desk.session, desk.viewer(who), 9, "không", desk.at)
        assert not sent_files.may_have(desk.session, desk.viewer(who), answer.files[0], desk.at)
    assert sent_files.may_have(desk.session, desk.viewer("TC01"), answer.files[0], desk.at)


@on_one_database
def test_it_is_off_until_the_province_names_somebody_of_the_board(desk: Desk) -> None:
    for named in ("", "VP01"):
        desk.session.add(Setting(key="nguoi_xem_lai", value=named, from_date=date(2026, 11, 1)))
        desk.session.flush()
        assert desk.words("TC01", "cần xem lại: tháng 10") == NOBODY_NAMED
        assert desk.words("VP01", "cần xem lại: tháng 10") == NOBODY_NAMED
        desk.session.delete(desk.session.get(Setting, ("nguoi_xem_lai", date(2026, 11, 1))))
        desk.session.flush()


@on_one_database
def test_what_was_mended_goes_unless_its_author_has_explained_it(desk: Desk) -> None:
    desk.says("TC01", "cần xem lại: tháng 10")
    visit = desk.session.exec(select(Visit).where(Visit.number == 9)).one()
    visit.situation = "Dự hội nghị Đảng ủy, bàn thu hoạch vụ mùa và chuẩn bị đại hội chi bộ."
    desk.session.flush()
    [answer] = desk.says("TC01", "cần xem lại: tháng 10")
    assert {row[7] for row in rows(answer)} == {"ảnh đã có ở CS-7"}
    assert len(desk.session.exec(select(Signal)).all()) == 1


def test_the_form_is_known() -> None:
    assert FORMS["signal_word"].question("text") is not None
