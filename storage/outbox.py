"""Messages for people until a sender has them: put, cancel, look what waits. In Core: it is hot."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlmodel import Session

from storage.prepared import Prepared, word
from storage.tables import metadata
from storage.ways import forget_failures, leave

AT_ONCE = 2  # rows in one statement: mostly an answer, and the change of the one before
UNREACHED = timedelta(hours=72)

outbox = metadata.tables["outbox"]
account = metadata.tables["account"]

waiting = outbox.c.state == word("waiting")
due = or_(outbox.c.not_before.is_(None), outbox.c.not_before <= bindparam("at"))
_unclaimed = outbox.c.claimed_by == ""

_COLUMNS: Mapping[str, Any] = {
    "person_id": None,
    "account_id": None,
    "inbox_id": None,
    "priority": 5,
    "about_kind": "",
    "about_id": None,
    "replaces_id": None,
    "edits_id": None,
    "not_before": None,
    "expires_at": None,
    "state": "waiting",
    "claimed_by": "",
    "tries": 0,
    "reason": "",
}
_target = outbox.alias()


@cache
def _new(count: int) -> Prepared:
    """So many rows at once; their parameters are numbered."""
    return Prepared(
        insert(outbox).values([_values(n) for n in range(count)]).returning(outbox.c.id)
    )


def _values(number: int) -> dict[str, Any]:
    given = {
        name: bindparam(f"{name}_{number}", type_=outbox.c[name].type)
        for name in (*_COLUMNS, "kind", "body", "created_at")
    }
    edited = _target.c.id == given["edits_id"]  # a message is changed where it stands
    where = select(_target.c.account_id).where(edited).scalar_subquery()
    return given | {"account_id": func.coalesce(where, given["account_id"])}


def put(where: Session | Connection, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Write rows down; their ids in the same order.

    A row needs `kind`, `body`, `created_at` and whom it is for. What it replaces is cancelled
    if no sender has it yet.
    """
    if not rows:
        return []
    connection = core(where)
    cancel(connection, [row["replaces_id"] for row in rows if row.get("replaces_id")])
    return [
        number
        for start in range(0, len(rows), AT_ONCE)
        for number in _put(connection, rows[start : start + AT_ONCE])
    ]


def _put(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Both databases number the rows of one statement in their order."""
    values = {
        f"{name}_{number}": value
        for number, row in enumerate(rows)
        for name, value in {**_COLUMNS, **row}.items()
    }
    return sorted(row.id for row in _new(len(rows)).all(connection, **values))


def sweep(connection: Connection, at: datetime) -> None:
    """Close what is too late to send, and what for three days had nobody to be sent to."""
    late = outbox.c.expires_at <= at
    connection.execute(update(outbox).where(waiting, _unclaimed, late).values(state="expired"))
    reachable = exists().where(
        or_(
            and_(account.c.id == outbox.c.account_id, account.c.state != "unreachable"),
            and_(
                outbox.c.account_id.is_(None),
                account.c.person_id == outbox.c.person_id,
                account.c.state == "confirmed",
            ),
        )
    )
    since = func.coalesce(outbox.c.not_before, outbox.c.created_at)
    connection.execute(
        update(outbox)
        .where(waiting, _unclaimed, since < at - UNREACHED, ~reachable.correlate(outbox))
        .values(state="failed", reason="no account")
    )


def cancel_about(
    where: Session | Connection, kind: str, number: int, *kinds: str, person_id: int | None = None
) -> int:
    """Take back unsent messages about a thing (of these kinds, to this person); how many."""
    which = [outbox.c.about_kind == kind, outbox.c.about_id == number]
    if kinds:
        which.append(outbox.c.kind.in_(kinds))
    if person_id is not None:
        which.append(outbox.c.person_id == person_id)
    return _cancel(core(where), and_(*which), "settled")


def cancel(where: Session | Connection, ids: Collection[int], reason: str = "cancelled") -> int:
    """Take back these messages where no sender has them yet; how many."""
    return _cancel(core(where), outbox.c.id.in_(ids), reason) if ids else 0


def _cancel(connection: Connection, which: ColumnElement[bool], reason: str) -> int:
    unsent = outbox.c.state.in_(("waiting", "held"))  # held: for the morning message
    gone = update(outbox).where(which, unsent, _unclaimed)
    return connection.execute(gone.values(state="cancelled", reason=reason)).rowcount


def failed(where: Session | Connection, limit: int = 200) -> list[dict[str, Any]]:
    """Rows that were given up, the newest first, without what they say."""
    names = ("id", "person_id", "account_id", "kind", "reason", "tries", "created_at")
    rows = select(*(outbox.c[name] for name in names)).where(outbox.c.state == "failed")
    found = core(where).execute(rows.order_by(outbox.c.id.desc()).limit(limit))
    return [dict(row._mapping) for row in found]


def try_again(where: Session | Connection, ids: Collection[int] | None = None) -> int:
    """Put given-up rows (all, or these) back in the queue; how many.

    Rows for a person may go to any account, also to one on which they failed.
    """
    which = outbox.c.state == "failed"
    if ids is not None:
        which = and_(which, outbox.c.id.in_(ids))
    connection = core(where)
    failed = list(connection.execute(select(outbox.c.id).where(which)).scalars())
    forget_failures(connection, failed)
    fresh = {"state": "waiting", "tries": 0, "next_try_at": outbox.c.created_at, "reason": ""}
    anew = case((outbox.c.person_id.is_(None), outbox.c.account_id), else_=None)
    again = update(outbox).where(outbox.c.id.in_(failed), outbox.c.state == "failed")
    return connection.execute(again.values(account_id=anew, **fresh)).rowcount


def oldest_unsent(where: Session | Connection, at: datetime) -> datetime | None:
    """Since when the oldest message that may go out has been waiting; None when none is.

    What is kept back, because nobody can get it now, is for the office to see and no alarm.
    """
    since = func.coalesce(outbox.c.not_before, outbox.c.created_at)
    kept_back = and_(outbox.c.account_id.is_(None), outbox.c.reason != "")
    oldest = select(func.min(since)).where(waiting, due, ~kept_back)
    return core(where).execute(oldest, {"at": at}).scalar()


def mark_unreachable(where: Session | Connection, account_id: int) -> None:
    """The person stopped messages; the account stays, so that the office sees it."""
    gone = and_(account.c.id == account_id, account.c.state == "confirmed")
    core(where).execute(update(account).where(gone).values(state="unreachable"))
    leave(where, [account_id])


def core(where: Session | Connection) -> Connection:
    """The connection under a session."""
    return where.connection() if isinstance(where, Session) else where
