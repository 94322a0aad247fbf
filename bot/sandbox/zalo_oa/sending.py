"""message/cs and message/template: what they take, with the limits of the documents."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx

from bot.sandbox import zalo
from bot.sandbox.chats import Button, Chat, Media
from bot.sandbox.files import picture_size
from bot.sandbox.zalo_oa.errors import (
    LOW_TIER,
    OLD_ATTACHMENT,
    UNSUPPORTED_MESSAGE,
    invalid,
)
from bot.sandbox.zalo_oa.events import CHANNEL
from bot.sandbox.zalo_oa.state import ZaloOA

TEXT_LIMIT = 2000
BUTTON_LIMIT = 5
TITLE_LIMIT = 100
PAYLOAD_LIMIT = 1000
QUERIES = ("oa.query.hide", "oa.query.show")
NOTICE_BUTTON = Button("Xem", token="việc")  # as an office would have it in its template

Fields = dict[str, Any]


async def send(oa: ZaloOA, fields: Fields) -> Fields:
    """message/cs: text, buttons, one picture or one file."""
    chat = oa.follower(str(_part(fields, "recipient").get("user_id", "")))
    message = _part(fields, "message")
    _refuse_unknown(message, {"text", "attachment", "quote_message_id"})
    oa.check_window(chat)
    text = _text(message)
    attachment = message.get("attachment")
    if attachment is None:
        if not text.strip():
            raise invalid("text is empty")
        return oa.show(chat, text=text)
    return await _attached(oa, chat, text, attachment)


def send_template(oa: ZaloOA, fields: Fields) -> Fields:
    """message/template: a form that Zalo approved, also to those who have long been silent."""
    _refuse_unknown(fields, {"user_id", "template_id", "template_data", "tracking_id"})
    chat = oa.follower(str(fields.get("user_id", "")))
    if str(fields.get("template_id", "")) != oa.account.template_id:
        raise invalid("template_id")
    data = fields.get("template_data")
    if not isinstance(data, dict):
        raise invalid("template_data")
    text = "\n".join(str(value) for value in data.values()) or "Có thông báo mới."
    return oa.show(chat, text=text, buttons=((NOTICE_BUTTON,),))


async def _attached(oa: ZaloOA, chat: Chat, text: str, attachment: Any) -> Fields:
    payload = attachment.get("payload") if isinstance(attachment, dict) else None
    if not isinstance(payload, dict):
        raise invalid("attachment")
    if attachment.get("type") == "file":
        return oa.show(chat, media=_uploaded(oa, "document", str(payload.get("token", ""))))
    if attachment.get("type") != "template":
        raise UNSUPPORTED_MESSAGE
    if payload.get("template_type") == "media":
        return oa.show(chat, text=text, media=await _picture(oa, payload))
    if "template_type" in payload or "buttons" not in payload:
        raise UNSUPPORTED_MESSAGE
    return oa.show(chat, text=text, buttons=_buttons(oa, payload["buttons"]))


def _buttons(oa: ZaloOA, raw: Any) -> tuple[tuple[Button, ...], ...]:
    if zalo.asked(oa.world, CHANNEL, "message/cs", "low_tier"):
        raise LOW_TIER
    if not isinstance(raw, list) or not 1 <= len(raw) <= BUTTON_LIMIT:
        raise invalid(f"buttons must be 1 to {BUTTON_LIMIT}")
    return tuple((_button(each),) for each in raw)


def _button(raw: Any) -> Button:
    _refuse_unknown(raw, {"title", "type", "payload", "image_icon"})
    title = str(raw.get("title", ""))
    if not title.strip() or len(title) > TITLE_LIMIT:
        raise invalid("button title")
    payload = raw.get("payload")
    if raw.get("type") in QUERIES:
        if not isinstance(payload, str) or not 1 <= len(payload) <= PAYLOAD_LIMIT:
            raise invalid("button payload")
        return Button(title, token=payload)
    if raw.get("type") == "oa.open.url" and isinstance(payload, dict):
        url = str(payload.get("url", ""))
        if urlsplit(url).scheme not in ("http", "https"):
            raise invalid("button url")
        return Button(title, url=url)
    raise invalid("button type")


async def _picture(oa: ZaloOA, payload: Fields) -> Media:
    elements = payload.get("elements")
    one = elements[0] if isinstance(elements, list) and len(elements) == 1 else None
    if not isinstance(one, dict) or one.get("media_type") not in ("image", "gif"):
        raise invalid("elements")
    if one.get("attachment_id"):
        return _uploaded(oa, "photo", str(one["attachment_id"]))
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
            content = (await client.get(str(one.get("url", "")))).raise_for_status().content
    except (httpx.HTTPError, httpx.InvalidURL):
        raise invalid("url") from None
    file = oa.world.files.put(content, folder="photos", name="anh.jpg")
    width, height = picture_size(content) or (800, 600)
    return Media("photo", file.id, mime=file.mime, width=width, height=height)


def _uploaded(oa: ZaloOA, kind: str, token: str) -> Media:
    file = oa.world.files.by_id.get(oa.uploads.get(token, ""))
    if not file:
        raise OLD_ATTACHMENT
    return Media(kind, file.id, name=file.name, mime=file.mime, size=len(file.content))


def _text(message: Fields) -> str:
    text = str(message.get("text", ""))
    if zalo.units(text) > TEXT_LIMIT:
        raise invalid(f"text is longer than {TEXT_LIMIT} characters")
    return text


def _part(fields: Fields, name: str) -> Fields:
    part = fields.get(name)
    if not isinstance(part, dict):
        raise invalid(name)
    return part


def _refuse_unknown(fields: Any, known: set[str]) -> None:
    """Stricter than Zalo, so that a typo shows."""
    if not isinstance(fields, dict):
        raise invalid("object expected")
    if unknown := sorted(set(fields) - known):
        raise invalid(f'unknown field "{unknown[0]}"')
