"""Figures inside sentences: shares that sum to 100,0% and percentages with their denominator."""

from collections.abc import Sequence

from bot.reports.figures import percent
from bot.rules.figures import shares
from bot.words import decimal, vietnamese_number


def portions(parts: Sequence[tuple[str, int]]) -> str:
    """đủ ba phần 40 (33,3%), hai phần 80 (66,7%): the shares sum to 100,0; noughts go unsaid."""
    there = [part for part in parts if part[1]] or parts
    each = zip(there, shares([count for _, count in there]), strict=True)
    return ", ".join(
        f"{name} {vietnamese_number(count)} ({decimal(share, 1)}%)" for (name, count), share in each
    )


def rate(part: int, whole: int, of: str) -> str:
    """88,0% số địa bàn phải đi: a percentage that says of what."""
    return f"{percent(part, whole)} {of}"


def listed(items: Sequence[str], most: int) -> str:
    """The first ones, and how many others there are."""
    left = len(items) - most
    said = ", ".join(items[:most])
    return f"{said} và {vietnamese_number(left)} mục khác" if left > 0 else said
