"""Rules of the end of a paper: its last sentence, who signs, who receives it."""

import re
from collections.abc import Iterator

from bot.layout.parts import AUTHORITY, Paper
from bot.layout.profiles import Profile
from bot.layout.rules.contract import Fault, span
from bot.words import fold

TALL = 14.0  # points of an empty line


def last_sentence(paper: Paper, profile: Profile) -> Iterator[Fault]:
    lines = paper.of("text")
    for line in lines:
        if profile.end and line.text.endswith("./."):
            yield Fault(line, "kết thúc bằng “./.”", "Bỏ “/.”, chỉ để dấu chấm")
    for line in lines[-1:]:
        if not line.text.endswith((".", "…", ":")):
            yield Fault(line, "câu cuối không có dấu chấm", "Thêm dấu chấm")


def has_receivers(paper: Paper, profile: Profile) -> Iterator[Fault]:
    if not paper.of("receivers_head"):
        mend = "Ghi “Nơi nhận:” ở cuối, bên trái, rồi từng nơi một dòng"
        yield Fault(None, "thiếu nơi nhận", mend)
    elif not paper.of("receivers"):
        head = paper.first("receivers_head")
        yield Fault(head, "nơi nhận không có ai", "Ghi từng nơi một dòng, bắt đầu bằng dấu -")


def receivers_form(paper: Paper, profile: Profile) -> Iterator[Fault]:
    lines = paper.of("receivers")
    for line in lines:
        end = "." if line is lines[-1] else profile.receivers_end
        if not line.said.startswith("- "):
            yield Fault(line, "nơi nhận không bắt đầu bằng “- ”", "Ghi “- ” trước tên nơi nhận")
        if not line.text.endswith(end):
            name = "dấu chấm" if end == "." else f"dấu “{end}”"
            yield Fault(line, f"nơi nhận không kết thúc bằng {name}", f"Kết thúc bằng {name}")


def archived(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line in paper.of("receivers")[-1:]:
        if not re.search(r"\bluu\b", fold(line.text)):
            yield Fault(line, "dòng cuối nơi nhận không ghi nơi lưu", "Thêm dòng “- Lưu …”")


def authority(paper: Paper, profile: Profile) -> Iterator[Fault]:
    for line in paper.of("authority"):
        found = AUTHORITY.match(line.text)
        if found is None:
            continue
        letters = found["letters"].replace("/", "").upper()
        said = line.text.split()[0]
        wanted = "Q." if letters == "Q" else profile.authority(letters)
        if said != wanted:
            yield Fault(line, f"quyền hạn ký ghi “{said}”", f"Ghi “{wanted}”")


def signed(paper: Paper, profile: Profile) -> Iterator[Fault]:
    if not paper.of("post"):
        if not paper.of("authority"):
            yield Fault(None, "thiếu chức vụ người ký", "Ghi chức vụ ở cuối, bên phải, in hoa")
        else:
            line = paper.of("authority")[-1]
            yield Fault(line, "thiếu chức vụ người ký", "Ghi chức vụ ngay dưới quyền hạn")
    if not paper.of("name"):
        yield Fault(None, "thiếu họ tên người ký", "Ghi họ tên dưới chữ ký")


def room(paper: Paper, profile: Profile) -> Iterator[Fault]:
    """Between post and name; the room may be made of empty lines or of spacing."""
    name, above = paper.first("name"), paper.of("authority", "post")
    if name is None or not above or name.tabbed or above[-1].tabbed:
        return
    below = list(paper.after(above[-1]))
    stop = next((place for place, line in enumerate(below) if line is name), 0)
    empty = [line for line in below[:stop] if not line.text and line.cell == name.cell]
    lines = len(empty) + (name.shape.before + above[-1].shape.after) / TALL
    low, high = profile.blank_lines
    if not low - 0.5 <= lines <= high + 2:
        what = f"chỗ ký {round(lines)} dòng trống"
        yield Fault(name, what, f"Để khoảng {span(profile.blank_lines)} dòng trống")
