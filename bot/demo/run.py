"""`sausat demo`: a demo database, the sandbox with its phones page, the real service before it."""

import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import Session, col, select
from starlette.applications import Starlette

from bot.demo import history, province
from bot.demo.channels import CHANNELS, DemoChannel, sandbox_of, settings_of
from bot.demo.clock import advance
from bot.demo.story import PHONES, story
from bot.desk import approval, guide, highlights
from bot.messages import Outgoing
from bot.reports.snapshots import Snapshot
from bot.rules.zone import day_of, moment
from bot.sandbox.app import create_app
from bot.sandbox.running import running
from bot.settings import PREFIX, read_settings
from bot.work import clock
from bot.work.begin import begin
from bot.work.post import post
from bot.work.summarise import summarise
from bot.work.viewers import viewer_for
from storage.database import Database
from storage.migrate import upgrade
from storage.scope import Viewer
from storage.tables import Account, Counter, Outbox, Person, Report

START = datetime(2026, 11, 22, 23, 55, tzinfo=UTC)  # Monday 23/11/2026, 06:55 in the province
STOP_SECONDS = 10
CHOSEN = 4  # sentences under Nổi lên
DELIVERY_SECONDS = 2
WELCOME = "Máy này đã kết nối với Sâu Sát."
AT_HAND = {
    "telegram": "Các việc thường dùng nằm dưới ô nhập tin.",
    "zalo": "Nhắn số 0 để xem các việc thường dùng.",
    "zalo_oa": "Nhắn số 0 để xem các việc thường dùng.",
}


class DemoFailed(Exception):
    """The service ended by itself; the end of its log."""


def run(port: int, names: Sequence[str], *, started: Callable[[str], None]) -> None:
    """Serve the demo until the service ends, Ctrl-C or SIGTERM; `started` gets the address.

    `names` are the channels; everybody has a phone on each, the story is played on the first.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with _room() as folder:
        db = begin(read_settings())
        app = create_app(
            clock_hook=lambda to: asyncio.to_thread(advance, db, to, partial(_delivered, db)),
            now=lambda: clock.now(db),
            **sandbox_of(names),
            **prepare(db, names),
        )
        with running(app, port) as address:
            own = _free_port()
            _tell_account(app, own)
            with _service(folder / "service.log", settings_of(names, address, own)) as service:
                started(address)
                service.wait()
        db.close()


def prepare(db: Database, names: Sequence[str] = ("telegram",)) -> dict[str, Any]:
    """Fill a new database; the phones and the story for the page."""
    upgrade(db)
    with db.writing() as session:
        clock.mark_as_demo(session)
        clock.move(session, START)
        made = province.make(session)
        history.write(session, made, date(2026, 11, 23))
        phones = _phones(session, names)
        last = session.get(Counter, "KN")
    _close_october(db, made, AT_HAND[names[0]])
    by_code = {p["code"]: p["id"] for p in phones if p["channel"] == names[0]}
    return {"phones": phones, "story": story(by_code, (last.value if last else 0) + 1)}


def _phones(session: Session, names: Sequence[str]) -> list[dict[str, Any]]:
    """The people whose accounts are linked already, each with a phone on every channel."""
    shown = {code: (tab, about) for code, tab, about in PHONES}
    people = {
        p.code: p for p in session.exec(select(Person).where(col(Person.code).in_(list(shown))))
    }
    heard = clock.real()
    for name in names:
        session.add_all(_account(person, CHANNELS[name], heard) for person in people.values())
        heard -= timedelta(hours=1)
    return [
        {
            "id": CHANNELS[name].phone(people[code].id or 0),
            "channel": name,
            "name": people[code].full_name,
            "role": people[code].post,
            "tab": tab,
            "about": about,
            "code": code,
            "opened": True,
        }
        for code, (tab, about) in shown.items()
        for name in names
    ]


def _account(person: Person, channel: DemoChannel, heard: datetime) -> Account:
    """Linked, and heard from of late: the channel heard last is where messages go first."""
    return Account(
        bot=channel.bot,
        external_id=channel.phone(person.id or 0),
        person_id=person.id,
        state="confirmed",
        linked_at=START,
        last_heard_at=heard,
    )


def _close_october(db: Database, made: province.Made, at_hand: str) -> None:
    """October was compiled, approved and sent; then everybody learns what is at hand."""
    closed = moment(date(2026, 11, 3), time(17, 1))
    summarise(db, closed)
    with db.writing() as session:
        session.connection().execute(update(Outbox).values(state="cancelled"))
        clerk, approver = (
            viewer_for(session, made.people[code], day_of(closed)) for code in ("VP01", "VP02")
        )
        report = session.exec(select(Report).where(Report.scope == "tinh")).one()
        _choose(session, clerk, report)
        approval.submit(session, clerk, report, closed)
        newest = session.exec(select(Report).where(Report.state == "submitted")).one()
        digests = approval.approve(session, approver, newest, closed)
        post(session, [message for message in digests if message.kind == "digest"])
        post(session, _welcomes(session, made, at_hand))


def _choose(session: Session, clerk: Viewer, report: Report) -> None:
    """The clerk picks sentences for Nổi lên, each of its own kind."""
    snapshot = Snapshot.from_json(report.snapshot)
    offered = highlights.candidates(session, clerk, snapshot)
    for code in list({one.text: one.code for one in offered}.values())[:CHOSEN]:
        highlights.toggle(session, clerk, snapshot, code)


def _welcomes(session: Session, made: province.Made, at_hand: str) -> list[Outgoing]:
    """What brings the main keyboard to each phone, where there is one."""
    viewers = [viewer_for(session, made.people[code], day_of(START)) for code, _, _ in PHONES]
    return [
        Outgoing(
            f"{WELCOME} {at_hand}",
            person_id=viewer.person_id,
            menu=guide.seat(viewer),
            kind="receipt",
        )
        for viewer in viewers
    ]


def _delivered(db: Database, at: datetime) -> None:
    """Wait, not for long, until the service has sent what the phones should have by now."""
    unaddressed = col(Outbox.account_id).is_(None)
    mine = col(Account.id) == col(Outbox.account_id)
    waiting = (
        select(Outbox.id)
        .join(Account, or_(mine, unaddressed & (col(Account.person_id) == col(Outbox.person_id))))
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


def _tell_account(app: Starlette, port: int) -> None:
    """Enter the webhook's address, as an office does on the developers' page of Zalo."""
    account = app.state.world.networks.get("zalo_oa")
    if account:
        account.webhook.url = f"http://127.0.0.1:{port}/zalo_oa"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def _room() -> Iterator[Path]:
    """A folder of the demo's own to work in, and nothing of the caller's settings.

    The service inherits both; the passes that a moved clock makes run in this very process.
    """
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="sausat-demo-") as name, chdir(name):
        for setting in [each for each in before if each.startswith(PREFIX)]:
            del os.environ[setting]
        os.environ |= {
            "SAUSAT_DATABASE_URL": "sqlite:///demo.db",
            # Gửi riêng can be tried, and ends with it.
            "SAUSAT_CONTENT_KEY": secrets.token_urlsafe(32),
        }
        try:
            yield Path(name)
        finally:
            os.environ.clear()
            os.environ |= before


@contextmanager
def _service(log: Path, channels: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The real service, a process of its own."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve"],
            env={**os.environ, **channels},
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
