"""Whoever is no Party member is addressed as the roster says."""

import pytest

from bot.rules.address import addressed


@pytest.mark.parametrize(
    ("usual", "other"),
    [
        ("Xin đồng chí xem lại trước khi gửi", "Xin anh xem lại trước khi gửi"),
        ("Đồng chí đi ngày nào?", "Anh đi ngày nào?"),
        ("Chờ ý kiến đồng chí: 3", "Chờ ý kiến anh: 3"),
        ("đã có trả lời, chờ đồng chí thông tin lại phường", None),
    ],
)
def test_the_reader_is_addressed_in_our_sentences(usual: str, other: str | None) -> None:
    assert addressed(usual, "anh") == (other or usual.replace("đồng chí", "anh"))


@pytest.mark.parametrize(
    "sentence",
    [
        "Đã chuyển đồng chí Phạm Văn Ví, Ủy viên Ban Thường vụ phụ trách địa bàn",
        "Kính gửi đồng chí Phó Bí thư Thường trực",
        "Gửi 37 đồng chí",
        "đề nghị các đồng chí quan tâm",
        "Mời đồng chí nào?",
        'Ý kiến: "đồng chí giám đốc đã hẹn"',
        "Nội dung “nhờ đồng chí trưởng thôn”",
        "ĐI CƠ SỞ · Xã Hòa Mẫu\nNắm: gặp đồng chí trưởng thôn",
    ],
)
def test_other_people_and_what_people_wrote_stay_as_they_are(sentence: str) -> None:
    assert addressed(sentence, "chị") == sentence


def test_the_usual_address_changes_nothing() -> None:
    assert addressed("Xin đồng chí xem lại", "đồng chí") == "Xin đồng chí xem lại"
