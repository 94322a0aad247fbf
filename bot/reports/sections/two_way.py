"""Exchanges: only those in which both sides spoke are two-way."""

from bot.reports.blocks import Block, Passage
from bot.reports.facts import Facts
from bot.reports.figures import EXCHANGE, counted, percent
from bot.reports.wording import portions, rate
from bot.rules.figures import Identity
from bot.rules.zone import day_of
from bot.words import vietnamese_number as shown
from storage.known import ExchangeRow

title = "HAI CHIỀU"
RULES = (
    Identity("Trao đổi", ("exchanges",), ("two_way", "one_way")),
    Identity("Trao đổi hai chiều", ("two_way",), ("two_way_in_time", "two_way_late")),
)


def gather(facts: Facts) -> Block | None:
    """The share that was answered of those begun in the period."""
    begun = facts.exchanges
    if not begun:
        return None
    answered = [row for row in begun if row.answered_at is not None]
    late = [row.id for row in answered if _late(row)]
    figures = (
        counted("exchanges", EXCHANGE, [row.id for row in begun]),
        counted("two_way", EXCHANGE, [row.id for row in answered]),
        counted("two_way_in_time", EXCHANGE, {row.id for row in answered} - set(late)),
        counted("two_way_late", EXCHANGE, late),
        counted("one_way", EXCHANGE, [row.id for row in begun if row.answered_at is None]),
    )
    both, whole = len(answered), len(begun)
    line = f"{title}: {shown(both)}/{shown(whole)} trao đổi, {percent(both, whole)}"
    written = Passage("work", "Trao đổi thông tin hai chiều", tuple(_written(begun, answered)))
    return Block("two_way", figures, ((line,),), written=(written,), rules=RULES)


def _late(row: ExchangeRow) -> bool:
    """Answered after its day."""
    return bool(row.answered_at and row.due_on and day_of(row.answered_at) > row.due_on)


def _written(begun: list[ExchangeRow], answered: list[ExchangeRow]) -> list[str]:
    both, whole = len(answered), len(begun)
    said = [
        f"Có {shown(whole)} trao đổi bắt đầu trong kỳ; {shown(both)} trao đổi có trả lời của "
        f"bên kia, đạt {rate(both, whole, 'số trao đổi')}."
    ]
    if both:
        late = sum(_late(row) for row in answered)
        parts = [("đúng hạn", both - late), ("sau hạn", late)]
        said.append(f"Trong {shown(both)} trao đổi có trả lời: {portions(parts)}.")
    return said
