"""(a) and (b): a seven-step visit of 200 people, everything committed, beside the peer."""

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from time import perf_counter, sleep
from typing import Any

from sqlmodel import Session

from bot.channels.telegram import Telegram
from bot.conversation.form import Answer
from bot.work.pace import Pace
from bot.work.receive import store
from bot.work.send import Sender
from storage import drafts
from storage.database import Database
from tests.bench import peer
from tests.bench.databases import Databases
from tests.bench.lines import Line, middle
from tests.bench.people import make_people
from tests.bench.stub import network, text_update
from tests.bench.workers import Second, all_work

PEOPLE = 200
OPEN = 2000
STEPS = ("/ghi", "hôm nay", "tiếp dân", "Bà con đồng thuận", "Công khai", "Đúng hạn", "Gửi")
BATCH = 100


def steps(found: Databases, *, people: int, times: int) -> Line:
    """(a)"""
    figures = _compare(found, people=people, open_before=0, times=times)
    return Line(
        "a",
        f"a seven-step visit of {people} people, everything committed",
        "at least the peer in the same run; aim for 1380 a second",
        _met(figures, found, 1),
        figures,
        times,
    )


def crowded(found: Databases, *, people: int, times: int) -> Line:
    """(b)"""
    figures = _compare(found, people=people, open_before=OPEN, times=times)
    return Line(
        "b",
        f"the same with {OPEN} more conversations open",
        "at least 4 times the peer in the same run",
        _met(figures, found, 4),
        figures,
        times,
    )


def _compare(found: Databases, *, people: int, open_before: int, times: int) -> dict[str, float]:
    second = Second() if "postgresql" in found.engines else None
    try:
        runs = [_once(found, second, people, open_before) for _ in range(times)]
    finally:
        if second is not None:
            second.close()
    return middle(runs)


def _once(
    found: Databases, second: Second | None, people: int, open_before: int
) -> dict[str, float]:
    """The peer, then ours on each database, on PostgreSQL by one process and by two."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "peer.pickle"
        theirs = peer.run(kept, people=people, steps=len(STEPS), open_before=open_before)
        figures = _measured("peer", asyncio.run(theirs))
    for name in _ways(found):
        engine, _, two = name.partition("_")
        beside = second if two else None
        ours = _ours(found.fresh(engine), people=people, open_before=open_before, beside=beside)
        figures |= _measured(name, asyncio.run(ours))
        ratio = figures[f"{name}_per_second"] / figures["peer_per_second"]
        figures[f"{name}_to_peer"] = ratio
    return figures


def _ways(found: Databases) -> list[str]:
    """What is measured: SQLite has one writer, PostgreSQL is worked by any number of processes."""
    return [*found.engines, *(f"{e}_two" for e in found.engines if e == "postgresql")]


def _met(figures: Mapping[str, float], found: Databases, least: float) -> bool:
    """On each database, the way it is best served."""
    best = [
        max(figures[f"{w}_to_peer"] for w in _ways(found) if w.startswith(e)) for e in found.engines
    ]
    return min(best) >= least


def _measured(name: str, result: dict[str, Any]) -> dict[str, float]:
    """Per second, and the middle and the worst of one update."""
    cuts = quantiles(result["took"], n=100)
    return {
        f"{name}_per_second": result["updates"] / result["seconds"],
        f"{name}_p50_ms": 1000 * cuts[49],
        f"{name}_p99_ms": 1000 * cuts[98],
    }


async def _ours(
    url: str, *, people: int, open_before: int, beside: Second | None = None
) -> dict[str, Any]:
    """Store, handle, claim, send, mark, each committed; workers and sender as in the service."""
    db = Database(url)
    with db.writing() as session:
        phones = make_people(session, people)
        _open_drafts(session, open_before)
    with tempfile.TemporaryDirectory() as folder:
        channel = Telegram("4242:bench", files=Path(folder), transport=network())
        sender, stop = Sender(db, channel, pace=Pace(0, 0)), asyncio.Event()
        sending = asyncio.create_task(sender.run(stop))
        if beside is not None:
            beside.open(url)
        begun = perf_counter()
        took = await asyncio.to_thread(_all_steps, db, channel, sender, phones, beside)
        seconds = perf_counter() - begun
        stop.set()
        await sending
        await channel.close()
    _check(db, people)
    db.close()
    return {"updates": len(took), "seconds": seconds, "took": took}


def _all_steps(
    db: Database, channel: Telegram, sender: Sender, phones: Sequence[int], beside: Second | None
) -> list[float]:
    """Everybody says the same, and everybody is answered before the next step."""
    took: list[float] = []
    for text in STEPS:
        for start in range(0, len(phones), BATCH):
            batch = phones[start : start + BATCH]
            store(db, channel, [text_update(phone, text) for phone in batch])
        if beside is not None:
            beside.begin()
        took += all_work(db, channel, lambda more: sender.wake(more=more))
        if beside is not None:
            took += beside.took()
        while unsent(db):
            sleep(0.005)
    return took


def unsent(db: Database) -> int:
    """How many messages are not marked as sent."""
    with db.reading() as session:
        count = session.connection().exec_driver_sql
        return int(count("SELECT count(*) FROM outbox WHERE state = 'waiting'").scalar_one())


def _open_drafts(session: Session, count: int) -> None:
    """More people who are in the middle of a slip."""
    at = datetime.now(UTC)
    make_people(session, count, first=100_000)
    answers = {"visited_on": asdict(Answer("2026-11-20", 1, at.isoformat()))}
    ids = session.connection().exec_driver_sql("SELECT id FROM person WHERE rank >= 100000")
    for (person_id,) in ids.all():
        drafts.begin(session.connection(), person_id, "visit", answers, at)


def _check(db: Database, people: int) -> None:
    """Everybody's visit is filed and every message sent, or nothing was measured."""
    with db.reading() as session:
        count = session.connection().exec_driver_sql
        assert count("SELECT count(*) FROM visit").scalar_one() == people
        assert count("SELECT count(*) FROM outbox WHERE state <> 'sent'").scalar_one() == 0
