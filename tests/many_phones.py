"""Many phones of one sandbox at once: acts on them, and what the service shows on each."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx


class ManyPhones:
    """Drives the phones from one event loop, over one connection pool."""

    def __init__(self, address: str) -> None:
        self._http = httpx.AsyncClient(
            base_url=address,
            trust_env=False,
            verify=False,
            timeout=60,
            limits=httpx.Limits(max_connections=100),
        )
        self._listener: asyncio.Task[None] | None = None

    def listen(self, hear: Callable[[str, str], None]) -> None:
        """From now on, tell of each message of the service: the phone's id, the text."""
        self._listener = asyncio.create_task(self._listen(hear))

    async def do(self, phone: str, act: str, **data: str) -> None:
        """Write, press, or do something else on the phone with this id."""
        answer = await self._http.post(f"/sandbox/phones/{phone}/{act}", json=data)
        answer.raise_for_status()

    async def close(self) -> None:
        """Listen no more."""
        if self._listener is not None:
            self._listener.cancel()
            await asyncio.gather(self._listener, return_exceptions=True)
        await self._http.aclose()

    async def _listen(self, hear: Callable[[str, str], None]) -> None:
        after = 0
        while True:
            query = {"after": str(after), "wait": "20", "phone": ""}
            for event in (await self._http.get("/sandbox/events", params=query)).json():
                after = max(after, int(event["number"]))
                if (seen := shown(event)) is not None:
                    hear(*seen)


def shown(event: dict[str, Any]) -> tuple[str, str] | None:
    """The phone and the text, where the event is a new message of the service."""
    message = event.get("data", event).get("message")
    if event["kind"] != "message" or message["by"] != "service":
        return None
    return str(event["phone"]), str(message["text"])
