"""Messages that were set aside or given up: shown to an engineer, and tried once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlmodel import col

from bot.rules.zone import local
from storage import outbox
from storage.database import Database
from storage.tables import Inbox

MOST = 200


@dataclass(frozen=True)
class Waiting:
    """One message that waits for a person; `reason` is the traceback, for an engineer."""

    direction: Literal["inbox", "outbox"]
    id: int
    at: datetime
    kind: str
    tries: int
    reason: str


@dataclass(frozen=True)
class Again:
    """How many were put back."""

    received: int
    unsent: int


def waiting(db: Database) -> list[Waiting]:
    """The newest first, those that came in before those that go out."""
    aside = select(
        col(Inbox.id), col(Inbox.received_at), col(Inbox.bot), col(Inbox.tries), col(Inbox.reason)
    ).where(col(Inbox.state) == "aside")
    with db.reading() as session:
        connection = session.connection()
        came = connection.execute(aside.order_by(col(Inbox.id).desc()).limit(MOST)).all()
        unsent = outbox.failed(connection, MOST)
    found = [Waiting("inbox", row[0] or 0, row[1], row[2], row[3], row[4]) for row in came]
    named = ("id", "created_at", "kind", "tries", "reason")
    return found + [Waiting("outbox", *(row[name] for name in named)) for row in unsent]


def try_again(db: Database) -> Again:
    """Put everything back in its queue; an update nobody could read stays where it is."""
    readable = (col(Inbox.state) == "aside") & col(Inbox.account_id).is_not(None)
    fresh = {"state": "waiting", "tries": 0, "retry_at": None}
    with db.connection() as connection:
        received = connection.execute(update(Inbox).where(readable).values(fresh)).rowcount
        return Again(received, outbox.try_again(connection))


def said(found: Sequence[Waiting]) -> str:
    """A line each; of a traceback only its end."""
    lines = [
        f"{'nhận' if each.direction == 'inbox' else 'gửi'} {each.id}"
        f"  {local(each.at):%d/%m %H:%M}  {each.kind}  thử {each.tries} lần"
        f"  {(each.reason.strip().splitlines() or [''])[-1]}"
        for each in found
    ]
    return "\n".join(lines) or "Không có tin nào để riêng."
