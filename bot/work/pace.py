"""Who may send next: an even stream for the bot, one new message a second for each chat.

python-telegram-bot's limiter knows no limit for one private chat and no priority, and two of
them side by side make twice the rate; so there is one of these for each bot.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from itertools import count

CATCH_UP = 0.05  # seconds; late slots may bring later ones forward by no more
UNSURE = 0.02  # seconds; of the shortest way seen so much may have been waiting
HUNG = 1.0  # seconds; an answer that takes longer is not waited for
MANY_CHATS = 1000


class Slot:
    """One call that may be made now; `over` says that its answer has come.

    The other side saw the call between these two moments. Counting a second from the latter,
    less the shortest way there and back, keeps calls apart over there too, however unevenly the
    network carries them.
    """

    def __init__(self, pace: "Pace", at: float) -> None:
        self._pace = pace
        self.at = at
        self.ended: float | None = None

    def over(self) -> None:
        """The answer has come, or none will."""
        self.ended = asyncio.get_running_loop().time()
        self._pace.serve()


@dataclass(eq=False)
class _Turn:
    chat: str
    fresh: bool
    order: tuple[bool, int, int]
    given: "asyncio.Future[Slot | None]" = field(repr=False)


class Pace:
    """Gives turns; edits, which the chat's own limit does not bind, take idle slots.

    A rate of 0 is no limit.
    """

    def __init__(self, per_second: int, per_chat_second: int) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._chat_gap = 1 / per_chat_second if per_chat_second else 0.0
        self._window: deque[Slot] = deque(maxlen=per_second)
        self._per_second = per_second
        self._next = 0.0
        self._chats: dict[str, Slot] = {}  # the last new message of each
        self._waiting: list[_Turn] = []
        self._timer: asyncio.TimerHandle | None = None
        self._numbers = count()

    async def turn(self, chat: str, *, priority: int = 5, fresh: bool = True) -> Slot | None:
        """Wait for a slot; None when the queue was dissolved meanwhile."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            self._next = max(self._next, loop.time())  # idle slots are not saved up
        order = (not fresh, priority, next(self._numbers))
        turn = _Turn(chat, fresh, order, loop.create_future())
        self._waiting.append(turn)
        self.serve()
        try:
            return await asyncio.shield(turn.given)
        except asyncio.CancelledError:
            self._take_back(turn)
            raise

    def _take_back(self, turn: _Turn) -> None:
        """Whoever asked has gone: neither the queue nor the chat must wait for them."""
        if turn in self._waiting:
            self._waiting.remove(turn)
        elif turn.given.done() and (slot := turn.given.result()):
            slot.over()

    def dissolve(self) -> None:
        """Send everybody away who still waits."""
        for turn in self._waiting:
            turn.given.set_result(None)
        self._waiting.clear()

    def serve(self) -> None:
        """Give the slots that are open to the first that may go; come back for the rest."""
        now = asyncio.get_running_loop().time()
        while self._waiting and now >= self._opens():
            ready = [turn for turn in self._waiting if self._opens_for(turn) <= now]
            if not ready:
                break
            self._give(min(ready, key=lambda turn: turn.order), now)
        self._come_back()

    def _opens(self) -> float:
        """When the bot's next slot opens: evenly, and a second after the one a window ago."""
        if not self._per_second or len(self._window) < self._per_second:
            return self._next
        first = self._window[0]
        seen = first.at + HUNG if first.ended is None else first.ended
        ways = [slot.ended - slot.at for slot in self._window if slot.ended is not None]
        return max(self._next, seen + 1.0 - max(0.0, min(ways, default=0.0) - UNSURE))

    def _opens_for(self, turn: _Turn) -> float:
        last = self._chats.get(turn.chat) if turn.fresh and self._chat_gap else None
        if last is None:
            return 0.0
        return float("inf") if last.ended is None else last.ended + self._chat_gap

    def _give(self, turn: _Turn, now: float) -> None:
        self._waiting.remove(turn)
        self._next = max(self._next, now - CATCH_UP) + self._gap
        slot = Slot(self, now)
        self._window.append(slot)
        if turn.fresh:
            self._chats[turn.chat] = slot
            self._forget(now)
        turn.given.set_result(slot)

    def _forget(self, now: float) -> None:
        if len(self._chats) > MANY_CHATS:
            gap = self._chat_gap
            kept = {c: s for c, s in self._chats.items() if s.ended is None or s.ended + gap > now}
            self._chats = kept

    def _come_back(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._waiting:
            at = max(self._opens(), min(self._opens_for(turn) for turn in self._waiting))
            if at != float("inf"):  # else somebody's answer will call
                self._timer = asyncio.get_running_loop().call_at(at, self.serve)
