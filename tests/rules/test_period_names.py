"""Periods as people name them."""

from datetime import date

import pytest

from bot.rules.period_names import read

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("said", "code", "rest"),
    [
        ("tháng 10", "2026-10", ""),
        ("thang 10/2025", "2025-10", ""),
        ("Tháng 12", "2025-12", ""),
        ("t9", "2026-09", ""),
        ("10/2026", "2026-10", ""),
        ("2026-10 tinh quahan 2", "2026-10", "tinh quahan 2"),
        ("quý III", "2026-Q3", ""),
        ("quý 1/2026", "2026-Q1", ""),
        ("Q4 2025", "2025-Q4", ""),
        ("2026-q4", "2026-Q4", ""),
        ("6 tháng đầu năm", "2026-H1", ""),
        ("sáu tháng cuối năm 2025", "2025-H2", ""),
        ("9 tháng", "2026-9T", ""),
        ("9 tháng đầu năm 2025", "2025-9T", ""),
        ("năm 2025", "2025", ""),
        ("tháng này", "2026-11", ""),
        ("tháng trước", "2026-10", ""),
        ("quý này", "2026-Q4", ""),
        ("quý trước", "2026-Q3", ""),
        ("năm ngoái", "2025", ""),
        ("tháng 10 nổi lên", "2026-10", "noi len"),
    ],
)
def test_a_named_period_is_read_with_what_follows(said: str, code: str, rest: str) -> None:
    found, left = read(said, TODAY)
    assert found is not None
    assert (found.code, left) == (code, rest)


@pytest.mark.parametrize("said", ["", "tháng 13", "hôm qua", "quý 5", "noilen 2"])
def test_what_names_no_period_is_left_as_it_is(said: str) -> None:
    assert read(said, TODAY)[0] is None
