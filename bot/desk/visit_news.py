"""The part of the morning message that tells a commune who was there, and what it is advised."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlmodel import Session, col

from bot.desk import visit_words
from bot.desk.morning import Day, Line, Said
from bot.messages import Option
from storage import people, visits
from storage.occurrences import Due
from storage.scope import SYSTEM
from storage.tables import Person, Visit
from storage.visits import Seen

NEWS = "visit_news"
TOLD_WITHIN = timedelta(days=14)  # what was filed longer ago is not brought up any more
FOOT = "Thống nhất thì không cần trả lời. Cần trao đổi thêm, xin nhắn ngay tại đây."


def morning(session: Session, day: Day) -> Iterable[Said]:
    """The visits each commune has not been told of, oldest first; silence counts as agreed."""
    filed = col(Visit.submitted_at) >= day.at - TOLD_WITHIN
    by_area: defaultdict[int, list[Seen]] = defaultdict(list)
    for seen in visits.listed(session, SYSTEM, filed):
        by_area[seen.area_id].insert(0, seen)
    for area_id, found in by_area.items():
        seat = people.seat(session, area_id, day.today)
        if seat:
            yield from _lines(session, found, seat)


def _lines(session: Session, found: Sequence[Seen], seat: Sequence[Person]) -> Iterable[Said]:
    for seen in found:
        text = visit_words.to_commune(session, seen)
        talk = Option(f"Trao đổi thêm CS-{seen.number}", f"trao doi CS-{seen.number}")
        for person in seat:
            due = Due(NEWS, f"visit:{seen.id}", seen.submitted_at, _step(seen, person))
            yield person.id or 0, Line(text, due=(due,), options=(talk,), foot=FOOT)


def _step(seen: Seen, person: Person) -> str:
    """Another commune, or all parts instead of some, is news again."""
    return f"{person.id} {seen.area_id}{' whole' if seen.shared else ''}"
