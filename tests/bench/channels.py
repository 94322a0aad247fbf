"""(h): the same visits over each channel, every event stored by itself, as a webhook posts it."""

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

from bot.channels.contract import Channel
from bot.channels.telegram import Telegram
from bot.channels.zalo_bot import ZaloBot
from bot.channels.zalo_oa import ZaloOA
from bot.work.pace import Pace
from bot.work.receive import store
from bot.work.run import WORKERS
from bot.work.send import Sender
from storage.database import Database
from tests.bench.conversations import unsent, work
from tests.bench.databases import Databases
from tests.bench.lines import Line, middle
from tests.bench.people import make_people
from tests.bench.stub import account_event, network, text_update, zalo_event, zalo_network

SAID = (
    "Xã Mẫu {0} hôm nay họp thôn, nắm bà con đồng thuận",
    "Gửi",
    "Xã Mẫu {0} hôm qua tiếp dân, nắm hồ sơ đúng hạn, góp ý công khai kinh phí",
    "Gửi",
)
LEAST = 0.8  # of Telegram's messages in the same run


@dataclass(frozen=True)
class Wire:
    """One channel with a network that answers at once."""

    build: Callable[[Path], Channel]
    event: Callable[[int, str], dict[str, Any]]


WIRES = {
    "telegram": Wire(
        lambda files: Telegram("4242:bench", files=files, transport=network()), text_update
    ),
    "zalo": Wire(
        lambda files: ZaloBot("4242:bench", files=files, transport=zalo_network()), zalo_event
    ),
    "zalo_oa": Wire(
        lambda files: ZaloOA(
            app_id="4242",
            app_secret="s",
            secret_key="k",
            refresh_token="r",
            files=files,
            transport=zalo_network(),
        ),
        account_event,
    ),
}


def beside(found: Databases, *, people: int, times: int) -> Line:
    """(h)"""
    figures = middle([_once(found, people) for _ in range(times)])
    return Line(
        "h",
        f"two visits of {people} people, two messages each, over each channel",
        f"messages handled per second: Zalo at least {LEAST:g} of Telegram in the same run",
        all(value >= LEAST for name, value in figures.items() if name.endswith("_to_telegram")),
        figures,
        times,
    )


def _once(found: Databases, people: int) -> dict[str, float]:
    """Each channel on each database; every round anew, so that all meet the same machine."""
    figures: dict[str, float] = {}
    for engine in found.engines:
        rates = {
            name: asyncio.run(_rate(found.fresh(engine), wire, people))
            for name, wire in WIRES.items()
        }
        figures |= {f"{engine}_{name}_per_second": rate for name, rate in rates.items()}
        figures |= {
            f"{engine}_{name}_to_telegram": rates[name] / rates["telegram"]
            for name in rates
            if name != "telegram"
        }
    return figures


async def _rate(url: str, wire: Wire, people: int) -> float:
    """Messages per second: stored, handled, answered, the answers marked as sent."""
    db = Database(url)
    with tempfile.TemporaryDirectory() as folder:
        channel = wire.build(Path(folder))
        with db.writing() as session:
            phones = make_people(session, people, bot=channel.bot)
        sender, stop = Sender(db, channel, pace=Pace(0, 0)), asyncio.Event()
        sending = asyncio.create_task(sender.run(stop))
        began = perf_counter()
        await asyncio.to_thread(_all_said, db, channel, sender, wire=wire, phones=phones)
        seconds = perf_counter() - began
        stop.set()
        await sending
        await channel.close()
    _check(db, 2 * people)
    db.close()
    return len(phones) * len(SAID) / seconds


def _all_said(
    db: Database, channel: Channel, sender: Sender, *, wire: Wire, phones: Sequence[int]
) -> None:
    """Everybody says the same, and everybody is answered before the next message."""
    for text in SAID:
        for phone in phones:
            store(db, channel, [wire.event(phone, text.format(phone))])
        count = 1 if db.sqlite else WORKERS
        with ThreadPoolExecutor(count) as threads:
            for done in [threads.submit(work, db, channel, sender) for _ in range(count)]:
                done.result()
        while unsent(db):
            sleep(0.005)


def _check(db: Database, visits: int) -> None:
    """Everything is filed and every message sent, or nothing was measured."""
    with db.reading() as session:
        count = session.connection().exec_driver_sql
        assert count("SELECT count(*) FROM visit").scalar_one() == visits
        assert count("SELECT count(*) FROM outbox WHERE state <> 'sent'").scalar_one() == 0
