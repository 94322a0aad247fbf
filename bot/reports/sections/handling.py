"""What became of cases: carried over + new = ended + open, and of the open ones the overdue."""

from collections import defaultdict
from collections.abc import Iterable

from bot.reports.blocks import Block, Passage, Table
from bot.reports.facts import Facts
from bot.reports.figures import CASE, Figure, counted
from bot.reports.wording import portions, rate
from bot.rules.case_table import STATES
from bot.rules.figures import Identity
from bot.words import full_day
from bot.words import vietnamese_number as shown
from storage.known import CaseRow

title = "GIẢI QUYẾT"
RULES = (
    Identity("Kiến nghị", ("cases_carried", "cases_new"), ("cases_ended", "cases_open")),
    Identity("Kiến nghị còn", ("cases_open",), ("cases_in_time", "cases_overdue")),
    Identity("Kiến nghị kết thúc", ("cases_ended",), ("ended:*",)),
)


def gather(facts: Facts) -> Block | None:
    """Two lines that must add up."""
    parts = {
        "carried": facts.carried,
        "new": facts.raised,
        "ended": facts.ended,
        "open": facts.open,
        "overdue": facts.overdue,
        "in_time": _in_time(facts),
    }
    if not (facts.carried or facts.raised):
        return None
    figures = tuple(
        counted(f"cases_{name}", CASE, [row.id for row in rows]) for name, rows in parts.items()
    )
    ends = _by_end(facts.ended)
    late = f" (quá hạn {shown(len(facts.overdue))})" if facts.overdue else ""
    lines = (
        title,
        f"Kỳ trước {shown(len(facts.carried))} + mới {shown(len(facts.raised))}",
        f"= kết thúc {shown(len(facts.ended))} + còn {shown(len(facts.open))}{late}",
    )
    return Block(
        "handling",
        (*figures, *ends),
        (lines,),
        written=(Passage("handling", "Kết quả giải quyết", tuple(_written(facts, ends))),),
        tables=_overdue(facts),
        rules=RULES,
    )


def _in_time(facts: Facts) -> list[CaseRow]:
    late = {row.id for row in facts.overdue}
    return [row for row in facts.open if row.id not in late]


def _by_end(rows: Iterable[CaseRow]) -> list[Figure]:
    """ended:explained, ended:recommended …: the state in which each ended."""
    ids: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        ids[row.state].append(row.id)
    return [counted(f"ended:{state}", CASE, found) for state, found in sorted(ids.items())]


def _written(facts: Facts, ends: list[Figure]) -> list[str]:
    carried, new, ended, left = map(len, (facts.carried, facts.raised, facts.ended, facts.open))
    said = [
        f"Kỳ trước chuyển sang {shown(carried)} kiến nghị, phản ánh; mới {shown(new)}; "
        f"tổng số {shown(carried + new)}. Đã kết thúc {shown(ended)}, "
        f"đạt {rate(ended, carried + new, 'tổng số')}; còn {shown(left)}."
    ]
    if ends:
        how = [(_end(figure.name.partition(":")[2]), figure.value) for figure in ends]
        said.append(f"Trong {shown(ended)} kiến nghị kết thúc: {portions(how)}.")
    if left:
        late = len(facts.overdue)
        how = [("trong hạn", left - late), ("quá hạn", late)]
        said.append(f"Trong {shown(left)} kiến nghị còn lại: {portions(how)}.")
    return said


def _end(state: str) -> str:
    return STATES[state].label if state in STATES else "đã kết thúc"


def _overdue(facts: Facts) -> tuple[Table, ...]:
    """The appendix: those past their day when the figures closed, the longest first."""
    names = {row.id: row.name for row in facts.known.fields}
    rows = [
        (
            f"KN-{row.number}",
            facts.known.area[row.area_id].name,
            names.get(row.field_id or 0, "chưa xếp"),
            " ".join(row.text.split()),
            full_day(row.due_on),
            (facts.day - row.due_on).days,
        )
        for row in sorted(facts.overdue, key=lambda row: (row.due_on or facts.day, row.number))
        if row.due_on is not None
    ]
    head = ("Mã", "Địa bàn", "Lĩnh vực", "Nội dung", "Hạn", "Quá hạn (ngày)")
    return (Table("overdue", "Kiến nghị quá hạn trả lời", head, tuple(rows)),) if rows else ()
