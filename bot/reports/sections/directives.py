"""What the province gave to be passed on: passed on, noted, or neither, for each area."""

from datetime import timedelta

from bot.reports.blocks import Block, Passage
from bot.reports.facts import Facts
from bot.reports.figures import DIRECTIVE, counted
from bot.reports.wording import portions, rate
from bot.rules.figures import Identity
from bot.words import vietnamese_number as shown

title = "TRUYỀN ĐẠT"
SOON = timedelta(hours=24)
RULES = (
    Identity(
        "Nội dung truyền đạt",
        ("directives",),
        ("directives_passed", "directives_noted", "directives_waiting"),
    ),
)


def gather(facts: Facts) -> Block | None:
    """On paper alone; each area that a text goes to counts once."""
    rows = [row for row in facts.known.directives if facts.begins <= row.issued_at < facts.ends]
    if not rows:
        return None
    known = [row for row in rows if row.noted_at or row.passed_at]
    passed = {row.id for row in rows if row.passed_at}
    soon = [
        row.id
        for row in known
        if min(at for at in (row.noted_at, row.passed_at) if at) - row.issued_at <= SOON
    ]
    noted = {row.id for row in known} - passed
    figures = (
        counted("directives", DIRECTIVE, [row.id for row in rows]),
        counted("directives_passed", DIRECTIVE, passed),
        counted("directives_noted", DIRECTIVE, noted),
        counted("directives_waiting", DIRECTIVE, {row.id for row in rows} - passed - noted),
        counted("directives_noted_soon", DIRECTIVE, soon),
    )
    values = {figure.name: figure.value for figure in figures}
    whole = values["directives"]
    parts = [
        ("đã truyền đạt", values["directives_passed"]),
        ("đã nắm, chưa truyền đạt", values["directives_noted"]),
        ("chưa nắm", values["directives_waiting"]),
    ]
    lines = (
        f"Nội dung giao truyền đạt trong kỳ có {shown(whole)} lượt địa bàn: {portions(parts)}.",
        f"Nắm trong 24 giờ {shown(len(soon))} lượt, bằng "
        f"{rate(len(soon), whole, 'số lượt được giao')}.",
    )
    written = (Passage("work", "Truyền đạt nội dung của tỉnh", lines),)
    return Block("directives", figures, written=written, rules=RULES)
