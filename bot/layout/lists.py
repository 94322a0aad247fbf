"""The numbers that Word itself puts before the paragraphs of a list."""

from collections import defaultdict
from typing import Any

from bot.layout.formats import W
from bot.layout.papers import roman


class Lists:
    """Counts the lists of one document while its paragraphs are read in order."""

    def __init__(self, numbering: Any) -> None:
        self._levels: dict[str, dict[int, Any]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._abstract: dict[str, str] = {}
        if numbering is None:
            return
        for each in numbering.iter(f"{W}abstractNum"):
            levels = {_whole(one.get(f"{W}ilvl")): one for one in each.iter(f"{W}lvl")}
            self._levels[each.get(f"{W}abstractNumId")] = levels
        for each in numbering.iter(f"{W}num"):
            self._abstract[each.get(f"{W}numId")] = _value(each, "abstractNumId")

    def level(self, place: tuple[str, int]) -> Any:
        """What the document says of this level of the list; None when nothing."""
        return self._levels.get(self._abstract.get(place[0], ""), {}).get(place[1])

    def next_label(self, place: tuple[str, int]) -> str:
        """The label of the next paragraph there, with the blank after it."""
        number, depth = place
        counts = self._counts[self._abstract.get(number, "")]
        level = self.level(place)
        if level is None:
            return ""
        counts[depth] = counts.get(depth, _starts(level) - 1) + 1
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        label = _value(level, "lvlText")
        for each in range(depth + 1):
            above = self.level((number, each))
            count = counts.get(each, 1)
            kind = _value(above, "numFmt") if above is not None else "decimal"
            label = label.replace(f"%{each + 1}", _numbered(count, kind))
        return f"{label} " if label.strip() and _value(level, "suff") != "nothing" else label


def _starts(level: Any) -> int:
    return _whole(_value(level, "start") or "1")


def _whole(said: str | None) -> int:
    """Nought for what is no number: damaged files are judged all the same."""
    return int(said) if said and said.isdigit() else 0


def _value(level: Any, name: str) -> str:
    element = level.find(f"{W}{name}")
    return element.get(f"{W}val", "") if element is not None else ""


def _numbered(count: int, kind: str) -> str:
    match kind:
        case "upperRoman":
            return roman(count)
        case "lowerRoman":
            return roman(count).lower()
        case "lowerLetter" | "upperLetter":
            letter = chr(ord("a") + (count - 1) % 26)
            return letter.upper() if kind == "upperLetter" else letter
        case "bullet":
            return ""
    return str(count)
