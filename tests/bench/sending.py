"""(c): 300 messages to 300 chats through a server with a strict sliding window."""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from bot.channels.telegram import Telegram
from bot.messages import Outgoing
from bot.sandbox.app import create_app
from bot.sandbox.remote import Remote
from bot.sandbox.running import running
from bot.work.post import post
from bot.work.send import Sender
from storage.database import Database
from tests.bench.databases import Databases
from tests.bench.lines import Line, middle
from tests.bench.people import make_people

CHATS = 300
TOKEN = "4242:bench"
MOST = 10.5  # seconds


def paced(found: Databases, *, chats: int = CHATS) -> Line:
    """(c), on each database."""
    runs = {engine: _once(found.fresh(engine), chats) for engine in found.engines}
    figures = {f"{engine}_{k}": v for engine, run in runs.items() for k, v in run.items()}
    return Line(
        "c",
        f"{chats} messages to {chats} chats; the server allows 30 a second, 1 to each chat",
        f"at most {MOST} s, never more than 30 in one second, no 429",
        all(_kept(run, chats) for run in runs.values()),
        figures,
    )


def _kept(run: dict[str, float], chats: int) -> bool:
    return run["seconds"] <= MOST * chats / CHATS and run["most"] <= 30 and run["refused"] == 0


def _once(url: str, chats: int) -> dict[str, float]:
    db = Database(url)
    with db.writing() as session:
        numbers = make_people(session, chats)
        for person_id in range(1, chats + 1):
            post(session, [Outgoing("Bản tổng hợp", kind="digest", person_id=person_id)])
    phones = [{"id": str(n), "name": f"Cán bộ {n}", "opened": True} for n in numbers]
    with running(create_app(token=TOKEN, phones=phones)) as address, Remote(address) as remote:
        remote.switch("strict_rate", overall=30, each=1)
        seconds = asyncio.run(_send(db, address, remote, chats))
        counted = remote.statistics()
    db.close()
    assert counted["accepted"] == chats, counted
    return middle([_figures(seconds, counted)])


async def _send(db: Database, address: str, remote: Remote, chats: int) -> float:
    """Seconds until the last message has arrived."""
    with tempfile.TemporaryDirectory() as folder:
        channel = Telegram(TOKEN, files=Path(folder), api=address)
        stop = asyncio.Event()
        began = time.perf_counter()
        sending = asyncio.create_task(Sender(db, channel).run(stop))
        await asyncio.to_thread(_all_accepted, remote, chats)
        seconds = time.perf_counter() - began
        stop.set()
        await sending
        await channel.close()
    return seconds


def _all_accepted(remote: Remote, chats: int) -> None:
    while remote.statistics()["accepted"] < chats:
        time.sleep(0.05)


def _figures(seconds: float, counted: dict[str, Any]) -> dict[str, float]:
    return {
        "seconds": seconds,
        "most": counted["most_in_a_second"],
        "most_to_one_chat": counted["most_in_a_second_one_chat"],
        "refused": counted["too_many_requests"],
    }
