"""Each section from plain facts: what it says, what it leaves out, what it compares."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.reports.blocks import clipped
from bot.reports.facts import Facts, span_of
from bot.reports.sections import (
    assignment,
    handling,
    not_recorded,
    opinions,
    standing_out,
    two_way,
    upward,
    visits,
)
from bot.reports.snapshots import compile_snapshot
from bot.rules.periods import Period, period, previous
from storage.known import (
    AbsenceRow,
    AreaRow,
    AssignmentRow,
    CadenceRow,
    CaseRow,
    FieldRow,
    Known,
    PersonRow,
    VisitRow,
)

OCTOBER = period("month", 2026, 10)
THIRD = period("quarter", 2026, 3)
RULE = "02-QĐ/TU"


def facts(asked: Period = OCTOBER, *, cut: datetime | None = None, **more: object) -> Facts:
    """Two areas with a follower each, monthly; nothing else unless given."""
    known = Known(
        span=span_of(previous(asked), asked),
        cut=cut or datetime(2026, 11, 3, 10, tzinfo=UTC),
        areas=(AreaRow(1, "Xã Hòa Mẫu", "xa", None), AreaRow(2, "Phường Tân Mẫu", "xa", None)),
        people=tuple(PersonRow(n, f"Cán bộ {n}", "", "", n, True) for n in (1, 2)),
        assignments=tuple(
            AssignmentRow(n, n, n, RULE, "theo_doi", date(2026, 1, 1), None) for n in (1, 2)
        ),
        cadences=(CadenceRow(RULE, "theo_doi", date(2026, 1, 1), "thang", 1, 0),),
    )
    return Facts(replace(known, **more), asked)  # type: ignore[arg-type]  # checked by each test


def visit(number: int, person: int, month: int, day: int = 10) -> VisitRow:
    return VisitRow(number, person, person, date(2026, month, day), 7)


def case(number: int, **more: object) -> CaseRow:
    row = CaseRow(
        id=number,
        number=number,
        area_id=1,
        field_id=1,
        state="with_office",
        owner_id=None,
        owner_area_id=None,
        owner_role="tong_hop",
        due_on=None,
        raised_at=datetime(2026, 10, 5, tzinfo=UTC),
        ended_at=None,
        text="",
    )
    return row._replace(**more)


def lines(block: object) -> tuple[str, ...]:
    return block.variants[0]  # type: ignore[attr-defined,no-any-return]  # a Block with lines


def test_with_nothing_to_say_a_section_is_left_out() -> None:
    empty = facts(cadences=())
    for section in (opinions, standing_out, handling, visits, two_way, not_recorded):
        assert section.gather(empty) is None


def test_a_quarter_names_its_three_months_in_one_line() -> None:
    made = [visit(1, 1, 7), visit(2, 1, 8), visit(3, 2, 8), visit(4, 1, 9)]
    said = lines(visits.gather(facts(THIRD, visits=tuple(made))))
    assert said == (
        "ĐI CƠ SỞ: 4/6 lượt, 66,7%",
        "Chưa ghi nhận 2",
        "T7 50,0 · T8 100,0 · T9 50,0",
    )


def test_a_part_of_a_period_is_compared_with_nothing() -> None:
    made = (visit(1, 1, 9), visit(2, 1, 10))
    whole = lines(visits.gather(facts(visits=made)))
    part = lines(visits.gather(facts(visits=made, cut=datetime(2026, 10, 20, tzinfo=UTC))))
    assert whole[1] == "(tháng 9: 50,0%); chưa ghi nhận 1"
    assert part[1] == "Chưa ghi nhận 1"


def test_an_agreed_substitute_counts_as_a_visit_and_an_excuse_as_none() -> None:
    away = AbsenceRow(1, 1, date(2026, 10, 1), date(2026, 10, 31), "di_thay")
    block = visits.gather(
        facts(absences=(away, away._replace(person_id=2, area_id=2, form="mien")))
    )
    assert block is not None
    values = {figure.name: figure.value for figure in block.figures}
    assert (values["recorded"], values["excused"], values["required"]) == (1, 1, 1)


def test_a_visit_below_an_area_counts_for_it() -> None:
    village = AreaRow(3, "Thôn 3", "thon", 1)
    known = facts().known
    found = facts(areas=(*known.areas, village), visits=(VisitRow(1, 1, 3, date(2026, 10, 2), 1),))
    assert [due.assignment.id for due in found.duties.recorded] == [1]


def test_the_board_is_asked_for_what_waits_for_it_and_a_member_for_what_is_his() -> None:
    rows = (
        case(287, state="with_board", text="Vốn nhà văn hóa."),
        case(288, state="with_member", owner_id=1, text="UBND xã đề nghị biệt phái"),
        case(289, state="with_member", owner_id=2),
        case(290, state="with_board", ended_at=datetime(2026, 11, 1, tzinfo=UTC)),
    )
    whole = facts(cases=rows)
    assert lines(opinions.gather(whole)) == ("XIN Ý KIẾN (1)", "KN-287 Hòa Mẫu: vốn nhà văn hóa")
    assert lines(opinions.gather(replace(whole, scope="phu_trach:1"))) == (
        "CHỜ Ý KIẾN ĐỒNG CHÍ (1)",
        "KN-288 Hòa Mẫu: UBND xã đề nghị…",
    )


def test_what_is_beyond_the_province_is_listed_while_it_waits_and_once_when_it_ends() -> None:
    now, sooner = datetime(2026, 10, 20, tzinfo=UTC), datetime(2026, 9, 20, tzinfo=UTC)
    rows = (
        case(287, state="to_centre", text="Thêm phó chủ tịch xã."),
        case(288, state="no_sanction", ended_at=now, text="Quy chế dân chủ"),
        case(289, state="recommended", ended_at=sooner, raised_at=sooner),
        case(290, state="with_board"),
    )
    block = upward.gather(facts(cases=rows))
    assert lines(block) == (
        "KIẾN NGHỊ TRUNG ƯƠNG (2)",
        "KN-287 Hòa Mẫu: thêm phó chủ tịch xã",
        "KN-288 Hòa Mẫu: quy chế dân chủ",
    )
    assert block is not None
    assert block.variants[-1] == ("KIẾN NGHỊ TRUNG ƯƠNG (2)",)
    assert upward.gather(facts(cases=rows[3:])) is None


def test_fields_beyond_the_third_and_cases_without_one_have_their_own_lines() -> None:
    kinds = [1, 1, 1, 2, 2, 3, 3, 4, 5, None]
    rows = tuple(case(number, field_id=kind) for number, kind in enumerate(kinds, start=1))
    names = tuple(FieldRow(number, f"Lĩnh vực {number}") for number in range(1, 6))
    assert lines(standing_out.gather(facts(cases=rows, fields=names))) == (
        "NỔI LÊN: 10 kiến nghị mới, 1 xã",
        "Lĩnh vực 1 3",
        "Lĩnh vực 2 2",
        "Lĩnh vực 3 2",
        "Lĩnh vực khác 2",
        "Chưa xếp lĩnh vực 1",
    )


def test_a_case_merged_in_the_period_it_was_raised_in_is_counted_once() -> None:
    ended = datetime(2026, 10, 9, tzinfo=UTC)
    rows = (case(1), case(2, state="merged", ended_at=ended))
    snapshot = compile_snapshot(facts(cases=rows, fields=(FieldRow(1, "Giao thông"),)))
    assert [snapshot.value(n) for n in ("cases_new", "cases_ended", "cases_open")] == [1, 0, 1]


@pytest.mark.parametrize(
    ("due", "late"), [(date(2026, 11, 2), 1), (date(2026, 11, 3), 0), (None, 0)]
)
def test_overdue_is_judged_on_the_day_of_the_cut(due: date | None, late: int) -> None:
    block = handling.gather(facts(cases=(case(1, due_on=due),)))
    assert block is not None
    assert {figure.name: figure.value for figure in block.figures}["cases_overdue"] == late


def test_a_line_is_clipped_at_the_end_of_a_word() -> None:
    assert clipped("KN-287 Hòa Mẫu: vốn nhà văn hóa xã, thôn", 36) == (
        "KN-287 Hòa Mẫu: vốn nhà văn hóa xã…"
    )


def test_who_came_forward_is_a_share_with_the_name_of_its_whole() -> None:
    rows = tuple(
        AssignmentRow(n, n, n, RULE, "theo_doi", date(2026, 1, 1), None, n <= 2)
        for n in range(1, 8)
    )
    areas = tuple(AreaRow(n, f"Xã {n}", "xa", None) for n in range(1, 9))
    gone = AreaRow(9, "Xã Cũ", "xa", None, None, date(2026, 6, 30))
    province = AreaRow(10, "Tỉnh Mẫu", "tinh", None)
    block = assignment.gather(facts(assignments=rows, areas=(*areas, gone, province)))
    assert block is not None
    lines = block.written[0].lines
    assert "Tự đăng ký 2/7 lượt, bằng 28,6% số lượt phân công." in lines
    assert (
        "Có người theo dõi 7/8 địa bàn, bằng 87,5% số địa bàn cùng cấp; "
        "còn 1 địa bàn chưa có người theo dõi." in lines
    )
    values = {figure.name: figure.value for figure in block.figures}
    assert (values["assignments_self"], values["areas_without"]) == (2, 1)
