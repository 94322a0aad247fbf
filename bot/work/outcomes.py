"""How sending a row ended, and what its outbox row says afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.channels.contract import SendFailed
from bot.work import clock
from storage import outbox
from storage.database import Database
from storage.deliveries import Sent, mark_doubtful, mark_sent
from storage.outbox import Job

log = structlog.get_logger()

LONGEST_PAUSE = 300.0  # seconds between two tries of one row
TRIES = 900  # with these pauses a little over three days
CRASHES = 3
OUTAGE = 30.0  # longest pause of a bot whose channel cannot be reached
UNAUTHORIZED = 60.0


@dataclass
class Outcome:
    """How sending one row ended; neither sent nor failed nor crashed: it was not its turn."""

    job: Job
    parts: dict[int, str] = field(default_factory=dict)  # not yet recorded
    menu: list[dict[str, Any]] | None = None
    keyboard: str | None = None
    sent: bool = False
    failed: SendFailed | None = None
    failed_part: int = 0
    crashed: str = ""


def outage_pause(trouble: SendFailed, before: int) -> float:
    """Seconds for which the whole bot pauses; 0 when the trouble is this message's own.

    `before` counts the outages in a row.
    """
    if trouble.reason == "too_many":
        return trouble.retry_after or 1.0
    if trouble.reason == "unauthorized":
        return UNAUTHORIZED
    if trouble.reason == "unreachable" and not trouble.doubtful:
        return float(min(2 ** min(before, 10), OUTAGE))
    return 0.0


def write(db: Database, batch: Sequence[Outcome]) -> None:
    """Write how these rows ended, in one transaction."""
    real = clock.real()
    sent = [Sent(o.job, o.parts, o.menu, o.keyboard) for o in batch if o.sent]
    with db.connection() as connection:
        if sent:
            mark_sent(connection, sent, real)
        for outcome in batch:
            if not outcome.sent:
                _write_failed(connection, outcome, real)
    lines = log.bind()  # made once for all of them
    for each in sent:
        lines.info("message_sent", outbox_id=each.job.id, inbox_id=each.job.inbox_id)


def _write_failed(connection: Connection, outcome: Outcome, real: datetime) -> None:
    job, trouble = outcome.job, outcome.failed
    if trouble is None and not outcome.crashed:
        outbox.retry_later(connection, job, after=real, reason="", counts=False)
        return
    reason = trouble.reason if trouble else f"error: {outcome.crashed}"
    log.warning("message_failed", outbox_id=job.id, inbox_id=job.inbox_id, reason=reason)
    if trouble and trouble.doubtful:
        mark_doubtful(connection, job, outcome.failed_part)
    if _hopeless(outcome):
        _give_up(connection, job, reason)
        return
    shared = outage_pause(trouble, 0) if trouble else 0.0
    pause = shared or min(2.0 ** min(job.tries, 20), LONGEST_PAUSE)
    after = real + timedelta(seconds=pause)
    doubtful = bool(outcome.parts or outcome.crashed or (trouble and trouble.doubtful))
    outbox.retry_later(
        connection, job, after=after, reason=reason, counts=not shared, doubtful=doubtful
    )


def _hopeless(outcome: Outcome) -> bool:
    tries = outcome.job.tries + 1
    if outcome.failed:
        return outcome.failed.permanent or tries >= TRIES
    return tries >= CRASHES


def _give_up(connection: Connection, job: Job, reason: str) -> None:
    """An edit that cannot be made is no loss; everything else stays visible as failed."""
    edit = job.edits_id is not None
    outbox.give_up(connection, job, reason, state="cancelled" if edit else "failed")
    if reason == "blocked" or (reason == "not_found" and not edit):
        outbox.mark_unreachable(connection, job.account_id)
