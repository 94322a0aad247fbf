"""What answers at once: every noun of the desk, and the way from a message to one of them."""

from dataclasses import replace
from datetime import datetime
from functools import cache

from sqlmodel import Session

from bot.conversation.commands import take_apart
from bot.desk import (
    absences,
    areas,
    assigned,
    cases,
    channels,
    commitments,
    compliance,
    directives,
    guide,
    handover,
    indicators,
    linking,
    loose,
    meetings,
    office,
    opinions,
    papers,
    people,
    reminders,
    restricted,
    reviews,
    rosters,
    search,
    sent_files,
    signals,
    summaries,
    talks,
    unsent,
    urgent,
    visits,
    worklist,
    works,
    year_reports,
)
from bot.desk.contract import Code, Noun, Result, Words
from bot.messages import Incoming
from storage import audit
from storage.scope import Viewer

NOUNS: tuple[Noun, ...] = (
    visits.NOUN,
    cases.NOUN,
    opinions.NOUN,
    talks.NOUN,
    directives.NOUN,
    papers.NOUN,
    urgent.NOUN,
    commitments.NOUN,
    indicators.NOUN,
    works.NOUN,
    absences.NOUN,
    reminders.NOUN,
    areas.NOUN,
    worklist.NOUN,
    meetings.NOUN,
    summaries.NOUN,
    year_reports.NOUN,
    reviews.NOUN,
    restricted.NOUN,
    office.NOUN,
    compliance.NOUN,
    people.NOUN,
    unsent.NOUN,
    rosters.NOUN,
    assigned.NOUN,
    handover.NOUN,
    linking.NOUN,
    channels.NOUN,
    search.NOUN,
    sent_files.NOUN,
    signals.NOUN,
    guide.NOUN,
    loose.NOUN,
)


@cache
def commands() -> dict[str, Noun]:
    """Every command with the noun that answers it."""
    return {command: noun for noun in NOUNS for command in noun.commands}


@cache
def _codes() -> dict[str, Noun]:
    return {code: noun for noun in NOUNS for code in noun.codes}


def read(incoming: Incoming, *, inbox_id: int | None, account_id: int | None) -> Words:
    """A message or a pressed button as words."""
    pressed = bool(incoming.token)
    said = take_apart(incoming.token or incoming.text, commands(), pressed=pressed)
    code = Code(said.kind, said.number, said.year) if said.kind else None
    return Words(incoming, said.command, code, said.rest, inbox_id, account_id)


def looked_at(session: Session, viewer: Viewer, words: Words, at: datetime) -> None:
    """Note who read one thing by its code; what is done to it is noted where it is done."""
    if words.code is not None and not words.rest:
        kind, number = words.code.kind, words.code.number
        audit.note(session, "see", kind, number, by=viewer.person_id, at=at)


def answer(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """What the desk says to a message outside a form."""
    noun, code = commands().get(words.command), words.code
    if code is not None and noun in (None, search.NOUN):  # "tìm KN-312" is KN-312
        noun, words = _codes().get(code.kind), replace(words, command="")
    return (noun or loose.NOUN).act(session, viewer, words, at)
