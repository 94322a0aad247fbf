"""What went out, call by call, and what is therefore on people's screens."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from storage.jobs import Job
from storage.prepared import Prepared
from storage.tables import metadata

outbox = metadata.tables["outbox"]
delivery = metadata.tables["delivery"]
account = metadata.tables["account"]


@dataclass(frozen=True)
class Sent:
    """A row that went out: parts not yet recorded, and what the account now shows."""

    job: Job
    parts: Mapping[int, str]  # the channel's ids, "" where it gives none
    menu: list[dict[str, Any]] | None = None  # the newest choices; None leaves them
    keyboard: str | None = None


def sent_parts(connection: Connection, ids: Collection[int]) -> dict[int, dict[int, str]]:
    """The parts of these rows that went out, with the channel's ids ("" where it gave none).

    Those that went to an account from which the row was moved do not count.
    """
    found: dict[int, dict[int, str]] = {}
    if ids:
        for outbox_id, part, external_id in connection.execute(_PARTS, {"ids": list(ids)}):
            found.setdefault(outbox_id, {})[part] = external_id or ""
    return found


_PARTS = (
    select(delivery.c.outbox_id, delivery.c.part, delivery.c.external_id)
    .join(
        outbox,
        (outbox.c.id == delivery.c.outbox_id) & (outbox.c.account_id == delivery.c.account_id),
    )
    .where(delivery.c.outbox_id.in_(bindparam("ids", expanding=True)), delivery.c.state == "sent")
    .order_by(delivery.c.part)
)


def record_part(
    connection: Connection, job: Job, part: int, external_id: str, at: datetime
) -> None:
    """One part of several went out: a later try begins after it."""
    row = _row(job, part, external_id, at)
    values = {key: row[key] for key in ("external_id", "state", "sent_at")}
    if not connection.execute(update(delivery).where(_is(job, part)).values(values)).rowcount:
        connection.execute(insert(delivery).values(row))


def mark_doubtful(connection: Connection, job: Job, part: int) -> None:
    """A try of this part broke off after the request had left: it may arrive twice."""
    doubt = update(delivery).where(_is(job, part)).values(maybe_doubled=True)
    if not connection.execute(doubt).rowcount:
        row = {"outbox_id": job.id, "part": part, "account_id": job.account_id}
        connection.execute(insert(delivery).values(state="trying", maybe_doubled=True, **row))


_SENT = Prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"), outbox.c.state == "waiting")
    .values(
        state="sent",
        sent_at=bindparam("at"),
        account_id=bindparam("account"),
        claimed_by="",
        claimed_until=None,
        reason="",
    )
)


_NEW = Prepared(
    insert(delivery).values(
        {column.name: bindparam(column.name) for column in delivery.c if column.name != "id"}
    )
)


def mark_sent(connection: Connection, sent: Sequence[Sent], real: datetime) -> None:
    """These rows went out; what is on the accounts' screens is kept with them."""
    marks = [{"row_id": s.job.id, "account": s.job.account_id, "at": real} for s in sent]
    _SENT.run_each(connection, marks)
    # Only a part that was tried before may have its row already.
    fresh = [s for s in sent if not s.job.tried]
    rows = [_row(s.job, part, ref, real) for s in fresh for part, ref in s.parts.items()]
    _NEW.run_each(connection, rows)
    for each in sent:
        for part, ref in each.parts.items() if each.job.tried else ():
            record_part(connection, each.job, part, ref, real)
    _show(connection, "menu", {s.job.account_id: s.menu for s in sent if s.menu is not None})
    _show(connection, "keyboard", {s.job.account_id: s.keyboard for s in sent if s.keyboard})


_SHOWN = {
    name: Prepared(
        update(account)
        .where(account.c.id == bindparam("row_id"))
        .values({name: bindparam("shown", type_=account.c[name].type)})
    )
    for name in ("menu", "keyboard")
}


def _show(connection: Connection, name: str, newest: Mapping[int, Any]) -> None:
    rows = [{"row_id": account_id, "shown": shown} for account_id, shown in newest.items()]
    _SHOWN[name].run_each(connection, rows)


def _row(job: Job, part: int, external_id: str, at: datetime) -> dict[str, Any]:
    return {
        "outbox_id": job.id,
        "part": part,
        "account_id": job.account_id,
        "external_id": external_id or None,
        "state": "sent",
        "reason": "",
        "maybe_doubled": False,
        "sent_at": at,
    }


def _is(job: Job, part: int) -> Any:
    mine = (delivery.c.outbox_id == job.id) & (delivery.c.account_id == job.account_id)
    return mine & (delivery.c.part == part)


def files_sent(
    connection: Connection, outbox_id: int, person_id: int
) -> tuple[list[str], dict[str, str]]:
    """The files of a message for this person, or that went to an account of this person.

    And what they are called, where that is not the name of their path.
    """
    theirs = or_(outbox.c.person_id == person_id, account.c.person_id == person_id)
    found = (
        select(outbox.c.body)
        .outerjoin(account, account.c.id == outbox.c.account_id)
        .where(outbox.c.id == outbox_id, theirs)
    )
    body = connection.execute(found).scalar_one_or_none() or {}
    return list(body.get("files", ())), dict(body.get("names", {}))
