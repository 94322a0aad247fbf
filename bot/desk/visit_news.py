"""The part of the morning message that tells a commune who was there, and what it is advised."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col

from bot.desk import visit_words
from bot.desk.morning import Day, Line, Said
from bot.messages import Option, Outgoing
from bot.words import day
from storage import people, visits
from storage.occurrences import Due, claimed
from storage.scope import SYSTEM
from storage.tables import Person, Visit
from storage.visits import Seen

NEWS = visit_words.INFORMED
TOLD_WITHIN = timedelta(days=14)  # what was filed longer ago is not brought up any more
FOOT = "Thống nhất thì không cần trả lời. Cần trao đổi thêm, xin nhắn ngay tại đây."


def morning(session: Session, on: Day) -> Iterable[Said]:
    """The visits each commune has not been told of, oldest first; silence counts as agreed."""
    filed = col(Visit.submitted_at) >= on.at - TOLD_WITHIN
    by_area: defaultdict[int, list[Seen]] = defaultdict(list)
    for seen in visits.listed(session, SYSTEM, filed):
        by_area[seen.area_id].insert(0, seen)
    done = claimed(session, on.at - TOLD_WITHIN) if by_area else set()
    for area_id, found in by_area.items():
        seat = people.seat(session, area_id, on.today)
        yield from _lines(session, found, seat, done)


def withdrawn(session: Session, visit: Visit, at: datetime) -> list[Outgoing]:
    """Whoever was told of a visit that is withdrawn now hears that too, in the morning."""
    told = claimed(session, at - TOLD_WITHIN)
    heard = {step.split()[0] for kind, target, step in told if (kind, target) == _key(visit)}
    text = f"Phiếu CS-{visit.number} về chuyến làm việc ngày {day(visit.visited_on)} đã được rút."
    return [Outgoing(text, kind="line", person_id=int(person)) for person in sorted(heard)]


def _key(visit: Visit) -> tuple[str, str]:
    return NEWS, f"visit:{visit.id}"


def _lines(
    session: Session,
    found: Sequence[Seen],
    seat: Sequence[Person],
    done: Collection[tuple[str, str, str]],
) -> Iterable[Said]:
    """A line for each visit and person; what was told already is not worded again."""
    for seen in found:
        new = [who for who in seat if (NEWS, f"visit:{seen.id}", _step(seen, who)) not in done]
        if not new:
            continue
        text = visit_words.to_commune(session, seen)
        talk = Option(f"Trao đổi thêm CS-{seen.number}", f"trao doi CS-{seen.number}")
        for person in new:
            due = Due(NEWS, f"visit:{seen.id}", seen.submitted_at, _step(seen, person))
            yield person.id or 0, Line(text, due=(due,), options=(talk,), ends=FOOT)


def _step(seen: Seen, person: Person) -> str:
    """Another commune, or all parts instead of some, is news again."""
    return f"{person.id} {seen.area_id}{' whole' if seen.shared else ''}"
