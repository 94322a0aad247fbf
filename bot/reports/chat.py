"""Prints a snapshot as the message on a phone: at most one screen of 26 lines of 36 columns."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.reports.blocks import COLUMNS, Block
from bot.reports.snapshots import Snapshot
from bot.rules.zone import local
from bot.words import capital, day, full_day

LINES = 26
AUTOMATIC = "SỐ LIỆU TỰ ĐỘNG, VĂN PHÒNG CHƯA RÀ SOÁT"
INTERNAL = "Lưu hành nội bộ."

Review = Literal["reviewed", "automatic", "open"]


@dataclass(frozen=True)
class Cover:
    """What stands around the blocks: for whom, in which state, what the office adds.

    `apart` counts the items that went to the standing board alone; it is no part of the snapshot.
    `seal` is the end of the audit log when the figures closed, for paper to vouch for; `number`
    and `issued_on` are what the document system gave the paper, `chosen` the cadres' words that the
    office chose, `place` the area where it is not the province, `in_charge` the member whose areas
    they are, for paper alone; a cadre's own report of the year is `by` him and ends with his words,
    `own`.
    """

    to: str = ""
    review: Review = "reviewed"
    note: str = ""
    apart: int = 0
    seal: str = ""
    number: str = ""
    issued_on: date | None = None
    chosen: tuple[str, ...] = ()
    place: str = ""
    in_charge: str = ""
    by: str = ""
    own: str = ""


def digest(snapshot: Snapshot, cover: Cover) -> str:
    """The whole message; lists get shorter until it fits one screen, then blank lines go."""
    above, below = _above(snapshot, cover), _below(snapshot, cover)
    blocks = [block for block in snapshot.blocks if block.variants]
    chosen = [0] * len(blocks)
    while True:
        parts = [above, *_shown(blocks, chosen), *below]
        text = "\n\n".join("\n".join(part) for part in parts)
        if screen_lines(text) <= LINES:
            return text
        if not _shorten(blocks, chosen):
            return text.replace("\n\n", "\n")


def screen_lines(text: str, columns: int = COLUMNS) -> int:
    """How many lines the text takes on a phone."""
    return sum(len(textwrap.wrap(line, columns)) or 1 for line in text.split("\n"))


def title(snapshot: Snapshot) -> str:
    """TỔNG HỢP THÁNG 10/2026."""
    return f"TỔNG HỢP {snapshot.period.label.upper()}"


def cut_line(snapshot: Snapshot, review: Review) -> str:
    """Until when entries counted, and whether the office has looked at them."""
    at = local(snapshot.cut_at)
    if review == "open":
        return f"Số liệu đến {at:%H:%M} {day(at.date())}, chưa rà soát. {INTERNAL}"
    said = " Văn phòng đã rà soát." if review == "reviewed" else ""
    return f"Chốt {at:%H:%M} {day(at.date())}.{said} {INTERNAL}"


def _above(snapshot: Snapshot, cover: Cover) -> list[str]:
    lines = [AUTOMATIC] if cover.review == "automatic" else []
    lines.append(title(snapshot))
    if not snapshot.over:
        lines[-1] += f" (đến {day(local(snapshot.cut_at).date())})"
    if cover.place:
        lines.append(capital(cover.place))
    if cover.number:
        on = f" ngày {full_day(cover.issued_on)}" if cover.issued_on else ""
        lines.append(f"Số {cover.number}{on}")
    if cover.to:
        lines.append(f"Kính gửi {cover.to}")
    return [*lines, *([cover.note] if cover.note else [])]


def _below(snapshot: Snapshot, cover: Cover) -> list[list[str]]:
    apart = [f"Có {cover.apart} nội dung gửi riêng, mở trên trang bảo mật"] if cover.apart else []
    empty = [] if any(block.variants for block in snapshot.blocks) else ["Chưa có số liệu trong kỳ"]
    said = [[line] for line in (*empty, *apart)]
    return [*said, [cut_line(snapshot, cover.review)]]


def _shown(blocks: Sequence[Block], chosen: Sequence[int]) -> list[Sequence[str]]:
    return [block.variants[place] for block, place in zip(blocks, chosen, strict=True)]


def _shorten(blocks: Sequence[Block], chosen: list[int]) -> bool:
    """Take the next shorter variant of the longest block that has one; False when none has."""
    able = [place for place, block in enumerate(blocks) if chosen[place] + 1 < len(block.variants)]
    if not able:
        return False
    longest = max(able, key=lambda place: len(blocks[place].variants[chosen[place]]))
    chosen[longest] += 1
    return True
