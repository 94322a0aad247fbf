"""Numbers as Vietnamese write them: right, or asked about, never guessed."""

import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.numbers import Open, read_number
from bot.words import decimal, vietnamese_number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.183,7", "1183.7"),
        ("13,5%", "13.5"),
        ("4.702", "4702"),
        ("494,89", "494.89"),
        ("1.246", "1246"),
        ("46,6%", "46.6"),
        ("15.706 lượt", "15706"),
        ("16.340", "16340"),
        ("12", "12"),
        ("012", "12"),
        ("83%", "83"),
        ("12 hộ", "12"),
        ("150 m2", "150"),
        ("1 246", "1246"),
        ("12.345.678", "12345678"),
        ("1.246,75 ha", "1246.75"),
        ("0,125", "0.125"),
        ("-5", "-5"),
        ("3.000", "3000"),
        ("12.", "12"),
    ],
)
def test_a_clear_number_is_read(text: str, value: str) -> None:
    assert read_number(text) == Decimal(value)
    assert read_number(unicodedata.normalize("NFD", text)) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("2.2", ("2.2", "22")),
        ("0.5", ("0.5", "5")),
        ("100.0", ("100.0", "1000")),
        ("1234.567", ("1234.567", "1234567")),
        ("1,246", ("1.246", "1246")),
        ("1,234,567", ("1234567",)),
        ("4.702 tỉ", ("4702", "4702000000000")),
        ("2,2 triệu USD", ("2.2", "2200000")),
        ("-2.2", ("-2.2", "-22")),
    ],
)
def test_an_uncertain_number_is_asked_about(text: str, candidates: tuple[str, ...]) -> None:
    assert read_number(text) == Open(tuple(Decimal(one) for one in candidates))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mười hai",
        "1.2.3",
        "1,2,3",
        "12 5",
        "12.34,5",
        "5/12",
        "1e5",
        "12 hộ, 5 người",
        "KN-312",
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_number(text) is None


@given(st.integers(0, 10**12))
def test_a_printed_whole_number_reads_back(number: int) -> None:
    assert read_number(vietnamese_number(number)) == number
    assert read_number(str(number)) == number


@given(st.decimals(0, 10**9, places=2))
def test_a_printed_decimal_reads_back(number: Decimal) -> None:
    assert read_number(decimal(number, 2)) == number


@given(st.decimals(0, 10**6, places=3))
def test_three_places_are_right_or_asked_about(number: Decimal) -> None:
    read = read_number(decimal(number, 3))
    assert read == number or (isinstance(read, Open) and number in read.candidates)


@given(st.integers(0, 999), st.integers(0, 99))
def test_a_decimal_dot_is_never_read_silently(whole: int, places: int) -> None:
    assert isinstance(read_number(f"{whole}.{places}"), Open)
