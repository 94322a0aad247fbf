"""Which communes sent no invitation in a quarter, and which invitations no visit followed."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from bot.messages import Outgoing
from storage.database import Database
from storage.tables import DayOff, Invitation, Visit
from tests.cast import NOW, cast
from tests.desk.saying import Desk
from tests.work.mornings import at


@pytest.fixture
def desk(db: Database) -> Iterator[Desk]:
    with db.writing() as session:
        session.add(DayOff(day=date(2026, 11, 24), working=True))
        yield Desk(session, cast(session))


def invited(desk: Desk, number: int, where: str, day: str, answer: str = "") -> Invitation:
    """An invitation to CB001 or CB002, sent three days before."""
    row = Invitation(
        number=number,
        area_id=desk.cast.area[where],
        cadre_id=desk.cast["CB002" if where == "LONGMAU" else "CB001"],
        sent_by_id=desk.cast["XA01"],
        occasion="họp Đảng ủy",
        starts_at=at(day, "14:00"),
        sent_at=at(day, "14:00") - timedelta(days=3),
        answer=answer,
    )
    desk.session.add(row)
    desk.session.flush()
    return row


def came(desk: Desk, row: Invitation) -> None:
    visit = Visit(
        number=row.number,
        person_id=row.cadre_id,
        area_id=row.area_id,
        visited_on=row.starts_at.date(),
        activity="cap_uy",
        situation="Ổn định.",
        written_by_id=row.cadre_id,
        begun_at=NOW,
        submitted_at=NOW,
    )
    desk.session.add(visit)
    desk.session.flush()
    row.visit_id = visit.id
    desk.session.flush()


def labels(said: Outgoing) -> list[str]:
    return [option.label for row in said.rows for option in row]


def pressed(desk: Desk, said: Outgoing, label: str) -> Outgoing:
    [token] = [o.token for row in said.rows for o in row if o.label.startswith(label)]
    return desk.presses("TC01", token)[0]


def test_the_overview_counts_the_invitations_of_the_quarter(desk: Desk) -> None:
    came(desk, invited(desk, 1, "HOAMAU", "2026-10-20", "accepted"))
    invited(desk, 2, "HOAMAU", "2026-11-10", "accepted")
    invited(desk, 3, "HOAMAU", "2026-11-26")
    invited(desk, 4, "TANMAU", "2026-08-12", "accepted")

    [said] = desk.says("TC01", "tình hình thực hiện")

    assert "Giấy mời quý IV: 3, đã nhận lời 2, đã dự 1" in said.text
    assert labels(said)[-2:] == ["Xã chưa mời trong quý (2)", "Được mời, chưa ghi nhận dự (1)"]


def test_communes_without_an_invitation_stand_with_their_last_one_and_open(desk: Desk) -> None:
    invited(desk, 1, "HOAMAU", "2026-11-10")
    invited(desk, 4, "TANMAU", "2026-08-12")
    [overview] = desk.says("TC01", "tinhhinh")

    said = pressed(desk, overview, "Xã chưa mời")

    assert said.text.split("\n") == [
        "2 xã chưa có giấy mời trong quý IV",
        "Phường Tân Mẫu: lần trước GM-4, 09/8, xã chưa kết nối",
        "Xã Long Mẫu: chưa mời lần nào, xã chưa kết nối",
    ]
    opened = pressed(desk, said, "Phường Tân Mẫu")
    assert opened.text.startswith("Phường Tân Mẫu\n")


def test_a_quarter_that_is_over_is_read_on_request(desk: Desk) -> None:
    invited(desk, 4, "TANMAU", "2026-08-12")
    [said] = desk.presses("TC01", "tinhhinh chuamoi")

    before = pressed(desk, said, "Xem quý III")

    assert before.text.startswith("2 xã chưa có giấy mời trong quý III\nXã Hòa Mẫu: chưa mời")
    assert "Phường Tân Mẫu" not in before.text


def test_invitations_without_a_visit_say_what_was_answered_and_open(desk: Desk) -> None:
    invited(desk, 1, "HOAMAU", "2026-10-20", "accepted")
    invited(desk, 2, "TANMAU", "2026-11-10", "written")
    invited(desk, 3, "LONGMAU", "2026-11-12")
    came(desk, invited(desk, 4, "HOAMAU", "2026-11-13", "accepted"))
    invited(desk, 5, "HOAMAU", "2026-11-24")  # today is not over

    [said] = desk.presses("TC01", "tinhhinh chuadu")

    assert said.text.split("\n") == [
        "3 lần được mời, chưa ghi nhận dự, quý IV",
        "GM-1 xã Hòa Mẫu, họp Đảng ủy 20/10: đ/c Nguyễn Văn Mẫu, đã nhận lời",
        "GM-2 phường Tân Mẫu, họp Đảng ủy 10/11: đ/c Nguyễn Văn Mẫu, gửi ý kiến bằng văn bản",
        "GM-3 xã Long Mẫu, họp Đảng ủy 12/11: đ/c Đỗ Văn Thay, chưa trả lời",
    ]
    assert pressed(desk, said, "GM-2").text.startswith("GM-2 · Giấy mời của phường Tân Mẫu")


def test_many_are_read_page_by_page(desk: Desk) -> None:
    for number in range(1, 19):
        invited(desk, number, "HOAMAU", f"2026-10-{number:02d}")

    [said] = desk.presses("TC01", "tinhhinh chuadu")
    last = pressed(desk, pressed(desk, said, "Trang sau"), "Trang sau")

    assert [line.split()[0] for line in last.text.split("\n")[1:]] == ["GM-17", "GM-18"]


@pytest.mark.parametrize("who", ["CB001", "UV01", "XA01", "TT01", "CB099"])
@pytest.mark.parametrize("which", ["chuamoi", "chuadu"])
def test_nobody_else_reads_them(desk: Desk, who: str, which: str) -> None:
    invited(desk, 1, "HOAMAU", "2026-10-20")

    [said] = desk.presses(who, f"tinhhinh {which}")

    assert said.text == "Mục này dành cho Ban Tổ chức và Văn phòng."
