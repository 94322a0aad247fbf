"""Exchanges: only those in which both sides spoke are two-way."""

from bot.reports.blocks import Block
from bot.reports.facts import Facts
from bot.reports.figures import EXCHANGE, counted, percent
from bot.words import vietnamese_number as shown

title = "HAI CHIỀU"


def gather(facts: Facts) -> Block | None:
    """The share that was answered of those begun in the period."""
    begun = facts.exchanges
    if not begun:
        return None
    answered = [row.id for row in begun if row.answered_at is not None]
    silent = [row.id for row in begun if row.answered_at is None]
    figures = (
        counted("exchanges", EXCHANGE, [row.id for row in begun]),
        counted("two_way", EXCHANGE, answered),
        counted("one_way", EXCHANGE, silent),
    )
    both, whole = len(answered), len(begun)
    line = f"{title}: {shown(both)}/{shown(whole)} trao đổi, {percent(both, whole)}"
    return Block("two_way", figures, ((line,),))
