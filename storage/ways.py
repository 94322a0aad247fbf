"""Messages for a person on their way to one of the person's accounts: given one, moved, kept back.

A row for a person has no account until one is chosen for it. `reason` and `next_try_at` of such a
row say why it is kept back, and until when nobody need look at it again.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlmodel import Session

from storage.jobs import Job
from storage.prepared import Prepared, word
from storage.tables import metadata

WHOLE = -1  # in place of a part: what is said of the message as a whole

outbox = metadata.tables["outbox"]
account = metadata.tables["account"]
delivery = metadata.tables["delivery"]
preference = metadata.tables["preference"]

_open = and_(outbox.c.state == word("waiting"), outbox.c.account_id.is_(None))
_unclaimed = outbox.c.claimed_by == ""
_OPEN = Prepared(
    select(outbox.c.id, outbox.c.person_id, outbox.c.kind)
    .where(
        _open,
        _unclaimed,
        outbox.c.person_id.is_not(None),
        or_(outbox.c.not_before.is_(None), outbox.c.not_before <= bindparam("at")),
        or_(outbox.c.expires_at.is_(None), outbox.c.expires_at > bindparam("at")),
        or_(outbox.c.next_try_at.is_(None), outbox.c.next_try_at <= bindparam("real")),
    )
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(bindparam("most"))
)


def unaddressed(connection: Connection, *, at: datetime, real: datetime, most: int) -> list[Any]:
    """(id, person_id, kind) of messages that are due and have no account yet, urgent ones first."""
    return _OPEN.all(connection, at=at, real=real, most=most)


def accounts_of(connection: Connection, people: Collection[int]) -> dict[int, list[Any]]:
    """The confirmed accounts of these people (id, bot, last_heard_at, closed_at)."""
    found: dict[int, list[Any]] = {}
    names = ("id", "person_id", "bot", "last_heard_at", "closed_at")
    query = select(*(account.c[name] for name in names)).where(
        account.c.person_id.in_(people), account.c.state == "confirmed"
    )
    for row in connection.execute(query.order_by(account.c.id)):
        found.setdefault(row.person_id, []).append(row)
    return found


def wishes_of(connection: Connection, people: Collection[int]) -> dict[tuple[int, str], str]:
    """The channel each of these people wants, by person and kind of message."""
    query = select(preference).where(preference.c.person_id.in_(people))
    return {(row.person_id, row.kind): row.channel for row in connection.execute(query)}


def wish(session: Session, person_id: int, kind: str, channel: str) -> None:
    """Remember the channel for one kind of message; "" leaves it to where the person writes."""
    connection = session.connection()
    mine = (preference.c.person_id == person_id) & (preference.c.kind == kind)
    connection.execute(delete(preference).where(mine))
    if channel:
        values = {"person_id": person_id, "kind": kind, "channel": channel}
        connection.execute(insert(preference).values(values))


def failures(connection: Connection, ids: Collection[int]) -> dict[tuple[int, int], str]:
    """Why these messages failed, by message and account."""
    query = select(delivery.c.outbox_id, delivery.c.account_id, delivery.c.reason).where(
        delivery.c.outbox_id.in_(ids), delivery.c.state == "failed"
    )
    return {(row.outbox_id, row.account_id): row.reason for row in connection.execute(query)}


_GIVEN = Prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("row_id"), _open, _unclaimed)
    .values(account_id=bindparam("chosen"), reason="")
)


def give(connection: Connection, row_id: int, account_id: int) -> bool:
    """This message goes to this account; False when somebody was quicker."""
    return _GIVEN.run(connection, row_id=row_id, chosen=account_id) == 1


def also(connection: Connection, row_id: int, account_ids: Collection[int]) -> None:
    """The same message to these accounts too."""
    for number in account_ids:
        columns = [outbox.c[name] for name in _COPIED]
        copied = select(*columns, literal(number)).where(outbox.c.id == row_id)
        connection.execute(insert(outbox).from_select([*_COPIED, "account_id"], copied))


_COPIED = (
    *("person_id", "inbox_id", "priority", "kind", "about_kind", "about_id", "body"),
    *("not_before", "expires_at", "created_at", "state", "claimed_by", "tries", "reason"),
)


def keep_back(connection: Connection, row_id: int, reason: str, until: datetime) -> None:
    """Nobody can get this message now; it is looked at again after `until`."""
    mine = update(outbox).where(outbox.c.id == row_id, _open, _unclaimed)
    connection.execute(mine.values(reason=reason, next_try_at=until))


def fail(connection: Connection, row_id: int, reason: str) -> None:
    """Every account of the person was tried; the office sees it."""
    mine = update(outbox).where(outbox.c.id == row_id, _open, _unclaimed)
    connection.execute(mine.values(state="failed", reason=reason, next_try_at=None))


def take_from(
    connection: Connection,
    job: Job,
    person_id: int,
    *,
    reason: str,
    body: Mapping[str, Any],
) -> None:
    """The message leaves its account and looks for another; `body` is what it says from now on."""
    mine = update(outbox).where(outbox.c.id == job.id, outbox.c.state == "waiting")
    connection.execute(
        mine.values(
            account_id=None,
            person_id=person_id,
            claimed_by="",
            claimed_until=None,
            begun_at=None,
            next_try_at=None,
            tries=0,
            reason=reason,
            body=dict(body),
        )
    )


def mark_failed(connection: Connection, job: Job, reason: str) -> None:
    """Write down that the message as a whole failed on its account."""
    values = {"outbox_id": job.id, "account_id": job.account_id, "part": WHOLE}
    same = and_(*(delivery.c[name] == value for name, value in values.items()))
    state = {"state": "failed", "reason": reason}
    if not connection.execute(update(delivery).where(same).values(state)).rowcount:
        connection.execute(insert(delivery).values(**values, **state, maybe_doubled=False))


def maybe_seen(connection: Connection, job: Job) -> bool:
    """Whether some of the message may have reached the phone all the same."""
    there = (delivery.c.outbox_id == job.id) & (delivery.c.account_id == job.account_id)
    seen = or_(delivery.c.state == "sent", delivery.c.maybe_doubled)
    return connection.execute(select(delivery.c.id).where(there, seen).limit(1)).first() is not None


def owner(connection: Connection, account_id: int) -> int | None:
    """The person whose account it is."""
    query = select(account.c.person_id).where(account.c.id == account_id)
    return connection.execute(query).scalar_one_or_none()


def leave(where: Session | Connection, account_ids: Collection[int]) -> None:
    """These accounts take nothing any more: what waits for their people looks for another."""
    _leave(where, outbox.c.account_id.in_(sorted(account_ids)))


def leave_bot(connection: Connection, bot: str) -> None:
    """Nothing more goes by this bot for now."""
    of_bot = select(account.c.id).where(account.c.bot == bot)
    _leave(connection, outbox.c.account_id.in_(of_bot))


def _leave(where: Session | Connection, there: ColumnElement[bool]) -> None:
    connection = where.connection() if isinstance(where, Session) else where
    waiting = and_(there, outbox.c.state == word("waiting"), outbox.c.person_id.is_not(None))
    connection.execute(update(outbox).where(waiting, _unclaimed).values(account_id=None))


_AGAIN = Prepared(
    update(outbox).where(_open, outbox.c.person_id == bindparam("person")).values(next_try_at=None)
)


def look_again(where: Session | Connection, person_id: int) -> None:
    """Something changed for this person: what is kept back may go now."""
    connection = where.connection() if isinstance(where, Session) else where
    _AGAIN.run(connection, person=person_id)


def close(connection: Connection, account_id: int, real: datetime) -> None:
    """The channel takes nothing more for this account until the person writes."""
    connection.execute(update(account).where(account.c.id == account_id).values(closed_at=real))
    leave(connection, [account_id])


def knocked_since(connection: Connection, account_id: int, since: datetime) -> bool:
    """Whether the person was asked on this account to write, after that moment."""
    asked = (outbox.c.account_id == account_id) & (outbox.c.kind == "knock")
    query = select(outbox.c.id).where(asked, outbox.c.created_at > since).limit(1)
    return connection.execute(query).first() is not None


def on_their_way(connection: Connection, bot: str) -> int:
    """How many messages that were given an account of this bot have not gone out."""
    query = (
        select(func.count())
        .select_from(outbox)
        .join(account, account.c.id == outbox.c.account_id)
        .where(outbox.c.state == word("waiting"), account.c.bot == bot)
    )
    return int(connection.execute(query).scalar_one())


def kept_back(connection: Connection, reasons: Collection[str]) -> dict[int, str]:
    """Why messages for people are kept back for one of these reasons, by person."""
    query = select(outbox.c.person_id, func.max(outbox.c.reason)).where(
        _open, outbox.c.reason.in_(reasons), outbox.c.person_id.is_not(None)
    )
    return {row[0]: row[1] for row in connection.execute(query.group_by(outbox.c.person_id))}


def unsent(connection: Connection, since: datetime) -> list[Any]:
    """Messages that failed or are kept back: id, kind, state, reason, person_id, bot."""
    stuck = or_(outbox.c.state == "failed", and_(_open, outbox.c.reason != ""))
    whose = func.coalesce(outbox.c.person_id, account.c.person_id).label("person_id")
    names = ("id", "kind", "state", "reason")
    query = (
        select(*(outbox.c[name] for name in names), whose, account.c.bot)
        .select_from(outbox)
        .outerjoin(account, account.c.id == outbox.c.account_id)
        .where(stuck, outbox.c.created_at > since, whose.is_not(None))
    )
    return list(connection.execute(query.order_by(whose, outbox.c.id)))


def moved(connection: Connection, since: datetime) -> list[Any]:
    """(bot it failed on, bot it went out on, how many) of messages that changed their account."""
    first, last = account.alias(), account.alias()
    query = (
        select(first.c.bot, last.c.bot, func.count(func.distinct(outbox.c.id)))
        .select_from(outbox)
        .join(delivery, and_(delivery.c.outbox_id == outbox.c.id, delivery.c.state == "failed"))
        .join(first, first.c.id == delivery.c.account_id)
        .join(last, last.c.id == outbox.c.account_id)
        .where(outbox.c.state == "sent", outbox.c.sent_at > since, first.c.id != last.c.id)
        .group_by(first.c.bot, last.c.bot)
    )
    return list(connection.execute(query))


def elsewhere(connection: Connection, ids: Collection[int]) -> int:
    """Let these messages look for an account anew, where they failed apart; how many."""
    owned = select(account.c.person_id).where(account.c.id == outbox.c.account_id)
    whose = func.coalesce(outbox.c.person_id, owned.scalar_subquery())
    mine = update(outbox).where(outbox.c.id.in_(ids), _unclaimed)
    again = {"state": "waiting", "account_id": None, "tries": 0, "next_try_at": None, "reason": ""}
    unfinished = mine.where(outbox.c.state.in_(("failed", "waiting")))
    return connection.execute(unfinished.values(person_id=whose, **again)).rowcount


def maybe_seen_of(connection: Connection, ids: Collection[int]) -> list[Any]:
    """(id, body, bot) of those of these messages that may have reached a phone all the same."""
    seen = or_(delivery.c.state == "sent", delivery.c.maybe_doubled)
    query = (
        select(outbox.c.id, outbox.c.body, account.c.bot)
        .select_from(outbox)
        .join(delivery, delivery.c.outbox_id == outbox.c.id)
        .join(account, account.c.id == delivery.c.account_id)
        .where(outbox.c.id.in_(ids), seen)
    )
    return list(connection.execute(query))


def reword(connection: Connection, row_id: int, body: Mapping[str, Any]) -> None:
    """What the message says from now on."""
    connection.execute(update(outbox).where(outbox.c.id == row_id).values(body=dict(body)))


def forget_failures(connection: Connection, ids: Collection[int]) -> None:
    """These messages may go to the accounts on which they failed."""
    mine = delivery.c.outbox_id.in_(ids) & (delivery.c.part == WHOLE)
    connection.execute(delete(delivery).where(mine))
