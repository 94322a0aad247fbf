"""No receipt without its row, when the disk is full, the file locked, or the connection lost."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import col, select

from bot.work import clock
from storage import database
from storage.database import Database
from storage.tables import Inbox, Outbox, Visit
from tests.cast import Cast, cast
from tests.work.inbox import linked, take_in, work_off
from tests.work.inbox import text as says

CB001 = 1
TRIALS = 100  # for each of the two databases: 200 in all


@pytest.fixture
def people(db: Database) -> Cast:
    with db.writing() as session:
        everybody = cast(session)
        session.add(linked(everybody["CB001"], CB001))
        return everybody


@contextmanager
def _full_disk(db: Database, dice: random.Random) -> Iterator[None]:
    """SQLite may grow by a few pages, then has no room."""
    with db.connection() as connection:
        pages = int(connection.execute(text("PRAGMA page_count")).scalar_one())
    limit = pages + dice.randrange(3)

    @event.listens_for(db.engine, "begin")
    def _limit(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={limit}")

    try:
        yield
    finally:
        event.remove(db.engine, "begin", _limit)
        with db.connection() as connection:  # there is one that writes
            connection.exec_driver_sql("PRAGMA max_page_count=4294967294")


@contextmanager
def _locked(db: Database, dice: random.Random) -> Iterator[None]:
    """Somebody else holds SQLite's file."""
    holder = sqlite3.connect(str(db.url.database), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.execute("ROLLBACK")
        holder.close()


@contextmanager
def _at_a_commit(
    db: Database, dice: random.Random, happens: Callable[[Connection], object]
) -> Iterator[None]:
    """Something befalls one of the first commits, and every later one."""
    after = dice.randrange(3)

    @event.listens_for(db.engine, "commit")
    def _cut(connection: Connection) -> None:
        nonlocal after
        after -= 1
        if after < 0:
            happens(connection)

    try:
        yield
    finally:
        event.remove(db.engine, "commit", _cut)


def _lost_before_commit(db: Database, dice: random.Random) -> AbstractContextManager[None]:
    """The server ends the session just before one of the commits."""
    return _at_a_commit(db, dice, lambda connection: _driver(connection).close())


def _lost_after_commit(db: Database, dice: random.Random) -> AbstractContextManager[None]:
    """The commit is done, but the answer never arrives."""

    def commit(connection: Connection) -> None:
        _driver(connection).commit()
        raise OperationalError("COMMIT", {}, Exception("no answer"))

    return _at_a_commit(db, dice, commit)


def _driver(connection: Connection) -> DBAPIConnection:
    found = connection.connection.dbapi_connection
    assert found is not None
    return found


TROUBLES = {
    "sqlite": (_full_disk, _locked),
    "postgresql": (_lost_before_commit, _lost_after_commit),
}


def test_no_receipt_without_its_row(
    db: Database, people: Cast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    shaky = Database(db.url.render_as_string(hide_password=False))
    dice = random.Random(7)
    troubles = TROUBLES[db.url.get_backend_name()]
    struck = 0
    for trial in range(TRIALS):
        message = says(CB001, f"Hòa Mẫu hôm nay họp thôn 3, bà con hỏi việc số {trial}")
        send = says(CB001, "Gửi")
        with troubles[trial % 2](shaky, dice):
            struck += _try(shaky, message, send)
        for payload in (message, send):
            take_in(shaky, payload)
            _late(monkeypatch, trial)
            work_off(shaky)
        _check(db, trial + 1)
    shaky.close()
    assert struck > TRIALS // 2, "the planted troubles hardly ever struck"


def _try(db: Database, *payloads: dict[str, Any]) -> int:
    """Take in and handle while the trouble lasts; 1 when it struck."""
    try:
        for payload in payloads:
            take_in(db, payload)
            work_off(db)
    except DBAPIError:
        return 1
    return 0


def _late(monkeypatch: pytest.MonkeyPatch, trial: int) -> None:
    """Real time goes on, so that what waits for its next try is due."""
    monkeypatch.undo()
    later = clock.real() + timedelta(minutes=trial + 1)
    monkeypatch.setattr(clock, "real", lambda: later)


def _check(db: Database, trials: int) -> None:
    with db.reading() as session:
        visits = set(session.exec(select(Visit.number)).all())
        said = [o.body["text"] for o in session.exec(select(Outbox).order_by(col(Outbox.id)))]
        aside = session.exec(select(Inbox).where(Inbox.state == "aside")).all()
    receipts = [int(t.split("CS-")[1].split(",")[0]) for t in said if "Đã lưu phiếu CS-" in t]
    assert not aside
    assert len(receipts) == len(set(receipts))
    assert set(receipts) == visits
    assert len(visits) == trials
