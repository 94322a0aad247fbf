"""Each day lies in exactly one period of each kind, and codes read back as what they print."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.periods import (
    Cut,
    Kind,
    Period,
    containing,
    custom,
    following,
    parse,
    period,
    previous,
)

DAYS = st.dates(date(2015, 1, 1), date(2040, 12, 31))
KINDS: st.SearchStrategy[Kind] = st.sampled_from(["month", "quarter", "half", "year"])
CUTS: st.SearchStrategy[Cut] = st.sampled_from(["calendar", "cut15"])


def all_of(kind: Kind, years: range, cut: Cut) -> list[Period]:
    counts = {"month": 12, "quarter": 4, "half": 2, "year": 1}
    return [period(kind, year, n + 1, cut) for year in years for n in range(counts[kind])]


@given(DAYS, KINDS, CUTS)
def test_each_day_is_in_exactly_one_period_of_each_kind(day: date, kind: Kind, cut: Cut) -> None:
    holding = [one for one in all_of(kind, range(day.year - 1, day.year + 2), cut) if day in one]
    assert holding == [containing(kind, day, cut)]


@given(DAYS, KINDS, CUTS)
def test_periods_join_without_gap_or_overlap(day: date, kind: Kind, cut: Cut) -> None:
    one = containing(kind, day, cut)
    assert previous(one).end == one.start
    assert following(one).start == one.end
    assert following(previous(one)) == one


@given(DAYS, st.sampled_from(["month", "quarter", "half", "year", "nine_months"]), CUTS)
def test_a_code_reads_back_as_its_period(day: date, kind: Kind, cut: Cut) -> None:
    one = period(kind, day.year, 1, cut)
    assert parse(one.code, cut) == one


@given(DAYS, KINDS, CUTS)
def test_a_period_is_its_months(day: date, kind: Kind, cut: Cut) -> None:
    one = containing(kind, day, cut)
    months = one.months()
    assert len(months) == {"month": 1, "quarter": 3, "half": 6, "year": 12}[kind]
    assert (months[0].start, months[-1].end) == (one.start, one.end)


@given(DAYS, st.integers(0, 400))
def test_a_custom_span_holds_both_its_days(day: date, length: int) -> None:
    one = custom(day, day + timedelta(days=length))
    assert day in one
    assert day + timedelta(days=length) in one
    assert day + timedelta(days=length + 1) not in one
    assert parse(one.code) == one
    assert previous(one).end == one.start
    assert following(previous(one)) == one


@pytest.mark.parametrize(
    ("code", "first", "last", "label", "short"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31), "tháng 10/2026", "tháng 10"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "quý IV/2026", "quý IV"),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30), "6 tháng đầu năm 2026", "6 tháng đầu"),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31), "6 tháng cuối năm 2026", "6 tháng cuối"),
        ("2026-9T", date(2026, 1, 1), date(2026, 9, 30), "9 tháng năm 2026", "9 tháng"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "năm 2026", "năm 2026"),
    ],
)
def test_calendar_periods_have_their_days_and_names(
    code: str, first: date, last: date, label: str, short: str
) -> None:
    one = parse(code)
    assert one is not None
    assert (one.start, one.last, one.label, one.short, one.code) == (
        first,
        last,
        label,
        short,
        code,
    )


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2026-03", date(2026, 2, 15), date(2026, 3, 14)),
        ("2026-01", date(2025, 12, 15), date(2026, 1, 14)),
        ("2026-Q1", date(2025, 12, 15), date(2026, 3, 14)),
        ("2026-H1", date(2025, 12, 15), date(2026, 6, 14)),
        ("2026-H2", date(2026, 6, 15), date(2026, 12, 14)),
        ("2026-9T", date(2025, 12, 15), date(2026, 9, 14)),
        ("2026", date(2025, 12, 15), date(2026, 12, 14)),
    ],
)
def test_periods_cut_on_the_fifteenth_have_their_days(code: str, first: date, last: date) -> None:
    one = parse(code, "cut15")
    assert one is not None
    assert (one.start, one.last) == (first, last)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "2026-13",
        "2026-00",
        "2026-Q5",
        "2026-H3",
        "26-10",
        "2026-10-01",
        "2026-02-30..2026-03-01",
        "2026-03-02..2026-03-01",
        "tháng 10",
    ],
)
def test_what_is_no_code_is_no_period(code: str) -> None:
    assert parse(code) is None


def test_nine_months_compare_with_those_of_the_year_before() -> None:
    assert previous(period("nine_months", 2026)).code == "2025-9T"
    assert following(period("nine_months", 2026)).code == "2027-9T"
    assert containing("nine_months", date(2026, 9, 30)).code == "2026-9T"
    with pytest.raises(ValueError, match="after the nine months"):
        containing("nine_months", date(2026, 10, 1))


def test_there_is_no_fifth_quarter() -> None:
    with pytest.raises(ValueError, match="no quarter 5"):
        period("quarter", 2026, 5)
    with pytest.raises(ValueError, match="last day"):
        custom(date(2026, 1, 2), date(2026, 1, 1))
