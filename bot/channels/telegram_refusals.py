"""Telegram's refusals in our words; their texts hold no token and no text of people."""

import json
from typing import Any

from bot.channels.contract import Reason, SendFailed

_NO_CHAT = ("chat not found", "user not found", "peer_id_invalid", "chat_id is empty")
_NO_FILE = ("wrong file_id", "file is temporarily unavailable", "invalid file_id")


def answered(payload: bytes) -> dict[str, Any]:
    """The object that an answer is; an empty one where something on the way answered instead."""
    try:
        body = json.loads(payload)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def wait(body: dict[str, Any]) -> float:
    """Seconds until a call may be tried again; one where the answer does not say."""
    try:
        return float(body["parameters"]["retry_after"])
    except (ValueError, KeyError, TypeError):
        return 1.0


def refusal(status: int, said: str = "", *, seconds: float = 1.0) -> SendFailed:
    """What an answer of this status means; `seconds` is its retry_after."""
    if status == 429:
        return SendFailed("too_many", retry_after=seconds)
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
