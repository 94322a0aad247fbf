"""Posts events to the account's webhook: signed, two seconds, a few repetitions."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
from collections import deque
from typing import Any

import httpx

from bot.sandbox.world import World
from bot.sandbox.zalo_oa.events import CHANNEL

Posted = tuple[dict[str, str], bytes]

SIGNATURE = "X-ZEvent-Signature"
SECONDS = 2.0
PAUSES = (0.3, 0.6, 1.2, 2.4, 4.8)  # Zalo's are 30 s, 5, 15 and 30 minutes, an hour
BROKEN = {"event_name": "user_send_text", "sender": None, "message": "?"}


class Webhook:
    """Events in order, and where they are posted; without an address they wait to be taken."""

    def __init__(self, world: World, app_id: str, secret_key: str, url: str) -> None:
        self._world = world
        self._app_id = app_id
        self._secret_key = secret_key
        self.url = url
        self.pending: deque[dict[str, Any]] = deque()
        self.closed = False
        self._fresh = asyncio.Event()
        self._retries: set[asyncio.Task[None]] = set()

    def put(self, event: dict[str, Any]) -> None:
        """Queue an event, twice or after a broken one where a switch says so."""
        if self._world.switches.take("malformed", channel=CHANNEL):
            self.put_raw({**event, **BROKEN})
        self.put_raw(event)
        if self._world.switches.take("duplicate", channel=CHANNEL):
            self.put_raw(event)

    def put_raw(self, event: dict[str, Any]) -> None:
        """Queue an event as it is."""
        self.pending.append(event)
        self.wake()

    def wake(self) -> None:
        """Something changed for whoever posts."""
        self._fresh.set()
        self._fresh = asyncio.Event()

    def close(self) -> None:
        """The server is stopping."""
        self.closed = True
        self.wake()

    def sealed(self, event: dict[str, Any]) -> Posted:
        """Headers and body with which an event is posted: a plain digest, no HMAC."""
        body = json.dumps(event, ensure_ascii=False).encode()
        text = self._app_id.encode() + body + str(event.get("timestamp", "")).encode()
        mac = hashlib.sha256(text + self._secret_key.encode()).hexdigest()
        return {"Content-Type": "application/json", SIGNATURE: f"mac={mac}"}, body

    async def deliver(self) -> None:
        """Post events one after the other; one that fails is tried again beside the others."""
        async with httpx.AsyncClient(trust_env=False, timeout=SECONDS) as client:
            while not self.closed:
                if not self.url or not self.pending:
                    await self._sleep()
                    continue
                event = self.pending.popleft()
                if not await self._post(client, event, 0):
                    task = asyncio.create_task(self._retry(client, event))
                    self._retries.add(task)
                    task.add_done_callback(self._retries.discard)

    async def _sleep(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._fresh.wait(), 60)

    async def _retry(self, client: httpx.AsyncClient, event: dict[str, Any]) -> None:
        for number, pause in enumerate(PAUSES, start=1):
            await asyncio.sleep(pause)
            if await self._post(client, event, number):
                return
        self._world.note("lost", event=event)

    async def _post(self, client: httpx.AsyncClient, event: dict[str, Any], number: int) -> bool:
        headers, body = self.sealed(event)
        if number:
            headers["num_retry"] = str(number)
        try:
            return (await client.post(self.url, content=body, headers=headers)).is_success
        except httpx.HTTPError:
            return False
