"""A second process that stores updates and works the inbox: python -m tests.acceptance.worker."""

import json
import sys
import time
from pathlib import Path

from sqlalchemy.exc import OperationalError

from bot.work.receive import handle_next, store
from storage.database import Database
from tests.work.inbox import BOT, channel

IDLE = 2.0  # seconds without work after which it ends


def main(url: str, updates: str, times: str, begin_at: str) -> None:
    """Store the updates one by one, so many times, then handle until nothing has come for long."""
    db = Database(url)
    payloads = json.loads(Path(updates).read_text())
    time.sleep(max(0.0, float(begin_at) - time.time()))
    for _ in range(int(times)):
        for payload in payloads:
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


if __name__ == "__main__":
    main(*sys.argv[1:])
