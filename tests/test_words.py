"""Comparison without marks, and figures and days as people read them."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.words import (
    bare_name,
    day,
    decimal,
    exact,
    find,
    fold,
    full_day,
    marked,
    natural,
    nfc,
    plain,
    vietnamese_number,
    weekday,
)

AREAS = [
    ("A1", "Xã Hòa Mẫu"),
    ("A2", "Phường Tân Mẫu"),
    ("A3", "Xã Tân Mẫu"),
    ("A4", "Xã Long Mẫu"),
    ("A5", "Xã Long Mẫu Đông"),
    ("A6", "Xã Long Mậu"),
]
PEOPLE = [("CB1", "Nguyễn Văn Mẫu"), ("CB2", "Phạm Văn Ví"), ("CB3", "Nguyễn Thị Mẫu Đơn")]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đảng ủy xã  Hòa\tMẫu", "dang uy xa hoa mau"),
        ("Ðảng ủy", "dang uy"),
        ("HÐND", "hdnd"),
        ("ðặc khu", "dac khu"),
        ("Quy Nhơn ", "quy nhon"),
        ("Ưu Ươn Êm Ăn Âm Ôn", "uu uon em an am on"),
        ("02-QÐ/TU", "02-qd/tu"),
    ],
)
def test_marks_capitals_and_the_icelandic_letter_fold_away(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


@given(st.text())
def test_plain_keeps_the_length_of_the_composed_text(text: str) -> None:
    assert len(plain(text)) == len(nfc(text))


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_both_places_of_the_tone_are_one_word_and_another_mark_is_not() -> None:
    assert marked("Hoà Ủy") == marked("Hòa Uỷ")
    assert marked("Hóa") != marked("Hòa")


@pytest.mark.parametrize(
    ("part", "keys"),
    [
        ("hoa mau", ["A1"]),
        ("Hòa Mẫu", ["A1"]),
        ("xã Hoà Mẫu", ["A1"]),
        ("hoa", ["A1"]),
        ("tan mau", ["A2", "A3"]),
        ("xã tân mẫu", ["A3"]),
        ("P. Tân Mẫu", ["A2", "A3"]),
        ("phuong tan mau", ["A2"]),
        ("long mau", ["A4", "A6", "A5"]),
        ("Long Mậu", ["A6"]),
        ("Long Mẫu", ["A4", "A5"]),
        ("dong", ["A5"]),
        ("ong", []),
        ("", []),
        ("nơi khác", []),
    ],
)
def test_an_area_is_found_by_part_of_its_name(part: str, keys: list[str]) -> None:
    assert find(part, AREAS) == keys
    assert find(unicodedata.normalize("NFD", part), AREAS) == keys


def test_a_person_is_found_by_the_given_name_with_or_without_the_address() -> None:
    assert find("đc Ví", PEOPLE) == ["CB2"]
    assert find("đ/c ví", PEOPLE) == ["CB2"]
    assert find("mau", PEOPLE) == ["CB1", "CB3"]


def test_a_full_name_decides_against_longer_names() -> None:
    assert exact("long mẫu", AREAS) == ["A4"]
    assert exact("Long Mau", AREAS) == ["A4", "A6"]
    assert exact("long", AREAS) == []


def test_a_level_word_alone_is_a_name() -> None:
    assert bare_name("Xã") == "xa"
    assert bare_name("Đặc khu Mẫu") == "mau"


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (581, "581"), (1246, "1.246"), (19080, "19.080"), (-1272, "-1.272")],
)
def test_thousands_are_parted_by_a_dot(number: int, text: str) -> None:
    assert vietnamese_number(number) == text


def test_decimals_follow_a_comma_and_halves_go_up() -> None:
    assert decimal(88.0, 1) == "88,0"
    assert decimal(Decimal("1183.7"), 1) == "1.183,7"
    assert decimal(Decimal("0.25"), 1) == "0,3"
    assert decimal(2.5, 0) == "3"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2026, 12, 3), "03/12"),
        (date(2026, 4, 5), "05/4"),
        (date(2026, 11, 24), "24/11"),
        (date(2026, 2, 11), "11/02"),
        (date(2026, 1, 1), "01/01"),
        (date(2026, 3, 31), "31/3"),
    ],
)
def test_a_day_is_written_as_documents_write_it(value: date, text: str) -> None:
    assert day(value) == text


def test_the_day_of_the_week_has_its_name() -> None:
    assert weekday(date(2026, 11, 24)) == "Thứ Ba"
    assert weekday(date(2026, 11, 29)) == "Chủ nhật"
    assert full_day(date(2026, 11, 24)) == "24/11/2026"


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("012", 12), ("999999999", 999_999_999), ("9999999999", None), ("²", None)]
    + [(said, None) for said in ("", "-1", "1.5", "1 ", "١", "x1")],
)
def test_a_number_of_a_button_is_plain_digits_and_not_huge(text: str, number: int | None) -> None:
    assert natural(text) == number
