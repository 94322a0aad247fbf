"""What a report says on paper: whole sentences, nothing about noughts, nobody missing too soon."""

from datetime import UTC, date, datetime

import pytest

from bot.reports.blocks import Block
from bot.reports.sections import (
    assignment,
    coming,
    handling,
    limits,
    opinions,
    outcomes,
    standing_out,
    visits,
)
from bot.reports.wording import portions
from bot.rules.periods import Period, period
from storage.known import AssignmentRow, ExchangeRow, FieldRow
from tests.reports.test_sections import RULE, THIRD, case, facts, visit

NINE = period("nine_months", 2026)
OCTOBER_20 = datetime(2026, 10, 20, tzinfo=UTC)


def said(block: Block | None) -> list[str]:
    return [line for one in block.written for line in one.lines] if block else []


def test_the_period_before_is_a_sentence_beside_the_figure_it_is_compared_with() -> None:
    made = (visit(1, 1, 9), visit(2, 1, 10))
    owed, done, *_ = said(visits.gather(facts(visits=made)))
    assert owed == (
        "Theo Quy định số 02-QĐ/TU (1 lượt mỗi tháng), có 2 lượt địa bàn được phân công; phải đi 2."
    )
    assert done == "Đã ghi nhận 1, đạt 50,0% số phải đi; chưa ghi nhận 1. Tháng 9 đạt 50,0%."


def test_nobody_is_missing_before_the_time_is_up() -> None:
    part = facts(THIRD, visits=(visit(1, 1, 7),), cut=datetime(2026, 8, 20, tzinfo=UTC))
    done = said(visits.gather(part))[1]
    assert done.endswith("; chưa ghi nhận 5 (trong đó 4 chưa hết kỳ phải đi).")
    assert said(limits.gather(part)) == [
        "Chưa ghi nhận 1 lượt đi cơ sở ở 1 địa bàn (16,7% số phải đi)."
    ]
    assert len(said(visits.gather(part))) == 3  # nobody is short of visits yet
    early = facts(cut=OCTOBER_20)
    assert said(visits.gather(early))[1].endswith("; chưa ghi nhận 2 (đều chưa hết kỳ phải đi).")
    assert limits.gather(early) is None


def test_what_is_nought_goes_unsaid_and_the_shares_still_sum() -> None:
    assert portions([("đủ", 2), ("chưa đủ", 0), ("miễn", 1)]) == "đủ 2 (66,7%), miễn 1 (33,3%)"
    assert portions([("đủ", 0), ("chưa đủ", 0)]) == "đủ 0 (0,0%), chưa đủ 0 (0,0%)"
    raised = (case(1, outcome="passed_up"),)
    [line] = said(outcomes.gather(facts(cases=raised)))
    assert line == "Hướng giải quyết của 1 kiến nghị, phản ánh mới: phản ánh cấp trên 1 (100,0%)."
    assert said(handling.gather(facts(cases=raised)))[1:] == [
        "Trong 1 kiến nghị còn lại: trong hạn 1 (100,0%)."
    ]


def test_areas_with_many_cases_are_those_with_more_than_one() -> None:
    def named(*areas: int) -> list[str]:
        cases = tuple(case(number, area_id=area) for number, area in enumerate(areas))
        fields = (FieldRow(1, "Giao thông"),)
        return said(standing_out.gather(facts(cases=cases, fields=fields)))[1:]

    many = "Địa bàn có nhiều kiến nghị, phản ánh:"
    assert named(1, 2) == named(1, 1) == []
    assert named(1, 1, 2) == [f"{many} xã Hòa Mẫu (2)."]
    assert named(2, 2, 1, 1) == [f"{many} xã Hòa Mẫu (2), phường Tân Mẫu (2)."]


def test_a_case_on_paper_names_its_area_as_words_inside_a_sentence() -> None:
    waits = case(7, state="with_board", text="Vốn nhà văn hóa.")
    assert said(opinions.gather(facts(cases=(waits,)))) == ["KN-7, xã Hòa Mẫu: vốn nhà văn hóa."]


def test_who_is_assigned_is_said_of_those_there_are() -> None:
    first, *_ = said(assignment.gather(facts()))
    assert first == (
        "Đến ngày 31/10/2026 có 2 đồng chí theo dõi 2 địa bàn; tổng số 2 lượt phân công."
    )
    new = AssignmentRow(3, 1, 2, RULE, "phu_trach", date(2026, 10, 1), None)
    lines = said(assignment.gather(facts(assignments=(*facts().known.assignments, new))))
    assert lines == [
        "Đến ngày 31/10/2026 có 1 đồng chí phụ trách địa bàn, 2 đồng chí theo dõi 2 địa bàn; "
        "tổng số 3 lượt phân công (phụ trách 1, theo dõi 2).",
        "Trong kỳ phân công mới 1 lượt.",
    ]


@pytest.mark.parametrize(
    ("asked", "ahead", "due"),
    [(NINE, "quý IV/2026", 6), (THIRD, "quý IV/2026", 6)],
)
def test_after_nine_months_comes_the_last_quarter(asked: Period, ahead: str, due: int) -> None:
    raised = case(1, raised_at=datetime(2026, 9, 5, tzinfo=UTC), due_on=date(2026, 10, 2))
    assert said(coming.gather(facts(asked, cases=(raised,)))) == [
        f"Theo phân công hiện có, {ahead} phải đi {due} lượt.",
        f"Kiến nghị, phản ánh chuyển sang {ahead}: 1, trong đó 1 đến hạn trả lời trong kỳ.",
    ]


def test_an_exchange_without_an_answer_is_told_of_once_it_is_late() -> None:
    talk = ExchangeRow(1, 1, datetime(2026, 10, 5, tzinfo=UTC), None, 1, date(2026, 10, 12))
    made = (visit(1, 1, 10), visit(2, 2, 10))
    assert said(limits.gather(facts(exchanges=(talk,), visits=made))) == [
        "Có 1 trao đổi quá hạn chưa có trả lời (100,0% số trao đổi)."
    ]
    waiting = talk._replace(due_on=date(2026, 11, 12))
    assert limits.gather(facts(exchanges=(waiting,), visits=made)) is None
