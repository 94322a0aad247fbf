import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.plain import MOST, numbered, page, split, units, worded
from bot.messages import Option

texts = st.text(st.sampled_from("aăb ôị\n.!?…”́đ\U0001f600Đ"), max_size=200)


@given(texts, st.integers(min_value=4, max_value=60))
def test_parts_fit_and_joined_are_the_text_again(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert "".join(parts) == text
    assert all(units(part) <= limit for part in parts)


@given(texts, st.integers(min_value=20, max_value=60))
def test_parts_are_no_stubs(text: str, limit: int) -> None:
    assert len(split(text, limit)) <= 1 + units(text) // (limit // 8)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (
            "Câu một dài. Câu hai.\nDòng ba.\n\nĐoạn bốn còn dài nữa",
            "Câu một dài. Câu hai.\nDòng ba.\n\n",
        ),
        ("Câu một dài. Câu hai dài.\nDòng ba còn dài nữa nữa", "Câu một dài. Câu hai dài.\n"),
        ("Câu một dài. Câu hai dài. Câu ba còn dài nữa nữa", "Câu một dài. Câu hai dài. "),
        ("một câu rất dài không có dấu nào ở trong cả đâu", "một câu rất dài không có dấu nào ở "),
        ("x" * 60, "x" * 36),
    ],
)
def test_a_text_is_cut_at_the_best_place(text: str, first: str) -> None:
    assert split(text, 36)[0] == first


def test_units_are_those_of_utf_16() -> None:
    assert units("Tỉnh ủy") == 7
    assert units("\U0001f600") == 2


def test_a_letter_keeps_its_marks() -> None:
    assert split("aaaa\u0301", 4) == ["aaa", "a\u0301"]


def test_eight_choices_are_printed_and_the_rest_stands_behind_more() -> None:
    options = [Option(f"Xã {n}", f"xa {n}") for n in range(20)]
    first = page(options)
    assert len(first) == MOST + 1
    assert first[-1] == Option("Xem thêm", "xem them 8")
    assert page(options, 16) == tuple(options[16:])
    assert page(options[:8]) == tuple(options[:8])


def test_choices_are_short_numbered_lines() -> None:
    said = numbered([Option("Gửi", "gui"), Option("Sửa", "sua")])
    assert said == "Trả lời số:\n1. Gửi\n2. Sửa"


def test_choices_without_numbers_say_what_to_type() -> None:
    said = worded([Option("Cho ý kiến", "KN-312 y kien"), Option("Mở trang", "", "https://a.vn")])
    assert said == "Cho ý kiến: nhắn “KN-312 y kien”\nMở trang: https://a.vn"
