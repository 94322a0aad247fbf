"""Telegram's refusals in our words; their texts hold no token and no text of people."""

from bot.channels.contract import Reason, SendFailed

_NO_CHAT = ("chat not found", "user not found", "peer_id_invalid", "chat_id is empty")
_NO_FILE = ("wrong file_id", "file is temporarily unavailable", "invalid file_id")


def refusal(status: int, said: str = "", *, wait: float = 1.0) -> SendFailed:
    """What an answer of this status means; `wait` is its retry_after."""
    if status == 429:
        return SendFailed("too_many", retry_after=wait)
    if status == 403:
        return SendFailed("blocked", permanent=True, detail=said)
    if status in (401, 404):
        return SendFailed("unauthorized", detail=said)
    if status == 400:
        return SendFailed(_refused(said.lower()), permanent=True, detail=said)
    return SendFailed("unreachable", doubtful=True, detail=f"{status} {said}".strip())


def _refused(said: str) -> Reason:
    if any(words in said for words in (*_NO_CHAT, *_NO_FILE)):
        return "not_found"
    return "too_big" if "file is too big" in said else "refused"
