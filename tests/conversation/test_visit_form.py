"""The visit form: one message, or part by part."""

import pytest

from bot.forms.visit import FORM, visit_answers
from bot.rules.freetext import read_visit
from tests.conversation.talk import AREAS, DictLook, Talk

NAMES = [(choice.token, choice.label) for choice in AREAS]
TOLD = (
    "Sáng nay tôi dự họp Đảng ủy xã Hòa Mẫu. Tình hình chung ổn định, khu tái định cư giao đất "
    "còn chậm. Góp ý xã công khai danh sách hộ đủ điều kiện. Kiểm tra bộ phận một cửa, hồ sơ "
    "đúng hạn. Kiến nghị sửa cầu thôn 3 trước mùa mưa"
)
REVIEW = """Xin đồng chí xem lại trước khi gửi

ĐI CƠ SỞ · Xã Hòa Mẫu
Thứ Ba, 24/11/2026 · Dự họp cấp ủy
Nắm: Tình hình chung ổn định, khu tái định cư giao đất còn chậm.
Góp ý: Xã công khai danh sách hộ đủ điều kiện.
Kiểm tra: Bộ phận một cửa, hồ sơ đúng hạn.
Kiến nghị: Sửa cầu thôn 3 trước mùa mưa."""


def told(text: str) -> Talk:
    answers = visit_answers(read_visit(text, DictLook().today(), NAMES))
    return Talk(FORM, **{"told": text, **answers, "_parts": True})


def test_one_message_is_a_whole_slip() -> None:
    talk = told(TOLD)
    assert talk.prompt.text == REVIEW
    assert [[o.label for o in row] for row in talk.prompt.rows] == [
        ["Gửi"],
        ["Sửa", "Thêm", "Để sau"],
    ]
    assert talk.presses("Gửi").step.end == "submit"


def test_the_shortest_guided_log_takes_five_replies() -> None:
    talk = Talk(FORM, area_id="1")
    talk.presses("Hôm qua").presses("Họp thôn, tổ dân phố").says("Bà con đồng thuận")
    talk.presses("Xong, xem lại").presses("Gửi")
    assert talk.step.end == "submit"


def test_all_three_parts_take_at_most_eight_replies() -> None:
    talk = Talk(FORM)
    talk.presses("Xã Hòa Mẫu").presses("Hôm nay").presses("Tiếp dân")
    talk.says("Ổn định").says("Công khai").says("Đúng hạn").presses("Gửi")
    assert talk.step.end == "submit"


def test_from_a_reminder_the_day_is_asked_and_the_rest_told_in_one_message() -> None:
    talk = Talk(FORM, area_id="1", _parts=True)
    assert talk.labels == ["Hôm nay", "Hôm qua", "Ngày khác"]
    talk.presses("Hôm qua").says(
        "Họp thôn 3 về hiến đất mở đường, bà con đồng thuận, còn 2 hộ chưa thống nhất ranh giới"
    )
    assert "Thứ Hai, 23/11/2026 · Họp thôn" in talk.prompt.text
    assert talk.draft.value("visited_on") == "2026-11-23"


def test_a_slip_without_any_part_is_not_sent() -> None:
    talk = Talk(FORM, area_id="1").presses("Hôm nay").presses("Tiếp dân")
    talk.presses("Bỏ qua").presses("Bỏ qua").presses("Bỏ qua").presses("Gửi")
    assert talk.step.end == ""
    assert "ít nhất một phần" in talk.prompt.text


def test_an_item_raised_behind_more_is_asked_for_its_outcome() -> None:
    talk = told(TOLD).presses("Thêm").presses("Kiến nghị").says("Bà con hỏi giá đất")
    talk.presses("Đã giải thích tại chỗ")
    assert talk.draft.value("raised")[-1] == {
        "text": "Bà con hỏi giá đất",
        "outcome": "explained",
    }
    assert "Bà con hỏi giá đất (đã giải thích tại chỗ)" in talk.prompt.text


def test_a_commitment_a_companion_a_place_and_a_photo_stand_behind_more() -> None:
    talk = told(TOLD).presses("Thêm").presses("Việc hẹn lại").says("Xã báo lại trước 15/12")
    talk.presses("Thêm").presses("Cùng đi").says("Đồng chí Phó Giám đốc")
    talk.presses("Thêm").presses("Vị trí").sends_place()
    talk.presses("Thêm").presses("Ảnh").sends_photo("cầu").presses("Xong, xem lại")
    for line in ("Việc hẹn lại: Xã báo lại trước 15/12", "Cùng đi: Đồng chí Phó Giám đốc"):
        assert line in talk.prompt.text
    assert "Kèm 1 ảnh (cầu)" in talk.prompt.text
    assert "Kèm vị trí" in talk.prompt.text


def test_whoever_tells_the_visit_under_the_first_question_need_not_tell_it_again() -> None:
    talk = Talk(FORM).says(TOLD)
    assert talk.prompt.text == REVIEW


def test_what_is_told_under_the_day_may_name_another_area() -> None:
    talk = Talk(FORM, area_id="2")
    assert talk.prompt.text == "Đồng chí đi phường Tân Mẫu ngày nào?"
    assert "ĐI CƠ SỞ · Xã Hòa Mẫu" in talk.says(TOLD).prompt.text


def test_a_recommendation_said_to_be_one_is_not_taken_for_a_visit() -> None:
    talk = Talk(FORM, area_id="2")
    talk.says("Kiến nghị: bà con thôn 3 đề nghị sửa cầu trước mùa mưa")
    assert "told" not in talk.draft.answers


def test_several_areas_in_one_message_are_asked_about() -> None:
    talk = Talk(FORM).says("Hôm nay tôi làm việc ở xã Hòa Mẫu và phường Tân Mẫu, giao đất còn chậm")
    assert "mỗi nơi ghi một phiếu" in talk.prompt.text
    assert talk.presses("Phường Tân Mẫu").draft.value("area_id") == "2"


@pytest.mark.parametrize(
    ("said", "told_back"),
    [
        ("Ngày mai tôi dự họp Đảng ủy xã Hòa Mẫu", "Ngày mai là ngày chưa tới. "),
        ("Sáng 26/11 tôi dự họp Đảng ủy xã Hòa Mẫu", "Sáng 26/11 là ngày chưa tới. "),
        ("Hòa Mẫu 12/4 họp thôn 3", ""),  # rather the April gone by
        ("Hôm nọ tôi dự họp Đảng ủy xã Hòa Mẫu", ""),
    ],
)
def test_a_day_that_has_not_come_is_named_before_the_day_is_asked(
    said: str, told_back: str
) -> None:
    talk = told(f"{said}, bà con đồng thuận")
    assert talk.prompt.text == f"{told_back}Đồng chí đi xã Hòa Mẫu ngày nào?"
    talk.presses("Hôm qua")
    assert "chưa tới" not in talk.presses("Sửa").presses("Ngày").prompt.text


def test_an_edited_message_is_read_anew_whole() -> None:
    talk = Talk(FORM).says(TOLD)
    talk.edits_message(0, TOLD.replace("Kiến nghị sửa cầu thôn 3 trước mùa mưa", "Hẹn xã báo lại"))
    assert "Kiến nghị" not in talk.prompt.text
    assert "Việc hẹn lại: Xã báo lại." in talk.prompt.text


def test_a_helper_is_not_asked_where_the_helper_went() -> None:
    talk = Talk(FORM, _for=7)
    assert talk.prompt.text == "Chuyến đi xã, phường nào?"


@pytest.mark.parametrize("word", ["Lưu", "lưu", "luu", "gửi"])
def test_what_the_office_enters_for_somebody_is_kept(word: str) -> None:
    answers = visit_answers(read_visit(TOLD, DictLook().today(), NAMES))
    talk = Talk(FORM, **{"told": TOLD, **answers, "_parts": True, "_how": "Nhập thay"})
    assert talk.prompt.text.startswith("Xin đồng chí xem lại trước khi lưu\n")
    assert talk.labels[0] == "Lưu"
    assert talk.says(word).step.end == "submit"


def test_each_part_of_a_visit_told_in_one_message_can_be_put_right() -> None:
    talk = told(TOLD).presses("Sửa")
    assert {"Nắm", "Góp ý", "Kiểm tra", "Kiến nghị"} < set(talk.labels)
    talk.presses("Góp ý").says("Xã niêm yết danh sách")
    assert "Góp ý: Xã niêm yết danh sách" in talk.prompt.text


def test_a_part_left_empty_can_still_be_added() -> None:
    talk = told("Sáng nay tôi dự họp Đảng ủy xã Hòa Mẫu. Tình hình chung ổn định").presses("Thêm")
    assert "Nắm" not in talk.labels
    talk.presses("Kiểm tra").says("Bộ phận một cửa, hồ sơ đúng hạn")
    assert "Kiểm tra: Bộ phận một cửa" in talk.prompt.text
    assert "Góp ý" in talk.presses("Thêm").labels


def test_sentences_are_kept_also_where_a_part_is_to_be_picked() -> None:
    talk = told(TOLD).presses("Sửa").says("bà con mong sớm có nước sạch")
    assert "Đã giữ câu “bà con mong sớm có nước sạch”" in talk.prompt.text
    talk.says("trường mẫu giáo còn thiếu hai phòng").presses("Nắm")
    assert "nước sạch" in talk.prompt.text
    assert "thiếu hai phòng" in talk.prompt.text


def test_a_word_that_picks_nothing_is_asked_again() -> None:
    talk = told(TOLD).presses("Sửa").says("góp")
    assert talk.prompt.text.startswith("Xin chọn một trong các mục dưới đây.")


def test_a_message_without_words_is_asked_again_without_quoting_it() -> None:
    talk = Talk(FORM).says("")
    assert talk.prompt.text.startswith("Xin chọn một trong các mục dưới đây.\n\n")
