"""What a phone shows: its messages, main keyboard and command menu, whatever the channel."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from bot.sandbox.choices import Choices, read_choices
from bot.sandbox.phones import Phone


@dataclass(frozen=True)
class Span:
    """A stretch of formatted text; offset and length count UTF-16 units, as JavaScript does."""

    kind: str
    offset: int
    length: int
    url: str = ""


@dataclass(frozen=True)
class Button:
    """A button under a message; `token` is what pressing it sends."""

    label: str
    token: str = ""
    url: str = ""


@dataclass(frozen=True)
class Media:
    """What a message carries besides text; `file` names its content in Files."""

    kind: str
    file: str = ""
    name: str = ""
    mime: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    seconds: int = 0
    latitude: float = 0.0
    longitude: float = 0.0
    thumb: str = ""


@dataclass
class Message:
    """One message of a chat; `text` is the caption where there is media."""

    id: int
    phone: str
    by: str
    at: datetime
    text: str = ""
    spans: tuple[Span, ...] = ()
    media: Media | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    album: str = ""
    reply_to: int = 0
    edited_at: datetime | None = None
    deleted: bool = False

    def data(self) -> dict[str, Any]:
        """The message as JSON can carry it, with the choices its text prints, if any."""
        choices = self.choices()
        data = asdict(self) | {"choices": asdict(choices) if choices.labels else None}
        data["at"] = self.at.isoformat()
        data["edited_at"] = self.edited_at.isoformat() if self.edited_at else None
        return data

    def choices(self) -> Choices:
        """What the text offers as numbered lines."""
        return read_choices(self.text)

    def button(self, label: str) -> Button | None:
        """The first button with this label."""
        wanted = label.strip()
        return next((b for row in self.buttons for b in row if b.label.strip() == wanted), None)


@dataclass(frozen=True)
class Key:
    """A key of the main keyboard; `asks` is "location" where it sends the place."""

    label: str
    asks: str = ""


@dataclass
class Chat:
    """One phone's talk with the service."""

    phone: Phone
    messages: dict[int, Message] = field(default_factory=dict)
    keyboard: tuple[tuple[Key, ...], ...] = ()
    placeholder: str = ""
    opened: bool = False
    blocked: bool = False

    def visible(self) -> list[Message]:
        """Messages that were not deleted, oldest first."""
        return [message for message in self.messages.values() if not message.deleted]

    def newest_printed(self) -> Message | None:
        """The newest message that prints choices into its text."""
        shown = reversed(self.messages.values())
        return next((m for m in shown if m.by == "service" and m.choices().labels), None)

    def newest_with(self, label: str) -> Message | None:
        """The newest message that shows a button with this label."""
        shown = reversed(self.messages.values())
        return next((m for m in shown if not m.deleted and m.button(label)), None)

    def key(self, label: str) -> Key | None:
        """The key of the main keyboard with this label."""
        return next((k for row in self.keyboard for k in row if k.label == label.strip()), None)
