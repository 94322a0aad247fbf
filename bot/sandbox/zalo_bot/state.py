"""One bot as the Zalo Bot Platform knows it: its account, events and quota."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from bot.sandbox import zalo
from bot.sandbox.chats import Button, Chat, Message
from bot.sandbox.world import SERVICE, World
from bot.sandbox.zalo_bot import events
from bot.sandbox.zalo_bot.errors import QUOTA, bad_request
from bot.sandbox.zalo_bot.events import CHANNEL
from bot.sandbox.zalo_bot.updates import Updates

MONTHLY = 3000
GREETING = "Xin chào"


class ZaloBot:
    """The network that carries acts of Zalo phones to a bot, which knows no buttons."""

    name = CHANNEL
    edits = False
    numbers = True
    sound = zalo.SOUND

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.updates = Updates(world)
        self.sent = 0
        self.ids: dict[int, str] = {}
        self.me: dict[str, Any] = {
            "id": token.partition(":")[0],
            "account_name": "bot.sausat",
            "account_type": "BASIC",
            "can_join_groups": False,
        }

    def routes(self) -> list[Route]:
        """The interface, the media, and the hatch for raw events."""
        from bot.sandbox.zalo_bot.server import routes  # it needs this class

        return routes(self)

    async def deliver(self) -> None:
        """Post events while a webhook is set."""
        await self.updates.deliver()

    def close(self) -> None:
        """Let waiting polls go."""
        self.updates.close()

    def opened(self, chat: Chat, code: str) -> str:
        """No link carries a code along: a person types it, or any first word."""
        return code or GREETING

    def wrote(self, chat: Chat, message: Message) -> None:
        """The person sent a message."""
        self.updates.put(events.event(self.world, chat, message, self.id_of(message)))

    def id_of(self, message: Message) -> str:
        """The platform's own id of a message."""
        return self.ids.setdefault(message.id, zalo.new_id())

    def rewrote(self, chat: Chat, message: Message) -> None:
        """A phone here cannot edit what it sent."""

    def pressed(self, chat: Chat, message: Message, button: Button) -> None:
        """There are no buttons to press."""

    def blocked(self, chat: Chat) -> None:
        """The bot is told nothing."""

    def menu(self, chat: Chat) -> list[dict[str, str]]:
        """There is no menu of commands."""
        return []

    def chat(self, chat_id: str) -> Chat:
        """The chat with somebody who wrote before and did not block the bot."""
        if not chat_id:
            raise bad_request("The chat_id must not be empty")
        chat = self.world.chats.get(chat_id)
        if not chat or chat.phone.channel != self.name or not chat.opened or chat.blocked:
            raise bad_request("The chat_id is invalid")
        return chat

    def show(self, chat: Chat, **content: Any) -> dict[str, Any]:
        """Put a message of the service on the phone; what the platform answers."""
        if self.sent >= MONTHLY:
            raise QUOTA
        self.sent += 1
        message = self.world.add_message(chat, SERVICE, **content)
        self.world.rates.note(chat.phone.id)
        return {"message_id": self.id_of(message), "date": zalo.stamp(message.at)}
