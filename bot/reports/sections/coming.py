"""What falls due in the period that follows, as far as is known at the cut."""

from bot.reports.blocks import Block, Passage
from bot.reports.facts import Facts
from bot.reports.figures import CASE, COMMITMENT, counted
from bot.reports.sections.visits import duty_figure
from bot.rules.periods import Period, following, period
from bot.words import vietnamese_number as shown

title = "KỲ TỚI"


def gather(facts: Facts) -> Block | None:
    """On paper alone, and only once the period is over."""
    if not facts.over or facts.period.kind == "custom":
        return None
    ahead = _next(facts.period)
    owed = [due for due in facts.owed(ahead) if not due.excused]
    cases = [row for row in facts.open if row.due_on and row.due_on in ahead]
    promised = [
        row
        for row in facts.commitments
        if (row.done_at is None or row.done_at >= facts.ends) and row.due_on and row.due_on in ahead
    ]
    figures = (
        duty_figure("required_next", owed),
        counted("cases_due_next", CASE, [row.id for row in cases]),
        counted("commitments_due_next", COMMITMENT, [row.id for row in promised]),
    )
    said = [
        (len(owed), f"Theo phân công hiện có, {ahead.label} phải đi {shown(len(owed))} lượt."),
        (len(facts.open), _open(len(facts.open), len(cases), ahead.label)),
        (len(promised), f"Có {shown(len(promised))} việc hẹn lại cơ sở đến hạn trong kỳ."),
    ]
    lines = tuple(line for count, line in said if count)
    if not lines:
        return None
    return Block("coming", figures, written=(Passage("next", "Việc đến hạn", lines),))


def _next(of: Period) -> Period:
    """Nine months are followed by the last quarter of their year."""
    return period("quarter", of.year, 4, of.cut) if of.kind == "nine_months" else following(of)


def _open(left: int, due: int, when: str) -> str:
    said = f"Kiến nghị, phản ánh chuyển sang {when}: {shown(left)}"
    return f"{said}, trong đó {shown(due)} đến hạn trả lời trong kỳ." if due else f"{said}."
