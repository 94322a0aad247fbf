"""What is owed on a day, and the reminder step it has reached."""

from dataclasses import replace
from datetime import date

import pytest

from bot.rules.cadence import AbsenceSpan, AssignmentSpan, CadenceVersion
from bot.rules.province import Province
from bot.rules.reminding import Facts, duties, plan, speakers
from bot.rules.workdays import Step, calendar

ONE = AssignmentSpan(1, 7, 70, "theo_doi", "02", date(2021, 4, 29))
MONTHLY = CadenceVersion("theo_doi", date(2021, 4, 29), "thang", regulation="02")
FACTS = Facts([ONE], [MONTHLY])
CALENDAR = calendar(extra_workdays=[date(2026, 11, 24)])


def states(facts: Facts, day: date) -> list[tuple[str, str, str]]:
    """(period, state, step) of all that is owed."""
    found = duties(facts, day, CALENDAR, Province())
    return [(duty.owed.period.code, duty.state, duty.step) for duty in found]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 22), [("2026-11", "open", "")]),
        (date(2026, 11, 23), [("2026-11", "open", "first")]),
        (date(2026, 11, 27), [("2026-11", "open", "second")]),
        (date(2026, 12, 1), [("2026-11", "open", "last"), ("2026-12", "open", "")]),
        (date(2026, 12, 2), [("2026-11", "open", "last"), ("2026-12", "open", "")]),
        (date(2026, 12, 3), [("2026-12", "open", "")]),
    ],
)
def test_a_month_is_spoken_of_until_its_figures_close(
    day: date, expected: list[tuple[str, str, str]]
) -> None:
    assert states(FACTS, day) == expected


def test_a_visit_counts_in_its_own_period() -> None:
    seen = replace(FACTS, visits={(7, 70): [date(2026, 11, 30)]})

    assert states(seen, date(2026, 12, 1)) == [("2026-11", "done", "last"), ("2026-12", "open", "")]


@pytest.mark.parametrize(("form", "state"), [("mien", "excused"), ("di_thay", "done")])
def test_an_agreed_absence_excuses_or_counts(form: str, state: str) -> None:
    away = AbsenceSpan(7, None, date(2026, 11, 1), date(2026, 11, 30), form)

    assert states(replace(FACTS, approved=[away]), date(2026, 11, 23))[0][1] == state
    assert states(replace(FACTS, proposed=[away]), date(2026, 11, 23))[0][1] == "asked"


def test_an_accepted_invitation_counts_until_its_day_is_over() -> None:
    coming = replace(FACTS, accepted={(7, 70): [date(2026, 11, 26)]})

    assert states(coming, date(2026, 11, 26))[0][1] == "accepted"
    assert states(coming, date(2026, 11, 27))[0][1] == "open"


def test_an_invitation_of_the_next_month_silences_nothing_in_this_one() -> None:
    coming = replace(FACTS, accepted={(7, 70): [date(2026, 12, 1)]})

    assert states(coming, date(2026, 11, 27))[0][1] == "open"


def test_one_accepted_occasion_is_not_enough_where_two_visits_are_owed() -> None:
    twice = replace(FACTS, versions=[replace(MONTHLY, visits=2)])
    coming = replace(twice, accepted={(7, 70): [date(2026, 11, 26)]})

    assert states(coming, date(2026, 11, 23))[0][1] == "open"


def test_after_a_switch_to_quarters_no_month_is_spoken_of() -> None:
    quarterly = CadenceVersion("theo_doi", date(2026, 7, 1), "quy", regulation="02")
    switched = replace(FACTS, versions=[MONTHLY, quarterly])

    assert [period for period, _, _ in states(switched, date(2026, 8, 25))] == ["2026-Q3"]
    assert [period for period, _, _ in states(switched, date(2026, 6, 25))] == ["2026-06"]


def test_of_two_periods_that_end_together_the_shorter_one_speaks() -> None:
    other = AssignmentSpan(2, 7, 70, "phu_trach", "02", date(2021, 4, 29))
    quarterly = CadenceVersion("phu_trach", date(2021, 4, 29), "quy", regulation="02")
    both = Facts([other, ONE], [MONTHLY, quarterly])

    [group] = speakers(duties(both, date(2026, 12, 24), CALENDAR, Province())).values()

    assert [duty.owed.period.code for duty in group] == ["2026-12", "2026-Q4"]


def test_the_steps_of_a_province_are_data() -> None:
    own = Province(steps=({"name": "early", "when": "left", "workdays": 10},))

    assert plan(own) == (Step("early", "left", 10),)
    [duty] = duties(FACTS, date(2026, 11, 18), CALENDAR, own)
    assert duty.step == "early"
