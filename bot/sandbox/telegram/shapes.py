"""The sandbox's phones, messages and files as the JSON objects of the Bot API."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from bot.sandbox.chats import Button, Chat, Media, Message
from bot.sandbox.files import Files, StoredFile
from bot.sandbox.world import PERSON

COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(?:@\w+)?(?=\s|$)")


def stamp(moment: datetime) -> int:
    """Seconds since 1970."""
    return int(moment.timestamp())


def user_shape(chat: Chat) -> dict[str, Any]:
    """The person who holds the phone."""
    return {
        "id": abs(int(chat.phone.id)),
        "is_bot": False,
        "first_name": chat.phone.name,
        "language_code": "vi",
    }


def chat_shape(chat: Chat) -> dict[str, Any]:
    """The private chat; a phone with a negative id stands for a group."""
    number = int(chat.phone.id)
    if number < 0:
        return {"id": number, "type": "group", "title": chat.phone.name}
    return {"id": number, "type": "private", "first_name": chat.phone.name}


def message_shape(files: Files, me: dict[str, Any], chat: Chat, message: Message) -> dict[str, Any]:
    """One message, of either side."""
    shape: dict[str, Any] = {
        "message_id": message.id,
        "from": user_shape(chat) if message.by == PERSON else me,
        "chat": chat_shape(chat),
        "date": stamp(message.at),
    }
    if message.edited_at:
        shape["edit_date"] = stamp(message.edited_at)
    if message.album:
        shape["media_group_id"] = message.album
    replied = chat.messages.get(message.reply_to)
    if replied and not replied.deleted:
        shape["reply_to_message"] = message_shape(files, me, chat, replied)
    text, entities = ("caption", "caption_entities") if message.media else ("text", "entities")
    if message.text:
        shape[text] = message.text
    if found := _entities(message):
        shape[entities] = found
    if message.media:
        shape |= media_shape(files, message.media)
    if message.buttons:
        rows = [[_button(button) for button in row] for row in message.buttons]
        shape["reply_markup"] = {"inline_keyboard": rows}
    return shape


UPLOADS_NOTHING: dict[str, dict[str, Any]] = {  # the person picks what is there already
    "sticker": {
        "file_id": "CAACAgUAAxkB",
        "file_unique_id": "AgADsticker",
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
    },
    "contact": {"phone_number": "0900000001", "first_name": "Đỗ Văn Thay"},
}


def media_shape(files: Files, media: Media) -> dict[str, Any]:
    """The field that carries the media."""
    if media.kind == "location":
        return {"location": {"latitude": media.latitude, "longitude": media.longitude}}
    if media.kind in UPLOADS_NOTHING:
        return {media.kind: UPLOADS_NOTHING[media.kind]}
    file = files.by_id[media.file]
    if media.kind == "photo":
        thumb = files.by_id[media.thumb]
        small = {"width": min(media.width, 320), "height": min(media.height, 320)}
        full = {"width": media.width, "height": media.height}
        return {"photo": [file_shape(thumb) | small, file_shape(file) | full]}
    shape = file_shape(file) | {"mime_type": file.mime}
    if media.kind == "voice":
        return {"voice": shape | {"duration": media.seconds}}
    return {"document": shape | {"file_name": media.name or file.name}}


def file_shape(file: StoredFile) -> dict[str, Any]:
    """A file's ids and size."""
    return {"file_id": file.id, "file_unique_id": file.unique, "file_size": len(file.content)}


def _button(button: Button) -> dict[str, str]:
    if button.url:
        return {"text": button.label, "url": button.url}
    return {"text": button.label, "callback_data": button.token}


def _entities(message: Message) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if message.by == PERSON and (match := COMMAND.match(message.text)):
        found.append({"type": "bot_command", "offset": 0, "length": match.end()})
    for span in message.spans:
        shape: dict[str, Any] = {
            "type": span.kind,
            "offset": span.offset,
            "length": span.length,
        }
        found.append(shape | ({"url": span.url} if span.url else {}))
    return found
