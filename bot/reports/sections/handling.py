"""What became of cases: carried over + new = ended + open, and of the open ones the overdue."""

from bot.reports.blocks import Block
from bot.reports.facts import Facts
from bot.reports.figures import CASE, counted
from bot.words import vietnamese_number as shown
from storage.known import CaseRow

title = "GIẢI QUYẾT"


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
    late = f" (quá hạn {shown(len(facts.overdue))})" if facts.overdue else ""
    lines = (
        title,
        f"Kỳ trước {shown(len(facts.carried))} + mới {shown(len(facts.raised))}",
        f"= kết thúc {shown(len(facts.ended))} + còn {shown(len(facts.open))}{late}",
    )
    return Block("handling", figures, (lines,))


def _in_time(facts: Facts) -> list[CaseRow]:
    late = {row.id for row in facts.overdue}
    return [row for row in facts.open if row.id not in late]
