"""Thirty people who log visits on their phones and wait for every receipt."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from tests.many_phones import ManyPhones

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

    def __str__(self) -> str:
        last = "\n".join(self.seen[-2:])
        return f"{self.phone}: {len(self.sent)} sent, {len(self.receipts)} stored, last:\n{last}"


class Crowd:
    """Drives the phones of one sandbox."""

    def __init__(self, address: str, members: list[Member], *, reads: float = 0.0) -> None:
        self._phones = ManyPhones(address)
        self.members = members
        self._reads = reads  # seconds that a person looks at a message before choosing a number
        self._by_phone = {member.phone: member for member in members}
        self.repeated = 0
        self.heard = 0  # messages, by everybody
        self._heard_at = time.monotonic()

    async def work(self, stop: asyncio.Event) -> None:
        """Everybody logs one visit after another until told to stop, and finishes the last."""
        self._phones.listen(self._hear)
        try:
            await asyncio.gather(*(self._log_visits(member, stop) for member in self.members))
        finally:
            await self._phones.close()

    async def write_again(self, phone: str, text: str) -> None:
        """Somebody got no answer and repeats the message."""
        self.repeated += 1
        await self._phones.do(phone, "text", text=text)

    def _hear(self, phone: str, text: str) -> None:
        member = self._by_phone.get(phone)
        if member is None:
            return
        member.seen.append(text)
        for number in re.findall(r"Đã lưu phiếu CS-(\d+)", text):
            if int(number) not in member.receipts:
                member.receipts.append(int(number))
        self.heard, self._heard_at = self.heard + 1, time.monotonic()
        member.news.set()

    async def _log_visits(self, member: Member, stop: asyncio.Event) -> None:
        while not stop.is_set():
            nonce = f"N{member.phone}X{len(member.sent)}"
            text = f"{member.area} hôm nay họp thôn, nắm {nonce} ổn"
            await self._phones.do(member.phone, "text", text=text)
            await self._until(member, partial(_shows, member, nonce))
            receipts = len(member.receipts)
            member.sent.append(nonce)
            await asyncio.sleep(self._reads)
            await self._phones.do(member.phone, "press", label="Gửi")
            await self._until(member, partial(_has_more, member, receipts))

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
                    raise AssertionError(f"nobody answers {member}") from None


def _shows(member: Member, words: str) -> bool:
    return any(words in text for text in member.seen[-4:])


def _has_more(member: Member, receipts: int) -> bool:
    return len(member.receipts) > receipts
