"""Rules of the head of a paper: title, bodies, number, place and date, kind, excerpt."""

import re
from collections.abc import Iterator
from datetime import date as day_of

from bot.layout.papers import month_of
from bot.layout.parts import DASHES, TITLES, Paper
from bot.layout.profiles import NAMES, Part, Profile
from bot.layout.reading import Line
from bot.layout.rules.contract import Fault
from bot.words import fold

BLANK = r"[\s.…_]*"
DATE = re.compile(
    rf"^(?P<place>[^,\d]+), ngày (?P<day>\d{{1,2}}|{BLANK}) tháng (?P<month>\d{{1,2}}|{BLANK})"
    rf" năm (?P<year>\d{{4}}|{BLANK})$"
)
PARTY_NUMBER = re.compile(rf"^Số (?:\d+|{BLANK})-[A-ZĐa-z]{{1,5}}/[A-ZĐ][\w-]*$")
STATE_NUMBER = re.compile(rf"^Số: ?(?:\d+|{BLANK})/(?:[A-ZĐa-z]{{1,5}}-)?[A-ZĐ][\w-]*$")
SOLID = ("single", "thick", "double")


def titled(paper: Paper, profile: Profile) -> Iterator[Fault]:
    if not _titles(paper, party=profile.party):
        mend = f"Ghi “{profile.title}” ở góc phải, dòng đầu"
        yield Fault(None, f"thiếu tiêu đề “{profile.title}”", mend)


def foreign_title(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line in _titles(paper, party=not profile.party):
        mend = f"Bỏ, ghi “{profile.title}” (hoặc kiểm tra bằng thể thức khác: --profile)"
        yield Fault(line, "tiêu đề của loại văn bản khác", mend)


def _titles(paper: Paper, *, party: bool) -> list[Line]:
    wanted = next(title for title, of_party in TITLES.items() if of_party == party)
    return [line for line in paper.of("title") if wanted in fold(line.text)]


def motto(paper: Paper, profile: Profile) -> Iterator[Fault]:
    line = paper.first("motto")
    if profile.motto and line is None:
        yield Fault(None, "thiếu tiêu ngữ", f"Ghi “{profile.motto}” dưới tiêu đề")
    elif profile.motto and line is not None and fold(line.text) != fold(profile.motto):
        yield Fault(line, "tiêu ngữ sai dấu nối", f"Ghi “{profile.motto}”")
    elif not profile.motto and line is not None:
        yield Fault(line, "tiêu ngữ của văn bản Nhà nước", "Bỏ dòng này")


def place_of_title(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line in paper.of("title"):
        if line.side == "left":
            mend = "Đưa tiêu đề sang góc phải, tên cơ quan bên trái"
            yield Fault(line, "tiêu đề ở bên trái", mend)


def line_under(paper: Paper, profile: Profile) -> Iterator[Fault]:
    last: Part = "motto" if profile.motto else "title"
    for line in paper.of(last)[:1]:
        yield from _ruled(paper, line, last)
    body = paper.of("body")[-1:]
    if not profile.style("star"):
        for line in body:
            yield from _ruled(paper, line, "body")


def _ruled(paper: Paper, line: Line, part: Part) -> Iterator[Fault]:
    """A solid line right under it, however it was made."""
    below = []
    for each in paper.after(line):
        below.append(each)
        if each.text or len(below) > 2:
            break
    borders = {b for b in line.shape.borders if b.startswith("bottom")}
    empty = [each for each in below if not each.text]
    borders |= {border for each in empty for border in each.shape.borders}
    borders |= {b for each in below for b in each.shape.borders if b.startswith("top")}
    text = next((each.text for each in below if DASHES.fullmatch(each.text)), "")
    underlined = any(run.look.underlined for run in line.runs)
    drawn = line.drawn + sum(each.drawn for each in below) or _drawn_in_head(paper)
    if any(border.endswith(SOLID) for border in borders) or drawn or underlined:
        return
    if set(text) & set("-–*"):
        mend = "Thay bằng đường kẻ liền (Insert › Shapes › Line)"
        yield Fault(line, f"dưới {NAMES[part]} là nét đứt", mend)
    elif not text:
        mend = "Kẻ đường liền ngay dưới (Insert › Shapes › Line), dài bằng dòng chữ"
        yield Fault(line, f"thiếu đường kẻ dưới {NAMES[part]}", mend)


def _drawn_in_head(paper: Paper) -> bool:
    """Word may fix a drawn line to any paragraph of the head."""
    head = next((n for n, (_, part) in enumerate(paper) if part in ("kind", "to")), 0)
    return any(line.drawn for line in paper.written.lines[:head])


def body(paper: Paper, profile: Profile) -> Iterator[Fault]:
    if not paper.of("body"):
        mend = "Ghi tên cơ quan ban hành ở góc trái, in hoa, đậm"
        yield Fault(None, "thiếu tên cơ quan ban hành", mend)


def star(paper: Paper, profile: Profile) -> Iterator[Fault]:
    lines = paper.of("star")
    if profile.style("star") and not lines and paper.of("body"):
        yield Fault(paper.of("body")[-1], "thiếu dấu * dưới tên cơ quan", "Thêm một dòng dấu *")
    if not profile.style("star") and lines:
        yield Fault(lines[0], "dấu * của văn bản Đảng", "Thay bằng đường kẻ liền")


def has_number(paper: Paper, profile: Profile) -> Iterator[Fault]:
    if not paper.of("number"):
        yield Fault(None, "thiếu số và ký hiệu", f"Ghi như “{_example(profile)}” dưới tên cơ quan")


def number_form(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line in paper.of("number")[:1]:
        form = STATE_NUMBER if profile.number_colon else PARTY_NUMBER
        what = ""
        if not form.match(line.text):
            what = f"số và ký hiệu ghi “{line.text}”"
        elif re.search(r"Số:?\s*[1-9](?!\d)", line.text):
            what = "số nhỏ hơn 10 chưa có số 0"
        if what:
            yield Fault(line, what, f"Ghi như “{_example(profile)}”")


def _example(profile: Profile) -> str:
    return "Số: 05/BC-UBND" if profile.number_colon else "Số 05-BC/TU"


def dated(paper: Paper, profile: Profile) -> Iterator[Fault]:
    if not paper.of("date") and not _elsewhere(paper):
        mend = "Ghi “Địa danh, ngày … tháng … năm …” dưới tiêu đề"
        yield Fault(None, "thiếu địa danh, ngày tháng", mend)


def place_of_date(paper: Paper, profile: Profile) -> Iterator[Fault]:
    mend = "Đưa về bên phải, dưới tiêu đề"
    lines = paper.of("date")
    for line in lines[:1]:
        titles = paper.of("title", "motto")
        side = titles[0].side if titles else "right"
        if line.side != side or line.number < min((each.number for each in titles), default=0):
            yield Fault(line, "địa danh, ngày tháng không ở dưới tiêu đề", mend)
    if not lines:
        for line in _elsewhere(paper):
            yield Fault(line, "địa danh, ngày tháng ở cuối văn bản", mend)


def _elsewhere(paper: Paper) -> list[Line]:
    head = paper.first("kind")
    return [
        line
        for line, _ in paper
        if DATE.match(line.text) and (head is None or line.number > head.number)
    ][:1]


def date_form(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line in paper.of("date")[:1]:
        found = DATE.match(line.text)
        if found is None:
            mend = "Ghi như “Quy Nhơn, ngày 05 tháng 4 năm 2026”"
            yield Fault(line, f"ngày tháng ghi “{line.text}”"[:90], mend)
            continue
        said, month = found["day"], found["month"]
        if said.isdigit() and len(said) < 2:
            yield Fault(line, "ngày nhỏ hơn 10 chưa có số 0", f"Ghi ngày 0{said}")
        if month.isdigit() and month != month_of(int(month)):
            mend = f"Ghi tháng {month_of(int(month))} (chỉ tháng 1, 2 thêm số 0)"
            yield Fault(line, f"tháng ghi “{month}”", mend)
        if said.isdigit() and month.isdigit() and found["year"].isdigit() and not _real(found):
            yield Fault(line, "ngày không có trong lịch", "Xem lại ngày, tháng")


def _real(found: re.Match[str]) -> bool:
    try:
        day_of(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return False
    return True


def kind(paper: Paper, profile: Profile) -> Iterator[Fault]:
    if not paper.of("kind", "to"):
        mend = "Ghi tên loại (BÁO CÁO …) giữa dòng, hoặc “Kính gửi” nếu là công văn"
        yield Fault(None, "thiếu tên loại văn bản", mend)


def excerpt(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line in paper.of("kind"):
        if not paper.of("excerpt"):
            yield Fault(line, "thiếu trích yếu", "Ghi trích yếu ngay dưới tên loại")


def under_excerpt(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line in paper.of("excerpt")[-1:]:
        dashes = paper.first("dashes")
        if profile.party and dashes is None:
            yield Fault(line, "thiếu “-----” dưới trích yếu", "Thêm một dòng “-----”, căn giữa")
        elif not profile.party:
            if dashes is not None and set(dashes.text) & set("_─━═"):
                continue
            yield from _ruled(paper, line, "excerpt")
