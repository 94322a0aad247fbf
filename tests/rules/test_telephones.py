"""Whose number stays in a text, and what is no telephone number."""

import pytest

from bot.rules.telephones import COVERED, Cover

FORMS = [
    *("0912345678", "0912 345 678", "0912.345.678", "091-234-5678"),
    *("+84 912 345 678", "02563812345"),
]


@pytest.mark.parametrize("number", FORMS)
def test_the_number_of_another_is_covered_and_ones_own_stays(number: str) -> None:
    said = f"Liên hệ: đồng chí Ngô Văn Ngoài, điện thoại {number}."
    assert Cover("0900 000 001")(said) == (
        f"Liên hệ: đồng chí Ngô Văn Ngoài, điện thoại {COVERED}."
    )
    assert Cover(number)(said) == said


def test_ones_own_number_is_known_however_it_is_written() -> None:
    assert Cover("+84912345678")("0912 345 678, 0900 000 001") == f"0912 345 678, {COVERED}"


def test_a_number_of_the_roster_is_covered_in_the_form_it_has_there() -> None:
    cover = Cover("(0256) 38 12 346", ["(0256) 38 12 345", "38 12 345 (máy 2)", ""])
    assert cover("gọi (0256) 38 12 345") == f"gọi {COVERED}"
    assert cover("gọi (0256) 38 12 346") == "gọi (0256) 38 12 346"


@pytest.mark.parametrize(
    "text",
    [
        "ngày 01.12.2026 07:15",
        "2026-11-24T07:15:00+07:00",
        "1.246.000 đồng, 0,5%",
        "file AgACAgUAAxkB-0912345678-x",
        "051234567890",
        "số 02-QĐ/TU ngày 29/4/2021",
    ],
)
def test_what_is_no_telephone_number_stays(text: str) -> None:
    assert Cover("", ["0900 000 001"])(text) == text
