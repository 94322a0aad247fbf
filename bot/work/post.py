"""Puts messages into the outbox, in the transaction that caused them."""

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from bot.messages import HELD, PRIORITY, Outgoing
from bot.work import clock
from storage import audit, outbox


def post(
    session: Session,
    messages: Iterable[Outgoing],
    *,
    account_id: int | None = None,
    inbox_id: int | None = None,
) -> list[int]:
    """Outbox ids in the order of the messages; those without a person answer `account_id`."""
    now, listed = clock.real(), list(messages)
    rows = [_row(m, account_id=account_id, inbox_id=inbox_id, created_at=now) for m in listed]
    ids = outbox.put(session.connection(), rows)
    for message, row in zip(listed, ids, strict=True):
        if message.files:
            audit.note(session, "file.send", "outbox", row, by=message.person_id, at=now)
    return ids


def _row(message: Outgoing, **values: Any) -> dict[str, Any]:
    kind, number = message.about or ("", None)
    if message.person_id is not None:
        values["account_id"] = None
    if message.account_id is not None:
        values["account_id"] = message.account_id
    return {
        "person_id": message.person_id,
        "priority": PRIORITY.get(message.kind, 9),
        "kind": message.kind,
        "state": "held" if message.kind in HELD else "waiting",
        "about_kind": kind,
        "about_id": number,
        "body": message.to_json(),
        "replaces_id": message.replaces,
        "edits_id": message.edits,
        "not_before": message.not_before,
        "expires_at": message.expires_at,
        **values,
    }
