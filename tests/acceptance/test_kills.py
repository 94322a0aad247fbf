"""The real process is killed at random moments while thirty people log visits."""

import asyncio
import random
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from sqlmodel import Session, col, select
from starlette.applications import Starlette

from bot.sandbox.app import create_app
from bot.sandbox.running import running
from storage import migrate
from storage.database import Database
from storage.tables import Account, Area, Assignment, Inbox, Outbox, Person, Regulation, Visit
from tests.acceptance.crowd import PATIENCE, Crowd, Member
from tests.acceptance.killing import Service, kill_at_random
from tests.acceptance.ways import WAYS, Way, lost, prepare

LOOK = 0.5  # seconds between looks at what a channel lost


def _roster(session: Session, way: Way) -> list[Member]:
    rule = Regulation(number="02-QĐ/TU")
    session.add(rule)
    session.flush()
    members = []
    for number in range(1, way.people + 1):
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
        now = datetime.now(UTC)
        account = Account(bot=way.bot, external_id=phone, state="confirmed", last_heard_at=now)
        account.person_id = person.id
        session.add(account)
        members.append(Member(phone, area.name))
    return members


ALWAYS = ("sqlite-telegram", "postgresql-telegram")


def _lives() -> Iterator[ParameterSet]:
    """Each way on each database; those of Zalo with `--everywhere` alone."""
    for engine, name in product(("sqlite", "postgresql"), WAYS):
        marks = [getattr(pytest.mark, engine)] if engine == "postgresql" else []
        marks += [] if f"{engine}-{name}" in ALWAYS else [pytest.mark.everywhere]
        yield pytest.param(engine, name, id=f"{engine}-{name}", marks=marks)


@pytest.mark.parametrize(("engine", "name"), list(_lives()), indirect=["engine"])
def test_nothing_is_lost_or_doubled_when_the_process_is_killed(
    engine: str, name: str, blank: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    way = WAYS[name]
    kills = int(request.config.getoption("--kills")) // way.share
    db = blank
    migrate.upgrade(db)
    with db.writing() as session:
        members = _roster(session, way)
    phones = [
        {"id": m.phone, "name": f"Cán bộ {m.phone}", "opened": True, "channel": way.channel}
        for m in members
    ]
    app = create_app(phones=phones, **way.sandbox)
    with running(app) as address:
        url = db.url.render_as_string(hide_password=False)
        service = Service(url, tmp_path / "files", way.settings(address))
        prepare(way, app, service)
        crowd = Crowd(address, members, reads=way.reads)
        began = time.monotonic()
        asyncio.run(_live(db, service, crowd, app, way, kills))
        seconds = time.monotonic() - began
    doubled = _check(db, members)
    sent = sum(len(member.sent) for member in members)
    print(  # noqa: T201  the figures are what this test is read for
        f"\n{db.url.get_backend_name()}, {name}: {kills} kills in {seconds:.0f} s, "
        f"{way.people} people, {sent} visits: 0 lost, 0 doubled; {doubled} messages sent twice, "
        f"{crowd.repeated} written again because the channel had lost them"
    )


async def _live(
    db: Database, service: Service, crowd: Crowd, app: Starlette, way: Way, kills: int
) -> None:
    stop = asyncio.Event()
    work = asyncio.create_task(crowd.work(stop))
    again = asyncio.create_task(_write_again(db, crowd, app, way))
    lives = kill_at_random(service, kills, random.Random(kills), lambda: crowd.heard)
    killer = asyncio.create_task(lives)
    try:
        waited = {killer, work, again}
        await asyncio.wait(waited, return_when=asyncio.FIRST_COMPLETED)
        assert not work.done(), f"the crowd gave up: {work.exception()!r}"
        await killer
        stop.set()
        await work
        again.cancel()
        await asyncio.to_thread(_until_emptied, db)
        assert service.stop() in (0, -signal.SIGTERM)
    finally:
        killer.cancel()
        work.cancel()
        again.cancel()
        service.close()


async def _write_again(db: Database, crowd: Crowd, app: Starlette, way: Way) -> None:
    """What a channel lost before it was committed, people write once more; nothing else."""
    known = set[str]()
    while True:
        gone = await asyncio.to_thread(lost, way, app, db, known=known)
        for phone, text in gone:
            await crowd.write_again(phone, text)
        await asyncio.sleep(LOOK)


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
