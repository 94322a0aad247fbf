"""One pass of the clock over the mornings: each person gets one message with all that is due."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.desk import absences as absence_desk
from bot.desk import case_mornings, quiet, visit_news
from bot.desk import commitments as commitment_desk
from bot.desk import directives as directive_desk
from bot.desk import handover as handover_desk
from bot.desk import meetings as meeting_desk
from bot.desk import papers as paper_desk
from bot.desk import talks as talk_desk
from bot.desk import works as work_desk
from bot.desk.duties import day_at
from bot.desk.morning import Day, Line, Morning, compose, that_fit
from bot.desk.visit_lines import visit_lines
from bot.messages import Option, Outgoing
from bot.rules.zone import moment
from bot.work.post import post
from storage import assignments, people
from storage.database import Database
from storage.duties import writing
from storage.occurrences import (
    DAILY,
    LINE,
    Due,
    alone,
    claim,
    claim_all,
    claimed,
    held_lines,
    is_claimed,
    merge,
    take_back,
    told,
    withdraw_older,
)
from storage.occurrences import MORNING as PASS
from storage.tables import Outbox, Person

MORNINGS: tuple[Morning, ...] = (
    visit_lines,
    visit_news.morning,
    case_mornings.morning,
    talk_desk.morning,
    directive_desk.morning,
    paper_desk.morning,
    commitment_desk.morning,
    work_desk.morning,
    absence_desk.morning,
    handover_desk.morning,
    meeting_desk.morning,
)
"""What is said in the morning, in this order; lines that were held come last."""

LOOK_BACK = timedelta(days=420)  # of what was claimed: longer than the longest period
UPWARD = ("thuong_truc", "ban_to_chuc")


def remind(db: Database, at: datetime) -> int:
    """Write what this morning has to say, once, however often it is asked; how many messages.

    Nothing happens on days off, before the hour of sending and in quiet hours: what is due then
    is said on the next working day, of several overdue steps the latest.
    """
    with db.reading() as session:
        day = day_at(session, at)
        if quiet.when(day) is not None or is_claimed(session, _the_pass(day)):
            return 0
    with db.writing() as session:
        return _morning(session, day)


def _morning(session: Session, day: Day) -> int:
    if not claim(session, [_the_pass(day)], day.at):
        return 0  # another process is at it
    alone(session)
    withdraw_older(session, _hour(day))
    listeners = _listeners(session, day)
    news = _news(session, listeners)
    free = [(who, person) for who, person in listeners.people.items() if who not in listeners.busy]
    _tell(session, listeners, [(person, news[who]) for who, person in free if who in news])
    if news.keys() & listeners.busy:
        take_back(session, _the_pass(day))  # what they write may be the visit that is due
    return len(news.keys() - listeners.busy)


@dataclass(frozen=True)
class Listeners:
    """Who hears something this morning."""

    day: Day
    people: Mapping[int, Person]  # in protocol order
    busy: frozenset[int]  # a message of theirs is not handled yet
    by_post: frozenset[int]  # addressed by their post


def _listeners(session: Session, day: Day) -> Listeners:
    roles = {
        role: frozenset(p.id for p in people.holders(session, role, day.today) if p.id)
        for role in (*UPWARD, "co_so")
    }
    in_charge = frozenset(row.person_id for row in assignments.on(session, day.today, "phu_trach"))
    day = replace(day, members=in_charge, board=roles["thuong_truc"])
    upward = in_charge.union(*(roles[role] for role in UPWARD)) if day.province.trial else ()
    hearing = {
        person.id: person
        for person in people.everybody(session)
        if person.id and person.id not in upward and day.hears(person.id, day.today)
    }
    by_post = roles["co_so"] | roles["thuong_truc"]
    return Listeners(day, hearing, frozenset(writing(session)), by_post)


def _news(session: Session, listeners: Listeners) -> dict[int, list[Line]]:
    """What is to be said to each person who has not got this morning's message."""
    told_today = told(session, _hour(listeners.day))
    done = claimed(session, listeners.day.at - LOOK_BACK)
    lines = _lines(session, listeners.day)
    open_ones = {p for p in listeners.people if f"person:{p}" not in told_today}
    found = {person: _now(lines[person], done) for person in open_ones & lines.keys()}
    return {person: said for person, said in found.items() if said}


def _lines(session: Session, day: Day) -> defaultdict[int, list[Line]]:
    """Everybody's lines, claimed or not."""
    found: defaultdict[int, list[Line]] = defaultdict(list)
    for morning in MORNINGS:
        for person_id, line in morning(session, day):
            found[person_id].append(line)
    for row in held_lines(session):
        if row.person_id is not None:
            found[row.person_id].append(_held(row))
    return found


def _held(row: Outbox) -> Line:
    options = tuple(Option(*option) for options in row.body.get("rows", ()) for option in options)
    about = f"{row.about_kind}:{row.about_id}" if row.about_kind else ""
    due = Due(LINE, about or "province", row.created_at, str(row.id))
    return Line(row.body["text"], due=(due,), options=options, about=about)


def _now(lines: Iterable[Line], done: set[tuple[str, str, str]]) -> list[Line]:
    """What is to be said: news, what rides along, but nothing at all without news."""
    news = [line for line in lines if _is_news(line, done)]
    if not news:
        return []
    said = [line for line in lines if line in news or not line.due or line.stays]
    covered = {due for line in said for due in line.covers}
    return _once([line for line in said if not line.due or not covered.issuperset(line.due)])


def _once(lines: Sequence[Line]) -> list[Line]:
    """Without reminders of what a held line tells by itself; they count as given with it."""
    told = {line.about for line in lines if line.about and _is_held(line)}
    spared = [line for line in lines if line.about in told and not _is_held(line)]
    given = {line.about: line.due for line in spared}
    return [
        replace(line, covers=(*line.covers, *given.get(line.about, ())))
        for line in lines
        if line not in spared
    ]


def _is_news(line: Line, done: set[tuple[str, str, str]]) -> bool:
    return any((due.kind, due.target, due.step) not in done for due in line.due)


def _is_held(line: Line) -> bool:
    return any(due.kind == LINE for due in line.due)


def _tell(
    session: Session, listeners: Listeners, news: Iterable[tuple[Person, Sequence[Line]]]
) -> None:
    """Write each person's message, as much as one screen holds; the rest is said tomorrow."""
    kept: list[tuple[Person, list[Line], Outgoing]] = []
    for person, lines in news:
        by_post = person.id in listeners.by_post
        fitting = that_fit(person, lines, by_post=by_post)
        kept.append((person, fitting, compose(person, fitting, by_post=by_post)))
    ids = post(session, [message for _, _, message in kept])
    pairs: list[tuple[Due, int | None]] = []
    for (person, lines, _), outbox_id in zip(kept, ids, strict=True):
        dues = [due for line in lines for due in (*line.due, *line.covers)]
        today = Due(DAILY, f"person:{person.id}", _hour(listeners.day))
        pairs += [(due, outbox_id) for due in (today, *dues)]
    claim_all(session, pairs, listeners.day.at)
    merge(session, [int(due.step) for due, _ in pairs if due.kind == LINE])


def _the_pass(day: Day) -> Due:
    return Due(PASS, "province", _hour(day))


def _hour(day: Day) -> datetime:
    return moment(day.today, day.province.send_at)
