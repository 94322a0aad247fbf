"""reply_markup: inline buttons and the main keyboard, read with Telegram's limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.chats import Button, Key
from bot.sandbox.telegram.arguments import Arguments
from bot.sandbox.telegram.errors import ApiError, bad_request

INLINE_LIMIT = 100
DATA_LIMIT = 64

MARKUP_FIELDS = {
    "inline_keyboard": {"inline_keyboard"},
    "keyboard": {
        "keyboard",
        "is_persistent",
        "resize_keyboard",
        "one_time_keyboard",
        "input_field_placeholder",
        "selective",
    },
    "remove_keyboard": {"remove_keyboard", "selective"},
    "force_reply": {"force_reply", "input_field_placeholder", "selective"},
}
INLINE_FIELDS = {"text", "url", "callback_data", "web_app", "login_url", "copy_text"} | {
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "callback_game",
    "pay",
    "icon_custom_emoji_id",
    "style",
}
KEY_FIELDS = {"text", "request_users", "request_chat", "request_contact", "request_location"} | {
    "request_poll",
    "web_app",
    "icon_custom_emoji_id",
    "style",
}


@dataclass(frozen=True)
class Markup:
    """What reply_markup asks for; None leaves that keyboard as it is."""

    buttons: tuple[tuple[Button, ...], ...] | None = None
    keyboard: tuple[tuple[Key, ...], ...] | None = None
    placeholder: str = ""


def read_markup(args: Arguments) -> Markup:
    """The call's reply_markup."""
    raw = args.parsed("reply_markup")
    if raw is None:
        return Markup()
    if not isinstance(raw, dict):
        raise bad_request("object expected as reply markup")
    kind = next((name for name in MARKUP_FIELDS if name in raw), "")
    if not kind and not raw:
        return Markup()
    _refuse_unknown(raw, MARKUP_FIELDS.get(kind, set()))
    if kind == "inline_keyboard":
        return Markup(buttons=_inline_rows(_rows(raw, kind)))
    if kind == "keyboard":
        rows = tuple(tuple(_key(each) for each in row) for row in _rows(raw, kind) if row)
        return Markup(keyboard=rows, placeholder=raw.get("input_field_placeholder", ""))
    if kind == "remove_keyboard":
        return Markup(keyboard=())
    return Markup(placeholder=raw.get("input_field_placeholder", ""))


def _rows(raw: dict[str, Any], name: str) -> list[list[Any]]:
    rows = raw[name]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f'field "{name}" of the InlineKeyboardMarkup must be an Array of Arrays')
    return rows


def _inline_rows(rows: list[list[Any]]) -> tuple[tuple[Button, ...], ...]:
    if sum(map(len, rows)) > INLINE_LIMIT:
        raise bad_request("reply markup is too long")
    return tuple(tuple(_inline_button(each) for each in row) for row in rows if row)


def _inline_button(raw: Any) -> Button:
    if not isinstance(raw, dict):
        raise _unparsable("Inline keyboard button must be an Object")
    _refuse_unknown(raw, INLINE_FIELDS)
    label = str(raw.get("text", ""))
    if not label.strip():
        raise _unparsable("Text must be non-empty")
    if "url" in raw:
        return Button(label, url=_checked_url(str(raw["url"])))
    if "callback_data" not in raw:
        raise _unparsable("Text buttons are unallowed in the inline keyboard")
    data = str(raw["callback_data"])
    if not 1 <= len(data.encode()) <= DATA_LIMIT:
        raise bad_request("BUTTON_DATA_INVALID")
    return Button(label, token=data)


def _checked_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https", "tg") or not parts.netloc:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return url


def _key(raw: Any) -> Key:
    if isinstance(raw, str):
        return Key(raw)
    if not isinstance(raw, dict) or not str(raw.get("text", "")):
        raise bad_request("can't parse keyboard button: Text must be non-empty")
    _refuse_unknown(raw, KEY_FIELDS)
    return Key(str(raw["text"]), "location" if raw.get("request_location") else "")


def _refuse_unknown(raw: dict[str, Any], known: set[str]) -> None:
    """Stricter than Telegram, which ignores what it does not know: a typo shall be found."""
    if unknown := sorted(set(raw) - known):
        raise bad_request(f'unknown field "{unknown[0]}" in reply markup')


def _unparsable(words: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {words}")
