"""What an account was shown: the bodies of messages that went out to it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, bindparam, exists, or_, select

from storage.jobs import Job
from storage.outbox import cancel
from storage.prepared import Prepared, word
from storage.tables import metadata

account = metadata.tables["account"]
draft = metadata.tables["draft"]
outbox = metadata.tables["outbox"]
LATELY = 40  # messages; what is older has left the screen for good
SEEN_AFTER = timedelta(seconds=1)
"""A send begun this long before a message came in has been seen, even if it was not marked yet."""


_drafting = exists().where(draft.c.person_id == account.c.person_id, draft.c.state == word("open"))
_UNMARKED = Prepared(
    select(
        outbox.c.id,
        outbox.c.account_id,
        account.c.external_id.label("address"),
        outbox.c.person_id,
        outbox.c.priority,
        outbox.c.kind,
        outbox.c.body,
        _drafting.correlate(account).label("crowded"),
    )
    .join(account, account.c.id == outbox.c.account_id)
    .where(
        outbox.c.account_id == bindparam("account_id"),
        outbox.c.state == word("waiting"),
        outbox.c.begun_at <= bindparam("seen"),
    )
    .order_by(outbox.c.begun_at, outbox.c.id)
)


def unmarked(connection: Connection, account_id: int, at: datetime) -> list[Job]:
    """What the account had on its screen at that (real) time and is not marked as sent, in order.

    The process may have died in between, or the channel's answer may be lost or late.
    """
    rows = _UNMARKED.all(connection, account_id=account_id, seen=at - SEEN_AFTER)
    return [Job(**row._asdict()) for row in rows]


def lately(connection: Connection, account_id: int, person_id: int) -> list[dict[str, Any]]:
    """The bodies of the last messages, the newest first."""
    sent = select(outbox.c.body).where(_of(account_id, person_id), outbox.c.state == "sent")
    return list(connection.execute(sent.order_by(outbox.c.id.desc()).limit(LATELY)).scalars())


def after(connection: Connection, account_id: int, outbox_id: int, at: datetime) -> bool:
    """Whether the account was sent something new after that message, by that (real) time."""
    asked = select(outbox.c.sent_at).where(outbox.c.id == outbox_id).scalar_subquery()
    later = select(outbox.c.id).where(
        outbox.c.account_id == account_id,
        outbox.c.kind != "edit",
        outbox.c.sent_at > asked,
        outbox.c.sent_at <= at,
    )
    return connection.execute(later.limit(1)).first() is not None


def body(
    connection: Connection, outbox_id: int, account_id: int, person_id: int
) -> dict[str, Any] | None:
    """One message, when it was this account's or this person's."""
    found = select(outbox.c.body).where(outbox.c.id == outbox_id, _of(account_id, person_id))
    return connection.execute(found).scalar_one_or_none()


def drop_unsent(connection: Connection, account_id: int, at: datetime) -> None:
    """Take back answers that were put off: what is said next says it better."""
    put_off = (outbox.c.kind == "answer", outbox.c.not_before > at, outbox.c.state == "waiting")
    found = connection.execute(
        select(outbox.c.id).where(outbox.c.account_id == account_id, *put_off)
    )
    cancel(connection, list(found.scalars()))


def _of(account_id: int, person_id: int) -> Any:
    to_person = and_(outbox.c.account_id.is_(None), outbox.c.person_id == person_id)
    return or_(outbox.c.account_id == account_id, to_person)
