"""Everything that happened in the sandbox, in order, for the page, tests and transcripts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Event:
    """Something that happened: its number (from 1), time, kind, phone ("" where none) and data."""

    number: int
    at: datetime
    kind: str
    phone: str
    data: dict[str, Any]

    def json(self) -> dict[str, Any]:
        """The event as JSON can carry it."""
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "kind": self.kind,
            "phone": self.phone,
            **self.data,
        }


class Record:
    """An append-only list of events that readers can wait on."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.closed = False
        self._waiters: set[asyncio.Event] = set()

    def add(self, kind: str, phone: str = "", *, at: datetime, **data: Any) -> Event:
        """Write one event down and wake those who wait."""
        event = Event(len(self.events) + 1, at, kind, phone, data)
        self.events.append(event)
        self._wake()
        return event

    def after(self, number: int) -> list[Event]:
        """Events numbered above `number`."""
        return self.events[max(number, 0) :]

    async def changed(self, seconds: float) -> bool:
        """Wait for the next event; False when none came within `seconds`."""
        if self.closed:
            return False
        waiter = asyncio.Event()
        self._waiters.add(waiter)
        try:
            await asyncio.wait_for(waiter.wait(), seconds)
        except TimeoutError:
            return False
        finally:
            self._waiters.discard(waiter)
        return not self.closed

    def close(self) -> None:
        """Let every waiting reader go: the server is stopping."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        for waiter in self._waiters:
            waiter.set()
