"""The sandbox's state: phones and their chats, the record, and what both sides do to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Protocol

from starlette.routing import Route

from bot.sandbox.chats import Button, Chat, Key, Media, Message, Span
from bot.sandbox.clock import Clock
from bot.sandbox.files import Files
from bot.sandbox.phones import Phone
from bot.sandbox.rates import Rates
from bot.sandbox.record import Record
from bot.sandbox.switches import Switches

PERSON = "person"
SERVICE = "service"


@dataclass(frozen=True)
class Sound:
    """What an empty recording is on a channel."""

    name: str
    mime: str
    content: bytes


class Network(Protocol):
    """What carries a person's acts to the service: one for each protocol."""

    name: str
    edits: bool  # a phone can change what it sent
    numbers: bool  # choices may be printed as numbered lines, to be answered by a number
    sound: Sound

    def routes(self) -> list[Route]:
        """The protocol's addresses."""

    async def deliver(self) -> None:
        """Post what is to be posted, until cancelled."""

    def close(self) -> None:
        """Let waiting calls go: the server is stopping."""

    def opened(self, chat: Chat, code: str) -> str:
        """The phone opened the service, by an invitation or without: the text it then sends."""

    def wrote(self, chat: Chat, message: Message) -> None:
        """The person sent a message."""

    def rewrote(self, chat: Chat, message: Message) -> None:
        """The person edited a message."""

    def pressed(self, chat: Chat, message: Message, button: Button) -> None:
        """The person pressed a button under a message."""

    def blocked(self, chat: Chat) -> None:
        """The person blocked the service or let it in again."""

    def menu(self, chat: Chat) -> list[dict[str, str]]:
        """The commands that this phone's menu offers."""


class World:
    """Everything the sandbox holds; all of it lives in one event loop."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.record = Record()
        self.files = Files()
        self.switches = Switches()
        self.rates = Rates()
        self.chats: dict[str, Chat] = {}
        self.networks: dict[str, Network] = {}
        self.address = ""  # where this server was last called
        self._ids = count(1)

    def now(self) -> datetime:
        """The service's time."""
        return self.clock.now()

    def network(self, chat: Chat) -> Network:
        """The protocol this phone speaks."""
        return self.networks[chat.phone.channel]

    def note(self, kind: str, phone: str = "", **data: Any) -> None:
        """Write an event into the record."""
        self.record.add(kind, phone, at=self.now(), **data)

    def add_phone(self, phone: Phone) -> Chat:
        """Put a phone on the table; the same id again changes its name and role only."""
        known = self.chats.get(phone.id)
        if known:
            known.phone = phone
            known.opened = known.opened or phone.opened
            return known
        self.chats[phone.id] = Chat(phone=phone, opened=phone.opened)
        return self.chats[phone.id]

    def add_message(
        self,
        chat: Chat,
        by: str,
        *,
        text: str = "",
        spans: tuple[Span, ...] = (),
        media: Media | None = None,
        buttons: tuple[tuple[Button, ...], ...] = (),
        album: str = "",
        reply_to: int = 0,
        pressed: str = "",
    ) -> Message:
        """A new message of either side, shown on the phone and written down.

        `pressed` is the label of what the person chose instead of writing.
        """
        message = Message(
            id=next(self._ids),
            phone=chat.phone.id,
            by=by,
            at=self.now(),
            text=text,
            spans=spans,
            media=media,
            buttons=buttons,
            album=album,
            reply_to=reply_to,
        )
        chat.messages[message.id] = message
        self.note("message", chat.phone.id, message=message.data(), pressed=pressed)
        return message

    def edit_message(
        self,
        message: Message,
        *,
        text: str | None = None,
        spans: tuple[Span, ...] | None = None,
        buttons: tuple[tuple[Button, ...], ...] | None = None,
    ) -> None:
        """Change a message in place; None leaves that part as it is."""
        message.text = message.text if text is None else text
        message.spans = message.spans if spans is None else spans
        message.buttons = message.buttons if buttons is None else buttons
        message.edited_at = self.now()
        self.note("edited", message.phone, message=message.data())

    def delete_message(self, message: Message) -> None:
        """Take a message off the phone."""
        message.deleted = True
        self.note("deleted", message.phone, message_id=message.id)

    def set_keyboard(self, chat: Chat, rows: tuple[tuple[Key, ...], ...], placeholder: str) -> None:
        """Show another main keyboard on the phone; no rows take it away."""
        chat.keyboard, chat.placeholder = rows, placeholder
        keys = [[{"label": key.label, "asks": key.asks} for key in row] for row in rows]
        self.note("keyboard", chat.phone.id, keyboard=keys, placeholder=placeholder)
