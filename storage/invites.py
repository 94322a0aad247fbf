"""One-time codes, stored as hashes and taken by one conditional update, and wrong tries."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, update
from sqlmodel import Session, col, select

from storage import audit
from storage.tables import Invite, LinkTry, metadata

invite = metadata.tables["invite"]


@dataclass(frozen=True)
class New:
    """A code to be kept."""

    person_id: int
    code_hash: str


def add(session: Session, new: Sequence[New], at: datetime, expires_at: datetime) -> None:
    """Keep codes; earlier ones of the same people that were not used are void from now on."""
    void(session, {each.person_id for each in new}, at)
    rows = [{**vars(each), "created_at": at, "expires_at": expires_at} for each in new]
    if rows:
        session.connection().execute(insert(invite), rows)
    for each in new:
        audit.note(session, "invite.issue", "person", each.person_id, at=at)


def void(session: Session, person_ids: Collection[int], at: datetime) -> int:
    """End the unused codes of these people; how many there were."""
    live = invite.c.used_at.is_(None) & invite.c.revoked_at.is_(None)
    gone = update(invite).where(invite.c.person_id.in_(sorted(person_ids)), live)
    return session.connection().execute(gone.values(revoked_at=at)).rowcount


def take(session: Session, code_hash: str, account_id: int, at: datetime) -> int | None:
    """The person whose code it is, who can never use it again; None: no such code, or no more."""
    taken = (
        update(invite)
        .where(
            invite.c.code_hash == code_hash,
            invite.c.used_at.is_(None),
            invite.c.revoked_at.is_(None),
            invite.c.expires_at > at,
        )
        .values(used_at=at, used_by_id=account_id)
        .returning(invite.c.person_id)
    )
    return session.connection().execute(taken).scalar_one_or_none()


def disown(session: Session, account_id: int, at: datetime) -> None:
    """The code this account used had reached the wrong person."""
    used = update(invite).where(invite.c.used_by_id == account_id, invite.c.revoked_at.is_(None))
    session.connection().execute(used.values(revoked_at=at))


def newest(session: Session) -> dict[int, Invite]:
    """The newest code of each person."""
    last = select(func.max(col(Invite.id))).group_by(col(Invite.person_id))
    found = session.exec(select(Invite).where(col(Invite.id).in_(last)))
    return {row.person_id: row for row in found}


def tried(session: Session, account_id: int, at: datetime) -> None:
    """Write down a wrong code."""
    session.add(LinkTry(account_id=account_id, at=at))
    session.flush()


def tries_since(session: Session, since: datetime, account_id: int | None = None) -> int:
    """How many wrong codes came after the moment, from one account or from all."""
    found = select(func.count()).select_from(LinkTry).where(col(LinkTry.at) > since)
    if account_id is not None:
        found = found.where(LinkTry.account_id == account_id)
    return session.exec(found).one()
