"""Help raised is read as it was said, or asked about; never guessed."""

import pytest

from bot.rules.supports import Unclear, money, opens, read, shown


@pytest.mark.parametrize(
    ("said", "kind", "quantity", "value", "giver"),
    [
        ("2 nhà tình thương 120 triệu", "nha_tinh_thuong", 2, 120_000_000, ""),
        (
            "Vận động Công ty Mẫu hỗ trợ 2 căn nhà tình thương, 120 triệu đồng",
            "nha_tinh_thuong",
            2,
            120_000_000,
            "Công ty Mẫu",
        ),
        (
            "hỗ trợ 1.246 suất quà trị giá 1,5 tỷ do Hội Mẫu tặng",
            "qua",
            1246,
            1_500_000_000,
            "Hội Mẫu",
        ),
        (
            "một nhà tình nghĩa 80.000.000 đồng của Quỹ Mẫu",
            "nha_tinh_nghia",
            1,
            80_000_000,
            "Quỹ Mẫu",
        ),
        ("ho tro 100 phan qua 30 trieu", "qua", 100, 30_000_000, ""),
        ("hỗ trợ 3 bồn chứa nước 1 tỷ 200 triệu", "khac", 1, 1_200_000_000, ""),
        ("4.702 tỉ đồng", "khac", 1, 4_702_000_000_000, ""),
        ("tặng bồn nước cho thôn 3", "khac", 1, None, ""),
        ("hỗ trợ 2 nhà tình thương của thôn 3", "nha_tinh_thuong", 2, None, ""),
    ],
)  # fmt: skip
def test_kind_number_value_and_giver_are_read(
    said: str, kind: str, quantity: int, value: int | None, giver: str
) -> None:
    found = read(said)
    assert (found.kind, found.quantity, found.value, found.giver) == (kind, quantity, value, giver)
    assert found.text == said


@pytest.mark.parametrize(
    "said",
    [
        "hỗ trợ 2 nhà tình thương 2.2 triệu",
        "hỗ trợ 2 nhà tình thương, mỗi nhà 60 triệu",
        "hỗ trợ nhà tình thương 60 triệu",
        "hỗ trợ 2 nhà tình thương 120 triệu và 100 suất quà",
        "hỗ trợ 120 triệu, sau thêm 30 triệu",
        "hỗ trợ 1 tỷ 2",
        "hỗ trợ 2 nhà tình thương và 3 nhà tình thương 100 triệu",
        "hỗ trợ 1,234 triệu",
    ],
)
def test_what_can_be_two_things_is_asked(said: str) -> None:
    with pytest.raises(Unclear):
        read(said)
    assert opens(said)


@pytest.mark.parametrize(
    ("said", "tells"),
    [
        ("Đã vận động 50 suất quà cho hộ nghèo.", True),
        ("Hỗ trợ xã 30 triệu làm đường.", True),
        ("Hỗ trợ của tỉnh 30 triệu đã về xã.", False),
        ("Hỗ trợ hộ nghèo còn chậm, 30 triệu chưa giải ngân.", False),
        ("Vận động bà con hiến đất mở đường.", False),
        ("Hỗ trợ kịp thời các hộ bị thiệt hại.", False),
        ("Tình hình ổn định, được hỗ trợ 30 triệu.", False),
    ],
)
def test_a_sentence_that_names_nothing_raised_stays_where_it_was(said: str, *, tells: bool) -> None:
    assert opens(said) is tells


def test_it_is_shown_as_people_write_it() -> None:
    assert shown("qua", 1246, 1_250_000_000, "Hội Mẫu") == (
        "1.246 suất quà, 1,25 tỷ đồng, của Hội Mẫu"
    )
    assert [money(one) for one in (500_000, 120_000_000, 4_702_000_000_000)] == [
        "500.000 đồng",
        "120 triệu đồng",
        "4.702 tỷ đồng",
    ]
