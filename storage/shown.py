"""What an account was shown: the bodies of messages that went out to it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from storage.outbox import cancel
from storage.tables import metadata

outbox = metadata.tables["outbox"]
LATELY = 40  # messages; what is older has left the screen for good


def lately(connection: Connection, account_id: int, person_id: int) -> list[dict[str, Any]]:
    """The bodies of the last messages, the newest first."""
    sent = select(outbox.c.body).where(_of(account_id, person_id), outbox.c.state == "sent")
    return list(connection.execute(sent.order_by(outbox.c.id.desc()).limit(LATELY)).scalars())


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
