"""(h): the same visits over each channel, every event stored by itself, as a webhook posts it."""

import asyncio
import tempfile
from collections.abc import Callable, Sequence
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
from bot.work.send import Sender
from storage.database import Database
from tests.bench.conversations import unsent
from tests.bench.databases import Databases
from tests.bench.lines import Line, middle
from tests.bench.people import make_people
from tests.bench.stub import account_event, network, text_update, zalo_event, zalo_network
from tests.bench.workers import all_work

SAID = (
    "Xã Mẫu {0} hôm nay họp thôn, nắm bà con đồng thuận",
    "Gửi",
    "Xã Mẫu {0} hôm qua tiếp dân, nắm hồ sơ đúng hạn, góp ý công khai kinh phí",
    "Gửi",
)
TURN = 20  # people of one channel, then as many of the next
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
    figures: dict[str, float] = {}
    for engine in found.engines:
        rates = asyncio.run(_rates({name: found.fresh(engine) for name in WIRES}, people))
        figures |= {f"{engine}_{name}_per_second": rate for name, rate in rates.items()}
        figures |= {
            f"{engine}_{name}_to_telegram": rates[name] / rates["telegram"]
            for name in rates
            if name != "telegram"
        }
    return figures


@dataclass
class Life:
    """One channel with its service, and the seconds that its messages took so far."""

    db: Database
    channel: Channel
    sender: Sender
    wire: Wire
    phones: Sequence[int]
    seconds: float = 0.0

    def say(self, text: str, some: slice) -> None:
        """These people say this: stored, handled, answered, the answers marked as sent."""
        began = perf_counter()
        for phone in self.phones[some]:
            store(self.db, self.channel, [self.wire.event(phone, text.format(phone))])
        all_work(self.db, self.channel, lambda more: self.sender.wake(more=more))
        while unsent(self.db):
            sleep(0.005)
        self.seconds += perf_counter() - began


async def _rates(urls: dict[str, str], people: int) -> dict[str, float]:
    """Messages per second. The channels take turns, so that all meet the same machine."""
    with tempfile.TemporaryDirectory() as folder:
        lives = {name: _begun(url, WIRES[name], Path(folder), people) for name, url in urls.items()}
        stop = asyncio.Event()
        sending = [asyncio.create_task(life.sender.run(stop)) for life in lives.values()]
        await asyncio.to_thread(_all_said, list(lives.values()), people)
        stop.set()
        await asyncio.gather(*sending)
        for life in lives.values():
            await life.channel.close()
            _check(life.db, 2 * people)
            life.db.close()
    return {name: people * len(SAID) / life.seconds for name, life in lives.items()}


def _begun(url: str, wire: Wire, files: Path, people: int) -> Life:
    db, channel = Database(url), wire.build(files)
    with db.writing() as session:
        phones = make_people(session, people, bot=channel.bot)
    return Life(db, channel, Sender(db, channel, pace=Pace(0, 0)), wire, phones)


def _all_said(lives: Sequence[Life], people: int) -> None:
    """Everybody says the same, and everybody is answered before the next message."""
    turns = [(text, start) for text in SAID for start in range(0, people, TURN)]
    for number, (text, start) in enumerate(turns):
        for place in range(len(lives)):
            life = lives[(number + place) % len(lives)]
            life.say(text, slice(start, start + TURN))


def _check(db: Database, visits: int) -> None:
    """Everything is filed and every message sent, or nothing was measured."""
    with db.reading() as session:
        count = session.connection().exec_driver_sql
        assert count("SELECT count(*) FROM visit").scalar_one() == visits
        assert count("SELECT count(*) FROM outbox WHERE state <> 'sent'").scalar_one() == 0
