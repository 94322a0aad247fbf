"""Fetches what people sent, for a channel without webhook: stored first, confirmed afterwards."""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog

from bot.channels.contract import Channel, Malformed, SendFailed
from bot.work.posts import Post
from storage.database import Database

log = structlog.get_logger()

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
NOTHING_NEW = 1.0  # seconds from one poll to the next when it brought nothing new at once
LAST_TRIES = 3  # to store at the end what will not be handed out again
LAST_WORDS = 2.0  # seconds
OTHERS_TURN = 2.0  # seconds until asking again for a post that another process holds

Store = Callable[[Sequence[dict[str, Any]]], int]


class Poller:
    """Polls for one bot. `store` returns only when everything is committed: how many were new.

    The cursor is not kept: payloads that were not confirmed come again, and the inbox knows them.
    Where a channel hands out a payload only once, it is held here until it is stored, and a poll
    is waited out.
    """

    def __init__(self, db: Database, channel: Channel, store: Store) -> None:
        self._channel = channel
        self._store = store
        self._post = Post(db, f"poll {channel.bot}")
        self._cursor = ""
        self._held: Sequence[dict[str, Any]] = ()
        self._pause = 0.0
        self._listening = False
        self._storing: asyncio.Task[int] | None = None
        self._acknowledging: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until told to stop; what was fetched by then is stored."""
        stopped = asyncio.create_task(stop.wait())
        once = not self._channel.limits.redelivers
        while not stop.is_set():
            turn = asyncio.create_task(self._turn())
            either: set[asyncio.Task[Any]] = {turn} if once else {turn, stopped}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            if not turn.done():
                await self._finish(turn)
            elif self._pause:
                await asyncio.wait({stopped}, timeout=self._pause)
        await self._store_what_is_held()
        await self.acknowledged()
        with contextlib.suppress(Exception):  # another process takes the post when its time is over
            await asyncio.to_thread(self._post.release)

    async def step(self) -> int:
        """One poll: fetch, store, acknowledge; how many payloads came. Raises SendFailed.

        Payloads that the cursor cannot confirm may come again, so the next poll is put off
        unless they were new.
        """
        if self._held:
            await self._keep(self._held)
        began = time.monotonic()
        payloads, cursor = await self._channel.poll(self._cursor)
        new = await self._keep(payloads) if payloads else 0
        if cursor != self._cursor or (new and not self._channel.limits.redelivers):
            self._pause = 0.0
        elif payloads and self._channel.limits.redelivers:
            self._back_off(None)
        else:
            self._pause = max(0.0, NOTHING_NEW - (time.monotonic() - began))
        self._cursor = cursor
        return len(payloads)

    async def _keep(self, payloads: Sequence[dict[str, Any]]) -> int:
        """Store them; they are held until that is done, if nobody will hand them out again."""
        if not self._channel.limits.redelivers:
            self._held = payloads
        self._storing = asyncio.create_task(asyncio.to_thread(self._store, payloads))
        new = await asyncio.shield(self._storing)
        self._held = ()
        for payload in payloads:
            self._acknowledge(payload)
        return new

    async def _store_what_is_held(self) -> None:
        """At the end of the process: it is in the database then, or lost, and the log says so."""
        for _ in range(LAST_TRIES):
            if not self._held:
                return
            try:
                await self._keep(self._held)
            except Exception as trouble:  # whatever the database says, there is one more try
                log.error("update_unstored", bot=self._channel.bot, kind=type(trouble).__name__)
                await asyncio.sleep(1)

    def _acknowledge(self, payload: dict[str, Any]) -> None:
        """Stop the clocks of pressed buttons, without waiting for it."""
        with contextlib.suppress(Malformed):
            for arrival in self._channel.read(payload):
                task = asyncio.create_task(self._channel.acknowledge(arrival.incoming))
                self._acknowledging.add(task)
                task.add_done_callback(self._acknowledging.discard)

    async def acknowledged(self) -> None:
        """Wait, not for long, for the clocks that are being stopped: the channel may close then."""
        if self._acknowledging:
            await asyncio.wait(self._acknowledging, timeout=LAST_WORDS)

    async def _turn(self) -> None:
        """One poll, or one wait for the post; sets the pause until the next."""
        try:
            if not await asyncio.to_thread(self._post.hold):
                self._listening, self._pause = False, OTHERS_TURN
                return
            if not self._listening:
                await self._channel.listen("")
                self._listening = True
            await self.step()
        except SendFailed as trouble:
            self._listening = self._listening and trouble.reason != "refused"  # a webhook was set
            self._back_off(trouble.retry_after)
            log.warning(
                "poll_failed",
                bot=self._channel.bot,
                reason=trouble.reason,
                seconds=self._pause,
            )
        except Exception as trouble:  # the top of the loop: a bad poll must not end it
            self._back_off(None)
            log.error("poll_crashed", bot=self._channel.bot, kind=type(trouble).__name__)

    def _back_off(self, asked: float | None) -> None:
        self._pause = asked or min(max(self._pause * 2, FIRST_PAUSE), LONGEST_PAUSE)

    async def _finish(self, turn: "asyncio.Task[None]") -> None:
        """Break a waiting poll off, but let a commit in hand come to its end."""
        turn.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await turn
        storing = self._storing
        if storing is not None:
            await asyncio.wait({storing})
