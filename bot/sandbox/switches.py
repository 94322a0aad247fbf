"""Ways the server can misbehave on purpose, each for the next N times or until switched off."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from fnmatch import fnmatchcase
from itertools import count
from typing import Any

CALLS = ("too_many", "server_error", "error", "drop_before", "drop_after", "slow")
UPDATES = ("duplicate", "malformed")
RATE = ("strict_rate",)
ZALO = ("html_429", "html_502", "http_status", "quota", "replay", "wrapped", "unpolled_lost")
OA = ("low_tier", "window_closed", "token_expired", "not_follower", "blocked_user")
KINDS = CALLS + UPDATES + RATE + ZALO + OA


@dataclass
class Switch:
    """One misbehaviour that is on.

    `method` is a pattern of method names ("send*"), `channel` of channels; `left` counts down, None
    means until switched off. `retry_after` belongs to too_many, `code` and `description` to error
    and server_error, `seconds` to slow, `overall` and `each` (calls a second, in all and to one
    chat) to strict_rate.
    """

    id: int
    kind: str
    method: str = "*"
    left: int | None = None
    retry_after: int = 1
    code: int = 0
    description: str = ""
    seconds: float = 1.0
    overall: int = 30
    each: int = 1
    channel: str = "*"

    def json(self) -> dict[str, Any]:
        """The switch as JSON can carry it."""
        return asdict(self)

    def applies(self, method: str, channel: str) -> bool:
        """Whether it is meant for this method of this channel ("*": no matter which)."""
        named = method == "*" or fnmatchcase(method, self.method)
        return named and (channel == "*" or fnmatchcase(channel, self.channel))


class Switches:
    """The switches that are on, oldest first."""

    def __init__(self) -> None:
        self.on: list[Switch] = []
        self._ids = count(1)

    def add(self, data: dict[str, Any]) -> Switch:
        """Switch one on; `count` may be given for `left`. ValueError when it makes no sense."""
        known = {each.name for each in fields(Switch)} - {"id", "left"} | {"count"}
        if unknown := set(data) - known:
            raise ValueError(f"switch: unknown {', '.join(sorted(unknown))}")
        if data.get("kind") not in KINDS:
            raise ValueError(f"switch: kind must be one of {', '.join(KINDS)}")
        values = {**data}
        left = values.pop("count", None)
        if left is not None and int(left) < 1:
            raise ValueError("switch: count must be at least 1")
        switch = Switch(id=next(self._ids), left=None if left is None else int(left), **values)
        self.on.append(switch)
        return switch

    def remove(self, number: int) -> bool:
        """Switch one off; False when it was not on."""
        before = len(self.on)
        self.on = [switch for switch in self.on if switch.id != number]
        return len(self.on) < before

    def clear(self) -> None:
        """Switch everything off."""
        self.on = []

    def take(self, *kinds: str, method: str = "*", channel: str = "*") -> Switch | None:
        """The first switch of these kinds that applies to the call, counted down by one."""
        for switch in self.on:
            if switch.kind in kinds and switch.applies(method, channel):
                self._count_down(switch)
                return switch
        return None

    def _count_down(self, switch: Switch) -> None:
        if switch.left is None:
            return
        switch.left -= 1
        if not switch.left:
            self.remove(switch.id)
