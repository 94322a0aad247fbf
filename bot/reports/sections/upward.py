"""What is recommended to those above: beyond the province, or without a sanction in law."""

from bot.reports.blocks import Block, Passage
from bot.reports.facts import Facts
from bot.reports.figures import CASE, counted
from bot.reports.sections.opinions import in_full, one_line
from bot.rules.case_table import UPWARD_LIST

title = "KIẾN NGHỊ TRUNG ƯƠNG"
MOST = 4


def gather(facts: Facts) -> Block | None:
    """Those that wait to be recommended, and those that ended so in the period; none is lost."""
    waiting = [row for row in facts.open if row.state in UPWARD_LIST]
    ended = [row for row in facts.ended if row.state in UPWARD_LIST]
    found = sorted([*waiting, *ended], key=lambda row: row.number)
    if not found:
        return None
    heading = f"{title} ({len(found)})"
    lines = [one_line(row, facts) for row in found]
    variants = []
    for count in range(min(len(lines), MOST), -1, -1):
        left = [f"và {len(lines) - count} kiến nghị khác"] if 0 < count < len(lines) else []
        variants.append((heading, *lines[:count], *left))
    figure = counted("upward", CASE, [row.id for row in found])
    written = Passage("asks", "Kiến nghị Trung ương", tuple(in_full(row, facts) for row in found))
    return Block("upward", (figure,), tuple(variants), written=(written,))
