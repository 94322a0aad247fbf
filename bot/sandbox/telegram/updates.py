"""The queue of updates: getUpdates with its long poll and conflicts, and the webhook's delivery."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import httpx

from bot.sandbox.switches import Switches
from bot.sandbox.telegram.errors import ApiError

TERMINATED = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
FIRST_RETRY = 0.1
LAST_RETRY = 5.0
BROKEN = {"message_id": "?", "date": "hôm qua", "chat": None, "text": 5}


@dataclass
class Pending:
    """An update that waits to be confirmed; with `copies` above one it comes again afterwards."""

    update: dict[str, Any]
    copies: int = 1

    @property
    def id(self) -> int:
        """The update's number."""
        return int(self.update["update_id"])


@dataclass
class Webhook:
    """Where updates are posted to."""

    url: str
    secret: str = ""
    max_connections: int = 40
    ip_address: str = ""
    last_error_at: int = 0
    last_error: str = ""


@dataclass
class Updates:
    """Updates in order, and whoever fetches them."""

    switches: Switches
    next_id: int = 1
    allowed: tuple[str, ...] = ()
    webhook: Webhook | None = None
    pending: deque[Pending] = field(default_factory=deque)
    closed: bool = False
    _fresh: asyncio.Event = field(default_factory=asyncio.Event)
    _poll: int = 0

    def put(self, kind: str, body: dict[str, Any]) -> None:
        """Queue an update unless the bot asked not to get this kind."""
        if self.allowed and kind not in self.allowed:
            return
        if self.switches.take("malformed", channel="telegram"):
            self._append({"message": BROKEN})
        copies = 2 if self.switches.take("duplicate", channel="telegram") else 1
        self._append({kind: body}, copies)

    def put_raw(self, body: dict[str, Any]) -> int:
        """Queue an update as it is, under a new number."""
        self._append(body)
        return self.next_id - 1

    def _append(self, body: dict[str, Any], copies: int = 1) -> None:
        self.pending.append(Pending({"update_id": self.next_id, **body}, copies))
        self.next_id += 1
        self._wake()

    def _wake(self) -> None:
        self._fresh.set()
        self._fresh = asyncio.Event()

    async def take(self, *, offset: int, limit: int, seconds: float) -> list[dict[str, Any]]:
        """getUpdates: confirm what lies below the offset, wait for something, hand it out."""
        if self.webhook:
            raise ApiError(409, WEBHOOK_ACTIVE)
        self._poll += 1
        mine = self._poll
        self._wake()
        self._confirm(offset)
        until = time.monotonic() + seconds
        while not self.pending and not self.closed:
            await self._sleep(until - time.monotonic())
            if self.webhook or self._poll != mine:
                raise ApiError(409, WEBHOOK_ACTIVE if self.webhook else TERMINATED)
            if time.monotonic() >= until:
                break
        return [each.update for each in list(self.pending)[:limit]]

    def _confirm(self, offset: int) -> None:
        """Forget updates below the offset; a negative one keeps that many of the newest."""
        if offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()
            return
        again = [each for each in self.pending if each.id < offset and each.copies > 1]
        kept = [each for each in self.pending if each.id >= offset]
        for each in again:
            each.copies -= 1
        self.pending = deque(again + kept)

    async def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._fresh.wait(), max(seconds, 0))

    def set_webhook(self, webhook: Webhook | None, *, drop_pending: bool) -> None:
        """Switch between webhook and polling."""
        self.webhook = webhook
        if drop_pending:
            self.pending.clear()
        self._wake()

    def close(self) -> None:
        """Let waiting polls go: the server is stopping."""
        self.closed = True
        self._wake()

    async def deliver(self) -> None:
        """Post updates to the webhook, one after the other, each until it is answered with 2xx."""
        async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
            pause = FIRST_RETRY
            while not self.closed:
                if not self.webhook or not self.pending:
                    await self._sleep(60)
                elif await self._post(client, self.webhook, self.pending[0]):
                    pause = FIRST_RETRY
                else:
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LAST_RETRY)

    async def _post(self, client: httpx.AsyncClient, webhook: Webhook, first: Pending) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": webhook.secret} if webhook.secret else {}
        try:
            answer = await client.post(webhook.url, json=first.update, headers=headers)
            problem = "" if answer.is_success else _wrong_answer(answer)
        except httpx.HTTPError as error:
            problem = f"Connection failed: {type(error).__name__}"
        if problem:
            webhook.last_error, webhook.last_error_at = problem, int(time.time())
            return False
        self._delivered(first)
        return True

    def _delivered(self, first: Pending) -> None:
        first.copies -= 1
        if not first.copies and self.pending and self.pending[0] is first:
            self.pending.popleft()


def _wrong_answer(answer: httpx.Response) -> str:
    return f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
