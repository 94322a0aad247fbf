"""The queue of events: getUpdates in both of its reported ways, and the webhook's delivery."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from bot.sandbox.world import World
from bot.sandbox.zalo_bot import events
from bot.sandbox.zalo_bot.errors import bad_request
from bot.sandbox.zalo_bot.events import CHANNEL

Event = dict[str, Any]
Gone = Callable[[], Awaitable[bool]]

SECRET_HEADER = "X-Bot-Api-Secret-Token"
USER_AGENT = "Java/1.8.0_192"
WEBHOOK_ACTIVE = "can't use getUpdates while a webhook is set"
BETWEEN_POLLS = 5.0  # seconds without a poll after which nobody is polling
LOOK = 0.5  # seconds between looks whether a waiting poll is still connected


class Updates:
    """Events in order, and whoever fetches them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.pending: deque[Event] = deque()
        self.url = ""
        self.secret = ""
        self.closed = False
        self.handed: dict[str, tuple[int, Event]] = {}  # the poll that was last given it, by id
        self.last: Event | None = None
        self._polled = time.monotonic()
        self._fresh = asyncio.Event()
        self.polls = 0

    def put(self, event: Event) -> None:
        """Queue an event, twice or after a broken one where a switch says so."""
        switches = self._world.switches
        if (
            not self.url
            and self._nobody_polls()
            and switches.take("unpolled_lost", channel=CHANNEL)
        ):
            self._world.note("lost", event=event)
            return
        if switches.take("malformed", channel=CHANNEL):
            self.put_raw(events.BROKEN)
        self.put_raw(event)
        if switches.take("duplicate", channel=CHANNEL):
            self.put_raw(event)

    def put_raw(self, event: Event) -> None:
        """Queue an event as it is."""
        self.pending.append(event)
        self._wake()

    def _nobody_polls(self) -> bool:
        return time.monotonic() - self._polled > BETWEEN_POLLS

    def _wake(self) -> None:
        self._fresh.set()
        self._fresh = asyncio.Event()

    async def take(self, seconds: float, gone: Gone) -> Event | None:
        """getUpdates: one event, None when none came in time or a newer poll took over.

        An event is handed over once; where the switch "replay" is on, the last one comes again
        with every poll until a newer one takes its place.
        """
        self.polls += 1
        mine = self.polls
        self._wake()
        until = time.monotonic() + seconds
        while not self.closed and self.polls == mine:
            if self.url:
                raise bad_request(WEBHOOK_ACTIVE)
            self._polled = time.monotonic()
            if (self.pending or self._replays()) and not await gone():
                return self._hand_over() if self.polls == mine else None
            left = until - time.monotonic()
            if left <= 0 or await gone():
                return None
            await self._sleep(min(left, LOOK))
        return None

    def _replays(self) -> bool:
        last = self.last is not None
        return last and self._world.switches.take("replay", channel=CHANNEL) is not None

    def _hand_over(self) -> Event | None:
        if self.pending:
            self.last = self.pending.popleft()
        if self.last:
            self.handed[_message_id(self.last)] = self.polls, self.last
        return self.last

    async def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._fresh.wait(), max(seconds, 0))

    def set_webhook(self, url: str, secret: str) -> None:
        """Post events there from now on; "" goes back to polling."""
        self.url, self.secret = url, secret
        self._wake()

    def close(self) -> None:
        """Let waiting polls go: the server is stopping."""
        self.closed = True
        self._wake()

    def post(self, event: Event) -> tuple[dict[str, str], bytes]:
        """Headers and body with which an event is posted."""
        if self._world.switches.take("wrapped", channel=CHANNEL):
            event = events.as_documented(event)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": USER_AGENT,
            SECRET_HEADER: self.secret,
        }
        return headers, json.dumps(event, ensure_ascii=False).encode()

    async def deliver(self) -> None:
        """Post events to the webhook, each once: what is not taken is lost."""
        async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
            while not self.closed:
                if not self.url or not self.pending:
                    await self._sleep(60)
                else:
                    await self._deliver_one(client, self.pending.popleft())

    async def _deliver_one(self, client: httpx.AsyncClient, event: Event) -> None:
        headers, body = self.post(event)
        try:
            answer = await client.post(self.url, content=body, headers=headers)
            problem = "" if answer.is_success else str(answer.status_code)
        except httpx.HTTPError as error:
            problem = type(error).__name__
        if problem:
            self._world.note("lost", event=event, reason=problem)


def _message_id(event: Event) -> str:
    message = event.get("message")
    return str(message.get("message_id")) if isinstance(message, dict) else ""
