"""The methods of the Bot Platform, and the fields that each knows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.sandbox import zalo
from bot.sandbox.chats import Media
from bot.sandbox.zalo_bot.errors import IDLE, NOT_FOUND, bad_request
from bot.sandbox.zalo_bot.state import ZaloBot

TEXT_LIMIT = 2000
DEFAULT_POLL = 30.0
LOOPBACK = ("127.0.0.1", "localhost", "::1")
Gone = Callable[[], Awaitable[bool]]


@dataclass(frozen=True)
class Call:
    """One call: its fields as text, and whether the caller hung up."""

    bot: ZaloBot
    fields: dict[str, Any]
    gone: Gone

    def text(self, name: str) -> str:
        """A field as text; numbers are taken as their digits."""
        value = self.fields.get(name)
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Method:
    """One method; a `sends` one costs a message of the month's quota."""

    run: Callable[[Call], Awaitable[Any]]
    fields: frozenset[str] = frozenset()
    sends: bool = False

    def check(self, call: Call) -> None:
        """Refuse an unknown field: the platform ignores it, but a typo shall show."""
        if unknown := sorted(set(call.fields) - self.fields):
            raise bad_request(f'unknown field "{unknown[0]}"')


async def get_me(call: Call) -> Any:
    """getMe."""
    return call.bot.me


async def get_updates(call: Call) -> Any:
    """getUpdates: one event, or 408 when none came within `timeout` seconds."""
    try:
        seconds = float(call.text("timeout") or DEFAULT_POLL)
    except ValueError:
        raise bad_request("The timeout is invalid") from None
    event = await call.bot.updates.take(seconds, call.gone)
    if event is None:
        raise IDLE
    return event


async def set_webhook(call: Call) -> Any:
    """setWebhook: a public https address, or a plain one of this machine."""
    url, secret = call.text("url"), call.text("secret_token")
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise bad_request("The url must start with https://")
    if not 8 <= len(secret) <= 256:
        raise bad_request("The secret_token must be between 8 and 256 characters")
    call.bot.updates.set_webhook(url, secret)
    checked = {"ok": True, "url": url, "outcome": "webhook.ok", "hint": ""}
    return {**_webhook(call), "verification": checked}


async def delete_webhook(call: Call) -> Any:
    """deleteWebhook; with none set it succeeds too."""
    call.bot.updates.set_webhook("", "")
    return _webhook(call)


async def get_webhook_info(call: Call) -> Any:
    """getWebhookInfo; 404 where none is set."""
    if not call.bot.updates.url:
        raise NOT_FOUND
    return _webhook(call)


def _webhook(call: Call) -> dict[str, Any]:
    return {"url": call.bot.updates.url, "updated_at": zalo.stamp(call.bot.world.now())}


async def send_message(call: Call) -> Any:
    """sendMessage; formatting is accepted and not shown."""
    chat = call.bot.chat(call.text("chat_id"))
    text = call.text("text")
    if not text.strip():
        raise bad_request("The text must not be empty")
    return call.bot.show(chat, text=_within(text, "text"))


async def send_photo(call: Call) -> Any:
    """sendPhoto: an address from which the platform fetches the picture."""
    chat = call.bot.chat(call.text("chat_id"))
    caption = _within(call.text("caption"), "caption")
    content = await _fetched(call, "photo")
    file = call.bot.world.files.put(content, folder="photos", name="anh.jpg")
    media = Media("photo", file.id, name=file.name, mime=file.mime, size=len(content))
    return call.bot.show(chat, text=caption, media=media) | {"message_type": "CHAT_PHOTO"}


async def send_voice(call: Call) -> Any:
    """sendVoice: an address that ends in .aac."""
    chat = call.bot.chat(call.text("chat_id"))
    if not urlsplit(call.text("voice_url")).path.endswith(".aac"):
        raise bad_request("The voice_url is invalid")
    content = await _fetched(call, "voice_url")
    file = call.bot.world.files.put(content, folder="voice", name="ghi-am.aac")
    return call.bot.show(chat, media=Media("voice", file.id, mime=file.mime, size=len(content)))


async def send_sticker(call: Call) -> Any:
    """sendSticker."""
    chat = call.bot.chat(call.text("chat_id"))
    if not call.text("sticker"):
        raise bad_request("The sticker must not be empty")
    return call.bot.show(chat, media=Media("sticker"))


async def send_chat_action(call: Call) -> Any:
    """sendChatAction: typing alone; the answer has no result."""
    chat = call.bot.chat(call.text("chat_id"))
    if call.text("action") != "typing":
        raise bad_request("The action is invalid")
    call.bot.world.note("typing", chat.phone.id)
    return None


def _within(text: str, name: str) -> str:
    if zalo.units(text) > TEXT_LIMIT:
        raise bad_request(f"The {name} must not exceed {TEXT_LIMIT} characters")
    return text


async def _fetched(call: Call, name: str) -> bytes:
    url = call.text(name)
    if not url:
        raise bad_request(f"The {name} must not be empty")
    if urlsplit(url).scheme not in ("http", "https"):
        raise bad_request(f"The {name} must start with http:// or https://")
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
            return (await client.get(url)).raise_for_status().content
    except (httpx.HTTPError, httpx.InvalidURL):
        raise bad_request(f"The {name} URL is invalid") from None


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


METHODS = {
    "getMe": Method(get_me),
    "getUpdates": Method(get_updates, _words("timeout")),
    "setWebhook": Method(set_webhook, _words("url secret_token")),
    "deleteWebhook": Method(delete_webhook),
    "getWebhookInfo": Method(get_webhook_info),
    "sendMessage": Method(send_message, _words("chat_id text parse_mode text_styles"), sends=True),
    "sendPhoto": Method(send_photo, _words("chat_id photo caption"), sends=True),
    "sendSticker": Method(send_sticker, _words("chat_id sticker"), sends=True),
    "sendVoice": Method(send_voice, _words("chat_id voice_url"), sends=True),
    "sendChatAction": Method(send_chat_action, _words("chat_id action")),
}
