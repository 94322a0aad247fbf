"""What waits for whom, of every kind."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.desk.worklist import waiting
from storage.database import Database
from storage.tables import Absence, Exchange, Invitation, Opinion
from tests.cast import cast
from tests.desk.counter import Counter


@pytest.fixture
def desk(db: Database) -> Iterator[Counter]:
    with db.writing() as session:
        yield Counter(session, cast(session))


def codes(desk: Counter, who: str) -> list[str]:
    """The codes of what waits for this person, most urgent first."""
    return [one.code for one in waiting(desk.session, desk.viewer(who), desk.at)]


def test_the_visits_of_the_month_wait_for_the_cadre_until_they_are_made(desk: Counter) -> None:
    assert codes(desk, "CB001") == ["Xã Hòa Mẫu", "Phường Tân Mẫu"]
    assert codes(desk, "GV01") == ["Xã Hòa Mẫu", "Phường Tân Mẫu"]
    assert codes(desk, "CB099") == []
    assert "chưa ghi nhận chuyến đi tháng 11, còn 4 ngày làm việc" in desk.says("CB001", "viec")


def test_an_exchange_waits_for_the_side_that_has_not_answered(desk: Counter) -> None:
    desk.session.add(
        Exchange(
            number=205,
            area_id=desk.cast.area["HOAMAU"],
            cadre_id=desk.cast["CB001"],
            begun_by="cadre",
            begun_at=desk.at,
            due_on=date(2026, 11, 26),
        )
    )
    desk.session.flush()
    assert codes(desk, "XA01") == ["TR-205"]
    assert "TR-205" not in codes(desk, "CB001")
    assert codes(desk, "XA02") == []


def test_an_invitation_waits_for_the_invited_and_is_the_most_urgent(desk: Counter) -> None:
    desk.session.add(
        Invitation(
            number=86,
            area_id=desk.cast.area["HOAMAU"],
            cadre_id=desk.cast["CB001"],
            sent_by_id=desk.cast["XA01"],
            occasion="họp Đảng ủy",
            starts_at=datetime(2026, 11, 26, 7, tzinfo=UTC),
            sent_at=desk.at,
        )
    )
    desk.session.flush()
    assert codes(desk, "CB001")[0] == "GM-86"
    assert codes(desk, "XA01") == []


def test_absences_wait_for_the_organisation_board(desk: Counter) -> None:
    desk.session.add(
        Absence(
            person_id=desk.cast["CB001"],
            from_date=date(2026, 11, 1),
            to_date=date(2026, 11, 30),
            form="mien",
            state="proposed",
            asked_at=desk.at,
        )
    )
    desk.session.flush()
    assert "1 đề nghị vắng, đi thay chờ ý kiến" in desk.says("TC01", "viec")
    assert codes(desk, "VP01") == []


def test_a_general_opinion_waits_for_the_office_until_it_has_a_document(desk: Counter) -> None:
    desk.session.add(
        Opinion(person_id=desk.cast["TT01"], text="Tập trung việc đất đai", given_at=desk.at)
    )
    desk.session.flush()
    assert codes(desk, "VP02") == ["Ý kiến chung"]
    desk.says("VP02", "viec")
    assert "Tập trung việc đất đai" in desk.presses("VP02", "Ý kiến chung")
    token = desk.button("VP02", "Đã có văn bản").token
    assert desk.presses_token("CB001", token) == "Ý kiến này không còn chờ Văn phòng."
    desk.presses_token("VP02", token)
    assert codes(desk, "VP01") == []


def test_a_long_list_goes_on_behind_a_button(desk: Counter) -> None:
    for n in range(11):
        desk.session.add(
            Exchange(
                number=300 + n,
                area_id=desk.cast.area["HOAMAU"],
                cadre_id=desk.cast["CB001"],
                begun_by="cadre",
                begun_at=desk.at,
                due_on=(desk.at + timedelta(days=n)).date(),
            )
        )
    desk.session.flush()
    first = desk.says("XA01", "viec")
    assert first.startswith("Việc chờ đồng chí: 11\nTR-300 ")
    assert desk.labels("XA01")[-1] == "Xem thêm"
    assert "TR-308" in desk.presses("XA01", "Xem thêm")
    assert desk.labels("XA01") == ["TR-308", "TR-309", "TR-310"]
