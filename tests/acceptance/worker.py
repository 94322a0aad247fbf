"""What one of two processes does: stores updates and works the inbox."""

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import OperationalError

from bot.work.receive import handle_next, store
from storage.database import Database
from tests.work.inbox import BOT, channel

IDLE = 0.5  # seconds without work after which it ends


def work(url: str, updates: Sequence[dict[str, Any]], times: int) -> None:
    """Store the updates one by one, so many times, and handle what is there.

    It ends when nothing has come for long.
    """
    db = Database(url)
    for _ in range(times):
        for payload in updates:
            store(db, channel(), [payload])
            _handle(db)
    until = time.monotonic() + IDLE
    while time.monotonic() < until:
        if _handle(db):
            until = time.monotonic() + IDLE
        else:
            time.sleep(0.01)
    db.close()


def _handle(db: Database) -> bool:
    try:
        return handle_next(db, {BOT: channel()})
    except OperationalError:  # SQLite: the other process held the file for too long
        return True
