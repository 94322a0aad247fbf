"""The service's clock as the sandbox knows it, and how it is moved forward."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

Hook = Callable[[datetime], Awaitable[datetime]]

_FORWARD = re.compile(r"\+(\d+)\s*([hmd])")
_NEXT = re.compile(r"next (\d{1,2}):(\d{2})")
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Clock:
    """Shows the service's time; moving it asks the hook, or moves by itself where there is none."""

    def __init__(self, now: Callable[[], datetime], hook: Hook | None, zone: ZoneInfo) -> None:
        self._source = now
        self._hook = hook
        self._ahead = timedelta()
        self.zone = zone

    def now(self) -> datetime:
        """The service's time, aware UTC."""
        return (self._source() + self._ahead).astimezone(UTC)

    async def move(self, wanted: datetime) -> datetime:
        """Move the clock to `wanted` and return the time it then shows."""
        reached = await self._hook(wanted) if self._hook else wanted
        self._ahead = reached - self._source()
        return self.now()

    def read(self, words: str) -> datetime:
        """The moment ahead meant by "+1h", "next 07:15" or an ISO time (province time)."""
        moment = self._meant(words)
        if moment < self.now():
            raise ValueError("Đồng hồ chỉ đi tới, không quay lại được.")
        return moment

    def _meant(self, words: str) -> datetime:
        if match := _FORWARD.fullmatch(words.strip()):
            return self.now() + timedelta(**{_UNITS[match[2]]: int(match[1])})
        if match := _NEXT.fullmatch(words.strip()):
            return self._next(int(match[1]), int(match[2]))
        try:
            moment = datetime.fromisoformat(words.strip())
        except ValueError:
            raise ValueError("Ngày giờ chưa đúng, ví dụ: 2026-11-24 07:15.") from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)

    def _next(self, hour: int, minute: int) -> datetime:
        local = self.now().astimezone(self.zone)
        moment = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if moment <= local:
            moment = (moment + timedelta(days=1)).replace(hour=hour, minute=minute)
        return moment.astimezone(UTC)
