"""Rules of the paper itself: size, margins, and the numbers of its pages."""

from collections.abc import Iterator

from bot.layout.parts import Paper
from bot.layout.profiles import Profile
from bot.layout.reading import PageNumber
from bot.layout.rules.contract import Fault, shown, span

NEAR = 0.6  # millimetres that nobody sees
SIDES = {"top": "trên", "bottom": "dưới", "left": "trái", "right": "phải"}


def size(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for sheet in paper.written.sheets:
        sides = sorted((sheet.width, sheet.height))
        if any(abs(a - b) > 2 for a, b in zip(sides, sorted(profile.paper), strict=True)):
            found = f"{sheet.width:.0f} × {sheet.height:.0f} mm"
            yield Fault(None, f"khổ giấy {found}", "Layout › Size › A4 (210 × 297 mm)")


def margins(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for sheet in paper.written.sheets:
        if sheet.landscape:
            continue
        for side, name in SIDES.items():
            low, high = getattr(profile.margins, side)
            found = sheet.margins[side]
            if not low - NEAR <= found <= high + NEAR:
                said = span((low, high))
                yield Fault(
                    None,
                    f"lề {name} {shown(round(found, 1))} mm",
                    f"Layout › Margins: lề {name} {said} mm",
                )


def numbered(paper: Paper, profile: Profile) -> Iterator[Fault]:
    if paper.written.long and not any(sheet.numbers for sheet in paper.written.sheets):
        yield Fault(None, "không có số trang", "Insert › Page Number › Top of Page, giữa trang")


def first_page(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for sheet in paper.written.sheets[:1]:
        there = "first" if sheet.title_page else "default"
        if any(number.kind == there for number in sheet.numbers):
            mend = "Chọn Different First Page, xóa số ở trang đầu"
            yield Fault(None, "trang đầu có số trang", mend)


def above(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for number in _numbers(paper):
        if not number.above:
            yield Fault(None, "số trang ở lề dưới", "Page Number › Top of Page")
        elif number.align != "center":
            yield Fault(None, "số trang không ở giữa", "Đặt con trỏ ở số trang, Ctrl+E")


def number_size(paper: Paper, profile: Profile) -> Iterator[Fault]:
    low, high = profile.page_number_size
    for number in _numbers(paper):
        if not low <= number.size <= high:
            yield Fault(
                None,
                f"số trang cỡ {shown(number.size)}",
                f"Chọn số trang, đặt cỡ {span((low, high))}",
            )


def number_edge(paper: Paper, profile: Profile) -> Iterator[Fault]:
    wanted = profile.page_number_top
    for sheet in paper.written.sheets[:1]:
        above_page = any(one.above for one in sheet.numbers)
        if wanted and above_page and abs(sheet.header - wanted) > NEAR:
            yield Fault(
                None,
                f"số trang cách mép giấy {shown(round(sheet.header, 1))} mm",
                f"Header from Top: {shown(wanted)} mm",
            )


def _numbers(paper: Paper) -> list[PageNumber]:
    """Each once, however many sections share them."""
    return list(dict.fromkeys(one for sheet in paper.written.sheets for one in sheet.numbers))
