"""What the data show as not yet done: numbers and where their lists are, no judgement, no cause."""

from bot.reports.blocks import Block, Passage
from bot.reports.facts import Facts
from bot.reports.wording import rate
from bot.words import vietnamese_number as shown

title = "VIỆC CHƯA LÀM XONG"


def gather(facts: Facts) -> Block | None:
    """Only what other sections have counted; nothing where nothing is left."""
    lines = [*_visits(facts), *_cases(facts), *_talks(facts), *_promises(facts)]
    if not lines:
        return None
    return Block("limits", written=(Passage("limits", "Qua số liệu", tuple(lines)),))


def _visits(facts: Facts) -> list[str]:
    duties, people = facts.duties, facts.known.person
    missing = [due for due in duties.not_recorded if due.period.end <= facts.day]
    if not missing:
        return []
    areas = len({due.assignment.area for due in missing})
    silent = sum(not people[due.assignment.person].linked for due in missing)
    some = "cả" if silent == len(missing) > 1 else "trong đó"
    apart = f", {some} {shown(silent)} lượt có cán bộ chưa kết nối" if silent else ""
    share = rate(len(missing), len(duties.required), "số phải đi")
    return [
        f"Chưa ghi nhận {shown(len(missing))} lượt đi cơ sở ở {shown(areas)} địa bàn "
        f"({share}){apart}."
    ]


def _cases(facts: Facts) -> list[str]:
    late, left = len(facts.overdue), len(facts.open)
    if not late:
        return []
    share = rate(late, left, "số còn lại")
    return [f"Có {shown(late)} kiến nghị, phản ánh quá hạn trả lời ({share})."]


def _talks(facts: Facts) -> list[str]:
    late = [
        row
        for row in facts.exchanges
        if row.answered_at is None and row.due_on is not None and row.due_on < facts.day
    ]
    if not late:
        return []
    share = rate(len(late), len(facts.exchanges), "số trao đổi")
    return [f"Có {shown(len(late))} trao đổi quá hạn chưa có trả lời ({share})."]


def _promises(facts: Facts) -> list[str]:
    late = [
        row
        for row in facts.commitments
        if (row.done_at is None or row.done_at >= facts.ends)
        and row.due_on is not None
        and row.due_on < facts.day
    ]
    return [f"Có {shown(len(late))} việc hẹn lại cơ sở quá hạn chưa xong."] if late else []
