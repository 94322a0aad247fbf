"""Accounts of people on channels: whose they are, and how they are let go."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from storage.tables import Account, Inbox, metadata
from storage.ways import leave

account = metadata.tables["account"]
outbox = metadata.tables["outbox"]


def by_id(session: Session, account_id: int) -> Account:
    """The account with this id, as it is in the database now."""
    found = select(Account).where(Account.id == account_id)
    return session.exec(found.execution_options(populate_existing=True)).one()


def lock(session: Session, account_id: int) -> None:
    """Nobody else handles or stores anything for this account until the transaction ends."""
    held = select(Account.id).where(Account.id == account_id).with_for_update()
    session.connection().execute(held)


def of_person(session: Session, person_id: int) -> list[Account]:
    """The accounts of a person, on all bots."""
    found = select(Account).where(Account.person_id == person_id).order_by(col(Account.id))
    return list(session.exec(found))


def of_all(session: Session) -> dict[int, list[Account]]:
    """The accounts of everybody, by person."""
    held: dict[int, list[Account]] = {}
    for each in session.exec(select(Account).where(col(Account.person_id).is_not(None))):
        held.setdefault(each.person_id or 0, []).append(each)
    return held


def change(session: Session, account_id: int, **values: object) -> None:
    """Write columns of one account."""
    changed = update(account).where(account.c.id == account_id).values(**values)
    session.connection().execute(changed)


def unmask(session: Session, account_id: int, inbox_id: int, time: timedelta) -> None:
    """A number may pass for that long after this message came, in real time as it is stored.

    A message that is no more opens nothing.
    """
    came = session.exec(select(Inbox.received_at).where(Inbox.id == inbox_id)).first()
    if came is not None:
        change(session, account_id, unmask_until=came + time)


def link(session: Session, account_id: int, person_id: int, at: datetime) -> None:
    """The account is the person's, as soon as that is confirmed."""
    change(session, account_id, person_id=person_id, state="linked", linked_at=at)


def release(session: Session, ids: Collection[int], state: str = "revoked") -> int:
    """The accounts belong to nobody; what was waiting to go to them will not go. How many.

    Messages for the person, and not only for this account, look for another one.
    """
    if not ids:
        return 0
    leave(session, ids)
    waiting = outbox.c.account_id.in_(sorted(ids)) & outbox.c.state.in_(("waiting", "held"))
    gone = update(outbox).where(waiting, outbox.c.claimed_by == "")
    session.connection().execute(gone.values(state="cancelled", reason="account revoked"))
    freed = update(account).where(account.c.id.in_(sorted(ids)))
    return session.connection().execute(freed.values(person_id=None, state=state)).rowcount
