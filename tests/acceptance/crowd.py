"""Thirty people who log visits on their phones and wait for every receipt."""

import asyncio
import re
from collections import defaultdict
from dataclasses import dataclass, field

import httpx

PATIENCE = 240.0  # seconds a person waits for an answer


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
        self._enough = asyncio.Event()

    async def work(self, stop: asyncio.Event) -> None:
        """Everybody logs one visit after another until told to stop, and finishes the last."""
        listener = asyncio.create_task(self._listen())
        try:
            await asyncio.gather(*(self._log_visits(member, stop) for member in self.members))
        finally:
            listener.cancel()
            await asyncio.gather(listener, return_exceptions=True)
            await self._http.aclose()

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
            member.news.set()

    async def _log_visits(self, member: Member, stop: asyncio.Event) -> None:
        while not stop.is_set():
            nonce = f"N{member.phone}X{len(member.sent)}"
            await self._do(member, "text", text=f"{member.area} hôm nay họp thôn, nắm {nonce} ổn")
            await self._await(member, lambda text, nonce=nonce: nonce in text)
            before = len(member.receipts)
            member.sent.append(nonce)
            await self._do(member, "press", label="Gửi")
            await self._until(member, lambda before=before: len(member.receipts) > before)

    async def _do(self, member: Member, act: str, **data: str) -> None:
        answer = await self._http.post(f"/sandbox/phones/{member.phone}/{act}", json=data)
        answer.raise_for_status()

    async def _await(self, member: Member, fits: "object") -> None:
        assert callable(fits)
        await self._until(member, lambda: any(fits(text) for text in member.seen[-4:]))

    async def _until(self, member: Member, done: "object") -> None:
        assert callable(done)
        async with asyncio.timeout(PATIENCE):
            while not done():
                member.news.clear()
                await member.news.wait()


def doubled(texts: list[str]) -> dict[str, int]:
    """Texts that came more than once, and how often."""
    counts: dict[str, int] = defaultdict(int)
    for text in texts:
        counts[text] += 1
    return {text: count for text, count in counts.items() if count > 1}
