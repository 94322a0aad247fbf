"""What authors did with what was raised: explained, passed to the commune, taken up; no lines."""

from collections import defaultdict

from bot.reports.blocks import Block
from bot.reports.facts import Facts
from bot.reports.figures import CASE, counted

title = "HƯỚNG GIẢI QUYẾT"


def gather(facts: Facts) -> Block | None:
    """outcome:explained and so on, for the list of entries: they sum to what is new."""
    ids: dict[str, list[int]] = defaultdict(list)
    for row in facts.raised:
        ids[row.outcome].append(row.id)
    figures = [counted(f"outcome:{name}", CASE, found) for name, found in sorted(ids.items())]
    return Block("outcomes", tuple(figures)) if figures else None
