"""The province's mornings in tests: what people file, and what they are told."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import update
from sqlmodel import select

from bot.rules.zone import moment
from bot.work.remind import remind
from storage.counters import next_number
from storage.database import Database
from storage.tables import DayOff, Outbox, Visit
from tests.cast import Cast, cast


def at(day: str, clock: str = "07:15") -> datetime:
    """A moment by the province's clocks."""
    return moment(date.fromisoformat(day), time.fromisoformat(clock))


@dataclass
class Mornings:
    """A database with the cast in it."""

    db: Database
    cast: Cast

    @classmethod
    def begin(cls, db: Database) -> "Mornings":
        """The cast, in a province that works on the Day of Culture, 24 November."""
        with db.writing() as session:
            session.merge(DayOff(day=date(2026, 11, 24), working=True))
            return cls(db, cast(session))

    def visit(self, who: str, where: str, day: str) -> int:
        """Somebody has been there; the slip's id."""
        with self.db.writing() as session:
            row = Visit(
                number=next_number(session, "CS"),
                person_id=self.cast[who],
                area_id=self.cast.area[where],
                visited_on=date.fromisoformat(day),
                activity="thon",
                situation="Tình hình ổn định.",
                written_by_id=self.cast[who],
                begun_at=datetime(2026, 1, 1, tzinfo=UTC),
                submitted_at=datetime(2026, 1, 1, tzinfo=UTC),
            )
            session.add(row)
            session.flush()
            assert row.id is not None
            return row.id

    def morning(self, day: str, clock: str = "07:15") -> int:
        """One pass of the clock; how many messages it wrote."""
        return remind(self.db, at(day, clock))

    def send(self) -> None:
        """What waits goes out."""
        with self.db.writing() as session:
            waiting = update(Outbox).where(Outbox.state == "waiting")
            session.connection().execute(waiting.values(state="sent"))

    def told(self, who: str, state: str = "waiting") -> list[Outbox]:
        """The morning messages of a person in this state, oldest first."""
        with self.db.reading() as session:
            mine = select(Outbox).where(
                Outbox.person_id == self.cast[who], Outbox.kind == "reminder"
            )
            return [row for row in session.exec(mine.order_by("id")) if row.state == state]

    def text(self, who: str) -> str:
        """The only morning message that waits for the person."""
        [row] = self.told(who)
        return str(row.body["text"])

    def buttons(self, who: str) -> list[list[str]]:
        """The labels under it, row by row."""
        [row] = self.told(who)
        return [[option[0] for option in options] for options in row.body.get("rows", [])]
