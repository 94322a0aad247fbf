"""What people do on their phones, as the events of the Official Account's webhook."""

from __future__ import annotations

from typing import Any

from bot.sandbox import zalo
from bot.sandbox.chats import Chat, Media, Message
from bot.sandbox.world import World

CHANNEL = "zalo_oa"
KINDS = {
    "photo": "image",
    "voice": "audio",
    "document": "file",
    "location": "location",
    "sticker": "sticker",
    "contact": "business_card",
}


def written(world: World, message: Message, msg_id: str) -> tuple[str, dict[str, Any]]:
    """The event's name and its `message`."""
    body: dict[str, Any] = {"msg_id": msg_id}
    media = message.media
    if media is None:
        return "user_send_text", body | {"text": message.text}
    if message.text:
        body["text"] = message.text
    kind = KINDS[media.kind]
    body["attachments"] = [{"type": _type(kind), "payload": _payload(world, media)}]
    return f"user_send_{kind}", body


def tapped(payload: str, msg_id: str) -> tuple[str, dict[str, Any]]:
    """A tapped button is an ordinary text: its payload."""
    return "user_send_text", {"msg_id": msg_id, "text": payload}


def follow(chat: Chat, oa_id: str, *, follows: bool) -> dict[str, Any]:
    """What tells that a person follows or left; it has no message."""
    return {
        "oa_id": oa_id,
        "follower": {"id": chat.phone.id},
        "user_id_by_app": f"{chat.phone.id}9",
        "event_name": "follow" if follows else "unfollow",
        "source": "oa_profile",
    }


def _type(kind: str) -> str:
    return "link" if kind == "business_card" else kind


def _payload(world: World, media: Media) -> dict[str, Any]:
    if media.kind == "location":
        place = {"latitude": str(media.latitude), "longitude": str(media.longitude)}
        return {"coordinates": place}
    if media.kind == "sticker":
        return {"id": "4a1e", "url": f"{world.address}/{CHANNEL}/media/sticker.png"}
    if media.kind == "contact":
        return {"url": "https://zalo.me", "thumbnail": "", "description": '{"phone":"84900000000"}'}
    file = zalo.file_of(world, media)
    url = zalo.address_of(world, CHANNEL, file)
    if media.kind != "document":
        return {"url": url, "thumbnail": url}
    size = str(len(file.content))
    return {"url": url, "name": file.name, "size": size, "checksum": "", "type": file.name[-4:]}
