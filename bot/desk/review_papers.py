"""The sheet on a cadre's year to print: figures of the log, words, the points where given."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.desk.exchanges import named
from bot.layout.papers import Appendix, Issuer, Level, Paper
from bot.reports.chapters import appendices
from bot.reports.snapshots import Snapshot
from bot.rules.periods import Period
from bot.rules.vocabulary import STAFF_GROUPS, label
from bot.rules.zone import local
from storage.known_programmes import PointRow
from storage.tables import Person

KIND = "Phiếu nhận xét"
LISTS = ("Số liệu theo địa bàn", "Hỗ trợ huy động")
NONE = "Chưa ghi."


class Word(NamedTuple):
    """Somebody's word on the year: by whom, from where, what."""

    who: str
    said: str


def paper(
    person: Person,
    year: Period,
    snapshot: Snapshot,
    figures: Iterable[tuple[str, str]],
    *,
    words: Sequence[tuple[str, Sequence[Word]]],
    points: Sequence[PointRow],
    issuer: Issuer,
) -> Paper:
    """`words` are the comments under their headings, in the order in which they are printed."""
    lines: list[tuple[Level, str]] = [("section", "SỐ LIỆU TỪ PHIẾU ĐÃ GHI")]
    lines += [("text", f"{name}: {value}.") for name, value in figures]
    lines.append(("text", "Số liệu do hệ thống tính từ phiếu, không sửa trên bản này."))
    for heading, said in words:
        lines.append(("section", heading))
        lines += [("text", f"{one.who}: “{one.said}”.") for one in said] or [("text", NONE)]
    lists = [one for one in appendices(snapshot) if one.title in LISTS]
    return Paper(
        issuer=issuer,
        kind=KIND,
        excerpt=f"{year.label} của {named(person)}",
        lines=tuple(lines),
        about=local(snapshot.cut_at).date(),
        after=(f"Mã băm SHA-256 của số liệu: {snapshot.sha256}",),
        appendices=(*lists, *_sheets(points)),
    )


def _sheets(points: Sequence[PointRow]) -> list[Appendix]:
    """One list for each set: the most and what was given under each criterion; they sum."""
    found = []
    for of in dict.fromkeys(row.set_code for row in points):
        rows = [row for row in points if row.set_code == of]
        group = label(STAFF_GROUPS, rows[0].staff)
        title = f"Phiếu chấm điểm, bộ {of}, nhóm {group}"
        total = (sum(row.most for row in rows), sum(row.points for row in rows))
        listed = tuple((row.name, row.most, row.points) for row in rows)
        head = ("Tiêu chí", "Điểm tối đa", "Điểm chấm")
        found.append(Appendix(title, head, listed, (6.0, 1.5, 1.5), ("Cộng", *total)))
    return found
