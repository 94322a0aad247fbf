import re

import pytest

from bot.desk.menus import COMMANDS, KEYBOARDS, by_label

ROLES = sorted(set(KEYBOARDS) - {"khach"})


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_four_buttons_at_hand(role: str) -> None:
    assert sum(len(row) for row in KEYBOARDS[role]) == 4


@pytest.mark.parametrize("role", sorted(COMMANDS))
def test_commands_are_what_telegram_takes(role: str) -> None:
    names = [name for name, _ in COMMANDS[role]]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9_]{1,32}", name) for name in names)
    assert all(1 <= len(words) <= 256 for _, words in COMMANDS[role])


def test_a_button_of_the_keyboard_is_known_by_its_label() -> None:
    assert by_label("Ghi chuyến đi") == "ghi"
    assert by_label("  mời họp ") == "giaymoi"
    assert by_label("Kiến nghị sửa cầu thôn 3") is None


def test_every_label_means_one_thing() -> None:
    for rows in KEYBOARDS.values():
        for row in rows:
            for label, token in row:
                assert by_label(label) == token
