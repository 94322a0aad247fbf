"""The figures of the field: rounding, shares, implied counts, and sums that must agree."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.figures import Identity, implied, percent, shares, violations

COUNTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        (117, 133, "88.0"),
        (112, 134, "83.6"),
        (32, 46, "69.6"),
        (12, 255, "4.7"),
        (121, 159, "76.1"),
        (152, 159, "95.6"),
        (368, 300, "122.7"),
        (20, 22, "90.9"),
        (581, 1246, "46.6"),
        (580, 1246, "46.5"),
        (582, 1246, "46.7"),
        (4245, 5115, "83.0"),
        (785, 4245, "18.5"),
        (785, 5115, "15.3"),
        (3835, 16340, "23.5"),
        (60, 100, "60.0"),
        (1, 800, "0.1"),
        (1, 2000, "0.1"),
        (0, 7, "0.0"),
    ],
)
def test_a_share_has_one_decimal_and_halves_go_up(part: int, whole: int, share: str) -> None:
    assert percent(part, whole) == Decimal(share)
    assert str(percent(part, whole)) == share


def test_there_is_no_share_of_nothing() -> None:
    assert percent(0, 0) is None
    assert shares([0, 0]) == [Decimal("0.0"), Decimal("0.0")]
    assert shares([]) == []


@pytest.mark.parametrize(
    ("parts", "printed"),
    [
        ([37, 633, 209], ["4.2", "72.0", "23.8"]),
        ([31, 121, 7], ["19.5", "76.1", "4.4"]),
        ([1, 1, 1], ["33.4", "33.3", "33.3"]),
        ([5], ["100.0"]),
        ([0, 3], ["0.0", "100.0"]),
    ],
)
def test_shares_sum_to_a_hundred(parts: list[int], printed: list[str]) -> None:
    assert [str(share) for share in shares(parts)] == printed


@given(COUNTS.filter(any))
def test_shares_always_sum_to_a_hundred_and_stay_within_a_tenth(parts: list[int]) -> None:
    found = shares(parts)
    assert sum(found) == Decimal("100.0")
    for part, share in zip(parts, found, strict=True):
        assert abs(share - Decimal(100 * part) / sum(parts)) < Decimal("0.1")


def test_the_hidden_count_behind_a_share_is_found() -> None:
    assert list(implied(Decimal("46.6"), 1246)) == [581]
    assert list(implied(Decimal("83"), 10)) == []
    assert list(implied(Decimal("100.0"), 3)) == [3]
    assert list(implied(Decimal("0.0"), 3)) == [0]
    assert list(implied(Decimal("12.5"), 800)) == [100]


@given(st.integers(0, 3000), st.integers(1, 3000))
def test_a_count_is_among_those_its_share_implies(part: int, whole: int) -> None:
    part = min(part, whole)
    share = percent(part, whole)
    assert share is not None
    found = implied(share, whole)
    assert part in found
    assert all(percent(one, whole) == share for one in found)
    beside = {found[0] - 1, found[-1] + 1} & set(range(whole + 1))
    assert all(percent(one, whole) != share for one in beside)


CASES = Identity("cases", ("carried", "new"), ("closed", "open"))
OPEN = Identity("open", ("open",), ("in_time", "overdue"))
VISITS = Identity("visits", ("owed",), ("recorded", "not_recorded"))
AREAS = Identity("areas", ("areas",), ("owed", "excused"))
GRADES = Identity("grades", ("units",), ("very_good", "good", "done"))
ADMITTED = Identity("admitted", ("all",), ("leaders", "staff", "workers"))
ALL = [CASES, OPEN, VISITS, AREAS, GRADES, ADMITTED]
DIGEST = {
    **{"carried": 38, "new": 27, "closed": 31, "open": 34, "in_time": 27, "overdue": 7},
    **{"areas": 135, "owed": 133, "excused": 2, "recorded": 117, "not_recorded": 16},
    **{"units": 159, "very_good": 31, "good": 121, "done": 7},
    **{"all": 879, "leaders": 37, "staff": 633, "workers": 209},
}


def test_the_figures_of_the_digest_and_of_the_field_agree() -> None:
    assert violations(ALL, DIGEST) == []


def test_a_sum_that_does_not_agree_is_named_with_its_difference() -> None:
    found = violations(ALL, DIGEST | {"overdue": 8})
    assert [one.identity for one in found] == [OPEN]
    assert (found[0].whole, found[0].parts, found[0].difference) == (34, 35, 1)


def test_a_missing_figure_is_a_bug() -> None:
    with pytest.raises(KeyError):
        violations([OPEN], {"open": 3})


@given(st.lists(st.integers(0, 500), min_size=1, max_size=6), st.integers(-50, 50))
def test_a_sum_is_refused_exactly_when_it_is_off(parts: list[int], off: int) -> None:
    names = tuple(f"part{place}" for place in range(len(parts)))
    figures = dict(zip(names, parts, strict=True)) | {"whole": sum(parts) + off}
    found = violations([Identity("sum", ("whole",), names)], figures)
    assert [one.difference for one in found] == ([-off] if off else [])
