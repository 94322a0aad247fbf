"""Indicators put together: whole and parts, months and years, units and the whole, grades."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.checks import violations
from bot.reports.facts import Facts, span_of
from bot.reports.ledger import Ledger
from bot.reports.sections import programmes
from bot.reports.snapshots import Snapshot, compile_snapshot
from bot.rules.figures import shares
from bot.rules.indicators import Value, amount, odd_year, parse
from bot.rules.periods import period, previous
from bot.words import decimal
from storage.known import AreaRow, Known
from storage.known_programmes import IndicatorRow, Programmes, TargetRow, ValueRow

YEAR = period("year", 2025)
CUT = datetime(2026, 2, 1, tzinfo=UTC)
SINCE = date(2020, 1, 1)
AREAS = (AreaRow(1, "Tỉnh Mẫu", "tinh", None), AreaRow(2, "Đơn vị", "to_chuc", 1))
WHOLE = IndicatorRow("w", SINCE, None, "Tổng", "người", "người", "so_luong", adds=True)


def part(code: str, place: int) -> IndicatorRow:
    return IndicatorRow(
        code, SINCE, None, f"Phần {code}", "", "người", "bo_phan", whole="w", place=place
    )


def value(number: int, code: str, amount_: str, area: int | None = None) -> ValueRow:
    return ValueRow(number, number, code, area, YEAR.start, YEAR.last, amount_)


def snapshot(known: Programmes) -> Snapshot:
    span = span_of(previous(YEAR), YEAR)
    return compile_snapshot(Facts(Known(span, CUT, AREAS, programmes=known), YEAR))


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=5), st.integers(-3, 3), st.booleans())
def test_parts_make_up_their_whole_or_approval_is_refused(
    numbers: list[int], off: int, cents: bool
) -> None:
    unit = Decimal("0.01") if cents else Decimal(1)
    total = Decimal(max(sum(numbers) + off, 0)) * unit
    codes = [f"p{place}" for place in range(len(numbers))]
    rows = [value(n, code, str(numbers[n] * unit)) for n, code in enumerate(codes)]
    known = Programmes(
        (WHOLE, *(part(code, place) for place, code in enumerate(codes))),
        (*rows, value(99, "w", str(total))),
    )
    broken = violations(snapshot(known))
    parts = Decimal(sum(numbers)) * unit
    assert bool(broken) is bool(total - parts)
    if not broken and any(numbers):
        [line] = next(b for b in snapshot(known).blocks if b.name == "programmes").written[0].lines
        assert all(f"({decimal(one, 1)}%)" in line for one in shares(numbers))


@given(st.lists(st.integers(0, 1000), min_size=12, max_size=12))
def test_twelve_months_are_the_year_and_eleven_are_part_of_it(months: list[int]) -> None:
    values = [
        Value(n, None, month.start, month.last, Decimal(months[n]))
        for n, month in enumerate(YEAR.months())
    ]
    found = amount(values, {}, YEAR.start, YEAR.last, adds=True)
    assert found is not None
    assert (found.amount, found.whole) == (Decimal(sum(months)), True)
    without = amount(values[:-1], {}, YEAR.start, YEAR.last, adds=True)
    assert without is not None
    assert (without.amount, without.whole) == (Decimal(sum(months[:-1])), False)
    own = Value(50, None, YEAR.start, YEAR.last, Decimal(7))
    total = amount([*values, own], {}, YEAR.start, YEAR.last, adds=True)
    assert total is not None
    assert total.amount == 7


def test_units_sum_and_what_stands_above_them_counts_once() -> None:
    parents = {1: None, 2: 1, 3: 1, 4: 2}
    values = [
        Value(n, area, YEAR.start, YEAR.last, Decimal(much))
        for n, (area, much) in enumerate([(2, 10), (3, 5), (4, 8)])
    ]
    found = amount(values, parents, YEAR.start, YEAR.last, adds=False)
    assert found is not None
    assert (found.amount, found.ids) == (Decimal(15), (0, 1))


def test_a_target_is_judged_by_the_exact_share_and_not_by_the_rounded_one() -> None:
    target = TargetRow(1, "p0", None, YEAR.start, YEAR.last, "tu", "80", "", True, "người", False)
    known = Programmes(
        (WHOLE, part("p0", 1), part("p1", 2)),
        (value(1, "w", "10000"), value(2, "p0", "7996"), value(3, "p1", "2004")),
        (target,),
    )
    span = span_of(previous(YEAR), YEAR)
    facts = Facts(Known(span, CUT, AREAS, programmes=known), YEAR)
    [standing] = Ledger(facts).standings()
    assert standing.met is False
    early = replace(facts, known=replace(facts.known, cut=datetime(2025, 6, 1, tzinfo=UTC)))
    assert Ledger(early).standings()[0].met is None


def test_nothing_entered_says_nothing() -> None:
    span = span_of(previous(YEAR), YEAR)
    assert programmes.gather(Facts(Known(span, CUT, AREAS), YEAR)) is None


@pytest.mark.parametrize("text", ["a b", "a / b / c", "a +", "a + / b", "/ b", "a * b"])
def test_a_formula_that_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(ValueError, match=r"không đọc được|hơn một dấu"):
        parse(text)


def test_signs_and_strokes_of_a_formula() -> None:
    found = parse("a + b - c / d")
    assert found.above == ((1, "a"), (1, "b"), (-1, "c"))
    assert found.below == ((1, "d"),)


@pytest.mark.parametrize(
    ("year", "near", "beside", "meant"),
    [
        (2013, 2023, (2013, 2023), 2023),
        (2023, 2023, (2013, 2023), None),
        (2022, 2023, (2022, 2023), None),
        (1994, 2023, (), 2023),
        (2019, 2022, (2019,), None),
    ],
)
def test_an_odd_year_is_noticed(
    year: int, near: int, beside: tuple[int, ...], meant: int | None
) -> None:
    assert odd_year(year, near, beside) == meant
