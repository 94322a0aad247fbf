"""What every noun of the desk takes and gives back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.messages import Incoming, Outgoing
from storage.scope import Viewer


@dataclass(frozen=True)
class Code:
    """A code such as KN-312; `kind` is its two letters."""

    kind: str
    number: int
    year: int | None = None  # only of a summary, TH-10/2026

    def __str__(self) -> str:
        return f"{self.kind}-{self.number}" + (f"/{self.year}" if self.year else "")


@dataclass(frozen=True)
class Words:
    """A message outside a form, taken apart: "sửa CS-1437 …", "KN-312 giao Sở …", "/viec".

    `command` is folded and without a slash ("sua"); `rest` keeps its marks. A pressed button
    arrives the same way, because its token is what a person could type.
    """

    incoming: Incoming
    command: str = ""
    code: Code | None = None
    rest: str = ""
    inbox_id: int | None = None
    account_id: int | None = None


@dataclass(frozen=True)
class Start:
    """Begin a form, with some answers already known (values by question name)."""

    form: str
    answers: dict[str, Any] = field(default_factory=dict)
    ask_first: str = ""  # begin at this question instead of the first one due


@dataclass(frozen=True)
class Resume:
    """Go on with a slip that was put aside."""

    draft_id: int


Result = Sequence[Outgoing | Start | Resume]
Act = Callable[[Session, Viewer, Words, datetime], Result]


@dataclass(frozen=True)
class Noun:
    """One noun of the desk: the commands and code letters it answers to."""

    name: str
    act: Act
    commands: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    shows: dict[str, str] = field(default_factory=dict)  # command -> its line in the menu
