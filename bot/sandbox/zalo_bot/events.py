"""What people do on Zalo phones, as the events that the Bot Platform hands over."""

from __future__ import annotations

from typing import Any

from bot.sandbox import zalo
from bot.sandbox.chats import Chat, Message
from bot.sandbox.world import World

CHANNEL = "zalo"
BROKEN = {"event_name": "message.text.received", "message": {"message_id": None, "chat": "?"}}


def event(world: World, chat: Chat, message: Message, message_id: str) -> dict[str, Any]:
    """The event of a message; what a bot cannot be shown arrives as "unsupported", bare."""
    kind, content = _content(world, message)
    group = chat.phone.id.startswith("-")
    sender = f"{chat.phone.id.lstrip('-')}0" if group else chat.phone.id
    body = {
        "date": zalo.stamp(message.at),
        "chat": {"chat_type": "GROUP" if group else "PRIVATE", "id": chat.phone.id},
        "message_id": message_id,
        "from": {"id": sender, "is_bot": False, "display_name": chat.phone.name},
        **content,
    }
    return {"event_name": f"message.{kind}.received", "message": body}


def _content(world: World, message: Message) -> tuple[str, dict[str, Any]]:
    media = message.media
    if media is None:
        return "text", {"text": message.text}
    if media.kind == "photo":
        url = zalo.address_of(world, CHANNEL, zalo.file_of(world, media))
        return "image", {
            "message_type": "CHAT_PHOTO",
            "caption": message.text,
            "photo_url": url,
        }
    if media.kind == "voice":
        url = zalo.address_of(world, CHANNEL, zalo.file_of(world, media))
        return "voice", {"message_type": "CHAT_VOICE", "voice_url": url}
    if media.kind == "sticker":
        shown = f"{world.address}/{CHANNEL}/media/sticker.png"
        return "sticker", {"message_type": "CHAT_STICKER", "sticker": "4a1e", "url": shown}
    return "unsupported", {}


def as_documented(body: dict[str, Any]) -> dict[str, Any]:
    """The event in the form that the documents show: wrapped, and a photo named `photo`."""
    message = dict(body.get("message") or {})
    if "photo_url" in message:
        message["photo"] = message.pop("photo_url")
    return {"ok": True, "result": {**body, "message": message}}
