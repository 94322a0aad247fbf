"""The inbox: what arrived, stored before it is acknowledged, and handled in order per account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, func, select, update

from storage.prepared import Prepared, word
from storage.tables import metadata
from storage.upserts import insert

account = metadata.tables["account"]
person = metadata.tables["person"]
inbox = metadata.tables["inbox"]

WAITING = word("waiting")


@dataclass(frozen=True)
class Taken:
    """The oldest unhandled message of an account that this transaction has locked."""

    id: int
    bot: str
    payload: dict[str, Any]
    received_at: datetime
    tries: int
    external_id: str
    account_id: int
    account_external_id: str
    person_id: int | None
    state: str
    menu: list[dict[str, Any]] | None
    last_heard_at: datetime | None
    closed_at: datetime | None  # when the channel last took nothing for this account
    address: str | None  # how the account's person is addressed


def upsert_ignoring(connection: Connection, table: Any) -> Any:
    """INSERT … ON CONFLICT DO NOTHING in the dialect of the connection."""
    return insert(connection, table).on_conflict_do_nothing()


def account_ids(connection: Connection, bot: str, external_ids: Sequence[str]) -> dict[str, int]:
    """Ids of these accounts of one bot, made where they are new."""
    known = _accounts(connection, bot, external_ids)
    missing = [e for e in dict.fromkeys(external_ids) if e not in known]
    if missing:
        rows = [{"bot": bot, "external_id": e, "state": "new", "keyboard": ""} for e in missing]
        connection.execute(upsert_ignoring(connection, account), rows)
        known |= _accounts(connection, bot, missing)
    return known


_ACCOUNTS = select(account.c.external_id, account.c.id).where(
    account.c.bot == bindparam("bot"),
    account.c.external_id.in_(bindparam("ids", expanding=True)),
)


def _accounts(connection: Connection, bot: str, external_ids: Sequence[str]) -> dict[str, int]:
    found = connection.execute(_ACCOUNTS, {"bot": bot, "ids": list(external_ids)})
    return {row.external_id: row.id for row in found}


def known_ids(connection: Connection, bot: str, external_ids: Sequence[str]) -> set[str]:
    """Which of these updates are already stored."""
    found = connection.execute(_KNOWN, {"bot": bot, "ids": list(external_ids)})
    return set(found.scalars())


_KNOWN = select(inbox.c.external_id).where(
    inbox.c.bot == bindparam("bot"), inbox.c.external_id.in_(bindparam("ids", expanding=True))
)


def received(connection: Connection, bot: str, external_id: str) -> datetime | None:
    """When this update came, if it is stored."""
    known = select(inbox.c.received_at)
    known = known.where(inbox.c.bot == bot, inbox.c.external_id == external_id)
    return connection.execute(known).scalar_one_or_none()


def put(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Store updates; one that is there already changes nothing."""
    if rows:
        connection.execute(upsert_ignoring(connection, inbox), list(rows))


_failed = inbox.alias()
_held_back = inbox.c.account_id.in_(  # asked once: what fails is rare
    select(_failed.c.account_id).where(
        _failed.c.account_id.is_not(None),  # or nothing would be outside of what is found
        _failed.c.state == WAITING,
        _failed.c.retry_at > bindparam("at"),
    )
)
_OLDEST = Prepared(
    select(
        inbox.c.id,
        inbox.c.bot,
        inbox.c.payload,
        inbox.c.received_at,
        inbox.c.tries,
        inbox.c.external_id,
        inbox.c.account_id,
        account.c.external_id.label("account_external_id"),
        account.c.person_id,
        account.c.state,
        account.c.menu,
        account.c.last_heard_at,
        account.c.closed_at,
        person.c.address,
        inbox.c.retry_at,
    )
    .join(account, account.c.id == inbox.c.account_id)
    .outerjoin(person, person.c.id == account.c.person_id)
    .where(inbox.c.state == WAITING, ~_held_back)
    .order_by(inbox.c.id)
    .limit(1)
    # on SQLite the one writer holds the whole file
    .with_for_update(of=[account, inbox], skip_locked=True)
)


def take(connection: Connection, at: datetime) -> Taken | None:
    """Lock one account with its oldest unhandled message.

    The account is locked too, or one person's messages would be handled out of order. The locked
    row is as it is now: what another worker has just handled is passed over, and what has just
    failed is looked for anew, as it holds the account's later messages back.
    """
    while (row := _OLDEST.first(connection, at=at)) is not None:
        if row.retry_at is None or row.retry_at <= at:
            return Taken(*row[:-1])
    return None


_HANDLED = Prepared(
    update(inbox)
    .where(inbox.c.id == bindparam("row_id"))
    .values(state="handled", handled_at=bindparam("at"), reason="")
)


def mark_handled(connection: Connection, row_id: int, at: datetime) -> None:
    """The message is done with, in the transaction that did it."""
    _HANDLED.run(connection, row_id=row_id, at=at)


def mark_failed(
    connection: Connection, row_id: int, *, reason: str, retry_at: datetime | None
) -> None:
    """One try more; without a time for the next the message is set aside."""
    connection.execute(
        update(inbox)
        .where(inbox.c.id == row_id, inbox.c.state == "waiting")
        .values(
            tries=inbox.c.tries + 1,
            reason=reason,
            retry_at=retry_at,
            state="waiting" if retry_at else "aside",
        )
    )


def by_message(connection: Connection, account_id: int, message_id: str) -> int | None:
    """The inbox row by which a message first arrived, for its later edits."""
    query = (
        select(inbox.c.id)
        .where(inbox.c.account_id == account_id, inbox.c.message_id == message_id)
        .order_by(inbox.c.id)
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def payload(connection: Connection, row_id: int, account_id: int) -> dict[str, Any] | None:
    """What one account's message said, to be read again; None when it is not that account's."""
    query = select(inbox.c.payload).where(inbox.c.id == row_id, inbox.c.account_id == account_id)
    return connection.execute(query).scalar_one_or_none()


_HEARD = Prepared(
    update(account)
    .where(account.c.id == bindparam("account"))
    .values(
        last_heard_at=bindparam("at"),
        state=case((account.c.state == "unreachable", "confirmed"), else_=account.c.state),
    )
)


def heard(connection: Connection, account_id: int, at: datetime) -> None:
    """The account wrote: it is reachable, and the most recent one of its person."""
    _HEARD.run(connection, account=account_id, at=at)


_UNMASKED = Prepared(
    select(account.c.external_id).where(
        account.c.bot == bindparam("bot"), account.c.unmask_until > bindparam("at")
    )
)


def unmasked(connection: Connection, bot: str, at: datetime) -> set[str]:
    """Accounts that just said a masked number is no citizen number."""
    return {row.external_id for row in _UNMASKED.all(connection, bot=bot, at=at)}


def oldest_waiting(connection: Connection) -> datetime | None:
    """When the oldest unhandled message arrived, for health and metrics."""
    query = select(func.min(inbox.c.received_at)).where(inbox.c.state == WAITING)
    return connection.execute(query).scalar_one_or_none()
