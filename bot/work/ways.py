"""Gives every message for a person one of the person's accounts, and another when that fails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.channels.contract import Limits
from bot.messages import PRIORITY, Outgoing
from bot.rules import quota
from bot.rules import ways as rules
from bot.rules.ways import PASSING, QUOTA, WINDOW, Way
from storage import outbox, quotas, ways
from storage.jobs import Job

log = structlog.get_logger()

AT_ONCE = 100
LOOK_AGAIN = timedelta(minutes=10)  # at what is kept back, when nothing happened meanwhile
KNOCK_EVERY = timedelta(days=1)  # a knock is paid for
KNOCK = Outgoing("có tin gửi đồng chí", kind="knock", template=True)
"""Asks a person to write again: what the template of the paid notice is filled with."""


@dataclass(frozen=True)
class Ways:
    """Decides what goes where. `limits` are those of every bot that runs; None: any may run."""

    limits: Mapping[str, Limits] | None = None

    def address(self, connection: Connection, *, at: datetime, real: datetime) -> int:
        """Give accounts to the messages that are due and have none; how many got one."""
        rows = ways.unaddressed(connection, at=at, real=real, most=AT_ONCE)
        chooser = Chooser(connection, self.limits, rows, at=at, real=real)
        return sum(chooser.settle(row) for row in rows)

    def move(
        self,
        connection: Connection,
        job: Job,
        reason: str,
        *,
        at: datetime,
        real: datetime,
        for_good: bool,
    ) -> bool:
        """Let a message that failed look for another account; False: it has nowhere to go.

        What a quota or a closed window keeps back may wait for it, `for_good` also what this
        account never takes; answers wait for a quota alone.
        """
        person_id = job.person_id or ways.owner(connection, job.account_id)
        if person_id is None or job.edits_id is not None or job.kind == KNOCK.kind:
            return False
        row = _Row(job.id, person_id, job.kind)
        chooser = Chooser(connection, self.limits, [row], at=at, real=real)
        others = [way for way in chooser.ways(row) if way.account_id != job.account_id]
        waiting = [way for way in others if way.closed and not way.failed]
        may_open = reason in rules.KEPT_BACK
        others_open = for_good and bool(waiting) and job.kind not in PASSING
        can_wait = rules.may_wait(job.kind, reason) if may_open else others_open
        if not rules.best(others) and not can_wait:
            return False
        body = job.body
        if ways.maybe_seen(connection, job):
            text = rules.said_before(str(body["text"]), chooser.bot_of(job.account_id))
            body = {**body, "text": text}
        if not may_open:
            ways.mark_failed(connection, job, reason)
        ways.take_from(connection, job, person_id, reason=reason, body=body)
        log.info("message_moved", outbox_id=job.id, account_id=job.account_id, reason=reason)
        return True


@dataclass(frozen=True)
class _Row:
    id: int
    person_id: int
    kind: str


class Chooser:
    """Chooses for messages of many people, of whom everything needed is read at once."""

    def __init__(
        self,
        connection: Connection,
        limits: Mapping[str, Limits] | None,
        rows: Sequence[Any],
        *,
        at: datetime,
        real: datetime,
    ) -> None:
        self._connection = connection
        self._limits = limits
        self._at, self._real = at, real
        people = {row.person_id for row in rows}
        self._accounts = ways.accounts_of(connection, people) if people else {}
        self._wishes = ways.wishes_of(connection, people) if people else {}
        self._failures = ways.failures(connection, {row.id for row in rows}) if people else {}
        self._used = quotas.of_month(connection, quota.month_of(at)) if people else {}
        self._room = {
            bot: quota.room(used.used, used.most) - ways.on_their_way(connection, bot)
            for bot, used in self._used.items()
        }

    def ways(self, row: Any) -> list[Way]:
        """The person's accounts, as they stand for this message."""
        return [
            Way(
                account.id,
                rules.channel(account.bot),
                account.last_heard_at,
                self._closed(account, row.kind),
                self._failures.get((row.id, account.id), ""),
            )
            for account in self._accounts.get(row.person_id, ())
        ]

    def settle(self, row: Any) -> bool:
        """Give the message an account; False when it is kept back or has failed everywhere."""
        found = self.ways(row)
        wished = self._wishes.get((row.person_id, rules.wish_of(row.kind)), "")
        way = rules.best(found, wished)
        if way is None:
            self._keep(row, found)
            return False
        if not ways.give(self._connection, row.id, way.account_id):
            return False
        self._spend(row.person_id, way.account_id)
        if row.kind == "urgent":
            others = [w for w in found if not w.closed and not w.failed and w != way]
            ways.also(self._connection, row.id, [w.account_id for w in others])
        return True

    def bot_of(self, account_id: int) -> str:
        """The bot of one of the accounts that were read; "" when it is none of them."""
        accounts = [account for held in self._accounts.values() for account in held]
        return next((account.bot for account in accounts if account.id == account_id), "")

    def _closed(self, account: Any, kind: str) -> str:
        if self._limits is not None and account.bot not in self._limits:
            return rules.NO_CHANNEL
        limits = self._limits[account.bot] if self._limits is not None else None
        heard, closed = account.last_heard_at, account.closed_at
        window = limits.window if limits else None
        if not rules.window_is_open(heard, closed, window, self._real):
            return WINDOW
        return self._out_of_quota(account.bot, kind)

    def _out_of_quota(self, bot: str, kind: str) -> str:
        used = self._used.get(bot)
        if used is None:
            return ""
        if quota.is_used_up(used.used_up_at, used.most, self._at):
            return QUOTA
        short = used.most > 0 and self._room[bot] <= 0
        return QUOTA if short and kind not in PASSING else ""

    def _spend(self, person_id: int, account_id: int) -> None:
        for account in self._accounts[person_id]:
            if account.id == account_id and account.bot in self._room:
                self._room[account.bot] -= 1

    def _keep(self, row: Any, found: Sequence[Way]) -> None:
        """Wait for what may change, and say why; a message that failed everywhere is given up."""
        why = rules.waits_for(found)
        if not why or not rules.may_wait(row.kind, why):
            failed = [way.failed or way.closed for way in found]
            ways.fail(self._connection, row.id, failed[-1])
            return
        ways.keep_back(self._connection, row.id, why, self._real + LOOK_AGAIN)
        for account in self._accounts.get(row.person_id, ()):
            if why == WINDOW and self._limits and self._limits[account.bot].template:
                self._knock(account.id)

    def _knock(self, account_id: int) -> None:
        """Have the channel's paid notice sent, whose tap opens the window."""
        if ways.knocked_since(self._connection, account_id, self._real - KNOCK_EVERY):
            return
        row = {"account_id": account_id, "kind": KNOCK.kind, "priority": PRIORITY["notice"]}
        said = {"body": KNOCK.to_json(), "created_at": self._real}
        outbox.put(self._connection, [row | said])
