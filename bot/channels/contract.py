"""What every channel gives: limits as data, reading, rendering, sending, fetching, listening."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePath
from typing import Any, Literal, Protocol, get_args

from bot.messages import Arrival, Incoming, Outgoing

Payload = dict[str, Any]

Reason = Literal[
    "blocked",  # the person does not want messages from us
    "not_found",  # no such chat, file or message
    "refused",  # the channel says the request is wrong: our mistake, kept for people to see
    "too_many",  # the channel asks to wait
    "unreachable",  # no connection, the channel's server is in trouble, or no answer came
    "unauthorized",  # the token does not count (any more)
    "too_big",  # the channel does not hand out a file of this size
    "out_of_quota",  # what the bot may send in this month is used up
    "window_closed",  # the person wrote too long ago to be written to
    "not_allowed",  # the account's plan or state does not allow this call
]
REASONS: tuple[Reason, ...] = get_args(Reason)


class SendFailed(Exception):
    """A call did not succeed; `doubtful` when the other side may have acted on it all the same."""

    def __init__(
        self,
        reason: Reason,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        doubtful: bool = False,
        detail: str = "",
    ) -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after  # seconds, for the whole bot
        self.doubtful = doubtful
        self.detail = detail


class Malformed(Exception):
    """A payload that is not what the channel documents."""


@dataclass(frozen=True)
class Limits:
    """What a channel can carry."""

    text: int  # UTF-16 units in one message
    caption: int  # UTF-16 units under a file; 0 when files carry no text
    most_buttons: int  # under one message; more choices than this are numbered lines
    edits: bool  # a sent message can be changed
    files: bool  # files can be sent
    writes_first: bool  # a person who never wrote can be reached
    per_second: int  # calls of one bot, evenly paced
    per_chat_second: int  # new messages to one chat
    monthly: int | None = None  # messages of one bot in a month
    people: int | None = None  # who may use one bot
    window: timedelta | None = None  # since the person last wrote; later no message is taken
    takes: frozenset[str] = frozenset({"photo", "voice", "document", "place"})  # from people
    template: bool = False  # a paid notice passes a closed window (Outgoing.template)
    polls: bool = True  # False: what people send is posted to the webhook and cannot be fetched
    redelivers: bool = True  # False: a poll hands a payload out once, stored or not
    endings: tuple[str, ...] = ()  # of files that can be sent, ".pdf"; none named: any
    file_bytes: int | None = None  # of one file that can be sent

    @property
    def buttons(self) -> bool:
        """False: choices are always numbered lines."""
        return self.most_buttons > 0

    def carries(self, path: str) -> bool:
        """Whether a file of this name can be sent."""
        return self.files and (not self.endings or PurePath(path).suffix.lower() in self.endings)


@dataclass(frozen=True)
class Menu:
    """What a role finds at hand: the commands, and the rows of the main keyboard."""

    role: str
    keyboard: tuple[tuple[str, ...], ...] = ()  # labels
    commands: tuple[tuple[str, str], ...] = ()  # command, description


@dataclass(frozen=True)
class Call:
    """One rendered request. `fresh`: a new message, which the chat's own pace binds.

    `file` is a path under SAUSAT_FILES, `name` what its reader sees it called. A call that is not
    `needed` may fail for good without the message having failed. `instead` is sent when the message
    to be edited is no more.
    """

    method: str
    params: Payload = field(default_factory=dict)
    file: str = ""
    name: str = ""
    fresh: bool = True
    needed: bool = True
    instead: "Call | None" = None


class Channel(Protocol):
    """One channel with one bot on it. A channel translates and does nothing else."""

    name: str  # "telegram"
    bot: str  # channel and bot id, "telegram:123456"
    limits: Limits

    def external_id(self, payload: Payload) -> str:
        """What makes this payload unique within the bot, for any payload, malformed ones too."""

    def read(self, payload: Payload) -> list[Arrival]:
        """What the payload says; empty when it says nothing to us. Pure; raises Malformed."""

    def render(
        self,
        message: Outgoing,
        *,
        menu: Menu | None = None,
        edits: Sequence[str] = (),
        numbered: bool = True,
    ) -> list[Call]:
        """The calls that carry the message; pure.

        `edits` are the channel's ids of the message to be changed in place. `numbered` False:
        where choices are numbered lines, print none (something else owns the numbers now).
        """

    async def send(self, address: str, call: Call) -> str:
        """Do one call for one chat; the channel's own message id, "" when there is none.

        Raises SendFailed and nothing else for what the other side does.
        """

    async def fetch(self, reference: str) -> bytes:
        """A photo or file by the channel's reference; raises SendFailed."""

    async def acknowledge(self, incoming: Incoming) -> None:
        """Tell the phone that its tap arrived; what goes wrong here is of no consequence."""

    async def poll(self, cursor: str) -> tuple[list[Payload], str]:
        """Wait for payloads after the cursor ("" at first) and the cursor that confirms them.

        They are confirmed by the next call only, or never where nothing is redelivered: the
        cursor then stays "". Raises SendFailed.
        """

    async def listen(self, url: str) -> None:
        """Have payloads posted to this address, or to none ("") so that `poll` works."""

    def genuine(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether a posted payload carries the channel's proof (headers in lower case)."""

    async def close(self) -> None:
        """Let connections go."""
