"""Sends what the outbox holds: one sender for each bot, in order, evenly paced.

No transaction spans a call. A row is claimed, its calls are made, and its outcome is written
together with those of other rows that ended meanwhile.
"""

import asyncio
import contextlib
import time

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError

from bot.channels.contract import Channel, SendFailed
from bot.messages import Outgoing
from bot.web.links import NO_PAGES, Pages
from bot.work import clock
from bot.work.linked import needs_page, with_pages
from bot.work.outcomes import ANYWHERE, Outcome, outage_pause, write
from bot.work.pace import Pace
from bot.work.posts import Post
from bot.work.quota import Meter
from bot.work.screens import menu_to_show, numbers_shown
from bot.work.ways import Ways
from storage import claims, outbox
from storage.database import Database
from storage.deliveries import record_part
from storage.jobs import Job

log = structlog.get_logger()

BATCH = 30
IDLE = 0.2  # seconds between looks at the outbox when nobody calls
GATHER = 0.1  # seconds between two claims while more is being handled: it is claimed together
LANDING = 0.02  # seconds in which others that land are written together with the first
SWEEP_EVERY = 60.0
LAST_WRITES = 10.0  # seconds for what is in hand when the process stops
_BROKEN = (IntegrityError, DataError, ProgrammingError)


class Sender:
    """Sends for one bot. `wake` from any thread when something was put into the outbox."""

    def __init__(
        self,
        db: Database,
        channel: Channel,
        *,
        pace: Pace | None = None,
        pages: Pages = NO_PAGES,
        ways: Ways = ANYWHERE,
    ) -> None:
        self._db = db
        self._channel = channel
        self._pages = pages
        self._ways = ways
        self._meter = Meter.of(channel)
        self._down_since = 0.0
        limits = channel.limits
        self._pace = pace or Pace(limits.per_second, limits.per_chat_second)
        self._post = Post(db, f"send {channel.bot}")
        self._ours = False
        self._flying: dict[int, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._landed: list[Outcome] = []
        self._landing = asyncio.Event()
        self._call = asyncio.Event()
        self._no_more = asyncio.Event()
        self._closing = False
        self._paused_until = 0.0
        self._outages = 0
        self._swept_at = float("-inf")
        self._loop: asyncio.AbstractEventLoop | None = None

    def wake(self, *, more: bool = False) -> None:
        """Look at the outbox: now, or soon when more is being handled. From any thread."""
        self._set(self._call)
        if not more:
            self._set(self._no_more)

    def _set(self, event: asyncio.Event) -> None:
        if self._loop and not self._loop.is_closed() and not event.is_set():
            with contextlib.suppress(RuntimeError):  # it may close at this very moment
                self._loop.call_soon_threadsafe(event.set)

    async def run(self, stop: asyncio.Event) -> None:
        """Send until told to stop, then finish what is in hand."""
        self._loop = asyncio.get_running_loop()
        waker = asyncio.create_task(self._call_at(stop))
        settler = asyncio.create_task(self._settle_as_they_land())
        while not stop.is_set():
            await self._look()
        waker.cancel()
        self._pace.dissolve()
        await asyncio.gather(waker, *self._tasks, return_exceptions=True)
        self._closing = True
        self._landing.set()
        with contextlib.suppress(TimeoutError, DBAPIError):
            await asyncio.wait_for(settler, LAST_WRITES)
            await asyncio.to_thread(self._post.release)

    async def step(self, at_once: int = BATCH) -> int:
        """Claim once, send, write the outcomes; how many rows were taken."""
        jobs = await asyncio.to_thread(self._claim, at_once)
        for job in jobs:
            self._flying[job.id] = job
        await asyncio.gather(*(self._fly(job) for job in jobs))
        await self._settle()
        return len(jobs)

    async def _call_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._call.set()
        self._no_more.set()

    async def _look(self) -> None:
        """One look at the outbox, then rest until a call or for a little while.

        Somebody who writes alone is answered at once; while many are being handled, answers are
        gathered, so that claiming costs one transaction for a handful of them.
        """
        self._call.clear()
        self._no_more.clear()
        began = time.monotonic()
        full = False
        try:
            if began >= self._paused_until and await self._held():
                full = await self._start()
        except Exception as trouble:  # the top of the loop: one bad look must not end it
            log.error("outbox_unreadable", bot=self._channel.bot, kind=type(trouble).__name__)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._call.wait(), IDLE)
        if not full:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._no_more.wait(), began + GATHER - time.monotonic())

    async def _start(self) -> bool:
        """Claim as many as there is room for and send them; whether there may be more."""
        room = BATCH - len(self._flying)
        jobs = await asyncio.to_thread(self._claim, room) if room else []
        for job in jobs:
            self._flying[job.id] = job
            task = asyncio.create_task(self._fly(job))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return len(jobs) == room

    async def _held(self) -> bool:
        return (self._ours and self._post.fresh) or await asyncio.to_thread(self._hold)

    def _hold(self) -> bool:
        """Hold the bot's post; a new holder takes over what its predecessor had in hand."""
        if not self._post.hold():
            self._ours = False
        elif not self._ours:
            with self._db.connection() as connection:
                bot, holder = self._channel.bot, self._post.holder
                claims.take_over(connection, bot=bot, holder=holder, real=clock.real())
            self._ours = True
        return self._ours

    def _claim(self, limit: int) -> list[Job]:
        at = clock.now(self._db)
        with self._db.connection() as connection:
            if time.monotonic() - self._swept_at > SWEEP_EVERY:
                outbox.sweep(connection, at)
                self._swept_at = time.monotonic()
            self._ways.address(connection, at=at, real=clock.real())
            return claims.claim(
                connection,
                bot=self._channel.bot,
                holder=self._post.holder,
                real=clock.real(),
                at=at,
                limit=limit,
                busy={job.lane for job in self._flying.values()},
            )

    async def _fly(self, job: Job) -> None:
        try:
            outcome = await self._send(job)
        except Exception as trouble:  # the top of the loop: one bad row must not end it
            log.error("send_crashed", outbox_id=job.id, kind=type(trouble).__name__)
            outcome = Outcome(job, crashed=type(trouble).__name__)
        self._landed.append(outcome)
        self._landing.set()

    async def _send(self, job: Job) -> Outcome:
        """Make the row's calls, those that an earlier try made apart."""
        message = await self._carried(Outgoing.from_json(job.body), job)
        outcome = Outcome(job)
        if job.edits_id and not self._channel.limits.edits and not message.rows:
            outcome.sent = True  # what stands on such a phone stays as it is
            return outcome
        menu, outcome.keyboard = menu_to_show(message.menu, job.keyboard)
        numbered, outcome.menu = numbers_shown(message, job, self._channel.limits)
        calls = self._channel.render(message, menu=menu, edits=job.edits, numbered=numbered)
        for part, call in enumerate(calls):
            if part in job.done:
                continue
            slot = await self._pace.turn(job.address, priority=job.priority, fresh=call.fresh)
            if slot is None:
                return outcome
            try:
                reference = await self._channel.send(job.address, call)
            except SendFailed as trouble:
                if trouble.permanent and not call.needed:
                    continue
                self._hear(trouble)
                outcome.failed, outcome.failed_part = trouble, part
                outcome.down = time.monotonic() - (self._down_since or time.monotonic())
                return outcome
            finally:
                slot.over()
            self._outages, self._down_since = 0, 0.0
            outcome.parts[part] = reference
            if part + 1 < len(calls):
                await asyncio.to_thread(self._record, job, part, outcome.parts.pop(part))
        outcome.sent = True
        return outcome

    async def _carried(self, message: Outgoing, job: Job) -> Outgoing:
        """The message with links in place of what this channel cannot carry."""
        limits = self._channel.limits
        if not needs_page(message, limits):
            return message
        return await asyncio.to_thread(
            with_pages, self._db, message, job, limits, pages=self._pages, at=clock.real()
        )

    def _record(self, job: Job, part: int, reference: str) -> None:
        at = clock.now(self._db)
        with self._db.connection() as connection:
            record_part(connection, job, part, reference, clock.real())
            self._meter.count(connection, at, sent=1)

    def _hear(self, trouble: SendFailed) -> None:
        """What concerns the whole bot stops the whole bot for a while."""
        pause = outage_pause(trouble, self._outages)
        if pause:
            self._outages += trouble.reason == "unreachable"
            if trouble.reason != "too_many":
                self._down_since = self._down_since or time.monotonic()
            self._paused_until = max(self._paused_until, time.monotonic() + pause)
            self._pace.dissolve()
            log.warning("bot_paused", bot=self._channel.bot, reason=trouble.reason, seconds=pause)

    async def _settle_as_they_land(self) -> None:
        while not (self._closing and not self._landed):
            await self._landing.wait()
            self._landing.clear()
            if len(self._landed) < len(self._flying):
                await asyncio.sleep(LANDING)
            await self._settle()

    async def _settle(self) -> None:
        """Write the outcomes, whatever the database does meanwhile."""
        while self._landed:
            batch = self._landed[:BATCH]
            try:
                await asyncio.to_thread(self._write, batch)
            except _BROKEN as trouble:
                log.error("outcome_refused", kind=type(trouble).__name__)
                await self._settle_each(batch)
            except DBAPIError as trouble:
                log.error("outcome_unwritten", kind=type(trouble).__name__)
                await asyncio.sleep(1)
                continue
            del self._landed[: len(batch)]
            for outcome in batch:
                del self._flying[outcome.job.id]
            self._call.set()

    def _write(self, batch: list[Outcome]) -> None:
        write(self._db, batch, self._ways, self._meter)

    async def _settle_each(self, batch: list[Outcome]) -> None:
        """One by one: a row that cannot be written is claimed again when its time is over."""
        for outcome in batch:
            try:
                await asyncio.to_thread(self._write, [outcome])
            except _BROKEN as trouble:
                row = outcome.job.id
                log.error("outcome_dropped", outbox_id=row, kind=type(trouble).__name__)


async def send_once(
    db: Database,
    channel: Channel,
    at_once: int = BATCH,
    *,
    pages: Pages = NO_PAGES,
    ways: Ways = ANYWHERE,
) -> int:
    """One unpaced step by a sender of its own; how many rows were taken."""
    return await Sender(db, channel, pace=Pace(0, 0), pages=pages, ways=ways).step(at_once)
