"""How many calls come in a second: statistics always, refusals where a strict window is on."""

from __future__ import annotations

import math
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any

WINDOW = 1.0


class Rates:
    """A sliding window of one second over accepted messages, in all and by chat.

    Times are monotonic seconds: the demo's clock moves, the pace of a network does not.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._reset()

    def _reset(self) -> None:
        self._accepted: deque[float] = deque()
        self._by_chat: dict[str, deque[float]] = {}
        self.calls: Counter[str] = Counter()
        self.refused = 0
        self.accepted = 0
        self.most = 0
        self.most_by_chat = 0

    def wait(self, chat: str, *, overall: int, each: int, cost: int = 1, new: bool = True) -> int:
        """Seconds to wait before this call is allowed, 0 when it is allowed now.

        `new` tells a new message, which the chat's own limit binds, from an edit.
        """
        now = self._now()
        blocked = _free_at(self._accepted, now, max(overall, cost), cost)
        if new:
            mine = self._by_chat.get(chat, deque())
            blocked = max(blocked, _free_at(mine, now, max(each, cost), cost))
        if blocked <= now:
            return 0
        return max(1, math.ceil(blocked - now))

    def note(self, chat: str, *, cost: int = 1, new: bool = True) -> None:
        """Count an accepted call."""
        now = self._now()
        self.accepted += cost
        self.most = max(self.most, _push(self._accepted, now, cost))
        if new:
            mine = self._by_chat.setdefault(chat, deque())
            self.most_by_chat = max(self.most_by_chat, _push(mine, now, cost))

    def statistics(self) -> dict[str, Any]:
        """What was counted since the start or the last reset."""
        return {
            "calls": dict(self.calls),
            "accepted": self.accepted,
            "too_many_requests": self.refused,
            "most_in_a_second": self.most,
            "most_in_a_second_one_chat": self.most_by_chat,
        }

    def reset(self) -> None:
        """Start counting anew."""
        self._reset()


def _push(times: deque[float], now: float, cost: int) -> int:
    while times and times[0] <= now - WINDOW:
        times.popleft()
    times.extend([now] * cost)
    return len(times)


def _free_at(times: deque[float], now: float, limit: int, cost: int) -> float:
    """When `cost` more calls fit under `limit` in one window."""
    recent = [t for t in times if t > now - WINDOW]
    excess = len(recent) + cost - limit
    return recent[excess - 1] + WINDOW if excess > 0 else now
