"""What waits for the reader's opinion, by code."""

import re

from bot.reports.blocks import Block, Passage, clipped
from bot.reports.facts import Facts
from bot.reports.figures import CASE, counted
from bot.words import uncapital
from storage.known import CaseRow

title = "XIN Ý KIẾN"
TO_MEMBER = "CHỜ Ý KIẾN ĐỒNG CHÍ"
MOST = 5
_LEVEL = re.compile(r"^(?:xã|phường|đặc khu|thị trấn)\s+", re.IGNORECASE)


def gather(facts: Facts) -> Block | None:
    """The cases one a line, fewer of them where room is short."""
    cases = facts.awaiting
    if not cases:
        return None
    figure = counted("awaiting", CASE, [row.id for row in cases])
    heading = f"{title if facts.member is None else TO_MEMBER} ({len(cases)})"
    lines = [one_line(row, facts) for row in cases]
    most = min(len(lines), MOST)
    variants = tuple((heading, *_first(lines, count)) for count in range(most, -1, -1))
    written = Passage("asks", "Xin ý kiến", tuple(in_full(row, facts) for row in cases))
    return Block("opinions", (figure,), variants, written=(written,))


def _first(lines: list[str], count: int) -> list[str]:
    left = len(lines) - count
    if count == 0:
        return []
    return lines[:count] + ([f"và {left} kiến nghị khác"] if left else [])


def one_line(row: CaseRow, facts: Facts) -> str:
    """A case by its code, area and first words, in the columns of a phone."""
    area = short_area(facts.known.area[row.area_id].name)
    return clipped(f"KN-{row.number} {area}: {_as_phrase(row.text)}")


def in_full(row: CaseRow, facts: Facts) -> str:
    """A case on paper, with all the words that the report has of it."""
    area = uncapital(facts.known.area[row.area_id].name)
    return f"KN-{row.number}, {area}: {_as_phrase(row.text)}."


def short_area(name: str) -> str:
    """Xã Hòa Mẫu as Hòa Mẫu."""
    return _LEVEL.sub("", name)


def _as_phrase(text: str) -> str:
    """The words as they stand inside a line: no full stop, no capital that only opens them."""
    words = " ".join(text.split()).rstrip(".")
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
