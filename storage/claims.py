"""What a sender takes from the outbox, and how it gives a row back unsent. In Core: it is hot.

Real time (`real`) rules claims and retries; the service's clock (`at`) rules `not_before` and
`expires_at`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, or_, select, tuple_, update

from storage.deliveries import sent_parts
from storage.jobs import Job, Lane
from storage.outbox import account, cancel, due, outbox, waiting
from storage.prepared import Prepared, word
from storage.tables import metadata
from storage.ways import mark_failed

CLAIM = timedelta(minutes=2)
HOLDS_BACK = 10  # tries; a row that failed more often lets later ones of its account pass

draft = metadata.tables["draft"]


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
        cancel(connection, orphans, "nothing to edit")
    wanted = [row for row in picked if not _orphan(row)][:limit]
    return _claimed(connection, wanted, _claimant(bot, holder), real)


_edited = outbox.alias()
_drafting = exists().where(draft.c.person_id == account.c.person_id, draft.c.state == word("open"))
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
        waiting,
        tuple_(outbox.c.priority, outbox.c.id) > tuple_(bindparam("priority"), bindparam("id")),
        account.c.bot == bindparam("bot"),
        account.c.state != "unreachable",
        due,
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
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)), waiting, _free)
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
    edited = {row.edits_id for row in rows if row.edits_id}
    parts = sent_parts(connection, edited | {row.id for row in rows if _was_tried(row)})
    return [
        _job(row, bodies[row.id], edits=parts.get(row.edits_id, {}), done=parts.get(row.id, {}))
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
        update(outbox).where(waiting, others, ~mine, held).values(claimed_until=real)
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
        .where(outbox.c.id == job.id, waiting)
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
        .where(outbox.c.id == job.id, waiting)
        .values(state=state, reason=reason, claimed_by="", claimed_until=None)
    )


def _claimant(bot: str, holder: str) -> str:
    return f"{bot} {holder}"
