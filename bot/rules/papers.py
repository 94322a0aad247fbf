"""Where a paper for comment stands; every paper sent is in exactly one of these states."""

from dataclasses import dataclass
from datetime import date

STATES = {
    "waiting": "chờ góp ý",
    "overdue": "quá hạn góp ý",
    "commented": "đã góp ý, chờ xã tiếp thu hoặc giải trình",
    "settled": "đã góp ý, xã đã trả lời",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides: the due day, the day of the first comment, comments not answered yet."""

    due_on: date
    commented_on: date | None
    unanswered: int


def state(paper: Facts, today: date) -> str:
    """One of STATES."""
    if paper.commented_on is None:
        return "overdue" if today > paper.due_on else "waiting"
    return "commented" if paper.unanswered else "settled"
