"""The help of the command line in Vietnamese: the frames that typer prints around our sentences."""

import re
from collections.abc import Iterable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

FRAMES = (
    (r"^Usage:", "Cách dùng:"),
    (r"^Options:", "Tùy chọn:"),
    (r"^Arguments:", "Tham số:"),
    (r"^Commands:", "Lệnh:"),
    (r"\[OPTIONS\]", "[TÙY CHỌN]"),
    (r"COMMAND \[ARGS\]\.\.\.", "LỆNH [THAM SỐ]..."),
    (r"Show this message and exit\.", "In hướng dẫn này."),
    (r"\[default: (.*?)\]", r"[mặc định: \1]"),
    (r"\[required\]", "[bắt buộc]"),
    (r"<int>", "<số>"),
    (r"<str>", "<chữ>"),
    (r"<path>", "<tệp>"),
)


def in_vietnamese(text: str) -> str:
    """The page with its frames translated."""
    for printed, meant in FRAMES:
        text = re.sub(printed, meant, text, flags=re.MULTILINE)
    return text


class Command(TyperCommand):
    """A command that explains itself in Vietnamese."""

    def get_help(self, ctx: Any) -> str:
        return in_vietnamese(super().get_help(ctx))


class Group(TyperGroup):
    """Several commands, likewise."""

    def get_help(self, ctx: Any) -> str:
        return in_vietnamese(super().get_help(ctx))


def explained(groups: Iterable[typer.Typer]) -> None:
    """Have these groups and all their commands print their help so."""
    for group in groups:
        group.info.cls = Group
        for command in group.registered_commands:
            command.cls = Command
