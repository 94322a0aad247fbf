"""An invitation in one sentence: who, to what, when, where, about what."""

import unicodedata
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.dates import Open
from bot.rules.invitations import InvitationText, read_invitation

TUESDAY = date(2026, 11, 24)
PEOPLE = [("CB1", "Nguyễn Văn Mẫu"), ("CB2", "Phạm Văn Ví")]
SENTENCE = "mời đc Mẫu dự họp Đảng ủy 14h thứ năm 26/11 tại hội trường xã, thông qua dự toán 2027"


def read(text: str) -> InvitationText | None:
    return read_invitation(text, TUESDAY, PEOPLE)


@pytest.mark.parametrize("text", [SENTENCE, unicodedata.normalize("NFD", SENTENCE)])
def test_the_invitation_of_the_commune_comes_out_word_for_word(text: str) -> None:
    assert read(text) == InvitationText(
        person_keys=["CB1"],
        guests="đc Mẫu",
        event="Dự họp Đảng ủy",
        on=date(2026, 11, 26),
        at=time(14),
        place="hội trường xã",
        content="thông qua dự toán 2027",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Kính mời đồng chí Mẫu và đồng chí Ví lúc 7h30 ngày 5/12 về dự hội nghị Ban Chấp hành "
            "tại trụ sở. Nội dung: tổng kết năm",
            InvitationText(
                ["CB1", "CB2"],
                "đồng chí Mẫu và đồng chí Ví",
                "Dự hội nghị Ban Chấp hành",
                date(2026, 12, 5),
                time(7, 30),
                "trụ sở",
                "tổng kết năm",
            ),
        ),
        (
            "moi dc mau du hop 14h thu nam 26/11",
            InvitationText(["CB1"], "dc mau", "Du hop", date(2026, 11, 26), time(14)),
        ),
        (
            "mời Mẫu 14h ngày mai làm việc với xã",
            InvitationText(["CB1"], "Mẫu", "Làm việc với xã", date(2026, 11, 25), time(14)),
        ),
        ("mời đc Ví dự họp", InvitationText(["CB2"], "đc Ví", "Dự họp")),
        (
            "mời đc Ví dự họp thứ ba",
            InvitationText(["CB2"], "đc Ví", "Dự họp", Open((TUESDAY, date(2026, 12, 1)))),
        ),
        ("mời đc Văn dự họp", InvitationText(["CB1", "CB2"], "đc Văn", "Dự họp")),
        ("mời đc Lạ dự họp", InvitationText([], "đc Lạ", "Dự họp")),
    ],
)
def test_what_an_invitation_leaves_out_stays_open(text: str, expected: InvitationText) -> None:
    assert read(text) == expected


@pytest.mark.parametrize("text", ["mới họp xong", "Mọi việc ổn", "", "họp 14h", "mời"])
def test_other_sentences_invite_nobody(text: str) -> None:
    assert read(text) is None


@given(st.text().map(lambda text: f"mời {text}"))
def test_any_invitation_is_read_without_an_error(text: str) -> None:
    read(text)
