"""The one message a person gets on a morning: lines of every kind, put together."""

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.conversation.screens import layout
from bot.messages import Option, Outgoing
from bot.rules.address import addressed
from bot.rules.province import Province
from bot.rules.workdays import Calendar
from storage.occurrences import Due
from storage.tables import Person

WIDTH, HEIGHT = 36, 26  # of a telephone in a large font: columns and lines


@dataclass(frozen=True)
class Day:
    """A morning for which messages are put together, and what everybody's lines depend on."""

    at: datetime
    today: date
    province: Province
    calendar: Calendar
    members: frozenset[int] = frozenset()  # in charge of areas: hear on their own days only
    board: frozenset[int] = frozenset()  # the standing board: never nudged

    def hears(self, person_id: int, day: date) -> bool:
        """Whether the person may get a morning message on the day.

        A member's day that is a day off moves to the next working day.
        """
        if not self.calendar.is_workday(day):
            return False
        if person_id not in self.members:
            return True
        before = self.calendar.add_workdays(day, -1)
        named = (before + timedelta(days=n) for n in range(1, (day - before).days + 1))
        return any(one.weekday() in self.province.member_days for one in named)

    def next_morning(self, person_id: int) -> date:
        """The day after today on which the person hears again."""
        days = (self.today + timedelta(days=n) for n in range(1, 60))
        return next((day for day in days if self.hears(person_id, day)), date.max)


@dataclass(frozen=True)
class Line:
    """One paragraph for a person's morning message, with its buttons.

    `due` says why it comes today: each is claimed once, and a message goes out only for a line
    with something not claimed yet; a claimed one is left out unless it `stays`. A line without
    `due` rides along. The text holds no bare numbered choices.
    `covers`: what it says in passing, so that no line of its own need say it.
    `about`: the one thing it speaks of ("case:4"), so that news of it and its reminder do not
    stand in the same message.
    `top` buttons get a row each, `options` share rows, `last` is the last row.
    """

    text: str
    due: tuple[Due, ...] = ()
    top: tuple[Option, ...] = ()
    options: tuple[Option, ...] = ()
    last: tuple[Option, ...] = ()
    foot: str = ""  # printed once, after all lines
    ends: str = ""  # printed once, under the last line that has it
    opens: bool = False  # stands right under the opening
    stays: bool = False
    covers: tuple[Due, ...] = ()
    about: str = ""


Said = tuple[int, Line]
"""A person and a line for that person."""

Morning = Callable[[Session, Day], Iterable[Said]]
"""What one part of the service has to say this morning, for everybody at once."""


def compose(person: Person, lines: Sequence[Line], *, by_post: bool = False) -> Outgoing:
    """The message of these lines, in the order given."""
    opening = [line for line in lines if line.opens]
    others = [line for line in lines if not line.opens]
    head = "\n".join([greeting(person, by_post=by_post), *(line.text for line in opening)])
    feet = dict.fromkeys(line.foot for line in lines if line.foot)
    bodies, shared = _without_shared_ends([line.text for line in others])
    for end, place in {line.ends: place for place, line in enumerate(others) if line.ends}.items():
        bodies[place] += f"\n{end}"
    text = "\n\n".join([head, *bodies, *shared, *feet])
    said = addressed(text, person.address)
    return Outgoing(said, _rows(lines), kind="reminder", person_id=person.id)


def greeting(person: Person, *, by_post: bool = False) -> str:
    """The opening of a message that the service begins; a seat is addressed by its post."""
    name = person.post if by_post and person.post else person.full_name
    return f"Kính gửi {person.address} {name}"


def that_fit(person: Person, lines: Sequence[Line], *, by_post: bool = False) -> list[Line]:
    """As many lines as stay within one screen, always the first; the rest can wait."""
    kept = list(lines[:1])
    for line in lines[1:]:
        if height(compose(person, [*kept, line], by_post=by_post).text) <= HEIGHT:
            kept.append(line)
    return kept


def height(text: str) -> int:
    """How many lines of a narrow telephone the text takes."""
    return sum(len(textwrap.wrap(line, WIDTH)) or 1 for line in text.split("\n"))


def _without_shared_ends(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """Last paragraphs that several texts share, taken off and said once."""
    ends = [text.rpartition("\n\n")[2] if "\n\n" in text else "" for text in texts]
    shared = [end for end in dict.fromkeys(ends) if end and ends.count(end) > 1]
    bodies = [
        text.removesuffix(f"\n\n{end}") if end in shared else text
        for text, end in zip(texts, ends, strict=True)
    ]
    return bodies, shared


def _rows(lines: Sequence[Line]) -> tuple[tuple[Option, ...], ...]:
    top = dict.fromkeys(option for line in lines for option in line.top)
    middle = list(dict.fromkeys(option for line in lines for option in line.options))
    last = tuple(dict.fromkeys(option for line in lines for option in line.last))
    return (*((option,) for option in top), *layout(middle), *((last,) if last else ()))
