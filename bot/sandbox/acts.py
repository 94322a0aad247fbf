"""What a person can do on a phone: write, press, send, edit, block. Works for every channel."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from bot.sandbox.chats import Chat, Media, Message
from bot.sandbox.files import picture_size, small_picture
from bot.sandbox.world import PERSON, World

SAMPLE_PLACE = (13.78, 109.22)


class Refused(Exception):
    """The phone cannot do this; the text says why, in Vietnamese."""


@dataclass(frozen=True)
class Attachment:
    """A file the person chose."""

    name: str
    content: bytes
    mime: str = ""


def says(world: World, chat: Chat, text: str) -> Message:
    """The person sends a text."""
    if not text.strip():
        raise Refused("Tin chưa có chữ nào.")
    return _send(world, chat, text=text.strip())


def starts(world: World, chat: Chat, code: str) -> Message | None:
    """The person opens the service, by its link or with a code; what is then sent, if anything."""
    if code and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", code):
        raise Refused("Mã trong đường dẫn chỉ gồm chữ không dấu, số, gạch dưới, gạch nối.")
    _refuse_blocked(chat)
    text = world.network(chat).opened(chat, code)
    return _send(world, chat, text=text) if text else None


def presses(world: World, chat: Chat, label: str, message_id: int = 0, token: str = "") -> None:
    """The person presses a button: under the given message, the newest one, or on the keyboard.

    An explicit message with `token` presses a button that the message no longer shows. Where
    choices are printed as numbers the number is typed, and the label where none stands for it.
    """
    message = chat.messages.get(message_id) if message_id else chat.newest_with(label)
    button = message.button(label) if message else None
    if message and token:
        button = next((b for row in message.buttons for b in row if b.token == token), button)
    numbered = world.network(chat).numbers and not message_id
    if message and button and not (numbered and _printed_since(chat, message)):
        world.note("pressed", chat.phone.id, message_id=message.id, label=button.label)
        world.network(chat).pressed(chat, message, button)
        return
    if numbered:
        _send(world, chat, text=_typed_for(chat, label), pressed=label)
        return
    key = None if message_id else chat.key(label)
    if not key:
        raise Refused(f"Trên máy này không có nút “{label}”.")
    if key.asks == "location":
        sends_location(world, chat, *SAMPLE_PLACE)
    else:
        _send(world, chat, text=key.label, pressed=key.label)


def _printed_since(chat: Chat, message: Message) -> bool:
    """Whether newer messages printed choices: numbers count against the newest menu alone."""
    newest = chat.newest_printed()
    return newest is not None and newest.id > message.id


def _typed_for(chat: Chat, label: str) -> str:
    """The number printed for the label in the newest menu, or the label itself."""
    newest = chat.newest_printed()
    return (newest.choices().number(label) if newest else "") or label


def sends_photos(
    world: World, chat: Chat, photos: list[Attachment], caption: str = ""
) -> list[Message]:
    """The person sends a photo, or an album where there are several; the first has the caption."""
    if not photos:
        raise Refused("Chưa chọn ảnh nào.")
    album = str(secrets.randbits(60)) if len(photos) > 1 else ""
    sent = []
    for place, photo in enumerate(photos):
        media = _photo(world, photo)
        text = caption if place == 0 else ""
        sent.append(_send(world, chat, text=text, media=media, album=album))
    return sent


def sends_voice(world: World, chat: Chat, seconds: int, sound: Attachment | None) -> Message:
    """The person sends a voice note; without a sound, the bytes of an empty recording."""
    empty = world.network(chat).sound
    content = sound.content if sound else empty.content + bytes(max(seconds, 1) * 64)
    file = world.files.put(content, folder="voice", name=empty.name, mime=empty.mime)
    size = len(content)
    media = Media("voice", file.id, mime=file.mime, size=size, seconds=seconds)
    return _send(world, chat, media=media)


def sends_document(world: World, chat: Chat, document: Attachment, caption: str = "") -> Message:
    """The person sends a file."""
    file = world.files.put(
        document.content, folder="documents", name=document.name, mime=document.mime
    )
    media = Media(
        "document", file.id, name=document.name, mime=file.mime, size=len(document.content)
    )
    return _send(world, chat, text=caption, media=media)


def sends_location(world: World, chat: Chat, latitude: float, longitude: float) -> Message:
    """The person sends a place."""
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Refused("Tọa độ chưa đúng.")
    return _send(world, chat, media=Media("location", latitude=latitude, longitude=longitude))


def sends_sticker(world: World, chat: Chat) -> Message:
    """The person sends a sticker."""
    return _send(world, chat, media=Media("sticker"))


def sends_contact(world: World, chat: Chat) -> Message:
    """The person sends somebody's contact card."""
    return _send(world, chat, media=Media("contact"))


def edits(world: World, chat: Chat, message_id: int, text: str) -> Message:
    """The person edits a text or a caption sent before."""
    if not world.network(chat).edits:
        raise Refused("Kênh này không sửa được tin đã gửi.")
    message = chat.messages.get(message_id)
    if not message or message.deleted or message.by != PERSON:
        raise Refused("Chỉ sửa được tin của chính máy này.")
    if not text.strip():
        raise Refused("Tin chưa có chữ nào.")
    world.edit_message(message, text=text.strip(), spans=())
    world.network(chat).rewrote(chat, message)
    return message


def blocks(world: World, chat: Chat, blocked: bool) -> None:
    """The person blocks the service or lets it in again."""
    if chat.blocked == blocked:
        return
    chat.blocked = blocked
    world.note("blocked", chat.phone.id, blocked=blocked)
    world.network(chat).blocked(chat)


def _send(
    world: World,
    chat: Chat,
    *,
    text: str = "",
    media: Media | None = None,
    album: str = "",
    pressed: str = "",
) -> Message:
    _refuse_blocked(chat)
    chat.opened = True
    message = world.add_message(chat, PERSON, text=text, media=media, album=album, pressed=pressed)
    world.network(chat).wrote(chat, message)
    return message


def _refuse_blocked(chat: Chat) -> None:
    if chat.blocked:
        raise Refused("Máy này đang chặn hệ thống. Bỏ chặn rồi gửi lại.")


def _photo(world: World, photo: Attachment) -> Media:
    """Bytes that are no picture pass too, with a plain size: tests need no real photo."""
    size = picture_size(photo.content)
    small = small_picture(photo.content) if size else photo.content
    thumb = world.files.put(small, folder="photos", name="thumb.jpg", mime="image/jpeg")
    file = world.files.put(photo.content, folder="photos", name=photo.name, mime=photo.mime)
    width, height = size or (800, 600)
    return Media(
        "photo",
        file.id,
        name=photo.name,
        mime=file.mime,
        size=len(photo.content),
        width=width,
        height=height,
        thumb=thumb.id,
    )
