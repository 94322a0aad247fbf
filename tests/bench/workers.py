"""Workers of this process, and of a second one, as another `sausat serve` on PostgreSQL is."""

import io
import multiprocessing
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

from bot.channels.contract import Channel
from bot.channels.telegram import Telegram
from bot.work import logs
from bot.work.receive import handle_next
from bot.work.run import WORKERS
from storage.database import Database
from tests.bench.stub import network

_SPAWN = multiprocessing.get_context("spawn")  # it shares nothing but the database


def all_work(db: Database, channel: Channel, wake: Callable[[bool], None]) -> list[float]:
    """As many workers as the service has, until nothing waits; how long each message took."""
    count = 1 if db.sqlite else WORKERS
    with ThreadPoolExecutor(count) as threads:
        working = [threads.submit(work, db, channel, wake) for _ in range(count)]
        return [seconds for done in working for seconds in done.result()]


def work(db: Database, channel: Channel, wake: Callable[[bool], None]) -> list[float]:
    """Handle what waits, until nothing does; how long each took. The sender is told of each."""
    took: list[float] = []
    while True:
        start = perf_counter()
        more = handle_next(db, {channel.bot: channel})
        wake(more)
        if not more:
            return took
        took.append(perf_counter() - start)


class Second:
    """A process that works the same inbox; its messages are sent by the first, as its lease says.

    It lives as long as the first, so that both have their statements compiled.
    """

    def __init__(self) -> None:
        self._pipe, there = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_second, args=(there,), daemon=True)
        self._process.start()

    def open(self, url: str) -> None:
        """Serve this database from now on."""
        self._pipe.send(url)
        self._pipe.recv()

    def begin(self) -> None:
        """Work the inbox."""
        self._pipe.send(True)

    def took(self) -> list[float]:
        """Wait until nothing is left; how long each message took."""
        seconds: list[float] = self._pipe.recv()
        return seconds

    def close(self) -> None:
        """Let the process end."""
        self._pipe.send(False)
        self._process.join()


def _second(pipe: Connection) -> None:
    """What the first says: the address of a database, True (work its inbox), False (end)."""
    logs.set_up([], io.StringIO())
    db: Database | None = None
    with tempfile.TemporaryDirectory() as folder:
        channel = Telegram("4242:bench", files=Path(folder), transport=network())
        while said := pipe.recv():
            if said is not True:
                if db is not None:
                    db.close()
                db = Database(said)
            pipe.send(all_work(db, channel, _nobody) if said is True and db is not None else [])
    if db is not None:
        db.close()


def _nobody(_more: bool) -> None:
    """The sender is in the other process, and looks for itself."""
