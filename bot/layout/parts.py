"""Tells which part of a paper each line is: head, number, kind, text, receivers, signature."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.layout.profiles import Part
from bot.layout.reading import Line, Written
from bot.words import fold

KINDS = re.compile(
    r"(?:bao cao|ke hoach|thong bao|quyet dinh|nghi quyet|chi thi|to trinh|huong dan|chuong trinh"
    r"|ket luan|quy dinh|quy che|de an|phuong an|bien ban|thong tri|du an|loi keu goi|tuyen bo"
    r"|giay moi|giay gioi thieu|phieu trinh|phieu gui|phieu nhan xet|cong dien|hop dong|thong tu"
    r"|nghi dinh)[ :.]*"
)
POSTS = re.compile(
    r"(?:pho |quyen )?(?:bi thu|truong ban|chanh van phong|chanh thanh tra|chu tich|chu nhiem"
    r"|giam doc|truong phong|hieu truong|vien truong|cuc truong|tong giam doc|chi huy truong"
    r"|truong doan|to truong|thuong truc)\b"
)
AUTHORITY = re.compile(r"^(?P<letters>T/?M|K/?T|T/?L|T/?U/?Q|Q)(?P<mark>[./]?\.?)\s+\S", re.I)
DATE = re.compile(
    r"ngày\s*[\d….\s]*tháng\s*[\d….\s]*năm|^[^,]{2,40},\s*(?:ngày\s*)?\d{1,2}[/.-]\d{1,2}[/.-]\d{4}",
    re.I,
)
DASHES = re.compile(r"[-–—_*]{3,}|[─━═]{2,}")
SECTION = re.compile(r"^(?P<number>[IVX]+)(?P<mark>\s*[-.–—/:)]+\s*|\s+)(?P<rest>[^\W\d].*)$")
POINT = re.compile(r"^(?P<number>\d{1,2})(?P<mark>\s*[-.–—/:)]+\s*)(?P<rest>[^\W\d].*)$")
LETTER = re.compile(r"^(?P<number>[a-zđ])(?P<mark>\s*[-.–—/:)]\s*)(?P<rest>[^\W\d].*)$")
TITLES = {"dang cong san viet nam": True, "cong hoa xa hoi chu nghia viet nam": False}
"""Titles of the Party and of the State."""
BODIES = re.compile(
    r"^(?:ban|van phong|uy ban|so|phong|trung tam|chi bo|dang uy|dang bo|hoi|lien doan|doan"
    r"|mat tran|truong|to|chi cuc|cong ty|bao|hoi dong)\b"
)
NUMBER = re.compile(r"so\b\s*:?\s*[-/\d…._]")  # of a paper, folded
HEAD_LINES = 16
LONG = 90  # characters: more than one line of text


@dataclass(frozen=True, slots=True)
class Paper:
    """A document with the part of each line; empty lines are "other"."""

    written: Written
    parts: tuple[Part, ...]

    def __iter__(self) -> Iterator[tuple[Line, Part]]:
        return zip(self.written.lines, self.parts, strict=True)

    def of(self, *parts: Part) -> list[Line]:
        """The lines of these parts, in order."""
        return [line for line, part in self if part in parts]

    def first(self, part: Part) -> Line | None:
        return next(iter(self.of(part)), None)

    def after(self, line: Line) -> Iterator[Line]:
        """The lines on the same side below it, empty ones too."""
        place = next(n for n, each in enumerate(self.written.lines) if each is line)
        for each in self.written.lines[place + 1 :]:
            if each.side == line.side or "" in (each.side, line.side) or each.cell == line.cell:
                yield each


def parted(written: Written) -> Paper:
    """The document, each line known for what it is."""
    lines = written.lines
    parts: dict[int, Part] = {}
    filled = [number for number, line in enumerate(lines) if line.text]
    opening = _opening(lines, filled)
    _mark_head(lines, [number for number in filled if number < opening], parts)
    ending = _ending(lines, [number for number in filled if number > opening])
    _mark_text(lines, [number for number in filled if opening <= number < ending], parts)
    _mark_ending(lines, [number for number in filled if number >= ending], parts)
    return Paper(written, tuple(parts.get(number, "other") for number in range(len(lines))))


def _opening(lines: tuple[Line, ...], filled: list[int]) -> int:
    """Where the head ends: at the kind of paper, at "Kính gửi", or after what is head for sure."""
    for number in filled[:40]:
        if KINDS.fullmatch(fold(lines[number].text)):
            return number
    for number in filled[:40]:
        if fold(lines[number].text).startswith(("kinh gui", "kinh trinh")):
            return number
    sure = [number for number in filled[:HEAD_LINES] if _is_head(lines[number])]
    return max(sure) + 1 if sure else 0


def _is_head(line: Line) -> bool:
    folded = fold(line.text)
    return (
        any(title in folded for title in TITLES)
        or folded.startswith("doc lap")
        or bool(DATE.search(line.text) and len(line.text) < 70)
        or bool(NUMBER.match(folded))
    )


def _mark_head(lines: tuple[Line, ...], places: list[int], parts: dict[int, Part]) -> None:
    bodies: list[int] = []
    beside = _side_of_title([lines[number] for number in places])
    for number in places:
        line, folded = lines[number], fold(lines[number].text)
        if any(title in folded for title in TITLES):
            parts[number] = "title"
        elif folded.replace(" ", "").startswith("doclap-tudo") or folded.startswith("doc lap"):
            parts[number] = "motto"
        elif DATE.search(line.text):
            parts[number] = "date"
        elif NUMBER.match(folded):
            parts[number] = "number"
        elif line.text in ("*", "* * *", "***"):
            parts[number] = "star"
        elif not DASHES.fullmatch(line.text) and line.side != beside and not _numbered(parts):
            bodies.append(number)
    if bodies:
        parts[bodies[-1]] = "body"
    if len(bodies) > 1 and BODIES.match(fold(lines[bodies[1]].text)):
        parts[bodies[0]] = "superior"


def _side_of_title(head: list[Line]) -> str:
    """The side of the paper that the title and the date share: right, unless somebody erred."""
    titled = [line for line in head if any(title in fold(line.text) for title in TITLES)]
    return next((line.side for line in titled if line.cell or line.tabbed), "right")


def _numbered(parts: dict[int, Part]) -> bool:
    return "number" in parts.values() or "star" in parts.values()


def _mark_text(lines: tuple[Line, ...], places: list[int], parts: dict[int, Part]) -> None:
    places = places[:]
    if places and KINDS.fullmatch(fold(lines[places[0]].text)):
        parts[places.pop(0)] = "kind"
        places = _mark_excerpt(lines, places, parts)
    for number in places:
        parts[number] = _part_of_text(lines[number], parts.get(number - 1))


def _mark_excerpt(lines: tuple[Line, ...], places: list[int], parts: dict[int, Part]) -> list[int]:
    """The lines down to the dashes, or those that stand in the middle; what is left over."""
    dashes = next((n for n, each in enumerate(places[:6]) if _is_dashes(lines[each])), None)
    count = dashes or 0
    if dashes is None:
        while count < min(4, len(places)) and _may_be_excerpt(lines[places[count]], count):
            count += 1
    for number in places[:count]:
        parts[number] = "excerpt"
    if dashes is not None:
        parts[places[dashes]] = "dashes"
        return places[dashes + 1 :]
    return places[count:]


def _is_dashes(line: Line) -> bool:
    return bool(DASHES.fullmatch(line.text))


def _may_be_excerpt(line: Line, rank: int) -> bool:
    folded = fold(line.text)
    if folded.startswith(("kinh gui", "kinh trinh", "can cu")) or SECTION.match(line.said):
        return False
    return line.shape.align == "center" or (rank == 0 and len(line.text) < 2 * LONG)


def _part_of_text(line: Line, before: Part | None) -> Part:
    folded = fold(line.text)
    if folded.startswith(("kinh gui", "kinh trinh")):
        return "to"
    if before == "to" and line.text.startswith("-"):
        return "to"
    if line.cell is not None or _is_dashes(line):
        return "other"
    if SECTION.match(line.said):
        return "section"
    if POINT.match(line.said):
        return "point"
    bold = all(run.look.bold for run in line.runs if run.text.strip())
    short = len(line.text) < LONG
    return "other" if short and (bold or line.shape.align == "center") else "text"


def _ending(lines: tuple[Line, ...], places: list[int]) -> int:
    """Where receivers and signature begin; after the last line where there is neither."""
    for number in places:
        if fold(lines[number].text).startswith("noi nhan"):
            return min(each for each in places if _beside(lines[each], lines[number]))
    for number in places:
        line = lines[number]
        capitals = line.text == line.text.upper() and len(line.text) < 60
        if AUTHORITY.match(line.text) and capitals:
            return number
        if capitals and line.side != "left" and POSTS.match(fold(line.text)):
            return number
    return len(lines)


def _beside(line: Line, other: Line) -> bool:
    """In the same table, or in the same paragraph."""
    if line.cell is not None and other.cell is not None:
        return line.cell[0] == other.cell[0]
    return line.number == other.number


def _mark_ending(lines: tuple[Line, ...], places: list[int], parts: dict[int, Part]) -> None:
    signing: list[int] = []
    listed = False
    cell = lines[places[0]].cell if places else None
    table = cell[0] if cell else None
    for number in places:
        line, folded = lines[number], fold(lines[number].text)
        if table is not None and (line.cell is None or line.cell[0] != table):
            break
        if folded.startswith("phu luc"):
            break
        if folded.startswith("noi nhan"):
            parts[number], listed = "receivers_head", True
        elif line.side == "left" and (listed or table is not None):
            parts[number] = "receivers"
        elif not line.text.startswith("("):
            signing.append(number)
    _mark_signing(lines, signing, parts)


def _mark_signing(lines: tuple[Line, ...], places: Iterable[int], parts: dict[int, Part]) -> None:
    left = list(places)
    while left and AUTHORITY.match(lines[left[0]].text):
        parts[left.pop(0)] = "authority"
    if left and not POSTS.match(fold(lines[left[-1]].text)):
        parts[left.pop()] = "name"
    for number in left:
        parts[number] = "post"
