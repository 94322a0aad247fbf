"""(a) and (b): a seven-step visit of 200 people, everything committed, beside the peer."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any

from sqlmodel import Session

from bot.channels.telegram import Telegram
from bot.conversation.form import Answer
from bot.work.pace import Pace
from bot.work.receive import handle_next, store
from bot.work.send import Sender
from storage import drafts
from storage.database import Database
from storage.tables import Account, Area, Assignment, Person, Regulation
from tests.bench import peer
from tests.bench.stub import network, text_update

PEOPLE = 200
STEPS = ("/ghi", "hôm nay", "tiếp dân", "Bà con đồng thuận", "Công khai", "Đúng hạn", "Gửi")
BATCH = 100


def make_people(session: Session, count: int, *, first: int = 1) -> list[int]:
    """Cadres with one area each and a linked account; their ids on the channel."""
    rule = Regulation(number=f"02-QĐ/TU {first}")
    session.add(rule)
    session.flush()
    phones = []
    for number in range(first, first + count):
        area = Area(code=f"X{number}", name=f"Xã Mẫu {number}", level="xa", place=number)
        person = Person(code=f"CB{number}", full_name=f"Cán bộ {number}", rank=number)
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
                from_date=date(2021, 4, 29),
            )
        )
        account = Account(
            bot="telegram:4242",
            external_id=str(number),
            person_id=person.id,
            state="confirmed",
        )
        session.add(account)
        phones.append(number)
    session.flush()
    return phones


def open_drafts(session: Session, count: int) -> None:
    """More people who are in the middle of a slip."""
    at = datetime.now(UTC)
    make_people(session, count, first=100_000)
    answers = {"visited_on": asdict(Answer("2026-11-20", 1, at.isoformat()))}
    ids = session.connection().exec_driver_sql("SELECT id FROM person WHERE rank >= 100000")
    for (person_id,) in ids.all():
        drafts.begin(session.connection(), person_id, "visit", answers, at)


async def ours(url: str, *, open_before: int) -> dict[str, Any]:
    """Store, handle, claim, send, mark; each committed."""
    db = Database(url)
    with db.writing() as session:
        phones = make_people(session, PEOPLE)
        if open_before:
            open_drafts(session, open_before)
    with tempfile.TemporaryDirectory() as folder:
        channel = Telegram("4242:bench", files=Path(folder), transport=network())
        sender = Sender(db, channel, pace=Pace(0, 0))
        took: list[float] = []
        begun = perf_counter()
        for step in STEPS:
            await _one_step(db, channel, sender, phones, step, took)
        seconds = perf_counter() - begun
        await channel.close()
    with db.reading() as session:
        filed = session.connection().exec_driver_sql("SELECT count(*) FROM visit").scalar_one()
    assert filed == PEOPLE, filed
    db.close()
    return {"updates": len(took), "seconds": seconds, "took": took}


async def _one_step(
    db: Database,
    channel: Telegram,
    sender: Sender,
    phones: Sequence[int],
    text: str,
    took: list[float],
) -> None:
    for start in range(0, len(phones), BATCH):
        store(db, channel, [text_update(phone, text) for phone in phones[start : start + BATCH]])
    while True:
        start = perf_counter()
        if not handle_next(db, {channel.bot: channel}):
            break
        took.append(perf_counter() - start)
    while await sender.step():
        pass


def measured(name: str, result: dict[str, Any]) -> dict[str, Any]:
    """Per second, and the middle and the worst of one update."""
    cuts = quantiles(result["took"], n=100)
    return {
        f"{name}_per_second": round(result["updates"] / result["seconds"]),
        f"{name}_p50_ms": round(1000 * cuts[49], 2),
        f"{name}_p99_ms": round(1000 * cuts[98], 2),
    }


def compare(databases: dict[str, str], *, open_before: int) -> dict[str, Any]:
    """Ours on each database beside the peer, in one run."""
    line: dict[str, Any] = {"people": PEOPLE, "steps": len(STEPS), "open_before": open_before}
    with tempfile.TemporaryDirectory() as folder:
        theirs = asyncio.run(
            peer.run(
                Path(folder) / "peer.pickle",
                people=PEOPLE,
                steps=len(STEPS),
                open_before=open_before,
            )
        )
    line |= measured("peer", theirs)
    for name, url in databases.items():
        line |= measured(name, asyncio.run(ours(url, open_before=open_before)))
        ratio = line[f"{name}_per_second"] / line["peer_per_second"]
        line[f"{name}_to_peer"] = round(ratio, 2)
    return line
