"""Which of a person's accounts a message goes to, and why it waits when it goes to none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

WISHES = {
    "reminder": "Nhắc việc",
    "notice": "Thông báo",
    "digest": "Bản tổng hợp",
}
"""Kinds of message for which a person may choose a channel."""

ANSWERS = frozenset({"prompt", "answer", "receipt", "edit"})
PASSING = ANSWERS | {"urgent"}
"""What no quota of ours holds back."""

WINDOW, QUOTA = "window_closed", "out_of_quota"
NOBODY, NO_CHANNEL = "no account", "no channel"
KEPT_BACK = (WINDOW, QUOTA, NO_CHANNEL)
"""Why a message waits that nobody is to be woken for."""

CHANNELS = {"telegram": "Telegram", "zalo": "Zalo", "zalo_oa": "Zalo OA"}
"""Channels as people call them."""

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Way:
    """One confirmed account of a person, as it stands for one message."""

    account_id: int
    channel: str  # "zalo"
    heard_at: datetime | None = None
    closed: str = ""  # why nothing may go there now; "" when it may
    failed: str = ""  # why this message failed there before


def channel(bot: str) -> str:
    """The channel of a bot, "zalo" of "zalo:123"."""
    return bot.partition(":")[0]


def shown(bot: str) -> str:
    """The channel of a bot as people call it; "" for none."""
    return CHANNELS.get(channel(bot), channel(bot))


def wish_of(kind: str) -> str:
    """Under which of the person's wishes a message falls."""
    return kind if kind in WISHES else "notice"


def best(ways: Sequence[Way], wished: str = "") -> Way | None:
    """Of the accounts that can take the message: on the wished channel, else heard last."""
    able = [way for way in ways if not way.closed and not way.failed]
    order = [(way.channel == wished, way.heard_at or _NEVER, way.account_id) for way in able]
    return able[order.index(max(order))] if able else None


def waits_for(ways: Sequence[Way]) -> str:
    """Why the message must wait, when no account can take it; "" when it has failed on all."""
    if not ways:
        return NOBODY
    return next((way.closed for way in ways if way.closed and not way.failed), "")


def may_wait(kind: str, why: str) -> bool:
    """Whether a message of this kind is kept until that is over, rather than given up at once.

    An answer waits for a quota; an urgent one waits for nothing but a channel that is off.
    """
    if why == NO_CHANNEL or kind not in PASSING:
        return True
    return kind in ANSWERS and why == QUOTA


def window_is_open(
    heard_at: datetime | None,
    closed_at: datetime | None,
    window: timedelta | None,
    real: datetime,
) -> bool:
    """Whether the channel still takes messages for somebody heard then.

    `closed_at` is when the channel last said that it does not, which counts until they write.
    """
    if closed_at is not None and (heard_at is None or heard_at <= closed_at):
        return False
    return window is None or heard_at is None or real - heard_at < window


def patience(tries: int) -> float:
    """Seconds that so many tries with growing pauses take: as long an outage is waited out."""
    return 2.0 ** min(tries, 30) - 1


def said_before(text: str, bot: str) -> str:
    """The message with a line that it may be known already: nothing is doubled silently."""
    lead = f"Tin này có thể đã đến đồng chí trên {shown(bot)}."
    return text if text.startswith(lead) else f"{lead}\n{text}"


def why(reason: str) -> str:
    """The reason for which a message did not go out, as the office reads it."""
    return _WHY.get(reason, "kênh không nhận")


_WHY = {
    "blocked": "đã chặn tin",
    "not_found": "tài khoản không còn",
    "unreachable": "không nối được kênh",
    WINDOW: "quá 7 ngày không nhắn (Zalo OA), tin còn chờ",
    QUOTA: "chờ hạn mức của kênh, tin còn chờ",
    NO_CHANNEL: "kênh đang tắt, tin còn chờ",
    NOBODY: "chưa kết nối",
}
