"""What goes wrong on Zalo, and what comes of it: the rows of docs/zalo-faults.md.

`uv run python -m tests.acceptance.faults` writes the page; a test plays every row and compares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "zalo-faults.md"
NAMES = {"zalo": "Zalo Bot", "zalo_oa": "Official Account"}
HEAD = """# Zalo's faults

What the switches of the sandbox do, and what comes of each. Written by
`uv run python -m tests.acceptance.faults` from the table that `tests/acceptance/test_faults.py`
plays: a person logs a visit, or is reminded, while the switch is on; afterwards it is off.

In every row nothing is lost and nothing is filed twice: the visit is filed once, the reminder is
sent, or stays where the office sees it.

Two switches stand apart: with `wrapped` the Bot Platform posts its events in the documented form
instead of the observed one, and both are read alike; with `unpolled_lost` it drops what people
write while nobody polls, which no service can make good, so that the person writes again. A
webhook, or a service that is always up, has no such gap.

"""
COLUMNS = ("Channel", "Switch", "The person sees", "The office sees")

AT_ONCE = "the answer, at once"
LATER = "the answer, some seconds later"
TWICE = "the answer, perhaps twice"
BY_NUMBERS = "the answer, with numbers instead of buttons"
NOTHING = "nothing of it"
WHEN_WRITING = "the reminder, after writing again"
LISTED = "the message in “Tin chưa gửi được”, with the reason"


@dataclass(frozen=True)
class Fault:
    """A switch, the occasion, and its end: what the person and the office see.

    `while_on` and `after` count how often the message came to the person's phone by then;
    `listed` is what the office's list says of it while the switch is on, "" for nothing.
    """

    channel: str
    kind: str
    person: str
    office: str = NOTHING
    occasion: str = "visit"
    while_on: int = 0
    after: int = 1
    listed: str = ""
    details: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({"count": 1}))
    words: str = ""

    @property
    def id(self) -> str:
        """The row's name in tests."""
        return f"{self.channel}-{self.kind}"


SEND = {"zalo": "send*", "zalo_oa": "message/*"}


def _sending(channel: str) -> Mapping[str, Any]:
    return MappingProxyType({"count": 1, "method": SEND[channel]})


def _of_sending(channel: str) -> tuple[Fault, ...]:
    """What both interfaces suffer alike while a message is sent."""
    on = _sending(channel)
    return (
        Fault(channel, "html_429", LATER, details=on, words="the gateway says 429 with a page"),
        Fault(channel, "html_502", LATER, details=on, words="the gateway says 502 with a page"),
        Fault(channel, "drop_before", LATER, details=on, words="the line breaks before the send"),
        Fault(
            channel,
            "drop_after",
            TWICE,
            details=on,
            while_on=1,
            after=2,
            words="the line breaks after Zalo took the message",
        ),
        Fault(
            channel,
            "slow",
            AT_ONCE,
            details=MappingProxyType({**on, "seconds": 0.3}),
            while_on=1,
            words="the answer of Zalo is slow",
        ),
        Fault(channel, "too_many", LATER, details=on, words="Zalo says that too much is sent")
        if channel == "zalo_oa"
        else Fault(
            channel,
            "error",
            LATER,
            details=MappingProxyType({**on, "code": 401, "description": "Unauthorized"}),
            words="the token counts no more, until it is mended",
        ),
        Fault(channel, "duplicate", AT_ONCE, while_on=1, words="Zalo delivers an event twice"),
        Fault(
            channel,
            "malformed",
            AT_ONCE,
            while_on=1,
            words="an event cannot be read (it is set aside and counted)",
        ),
    )


ALWAYS: Mapping[str, Any] = MappingProxyType({})
FAULTS: tuple[Fault, ...] = (
    *_of_sending("zalo"),
    Fault("zalo", "replay", AT_ONCE, while_on=1, details=ALWAYS, words="every poll repeats"),
    Fault("zalo", "http_status", AT_ONCE, while_on=1, details=ALWAYS, words="real HTTP codes"),
    Fault(
        "zalo",
        "quota",
        "the reminder, when there is quota again",
        LISTED,
        occasion="reminder",
        after=0,
        listed="chờ hạn mức của kênh",
        words="the month's messages are used up",
    ),
    *_of_sending("zalo_oa"),
    Fault(
        "zalo_oa",
        "low_tier",
        BY_NUMBERS,
        while_on=1,
        details=ALWAYS,
        words="-224: the plan has no buttons",
    ),
    Fault("zalo_oa", "token_expired", AT_ONCE, while_on=1, words="-220: the token has expired"),
    Fault(
        "zalo_oa",
        "window_closed",
        WHEN_WRITING,
        LISTED,
        occasion="reminder",
        listed="quá 7 ngày không nhắn",
        words="-230: the person was silent for seven days",
    ),
    Fault(
        "zalo_oa",
        "not_follower",
        "what waits, after following and writing again",
        LISTED,
        occasion="reminder",
        after=0,
        listed="đã chặn tin",
        words="-213: the person left the account",
    ),
    Fault(
        "zalo_oa",
        "blocked_user",
        "what waits, after writing again",
        LISTED,
        occasion="reminder",
        after=0,
        listed="đã chặn tin",
        words="-222: the person blocked the account",
    ),
    Fault(
        "zalo_oa",
        "quota",
        "the reminder, when there is quota again",
        LISTED,
        occasion="reminder",
        after=0,
        listed="chờ hạn mức của kênh",
        words="-211: the quota is used up",
    ),
)


def page() -> str:
    """The table for the docs."""
    rows = [COLUMNS, ("---",) * len(COLUMNS)]
    rows += [(NAMES[f.channel], f"{f.words} (`{f.kind}`)", f.person, f.office) for f in FAULTS]
    return HEAD + "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
