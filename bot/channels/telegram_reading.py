"""Telegram's updates as arrivals: pure, and content with any update it does not know."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.channels.contract import Malformed, Payload
from bot.messages import Arrival, Incoming, Media, Place

UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

# Messages that Telegram writes itself, about the chat.
_SERVICE = frozenset(
    {
        "pinned_message",
        "left_chat_member",
        "group_chat_created",
        "supergroup_chat_created",
        "migrate_to_chat_id",
        "migrate_from_chat_id",
        "new_chat_title",
        "new_chat_photo",
        "delete_chat_photo",
        "message_auto_delete_timer_changed",
        "write_access_allowed",
        "chat_background_set",
    }
)


def external_id(payload: Payload) -> str:
    """The update's number, or a digest of an update that has none."""
    number = payload.get("update_id") if isinstance(payload, dict) else None
    if isinstance(number, int):
        return str(number)
    text = json.dumps(payload, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def read(payload: Payload) -> list[Arrival]:
    """What a person did, if this update tells of one; raises Malformed."""
    try:
        for kind, reader in _READERS.items():
            if kind in payload:
                return reader(external_id(payload), payload[kind])
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Malformed(f"{type(error).__name__}: {error}") from error
    return []


def _message(number: str, message: Payload, *, edits: bool = False) -> list[Arrival]:
    if _SERVICE & message.keys() or (edits and "location" in message):
        return []
    chat = message["chat"]
    media = _media(message)
    incoming = Incoming(
        text=_text(message),
        media=media,
        album=str(message.get("media_group_id", "")),
        place=_place(message),
        edits=edits,
        message_id=str(int(message["message_id"])),
        sent_at=_time(message["date"]),
        sender_name=_name(message.get("from") or chat),
        private=chat["type"] == "private",
    )
    return [Arrival(_id(chat), number, incoming, incoming.sender_name)]


def _edited(number: str, message: Payload) -> list[Arrival]:
    return _message(number, message, edits=True)


def _pressed(number: str, query: Payload) -> list[Arrival]:
    message = query.get("message") or {}
    chat = message.get("chat") or {"id": query["from"]["id"], "type": "private"}
    incoming = Incoming(
        token=_string(query.get("data", "")),
        stands_under=str(message.get("message_id", "")),
        sender_name=_name(query["from"]),
        private=chat["type"] == "private",
        callback_id=_string(query["id"]),
    )
    return [Arrival(_id(chat), number, incoming, incoming.sender_name)]


def _membership(number: str, change: Payload) -> list[Arrival]:
    """In a private chat: the person blocked us or let us in again."""
    chat = change["chat"]
    private = chat["type"] == "private"
    gone = change["new_chat_member"]["status"] in ("kicked", "left")
    incoming = Incoming(
        sent_at=_time(change["date"]),
        sender_name=_name(change["from"]),
        private=private,
        blocked=gone,
    )
    if gone and not private:
        return []
    return [Arrival(_id(chat), number, incoming, incoming.sender_name)]


_READERS: dict[str, Callable[[str, Any], list[Arrival]]] = dict(
    zip(UPDATES, (_message, _edited, _pressed, _membership), strict=True)
)


def _text(message: Payload) -> str:
    text = _string(message.get("text", message.get("caption", "")))
    if text or "contact" not in message:
        return text
    contact = message["contact"]
    return " ".join(filter(None, (_name(contact), str(contact.get("phone_number", "")))))


def _media(message: Payload) -> Media | None:
    if sizes := message.get("photo"):
        # Of equal sizes the last: Telegram lists the small ones first.
        largest = max(reversed(sizes), key=lambda size: size["width"] * size["height"])
        return _file("photo", largest, mime="image/jpeg")
    if voice := message.get("voice"):
        return _file("voice", voice)
    for kind in ("document", "audio", "video", "animation", "video_note"):
        if kind in message:
            return _file("document", message[kind])
    return None


def _file(kind: Any, file: Payload, mime: str = "") -> Media:
    return Media(
        kind,
        _string(file["file_id"]),
        name=_string(file.get("file_name", "")),
        mime=_string(file.get("mime_type", mime)),
        size=file.get("file_size"),
        seconds=file.get("duration"),
    )


def _place(message: Payload) -> Place | None:
    location = message.get("location")
    if not location:
        return None
    return Place(float(location["latitude"]), float(location["longitude"]))


def _id(chat: Payload) -> str:
    return str(int(chat["id"]))


def _time(stamp: Any) -> datetime:
    return datetime.fromtimestamp(int(stamp), UTC)


def _name(person: Payload) -> str:
    names = (person.get("first_name"), person.get("last_name"))
    return " ".join(str(name) for name in names if name)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text expected, not {type(value).__name__}")
    return value
