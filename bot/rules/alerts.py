"""Whom an alert (báo ngay) reaches and when: one person four times, then the next."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

EVERY = timedelta(minutes=15)
TIMES = 4  # at once, and three times more


def chain(
    member: int | None, approvers: Iterable[int], clerks: Iterable[int], *, author: int
) -> list[int]:
    """The member in charge, who approves for the office, its clerks; nobody twice, not the author.

    Source: the superior at once, then the next person.
    """
    named = [*([member] if member is not None else []), *approvers, *clerks]
    return [person for person in dict.fromkeys(named) if person != author]


def turn(told: int, people: Sequence[int]) -> int | None:
    """Who is told after so many tellings; None when everybody was told in vain."""
    place = told // TIMES
    return people[place] if place < len(people) else None


def is_due(told_at: datetime, at: datetime) -> bool:
    """Whether it is time to tell somebody again."""
    return at >= told_at + EVERY
