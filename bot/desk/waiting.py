"""One thing that waits for somebody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from storage.scope import Viewer


@dataclass(frozen=True)
class Waiting:
    """Its code or name, what it is, until when, and the token that opens it."""

    code: str
    text: str
    due: date | None
    token: str


Waits = Callable[[Session, Viewer, datetime], list[Waiting]]
"""What of one kind waits for the viewer."""
