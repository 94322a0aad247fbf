"""Tokens are stable and unique, labels are proper, key words find what people mean."""

import unicodedata

import pytest

from bot.rules import vocabulary
from bot.rules.vocabulary import ACTIVITIES, Word, activity_label, label, mentioned
from bot.words import fold

LISTS = {
    name: value
    for name, value in vars(vocabulary).items()
    if isinstance(value, tuple) and value and isinstance(value[0], Word)
}


@pytest.mark.parametrize("name", sorted(LISTS))
def test_tokens_are_unique_and_can_be_typed(name: str) -> None:
    tokens = [word.token for word in LISTS[name]]
    assert len(set(tokens)) == len(tokens)
    assert all(token.isascii() and token == token.lower() and " " not in token for token in tokens)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_labels_do_not_collide_without_marks(name: str) -> None:
    labels = [fold(word.label) for word in LISTS[name]]
    assert len(set(labels)) == len(labels)
    assert all(unicodedata.is_normalized("NFC", word.label) for word in LISTS[name])


@pytest.mark.parametrize("name", sorted(LISTS))
def test_key_words_are_folded_and_mean_one_thing(name: str) -> None:
    keys = [key for word in LISTS[name] for key in word.keywords]
    assert keys == [fold(key) for key in keys]
    assert len(set(keys)) == len(keys)


def test_the_roles_are_those_of_the_roster() -> None:
    assert [word.token for word in vocabulary.ROLES] == [
        *("thuong_truc", "ban_to_chuc", "tong_hop", "duyet", "co_so"),
        *("giai_quyet", "kiem_tra", "giup_viec", "quan_tri"),
    ]


@pytest.mark.parametrize(
    ("text", "token"),
    [
        ("Sáng nay tôi dự họp Đảng ủy xã Hòa Mẫu", "du_hop_cap_uy"),
        ("Họp thôn 3 về hiến đất mở đường", "thon"),
        ("họp tổ dân phố 5", "thon"),
        ("du sinh hoat chi bo thon 2", "chi_bo"),
        ("Làm việc với đồng chí Bí thư", "lam_viec"),
        ("Tiếp dân tại trụ sở", "tiep_dan"),
        ("đi khảo sát tuyến đường", "kiem_tra_thuc_te"),
        ("tặng quà hộ nghèo", "ho_tro"),
        ("xã chưa họp chi bộ", None),
        ("không tổ chức đối thoại", None),
        ("tình hình ổn định", None),
    ],
)
def test_free_text_names_its_activity(text: str, token: str | None) -> None:
    assert mentioned(ACTIVITIES, text) == token


def test_a_meeting_is_named_after_the_kind_of_place() -> None:
    assert activity_label("thon", "Phường Tân Mẫu") == "Họp tổ dân phố"
    assert activity_label("thon", "Xã Hòa Mẫu") == "Họp thôn"
    assert activity_label("thon") == "Họp thôn, tổ dân phố"
    assert activity_label("du_hop_cap_uy", "Phường Tân Mẫu") == "Dự họp cấp ủy"


def test_an_unknown_token_is_a_bug() -> None:
    with pytest.raises(KeyError):
        label(ACTIVITIES, "nothing")
