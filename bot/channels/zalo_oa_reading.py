"""The Official Account's events as arrivals: pure, and content with any event it does not know."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.channels.contract import Malformed, Payload
from bot.channels.zalo_oa_rendering import PRESSED, PRESSED_BYTES
from bot.messages import Arrival, Incoming, Media, Place

Fields = dict[str, Any]


def external_id(payload: Payload) -> str:
    """The message's id; of an event without one, a digest of what happened, to whom and when."""
    message = payload.get("message")
    number = message.get("msg_id") if isinstance(message, dict) else None
    if isinstance(number, str) and number:
        return number
    told = [payload.get(key) for key in ("event_name", "sender", "follower", "timestamp")]
    text = json.dumps(told if any(told) else payload, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def read(payload: Payload) -> list[Arrival]:
    """What a person did, if this event tells of one; raises Malformed.

    A submitted phone number is no proof of who somebody is, and what the account itself sent
    comes back as an event too: both say nothing to us.
    """
    event = payload.get("event_name")
    try:
        if event in ("follow", "unfollow"):
            return [_followed(payload, gone=event == "unfollow")]
        if isinstance(event, str) and event.startswith("user_send_"):
            return _sent(event.removeprefix("user_send_"), payload)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Malformed(f"{type(error).__name__}: {error}") from error
    return []


def _followed(payload: Payload, *, gone: bool) -> Arrival:
    who = payload.get("follower") or payload["sender"]
    incoming = Incoming(sent_at=_time(payload), blocked=gone)
    return Arrival(_string(who["id"]), external_id(payload), incoming)


def _sent(kind: str, payload: Payload) -> list[Arrival]:
    """One arrival, or one for each picture that came in one event."""
    account, message = _string(payload["sender"]["id"]), payload["message"]
    found = _READERS.get(kind, _unreadable)(message) or [{"unreadable": True}]
    number, message_id = external_id(payload), str(message.get("msg_id", ""))
    return [
        Arrival(
            account,
            number if place == 1 else f"{number}#{place}",
            Incoming(**fields, message_id=message_id, sent_at=_time(payload)),
        )
        for place, fields in enumerate(found, start=1)
    ]


def _text(message: Payload) -> list[Fields]:
    """What was typed; a tapped button sends its payload as if it were typed."""
    text = _string(message.get("text") or "")
    if text.startswith(PRESSED) and len(text.encode()) <= PRESSED_BYTES:
        return [{"token": text.removeprefix(PRESSED)}]
    return [{"text": text}]


def _pictures(message: Payload) -> list[Fields]:
    text = _string(message.get("text") or "")
    urls = [_string(each["url"]) for each in _payloads(message) if each.get("url")]
    return [
        {"media": Media("photo", url, mime="image/jpeg"), "text": text if place == 0 else ""}
        for place, url in enumerate(urls)
    ]


def _voice(message: Payload) -> list[Fields]:
    return [{"media": Media("voice", _string(f["url"]))} for f in _payloads(message) if "url" in f]


def _file(message: Payload) -> list[Fields]:
    return [{"media": _document(each)} for each in _payloads(message) if each.get("url")]


def _document(file: Payload) -> Media:
    size = str(file.get("size", ""))
    name = _string(file.get("name") or "")
    return Media(
        "document", _string(file["url"]), name, size=int(size) if size.isdecimal() else None
    )


def _place(message: Payload) -> list[Fields]:
    """Degrees come as text; the name of the place, if any, as the message's text."""
    at = next((each["coordinates"] for each in _payloads(message) if "coordinates" in each), None)
    return [{"place": Place(float(at["latitude"]), float(at["longitude"]))}] if at else []


def _link(message: Payload) -> list[Fields]:
    urls = [str(each["url"]) for each in _payloads(message) if each.get("url")]
    text = "\n".join(filter(None, [str(message.get("text") or ""), *urls]))
    return [{"text": text}] if text else []


def _sticker(_message: Payload) -> list[Fields]:
    return [{"text": ""}]


def _unreadable(_message: Payload) -> list[Fields]:
    return []


_READERS: dict[str, Callable[[Payload], list[Fields]]] = {
    "text": _text,
    "image": _pictures,
    "audio": _voice,
    "file": _file,
    "location": _place,
    "link": _link,
    "sticker": _sticker,
}


def _payloads(message: Payload) -> list[Payload]:
    return [each.get("payload") or {} for each in message.get("attachments") or []]


def _time(payload: Payload) -> datetime | None:
    stamp = payload.get("timestamp")
    return datetime.fromtimestamp(int(stamp) / 1000, UTC) if stamp else None


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text expected, not {type(value).__name__}")
    return value
