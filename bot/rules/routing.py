"""Who answers for an area on a day, through its parents and successors, and which field fits."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.words import fold, marked, nfc, plain

_EVERYDAY = ("yêu cầu", "nhu cầu", "toàn cầu", "câu lạc bộ", "đất nước", "đường dây nóng")
"""Phrases that hold a key word of another meaning: yêu cầu is no bridge."""

DEPARTMENTS = (
    "Văn phòng Tỉnh ủy",
    "Ban Tổ chức Tỉnh ủy",
    "Ban Tuyên giáo và Dân vận Tỉnh ủy",
    "Ban Nội chính Tỉnh ủy",
    "Ủy ban Kiểm tra Tỉnh ủy",
    "Ủy ban nhân dân tỉnh",
    "UBND tỉnh",
    "Sở Nội vụ",
    "Sở Tư pháp",
    "Sở Tài chính",
    "Sở Công Thương",
    "Sở Nông nghiệp và Môi trường",
    "Sở Xây dựng",
    "Sở Khoa học và Công nghệ",
    "Sở Văn hóa, Thể thao và Du lịch",
    "Sở Giáo dục và Đào tạo",
    "Sở Y tế",
    "Sở Dân tộc và Tôn giáo",
    "Sở Ngoại vụ",
    "Thanh tra tỉnh",
    "Công an tỉnh",
    "Bộ Chỉ huy Quân sự tỉnh",
)
"""Bodies of a province to which a case may be given; those of the roster come on top."""


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment: a person in charge of (phu_trach) or following (theo_doi) an area."""

    person_id: int
    area_id: int
    kind: str
    from_date: date
    to_date: date | None = None
    rank: int = 9999  # protocol order

    def on(self, day: date) -> bool:
        return self.from_date <= day and (self.to_date is None or day <= self.to_date)


@dataclass(frozen=True)
class Tree:
    """How areas hang together: the parent of each, and what became of old ones."""

    parents: Mapping[int, int | None] = field(default_factory=dict)
    successors: Mapping[int, Sequence[int]] = field(default_factory=dict)

    def up(self, area_id: int) -> Iterator[int]:
        """The area, its parent, and so on to the top."""
        seen: set[int] = set()
        current: int | None = area_id
        while current is not None and current not in seen:
            seen.add(current)
            yield current
            current = self.parents.get(current)

    def today(self, area_id: int) -> list[int]:
        """The areas that now stand where this one stood; itself while it has no successor."""
        found: list[int] = []
        waiting, seen = [area_id], {area_id}
        while waiting:
            current = waiting.pop(0)
            following = [one for one in self.successors.get(current, ()) if one not in seen]
            found += [] if self.successors.get(current) else [current]
            seen.update(following)
            waiting += following
        return found


def person_for(
    area_id: int, kind: str, day: date, *, tree: Tree, lines: Sequence[Line]
) -> int | None:
    """The one person whose assignment covers the area; None when nobody's or several do.

    The nearest area upwards decides, there the first in protocol order. An old area without
    a line of its own asks its successors, and counts only when they all name the same person.
    """
    own = _nearest(tree.up(area_id), kind, day, lines)
    if own is not None:
        return own
    named = {_nearest(tree.up(new), kind, day, lines) for new in tree.today(area_id)}
    return named.pop() if len(named) == 1 else None


def seat_for(area_id: int, tree: Tree, seated: frozenset[int]) -> int:
    """The area whose seat speaks for this one: the nearest upwards, else of its successors."""
    chains = [tree.up(area_id), *(tree.up(new) for new in tree.today(area_id))]
    return next((one for chain in chains for one in chain if one in seated), area_id)


def _nearest(chain: Iterable[int], kind: str, day: date, lines: Sequence[Line]) -> int | None:
    for area_id in chain:
        here = [x for x in lines if x.area_id == area_id and x.kind == kind and x.on(day)]
        if here:
            return min(here, key=lambda x: (x.rank, x.from_date, x.person_id)).person_id
    return None


def field_for(text: str, fields: Iterable[tuple[int, str, str]]) -> int | None:
    """The field whose key word stands in the text, the longest of all; (id, name, key words).

    A text with marks must hold the key word with the same ones: "thuộc" is not "thuốc".
    """
    same = fold if nfc(text).casefold() == plain(text) else marked
    searched = f" {_words(text, same)} "
    for everyday in _EVERYDAY:
        searched = searched.replace(f" {_words(everyday, same)} ", " | ")
    hits = [
        (-len(key), place, field_id)
        for place, (field_id, name, keywords) in enumerate(fields)
        for key in (_words(word, same) for word in (name, *keywords.split(",")))
        if key and f" {key} " in searched
    ]
    return min(hits)[2] if hits else None


def _words(text: str, same: Callable[[str], str]) -> str:
    return " ".join(same(word) for word in re.findall(r"\w+", nfc(text)))


def unit_named(text: str, units: Iterable[str]) -> str:
    """The body that the text names, the longest of those known; empty without one."""
    folded = fold(text)
    named = [unit for unit in units if re.search(rf"\b{re.escape(fold(unit))}\b", folded)]
    return max(named, key=len, default="")
