"""Working days over Tết and swapped days, due days, the close, and the days of reminders."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.periods import Kind, period
from bot.rules.workdays import Calendar, Step, calendar, steps

# The library knows 24/11 as a day off from 2026 on; here the office has made it a working day.
WORKING = calendar(extra_workdays=[date(2026, 11, 24)])
DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))
COUNTS = st.integers(1, 40)


def test_a_case_of_tuesday_with_seven_working_days_is_due_on_thursday_of_next_week() -> None:
    for office in (calendar(), WORKING):
        assert office.add_workdays(date(2026, 11, 24), 7) == date(2026, 12, 3)


def test_on_monday_six_working_days_are_left_that_monday_counted() -> None:
    november = period("month", 2026, 11)
    assert WORKING.workdays_left(november, date(2026, 11, 23)) == 6
    assert WORKING.workdays_left(november, date(2026, 11, 24)) == 5
    assert WORKING.workdays_left(november, date(2026, 11, 30)) == 1
    assert WORKING.workdays_left(november, date(2026, 12, 1)) == 0


def test_the_library_knows_the_day_of_culture_and_the_office_may_overrule_it() -> None:
    assert not calendar().is_workday(date(2026, 11, 24))
    assert WORKING.is_workday(date(2026, 11, 24))
    assert calendar().workdays_left(period("month", 2026, 11), date(2026, 11, 23)) == 5


@pytest.mark.parametrize(
    ("month", "closes"),
    [
        (10, date(2026, 11, 3)),
        (11, date(2026, 12, 2)),
        (1, date(2026, 2, 3)),
        (4, date(2026, 5, 5)),
    ],
)
def test_figures_close_on_the_second_working_day_after_the_month(month: int, closes: date) -> None:
    assert calendar().close_day(period("month", 2026, month), 2) == closes


def test_tet_is_no_working_time() -> None:
    assert calendar().add_workdays(date(2026, 2, 13), 1) == date(2026, 2, 23)
    assert calendar().workdays_between(date(2026, 2, 14), date(2026, 2, 23)) == 0
    assert calendar().add_workdays(date(2027, 2, 3), 1) == date(2027, 2, 11)


def test_a_saturday_swapped_for_a_day_off_is_a_working_day() -> None:
    assert calendar().is_workday(date(2026, 8, 22))
    assert not calendar().is_workday(date(2026, 8, 31))
    assert not calendar().is_workday(date(2026, 8, 29))


def test_the_office_adds_a_day_off() -> None:
    office = calendar(days_off=[date(2026, 11, 25)])
    assert not office.is_workday(date(2026, 11, 25))
    assert office.add_workdays(date(2026, 11, 24), 7) == date(2026, 12, 4)
    assert calendar(days_off=[date(2026, 11, 25)]) is office


def test_nought_working_days_from_a_sunday_is_the_next_working_day() -> None:
    assert calendar().add_workdays(date(2026, 11, 29), 0) == date(2026, 11, 30)
    assert calendar().add_workdays(date(2026, 11, 30), 0) == date(2026, 11, 30)


def test_what_is_overdue_counts_from_the_day_after() -> None:
    due = date(2026, 10, 21)
    assert calendar().overdue_workdays(due, date(2026, 10, 21)) == 0
    assert calendar().overdue_workdays(due, date(2026, 10, 22)) == 1
    assert calendar().overdue_workdays(due, date(2026, 11, 3)) == 9
    assert calendar().overdue_workdays(due, date(2026, 10, 1)) == 0


def test_the_reminders_of_november_fall_on_monday_friday_and_tuesday() -> None:
    assert steps(period("month", 2026, 11), WORKING) == [
        ("first", date(2026, 11, 23)),
        ("second", date(2026, 11, 27)),
        ("last", date(2026, 12, 1)),
    ]


def test_where_the_month_ends_in_days_off_the_first_reminder_waits_for_the_twentieth() -> None:
    off = [date(2026, 11, day) for day in (25, 26, 27)]
    assert steps(period("month", 2026, 11), calendar(days_off=off))[0] == (
        "first",
        date(2026, 11, 20),
    )


@pytest.mark.parametrize(("kind", "index"), [("quarter", 4), ("half", 2), ("year", 1)])
def test_longer_periods_are_reminded_of_in_their_last_month(kind: Kind, index: int) -> None:
    december = steps(period("month", 2026, 12), calendar())
    assert steps(period(kind, 2026, index), calendar()) == december
    assert december[0] == ("first", date(2026, 12, 24))


def test_a_period_cut_on_the_fifteenth_has_its_reminders_before_the_fourteenth() -> None:
    cut = steps(period("quarter", 2026, 1, "cut15"), calendar())
    assert cut == [
        ("first", date(2026, 3, 6)),
        ("second", date(2026, 3, 12)),
        ("last", date(2026, 3, 16)),
    ]


def test_an_office_may_have_other_steps() -> None:
    plan = (Step("only", "left", 1),)
    assert steps(period("month", 2026, 10), calendar(), plan) == [("only", date(2026, 10, 30))]


@given(st.integers(2024, 2029), st.integers(1, 12))
def test_reminders_go_out_on_working_days_in_order(year: int, month: int) -> None:
    days = [day for _, day in steps(period("month", year, month), calendar())]
    assert all(calendar().is_workday(day) for day in days)
    assert days == sorted(days)
    assert days[0].day >= 20
    assert days[-1] > period("month", year, month).last


@given(DAYS, COUNTS)
def test_counting_back_undoes_counting_on(day: date, count: int) -> None:
    office = Calendar()
    later = office.add_workdays(day, count)
    assert office.is_workday(later)
    assert office.workdays_between(day + timedelta(days=1), later + timedelta(days=1)) == count
    start = day if office.is_workday(day) else office.add_workdays(day, -1)
    assert office.add_workdays(later, -count) == start


@given(st.integers(2024, 2029), st.integers(1, 12))
def test_the_last_working_day_leaves_one_and_none_after_it(year: int, month: int) -> None:
    one = period("month", year, month)
    last = calendar().add_workdays(one.end, -1)
    assert calendar().workdays_left(one, last) == 1
    assert calendar().workdays_left(one, last + timedelta(days=1)) == 0
