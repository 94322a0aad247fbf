"""Stores what arrives before it is acknowledged, then handles it: one message, one transaction."""

import traceback
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot import files
from bot.channels.contract import Channel
from bot.messages import Arrival, Outgoing
from bot.rules.guard import Kind, inspect
from bot.work import clock, converse
from bot.work.post import post
from bot.work.quota import Meter
from storage import inbox
from storage.database import Database

log = structlog.get_logger()

TRIES = 3
SLOW_FILES = 3  # that one answer may need; they are made without the database
PAUSES = (timedelta(seconds=1), timedelta(seconds=5))
MASKED = "_masked"  # in a stored payload: how the masked number looks
OURS = frozenset(
    {"id", "message_id", "msg_id", "app_id", "user_id_by_app", "timestamp", "checksum"}
    | {"photo_url", "photo", "voice_url", "thumbnail", "file_id", "file_unique_id"}
)
"""Keys of strings that a platform writes: in a hundred thousand there is one like a number."""
QUOTED = ("reply_to_message", "external_reply", "quote")  # an earlier message, judged when sent

SECRET = (
    "Tin vừa rồi có dấu hiệu tài liệu mật nên hệ thống không lưu. Đề nghị đồng chí xóa tin đó "
    "khỏi cuộc trò chuyện. Nếu chỉ là từ ngữ thông thường, xin viết lại câu."
)
CAPITALS = (
    "Tin vừa rồi viết toàn chữ hoa và có chữ giống dấu mật nên hệ thống chưa lưu. Nếu không phải "
    "tài liệu mật, xin viết lại bằng chữ thường."
)


def store(db: Database, channel: Channel, payloads: Sequence[dict[str, Any]]) -> int:
    """Keep updates as they came; how many were new. Acknowledge them only after this returns."""
    read = [(payload, arrival) for payload in payloads for arrival in _read(channel, payload)]
    meter = Meter.of(channel)
    at = clock.real() if meter.most is None else clock.now(db)
    with db.connection() as connection:
        accounts = _accounts(connection, channel, read)
        keyed = {_external(channel, *pair): pair for pair in read}
        known = inbox.known_ids(connection, channel.bot, list(keyed))
        passes = inbox.unmasked(connection, channel.bot, clock.real())
        rows = [
            _row(channel, *pair, external_id=key, accounts=accounts, passes=passes)
            for key, pair in keyed.items()
            if key not in known
        ]
        inbox.put(connection, rows)
        meter.count(connection, at, received=len(rows))
        refused = [row for row in rows if row["state"] == "refused" and row["account_id"]]
        if refused:
            _tell_refused(connection, refused)
    return len(rows)


def handle_next(db: Database, channels: Mapping[str, Channel]) -> bool:
    """Handle the oldest message of some account; False when nothing waits.

    A message whose handling raises is rolled back, tried again, and set aside after three tries;
    the person is told once. Trouble of the database itself is raised and counts for no try.
    """
    for _ in range(SLOW_FILES):
        try:
            with files.not_while_held():
                return _handle_next(db, channels)
        except files.Slow as slow:  # rolled back: the message still waits
            slow.make()
    return _handle_next(db, channels)  # what is not there even now is made on the spot


def _handle_next(db: Database, channels: Mapping[str, Channel]) -> bool:
    taken: inbox.Taken | None = None
    now = clock.real()
    try:
        with db.writing() as session:
            connection = session.connection()
            taken = inbox.take(connection, now)
            if taken is None:
                return False
            converse.handle(session, channels[taken.bot], taken)
            inbox.mark_handled(connection, taken.id, now)
    except files.Slow:
        raise
    except DBAPIError as trouble:
        if trouble.connection_invalidated or taken is None or not _is_ours(trouble):
            raise
        _failed(db, taken, now)
    except Exception:
        if taken is None:
            raise
        _failed(db, taken, now)
    else:
        log.info("message_handled", inbox_id=taken.id, account_id=taken.account_id)
    return True


def _is_ours(trouble: DBAPIError) -> bool:
    """True for an error of the statement itself (a broken rule), False for one of the machine."""
    return type(trouble).__name__ in ("IntegrityError", "DataError", "ProgrammingError")


def _failed(db: Database, taken: inbox.Taken, now: datetime) -> None:
    reason = traceback.format_exc(limit=-12)
    log.exception("handling_failed", inbox_id=taken.id, tries=taken.tries + 1)
    again = now + PAUSES[taken.tries] if taken.tries < TRIES - 1 else None
    with db.writing() as session:
        inbox.mark_failed(session.connection(), taken.id, reason=reason, retry_at=again)
        if taken.tries == 0:
            said = converse.trouble(clock.now(session))
            post(session, [Outgoing(said)], account_id=taken.account_id, inbox_id=taken.id)


def _read(channel: Channel, payload: dict[str, Any]) -> Sequence[Arrival | None]:
    """The messages of one update; [None] for one that cannot be read at all."""
    try:
        return channel.read(payload)
    except Exception as trouble:
        log.warning("update_malformed", bot=channel.bot, kind=type(trouble).__name__)
        return [None]


def _external(channel: Channel, payload: dict[str, Any], arrival: Arrival | None) -> str:
    return arrival.external_id if arrival is not None else channel.external_id(payload)


def _accounts(
    connection: Connection, channel: Channel, read: Sequence[tuple[Any, Arrival | None]]
) -> dict[str, int]:
    ids = [arrival.account for _, arrival in read if arrival is not None]
    return inbox.account_ids(connection, channel.bot, ids) if ids else {}


def _row(
    channel: Channel,
    payload: dict[str, Any],
    arrival: Arrival | None,
    *,
    external_id: str,
    accounts: Mapping[str, int],
    passes: set[str],
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "bot": channel.bot,
        "external_id": external_id,
        "account_id": None,
        "message_id": "",
        "payload": payload,
        "received_at": clock.real(),
        "state": "aside",
        "reason": "malformed update",
        "tries": 0,
    }
    if arrival is None:
        return row | guarded(payload, may_pass=False)
    row |= {
        "account_id": accounts[arrival.account],
        "message_id": arrival.incoming.message_id,
        "state": "waiting",
        "reason": "",
    }
    if arrival.incoming.token:
        return row  # a press carries our own message along, and nothing that was typed
    return row | guarded(payload, may_pass=arrival.account in passes)


def guarded(payload: dict[str, Any], *, may_pass: bool) -> dict[str, Any]:
    """What the guard changes of a row: a refused one keeps its id and the reason, no text.

    What a message quotes is not kept: it may be one that was refused.
    """
    kept, masked, refused = _inspected(payload, may_pass=may_pass)
    if refused:
        return {"payload": {}, "state": "refused", "reason": refused}
    return {"payload": kept | {MASKED: masked} if masked else kept}


def _inspected(value: Any, *, may_pass: bool) -> tuple[Any, str, str]:
    """(value with citizen numbers masked, one masked number, the reason for refusing)."""
    if isinstance(value, str):
        verdict = inspect(value)
        if verdict.kind in (Kind.SECRET, Kind.ASK):
            return "", "", str(verdict.kind)
        hide = verdict.kind is Kind.CITIZEN_NUMBER and not may_pass
        return (verdict.masked, verdict.number, "") if hide else (value, "", "")
    if not isinstance(value, dict | list):
        return value, "", ""
    keys = [k for k in value if k not in QUOTED] if isinstance(value, dict) else range(len(value))
    parts = {
        key: _inspected(value[key], may_pass=may_pass)
        for key in keys
        if key not in OURS or not isinstance(value[key], str)
    }
    kept = {key: parts[key][0] if key in parts else value[key] for key in keys}
    masked = next((part[1] for part in parts.values() if part[1]), "")
    refused = next((part[2] for part in parts.values() if part[2]), "")
    return (kept if isinstance(value, dict) else list(kept.values())), masked, refused


def _tell_refused(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        for row in rows:
            said = CAPITALS if row["reason"] == str(Kind.ASK) else SECRET
            post(session, [Outgoing(said)], account_id=row["account_id"])
        session.commit()
