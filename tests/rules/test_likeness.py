"""Copies are found though names and words were changed; phrases that all use are none."""

import time
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.rules.likeness import Entry, copies
from tests.rules.planted_texts import visits

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
AT = datetime(2026, 11, 2, 8, tzinfo=UTC)
TOLD = (
    "Bà con thôn 3 lo đoạn kênh dài 40 mét bị sạt sau đợt mưa, nước không về được 12 héc ta lúa. "
    "Đề nghị xã kiểm tra hồ sơ, hẹn dân lại sau 5 ngày làm việc."
)


@pytest.mark.parametrize("seed", range(8))
def test_of_twenty_planted_copies_eighteen_are_found_and_few_others(seed: int) -> None:
    entries, planted = visits(seed)
    found = copies(entries, LONG_AGO)
    assert len(planted & found.keys()) >= 18
    assert len(found.keys() - planted) <= 5


def test_a_copy_names_the_entry_it_was_taken_from() -> None:
    first = entry(1, TOLD)
    again = entry(2, TOLD.replace("thôn 3", "thôn 7").replace("40", "55"), days=30)
    assert copies([again, first], LONG_AGO) == {2: 1}


def test_what_was_entered_before_the_period_is_compared_but_not_listed() -> None:
    pair = [entry(1, TOLD), entry(2, TOLD, days=30)]
    assert copies(pair, AT + timedelta(days=1)) == {2: 1}
    assert copies(pair, AT + timedelta(days=31)) == {}


def test_one_trip_told_twice_is_no_copy() -> None:
    two_communes = [entry(1, TOLD), entry(2, TOLD, area=9)]
    together = [entry(1, TOLD), entry(2, TOLD, person=9)]
    assert copies(two_communes, LONG_AGO) == copies(together, LONG_AGO) == {}


def test_short_texts_are_alike_by_themselves() -> None:
    assert copies([entry(1, "Không có gì mới."), entry(2, "Không có gì mới.", days=9)], AT) == {}


def test_a_text_used_for_everybody_is_found_each_time() -> None:
    many = [entry(n, TOLD, days=n, person=n, area=n) for n in range(60)]
    assert len(copies(many, LONG_AGO)) == 59


def test_a_quarter_of_two_thousand_visits_takes_seconds() -> None:
    entries, _ = visits(1, honest_ones=1900, planted=100)
    began = time.process_time()
    copies(entries, LONG_AGO)
    assert time.process_time() - began < 10


def entry(number: int, text: str, *, days: int = 0, person: int = 1, area: int = 1) -> Entry:
    at = AT + timedelta(days=days)
    return Entry(number, person, area, date(2026, 11, 1) + timedelta(days=days), at, text)
