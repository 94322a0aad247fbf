"""The methods that put a new message on a phone."""

from __future__ import annotations

import secrets
from typing import Any

from bot.sandbox.chats import Chat, Media, Message, Span
from bot.sandbox.files import picture_size, small_picture
from bot.sandbox.telegram.arguments import Arguments, Upload
from bot.sandbox.telegram.errors import ApiError, bad_request
from bot.sandbox.telegram.formatting import read_text, units
from bot.sandbox.telegram.keyboards import Markup, read_markup
from bot.sandbox.telegram.state import Telegram
from bot.sandbox.world import SERVICE

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
PHOTO_BYTES = 10 * 1024 * 1024
FILE_BYTES = 50 * 1024 * 1024
ALBUM = range(2, 11)
ACTIONS = {"typing", "upload_photo", "record_video", "upload_video", "record_voice"} | {
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
FOLDERS = {"photo": "photos", "voice": "voice", "document": "documents"}


def checked_text(args: Arguments) -> tuple[str, list[Span]]:
    """The text of a message, within Telegram's limits."""
    text, spans = read_text(args, "text", mode="parse_mode", entities="entities")
    if not text:
        raise bad_request("message text is empty")
    if units(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return text, spans


def checked_caption(args: Arguments) -> tuple[str, list[Span]]:
    """The caption of a photo, voice or document; it may be empty."""
    text, spans = read_text(args, "caption", mode="parse_mode", entities="caption_entities")
    if units(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return text, spans


def send_message(bot: Telegram, args: Arguments) -> dict[str, Any]:
    """sendMessage."""
    chat = bot.chat(args)
    text, spans = checked_text(args)
    return bot.shape(chat, _put(bot, chat, args, text=text, spans=spans))


def send_photo(bot: Telegram, args: Arguments) -> dict[str, Any]:
    """sendPhoto."""
    return _send_media(bot, args, "photo")


def send_document(bot: Telegram, args: Arguments) -> dict[str, Any]:
    """sendDocument."""
    return _send_media(bot, args, "document")


def send_voice(bot: Telegram, args: Arguments) -> dict[str, Any]:
    """sendVoice."""
    return _send_media(bot, args, "voice")


def send_media_group(bot: Telegram, args: Arguments) -> list[dict[str, Any]]:
    """sendMediaGroup: two to ten photos, or two to ten documents."""
    chat = bot.chat(args)
    items = args.parsed("media")
    if not isinstance(items, list) or len(items) not in ALBUM:
        raise bad_request("expected from 2 to 10 messages in the album")
    ready = [_album_item(bot, args, item) for item in items]
    if len({media.kind for media, _, _ in ready}) > 1:
        raise bad_request("document can't be mixed with other media types")
    album = str(secrets.randbits(60))
    sent = []
    for media, text, spans in ready:
        message = bot.world.add_message(
            chat, SERVICE, text=text, spans=tuple(spans), media=media, album=album
        )
        sent.append(bot.shape(chat, message))
    return sent


def send_chat_action(bot: Telegram, args: Arguments) -> bool:
    """sendChatAction: the phone shows it for a few seconds."""
    chat = bot.chat(args)
    if args.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    bot.world.note("typing", chat.phone.id)
    return True


def _send_media(bot: Telegram, args: Arguments, kind: str) -> dict[str, Any]:
    chat = bot.chat(args)
    text, spans = checked_caption(args)
    media = _media(bot, args, kind, args.values.get(kind) or f"attach://{kind}")
    return bot.shape(chat, _put(bot, chat, args, text=text, spans=spans, media=media))


def _put(
    bot: Telegram,
    chat: Chat,
    args: Arguments,
    *,
    text: str,
    spans: list[Span],
    media: Media | None = None,
) -> Message:
    markup = read_markup(args)
    reply_to = _replied(chat, args)
    message = bot.world.add_message(
        chat,
        SERVICE,
        text=text,
        spans=tuple(spans),
        media=media,
        buttons=markup.buttons or (),
        reply_to=reply_to,
    )
    _show_keyboard(bot, chat, markup)
    return message


def _show_keyboard(bot: Telegram, chat: Chat, markup: Markup) -> None:
    if markup.keyboard is not None:
        bot.world.set_keyboard(chat, markup.keyboard, markup.placeholder)


def _replied(chat: Chat, args: Arguments) -> int:
    given = args.parsed("reply_parameters") or {}
    number = int(given.get("message_id") or args.integer("reply_to_message_id"))
    known = chat.messages.get(number)
    if number and (not known or known.deleted):
        if given.get("allow_sending_without_reply") or args.flag("allow_sending_without_reply"):
            return 0
        raise bad_request("message to be replied not found")
    return number


def _album_item(bot: Telegram, args: Arguments, item: Any) -> tuple[Media, str, list[Span]]:
    if not isinstance(item, dict) or item.get("type") not in ("photo", "document"):
        raise bad_request("can't parse InputMedia: type must be photo or document")
    known = {"type", "media", "caption", "parse_mode", "caption_entities", "thumbnail"} | {
        "has_spoiler",
        "show_caption_above_media",
        "disable_content_type_detection",
    }
    if unknown := sorted(set(item) - known):
        raise bad_request(f'unknown field "{unknown[0]}" in InputMedia')
    text, spans = checked_caption(Arguments(item))
    return _media(bot, args, item["type"], item.get("media")), text, spans


def _media(bot: Telegram, args: Arguments, kind: str, given: Any) -> Media:
    """The file meant: a part of this call, or one that Telegram already has."""
    words = str(given or "")
    name = words.removeprefix("attach://") if words.startswith("attach://") else kind
    if (upload := args.uploads.get(name)) and (words.startswith("attach://") or not given):
        return _stored(bot, kind, upload, args)
    if known := bot.world.files.by_id.get(words):
        return _stored(bot, kind, Upload(known.name, known.content, known.mime), args)
    if words.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    if not words or words.startswith("attach://"):
        raise bad_request(f"there is no {kind} in the request")
    raise bad_request("wrong remote file identifier specified: Wrong string length")


def _stored(bot: Telegram, kind: str, upload: Upload, args: Arguments) -> Media:
    content = upload.content
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > (PHOTO_BYTES if kind == "photo" else FILE_BYTES):
        raise ApiError(413, "Request Entity Too Large")
    size = picture_size(content) if kind == "photo" else (0, 0)
    if not size:
        raise bad_request("IMAGE_PROCESS_FAILED")
    files = bot.world.files
    thumb = ""
    if kind == "photo":
        small = small_picture(content)
        thumb = files.put(small, folder="photos", name="thumb.jpg", mime="image/jpeg").id
    file = files.put(content, folder=FOLDERS[kind], name=upload.name, mime=upload.mime)
    return Media(
        kind,
        file.id,
        name=file.name,
        mime=file.mime,
        size=len(content),
        width=size[0],
        height=size[1],
        seconds=args.integer("duration"),
        thumb=thumb,
    )
