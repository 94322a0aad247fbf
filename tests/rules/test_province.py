"""What an office can change has defaults, and is read from cells as people fill them."""

from datetime import date, time

import pytest

from bot.rules.province import SETTINGS, Province


def test_without_settings_everything_has_a_default() -> None:
    province = Province.from_settings({})
    assert (province.close_day, province.close_time, province.case_days) == (2, time(17), 7)
    assert province.send_at == time(7, 15)
    assert not province.trial


def test_stored_values_fill_the_fields() -> None:
    province = Province.from_settings(
        {"ten_tinh_uy": "Thành ủy", "chot_gio": "16:30", "gio_yen": ["20:00", "06:00"], "la": 1}
    )
    assert province.committee == "Thành ủy"
    assert province.close_time == time(16, 30)
    assert province.quiet == (time(20), time(6))


def test_a_null_keeps_the_default() -> None:
    assert Province.from_settings({"buoc_nhac": None, "ngay_hop": None}) == Province()


@pytest.mark.parametrize(
    ("key", "cell", "field", "value"),
    [
        ("gio_gui", "7h15", "send_at", time(7, 15)),
        ("gio_gui", "7h", "send_at", time(7)),
        ("gio_gui", "07:15:00", "send_at", time(7, 15)),
        ("chay_thu", "Có", "trial", True),
        ("chay_thu", "không", "trial", False),
        ("ngay_uy_vien", "0, 3", "member_days", (0, 3)),
        ("ngay_uy_vien", "[1;4]", "member_days", (1, 4)),
        ("gio_yen", "19:00 , 06:30", "quiet", (time(19), time(6, 30))),
        ("ngay_hop", "2026-11-04", "meeting_on", date(2026, 11, 4)),
        ("lich_ky", "cut15", "cut", "cut15"),
        ("buoc_nhac", "[1, 2]", "steps", (1, 2)),
        ("bot_telegram", "@mau_bot", "telegram", "mau_bot"),
        ("truc_ban", "0256 000 000", "duty", "0256 000 000"),
    ],
)
def test_a_cell_becomes_the_value(key: str, cell: str, field: str, value: object) -> None:
    assert getattr(Province.from_settings({key: SETTINGS[key].read(cell)}), field) == value


@pytest.mark.parametrize(
    ("key", "cell"),
    [
        ("gio_gui", "25:00"),
        ("gio_gui", "sáng"),
        ("gio_gui", "7:150"),
        ("chot_ngay", "hai"),
        ("chot_ngay", "²"),
        ("ngay_uy_vien", "³"),
        ("chay_thu", "có lẽ"),
        ("ngay_uy_vien", "7"),
        ("gio_yen", "19:00"),
        ("ngay_hop", "mai"),
        ("lich_ky", "tuần"),
        ("buoc_nhac", "[1"),
    ],
)
def test_a_bad_cell_says_what_may_be_written(key: str, cell: str) -> None:
    with pytest.raises(ValueError, match="phải là"):
        SETTINGS[key].read(cell)
