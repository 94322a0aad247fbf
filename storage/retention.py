"""Takes the words out of old messages: the rows stay, for they tell what was handled and sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select, update
from sqlmodel import Session

from storage import attachments
from storage.tables import metadata

inbox = metadata.tables["inbox"]
outbox = metadata.tables["outbox"]
delivery = metadata.tables["delivery"]
attachment = metadata.tables["attachment"]

EMPTY: dict[str, Any] = {"text": ""}
GONE = "gone"  # state of a file that was kept long enough


@dataclass(frozen=True)
class Part:
    """How far a pass has come: the last row looked at, and whether older rows may follow."""

    last: int
    more: bool
    paths: tuple[str, ...] = ()


def forget(session: Session, inbox_id: int) -> None:
    """Take the words out of one message at once."""
    gone = update(inbox).where(inbox.c.id == inbox_id).values(payload={})
    session.connection().execute(gone)


def empty_inbox(connection: Connection, after: int, before: datetime, limit: int) -> Part:
    """What arrived before the moment, from row `after` on; what still waits keeps its words."""
    ids, part = _older(connection, inbox, inbox.c.received_at, after, before, limit)
    if not ids:
        return part
    here = inbox.c.id.in_(ids) & (inbox.c.state != "waiting")
    connection.execute(update(inbox).where(here).values(payload={}, reason=""))
    return part


def empty_outbox(connection: Connection, after: int, before: datetime, limit: int) -> Part:
    """What was written before the moment; with it go the channel's ids of what was delivered."""
    ids, part = _older(connection, outbox, outbox.c.created_at, after, before, limit)
    if not ids:
        return part
    here = outbox.c.id.in_(ids) & outbox.c.state.not_in(("waiting", "held"))
    emptied = connection.execute(
        update(outbox).where(here).values(body=EMPTY, reason="").returning(outbox.c.id)
    )
    done = list(emptied.scalars())
    connection.execute(delete(delivery).where(delivery.c.outbox_id.in_(done)))
    return part


def drop_files(
    connection: Connection, after: int, before: datetime, limit: int, *, loose: bool
) -> Part:
    """Files that came before the moment (`loose`: those that belong to nothing), and their paths.

    A path is given back when no row needs it any more; look again before deleting it.
    """
    ids, part = _older(connection, attachment, attachment.c.wanted_at, after, before, limit)
    if not ids:
        return part
    here = attachment.c.id.in_(ids) & attachment.c.state.in_(("stored", "failed"))
    here = here & (attachment.c.about_kind == "") if loose else here
    rows = connection.execute(select(attachment.c.id, attachment.c.path).where(here)).all()
    return Part(part.last, part.more, tuple(let_go(connection, [row.id for row in rows])))


def let_go(connection: Connection, ids: Sequence[int]) -> list[str]:
    """These files are no longer kept; the paths that nothing else needs."""
    held = select(attachment.c.path).where(attachment.c.id.in_(ids), attachment.c.path != "")
    paths = set(connection.execute(held).scalars())
    emptied = {"state": GONE, "path": "", "caption": "", "name": "", "reference": ""}
    connection.execute(update(attachment).where(attachment.c.id.in_(ids)).values(emptied))
    return attachments.unneeded(connection, paths)


def _older(
    connection: Connection, table: Any, when: Any, after: int, before: datetime, limit: int
) -> tuple[list[int], Part]:
    """The next rows by id, as long as they are older; ids and times grow together."""
    rows = connection.execute(
        select(table.c.id, when).where(table.c.id > after).order_by(table.c.id).limit(limit)
    ).all()
    ids = []
    for row in rows:
        if row[1] >= before:
            break
        ids.append(row[0])
    return ids, Part(ids[-1] if ids else after, len(ids) == limit)
