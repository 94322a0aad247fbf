"""Messages for people until a sender has them: put, claim, cancel. In Core, because it is hot.

Real time (`real`) rules claims and retries; the service's clock (`at`) rules `not_before` and
`expires_at`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
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
    tuple_,
    update,
)
from sqlmodel import Session

from storage.deliveries import sent_parts
from storage.prepared import Prepared, word
from storage.tables import metadata
from storage.ways import forget_failures, leave, mark_failed

AT_ONCE = 2  # rows in one statement: mostly an answer, and the change of the one before
CLAIM = timedelta(minutes=2)
HOLDS_BACK = 10  # tries; a row that failed more often lets later ones of its account pass
UNREACHED = timedelta(hours=72)
Lane = tuple[int, bool]  # account, whether it is for edits: one row of a lane is in flight

outbox = metadata.tables["outbox"]
account = metadata.tables["account"]
draft = metadata.tables["draft"]

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


_waiting = outbox.c.state == word("waiting")
_unclaimed = outbox.c.claimed_by == ""


@dataclass(frozen=True)
class Job:
    """A claimed row, with all that a sender needs to know."""

    id: int
    account_id: int
    address: str  # the account's id on the channel
    person_id: int | None  # whom the row is for, None when it answers an account
    priority: int
    kind: str
    body: dict[str, Any]
    inbox_id: int | None = None
    edits_id: int | None = None
    tries: int = 0
    keyboard: str = ""  # signature of the menu the account has
    crowded: bool = False  # the person has an open draft
    edits: tuple[str, ...] = ()  # the channel's ids of the message to change
    done: Mapping[int, str] = field(default_factory=dict)  # parts that went out before
    tried: bool = False  # there may be deliveries of it already

    @property
    def lane(self) -> Lane:
        """What this row must not overtake."""
        return self.account_id, self.edits_id is not None


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


def claim(
    connection: Connection,
    *,
    bot: str,
    holder: str,
    real: datetime,
    at: datetime,
    limit: int = 30,
    busy: Collection[Lane] = (),
) -> list[Job]:
    """Up to `limit` rows to send now, the urgent first, none overtaking within its account.

    Rows for a person come after `storage.ways` has given them an account. `busy` lanes are those
    of which the sender has a row in hand.
    """
    picked: list[Any] = []
    taken = set(busy)
    look = {"bot": bot, "real": real, "at": at, "priority": -1, "id": 0, "most": 2 * limit}
    while len(picked) < limit:
        page = _CANDIDATES.all(connection, **look)
        picked += _pick(page, taken, real)
        if len(page) < 2 * limit:
            break
        look |= {"priority": page[-1].priority, "id": page[-1].id}
    orphans = [row.id for row in picked if _orphan(row)]
    if orphans:
        _cancel(connection, outbox.c.id.in_(orphans), "nothing to edit")
    wanted = [row for row in picked if not _orphan(row)][:limit]
    return _claimed(connection, wanted, _claimant(bot, holder), real)


_edited = outbox.alias()
_drafting = exists().where(draft.c.person_id == account.c.person_id, draft.c.state == word("open"))
_due = or_(outbox.c.not_before.is_(None), outbox.c.not_before <= bindparam("at"))
_free = or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= bindparam("real"))
_CANDIDATES = Prepared(
    select(
        outbox.c.id,
        outbox.c.priority,
        outbox.c.kind,
        outbox.c.person_id,
        outbox.c.inbox_id,
        outbox.c.edits_id,
        outbox.c.tries,
        outbox.c.next_try_at,
        outbox.c.claimed_by,
        account.c.id.label("target"),
        account.c.external_id,
        account.c.keyboard,
        _drafting.correlate(account).label("crowded"),
        _edited.c.state.label("edited"),
        _edited.c.account_id.label("edited_on"),
    )
    .select_from(outbox)
    .join(account, account.c.id == outbox.c.account_id)
    .outerjoin(_edited, _edited.c.id == outbox.c.edits_id)
    .where(
        _waiting,
        tuple_(outbox.c.priority, outbox.c.id) > tuple_(bindparam("priority"), bindparam("id")),
        account.c.bot == bindparam("bot"),
        account.c.state != "unreachable",
        _due,
        or_(outbox.c.expires_at.is_(None), outbox.c.expires_at > bindparam("at")),
        _free,
    )
    .order_by(outbox.c.priority, outbox.c.id)
    .limit(bindparam("most"))
)


def _pick(page: Sequence[Any], taken: set[Lane], real: datetime) -> list[Any]:
    """The first of each lane, unless it waits for its next try and holds the others back."""
    picked = []
    for row in page:
        lane = (row.target, row.edits_id is not None)
        if lane in taken or row.edited == "waiting":
            continue
        ready = row.next_try_at is None or row.next_try_at <= real
        if ready:
            picked.append(row)
        if ready or row.tries < HOLDS_BACK:
            taken.add(lane)
    return picked


def _orphan(row: Any) -> bool:
    """An edit of a message that never went out, or not to this account."""
    if row.edits_id is None:
        return False
    return bool(row.edited != "sent" or row.edited_on != row.target)


_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)), _waiting, _free)
    .values(
        claimed_by=bindparam("claimant"),
        claimed_until=bindparam("until"),
        begun_at=func.coalesce(outbox.c.begun_at, bindparam("real")),
    )
    .returning(outbox.c.id, outbox.c.body)
)


def _claimed(
    connection: Connection, rows: Sequence[Any], claimant: str, real: datetime
) -> list[Job]:
    if not rows:
        return []
    claimed = {"claimant": claimant, "until": real + CLAIM, "real": real}
    found = connection.execute(_CLAIM, {"ids": [row.id for row in rows], **claimed})
    bodies = {number: body for number, body in found}
    edits = sent_parts(connection, {row.edits_id for row in rows if row.edits_id})
    done = sent_parts(connection, {row.id for row in rows if _was_tried(row)})
    parts = {row.id: edits.get(row.edits_id, {}) for row in rows}
    return [
        _job(row, bodies[row.id], edits=parts[row.id], done=done.get(row.id, {}))
        for row in rows
        if row.id in bodies
    ]


def _was_tried(row: Any) -> bool:
    return bool(row.next_try_at or row.claimed_by)


def _job(
    row: Any, body: dict[str, Any], *, edits: Mapping[int, str], done: Mapping[int, str]
) -> Job:
    return Job(
        id=row.id,
        account_id=row.target,
        address=row.external_id,
        person_id=row.person_id,
        priority=row.priority,
        kind=row.kind,
        body=body,
        inbox_id=row.inbox_id,
        edits_id=row.edits_id,
        tries=row.tries,
        keyboard=row.keyboard,
        crowded=bool(row.crowded),
        edits=tuple(filter(None, edits.values())),
        done=done,
        tried=_was_tried(row),
    )


def take_over(connection: Connection, *, bot: str, holder: str, real: datetime) -> None:
    """Let go of what an earlier sender of this bot had in hand; only for who holds its lease.

    `claimed_by` stays: parts may have gone out, so such a row is not cancelled any more.
    """
    others = outbox.c.claimed_by.startswith(f"{bot} ", autoescape=True)
    mine = outbox.c.claimed_by == _claimant(bot, holder)
    held = outbox.c.claimed_until > real
    connection.execute(
        update(outbox).where(_waiting, others, ~mine, held).values(claimed_until=real)
    )


def retry_later(
    connection: Connection,
    job: Job,
    *,
    after: datetime,
    reason: str,
    counts: bool = True,
    doubtful: bool = False,
) -> None:
    """Try this row again after that (real) time; `counts` False: the trouble was not its own.

    A doubtful try may have reached the phone; after any other it is sure that nothing was seen.
    """
    begun = outbox.c.begun_at if doubtful or job.done else None
    connection.execute(
        update(outbox)
        .where(outbox.c.id == job.id, _waiting)
        .values(
            claimed_by="",
            claimed_until=None,
            begun_at=begun,
            next_try_at=after,
            reason=reason,
            tries=outbox.c.tries + int(counts),
        )
    )


def give_up(connection: Connection, job: Job, reason: str, *, state: str = "failed") -> None:
    """This row will not be sent; a failed one stays for the office to see."""
    if state == "failed":
        mark_failed(connection, job, reason)
    connection.execute(
        update(outbox)
        .where(outbox.c.id == job.id, _waiting)
        .values(state=state, reason=reason, claimed_by="", claimed_until=None)
    )


def sweep(connection: Connection, at: datetime) -> None:
    """Close what is too late to send, and what for three days had nobody to be sent to."""
    late = outbox.c.expires_at <= at
    connection.execute(update(outbox).where(_waiting, _unclaimed, late).values(state="expired"))
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
        .where(_waiting, _unclaimed, since < at - UNREACHED, ~reachable.correlate(outbox))
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


def cancel(where: Session | Connection, ids: Collection[int]) -> int:
    """Take back these messages where no sender has them yet; how many."""
    return _cancel(core(where), outbox.c.id.in_(ids), "cancelled") if ids else 0


def _cancel(connection: Connection, which: ColumnElement[bool], reason: str) -> int:
    unsent = outbox.c.state.in_(("waiting", "held"))  # held: for the morning message
    gone = update(outbox).where(which, unsent, _unclaimed)
    return connection.execute(gone.values(state="cancelled", reason=reason)).rowcount


def in_flight(where: Session | Connection, account_id: int, real: datetime) -> bool:
    """Whether a sender has a new message to this account in hand at this moment."""
    person = select(account.c.person_id).where(account.c.id == account_id).scalar_subquery()
    mine = or_(
        outbox.c.account_id == account_id,
        and_(outbox.c.account_id.is_(None), outbox.c.person_id == person),
    )
    held = and_(_waiting, outbox.c.claimed_until > real, outbox.c.edits_id.is_(None))
    return core(where).execute(select(outbox.c.id).where(held, mine).limit(1)).first() is not None


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
    oldest = select(func.min(since)).where(_waiting, _due, ~kept_back)
    return core(where).execute(oldest, {"at": at}).scalar()


def mark_unreachable(where: Session | Connection, account_id: int) -> None:
    """The person stopped messages; the account stays, so that the office sees it."""
    gone = and_(account.c.id == account_id, account.c.state == "confirmed")
    core(where).execute(update(account).where(gone).values(state="unreachable"))
    leave(where, [account_id])


def _claimant(bot: str, holder: str) -> str:
    return f"{bot} {holder}"


def core(where: Session | Connection) -> Connection:
    """The connection under a session."""
    return where.connection() if isinstance(where, Session) else where
