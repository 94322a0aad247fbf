"""Drafts: the answers so far, kept under the person, with the prompt that is on the screen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from storage.prepared import Prepared, word
from storage.shown import SEEN_AFTER
from storage.tables import metadata

draft = metadata.tables["draft"]
outbox = metadata.tables["outbox"]
visit = metadata.tables["visit"]


@dataclass(frozen=True)
class Kept:
    """A draft as stored. `prompt_seen` tells whether the newest prompt was on the screen."""

    id: int
    form: str
    answers: dict[str, Any]
    asked: dict[str, Any] | None
    before: dict[str, Any] | None
    prompt_id: int | None
    prompt_seen: bool
    prompt_waiting: bool
    begun_at: datetime
    state: str
    prompt_account: int | None = None  # on which the newest prompt stands, or will


_OPEN = Prepared(
    select(
        draft.c.id,
        draft.c.form,
        draft.c.answers,
        draft.c.asked,
        draft.c.before,
        draft.c.prompt_id,
        draft.c.begun_at,
        draft.c.state,
        outbox.c.sent_at,
        outbox.c.begun_at.label("send_begun_at"),
        outbox.c.state.label("prompt_state"),
        outbox.c.account_id,
    )
    .outerjoin(outbox, outbox.c.id == draft.c.prompt_id)
    .where(draft.c.person_id == bindparam("person_id"), draft.c.state == word("open"))
    .with_for_update(of=draft)  # the same person may write from two accounts at once
)


def open_draft(connection: Connection, person_id: int, received_at: datetime) -> Kept | None:
    """The person's open draft as it stood when a message came in (both in real time).

    After a crash between sent and marked the prompt has been seen all the same: what counts is
    when its sending first began.
    """
    row = _OPEN.first(connection, person_id=person_id)
    if row is None:
        return None
    begun_at = row.send_begun_at
    seen_at = row.sent_at or (begun_at + SEEN_AFTER if begun_at is not None else None)
    return Kept(
        id=row.id,
        form=row.form,
        answers=row.answers,
        asked=row.asked,
        before=row.before,
        prompt_id=row.prompt_id,
        prompt_seen=row.prompt_id is None or (seen_at is not None and seen_at <= received_at),
        prompt_waiting=row.prompt_state == "waiting",
        begun_at=row.begun_at,
        state=row.state,
        prompt_account=row.account_id,
    )


def begin(
    connection: Connection, person_id: int, form: str, answers: dict[str, Any], at: datetime
) -> int:
    """A new open draft; the one that was open is put aside."""
    park_open(connection, person_id, at)
    row = _BEGIN.first(connection, person_id=person_id, form=form, answers=answers, at=at)
    assert row is not None
    return int(row.id)


_BEGIN = Prepared(
    insert(draft)
    .values(
        person_id=bindparam("person_id"),
        form=bindparam("form"),
        answers=bindparam("answers"),
        state="open",
        begun_at=bindparam("at"),
        updated_at=bindparam("at"),
    )
    .returning(draft.c.id)
)
_PARK = Prepared(
    update(draft)
    .where(draft.c.person_id == bindparam("person"), draft.c.state == word("open"))
    .values(state="parked", updated_at=bindparam("at"))
)


def park_open(connection: Connection, person_id: int, at: datetime) -> int:
    """Put the open draft aside; how many there were (0 or 1)."""
    return _PARK.run(connection, person=person_id, at=at)


_SAVE = Prepared(
    update(draft)
    .where(draft.c.id == bindparam("draft_id"))
    .values(
        answers=bindparam("new_answers"),
        asked=bindparam("new_asked"),
        before=bindparam("new_before"),
        prompt_id=bindparam("new_prompt"),
        updated_at=bindparam("at"),
    )
)


def save(
    connection: Connection,
    draft_id: int,
    *,
    answers: dict[str, Any],
    asked: dict[str, Any] | None,
    before: dict[str, Any] | None,
    prompt_id: int | None,
    at: datetime,
) -> None:
    """Keep the answers and what is on the screen, after every message."""
    _SAVE.run(
        connection,
        draft_id=draft_id,
        new_answers=answers,
        new_asked=asked,
        new_before=before,
        new_prompt=prompt_id,
        at=at,
    )


_END = Prepared(
    update(draft)
    .where(draft.c.id == bindparam("draft_id"))
    .values(state=bindparam("how"), updated_at=bindparam("at"))
)


def end(connection: Connection, draft_id: int, state: str, at: datetime) -> None:
    """filed, dropped or parked."""
    _END.run(connection, draft_id=draft_id, how=state, at=at)


def reopen(connection: Connection, draft_id: int, person_id: int, at: datetime) -> bool:
    """Open one of the person's parked drafts again; False when it is not there."""
    park_open(connection, person_id, at)
    result = connection.execute(
        update(draft)
        .where(draft.c.id == draft_id, draft.c.person_id == person_id, draft.c.state == "parked")
        .values(state="open", updated_at=at, asked=None, before=None, prompt_id=None)
    )
    return result.rowcount == 1


_PARKED = Prepared(
    select(draft.c.id, draft.c.answers, draft.c.updated_at)
    .where(
        draft.c.person_id == bindparam("person_id"),
        draft.c.form == bindparam("form"),
        draft.c.state == "parked",
    )
    .order_by(draft.c.updated_at.desc())
)


def parked(connection: Connection, person_id: int, form: str) -> list[Any]:
    """(id, answers, updated_at) of the drafts a person put aside, newest first."""
    return _PARKED.all(connection, person_id=person_id, form=form)


def filed_as(connection: Connection, draft_id: int, person_id: int) -> tuple[str, int | None]:
    """(state, CS number of the visit it became) of a person's draft whose button came late."""
    query = (
        select(draft.c.state, visit.c.number)
        .outerjoin(visit, visit.c.draft_id == draft.c.id)
        .where(draft.c.id == draft_id, draft.c.person_id == person_id)
    )
    row = connection.execute(query).one_or_none()
    return ("", None) if row is None else (row.state, row.number)


def newest_unfinished(connection: Connection, person_id: int) -> int | None:
    """The draft that is open, else the one put aside last, of any form."""
    query = (
        select(draft.c.id)
        .where(draft.c.person_id == person_id, draft.c.state.in_(("open", "parked")))
        .order_by(draft.c.state, draft.c.updated_at.desc())  # "open" comes before "parked"
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()
