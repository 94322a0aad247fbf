"""The areas without a recorded visit: behind a button on the phone, an appendix on paper."""

from collections import Counter

from bot.reports.blocks import Block, Table
from bot.reports.facts import Facts
from bot.reports.figures import AREA, counted

title = "CHƯA GHI NHẬN"
HEAD = ("Địa bàn", "Lượt phải đi", "Chưa ghi nhận", "Ghi chú")


def gather(facts: Facts) -> Block | None:
    """Each area once, however many duties in it are not recorded; nobody is named."""
    missing = Counter(due.assignment.area for due in facts.duties.not_recorded)
    if not missing:
        return None
    required = Counter(due.assignment.area for due in facts.duties.required)
    people = facts.known.person
    silent = {
        due.assignment.area
        for due in facts.duties.not_recorded
        if not people[due.assignment.person].linked
    }
    rows = tuple(
        (row.name, required[row.id], missing[row.id], "Chưa kết nối" if row.id in silent else "")
        for row in facts.known.areas
        if row.id in missing
    )
    table = Table("not_recorded", "Địa bàn chưa ghi nhận đủ số lượt", HEAD, rows, totals=(1, 2))
    figure = counted("areas_not_recorded", AREA, missing)
    return Block("not_recorded", (figure,), tables=(table,))
