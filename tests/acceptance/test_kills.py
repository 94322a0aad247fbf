"""The real process is killed at random moments while thirty people log visits."""

import asyncio
import random
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.sandbox.app import create_app
from bot.sandbox.running import running
from storage import migrate
from storage.database import Database
from storage.tables import Account, Area, Assignment, Inbox, Outbox, Person, Regulation, Visit
from tests.acceptance.crowd import PATIENCE, Crowd, Member
from tests.acceptance.killing import Service, kill_at_random

TOKEN = "77:kills"
PEOPLE = 30


def _roster(session: Session) -> list[Member]:
    rule = Regulation(number="02-QĐ/TU")
    session.add(rule)
    session.flush()
    members = []
    for number in range(1, PEOPLE + 1):
        area = Area(code=f"X{number}", name=f"Xã Mẫu {number:02d}", level="xa", place=number)
        person = Person(code=f"CB{number:03d}", full_name=f"Cán bộ {number:03d}", rank=number)
        session.add_all([area, person])
        session.flush()
        assert rule.id is not None
        assert area.id is not None
        assert person.id is not None
        session.add(
            Assignment(
                person_id=person.id,
                area_id=area.id,
                regulation_id=rule.id,
                kind="theo_doi",
                from_date=datetime(2021, 4, 29, tzinfo=UTC).date(),
            )
        )
        phone = str(5000 + number)
        session.add(
            Account(bot="telegram:77", external_id=phone, person_id=person.id, state="confirmed")
        )
        members.append(Member(phone, area.name))
    return members


def test_nothing_is_lost_or_doubled_when_the_process_is_killed(
    blank: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    kills = int(request.config.getoption("--kills"))
    db = blank
    migrate.upgrade(db)
    with db.writing() as session:
        members = _roster(session)
    phones = [{"id": m.phone, "name": f"Cán bộ {m.phone}", "opened": True} for m in members]
    with running(create_app(token=TOKEN, phones=phones)) as address:
        url = db.url.render_as_string(hide_password=False)
        service = Service(url, tmp_path / "files", address, TOKEN)
        began = time.monotonic()
        asyncio.run(_live(db, service, address, members, kills))
        seconds = time.monotonic() - began
    doubled = _check(db, members)
    sent = sum(len(member.sent) for member in members)
    print(  # noqa: T201  the figures are what this test is read for
        f"\n{db.url.get_backend_name()}: {kills} kills in {seconds:.0f} s, {PEOPLE} people, "
        f"{sent} visits: "
        f"0 lost, 0 doubled; {doubled} messages sent twice"
    )


async def _live(
    db: Database, service: Service, address: str, members: list[Member], kills: int
) -> None:
    stop = asyncio.Event()
    crowd = Crowd(address, members)
    work = asyncio.create_task(crowd.work(stop))
    lives = kill_at_random(service, kills, random.Random(kills), lambda: crowd.heard)
    killer = asyncio.create_task(lives)
    try:
        await asyncio.wait({killer, work}, return_when=asyncio.FIRST_COMPLETED)
        assert not work.done(), f"the crowd gave up: {work.exception()!r}"
        await killer
        stop.set()
        await work
        await asyncio.to_thread(_until_emptied, db)
        assert service.stop() in (0, -signal.SIGTERM)
    finally:
        killer.cancel()
        work.cancel()
        service.close()


def _until_emptied(db: Database) -> None:
    """Wait until everything was sent, edits too."""
    until = time.monotonic() + PATIENCE
    waiting = select(Outbox.id).where(Outbox.state == "waiting")
    while time.monotonic() < until:
        with db.reading() as session:
            if session.exec(waiting).first() is None:
                return
        time.sleep(0.2)
    raise AssertionError("the outbox never emptied")


def _check(db: Database, members: list[Member]) -> int:
    """Every slip sent is one row with one receipt, in order; how many messages came twice."""
    with db.reading() as session:
        visits = {v.number: v for v in session.exec(select(Visit))}
        waiting = session.exec(select(Inbox).where(Inbox.state != "handled")).all()
        handled = session.exec(
            select(Inbox.account_id, Inbox.handled_at).order_by(col(Inbox.id))
        ).all()
    assert not [row.reason for row in waiting]
    for member in members:
        theirs = [visits[number] for number in member.receipts]
        said = [next(n for n in member.sent if f"{n} " in v.situation + " ") for v in theirs]
        assert said == member.sent
    assert len(visits) == sum(len(member.sent) for member in members)
    for account in {account for account, _ in handled}:
        times = [at for a, at in handled if a == account and at is not None]
        assert times == sorted(times)
    return sum(len(m.seen) - len(set(m.seen)) for m in members)
