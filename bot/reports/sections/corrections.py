"""What was corrected after earlier reports had gone out: the old figures, the new ones, codes."""

from collections.abc import Iterable

from bot.reports.blocks import Block, Passage
from bot.reports.facts import Amended, Facts
from bot.reports.figures import CASE, VISIT, Figure, counted
from bot.reports.wording import listed
from bot.rules.supports import money
from bot.words import capital
from bot.words import vietnamese_number as shown
from storage.known import CaseRow, RefiledRow

title = "BỔ SUNG"
CODES = 10
"""How many codes a sentence names."""


def gather(facts: Facts) -> Block | None:
    """On paper alone; the phone has one line in the section on visits."""
    found = [(one, *_changes(one)) for one in facts.amended]
    lines = [line for one, added, gone, moved in found for line in _lines(one, added, gone, moved)]
    lines += [line for one in facts.amended for line in _supports(one)]
    figures = [
        *_figures("corrected_added", [added for _, added, _, _ in found]),
        *_figures("corrected_withdrawn", [gone for _, _, gone, _ in found]),
        *_figures("corrected_moved", [moved for _, _, _, moved in found]),
    ]
    of_cases, told = _cases(facts)
    if not (lines or told):
        return None
    written = Passage("corrections", "Bổ sung", (*lines, *told))
    return Block("corrections", (*figures, *of_cases), written=(written,))


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
    parts = [f"{name} {_codes('CS', found.values())}" for name, found in said if found]
    return [figures, f"{capital('; '.join(parts))}."]


def _supports(one: Amended) -> list[str]:
    """Help raised, where the slips now tell of another value or number."""
    then, now = (
        sorted((row.visit_id, row.kind, row.quantity, row.value or 0) for row in facts.supports)
        for facts in (one.then, one.now)
    )
    if then == now:
        return []
    values = (f"{money(sum(row[3] for row in rows))}, {len(rows)} khoản" for rows in (then, now))
    said = " thành ".join(values)
    codes = {row.number for row in one.now.visits if _told(row.id, then) != _told(row.id, now)}
    parts = f" ({_codes('CS', codes)})" if codes else ""
    return [f"Hỗ trợ huy động {one.now.period.label} từ {said}{parts}."]


Told = tuple[int, str, int, int]


def _told(visit_id: int, rows: Iterable[Told]) -> list[Told]:
    return [row for row in rows if row[0] == visit_id]


def _cases(facts: Facts) -> tuple[list[Figure], list[str]]:
    """Cases that the last report did not have, or had and that are none of its any more; those
    put under another field; those that turned out to be others' doubles."""
    sent = facts.earlier.get("cases_open")
    carried = {row.id: row for row in facts.carried}
    before = set(sent.all_ids()) if sent is not None else set(carried)
    late = [carried[one] for one in sorted(carried.keys() - before)]
    gone = before - carried.keys()
    field = [row for row in facts.refiled if row.act == "change_field" and not _had(facts, row)]
    merged = [row for row in facts.refiled if row.act == "merge"]
    figures = [
        counted(f"corrected_cases_{name}", CASE, [row.id for row in rows])
        for name, rows in (("added", late), ("field", field), ("merged", merged))
        if rows
    ]
    return figures, [*_carried(len(before), len(carried), late, gone), *_refiled(field, merged)]


def _had(facts: Facts, row: RefiledRow) -> bool:
    """The office put it there before the last report went out."""
    fields = [one.id for one in facts.known.fields if one.name == row.text]
    sent = [facts.earlier.get(f"field:{one}") for one in fields]
    return any(one is not None and row.id in one.all_ids() for one in sent)


def _carried(sent: int, found: int, late: list[CaseRow], gone: set[int]) -> list[str]:
    if not (late or gone):
        return []
    codes = _codes("KN", [row.number for row in late])
    parts = [f"thêm {codes}"] if late else []
    parts += [f"không còn tính {shown(len(gone))}"] if gone else []
    what = f"Kiến nghị kỳ trước chuyển sang: bản kỳ trước ghi {shown(sent)}, nay {shown(found)}"
    return [f"{what}; {'; '.join(parts)}."]


def _refiled(field: list[RefiledRow], merged: list[RefiledRow]) -> list[str]:
    named = [f"KN-{row.number} sang {row.text}" for row in field]
    doubles = [f"KN-{row.number} vào {row.text}" for row in merged]
    lines = [f"Đổi lĩnh vực của kiến nghị kỳ trước: {listed(named, CODES)}."] if named else []
    return [*lines, *([f"Gộp kiến nghị trùng: {listed(doubles, CODES)}."] if doubles else [])]


def _codes(kind: str, numbers: Iterable[int]) -> str:
    return listed([f"{kind}-{number}" for number in sorted(numbers)], CODES)
