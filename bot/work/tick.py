"""One pass of the clock: everything that is due at a moment, each part in its own transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from bot.work.alerting import tell_on
from bot.work.auditing import chain_audit
from bot.work.briefing import brief_on_the_eve
from bot.work.handing_over import hand_over
from bot.work.quota import warn
from bot.work.remind import remind
from bot.work.retain import retain
from bot.work.sealed import remind_receivers
from bot.work.settling import settle_cases
from bot.work.summarise import summarise
from storage.database import Database

log = structlog.get_logger()

Part = Callable[[Database, datetime], object]

PARTS: Mapping[str, Part] = {
    "tell_on": tell_on,
    "hand_over": hand_over,
    "settle_cases": settle_cases,
    "summarise": summarise,
    "remind": remind,
    "brief_on_the_eve": brief_on_the_eve,
    "warn": warn,
    "remind_receivers": remind_receivers,
    "retain": retain,
    "chain_audit": chain_audit,
}
"""In this order: what was settled or compiled this morning can be in this morning's message."""


def tick(db: Database, at: datetime, parts: Mapping[str, Part] = PARTS) -> list[str]:
    """Do what is due at `at` and was not done; the names of the parts that failed.

    A part that raises is rolled back and comes again with the next pass; the others go on.
    """
    return [name for name, part in parts.items() if not _done(db, at, name, part)]


def _done(db: Database, at: datetime, name: str, part: Part) -> bool:
    try:
        part(db, at)
    except Exception:  # one part's bug must not keep the others from their work
        log.exception("tick_failed", name=name)
        return False
    return True
