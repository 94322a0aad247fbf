"""`sausat demo`: a demo database, the sandbox with its phones page, the real service before it."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from bot.demo import history, province
from bot.demo.clock import advance
from bot.demo.story import PHONES, story
from bot.desk import approval, guide
from bot.messages import Outgoing
from bot.rules.zone import day_of, moment
from bot.sandbox.app import create_app
from bot.sandbox.running import running
from bot.work import clock
from bot.work.post import post
from bot.work.summarise import summarise
from bot.work.viewers import viewer_for
from storage.database import Database
from storage.migrate import upgrade
from storage.tables import Account, Counter, Outbox, Person, Report

TOKEN = "2026:demo"
START = datetime(2026, 11, 22, 23, 55, tzinfo=UTC)  # Monday 23/11/2026, 06:55 in the province
STOP_SECONDS = 10
DELIVERY_SECONDS = 2
WELCOME = "Máy này đã kết nối với Sâu Sát. Các việc thường dùng nằm dưới ô nhập tin."


class DemoFailed(Exception):
    """The service ended by itself; the end of its log."""


def run(port: int, *, started: Callable[[str], None]) -> None:
    """Serve the demo until the service ends, Ctrl-C or SIGTERM; `started` gets the address."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory(prefix="sausat-demo-") as folder:
        db = Database(f"sqlite:///{Path(folder) / 'demo.db'}")
        app = create_app(
            token=TOKEN,
            clock_hook=lambda to: asyncio.to_thread(advance, db, to, partial(_delivered, db)),
            now=lambda: clock.now(db),
            **prepare(db),
        )
        with running(app, port) as address, _service(Path(folder), address) as service:
            started(address)
            service.wait()
        db.close()


def prepare(db: Database) -> dict[str, Any]:
    """Fill a new database; the phones and the story for the page."""
    upgrade(db)
    with db.writing() as session:
        clock.mark_as_demo(session)
        clock.move(session, START)
        made = province.make(session)
        history.write(session, made, date(2026, 11, 23))
        phones = _phones(session)
        last = session.get(Counter, "KN")
    _close_october(db, made)
    by_code = {phone["code"]: phone["id"] for phone in phones}
    return {"phones": phones, "story": story(by_code, (last.value if last else 0) + 1)}


def _phones(session: Session) -> list[dict[str, Any]]:
    """The people whose accounts are linked already."""
    shown = {code: (tab, about) for code, tab, about in PHONES}
    people = {
        p.code: p for p in session.exec(select(Person).where(col(Person.code).in_(list(shown))))
    }
    for person in people.values():
        session.add(
            Account(
                bot=f"telegram:{TOKEN.partition(':')[0]}",
                external_id=_phone_id(person),
                person_id=person.id,
                state="confirmed",
                linked_at=START,
            )
        )
    return [
        {
            "id": _phone_id(people[code]),
            "name": people[code].full_name,
            "role": people[code].post,
            "tab": tab,
            "about": about,
            "code": code,
            "opened": True,
        }
        for code, (tab, about) in shown.items()
    ]


def _close_october(db: Database, made: province.Made) -> None:
    """October was compiled, approved and sent; then everybody finds the keyboard at hand."""
    closed = moment(date(2026, 11, 3), time(17, 1))
    summarise(db, closed)
    with db.writing() as session:
        session.connection().execute(update(Outbox).values(state="cancelled"))
        clerk, approver = (
            viewer_for(session, made.people[code], day_of(closed)) for code in ("VP01", "VP02")
        )
        report = session.exec(select(Report).where(Report.scope == "tinh")).one()
        approval.submit(session, clerk, report, closed)
        newest = session.exec(select(Report).where(Report.state == "submitted")).one()
        digests = approval.approve(session, approver, newest, closed)
        post(session, [message for message in digests if message.kind == "digest"])
        post(session, _welcomes(session, made))


def _welcomes(session: Session, made: province.Made) -> list[Outgoing]:
    """What brings the main keyboard to each phone."""
    viewers = [viewer_for(session, made.people[code], day_of(START)) for code, _, _ in PHONES]
    return [
        Outgoing(WELCOME, person_id=viewer.person_id, menu=guide.seat(viewer), kind="receipt")
        for viewer in viewers
    ]


def _delivered(db: Database, at: datetime) -> None:
    """Wait, not for long, until the service has sent what the phones should have by now."""
    waiting = (
        select(Outbox.id)
        .join(Account, col(Account.person_id) == col(Outbox.person_id))
        .where(col(Account.state) == "confirmed", col(Outbox.state) == "waiting")
        .where(col(Outbox.tries) == 0)
        .where(or_(col(Outbox.not_before).is_(None), col(Outbox.not_before) <= at))
    )
    until = monotonic() + DELIVERY_SECONDS
    while monotonic() < until:
        with db.reading() as session:
            if session.exec(waiting).first() is None:
                return
        sleep(0.05)


def _phone_id(person: Person) -> str:
    return str(10_000 + (person.id or 0))


@contextmanager
def _service(folder: Path, address: str) -> Iterator[subprocess.Popen[bytes]]:
    """The real service, a process of its own, with nothing of the caller's settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SAUSAT_")}
    settings = {
        "SAUSAT_DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
        "SAUSAT_FILES": str(folder / "files"),
        "SAUSAT_TELEGRAM_TOKEN": TOKEN,
        "SAUSAT_TELEGRAM_API": address,
        "SAUSAT_BIND": "127.0.0.1:0",
    }
    log = folder / "service.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            env=kept | settings,
            stdout=output,
            stderr=output,
        )
    try:
        yield process
        if (process.returncode or 0) > 0:
            raise DemoFailed(log.read_text(encoding="utf-8")[-2000:])
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
