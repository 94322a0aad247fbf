"""One bot as Telegram knows it: its account, updates, menus and open button presses."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any

from starlette.routing import Route

from bot.sandbox.chats import Button, Chat, Message
from bot.sandbox.telegram.arguments import Arguments
from bot.sandbox.telegram.errors import bad_request, forbidden_blocked
from bot.sandbox.telegram.menus import Menus
from bot.sandbox.telegram.shapes import chat_shape, message_shape, stamp, user_shape
from bot.sandbox.telegram.updates import Updates
from bot.sandbox.world import Sound, World

QUERY_SECONDS = 60.0
USERNAME = "sausat_thu_bot"


@dataclass(frozen=True)
class Query:
    """A press that waits for answerCallbackQuery; `at` is monotonic."""

    phone: str
    at: float


class Telegram:
    """The network that carries acts of Telegram phones to the bot as updates."""

    name = "telegram"
    edits = True
    numbers = False
    sound = Sound("voice.oga", "audio/ogg", b"OggS")

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.updates = Updates(world.switches)
        self.menus = Menus(world)
        self.queries: dict[str, Query] = {}
        number = token.partition(":")[0]
        self.me: dict[str, Any] = {
            "id": int(number) if number.isdigit() else 1,
            "is_bot": True,
            "first_name": "Sâu Sát",
            "username": USERNAME,
        }

    def routes(self) -> list[Route]:
        """The Bot API, files, and the hatch for raw updates."""
        from bot.sandbox.telegram import raw, server  # they need this class

        return [*server.routes(self), *raw.routes(self)]

    async def deliver(self) -> None:
        """Post updates while a webhook is set."""
        await self.updates.deliver()

    def close(self) -> None:
        """Let waiting polls go."""
        self.updates.close()

    def opened(self, chat: Chat, code: str) -> str:
        """The link's code comes along as /start CODE."""
        return f"/start {code}".strip()

    def shape(self, chat: Chat, message: Message) -> dict[str, Any]:
        """A message as the Bot API shows it."""
        return message_shape(self.world.files, self.me, chat, message)

    def wrote(self, chat: Chat, message: Message) -> None:
        """The person sent a message."""
        self.updates.put("message", self.shape(chat, message))

    def rewrote(self, chat: Chat, message: Message) -> None:
        """The person edited a message."""
        self.updates.put("edited_message", self.shape(chat, message))

    def pressed(self, chat: Chat, message: Message, button: Button) -> None:
        """The person pressed an inline button; a link tells the bot nothing."""
        if button.url:
            return
        number = str(secrets.randbits(62))
        self.queries[number] = Query(chat.phone.id, time.monotonic())
        query = {
            "id": number,
            "from": user_shape(chat),
            "message": self.shape(chat, message),
            "chat_instance": chat.phone.id,
            "data": button.token,
        }
        self.updates.put("callback_query", query)

    def blocked(self, chat: Chat) -> None:
        """The person blocked the bot or let it in again."""
        was, now = ("member", "kicked") if chat.blocked else ("kicked", "member")
        change = {
            "chat": chat_shape(chat),
            "from": user_shape(chat),
            "date": stamp(self.world.now()),
            "old_chat_member": self._member(was),
            "new_chat_member": self._member(now),
        }
        self.updates.put("my_chat_member", change)

    def _member(self, status: str) -> dict[str, Any]:
        until = {"until_date": 0} if status == "kicked" else {}
        return {"user": self.me, "status": status, **until}

    def menu(self, chat: Chat) -> list[dict[str, str]]:
        """The commands that this phone's menu offers."""
        return self.menus.shown_to(chat)

    def chat(self, args: Arguments, *, writing: bool = True) -> Chat:
        """The chat a call is about: of somebody who opened the bot and did not block it."""
        if not args.has("chat_id"):
            raise bad_request("chat_id is empty")
        chat = self.world.chats.get(args.text("chat_id"))
        if not chat or chat.phone.channel != self.name or not chat.opened:
            raise bad_request("chat not found")
        if writing and chat.blocked:
            raise forbidden_blocked()
        return chat
