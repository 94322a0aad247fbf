"""Plays the year day by day: the clock's passes, what people do, what is sent, what is checked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import event

from bot.rules.zone import moment
from bot.work.tick import tick
from storage.database import Database
from storage.tables import Report
from tests.year.life import Life
from tests.year.phones import Delivery, Phones
from tests.year.provinces import SWITCH, Size, found, link, reform

MORNING, CLOSE = time(7, 30), time(17, 1)
"""Passes of the clock on a working day, by which everything has fallen due that falls due on it;
on a day off the first alone."""
SETTLING = 8  # days after the last one, in which its figures close and go out
MUTE = 25  # one cadre of so many has never linked a phone
Sent = Callable[["Year", Report, datetime], None]


@dataclass
class Year:
    """One run. `sent` is called when a report has gone out, before anything else happens."""

    db: Database
    folder: Path
    size: Size
    seed: int = 1
    sent: Sent = lambda year, report, at: None
    phones: Phones = field(default_factory=Phones)

    def play(self) -> None:
        """From the first day to the day on which the last figures have gone out."""
        begins = moment(self.size.first, time(6))
        _hurry(self.db)
        made = found(self.db, self.size, self.folder, begins)
        followers = sorted({span.person for span in made.spans})
        mute = set(followers[3::MUTE])
        link(self.db, [who for who in made.people.values() if who not in mute], begins)
        self.life = Life(self.db, made, self.size, Random(self.seed), self.phones, mute)
        self.delivery = Delivery(self.db, self.phones)
        try:
            for day in self._days():
                self._day(day)
        finally:
            self.delivery.close()

    def _days(self) -> Iterator[date]:
        count = (self.size.last - self.size.first).days + 1 + SETTLING
        return (self.size.first + timedelta(days=n) for n in range(count))

    def _day(self, day: date) -> None:
        if day == SWITCH - timedelta(days=2):
            reform(self.db, self.life.made, self.folder, moment(day, time(6)))
        working = self.life.works(day)
        for hour in (MORNING, CLOSE) if working else (MORNING,):
            at = moment(day, hour)
            failed = tick(self.db, at)
            if failed:
                raise AssertionError(f"{failed} on {at}")
            self.delivery.until(at)
            if hour == MORNING and working:
                self._work(day)

    def _work(self, day: date) -> None:
        if day <= self.size.last:
            self.life.live(day)
        for report, at in self.life.report(day):
            self.sent(self, report, at)
        self.delivery.until(moment(day, time(10, 30)))


def _hurry(db: Database) -> None:
    """A year that is lost with the machine is played again: SQLite need not wait for the disk."""
    if db.sqlite:

        @event.listens_for(db.engine, "connect")
        def _set(dbapi: Any, _record: object) -> None:
            dbapi.execute("PRAGMA synchronous=OFF")
