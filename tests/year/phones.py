"""Everybody's phones as a channel: they take what is sent, but for those that have blocked it."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.channels import telegram_rendering
from bot.channels.contract import Call, Menu, Payload, SendFailed
from bot.messages import Arrival, Incoming, Outgoing
from bot.work import clock
from bot.work.pace import Pace
from bot.work.send import Sender
from storage.database import Database
from tests.year.provinces import BOT

AT_ONCE = 200


@dataclass
class Phones:
    """One bot's phones. Who has blocked it is refused for good, as Telegram does."""

    blocked: set[str] = field(default_factory=set)
    refused: Counter[str] = field(default_factory=Counter)
    found_out: set[str] = field(default_factory=set)  # refused since they blocked it
    taken: int = 0
    name: str = "telegram"
    bot: str = BOT
    limits = telegram_rendering.LIMITS

    def render(
        self,
        message: Outgoing,
        *,
        menu: Menu | None = None,
        edits: Sequence[str] = (),
        numbered: bool = True,
    ) -> list[Call]:
        return telegram_rendering.render(message, menu, edits)

    def unblock(self, address: str) -> None:
        """Messages are taken again."""
        self.blocked.discard(address)
        self.found_out.discard(address)

    async def send(self, address: str, call: Call) -> str:
        if address in self.blocked:
            self.refused[address] += 1
            self.found_out.add(address)
            raise SendFailed("blocked", permanent=True)
        self.taken += 1
        return str(self.taken)

    def external_id(self, payload: Payload) -> str:
        return str(payload["id"])

    def read(self, payload: Payload) -> list[Arrival]:
        return []

    async def fetch(self, reference: str) -> bytes:
        raise SendFailed("not_found", permanent=True)

    async def acknowledge(self, incoming: Incoming) -> None:
        """Nobody waits for it here."""

    async def poll(self, cursor: str) -> tuple[list[Payload], str]:
        return [], cursor

    async def listen(self, url: str) -> None:
        """Nothing is posted here."""

    def genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        return False

    async def close(self) -> None:
        """Nothing to let go of."""


@dataclass
class Delivery:
    """The real sender, run until nothing is left that may go out at the moment."""

    db: Database
    phones: Phones
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def __post_init__(self) -> None:
        self._sender = Sender(self.db, self.phones, pace=Pace(0, 0))

    def until(self, at: datetime) -> None:
        """Let the service's clock show the moment, and send what is due."""
        with self.db.writing() as session:
            clock.move(session, at)
        while self.loop.run_until_complete(self._sender.step(AT_ONCE)):
            pass

    def close(self) -> None:
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
