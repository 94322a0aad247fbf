"""What is owed: the figures of the regulation, the switch of units, whole periods, absences."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.cadence import (
    AbsenceSpan,
    AssignmentSpan,
    CadenceVersion,
    Owed,
    VisitMark,
    current,
    made,
    owed,
    reigns,
    standing,
)
from bot.rules.periods import Period, custom, parse

RULE = "02-QĐ/TU"
MONTHLY = CadenceVersion("theo_doi", date(2021, 5, 1), "thang", 1, 1, RULE)
QUARTERLY = CadenceVersion("theo_doi", date(2026, 7, 1), "quy", 1, 2, RULE)
IN_CHARGE = CadenceVersion("phu_trach", date(2021, 5, 1), "nua_nam", 1, 0, RULE)
UNITS = st.sampled_from(["thang", "quy", "nua_nam", "nam"])
DATES = st.dates(date(2024, 1, 1), date(2028, 12, 31))
ALL_TIME = custom(date(2023, 1, 1), date(2031, 12, 31))


def window(code: str) -> Period:
    found = parse(code)
    assert found is not None
    return found


def follower(number: int, kind: str = "theo_doi", since: date = date(2021, 5, 1)) -> AssignmentSpan:
    return AssignmentSpan(number, number, number, kind, RULE, since)


FOLLOWERS = [follower(number) for number in range(1, 160)]
MEMBERS = [follower(number, "phu_trach") for number in range(160, 170)]


def codes(dues: list[Owed]) -> list[str]:
    return [due.period.code for due in dues]


def test_the_assignments_of_the_regulation_are_169_and_each_kind_has_its_own_cadence() -> None:
    everybody = FOLLOWERS + MEMBERS
    dues = owed(everybody, [MONTHLY, IN_CHARGE], [], window("2025"))
    assert len(everybody) == 169
    assert sum(due.assignment.kind == "theo_doi" for due in dues) == 1908
    assert sum(due.assignment.kind == "phu_trach" for due in dues) == 20


def test_159_areas_owe_1908_visits_monthly_and_636_quarterly() -> None:
    quarterly = CadenceVersion("theo_doi", date(2021, 5, 1), "quy", 1, 0, RULE)
    monthly_dues = owed(FOLLOWERS, [MONTHLY], [], window("2025"))
    quarterly_dues = owed(FOLLOWERS, [quarterly], [], window("2025"))
    assert (len(monthly_dues), len(quarterly_dues)) == (1908, 636)
    assert len(monthly_dues) - len(quarterly_dues) == 1272


def test_a_switch_on_the_first_of_july_makes_six_months_and_two_quarters() -> None:
    dues = owed(FOLLOWERS, [MONTHLY, QUARTERLY], [], window("2026"))
    assert len(dues) == 159 * 8
    assert codes(dues[:8]) == [
        *("2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"),
        *("2026-Q3", "2026-Q4"),
    ]


def test_a_switch_in_mid_quarter_owes_months_until_the_first_whole_quarter() -> None:
    switch = CadenceVersion("theo_doi", date(2026, 8, 15), "quy", 1, 0, RULE)
    assert codes(owed(FOLLOWERS[:1], [MONTHLY, switch], [], window("2026-H2"))) == [
        *("2026-07", "2026-08", "2026-09"),
        "2026-Q4",
    ]


def test_a_switch_to_months_in_mid_quarter_owes_no_day_twice() -> None:
    quarters = CadenceVersion("theo_doi", date(2021, 5, 1), "quy", 1, 0, RULE)
    months = CadenceVersion("theo_doi", date(2026, 8, 15), "thang", 1, 0, RULE)
    dues = owed(FOLLOWERS[:1], [quarters, months], [], window("2026"))
    assert codes(dues) == ["2026-Q1", "2026-Q2", "2026-09", "2026-10", "2026-11", "2026-12"]


def test_a_version_overtaken_before_it_began_never_begins() -> None:
    to_quarters = CadenceVersion("theo_doi", date(2026, 8, 15), "quy", 1, 0, RULE)
    back = CadenceVersion("theo_doi", date(2026, 9, 1), "thang", 2, 0, RULE)
    found = reigns([back, to_quarters, MONTHLY])
    assert [one.version for one in found] == [MONTHLY, back]
    assert found[0].end == date(2026, 9, 1)


def test_a_version_binds_its_regulation_and_kind_alone() -> None:
    other_rule = CadenceVersion("theo_doi", date(2021, 5, 1), "thang", 1, 0, "07-QĐ/TU")
    assert owed(MEMBERS, [MONTHLY], [], window("2025")) == []
    assert owed(FOLLOWERS, [other_rule], [], window("2025")) == []


def test_a_version_with_nothing_in_it_ends_what_is_owed() -> None:
    end = CadenceVersion("theo_doi", date(2026, 7, 1), "thang", 0, 0, RULE)
    assert len(owed(FOLLOWERS[:1], [MONTHLY, end], [], window("2026"))) == 6


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (date(2026, 3, 1), date(2026, 4, 30), ["2026-03", "2026-04"]),
        (date(2026, 3, 2), date(2026, 4, 30), ["2026-04"]),
        (date(2026, 3, 2), date(2026, 4, 29), []),
        (date(2026, 11, 20), None, ["2026-12"]),
    ],
)
def test_only_periods_that_the_assignment_covers_whole_are_owed(
    since: date, until: date | None, expected: list[str]
) -> None:
    one = AssignmentSpan(1, 1, 1, "theo_doi", RULE, since, until)
    assert codes(owed([one], [MONTHLY], [], window("2026"))) == expected


def test_what_falls_due_in_the_months_of_a_quarter_sums_to_the_quarter() -> None:
    versions = [MONTHLY, QUARTERLY, IN_CHARGE]
    for code in ("2026-Q2", "2026-Q3", "2026-Q4"):
        quarter = window(code)
        by_month = [
            due
            for month in quarter.months()
            for due in owed(FOLLOWERS + MEMBERS, versions, [], month)
        ]
        whole = owed(FOLLOWERS + MEMBERS, versions, [], quarter)
        assert set(by_month) == set(whole)
        assert len(by_month) == len(whole)


def test_what_is_owed_now_is_the_period_of_today() -> None:
    versions = [MONTHLY, QUARTERLY]
    assert codes(current(FOLLOWERS[:1], versions, [], date(2026, 6, 30))) == ["2026-06"]
    assert codes(current(FOLLOWERS[:1], versions, [], date(2026, 11, 23))) == ["2026-Q4"]


def test_an_absence_over_the_whole_period_excuses_and_a_shorter_one_does_not() -> None:
    november = window("2026-11")
    whole = AbsenceSpan(1, None, date(2026, 11, 1), date(2026, 11, 30), "mien")
    short = AbsenceSpan(1, None, date(2026, 11, 2), date(2026, 11, 30), "mien")
    assert owed(FOLLOWERS[:1], [MONTHLY], [whole], november)[0].excused
    assert not owed(FOLLOWERS[:1], [MONTHLY], [short], november)[0].excused


def test_absences_that_join_excuse_together() -> None:
    halves = [
        AbsenceSpan(1, 1, date(2026, 11, 16), date(2026, 12, 5), "mien"),
        AbsenceSpan(1, None, date(2026, 10, 20), date(2026, 11, 15), "mien"),
    ]
    assert owed(FOLLOWERS[:1], [MONTHLY], halves, window("2026-11"))[0].excused
    assert not owed(FOLLOWERS[:1], [MONTHLY], halves, window("2026-12"))[0].excused


def test_an_absence_of_one_area_or_of_somebody_else_excuses_nobody_here() -> None:
    two_areas = [
        AssignmentSpan(1, 7, 71, "theo_doi", RULE, date(2021, 5, 1)),
        AssignmentSpan(2, 7, 72, "theo_doi", RULE, date(2021, 5, 1)),
        AssignmentSpan(3, 8, 71, "theo_doi", RULE, date(2021, 5, 1)),
    ]
    away = AbsenceSpan(7, 71, date(2026, 11, 1), date(2026, 11, 30), "mien")
    dues = owed(two_areas, [MONTHLY], [away], window("2026-11"))
    assert [due.excused for due in dues] == [True, False, False]


def test_somebody_going_in_place_leaves_the_visit_owed_and_his_visit_counts() -> None:
    away = AbsenceSpan(1, None, date(2026, 11, 1), date(2026, 11, 30), "di_thay")
    due = owed(FOLLOWERS[:1], [MONTHLY], [away], window("2026-11"))[0]
    mark = VisitMark(date(2026, 11, 20), datetime(2026, 11, 20, 9, tzinfo=UTC))
    assert (due.excused, due.substituted) == (False, True)
    assert standing(due, []) == "not_recorded"
    assert standing(due, [mark]) == "recorded"


def test_a_visit_counts_by_its_own_date_as_known_at_the_cut() -> None:
    due = owed(FOLLOWERS[:1], [MONTHLY], [], window("2026-10"))[0]
    close = datetime(2026, 11, 3, 10, tzinfo=UTC)
    early = VisitMark(date(2026, 10, 31), close)
    late = VisitMark(date(2026, 10, 30), close + timedelta(seconds=1))
    next_month = VisitMark(date(2026, 11, 1), close)
    assert made(due, [early, late, next_month], close) == 1
    assert made(due, [early, late, next_month]) == 2
    assert standing(due, [late], close) == "not_recorded"
    assert standing(due, [early], close) == "recorded"


def test_an_excused_period_is_neither_recorded_nor_not_recorded() -> None:
    away = AbsenceSpan(1, None, date(2026, 10, 1), date(2026, 10, 31), "mien")
    due = owed(FOLLOWERS[:1], [MONTHLY], [away], window("2026-10"))[0]
    mark = VisitMark(date(2026, 10, 5), datetime(2026, 10, 5, tzinfo=UTC))
    assert standing(due, []) == standing(due, [mark]) == "excused"


def test_more_than_one_visit_may_be_owed() -> None:
    twice = CadenceVersion("theo_doi", date(2021, 5, 1), "thang", 2, 0, RULE)
    due = owed(FOLLOWERS[:1], [twice], [], window("2026-10"))[0]
    mark = VisitMark(date(2026, 10, 5), datetime(2026, 10, 5, tzinfo=UTC))
    assert standing(due, [mark]) == "not_recorded"
    assert standing(due, [mark, mark]) == "recorded"


VERSIONS = st.builds(
    CadenceVersion,
    kind=st.just("theo_doi"),
    from_date=DATES,
    unit=UNITS,
    visits=st.integers(0, 3),
    exchanges=st.integers(0, 2),
    regulation=st.just(RULE),
)
HISTORIES = st.lists(VERSIONS, max_size=5, unique_by=lambda version: version.from_date)
SPANS = st.builds(
    lambda since, length: AssignmentSpan(
        1, 1, 1, "theo_doi", RULE, since, None if length is None else since + timedelta(days=length)
    ),
    DATES,
    st.none() | st.integers(0, 1500),
)


@given(HISTORIES, VERSIONS, SPANS)
def test_a_switch_never_changes_the_past(
    history: list[CadenceVersion], switch: CadenceVersion, one: AssignmentSpan
) -> None:
    kept = [version for version in history if version.from_date != switch.from_date]

    def past(versions: list[CadenceVersion]) -> list[Owed]:
        dues = owed([one], versions, [], ALL_TIME)
        return [due for due in dues if due.period.end <= switch.from_date]

    assert past([*kept, switch]) == past(kept)


@given(HISTORIES, SPANS)
def test_no_day_is_owed_for_twice_and_only_whole_periods_are(
    history: list[CadenceVersion], one: AssignmentSpan
) -> None:
    periods = [due.period for due in owed([one], history, [], ALL_TIME)]
    for earlier, later in pairwise(periods):
        assert earlier.end <= later.start
    for each in periods:
        assert each.start >= one.from_date
        assert one.to_date is None or each.last <= one.to_date


@given(DATES, UNITS, DATES, UNITS)
def test_until_the_new_cadence_starts_the_old_one_leaves_no_gap_it_could_fill(
    first: date, old_unit: str, second: date, new_unit: str
) -> None:
    first, second = min(first, second), max(first, second)
    old = CadenceVersion("theo_doi", first, old_unit, 1, 0, RULE)
    new = CadenceVersion("theo_doi", second + timedelta(days=1), new_unit, 1, 0, RULE)
    in_force = reigns([old, new])
    before = in_force[0].start if in_force[0].version == old else in_force[-1].start
    periods = [
        due.period
        for due in owed([follower(1, since=date(2020, 1, 1))], [old, new], [], ALL_TIME)
        if due.period.start < in_force[-1].start
    ]
    for each in periods:
        assert each.start == before
        before = each.end
    unit_days = {"thang": 31, "quy": 92, "nua_nam": 184, "nam": 366}[old_unit]
    assert (in_force[-1].start - before).days < unit_days


@given(HISTORIES, SPANS, DATES)
def test_at_most_one_period_is_owed_on_any_day(
    history: list[CadenceVersion], one: AssignmentSpan, day: date
) -> None:
    assert len(current([one], history, [], day)) <= 1
