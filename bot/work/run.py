"""`sausat serve`: one process with the web server, pollers, workers, senders and the clock.

All of it lives inside the web server's lifespan, because uvicorn raises the signal again when it
returns. What is in hand when the process is told to stop is finished first.
"""

import asyncio
import socket
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog
import uvicorn
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from starlette.applications import Starlette

from bot.channels.contract import Channel
from bot.settings import Settings
from bot.web.app import create_app, path
from bot.web.links import NO_PAGES, Pages
from bot.web.pages import page_routes
from bot.web.restricted_pages import restricted_routes
from bot.work import clock, memory, rosters
from bot.work.fetch import Fetcher, Source
from bot.work.paged import Shelf
from bot.work.poll import Poller
from bot.work.posts import Post
from bot.work.receive import handle_next, store
from bot.work.send import Sender
from bot.work.tick import tick
from bot.work.ways import Ways
from storage.database import Database

log = structlog.get_logger()

WORKERS = 4  # threads on PostgreSQL; SQLite has one writer
IDLE = 0.2  # seconds between looks at the inbox when nobody rings
LONGEST_PAUSE = 60.0  # seconds before a crashed loop is started again
STOPPING = 20.0  # seconds in which every loop must have ended

Loop = Callable[[asyncio.Event], Awaitable[object]]


class ServeFailed(Exception):
    """The service cannot start; the sentence says why."""


class Service:
    """Everything that runs for one database and its channels, until told to stop."""

    def __init__(
        self,
        db: Database,
        channels: Sequence[Channel],
        files: Path,
        *,
        public_url: str = "",
        pages: Pages = NO_PAGES,
    ) -> None:
        self._db = db
        self._channels = channels
        self._files = files
        self._public_url = public_url
        ways = Ways({channel.bot: channel.limits for channel in channels})
        self._senders = [Sender(db, channel, pages=pages, ways=ways) for channel in channels]
        self._arrived = threading.Event()
        self._stop = asyncio.Event()
        self._workers_stop = threading.Event()

    def arrived(self) -> None:
        """Something was stored: a worker should look now; may be called from any thread."""
        self._arrived.set()

    @asynccontextmanager
    async def running(self, _app: Starlette | None = None) -> AsyncIterator[None]:
        """Start every loop, and at the end let each finish what it has in hand."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(16, "io"))
        tasks = [asyncio.create_task(self._kept(*each), name=each[0]) for each in self._loops()]
        log.info("service_started", loops=len(tasks))
        try:
            yield
        finally:
            await self._finish(tasks)
            for channel in self._channels:
                await channel.close()
            log.info("service_stopped")

    def _listener(self, channel: Channel) -> Loop:
        """Tells the channel where to post updates, tried until it has heard."""

        async def tell(stop: asyncio.Event) -> None:
            await channel.listen(self._public_url + path(channel))
            await stop.wait()

        return tell

    def _loops(self) -> list[tuple[str, Loop]]:
        count = 1 if self._db.sqlite else WORKERS
        found: list[tuple[str, Loop]] = [(f"work {n}", self._work) for n in range(count)]
        found += [
            (f"send {c.bot}", s.run) for c, s in zip(self._channels, self._senders, strict=True)
        ]
        if self._public_url:
            found += [(f"listen {c.bot}", self._listener(c)) for c in self._channels]
        else:
            polled = [c for c in self._channels if c.limits.polls]
            found += [(f"poll {c.bot}", self._poller(c).run) for c in polled]
        sources: list[Source] = [*self._channels, Shelf(self._files)]
        found += [(f"fetch {s.bot}", self._fetcher(s).run) for s in sources]
        return [*found, ("clock", self._clock)]

    def _fetcher(self, source: Source) -> Fetcher:
        def fetched(attachment_id: int) -> None:
            rosters.stored(self._db, self._files, attachment_id)

        return Fetcher(self._db, source, self._files, stored=fetched)

    def _poller(self, channel: Channel) -> Poller:
        def keep(payloads: Sequence[dict[str, Any]]) -> int:
            new = store(self._db, channel, payloads)
            self.arrived()
            return new

        return Poller(self._db, channel, keep)

    async def _kept(self, name: str, loop: Loop) -> None:
        """Run a loop; one that crashes is logged and started again, later each time."""
        pause = 1.0
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                await loop(self._stop)
            except Exception:  # whatever it was, the service must go on
                log.exception("loop_crashed", name=name)
                pause = 1.0 if time.monotonic() - began > LONGEST_PAUSE else pause
                await _pause(self._stop, pause)
                pause = min(2 * pause, LONGEST_PAUSE)

    async def _work(self, _stop: asyncio.Event) -> None:
        """Handle messages in a thread of its own."""
        with ThreadPoolExecutor(1, "work") as thread:
            await asyncio.get_running_loop().run_in_executor(thread, self._handle_all)

    def _handle_all(self) -> None:
        channels = {channel.bot: channel for channel in self._channels}
        busy = False
        while not self._workers_stop.is_set():
            handled = handle_next(self._db, channels)
            if handled or busy:
                for sender in self._senders:
                    sender.wake(more=handled)
            if not handled:
                self._arrived.wait(IDLE)
                self._arrived.clear()
            busy = handled

    async def _clock(self, stop: asyncio.Event) -> None:
        """One pass a minute. A pass that is late or was missed needs no catching up by the
        scheduler: the next one finds whatever is due."""
        post = Post(self._db, "clock")
        scheduler = AsyncIOScheduler(timezone="UTC")
        scheduler.add_job(
            asyncio.to_thread,
            "cron",
            second=0,
            args=[self._pass, post],
            misfire_grace_time=None,
            coalesce=True,
        )
        scheduler.start()
        try:
            await asyncio.to_thread(self._pass, post)
            await stop.wait()
        finally:
            scheduler.shutdown(wait=False)
            await asyncio.to_thread(post.release)

    def _pass(self, post: Post) -> None:
        if not self._stop.is_set() and post.hold():
            tick(self._db, clock.now(self._db))
            memory.give_back()

    async def _finish(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        self._stop.set()
        self._workers_stop.set()
        self._arrived.set()
        _, late = await asyncio.wait(tasks, timeout=STOPPING)
        for task in late:
            log.warning("loop_cut_off", name=task.get_name())
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def serve(db: Database, channels: Sequence[Channel], settings: Settings) -> None:
    """Run until a signal comes."""
    memory.keep_small()
    pages = Pages(settings.public_url, settings.link_secret.get_secret_value())
    hooks = settings.public_url if settings.webhook_secret.get_secret_value() else ""
    service = Service(db, channels, settings.files, public_url=hooks, pages=pages)
    paged = page_routes(db, settings.files, pages, arrived=service.arrived)
    paged += restricted_routes(db, pages, arrived=service.arrived)
    app = create_app(db, channels, lifespan=service.running, arrived=service.arrived, more=paged)
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=5)
    with _listening(*settings.address) as listener:
        uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port))
    except OSError as error:
        raise ServeFailed(f"SAUSAT_BIND: không mở được {host}:{port} ({error.strerror})") from None


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
