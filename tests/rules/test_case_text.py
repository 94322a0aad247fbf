from datetime import date

import pytest

from bot.rules.case_text import area_in, document_in, kind_in, source_in, without_opening

AREAS = [("1", "Xã Hòa Mẫu"), ("2", "Phường Tân Mẫu")]


@pytest.mark.parametrize("opening", ["Kiến nghị: ", "kien nghi: ", "PHẢN ÁNH : ", ""])
def test_the_opening_word_goes_and_the_sentence_begins_with_a_capital(opening: str) -> None:
    assert without_opening(f"{opening}sửa cầu thôn 3") == "Sửa cầu thôn 3"


def test_a_recommendation_without_a_colon_is_left_as_it_is() -> None:
    assert without_opening("Kiến nghị sửa cầu") == "Kiến nghị sửa cầu"


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("Trạm y tế dột, theo Công văn số 12-CV/ĐU.", "Công văn số 12-CV/ĐU"),
        ("theo cv 12-cv/đu ngày 3.11.2026", "Công văn số 12-CV/ĐU ngày 03/11/2026"),
        ("theo tờ trình 45/TTr-UBND ngày 3/11", "Tờ trình 45/TTr-UBND ngày 3/11"),  # which year
        ("Đã có công văn nhưng chưa trả lời", ""),
        ("Sửa cầu thôn 3", ""),
    ],
)
def test_a_document_is_found_by_its_number(text: str, document: str) -> None:
    assert document_in(text, date(2026, 11, 24)) == document


def test_the_source_is_the_commune_or_whom_the_words_name() -> None:
    assert source_in("bà con mong sửa cầu", commune=True) == "cap_uy"
    assert source_in("bà con mong sửa cầu", commune=False) == "nhan_dan"
    assert source_in("cầu thôn 3 yếu", commune=False) == "can_bo"


def test_the_kind_is_kien_nghi_unless_the_words_say_otherwise() -> None:
    assert kind_in("sửa cầu") == "kien_nghi"
    assert kind_in("phản ánh ô nhiễm") == "phan_anh"


def test_an_area_counts_only_when_one_alone_is_named() -> None:
    assert area_in("Bà con xã Hòa Mẫu xin sửa cầu", AREAS) == "1"
    assert area_in("ba con tan mau xin sua cau", AREAS) == "2"
    assert area_in("Hòa Mẫu và Tân Mẫu", AREAS) == ""
    assert area_in("Sửa cầu thôn 3", AREAS) == ""
