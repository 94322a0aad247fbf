"""Figures entered in chat, work items that remind and are done by one tap, the way to entries."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.conversation import step as steps
from bot.conversation.form import Draft, Reading
from bot.desk import compiling
from bot.desk import works as desk_of_works
from bot.desk.contract import Start
from bot.desk.duties import day_at
from bot.forms.figure import FORM, Span
from bot.messages import Incoming, Outgoing, Rejected
from bot.rules.periods import period
from bot.rules.zone import moment
from bot.work.look import DatabaseLook
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Indicator, IndicatorValue, WorkItem
from tests.cast import cast
from tests.desk.saying import Desk

YEAR = "2026-01-01 2026-11-24"


@pytest.fixture
def engine() -> str:
    """Nothing here differs between databases."""
    return "sqlite"


@pytest.fixture
def desk(db: Database) -> Iterator[Desk]:
    with db.writing() as session:
        desk = Desk(session, cast(session))
        people: dict[str, Any] = {
            "population": "đảng viên",
            "unit": "đảng viên",
            "from_date": date(2020, 1, 1),
        }
        session.add_all(
            [
                Indicator(code="moi", name="Kết nạp", kind="so_luong", **people),
                Indicator(code="nu", name="Nữ", kind="bo_phan", whole="moi", **people),
                Indicator(code="nam", name="Nam", kind="bo_phan", whole="moi", **people),
                Indicator(
                    code="hong",
                    name="Tòa nhà chưa có ban quản trị",
                    kind="ty_le",
                    out_of="tòa nhà",
                    owner_id=desk.cast["CB001"],
                    **people,
                ),
                WorkItem(
                    code="V1",
                    number=1,
                    kind="ton_dong",
                    text="Nạo vét kênh",
                    area_id=desk.cast.area["HOAMAU"],
                    owner_id=desk.cast["CB001"],
                    due_on=date(2026, 11, 25),
                ),
            ]
        )
        session.flush()
        yield desk


@dataclass
class Slip:
    """One slip of the form, filled by who writes it."""

    desk: Desk
    who: str

    def reads(self, text: str) -> str:
        look = DatabaseLook(self.desk.session, self.desk.cast[self.who], self.desk.at)
        return str(Span("span", "").read(Reading(Incoming(text), Draft("figure"), look)))

    def sends(self, **answers: Any) -> list[str]:
        draft = steps.start(FORM, {"span": YEAR, **answers}, at=self.desk.at, inbox_id=None)
        viewer = self.desk.viewer(self.who)
        said: list[Outgoing] = FORM.file(self.desk.session, viewer, draft, self.desk.at)
        return [one.text for one in self.desk.keep(said)]

    def reviews(self, **answers: Any) -> str:
        draft = steps.start(FORM, {"span": YEAR, **answers}, at=self.desk.at, inbox_id=None)
        return FORM.review(
            draft, DatabaseLook(self.desk.session, self.desk.cast[self.who], self.desk.at)
        )


def test_the_office_enters_a_figure_and_hears_whether_the_parts_make_up_the_whole(
    desk: Desk,
) -> None:
    slip = Slip(desk, "VP01")
    desk.says("VP01", "nhập số liệu")
    assert desk.started == [Start("figure")]
    assert slip.sends(code="moi", value="879") == ["Đã lưu SL-1, Kết nạp: 879 đảng viên"]
    slip.sends(code="nu", value="600")
    [said] = slip.sends(code="nam", value="270", source="CV 12")
    assert said.endswith("Kết nạp: 879, các phần 870, chênh 9")
    assert "Thay số đã có SL-3: 270" in slip.reviews(code="nam", value="279")
    [said] = slip.sends(code="nam", value="279")
    assert "Đây là lần ghi thứ 2" in said
    assert said.endswith("các phần 879, khớp")
    card = desk.words("VP01", "SL-3")
    assert "279 đảng viên" in card
    assert "Lần ghi 1: 270" in card
    assert len(desk.session.exec(select(IndicatorValue)).all()) == 4


def test_an_owner_enters_the_own_indicator_and_nobody_else_anything(desk: Desk) -> None:
    [said] = Slip(desk, "CB001").sends(code="hong", value="46.6", denominator="1246")
    assert said == "Đã lưu SL-1, Tòa nhà chưa có ban quản trị: 46,6% của 1.246 tòa nhà"
    with pytest.raises(Rejected):
        Slip(desk, "CB001").sends(code="moi", value="3")
    assert desk.words("CB099", "nhập số liệu").startswith("Số liệu do Văn phòng")
    assert desk.words("CB099", "SL-1") == "Không tìm thấy SL-1."
    assert desk.words("CB099", "CV-1") == "Không tìm thấy CV-1."


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("năm 2020", "2020-01-01 2020-12-31"),
        ("quý III", "2026-07-01 2026-09-30"),
        ("năm 2026", "2026-01-01 2026-11-24"),
        ("1/1/2021 - 31/3/2021", "2021-01-01 2021-03-31"),
        ("31.3.2022", "2022-03-31 2022-03-31"),
    ],
)
def test_days_are_read_as_people_name_them(desk: Desk, said: str, days: str) -> None:
    assert Slip(desk, "VP01").reads(said) == days


@pytest.mark.parametrize("said", ["năm 2027", "31/3/2021 - 1/1/2021", "khi nào xong"])
def test_days_that_are_none_are_asked_again(desk: Desk, said: str) -> None:
    with pytest.raises(Rejected):
        Slip(desk, "VP01").reads(said)


def test_a_work_item_reminds_a_working_day_before_and_after_and_is_done_by_a_tap(
    desk: Desk,
) -> None:
    [(who, line)] = desk_of_works.morning(desk.session, day_at(desk.session, desk.at))
    assert (who, line.text) == (
        desk.cast["CB001"],
        "CV-1, xã Hòa Mẫu, công việc hạn 25/11: Nạo vét kênh",
    )
    later = desk.at + timedelta(days=3)
    [(_, late)] = desk_of_works.morning(desk.session, day_at(desk.session, later))
    assert "đã quá hạn" in late.text
    assert late.due != line.due
    assert "CV-1" in desk.words("VP01", "công việc")
    assert desk.words("XA01", "CV-1 xong").startswith("CV-1 do người phụ trách")
    [option] = line.options
    assert desk.presses("CB001", option.token)[0].text == "Đã ghi: CV-1 xong ngày 24/11/2026."
    assert desk.words("CB001", "CV-1 xong") == "CV-1 đã ghi từ trước: xong."
    assert list(desk_of_works.morning(desk.session, day_at(desk.session, later))) == []


def test_the_brief_on_an_area_names_what_was_registered_there(desk: Desk) -> None:
    assert "CV-1 Nạo vét kênh, hạn 25/11" in desk.words("CB001", "/diaban Hòa Mẫu")
    assert "CV-1" not in desk.words("CB001", "/diaban Tân Mẫu")


def test_what_waits_for_its_owner_is_in_the_list(desk: Desk) -> None:
    desk.at += timedelta(days=1)
    assert "CV-1 Nạo vét kênh" in desk.words("CB001", "viec")


def test_a_figure_of_the_summary_opens_the_values_behind_it(desk: Desk) -> None:
    Slip(desk, "VP01").sends(code="moi", value="879", span="2026-10-01 2026-10-31")
    cut = desk.at + timedelta(minutes=1)
    october = period("month", 2026, 10)
    compiling.keep(desk.session, compiling.snapshots_of(desk.session, october, cut), cut)
    desk.at = cut
    [listed] = desk.presses("VP01", "chitiet 2026-10 tinh")
    assert "Chỉ tiêu (1)" in [option.label for row in listed.rows for option in row]
    [one] = desk.presses("VP01", "chitiet 2026-10 tinh chi_tieu")
    [option] = [option for row in one.rows for option in row]
    assert option.label == "Kết nạp: 879"
    [entries] = desk.presses("VP01", option.token)
    assert "SL-1 Kết nạp, toàn bộ, 01/10/2026 - 31/10/2026: 879 đảng viên" in entries.text
    assert compiling.snapshot_of(desk.session, SYSTEM, october, cut=cut).value("chi_tieu:moi")


def test_parts_that_do_not_make_up_their_whole_block_approval_and_are_named(desk: Desk) -> None:
    october = "2026-10-01 2026-10-31"
    for code, number in (("moi", "879"), ("nu", "600"), ("nam", "270")):
        Slip(desk, "VP01").sends(code=code, value=number, span=october)
    desk.at = moment(date(2026, 11, 24), time(17))
    month = period("month", 2026, 10)
    compiling.keep(desk.session, compiling.snapshots_of(desk.session, month, desk.at), desk.at)
    said = desk.presses("VP01", "rasoat 2026-10 trinh")[0].text
    assert said.startswith("Số liệu chưa khớp nên chưa trình, chưa duyệt được.")
    assert "Kết nạp: 879 khác 600 + 270 = 870. Xin xem lại SL-1, SL-2, SL-3." in said


def test_the_slip_asks_back_what_can_be_read_in_two_ways(desk: Desk) -> None:
    look = DatabaseLook(desk.session, desk.cast["VP01"], desk.at)
    draft = replace(steps.start(FORM, {}, at=desk.at, inbox_id=1), id=1)
    shown = steps.begin(FORM, draft, look)
    said = []
    for text in ("kết nạp", "quý III", "2.2", "1.246", "Công văn 12"):
        assert shown.draft.asked is not None
        asked = replace(shown.draft.asked, outbox_id=1)
        draft = replace(shown.draft, asked=asked)
        shown = steps.step(FORM, draft, Incoming(text=text), desk.at, look)
        said.append(shown.say[-1].text)
    assert said[2] == "“2.2” là số nào?"
    assert said[-1].endswith(
        "Chỉ tiêu: Kết nạp\nThời gian: 01/7/2026 - 30/9/2026\nSố liệu: 1.246\nTheo: Công văn 12"
    )
