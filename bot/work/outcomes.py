"""How sending a row ended, and what its outbox row says afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlmodel import Session

from bot.channels.contract import SendFailed
from bot.desk.duties import province_on
from bot.rules.ways import QUOTA, WINDOW, patience
from bot.rules.zone import day_of
from bot.work import clock
from bot.work.quota import Meter
from bot.work.ways import KNOCK, Ways
from storage import claims, outbox
from storage.database import Database
from storage.deliveries import Sent, mark_doubtful, mark_sent
from storage.jobs import Job
from storage.ways import close

log = structlog.get_logger()

LONGEST_PAUSE = 300.0  # seconds between two tries of one row
TRIES = 900  # with these pauses a little over three days
CRASHES = 3
OUTAGE = 30.0  # longest pause of a bot whose channel cannot be reached
UNAUTHORIZED = 60.0
ANYWHERE, UNCOUNTED = Ways(), Meter()


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
    down: float = 0.0  # seconds for which nothing has got through to the channel


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


def write(
    db: Database, batch: Sequence[Outcome], ways: Ways = ANYWHERE, meter: Meter = UNCOUNTED
) -> None:
    """Write how these rows ended, in one transaction."""
    real = clock.real()
    sent = [Sent(o.job, o.parts, o.menu, o.keyboard) for o in batch if o.sent]
    plain = len(sent) == len(batch) and meter.most is None
    at = real if plain else clock.now(db)
    with db.connection() as connection:
        if sent:
            mark_sent(connection, sent, real)
        meter.count(connection, at, sent=sum(_counted(outcome) for outcome in batch))
        after = After(connection, at, real, ways, meter)
        for outcome in batch:
            if not outcome.sent:
                after.failed(outcome)
    lines = log.bind()  # made once for all of them
    for each in sent:
        lines.info("message_sent", outbox_id=each.job.id, inbox_id=each.job.inbox_id)


def _counted(outcome: Outcome) -> int:
    """Messages that count for a quota and were not counted part by part."""
    doubtful = outcome.failed is not None and outcome.failed.doubtful
    return len(outcome.parts) + int(doubtful)


@dataclass
class After:
    """What becomes of rows that were not sent: tried again, moved, kept or given up."""

    connection: Connection
    at: datetime
    real: datetime
    ways: Ways
    meter: Meter

    def failed(self, outcome: Outcome) -> None:
        """Write down what comes next for this row."""
        job, trouble = outcome.job, outcome.failed
        if trouble is None and not outcome.crashed:
            claims.retry_later(self.connection, job, after=self.real, reason="", counts=False)
            return
        reason = trouble.reason if trouble else f"error: {outcome.crashed}"
        log.warning("message_failed", outbox_id=job.id, inbox_id=job.inbox_id, reason=reason)
        self._learn(outcome, reason)
        if self._moved(outcome, reason):
            return
        if _hopeless(outcome):
            self._give_up(job, reason)
        else:
            self._try_again(outcome, reason)

    def _learn(self, outcome: Outcome, reason: str) -> None:
        """What the trouble says of the account and of the bot."""
        job = outcome.job
        if outcome.failed and outcome.failed.doubtful:
            mark_doubtful(self.connection, job, outcome.failed_part)
        if reason == WINDOW:
            close(self.connection, job.account_id, self.real)
        if reason == QUOTA:
            self.meter.use_up(self.connection, self.at)

    def _moved(self, outcome: Outcome, reason: str) -> bool:
        """Whether the person's other account takes it from here."""
        for_good = _hopeless(outcome)
        if not for_good and not self._out_of_patience(outcome):
            return False
        job = outcome.job
        found = self.ways.move(
            self.connection, job, reason, at=self.at, real=self.real, for_good=for_good
        )
        if found:
            self._mark_unreachable(job, reason)
        return found

    def _out_of_patience(self, outcome: Outcome) -> bool:
        tries, most = outcome.job.tries + 1, self._moves_after
        return tries >= most or outcome.down >= patience(most)

    @cached_property
    def _moves_after(self) -> int:
        with Session(self.connection) as session:
            return province_on(session, day_of(self.at)).moves_after

    def _try_again(self, outcome: Outcome, reason: str) -> None:
        job, trouble = outcome.job, outcome.failed
        shared = outage_pause(trouble, 0) if trouble else 0.0
        pause = shared or min(2.0 ** min(job.tries, 20), LONGEST_PAUSE)
        claims.retry_later(
            self.connection,
            job,
            after=self.real + timedelta(seconds=pause),
            reason=reason,
            counts=not shared,
            doubtful=bool(outcome.parts or outcome.crashed or (trouble and trouble.doubtful)),
        )

    def _give_up(self, job: Job, reason: str) -> None:
        """An edit or a knock that cannot be made is no loss; all else stays visible as failed."""
        lost = job.edits_id is None and job.kind != KNOCK.kind
        claims.give_up(self.connection, job, reason, state="failed" if lost else "cancelled")
        self._mark_unreachable(job, reason)

    def _mark_unreachable(self, job: Job, reason: str) -> None:
        if reason == "blocked" or (reason == "not_found" and job.edits_id is None):
            outbox.mark_unreachable(self.connection, job.account_id)


def _hopeless(outcome: Outcome) -> bool:
    """Whether this account will never take it, or not for so long that others come first."""
    tries = outcome.job.tries + 1
    if outcome.failed:
        closed = outcome.failed.reason in (WINDOW, QUOTA)
        return outcome.failed.permanent or closed or tries >= TRIES
    return tries >= CRASHES
