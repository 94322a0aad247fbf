"""The methods about the bot itself: who it is, how it gets updates, menus, files."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.telegram.arguments import Arguments
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.telegram.shapes import file_shape
from bot.sandbox.telegram.state import Telegram
from bot.sandbox.telegram.updates import Webhook

DOWNLOAD_BYTES = 20 * 1024 * 1024
LONGEST_POLL = 50
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def get_me(bot: Telegram, args: Arguments) -> dict[str, Any]:
    """getMe."""
    return bot.me | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(bot: Telegram, args: Arguments) -> list[dict[str, Any]]:
    """getUpdates."""
    _remember_allowed(bot, args)
    limit = args.integer("limit", 100)
    return await bot.updates.take(
        offset=args.integer("offset"),
        limit=limit if 1 <= limit <= 100 else 100,
        seconds=min(max(args.integer("timeout"), 0), LONGEST_POLL),
    )


def set_webhook(bot: Telegram, args: Arguments) -> bool:
    """setWebhook; unlike Telegram, plain HTTP is taken, since all of this stays on one machine."""
    url = args.text("url")
    secret = args.text("secret_token")
    if url and urlsplit(url).scheme not in ("http", "https"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _remember_allowed(bot, args)
    hook = Webhook(url, secret, args.integer("max_connections", 40), args.text("ip_address"))
    bot.updates.set_webhook(hook if url else None, drop_pending=args.flag("drop_pending_updates"))
    return True


def delete_webhook(bot: Telegram, args: Arguments) -> bool:
    """deleteWebhook."""
    bot.updates.set_webhook(None, drop_pending=args.flag("drop_pending_updates"))
    return True


def get_webhook_info(bot: Telegram, args: Arguments) -> dict[str, Any]:
    """getWebhookInfo."""
    hook = bot.updates.webhook or Webhook("")
    info: dict[str, Any] = {
        "url": hook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(bot.updates.pending),
    }
    if hook.url:
        info["max_connections"] = hook.max_connections
    if hook.last_error:
        info |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
    if bot.updates.allowed:
        info["allowed_updates"] = list(bot.updates.allowed)
    return info


def get_file(bot: Telegram, args: Arguments) -> dict[str, Any]:
    """getFile: up to 20 MB."""
    if not args.has("file_id"):
        raise bad_request("file_id not specified")
    file = bot.world.files.by_id.get(args.text("file_id"))
    if not file:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(file.content) > DOWNLOAD_BYTES:
        raise bad_request("file is too big")
    return file_shape(file) | {"file_path": file.path}


def set_my_commands(bot: Telegram, args: Arguments) -> bool:
    """setMyCommands."""
    bot.menus.set(args)
    return True


def get_my_commands(bot: Telegram, args: Arguments) -> list[dict[str, str]]:
    """getMyCommands."""
    return bot.menus.get(args)


def delete_my_commands(bot: Telegram, args: Arguments) -> bool:
    """deleteMyCommands."""
    bot.menus.delete(args)
    return True


def set_chat_menu_button(bot: Telegram, args: Arguments) -> bool:
    """setChatMenuButton: the phones always show the commands, so only the kind is checked."""
    if args.has("chat_id"):
        bot.chat(args, writing=False)
    button = args.parsed("menu_button") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in ("commands", "default", "web_app"):
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    return True


def _remember_allowed(bot: Telegram, args: Arguments) -> None:
    allowed = args.parsed("allowed_updates")
    if isinstance(allowed, list):
        bot.updates.allowed = tuple(map(str, allowed))
