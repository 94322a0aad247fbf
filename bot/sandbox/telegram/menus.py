"""Command menus by scope and language, and which of them a phone shows."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.chats import Chat
from bot.sandbox.telegram.arguments import Arguments
from bot.sandbox.telegram.errors import bad_request
from bot.sandbox.world import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMAND_LIMIT = 100
DESCRIPTION_LIMIT = 256
SCOPES = {
    "default": 0,
    "all_private_chats": 0,
    "all_group_chats": 0,
    "all_chat_administrators": 0,
    "chat": 1,
    "chat_administrators": 1,
    "chat_member": 2,
}


class Menus:
    """The menus that were set; a narrower scope wins over a wider one."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._menus: dict[tuple[str, str], list[dict[str, str]]] = {}

    def set(self, args: Arguments) -> None:
        """setMyCommands."""
        commands = _read_commands(args.parsed("commands"))
        self._menus[self._key(args)] = commands
        self._tell()

    def get(self, args: Arguments) -> list[dict[str, str]]:
        """getMyCommands: this very scope and language, no wider one."""
        return self._menus.get(self._key(args), [])

    def delete(self, args: Arguments) -> None:
        """deleteMyCommands."""
        self._menus.pop(self._key(args), None)
        self._tell()

    def shown_to(self, chat: Chat) -> list[dict[str, str]]:
        """What a phone set to Vietnamese shows."""
        kind = "all_group_chats" if chat.phone.id.startswith("-") else "all_private_chats"
        for scope in (f"chat {chat.phone.id}", kind, "default"):
            for language in ("vi", ""):
                if menu := self._menus.get((scope, language)):
                    return menu
        return []

    def _tell(self) -> None:
        for chat in self._world.chats.values():
            if chat.phone.channel == "telegram":
                self._world.note("menu", chat.phone.id, menu=self.shown_to(chat))

    def _key(self, args: Arguments) -> tuple[str, str]:
        scope: Any = args.parsed("scope") or {"type": "default"}
        kind = scope.get("type") if isinstance(scope, dict) else None
        if kind not in SCOPES:
            raise bad_request("can't parse BotCommandScope: unsupported type specified")
        if not SCOPES[kind]:
            return kind, args.text("language_code")
        chat = self._world.chats.get(str(scope.get("chat_id", "")))
        if not chat or not chat.opened:
            raise bad_request("chat not found")
        return f"{kind} {chat.phone.id}", args.text("language_code")


def _read_commands(raw: Any) -> list[dict[str, str]]:
    if not isinstance(raw, list):
        raise bad_request("expected an Array of BotCommand")
    if len(raw) > COMMAND_LIMIT:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = []
    for each in raw:
        if not isinstance(each, dict) or set(each) - {"command", "description"}:
            raise bad_request("can't parse BotCommand: expected command and description alone")
        command = str(each.get("command", "")).lstrip("/")
        if not COMMAND.fullmatch(command):
            raise bad_request("BOT_COMMAND_INVALID")
        description = str(each.get("description", "")).strip()
        if not 1 <= len(description) <= DESCRIPTION_LIMIT:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        commands.append({"command": command, "description": description})
    return commands
