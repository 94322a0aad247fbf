"""What was corrected after earlier reports had gone out: the old figures, the new ones, codes."""

from collections.abc import Iterable

from bot.reports.blocks import Block, Passage
from bot.reports.facts import Amended, Facts
from bot.reports.figures import VISIT, Figure, counted
from bot.reports.wording import listed
from bot.words import capital
from bot.words import vietnamese_number as shown

title = "BỔ SUNG"
CODES = 10
"""How many codes a sentence names."""


def gather(facts: Facts) -> Block | None:
    """On paper alone; the phone has one line in the section on visits."""
    found = [(one, *_changes(one)) for one in facts.amended]
    lines = [line for one, added, gone, moved in found for line in _lines(one, added, gone, moved)]
    if not lines:
        return None
    figures = [
        *_figures("corrected_added", [added for _, added, _, _ in found]),
        *_figures("corrected_withdrawn", [gone for _, _, gone, _ in found]),
        *_figures("corrected_moved", [moved for _, _, _, moved in found]),
    ]
    written = Passage("corrections", "Bổ sung", tuple(lines))
    return Block("corrections", tuple(figures), written=(written,))


def _changes(one: Amended) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """Visits by id with their numbers: those that came, those that went, those of another place."""
    then, now = ({row.id: row for row in facts.visits} for facts in (one.then, one.now))
    added = {row.id: row.number for row in now.values() if row.id not in then}
    gone = {row.id: row.number for row in then.values() if row.id not in now}
    moved = {
        row.id: row.number
        for row in now.values()
        if row.id in then and _placed(row) != _placed(then[row.id])
    }
    return added, gone, moved


def _placed(row: object) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in ("person_id", "area_id", "visited_on"))


def _figures(name: str, groups: Iterable[dict[int, int]]) -> list[Figure]:
    ids = [one for group in groups for one in group]
    return [counted(name, VISIT, ids)] if ids else []


def _lines(
    one: Amended, added: dict[int, int], gone: dict[int, int], moved: dict[int, int]
) -> list[str]:
    """Số liệu tháng 9: phiếu 112 thành 114; đã ghi nhận 112/134 thành 113/134. Thêm CS-…"""
    if not (added or gone or moved):
        return []
    then, now = one.then.duties, one.now.duties
    report = f" (Văn bản số {one.document})" if one.document else ""
    figures = (
        f"{capital(one.now.period.label)}{report}: phiếu đi cơ sở từ "
        f"{shown(len(one.then.visits))} thành {shown(len(one.now.visits))}; đã ghi nhận từ "
        f"{shown(len(then.recorded))}/{shown(len(then.required))} thành "
        f"{shown(len(now.recorded))}/{shown(len(now.required))} số phải đi."
    )
    said = [("Thêm", added), ("rút hoặc chuyển kỳ", gone), ("sửa người, nơi, ngày", moved)]
    parts = [f"{name} {_codes(found)}" for name, found in said if found]
    return [figures, f"{capital('; '.join(parts))}."]


def _codes(found: dict[int, int]) -> str:
    return listed([f"CS-{number}" for number in sorted(found.values())], CODES)
