"""One Official Account as Zalo knows it: tokens, the seven-day window, quota, webhook."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.routing import Route

from bot.sandbox import zalo
from bot.sandbox.chats import Button, Chat, Message
from bot.sandbox.world import SERVICE, World
from bot.sandbox.zalo_oa import events
from bot.sandbox.zalo_oa.errors import NOT_FOLLOWER, WINDOW_CLOSED
from bot.sandbox.zalo_oa.events import CHANNEL
from bot.sandbox.zalo_oa.tokens import LIFE, Tokens
from bot.sandbox.zalo_oa.webhook import Webhook

FREE = 8
FREE_FOR = timedelta(hours=48)


@dataclass(frozen=True)
class OfficialAccount:
    """What a sandbox is told of its account.

    `refresh_token` is the first one; `webhook` is where events are posted, and may be set later;
    `window_days` 0 never closes the window; `token_life` is in seconds.
    """

    app_id: str
    app_secret: str
    secret_key: str
    refresh_token: str
    webhook: str = ""
    oa_id: str = "4318000000000000001"
    window_days: int = 7
    token_life: int = LIFE
    template_id: str = "demo"


class ZaloOA:
    """The network that carries acts of phones to an Official Account as posted events."""

    name = CHANNEL
    edits = False
    numbers = True
    sound = zalo.SOUND

    def __init__(self, world: World, account: OfficialAccount) -> None:
        self.world = world
        self.account = account
        self.tokens = Tokens(
            account.app_id, account.app_secret, account.refresh_token, account.token_life
        )
        self.webhook = Webhook(world, account.app_id, account.secret_key, account.webhook)
        self.uploads: dict[str, str] = {}  # attachment id or token: the file's id
        self._ids: dict[int, str] = {}
        self._heard: dict[str, datetime] = {}
        self._free: dict[str, int] = {}

    def routes(self) -> list[Route]:
        """The interface, the media, and the hatch for raw events."""
        from bot.sandbox.zalo_oa.server import routes  # it needs this class

        return routes(self)

    async def deliver(self) -> None:
        """Post events."""
        await self.webhook.deliver()

    def close(self) -> None:
        """The server is stopping."""
        self.webhook.close()

    def opened(self, chat: Chat, code: str) -> str:
        """The person follows the account; a code is then typed."""
        chat.opened = True
        self._heard_from(chat)
        self._put(events.follow(chat, self.account.oa_id, follows=True))
        return code

    def wrote(self, chat: Chat, message: Message) -> None:
        """The person sent a message."""
        self._send(chat, *events.written(self.world, message, self.id_of(message)))

    def rewrote(self, chat: Chat, message: Message) -> None:
        """A phone here cannot edit what it sent."""

    def pressed(self, chat: Chat, message: Message, button: Button) -> None:
        """The person tapped a button: its payload is sent as a text, a link tells nothing."""
        if not button.url:
            self._send(chat, *events.tapped(button.token, zalo.new_id()))

    def blocked(self, chat: Chat) -> None:
        """The person left the account or follows it again, which counts as hearing from them."""
        if not chat.blocked:
            self._heard_from(chat)
        self._put(events.follow(chat, self.account.oa_id, follows=not chat.blocked))

    def menu(self, chat: Chat) -> list[dict[str, str]]:
        """The account's menu is made by hand in its console."""
        return []

    def id_of(self, message: Message) -> str:
        """Zalo's own id of a message."""
        return self._ids.setdefault(message.id, zalo.new_id())

    def _send(self, chat: Chat, name: str, message: dict[str, Any]) -> None:
        self._heard_from(chat)
        event = {
            "sender": {"id": chat.phone.id},
            "recipient": {"id": self.account.oa_id},
            "user_id_by_app": f"{chat.phone.id}9",
            "event_name": name,
            "message": message,
        }
        self._put(event)

    def _put(self, event: dict[str, Any]) -> None:
        stamped = {"app_id": self.account.app_id, "timestamp": str(zalo.stamp(self.world.now()))}
        self.webhook.put(event | stamped)

    def _heard_from(self, chat: Chat) -> None:
        self._heard[chat.phone.id] = self.world.now()
        self._free[chat.phone.id] = FREE

    def heard(self, chat: Chat) -> datetime:
        """When the person last did something; a phone that starts opened just did."""
        return self._heard.setdefault(chat.phone.id, self.world.now())

    def follower(self, user_id: str) -> Chat:
        """The chat with somebody who follows the account."""
        chat = self.world.chats.get(user_id)
        if not chat or chat.phone.channel != self.name or not chat.opened or chat.blocked:
            raise NOT_FOLLOWER
        return chat

    def check_window(self, chat: Chat) -> None:
        """Refuse what comes later than the window allows."""
        days = self.account.window_days
        if days and self.world.now() - self.heard(chat) > timedelta(days=days):
            raise WINDOW_CLOSED

    def quota(self, chat: Chat) -> dict[str, Any]:
        """What is left of the free messages, and when they end."""
        left = self._free.setdefault(chat.phone.id, FREE)
        end = self.heard(chat) + FREE_FOR
        kind = "reply" if left else "sub_quota"
        return {
            "quota_type": kind,
            "remain": str(left),
            "total": str(FREE),
            "expired_date": f"{end:%d/%m/%Y}",
            "owner_type": "OA",
            "owner_id": self.account.oa_id,
        }

    def show(self, chat: Chat, **content: Any) -> dict[str, Any]:
        """Put a message of the service on the phone; what Zalo answers."""
        message = self.world.add_message(chat, SERVICE, **content)
        self.world.rates.note(chat.phone.id)
        self._free[chat.phone.id] = max(self._free.get(chat.phone.id, FREE) - 1, 0)
        return {
            "message_id": self.id_of(message),
            "user_id": chat.phone.id,
            "sent_time": str(zalo.stamp(message.at)),
            "quota": self.quota(chat),
        }
