"""Thirty people who log visits on their phones and wait for every receipt."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import httpx

PATIENCE = 240.0  # seconds a person waits before looking at how the others fare
TURNS = 20  # so many messages for each of the others mean that this one's is lost


@dataclass
class Member:
    """One person: what was sent, and the receipts that came back."""

    phone: str
    area: str
    sent: list[str] = field(default_factory=list)  # the nonce of every slip sent off, in order
    receipts: list[int] = field(default_factory=list)  # CS numbers, as they were first seen
    seen: list[str] = field(default_factory=list)  # texts of the service, in order
    news: asyncio.Event = field(default_factory=asyncio.Event)


class Crowd:
    """Drives the phones of one sandbox."""

    def __init__(self, address: str, members: list[Member]) -> None:
        self._http = httpx.AsyncClient(
            base_url=address,
            trust_env=False,
            timeout=60,
            limits=httpx.Limits(max_connections=100),
        )
        self.members = members
        self._by_phone = {member.phone: member for member in members}
        self.repeated = 0
        self.heard = 0  # messages, by everybody
        self._heard_at = time.monotonic()

    async def work(self, stop: asyncio.Event) -> None:
        """Everybody logs one visit after another until told to stop, and finishes the last."""
        listener = asyncio.create_task(self._listen())
        try:
            await asyncio.gather(*(self._log_visits(member, stop) for member in self.members))
        finally:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)
            await self._http.aclose()

    async def write_again(self, phone: str, text: str) -> None:
        """Somebody got no answer and repeats the message."""
        self.repeated += 1
        await self._do(self._by_phone[phone], "text", text=text)

    async def _listen(self) -> None:
        after = 0
        while True:
            query = {"after": str(after), "wait": "20", "phone": ""}
            for event in (await self._http.get("/sandbox/events", params=query)).json():
                after = max(after, int(event["number"]))
                self._hear(event)

    def _hear(self, event: dict[str, object]) -> None:
        member = self._by_phone.get(str(event.get("phone")))
        data = event.get("data", event)
        message = data.get("message") if isinstance(data, dict) else None
        if member is None or event["kind"] != "message" or not isinstance(message, dict):
            return
        if message["by"] == "service":
            member.seen.append(str(message["text"]))
            for number in re.findall(r"Đã lưu phiếu CS-(\d+)", str(message["text"])):
                if int(number) not in member.receipts:
                    member.receipts.append(int(number))
            self.heard, self._heard_at = self.heard + 1, time.monotonic()
            member.news.set()

    async def _log_visits(self, member: Member, stop: asyncio.Event) -> None:
        while not stop.is_set():
            nonce = f"N{member.phone}X{len(member.sent)}"
            await self._do(member, "text", text=f"{member.area} hôm nay họp thôn, nắm {nonce} ổn")
            await self._until(member, partial(_shows, member, nonce))
            receipts = len(member.receipts)
            member.sent.append(nonce)
            await self._do(member, "press", label="Gửi")
            await self._until(member, partial(_has_more, member, receipts))

    async def _do(self, member: Member, act: str, **data: str) -> None:
        answer = await self._http.post(f"/sandbox/phones/{member.phone}/{act}", json=data)
        answer.raise_for_status()

    async def _until(self, member: Member, done: Callable[[], bool]) -> None:
        """Wait as long as the service is merely slow: nobody is answered much more often."""
        heard = self.heard
        while not done():
            member.news.clear()
            try:
                async with asyncio.timeout(PATIENCE):
                    await member.news.wait()
            except TimeoutError:
                silence = time.monotonic() - self._heard_at
                if silence > PATIENCE or self.heard - heard > TURNS * len(self.members):
                    raise


def _shows(member: Member, words: str) -> bool:
    return any(words in text for text in member.seen[-4:])


def _has_more(member: Member, receipts: int) -> bool:
    return len(member.receipts) > receipts
