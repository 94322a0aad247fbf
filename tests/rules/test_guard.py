"""Stamps are caught, everyday words are not, citizen numbers are masked."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.guard import Kind, inspect

SECRET = [
    "Gửi đồng chí báo cáo, MẬT, xin xem",
    "MẬT\nBáo cáo tình hình xã Hòa Mẫu",
    "Báo cáo (TỐI MẬT) về tình hình",
    "TUYỆT MẬT. Kế hoạch của tỉnh",
    "kế hoạch TUYỆT  MẬT của tỉnh",
    "ke hoach TUYET MAT cua tinh",
    "bao cao TOI MAT",
    "Xã có tài liệu mật chưa nộp",
    "Đề nghị gửi văn bản mật về tỉnh",
    "Công văn mật số 12",
    "văn bản có độ mật cao",
    "Độ mật: A",
    "Ðộ mật: A",
    "tài liệu tối mật",
    "tài liệu có dấu mật",
    "TÀI LIỆU MẬT của xã",
    "MẬT",
    "TUYỆT MẬT",
]
ASK = [
    "BÁO CÁO TÌNH HÌNH XÃ HÒA MẪU, MẬT",
    "TÔI ĐÃ NHẬN TÀI LIỆU MẬT CỦA TỈNH",
    "đồng chí NGUYỄN VĂN MẬT đã dự họp",
    "xa co tai lieu mat chua nop",
]
CLEAN = [
    *("nuôi ong lấy mật ong", "mật độ dân cư cao", "giữ bí mật", "quan hệ mật thiết với dân"),
    *(
        "an toàn, bảo mật thông tin",
        "trồng mía mật",
        "Mật ong rừng",
        "Mật độ xây dựng",
        "đặt mật khẩu",
    ),
    *(
        "tập huấn bảo vệ bí mật nhà nước",
        "mức độ mật thiết",
        "nồng độ mật ong",
        "sỏi mật",
        "mất điện",
    ),
    *("MẤT ĐIỆN ba ngày", "XÃ CÓ NGHỀ NUÔI ONG LẤY MẬT ONG", "MẬT ĐỘ DÂN CƯ CAO", "bà con mất mùa"),
    *("tiếng chim MẬTAB", "họp mặt cán bộ", "MẶT TRẬN Tổ quốc xã", "van ban moi", "mat do dan cu"),
    *("trao đổi thân mật", "mật", "anh Mật trưởng thôn", "120000000000 đồng", "", "BÍ MẬT"),
    *("tai lieu", "cong van 12", "Tình hình chung ổn định, khu tái định cư giao đất còn chậm."),
]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, Kind.SECRET) for text in SECRET),
        *((text, Kind.ASK) for text in ASK),
        *((text, Kind.CLEAN) for text in CLEAN),
    ],
)
def test_stamps_are_told_from_everyday_words(text: str, kind: Kind, form: str) -> None:
    typed = unicodedata.normalize("NFD", text) if form == "NFD" else text
    verdict = inspect(typed)
    assert verdict.kind is kind
    assert verdict.masked == (typed if kind is Kind.CLEAN else "")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("CCCD 052085001242 của dân", "CCCD 0xx•••••••42 của dân"),
        ("CCCD052085001242", "CCCD0xx•••••••42"),
        ("số 052 085 001 242.", "số 0xx•••••••42."),
        ("số 0520.8500.1242", "số 0xx•••••••42"),
        ("số 052.085.001.242", "số 0xx•••••••42"),
        ("số 052 0 85 001242", "số 0xx•••••••42"),
        ("số 052085 001242", "số 0xx•••••••42"),
        ("052085001242, 052085001243", "0xx•••••••42, 0xx•••••••43"),
    ],
)
def test_a_citizen_number_is_masked(text: str, masked: str) -> None:
    verdict = inspect(text)
    assert (verdict.kind, verdict.masked) == (Kind.CITIZEN_NUMBER, masked)
    assert verdict.number == "0xx•••••••42"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "120000000000",
            "gọi 0912345678",
            "gọi 0912 345 678, 12 hộ",
            "0912345678 12 hộ",
            "03/12/2026",
        ),
        *(
            "1052085001242",
            "0520850012423",
            "x052085001242x",
            "AgAD-052085001242",
            "0,520850012423",
        ),
        *("120.000.000.000 đồng", "0912.345.678.123", "KN-312", "14:00 26/11"),
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert inspect(text).kind is Kind.CLEAN
    assert inspect(text).masked == text


@given(st.from_regex(r"0\d{11}", fullmatch=True), st.sampled_from(["", "Dân có số ", "a, "]))
def test_no_twelve_digits_that_begin_with_nought_get_through(number: str, before: str) -> None:
    number = unicodedata.normalize("NFKC", number)
    verdict = inspect(f"{before}{number} nhé")
    assert verdict.kind is Kind.CITIZEN_NUMBER
    assert number not in verdict.masked


@given(st.text())
def test_any_text_gets_a_verdict(text: str) -> None:
    verdict = inspect(text)
    assert verdict.kind is not Kind.CLEAN or verdict.masked == text
