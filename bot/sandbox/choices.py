"""Choices printed into a text: numbered lines under "Trả lời số", and words to type."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEAD = re.compile(r"Trả lời số\b.*")
_LINE = re.compile(r"(\d{1,2})\. (\S.*)")
_WORDS = re.compile(r"Hoặc nhắn: (.+)")
_PART = re.compile(r"\(\d+/\d+\)")


@dataclass(frozen=True)
class Choices:
    """The text before the choices, labels with their numbers, and words that may be typed."""

    body: str
    numbered: tuple[tuple[str, str], ...] = ()  # number, label
    words: tuple[str, ...] = ()

    def number(self, label: str) -> str:
        """The number printed for a label, "" where there is none."""
        return next((n for n, name in self.numbered if name == label.strip()), "")

    @property
    def labels(self) -> tuple[str, ...]:
        """Everything offered, as printed from above."""
        return (*(label for _, label in self.numbered), *self.words)


def read_choices(text: str) -> Choices:
    """The choices at the end of a text; a list elsewhere in it is only a list."""
    lines = text.rstrip().split("\n")
    if _PART.fullmatch(lines[-1]):
        lines.pop()
    words: tuple[str, ...] = ()
    if found := _WORDS.fullmatch(lines[-1]):
        words = tuple(found[1].split(" · "))
        lines.pop()
    numbered: list[tuple[str, str]] = []
    place = len(lines)
    while place and (found := _LINE.fullmatch(lines[place - 1])):
        numbered.insert(0, (found[1], found[2]))
        place -= 1
    if numbered and place and _HEAD.fullmatch(lines[place - 1]):
        lines = lines[: place - 1]
    else:
        numbered = []
    if not numbered and not words:
        return Choices(text)
    return Choices("\n".join(lines).rstrip(), tuple(numbered), words)
