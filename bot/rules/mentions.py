"""Where a text mentions areas by name, without taking everyday words for them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.words import bare_name, fold, marked, nfc, plain

Areas = Sequence[tuple[str, str]]

LEVEL_WORDS = r"(?:dac khu|thi tran|phuong|xa|thon|lang|p|x)"
_LEVEL_BEFORE = re.compile(rf"\b(?P<level>{LEVEL_WORDS})\.?\s+$")
_PLACE_BEFORE = re.compile(r"\b(?:o|tai|ve|di|xuong|den|tham|dia ban|dang uy|ubnd|cap uy|ghi)\s+$")
_NEXT_WORD = re.compile(r" (?!(?:Sáng|Chiều|Tối|Hôm|Ngày|Thứ|Họp|Dự|Đảng|UBND)\b)([^\W\d_])\w")
_OPENS = re.compile(r"(?:^|[.;:,\n])\s*$")


@dataclass(frozen=True, slots=True)
class Mention:
    """An area's name in the NFC text, its level word included."""

    key: str
    start: int
    end: int


def same_words(typed: str, proper: str) -> bool:
    """True when each typed word is the proper one, its marks right or left out."""
    pairs = zip(nfc(typed).split(), nfc(proper).split(), strict=False)
    same_length = len(typed.split()) == len(proper.split())
    return same_length and all(
        marked(ours) == marked(theirs) or (ours.casefold() == fold(theirs))
        for ours, theirs in pairs
    )


def mentions(text: str, areas: Areas) -> list[Mention]:
    """The areas that the text names, in its order; several at one place when names collide."""
    original, bare = nfc(text), plain(text)
    found = [
        (mention, level)
        for key, name in areas
        for hit in re.finditer(rf"(?<!\w){re.escape(bare_name(name))}(?!\w)", bare)
        if (level := _stands(original, bare, hit, name)) is not None
        for mention in [Mention(key, hit.start() - len(level), hit.end())]
    ]
    kept = [one for one, _ in found if not any(_within(one, other) for other, _ in found)]
    return sorted(_levelled(kept, bare, dict(areas)), key=lambda one: (one.start, one.end))


def _stands(original: str, bare: str, hit: re.Match[str], name: str) -> str | None:
    """The level word before the name, "" for none; None where no area is meant."""
    typed = original[hit.start() : hit.end()]
    if not same_words(typed, _without_level(name)):
        return None
    level = _LEVEL_BEFORE.search(bare, 0, hit.start())
    if level:
        return level[0]
    if any(letter.islower() for letter in original) and _capitals(typed):
        following = _NEXT_WORD.match(original, hit.end())
        return None if following and following[1].isupper() else ""
    opens = _OPENS.search(bare[: hit.start()]) or _PLACE_BEFORE.search(bare[: hit.start()])
    return "" if opens else None


def _capitals(words: str) -> bool:
    return all(word[0].isupper() for word in words.split())


def _without_level(name: str) -> str:
    """The name in its marks without "Xã", "Phường"."""
    words = nfc(name).split()
    return " ".join(words[len(words) - len(bare_name(name).split()) :])


def _within(inner: Mention, outer: Mention) -> bool:
    longer = outer.end - outer.start > inner.end - inner.start
    return longer and outer.start <= inner.start and inner.end <= outer.end


def _levelled(found: Sequence[Mention], bare: str, names: dict[str, str]) -> list[Mention]:
    """Of names that collide, those whose level is the one typed, where one was."""
    kept = []
    for one in found:
        beside = [other for other in found if (other.start, other.end) == (one.start, one.end)]
        fitting = [
            other
            for other in beside
            if fold(names[other.key]) == " ".join(bare[one.start : one.end].split())
        ]
        kept += [one] if not fitting or one in fitting else []
    return kept
