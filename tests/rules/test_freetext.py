"""One free message becomes the parts of a visit, word for word, and nothing beyond that."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.dates import Open
from bot.rules.freetext import (
    VisitText,
    looks_like_visit,
    read_visit,
    sentences,
)
from bot.rules.mentions import mentions
from bot.words import fold

TUESDAY = date(2026, 11, 24)
AREAS = [
    ("HM", "Xã Hòa Mẫu"),
    ("TM", "Phường Tân Mẫu"),
    ("LM", "Xã Long Mẫu"),
    ("TN", "Phường Thống Nhất"),
    ("AT", "Xã An Toàn"),
]
LONG = (
    "Sáng nay tôi dự họp Đảng ủy xã Hòa Mẫu. Tình hình chung ổn định, khu tái định cư giao đất còn "
    "chậm. Góp ý xã công khai danh sách hộ đủ điều kiện. Kiểm tra bộ phận một cửa, hồ sơ đúng hạn. "
    "Kiến nghị sửa cầu thôn 3 trước mùa mưa"
)


def read(text: str) -> VisitText:
    return read_visit(text, TUESDAY, AREAS)


@pytest.mark.parametrize("text", [LONG, unicodedata.normalize("NFD", LONG)])
def test_the_free_message_of_the_first_chair_comes_out_word_for_word(text: str) -> None:
    assert read(text) == VisitText(
        area_keys=["HM"],
        visited_on=TUESDAY,
        activity="du_hop_cap_uy",
        situation="Tình hình chung ổn định, khu tái định cư giao đất còn chậm.",
        advice="Xã công khai danh sách hộ đủ điều kiện.",
        check="Bộ phận một cửa, hồ sơ đúng hạn.",
        raised=["Sửa cầu thôn 3 trước mùa mưa."],
        commitments=[],
        opening="Sáng nay tôi dự họp Đảng ủy xã Hòa Mẫu.",
    )


def test_the_same_message_without_marks_goes_to_the_same_parts() -> None:
    told = read(fold(LONG))
    assert (told.area_keys, told.visited_on, told.activity) == (["HM"], TUESDAY, "du_hop_cap_uy")
    assert told.advice == "Xa cong khai danh sach ho du dieu kien."
    assert told.check == "Bo phan mot cua, ho so dung han."
    assert told.raised == ["Sua cau thon 3 truoc mua mua."]
    assert told.situation.startswith("tinh hinh chung")


def test_an_answer_after_the_reminder_keeps_its_sentence_whole() -> None:
    text = "Họp thôn 3 về hiến đất mở đường, bà con đồng thuận, còn 2 hộ chưa thống nhất ranh giới"
    assert read(text) == VisitText(activity="thon", situation=text)


def test_a_slip_on_paper_says_when_and_where_in_its_first_clause() -> None:
    told = read("Tân Mẫu 29/10 họp tổ dân phố 5, dân hỏi giá đất tái định cư, đã giải thích")
    assert (told.area_keys, told.visited_on, told.activity) == (["TM"], date(2026, 10, 29), "thon")
    assert told.situation == "dân hỏi giá đất tái định cư, đã giải thích"


def test_the_example_of_the_reminder_is_a_visit() -> None:
    told = read("Hòa Mẫu 19/11 họp thôn 3, tình hình …")
    assert (told.area_keys, told.visited_on, told.activity) == (["HM"], date(2026, 11, 19), "thon")
    assert told.situation == "tình hình …"


@pytest.mark.parametrize(
    ("text", "part", "said"),
    [
        ("Góp ý: xã họp dân", "advice", "Xã họp dân."),
        ("- Góp ý xã họp dân.", "advice", "Xã họp dân."),
        ("Tôi góp ý xã họp dân", "advice", "Xã họp dân."),
        ("GÓP Ý xã họp dân", "advice", "Xã họp dân."),
        ("gop y xa hop dan", "advice", "Xa hop dan."),
        ("Kiểm tra kho lưu trữ, tốt", "check", "Kho lưu trữ, tốt."),
        ("Nắm: dân lo giá phân bón", "situation", "Dân lo giá phân bón."),
        ("Kiến nghị tỉnh hỗ trợ", "raised", ["Tỉnh hỗ trợ."]),
        ("Đề nghị tỉnh hỗ trợ", "raised", ["Tỉnh hỗ trợ."]),
        ("Kiến nghị của bà con: sửa cầu", "raised", ["Của bà con: sửa cầu."]),
        ("Hẹn xã ngày 15/12 quay lại", "commitments", ["Xã ngày 15/12 quay lại."]),
        ("Hẹn lại: xã báo kết quả", "commitments", ["Xã báo kết quả."]),
        ("Kiến nghị A; kiến nghị B", "raised", ["A.", "B."]),
        ("Góp ý một. Góp ý hai", "advice", "Một. Hai."),
    ],
)
def test_a_leading_word_sends_the_sentence_to_its_part(
    text: str, part: str, said: str | list[str]
) -> None:
    told = read(text)
    assert getattr(told, part) == said
    others = {"situation", "advice", "check", "raised", "commitments"} - {part}
    assert not any(getattr(told, other) for other in others)


@pytest.mark.parametrize(
    "text",
    [
        "Kiến nghị của dân đã được gửi",
        "Góp ý này xã đã tiếp thu",
        "Bà con kiến nghị sửa cầu",
        "Xã đề nghị hoãn",
        "Góp vốn làm đường",
        "Hẹp đường vào thôn",
        "Tình hình ổn định, kiến nghị nhiều",
        "TP. Quy Nhơn hỗ trợ 1.246 hộ, v.v. và các hộ khác",
    ],
)
def test_everything_else_is_situation_as_it_was_typed(text: str) -> None:
    assert read(text).situation == text


def test_a_clause_with_content_is_kept_whole() -> None:
    text = "Sáng nay tôi dự họp Đảng ủy xã Hòa Mẫu bàn dự toán 2027."
    told = read(text)
    assert (told.situation, told.area_keys, told.visited_on) == (text, ["HM"], TUESDAY)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Bà con phấn khởi", None),
        ("Hôm qua tôi đi Hòa Mẫu, bà con phấn khởi", date(2026, 11, 23)),
        ("Bà con phấn khởi. Hôm qua tôi đi Hòa Mẫu xem kho", date(2026, 11, 23)),
        ("Bà con phấn khởi. Ngày 19/11.", date(2026, 11, 19)),
        ("Bà con phấn khởi. Hòa Mẫu 19/11.", date(2026, 11, 19)),
        ("Họp thôn 3, lũ ngày 12/10 làm hỏng cầu", Open((date(2026, 10, 12),))),
        ("Ngày 12/10 lũ làm hỏng cầu thôn 3", Open((date(2026, 10, 12),))),
        ("Kiểm tra kho sáng 20/11, tốt", Open((date(2026, 11, 20),))),
        ("Hòa Mẫu 7.4.2026 họp thôn 3", date(2026, 4, 7)),
        ("Thứ ba họp thôn 3, đông", Open((TUESDAY, date(2026, 11, 17)))),
        ("Hòa Mẫu 25/11/2026 họp thôn 3", Open()),
    ],
)
def test_the_day_of_the_visit_is_certain_or_asked_about(text: str, day: date | Open | None) -> None:
    assert read(text).visited_on == day


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Hôm qua tôi đi Hòa Mẫu và Tân Mẫu, bà con phấn khởi", ["HM", "TM"]),
        ("hop dang uy xa hoa mau, on dinh", ["HM"]),
        ("hoa mau hom qua hop thon 3", ["HM"]),
        ("đi long mẫu hôm qua", ["LM"]),
        ("Tình hình ổn. Kiến nghị sửa đường xã Long Mẫu", []),
        ("Họp thôn, chưa thống nhất ranh giới", []),
        ("đảm bảo an toàn giao thông", []),
        ("Hôm qua tôi đi xã an toàn", ["AT"]),
        ("Đồng chí Trần Hòa Mẫu Đơn dự", []),
    ],
)
def test_areas_are_those_the_opening_names(text: str, keys: list[str]) -> None:
    assert read(text).area_keys == keys


def test_names_that_collide_are_both_kept_unless_level_or_marks_decide() -> None:
    twins = [("A", "Xã Tân Mẫu"), ("B", "Phường Tân Mẫu"), ("C", "Xã Tấn Mậu")]
    assert [one.key for one in mentions("đi Tân Mẫu", twins)] == ["A", "B"]
    assert [one.key for one in mentions("đi xã Tân Mẫu", twins)] == ["A"]
    assert [one.key for one in mentions("di tan mau", twins)] == ["A", "B", "C"]
    assert [one.key for one in mentions("đi Tấn Mậu", twins)] == ["C"]


def test_a_longer_name_wins_over_the_one_in_it() -> None:
    areas = [("A", "Xã Long Mẫu"), ("B", "Xã Long Mẫu Đông")]
    assert [one.key for one in mentions("họp xã Long Mẫu Đông", areas)] == ["B"]
    assert [one.key for one in mentions("họp tại Long Mẫu Đông", areas[:1])] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (LONG, True),
        ("Hòa Mẫu 19/11 họp thôn 3, tình hình …", True),
        ("Họp thôn 3 về hiến đất mở đường, bà con đồng thuận, còn 2 hộ", True),
        ("Tôi đã đi Hòa Mẫu hôm qua", True),
        ("- Nắm: dân lo\n- Góp ý: xã họp dân", True),
        ("Hòa Mẫu", False),
        ("Hôm qua gửi rồi mà sao vẫn nhắc?", False),
        ("Kiến nghị: xã Hòa Mẫu hôm qua họp thôn", False),
        ("mời đc Mẫu dự họp Đảng ủy 14h thứ năm 26/11", False),
        ("Đừng nhắn sau 19 giờ", False),
        ("Kiểm tra giúp tôi", False),
        ("", False),
    ],
)
def test_a_message_outside_a_form_may_look_like_a_visit(text: str, expected: bool) -> None:
    assert looks_like_visit(text, AREAS) is expected


def test_sentences_end_at_full_stops_and_not_in_numbers_or_short_forms() -> None:
    assert sentences("Đi TP. Quy Nhơn. Có 1.246 hộ. Ngày 29.4.2021 xong;\nhết") == [
        "Đi TP. Quy Nhơn.",
        "Có 1.246 hộ.",
        "Ngày 29.4.2021 xong;",
        "hết",
    ]


WORDS = st.lists(
    st.sampled_from(
        [
            *("Góp ý", "kiểm tra", "hẹn.", "đề nghị", "tôi", "dự họp", "xã Hòa Mẫu,", "hôm qua"),
            *("19/11", "dân", "vui.", "thôn 3;"),
        ]
    ),
    max_size=14,
).map(" ".join)
LEADING = {"góp", "ý", "kiểm", "tra", "đề", "nghị", "hẹn", "tôi"}


@given(WORDS)
def test_no_word_that_was_typed_gets_lost(text: str) -> None:
    told = read(text)
    kept = " ".join(
        [told.opening, told.situation, told.advice, told.check, *told.raised, *told.commitments]
    )
    typed = {word.strip(".,;").casefold() for word in text.split()} - LEADING
    assert typed <= {word.strip(".,;").casefold() for word in kept.split()}


@given(st.text())
def test_any_text_is_read_without_an_error(text: str) -> None:
    read(text)
    looks_like_visit(text, AREAS)
