"""What passes between a person and the service, in no channel's own words."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePath
from typing import Any, Literal


class Rejected(Exception):
    """A sentence for the person who sent something that cannot be used; never an error in a log."""


@dataclass(frozen=True)
class Media:
    """A photo, voice note or document, by the channel's own reference."""

    kind: Literal["photo", "voice", "document"]
    reference: str
    name: str = ""
    mime: str = ""
    size: int | None = None  # bytes
    seconds: int | None = None  # of a voice note


@dataclass(frozen=True)
class Place:
    """A point on the map, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Incoming:
    """One message or tap of a person."""

    text: str = ""  # typed, or the caption of the media
    token: str = ""  # of a pressed button
    stands_under: str = ""  # the channel's id of the message whose button was pressed
    media: Media | None = None
    album: str = ""  # the channel's id of the album this belongs to
    more: bool = False  # others sent with it follow at once, and the last of them is answered
    place: Place | None = None
    unreadable: bool = False  # something came of which the channel does not say what it is
    edits: bool = False  # a new wording of the message with the same `message_id`
    message_id: str = ""  # the channel's id of this message in its chat
    sent_at: datetime | None = None
    sender_name: str = ""
    private: bool = True
    blocked: bool | None = None  # the person stopped (True) or allowed (False) messages
    callback_id: str = ""  # to be answered by the channel when a button was pressed


@dataclass(frozen=True)
class Option:
    """One choice: what is shown, and what comes back (at most 64 bytes in UTF-8)."""

    label: str
    token: str
    url: str = ""


@dataclass(frozen=True)
class Outgoing:
    """One message for a person, before a channel renders it.

    `rows` are buttons (numbered lines where a channel has none). `about` is (kind, id).
    `edits` names the outbox row whose message is changed in place where the channel can.
    """

    text: str
    rows: tuple[tuple[Option, ...], ...] = ()
    kind: str = "answer"  # prompt, receipt, answer, notice, reminder, digest, urgent
    person_id: int | None = None  # None: the account that wrote
    account_id: int | None = None  # this one, whoever wrote
    about: tuple[str, int] | None = None
    files: tuple[str, ...] = ()  # paths under SAUSAT_FILES, sent with the text as caption
    names: tuple[tuple[str, str], ...] = ()  # (path, name) of files not shown by their path's name
    menu: str = ""  # role whose commands and keyboard go with it ("" leaves them as they are)
    edits: int | None = None
    replaces: int | None = None
    not_before: datetime | None = None
    expires_at: datetime | None = None
    template: bool = False  # sent as the channel's paid notice, which a closed window lets through
    preview: bool = False  # link previews stay off
    wants: tuple[str, int] | None = None  # (photos, place or restricted; draft or 0)

    def with_row(self, *options: Option) -> "Outgoing":
        """The same message with one more row of buttons; none for no options."""
        return replace(self, rows=(*self.rows, options)) if options else self

    def name_of(self, path: str) -> str:
        """What whoever gets this file sees it called."""
        return dict(self.names).get(path) or PurePath(path).name

    def to_json(self) -> dict[str, Any]:
        """What an outbox row keeps: the fields a channel needs to render it."""
        body: dict[str, Any] = {"text": self.text}
        if self.rows:
            body["rows"] = [[_option(o) for o in row] for row in self.rows]
        if self.files:
            body["files"] = list(self.files)
        if self.names:
            body["names"] = dict(self.names)
        if self.menu:
            body["menu"] = self.menu
        if self.wants:
            body["wants"] = list(self.wants)
        if self.template:
            body["template"] = True
        return body

    @staticmethod
    def from_json(body: dict[str, Any]) -> "Outgoing":
        """The message an outbox row keeps."""
        rows = tuple(tuple(Option(*o) for o in row) for row in body.get("rows", ()))
        wants = body.get("wants")
        return Outgoing(
            body["text"],
            rows,
            files=tuple(body.get("files", ())),
            names=tuple(body.get("names", {}).items()),
            menu=body.get("menu", ""),
            template=body.get("template", False),
            wants=(wants[0], wants[1]) if wants else None,
        )


PRIORITY = {
    "urgent": 0,
    "prompt": 1,
    "receipt": 1,
    "answer": 1,
    "edit": 2,
    "notice": 5,
    "reminder": 6,
}
"""What goes first; what is not named here (a digest) goes last, 9."""

HELD = ("line", "named_reminder")
"""Kinds that are not sent by themselves: the person's morning message takes them in."""


@dataclass(frozen=True)
class Arrival:
    """One incoming message with where it came from; `external_id` is unique within the bot."""

    account: str
    external_id: str
    incoming: Incoming
    display_name: str = field(default="", compare=False)


def _option(option: Option) -> list[str]:
    values = [option.label, option.token]
    return [*values, option.url] if option.url else values
