"""A second process that stores updates and works the inbox: python -m tests.acceptance.worker."""

import json
import sys
import time
from pathlib import Path

from sqlalchemy.exc import OperationalError

from bot.work.receive import handle_next, store
from storage.database import Database
from tests.work.inbox import BOT, channel

IDLE = 0.5  # seconds without work after which it ends


def main(url: str, updates: str, times: str) -> None:
    """Once told to, store the updates one by one, so many times, and handle what is there.

    It ends when nothing has come for long.
    """
    db = Database(url)
    payloads = json.loads(Path(updates).read_text())
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
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
