"""People who type or press one thing at the desk, outside any form."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from bot.desk import nouns
from bot.desk.contract import Start
from bot.messages import Incoming, Outgoing, Rejected
from bot.rules.zone import day_of
from bot.work.viewers import viewer_for
from storage.scope import Viewer
from storage.tables import Assignment
from tests.cast import NOW, Cast


@dataclass
class Desk:
    """One session with the cast; `told` holds what went to others, by roster code."""

    session: Session
    cast: Cast
    at: datetime = NOW
    told: list[tuple[str, Outgoing]] = field(default_factory=list)
    started: list[Start] = field(default_factory=list)

    def viewer(self, who: str) -> Viewer:
        return viewer_for(self.session, self.cast[who], day_of(self.at))

    def says(self, who: str, text: str) -> list[Outgoing]:
        """The answers to a typed message."""
        return self._goes(who, Incoming(text=text))

    def presses(self, who: str, token: str) -> list[Outgoing]:
        """The answers to a pressed button."""
        return self._goes(who, Incoming(token=token))

    def words(self, who: str, text: str) -> str:
        """The same as one text."""
        return "\n".join(message.text for message in self.says(who, text))

    def heard(self, who: str) -> list[str]:
        """What others caused to be sent to this person."""
        return [message.text for code, message in self.told if code == who]

    def keep(self, messages: list[Outgoing]) -> list[Outgoing]:
        """Sort what a form's filing said: answers are returned, the rest is kept in `told`."""
        codes = {number: code for code, number in self.cast.person.items()}
        self.told += [(codes[m.person_id], m) for m in messages if m.person_id is not None]
        self.session.flush()
        return [m for m in messages if m.person_id is None]

    def _goes(self, who: str, incoming: Incoming) -> list[Outgoing]:
        words = nouns.read(incoming, inbox_id=None, account_id=None)
        try:
            results = nouns.answer(self.session, self.viewer(who), words, self.at)
        except Rejected as sentence:
            return [Outgoing(str(sentence))]
        self.started += [r for r in results if isinstance(r, Start)]
        return self.keep([r for r in results if isinstance(r, Outgoing)])


def left(desk: Desk) -> None:
    """Since today CB002 follows Hòa Mẫu in place of CB001."""
    row = desk.session.get(Assignment, desk.cast.assignment["CB001", "HOAMAU", "theo_doi"])
    assert row is not None
    row.to_date = date(2026, 11, 23)
    desk.session.add(
        Assignment(
            person_id=desk.cast["CB002"],
            area_id=row.area_id,
            regulation_id=row.regulation_id,
            kind="theo_doi",
            from_date=date(2026, 11, 24),
        )
    )
    desk.session.flush()
