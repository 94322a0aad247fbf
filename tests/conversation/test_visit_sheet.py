"""The visit as one sheet: filled in tolerantly, asked once for what is missing, nothing lost."""

import pytest

from bot.conversation.form import Choice
from bot.forms.visit import FORM
from bot.rules.sheets import read_sheet
from bot.words import fold
from tests.conversation.talk import DictLook, Talk

ONE_AREA = DictLook({"visit_areas": (Choice("1", "Xã Hòa Mẫu"),)})
FILLED = """Xã, phường: Hòa Mẫu
Ngày: hôm qua
Việc: họp thôn 3
Nắm: bà con đồng thuận hiến đất
còn 2 hộ chưa thống nhất ranh giới
Góp ý: xã công khai danh sách
Kiểm tra:
Kiến nghị: sửa cầu thôn 3"""


def sheet(look: DictLook | None = None, **known: object) -> Talk:
    return Talk(FORM, look, _sheet=True, **known)


def test_one_message_out_and_one_back_is_a_slip_to_be_sent() -> None:
    talk = sheet()
    assert (
        "Xã, phường:\nNgày: 24/11\nViệc:\nNắm:\nGóp ý:\nKiểm tra:\nKiến nghị:" in talk.prompt.text
    )
    assert "Xã Hòa Mẫu, Phường Tân Mẫu" in talk.prompt.text
    assert talk.labels == ["Hỏi từng câu"]
    talk.says(FILLED)
    assert talk.prompt.text.endswith(
        "ĐI CƠ SỞ · Xã Hòa Mẫu\n"
        "Thứ Hai, 23/11/2026 · Họp thôn\n"
        "Nắm: Bà con đồng thuận hiến đất\ncòn 2 hộ chưa thống nhất ranh giới\n"
        "Góp ý: Xã công khai danh sách\n"
        "Kiến nghị: Sửa cầu thôn 3"
    )
    assert talk.presses("Gửi").step.end == "submit"


@pytest.mark.parametrize(
    "said",
    [
        "Nội dung: họp thôn 3 / Nắm: ổn định / Góp ý: công khai / Kiểm tra: một cửa",
        "noi dung : hop thon\nNAM: ổn định\n- gop y: công khai\n4) Kiem tra = một cửa",
        "Việc: họp thôn; Tình hình: ổn định; Góp ý: công khai; Kiểm tra: một cửa",
    ],
)
def test_lines_are_read_however_they_are_written(said: str) -> None:
    answers = sheet(ONE_AREA, area_id="1").says(said).draft.values()
    assert answers["activity"] == "thon"
    assert [fold(answers[n]) for n in ("situation", "advice", "check")] == [
        "on dinh",
        "cong khai",
        "mot cua",
    ]
    assert answers["visited_on"] == "2026-11-24"


def test_what_is_missing_is_asked_once_and_the_rest_is_kept() -> None:
    talk = sheet(ONE_AREA, area_id="1").says("Việc: họp thôn\nGóp ý:\nNgày: 35/13")
    assert "Dòng Ngày chưa đọc được: “35/13”." in talk.prompt.text
    assert "Còn thiếu: Nắm." in talk.prompt.text
    assert talk.draft.value("activity") == "thon"
    talk.says("Ngày: 20/11\nNắm: ổn định")
    assert talk.prompt.text.endswith("Thứ Sáu, 20/11/2026 · Họp thôn\nNắm: Ổn định")


def test_the_one_missing_part_needs_no_heading() -> None:
    talk = sheet(ONE_AREA, area_id="1").says("Việc: họp thôn").says("bà con đồng thuận")
    assert talk.prompt.text.endswith("Nắm: Bà con đồng thuận")


def test_a_number_that_chooses_nothing_is_no_part_of_the_slip() -> None:
    talk = sheet(ONE_AREA, area_id="1").says("Việc: họp thôn").says("3")
    refused = "“3” không có trong các lựa chọn vừa gửi.\n\nCòn thiếu: Nắm."
    assert talk.prompt.text.startswith(refused)
    assert talk.says("bà con đồng thuận").prompt.text.endswith("Nắm: Bà con đồng thuận")


def test_after_the_second_try_the_ordinary_question_asks() -> None:
    talk = sheet().says("Xã: Quy Nhơn\nViệc: họp thôn\nNắm: ổn định").says("Xã: Quy Nhơn")
    assert talk.prompt.text == "Đồng chí đi xã, phường nào?"
    assert talk.presses("Phường Tân Mẫu").prompt.text.startswith("Xin đồng chí xem lại")


def test_free_words_do_instead_of_the_sheet() -> None:
    talk = sheet().says(
        "Hòa Mẫu hôm qua họp thôn 3, bà con đồng thuận. Góp ý xã công khai danh sách"
    )
    assert "ĐI CƠ SỞ · Xã Hòa Mẫu\nThứ Hai, 23/11/2026 · Họp thôn" in talk.prompt.text


def test_other_work_is_kept_in_its_own_words() -> None:
    talk = sheet(ONE_AREA, area_id="1").says("Việc: dự ngày hội đại đoàn kết\nNắm: vui, đông đủ")
    assert "· dự ngày hội đại đoàn kết" in talk.prompt.text


def test_whoever_wants_it_is_asked_part_by_part() -> None:
    assert sheet().presses("Hỏi từng câu").prompt.text == "Đồng chí đi xã, phường nào?"


def test_a_head_inside_a_sentence_parts_nothing() -> None:
    assert read_sheet("bà con kiến nghị: sửa đường") == ({}, "bà con kiến nghị: sửa đường")
    assert read_sheet("Nắm: bà con kiến nghị: sửa đường")[0] == {
        "situation": "bà con kiến nghị: sửa đường"
    }
