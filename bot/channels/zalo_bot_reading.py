"""Zalo Bot's events as arrivals: pure, in either of the two bodies that Zalo documents."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.channels.contract import Malformed, Payload
from bot.messages import Arrival, Incoming, Media


def external_id(payload: Payload) -> str:
    """The message's id, or a digest of an event that has none."""
    message = unwrapped(payload).get("message")
    number = message.get("message_id") if isinstance(message, dict) else None
    if isinstance(number, str) and number:
        return number
    text = json.dumps(payload, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def unwrapped(payload: Payload) -> Payload:
    """The event: as it is posted in fact, or out of the envelope that the documents show."""
    inner = payload.get("result")
    return inner if payload.get("ok") is True and isinstance(inner, dict) else payload


def read(payload: Payload) -> list[Arrival]:
    """What a person wrote, if this event tells of a message; raises Malformed."""
    event = unwrapped(payload)
    if not event.get("message"):
        return []  # the bot was let into a group, say
    try:
        return _message(external_id(payload), str(event.get("event_name", "")), event["message"])
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Malformed(f"{type(error).__name__}: {error}") from error


def _message(number: str, event: str, message: Payload) -> list[Arrival]:
    sender = message.get("from") or {}
    if sender.get("is_bot") is True or "reaction" in event:
        return []
    chat = message.get("chat") or {"id": sender["id"]}
    name = str(sender.get("display_name") or sender.get("name") or "")
    incoming = Incoming(
        **_content(event, message),
        message_id=str(message.get("message_id", "")),
        sent_at=_time(message.get("date")),
        sender_name=name,
        private=str(chat.get("chat_type", "PRIVATE")).upper() != "GROUP",
    )
    return [Arrival(_string(chat["id"]), number, incoming, name)]


def _content(event: str, message: Payload) -> dict[str, Any]:
    """The fields of Incoming that this kind of event fills; what tells nothing is unreadable."""
    kind = next((each for each in _READERS if f".{each}." in event), "")
    found = _READERS[kind](message) if kind else _text(message)
    return found or {"unreadable": True}


def _text(message: Payload) -> dict[str, Any]:
    text = message.get("text") or message.get("caption") or ""
    return {"text": _string(text)} if text else {}


def _image(message: Payload) -> dict[str, Any]:
    """A picture with its caption; an album is as many events as it has pictures."""
    url = message.get("photo_url") or message.get("photo")  # as captured; as documented
    if not url:
        return {}
    return {
        "text": _string(message.get("caption") or ""),
        "media": Media("photo", _string(url), mime="image/jpeg"),
    }


def _voice(message: Payload) -> dict[str, Any]:
    url = message.get("voice_url")
    return {"media": Media("voice", _string(url), mime="audio/aac")} if url else {}


def _sticker(_message: Payload) -> dict[str, Any]:
    return {"text": ""}


_READERS: dict[str, Callable[[Payload], dict[str, Any]]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "sticker": _sticker,
    "unsupported": lambda _message: {},
}


def _time(stamp: Any) -> datetime | None:
    return datetime.fromtimestamp(int(stamp) / 1000, UTC) if stamp else None


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text expected, not {type(value).__name__}")
    return value
