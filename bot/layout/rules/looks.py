"""Rules of how each part is set: size, bold, italic, capitals, place on the line, spacing."""

from collections.abc import Iterator

from bot.layout.formats import Look
from bot.layout.papers import roman
from bot.layout.parts import LETTER, LONG, POINT, SECTION, Paper
from bot.layout.profiles import NAMES, Part, Profile, Style
from bot.layout.reading import Line
from bot.layout.rules.contract import Fault, shown, span
from bot.layout.rules.page import NEAR

ALIGNED = {"left": "trái", "center": "giữa", "right": "phải", "both": "đều hai bên"}
KEYS = {"left": "Ctrl+L", "center": "Ctrl+E", "right": "Ctrl+R", "both": "Ctrl+J"}
TEXT: tuple[Part, ...] = ("section", "point", "text")


def _styled(paper: Paper, profile: Profile) -> Iterator[tuple[Line, Part, Style]]:
    for line, part in paper:
        style = profile.style(part)
        if style is not None and line.text:
            yield line, part, style


def _looks(line: Line) -> list[Look]:
    return [run.look for run in line.runs if run.text.strip()]


def _worded(line: Line) -> list[Look]:
    """Of words alone: nobody sees whether a colon is bold."""
    worded = [run for run in line.runs if any(letter.isalnum() for letter in run.text)]
    return [run.look for run in worded]


def size(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line, part, style in _styled(paper, profile):
        low, high = style.size
        found = next((one.size for one in _looks(line) if not low <= one.size <= high), None)
        if found is not None:
            what = f"{NAMES[part]} cỡ {shown(found)}"
            yield Fault(line, what, f"Chọn đoạn, đặt cỡ {span(style.size)}")


def _switched(paper: Paper, profile: Profile, name: str, said: str, key: str) -> Iterator[Fault]:
    for line, part, style in _styled(paper, profile):
        wanted = getattr(style, name)
        if wanted is not None and any(getattr(look, name) != wanted for look in _worded(line)):
            what = f"{NAMES[part]} {'không ' if wanted else ''}{said}"
            yield Fault(line, what, f"Chọn đoạn, {key} để {'' if wanted else 'bỏ '}{said}")


def bold(paper: Paper, profile: Profile) -> Iterator[Fault]:
    return _switched(paper, profile, "bold", "đậm", "Ctrl+B")


def italic(paper: Paper, profile: Profile) -> Iterator[Fault]:
    return _switched(paper, profile, "italic", "nghiêng", "Ctrl+I")


def underlined(paper: Paper, profile: Profile) -> Iterator[Fault]:
    return _switched(paper, profile, "underlined", "gạch chân", "Ctrl+U")


def capitals(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line, part, style in _styled(paper, profile):
        said = _without_number(line, part)
        if style.capitals and said != said.upper():
            what = f"{NAMES[part]} không in hoa"
            yield Fault(line, what, f"Viết hoa hết: {said.upper()}"[:80])
        elif style.capitals is False and said == said.upper() and said != said.lower():
            yield Fault(line, f"{NAMES[part]} in hoa hết", "Viết chữ thường (Shift+F3)")


def _without_number(line: Line, part: Part) -> str:
    """A section's own words, up to what stands in brackets."""
    found = SECTION.match(line.said) if part == "section" else None
    return found["rest"].partition(" (")[0] if found else line.text


def aligned(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line, part, style in _styled(paper, profile):
        by_tabs = line.tabbed or "\t" in line.opening
        if style.align is None or by_tabs or line.shape.align == style.align:
            continue
        if part == "text" and len(line.text) < LONG and line.shape.align != "center":
            continue  # a single line looks the same
        found, wanted = ALIGNED.get(line.shape.align, "khác"), ALIGNED[style.align]
        yield Fault(line, f"{NAMES[part]} căn {found}", f"Căn {wanted} ({KEYS[style.align]})")


def first_line(paper: Paper, profile: Profile) -> Iterator[Fault]:
    low, high = profile.first_line
    for line in _openings(paper, "text"):
        shape = line.shape
        found = shape.left + shape.first_line if line.label else shape.first_line
        if shape.align != "center" and not low - NEAR <= found <= high + NEAR:
            if line.opening.strip(" ") or len(line.opening) > 3:
                continue  # said once, by the rule on tabs and blanks
            what = f"dòng đầu thụt {shown(round(found, 1))} mm"
            mend = f"Paragraph › Special › First line: {span(profile.first_line)} mm"
            yield Fault(line, what, mend)


def _openings(paper: Paper, *parts: Part) -> Iterator[Line]:
    """The first pieces of paragraphs of the text."""
    before = 0
    for line, part in paper:
        if part in parts and line.number != before and not line.tabbed:
            yield line
        before = line.number


def between(paper: Paper, profile: Profile) -> Iterator[Fault]:
    above: Line | None = None
    for line, part in paper:
        if part not in TEXT or line.tabbed:
            above = None if part not in TEXT else above
            continue
        if above is not None and line.number == above.number + 1:
            same = above.shape.style == line.shape.style
            together = above.shape.contextual and line.shape.contextual and same
            gap = 0.0 if together else above.shape.after + line.shape.before
            if gap < profile.between - 0.1:
                what = f"cách đoạn trên {shown(gap)} pt"
                yield Fault(
                    line, what, f"Paragraph › Spacing › Before: {shown(profile.between)} pt"
                )
        above = line


def spacing(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line in _openings(paper, "text"):
        shape = line.shape
        if profile.exact_spacing:
            low, high = profile.exact_spacing
            if shape.rule != "exact" or not low <= shape.line <= high:
                mend = f"Paragraph › Line spacing › Exactly: {span((low, high))} pt"
                yield Fault(line, f"giãn dòng {_said(line)}", mend)
        elif profile.times_spacing:
            low, high = profile.times_spacing
            size = line.runs[0].look.size
            times = shape.line if shape.rule == "auto" else shape.line / (size * 1.15)
            at_least = shape.rule == "atLeast" and times < low
            if not at_least and not low - 0.05 <= times <= high + 0.05:
                mend = f"Paragraph › Line spacing › Multiple: {span((low, high))}"
                yield Fault(line, f"giãn dòng {_said(line)}", mend)


def _said(line: Line) -> str:
    shape = line.shape
    if shape.rule == "auto":
        return f"{shown(round(shape.line, 2))} dòng"
    return f"{'ít nhất' if shape.rule == 'atLeast' else 'đúng'} {shown(shape.line)} pt"


def numbering(paper: Paper, profile: Profile) -> Iterator[Fault]:
    ways = zip((SECTION, POINT, LETTER), ("I", "1", "a"), profile.numbering, strict=True)
    known = list(ways)
    for line in paper.of(*TEXT):
        for pattern, example, mark in known:
            found = pattern.match(line.said)
            if found and found["mark"] != mark:
                what = f"số mục ghi “{found['number']}{found['mark'].rstrip()}”"
                mend = f"Ghi “{found['number']}{mark}”, như “{example}{mark}Nội dung”"
                yield Fault(line, what, mend)
                break


def order(paper: Paper, profile: Profile) -> Iterator[Fault]:
    last = 0
    for line in paper.of("section"):
        found = SECTION.match(line.said)
        number = found["number"] if found else ""
        if number == "I":
            last = 1
            continue
        if number != roman(last + 1):
            mend = f"Ghi {roman(last + 1)} hoặc xem lại mục còn thiếu"
            yield Fault(line, f"mục {number} không theo sau mục {roman(last) or 'nào'}", mend)
        last += 1
