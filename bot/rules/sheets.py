"""Takes a filled-in sheet apart: lines that open with the name of a part and a colon."""

import re
from collections.abc import Iterator

from bot.words import fold, nfc, plain

HEADS: dict[str, tuple[str, ...]] = {
    "area_id": ("xã, phường", "xã phường", "địa bàn", "xã", "phường", "nơi đi"),
    "visited_on": ("ngày đi", "ngày"),
    "activity": ("dự việc gì", "nội dung làm việc", "nội dung", "dự việc", "hoạt động", "việc"),
    "situation": ("nắm tình hình", "nắm được", "nắm", "tình hình"),
    "advice": ("góp ý",),
    "check": ("kiểm tra",),
    "raised": ("kiến nghị, phản ánh", "kiến nghị", "phản ánh", "đề nghị"),
    "commitments": ("việc hẹn lại", "hẹn lại"),
    "supports": ("hỗ trợ huy động", "hỗ trợ", "huy động"),
    "companions": ("cùng đi", "đi cùng"),
}
"""What people write before the colon, marks or not, by the question it answers."""

_OF = {fold(words): name for name, all_words in HEADS.items() for words in all_words}
_LONGEST_FIRST = "|".join(re.escape(words) for words in sorted(_OF, key=len, reverse=True))
_HEAD = re.compile(
    rf"(?:^|(?<=[/|;]))[^\S\n]*(?:[-–•*+]|\d{{1,2}}[.)])?[^\S\n]*({_LONGEST_FIRST})[^\S\n]*[:=]",
    re.MULTILINE,
)
_NOTHING = frozenset({"", "khong", "khong co", "ko", "k", "chua co", "chua"})


def read_sheet(text: str) -> tuple[dict[str, str], str]:
    """The parts by question name, and what stands before the first of them.

    A part goes on until the next one; a line that was left empty, or says "không", is no part.
    """
    typed = nfc(text)
    parts: dict[str, str] = {}
    for name, said in _pieces(typed):
        if fold(said) not in _NOTHING:
            parts[name] = f"{parts[name]}\n{said}" if name in parts else said
    first = _HEAD.search(plain(typed))
    return parts, (typed[: first.start()] if first else typed).strip()


def _pieces(typed: str) -> Iterator[tuple[str, str]]:
    heads = list(_HEAD.finditer(plain(typed)))
    ends = [*(head.start() for head in heads), len(typed)][1:]
    for head, end in zip(heads, ends, strict=bool(heads)):
        yield _OF[head[1]], typed[head.end() : end].strip(" \t\n/|;….")
