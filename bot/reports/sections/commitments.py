"""Commitments (việc hẹn lại): carried over + new = done + open, and of the open ones the late."""

from bot.reports.blocks import Block, Passage
from bot.reports.facts import Facts
from bot.reports.figures import COMMITMENT, counted
from bot.reports.wording import portions
from bot.rules.figures import Identity
from bot.words import vietnamese_number as shown
from storage.known import CommitmentRow

title = "VIỆC HẸN LẠI"
RULES = (
    Identity(
        "Việc hẹn lại",
        ("commitments_carried", "commitments_new"),
        ("commitments_done", "commitments_open"),
    ),
    Identity(
        "Việc hẹn lại còn", ("commitments_open",), ("commitments_in_time", "commitments_late")
    ),
)


def gather(facts: Facts) -> Block | None:
    """On paper alone."""
    rows = facts.commitments
    if not rows:
        return None
    new = [row for row in rows if row.made_at >= facts.begins]
    done = [row for row in rows if row.done_at is not None and row.done_at < facts.ends]
    late = [row for row in rows if row not in done and _late(row, facts)]
    parts = {
        "carried": [row for row in rows if row not in new],
        "new": new,
        "done": done,
        "open": [row for row in rows if row not in done],
        "late": late,
        "in_time": [row for row in rows if row not in done and row not in late],
    }
    figures = tuple(
        counted(f"commitments_{name}", COMMITMENT, [row.id for row in found])
        for name, found in parts.items()
    )
    count = {name: len(found) for name, found in parts.items()}
    line = (
        f"Kỳ trước chuyển sang {shown(count['carried'])} việc, hẹn mới {shown(count['new'])}; "
        f"xong {shown(count['done'])}, còn {shown(count['open'])}."
    )
    lines = [line]
    if count["open"]:
        left = [("chưa đến hạn", count["in_time"]), ("quá hạn", count["late"])]
        lines.append(f"Trong {shown(count['open'])} việc còn lại: {portions(left)}.")
    written = (Passage("work", "Việc hẹn lại cơ sở", tuple(lines)),)
    return Block("commitments", figures, written=written, rules=RULES)


def _late(row: CommitmentRow, facts: Facts) -> bool:
    """Past its day at the cut."""
    return row.due_on is not None and row.due_on < facts.day
