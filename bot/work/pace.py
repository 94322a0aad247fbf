"""Who may send next: an even stream for the bot, one new message a second for each chat.

python-telegram-bot's limiter knows no limit for one private chat and no priority, and two of
them side by side make twice the rate; so there is one of these for each bot.
"""

import asyncio
from dataclasses import dataclass, field
from itertools import count

CATCH_UP = 0.005  # seconds; a late slot may bring the next one forward by no more


@dataclass(eq=False)
class _Turn:
    chat: str
    fresh: bool
    order: tuple[bool, int, int]
    given: asyncio.Future[bool] = field(repr=False)


class Pace:
    """Gives turns; edits, which the chat's own limit does not bind, take idle slots.

    A rate of 0 is no limit.
    """

    def __init__(self, per_second: float, per_chat_second: float) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._chat_gap = 1 / per_chat_second if per_chat_second else 0.0
        self._next = 0.0
        self._chats: dict[str, float] = {}  # chat -> when it may get its next new message
        self._waiting: list[_Turn] = []
        self._timer: asyncio.TimerHandle | None = None
        self._numbers = count()

    async def turn(self, chat: str, *, priority: int = 5, fresh: bool = True) -> bool:
        """Wait for a slot; False when the queue was dissolved meanwhile."""
        order = (not fresh, priority, next(self._numbers))
        turn = _Turn(chat, fresh, order, asyncio.get_running_loop().create_future())
        self._waiting.append(turn)
        self._serve()
        try:
            return await turn.given
        finally:
            if turn in self._waiting:
                self._waiting.remove(turn)

    def dissolve(self) -> None:
        """Send everybody away who still waits."""
        for turn in self._waiting:
            if not turn.given.done():
                turn.given.set_result(False)
        self._waiting.clear()

    def _serve(self) -> None:
        """Give the slots that are open to the first that may go; come back for the rest."""
        now = asyncio.get_running_loop().time()
        while self._waiting and now >= self._next:
            ready = [turn for turn in self._waiting if self._opens(turn) <= now]
            if not ready:
                break
            self._give(min(ready, key=lambda turn: turn.order), now)
        self._come_back()

    def _opens(self, turn: _Turn) -> float:
        return self._chats.get(turn.chat, 0.0) if turn.fresh else 0.0

    def _give(self, turn: _Turn, now: float) -> None:
        self._waiting.remove(turn)
        self._next = max(self._next, now - CATCH_UP) + self._gap
        if turn.fresh and self._chat_gap:
            self._chats[turn.chat] = now + self._chat_gap
            self._forget(now)
        if not turn.given.done():
            turn.given.set_result(True)

    def _forget(self, now: float) -> None:
        if len(self._chats) > 1000:
            self._chats = {chat: opens for chat, opens in self._chats.items() if opens > now}

    def _come_back(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._waiting:
            at = max(self._next, min(self._opens(turn) for turn in self._waiting))
            self._timer = asyncio.get_running_loop().call_at(at, self._serve)
