import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.plain import MOST, page, printed, split, units
from bot.conversation.commands import press_token
from bot.messages import Option, Outgoing

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


def shown(*options: Option, text: str = "Đồng chí chọn:") -> Outgoing:
    return Outgoing(text, tuple((option,) for option in options))


def press(value: str, label: str) -> Option:
    return Option(label, press_token(41, "area_id", value))


def test_eight_choices_are_printed_and_the_rest_stands_behind_more() -> None:
    options = [Option(f"Xã {n}", f"xa {n}") for n in range(20)]
    first = page(options, "xem them 7 8")
    assert len(first) == MOST + 1
    assert first[-1] == Option("Xem thêm", "xem them 7 8")
    assert page(options[:8], "") == tuple(options[:8])


def test_a_list_that_ends_in_its_own_more_gets_no_second_one() -> None:
    options = [*(Option(f"KN-{n}", f"KN-{n}") for n in range(8)), Option("Xem thêm", "viec 8")]
    assert page(options, "other") == tuple(options)


def test_what_stands_after_the_lists_own_way_on_is_offered_as_a_word() -> None:
    rows = [(Option(f"KN-{n}", f"KN-{n}"),) for n in range(8)]
    pack = (Option("Tài liệu họp mặt", "hopmat"),)
    said = printed(Outgoing("Việc", (*rows, (Option("Xem thêm", "viec 8"),), pack)))
    assert said.count("Xem thêm") == 1
    assert said.endswith("8. KN-7\n9. Xem thêm\nHoặc nhắn: Tài liệu họp mặt")


def test_choices_are_short_numbered_lines_below_the_text() -> None:
    said = printed(shown(Option("Gửi", "gui"), Option("Sửa", "sua")))
    assert said == "Đồng chí chọn:\n\nTrả lời số:\n1. Gửi\n2. Sửa"


def test_controls_are_words_and_have_no_number() -> None:
    said = printed(
        shown(press("1", "Xã Hòa Mẫu"), press(":back", "Quay lại"), press(":later", "Để sau"))
    )
    assert said.endswith("Trả lời số:\n1. Xã Hòa Mẫu\nHoặc nhắn: Quay lại · Để sau")


def test_a_page_further_in_a_form_has_a_number() -> None:
    said = printed(shown(press("1", "Xã Hòa Mẫu"), press(":page 8", "Xem thêm")))
    assert said.endswith("1. Xã Hòa Mẫu\n2. Xem thêm")


def test_where_numbers_would_mislead_labels_are_offered_as_words() -> None:
    said = printed(
        shown(Option("Xem KN-305", "KN-305"), Option("Nhắc lại sau", "nhacsau")), numbers=False
    )
    assert said == "Đồng chí chọn:\n\nHoặc nhắn: Xem KN-305 · Nhắc lại sau"


def test_a_link_is_a_line_and_no_choice() -> None:
    said = printed(shown(Option("Mở trang", "", "https://a.vn"), Option("Gửi", "gui")))
    assert said.endswith("\n\nMở trang: https://a.vn\nTrả lời số:\n1. Gửi")


def test_a_list_in_the_body_looks_like_no_choice() -> None:
    text = "Nắm:\n1. Đất đai\n 2. Trường lớp, 3. trạm y tế\n24/11 họp"
    assert printed(shown(Option("Gửi", "gui"), text=text)).startswith(
        "Nắm:\n1) Đất đai\n 2) Trường lớp, 3. trạm y tế\n24/11 họp\n"
    )
    assert printed(Outgoing(text)) == text
