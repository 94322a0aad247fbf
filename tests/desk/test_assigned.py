"""Phân công: who follows what, and handing an area over in one sentence."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.conversation.commands import take_apart
from bot.desk import assigned
from bot.desk.contract import Words
from bot.messages import Incoming, Outgoing, Rejected
from bot.work.viewers import viewer_for
from storage import assignments, people
from storage.database import Database
from storage.tables import Case
from tests.cast import NOW, TODAY, Cast, cast


def _says(session: Session, cast: Cast, text: str, by: str = "TC01") -> list[Outgoing]:
    viewer = viewer_for(session, cast[by], TODAY)
    said = take_apart(text, assigned.NOUN.commands, pressed=True)
    result = assigned.act(session, viewer, Words(Incoming(), said.command, rest=said.rest), NOW)
    return [message for message in result if isinstance(message, Outgoing)]


@pytest.mark.parametrize("code", ["CB001", "UV01", "XA01", "GV01", "TT01", "CB099"])
def test_assignments_are_kept_by_the_offices_only(db: Database, code: str) -> None:
    with db.writing() as session:
        people_ = cast(session)
        for text in ("phancong", "doi nguoi HOAMAU CB001 CB002 2026-11-24 dong y"):
            with pytest.raises(Rejected, match="dành cho Văn phòng và Ban Tổ chức"):
                _says(session, people_, text, by=code)


@pytest.mark.parametrize("code", ["TC01", "VP01", "QT01"])
def test_the_list_says_how_much_is_assigned(db: Database, code: str) -> None:
    with db.writing() as session:
        (message,) = _says(session, cast(session), "phancong", by=code)
    assert "3 địa bàn, 2 cán bộ theo dõi, 1 Ủy viên phụ trách." in message.text
    assert "Xã nào cũng có người theo dõi." in message.text
    assert [row[0].label for row in message.rows] == [
        "Xã Hòa Mẫu",
        "Phường Tân Mẫu",
        "Xã Long Mẫu",
    ]


def test_an_area_without_a_follower_stands_first(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        (row,) = assignments.of_person(session, people_["CB002"], TODAY)
        row.to_date = TODAY - timedelta(days=1)
        session.flush()
        (message,) = _says(session, people_, "phancong")
    assert "Chưa có người theo dõi: 1" in message.text
    assert message.rows[0][0].label == "Xã Long Mẫu"


def test_an_area_is_shown_with_everybody_around_it(db: Database) -> None:
    with db.writing() as session:
        (message,) = _says(session, cast(session), "phancong hòa mẫu")
    assert message.text.splitlines()[:4] == [
        "Xã Hòa Mẫu",
        "Theo dõi: Nguyễn Văn Mẫu, Giám đốc Sở Công Thương",
        "Phụ trách: Phạm Văn Ví, Ủy viên Ban Thường vụ Tỉnh ủy",
        "Xã: Trần Thị Hòa, Bí thư Đảng ủy xã Hòa Mẫu",
    ]


def test_a_person_is_shown_with_the_areas(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        (follower,) = _says(session, people_, "phancong CB001")
        (outsider,) = _says(session, people_, "phancong Ngô Văn Ngoài")
    assert "Theo dõi 2: Xã Hòa Mẫu, Phường Tân Mẫu" in follower.text
    assert "Hiện không được phân công địa bàn nào." in outsider.text


def test_a_name_that_fits_nothing_or_much_is_said(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        with pytest.raises(Rejected, match="Không có xã hay cán bộ nào"):
            _says(session, people_, "phancong Không Có")
        (message,) = _says(session, people_, "phancong Mẫu")
    labels = [option.label for row in message.rows for option in row]
    assert "Xã Hòa Mẫu" in labels
    assert "Nguyễn Văn Mẫu, Giám đốc Sở Công Thương" in labels


def test_a_follower_is_changed_by_one_sentence_and_a_tap(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        here = people_.area["HOAMAU"]
        (sure,) = _says(session, people_, "đổi người: Hòa Mẫu: Đỗ Văn Thay")
        assert [p.code for p in assignments.followers(session, here, TODAY)] == ["CB001"]
        done, *notices = _says(session, people_, sure.rows[0][0].token)
        assert [p.code for p in assignments.followers(session, here, TODAY)] == ["CB002"]
        yesterday = TODAY - timedelta(days=1)
        assert [p.code for p in assignments.followers(session, here, yesterday)] == ["CB001"]
    assert "theo dõi thay đồng chí Nguyễn Văn Mẫu" in sure.text
    assert len(sure.rows[0][0].token.encode()) <= 64
    assert done.text.startswith("Đã đổi. Từ 24/11/2026, đồng chí Đỗ Văn Thay")
    assert {notice.person_id for notice in notices} == {
        people_["CB001"],
        people_["CB002"],
        people_["XA01"],
    }


@pytest.mark.parametrize("when", ["01/12/2026", "1.12.2026", "ngày 1/12/2026"])
def test_the_day_of_the_change_may_be_named(db: Database, when: str) -> None:
    with db.writing() as session:
        people_ = cast(session)
        here = people_.area["HOAMAU"]
        (sure,) = _says(session, people_, f"đổi người: Hòa Mẫu: CB002 từ {when}")
        _says(session, people_, sure.rows[0][0].token)
        last, first = TODAY + timedelta(days=6), TODAY + timedelta(days=7)
        assert [p.code for p in assignments.followers(session, here, last)] == ["CB001"]
        assert [p.code for p in assignments.followers(session, here, first)] == ["CB002"]


def test_pressing_twice_changes_once(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        (sure,) = _says(session, people_, "đổi người: Hòa Mẫu: CB002")
        token = sure.rows[0][0].token
        _says(session, people_, token)
        with pytest.raises(Rejected, match="đã được đổi"):
            _says(session, people_, token)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("đổi người: Không Có: CB002", 'Chưa rõ "Không Có" là xã nào'),
        ("đổi người: Hòa Mẫu: Văn", "Chưa rõ"),
        ("đổi người: Hòa Mẫu: CB001", "đang theo dõi"),
        ("đổi người: Hòa Mẫu: CB002 từ hôm nọ", "Chưa rõ ngày"),
    ],
)
def test_what_is_unclear_is_asked_back(db: Database, text: str, said: str) -> None:
    with db.writing() as session:
        people_ = cast(session)
        with pytest.raises(Rejected, match=said):
            _says(session, people_, text)


def test_open_cases_of_the_area_go_to_the_new_follower(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        for number, (area, state) in enumerate(
            [("HOAMAU", "answered"), ("TANMAU", "answered"), ("HOAMAU", "ended")], 1
        ):
            session.add(
                Case(
                    number=number,
                    area_id=people_.area[area],
                    raised_by_id=people_["CB001"],
                    source="cap_uy",
                    text="Sửa cầu",
                    state=state,
                    owner_id=people_["CB001"],
                    raised_at=NOW,
                )
            )
        session.flush()
        (sure,) = _says(session, people_, "đổi người: Hòa Mẫu: CB002")
        _says(session, people_, sure.rows[0][0].token)
        session.expire_all()
        owners = {n: session.get_one(Case, n).owner_id for n in (1, 2, 3)}
    assert owners == {1: people_["CB002"], 2: people_["CB001"], 3: people_["CB001"]}


def test_the_seat_and_the_holders_are_found(db: Database) -> None:
    with db.writing() as session:
        people_ = cast(session)
        seat = people.seat(session, people_.area["HOAMAU"], TODAY)
        helpers = people.helpers(session, people_["CB001"], TODAY)
    assert ([p.code for p in seat], [p.code for p in helpers]) == (["XA01"], ["GV01"])
