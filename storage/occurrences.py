"""What the clock has done: each thing due is claimed once, whoever asks and however often."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, delete, func, select, text, update
from sqlmodel import Session, col
from sqlmodel import select as select_model

from storage.prepared import Prepared
from storage.tables import Occurrence, Outbox, metadata
from storage.upserts import insert

MORNING = "morning"  # the whole pass of a day
DAILY = "daily_notice"  # one message a person and day
LINE = "line"  # something told in a morning message; the step names its row of the outbox
AT_ONCE = 500  # rows in one statement

_KEY = ("kind", "target", "due_at", "step")
_outbox = metadata.tables["outbox"]
_occurrence = metadata.tables["occurrence"]


@dataclass(frozen=True, slots=True)
class Due:
    """One thing due; equal ones are the same thing and happen once.

    `target` names a row ("assignment:12") so that `withdraw` finds it again.
    """

    kind: str
    target: str
    due_at: datetime
    step: str = ""


def claim(
    session: Session, dues: Iterable[Due], made_at: datetime, outbox_id: int | None = None
) -> set[Due]:
    """Mark as done what was not yet; returns what this call was the first to claim."""
    return claim_all(session, ((due, outbox_id) for due in dues), made_at)


def claim_all(
    session: Session, pairs: Iterable[tuple[Due, int | None]], made_at: datetime
) -> set[Due]:
    """The same for many, each with the message that says it."""
    asked = dict(pairs)
    rows = [
        {
            "kind": due.kind,
            "target": due.target,
            "due_at": due.due_at,
            "step": due.step,
            "made_at": made_at,
            "outbox_id": outbox_id,
        }
        for due, outbox_id in asked.items()
    ]
    known = {(due.kind, due.target, due.due_at, due.step): due for due in asked}
    done = (key for start in range(0, len(rows), AT_ONCE) for key in _insert(session, rows, start))
    return {known[key] for key in done}


def _insert(
    session: Session, rows: list[dict[str, Any]], start: int
) -> list[tuple[str, str, datetime, str]]:
    """The keys of those rows that were not there."""
    table: Table = Occurrence.__table__  # type: ignore[attr-defined]  # sqlmodel does not type it
    connection = session.connection()
    statement = insert(connection, table).values(rows[start : start + AT_ONCE])
    statement = statement.on_conflict_do_nothing()
    made = connection.execute(statement.returning(*(table.c[name] for name in _KEY)))
    return [_key(row) for row in made]


def claimed(session: Session, since: datetime) -> set[tuple[str, str, str]]:
    """(kind, target, step) of what was done, due at `since` or later, mornings themselves apart."""
    found = select(col(Occurrence.kind), col(Occurrence.target), col(Occurrence.step)).where(
        col(Occurrence.kind).not_in((MORNING, DAILY, LINE)), col(Occurrence.due_at) >= since
    )
    return {(kind, target, step) for kind, target, step in session.connection().execute(found)}


def told(session: Session, due_at: datetime) -> set[str]:
    """Whose morning message of this hour was written, as targets ("person:7")."""
    found = select(col(Occurrence.target)).where(
        col(Occurrence.kind) == DAILY, col(Occurrence.due_at) == due_at
    )
    return set(session.connection().execute(found).scalars())


def alone(session: Session) -> None:
    """Wait for whoever withdraws just now, and let others wait until this transaction ends.

    So nothing that was done while messages are composed goes unnoticed. SQLite has one writer.
    """
    if _is_postgresql(session):
        session.connection().execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


def _beside(session: Session) -> None:
    if _is_postgresql(session):
        session.connection().execute(text(f"SELECT pg_advisory_xact_lock_shared({_LOCK})"))


_CLAIMED = Prepared(
    select(_occurrence.c.id).where(*(_occurrence.c[name] == bindparam(name) for name in _KEY))
)


def is_claimed(session: Session, due: Due) -> bool:
    """Whether this very thing was done."""
    session.flush()
    values = {"kind": due.kind, "target": due.target, "due_at": due.due_at, "step": due.step}
    return _CLAIMED.first(session.connection(), **values) is not None


def first_made(session: Session, kind: str, target: str) -> datetime | None:
    """When something of the kind was first done about the target."""
    found = select(func.min(col(Occurrence.made_at))).where(
        col(Occurrence.kind) == kind, col(Occurrence.target) == target
    )
    return session.connection().execute(found).scalar()


def take_back(session: Session, due: Due) -> None:
    """Forget that it was done, so that the next pass of the clock does it again."""
    session.connection().execute(delete(Occurrence).where(*_same(due)))


def withdraw(session: Session, target: str) -> int:
    """Cancel unsent morning messages that speak of the target ("assignment:12", "case:4").

    The next pass of the clock composes them again from what is true by then; without anything
    else to say nothing goes out. Lines about the target that wait for a morning are cancelled for
    good. Returns how many messages were taken back.
    """
    _beside(session)
    kind, _, number = target.partition(":")
    connection = session.connection()
    gone = [row.id for row in _SPEAKING.all(connection, target=target)]
    if gone:
        _give_back(session, gone)
    _SETTLED.run(connection, kind=kind, number=int(number))
    return len(gone)


def _composed_anew(which: Select[Any]) -> Any:
    """Takes back the unsent morning messages among these."""
    return (
        update(_outbox)
        .where(
            _outbox.c.id.in_(which),
            _outbox.c.kind == "reminder",
            _outbox.c.state == "waiting",
            _outbox.c.claimed_by == "",
        )
        .values(state="cancelled", reason="composed anew")
        .returning(_outbox.c.id)
    )


_SPEAKING = Prepared(
    _composed_anew(
        select(_occurrence.c.outbox_id).where(
            _occurrence.c.target == bindparam("target"), _occurrence.c.outbox_id.is_not(None)
        )
    )
)
_SETTLED = Prepared(
    update(_outbox)
    .where(
        _outbox.c.about_kind == bindparam("kind"),
        _outbox.c.about_id == bindparam("number"),
        _outbox.c.state == "held",
    )
    .values(state="cancelled", reason="settled")
)


def withdraw_older(session: Session, due_at: datetime) -> int:
    """Cancel morning messages of earlier days that no sender has taken; they are composed anew."""
    older = select(col(Occurrence.outbox_id)).where(
        col(Occurrence.kind) == DAILY,
        col(Occurrence.due_at) < due_at,
        col(Occurrence.outbox_id).is_not(None),
    )
    return cancel_unsent(session, older)


def cancel_unsent(session: Session, outbox_ids: Select[Any]) -> int:
    """Cancel unsent morning messages and give back all they claimed."""
    gone = [row[0] for row in session.connection().execute(_composed_anew(outbox_ids))]
    if gone:
        _give_back(session, gone)
    return len(gone)


def _give_back(session: Session, outbox_ids: Sequence[int | None]) -> None:
    """Release what cancelled notices had claimed: their steps, their lines, the day's pass."""
    theirs = col(Occurrence.outbox_id).in_(outbox_ids)
    rows = session.connection().execute(select(*_columns()).where(theirs)).all()
    lines = [int(row.step) for row in rows if row.kind == LINE]
    days = [row.due_at for row in rows if row.kind == DAILY]
    session.connection().execute(delete(Occurrence).where(theirs))
    passes = col(Occurrence.due_at).in_(days)
    session.connection().execute(delete(Occurrence).where(col(Occurrence.kind) == MORNING, passes))
    held = update(Outbox).where(col(Outbox.id).in_(lines), col(Outbox.state) == "merged")
    session.connection().execute(held.values(state="held"))


_LOCK = 715  # of PostgreSQL, taken by nobody else


def _columns() -> list[Any]:
    return [getattr(Occurrence, name) for name in _KEY]


def _key(row: Any) -> tuple[str, str, datetime, str]:
    return row.kind, row.target, row.due_at, row.step


def _same(due: Due) -> list[ColumnElement[bool]]:
    return [
        col(Occurrence.kind) == due.kind,
        col(Occurrence.target) == due.target,
        col(Occurrence.due_at) == due.due_at,
        col(Occurrence.step) == due.step,
    ]


def _is_postgresql(session: Session) -> bool:
    return session.connection().dialect.name == "postgresql"


def held_lines(session: Session) -> list[Outbox]:
    """What waits to be told in somebody's morning message, oldest first."""
    found = select_model(Outbox).where(col(Outbox.state) == "held").order_by(col(Outbox.id))
    return list(session.exec(found))


def merge(session: Session, line_ids: Sequence[int]) -> None:
    """These lines are told now."""
    taken = update(Outbox).where(col(Outbox.id).in_(line_ids), col(Outbox.state) == "held")
    session.connection().execute(taken.values(state="merged"))
