"""What authors did with what was raised: explained, passed to the commune, taken up."""

from collections import defaultdict

from bot.reports.blocks import Block, Passage
from bot.reports.facts import Facts
from bot.reports.figures import CASE, counted
from bot.reports.wording import portions
from bot.rules.figures import Identity
from bot.words import vietnamese_number as shown

title = "HƯỚNG GIẢI QUYẾT"
RULES = (Identity("Kiến nghị mới theo hướng giải quyết", ("cases_new",), ("outcome:*",)),)
LABELS = {
    "explained": "giải thích tại chỗ",
    "passed_to_commune": "chuyển địa phương",
    "passed_up": "phản ánh cấp trên",
}


def gather(facts: Facts) -> Block | None:
    """outcome:explained and so on: they sum to what is new; a phone prints none of it."""
    ids: dict[str, list[int]] = defaultdict(list)
    for row in facts.raised:
        ids[row.outcome].append(row.id)
    figures = [counted(f"outcome:{name}", CASE, found) for name, found in sorted(ids.items())]
    if not figures:
        return None
    parts = [(label, len(ids[name])) for name, label in LABELS.items()]
    whole = shown(len(facts.raised))
    line = f"Hướng giải quyết của {whole} kiến nghị, phản ánh mới: {portions(parts)}."
    return Block(
        "outcomes",
        tuple(figures),
        written=(Passage("standing", "Hướng giải quyết ban đầu", (line,)),),
        rules=RULES,
    )
