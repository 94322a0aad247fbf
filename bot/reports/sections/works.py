"""Work items for the section on programmes: registered = done + being done + late + withdrawn."""

from collections import Counter

from bot.reports.blocks import Table
from bot.reports.facts import Facts
from bot.reports.figures import WORK, Figure, counted
from bot.rules.figures import Identity
from bot.rules.vocabulary import WORK_KINDS, label
from bot.words import full_day, uncapital
from bot.words import vietnamese_number as shown
from storage.known_programmes import WorkRow

STATES = {"done": "xong", "doing": "đang làm", "late": "quá hạn", "withdrawn": "rút"}
RULES = (Identity("Công việc", ("works",), tuple(f"works_{state}" for state in STATES)),)


def state(row: WorkRow, facts: Facts) -> str:
    """How it stood at the cut, at the latest on the last day."""
    day = min(facts.day, facts.period.last)
    if row.done_on is not None and row.done_on <= day:
        return "done" if row.state == "xong" else "withdrawn"
    return "late" if row.due_on < day else "doing"


def _rows(facts: Facts) -> list[WorkRow]:
    first = facts.period.start
    return [
        row
        for row in facts.known.programmes.works
        if (row.begins_on is None or row.begins_on <= facts.period.last)
        and (row.done_on is None or row.done_on >= first)
    ]


def figures(facts: Facts) -> tuple[Figure, ...]:
    """All items, and those in each state."""
    rows = _rows(facts)
    if not rows:
        return ()
    found = {name: [row.id for row in rows if state(row, facts) == name] for name in STATES}
    return (
        counted("works", WORK, [row.id for row in rows]),
        *(counted(f"works_{name}", WORK, ids) for name, ids in found.items()),
    )


def told(facts: Facts) -> tuple[str, ...]:
    """A sentence for each kind: so many, of them done, being done, late, withdrawn."""
    lines = []
    for kind in WORK_KINDS:
        rows = [row for row in _rows(facts) if row.kind == kind.token]
        if rows:
            lines.append(f"{kind.label}: {_sum(rows, facts)}")
    lines += [f"CV-{row.number} xin xem lại: {row.doubt}" for row in _rows(facts) if row.doubt]
    return tuple(lines)


def _sum(rows: list[WorkRow], facts: Facts) -> str:
    counts = Counter(state(row, facts) for row in rows)
    parts = [f"{said} {shown(counts[name])}" for name, said in STATES.items() if counts[name]]
    return f"{shown(len(rows))} việc, gồm {', '.join(parts)}"


def short(facts: Facts) -> list[str]:
    """The same for a phone."""
    rows = _rows(facts)
    counts = Counter(state(row, facts) for row in rows)
    late = f", quá hạn {shown(counts['late'])}" if counts["late"] else ""
    return [f"Công việc: {shown(counts['done'])}/{shown(len(rows))} xong{late}"] if rows else []


def table(facts: Facts) -> Table:
    """Every item, the next one due first."""
    head = ("Mã", "Loại", "Nội dung", "Đơn vị", "Hạn", "Tình trạng", "Kết quả, ghi chú")
    rows = []
    for row in _rows(facts):
        area = facts.known.area.get(row.area_id or 0)
        doubt = f"xin xem lại: {row.doubt}" if row.doubt else ""
        rows.append(
            (
                f"CV-{row.number}",
                label(WORK_KINDS, row.kind),
                row.text,
                area.name if area else "",
                full_day(row.due_on),
                STATES[state(row, facts)],
                "; ".join(part for part in (uncapital(row.result), doubt) if part),
            )
        )
    return Table("cong_viec", "Việc theo chương trình, việc đăng ký", head, tuple(rows))
