"""Chains the log of who did what, keeps its end outside the database, and examines it."""

import os
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from sqlalchemy import Connection

from bot import files
from bot.messages import Rejected
from bot.rules.zone import day_of
from bot.words import vietnamese_number
from bot.work import clock
from storage import audit, leases
from storage.audit import Head, Verdict
from storage.database import Database

log = structlog.get_logger()

FOLDER = "audit"
HEAD, DAYS = f"{FOLDER}/head", f"{FOLDER}/days"
POST, SECONDS = "audit", 60.0
MOST_BATCHES = 200  # of a pass; after a long import the next pass goes on


@dataclass(frozen=True)
class Kept:
    """What stands outside the database: the newest end of the chain, and that of each day."""

    head: Head | None
    days: dict[date, Head]

    @property
    def torn(self) -> bool:
        """Somebody took the newest end away and left the days."""
        return self.head is None and bool(self.days)

    @property
    def ends(self) -> list[Head]:
        """All of them."""
        return [*self.days.values(), *([self.head] if self.head else [])]


def chain_audit(db: Database, at: datetime) -> int:
    """Chain what was committed since the last pass, in short transactions; how many rows.

    The end of the chain is written to a file after each pass, and once a day to a list of days.
    When the chain no longer holds what the file remembers, the file stays as it is.
    """
    with db.reading() as session:
        end, waits = audit.head(session.connection()), audit.waits(session.connection())
        kept = kept_outside()
        intact = not kept.torn and _holds(session.connection(), kept.head)
    if not intact:
        log.error("audit_broken", chained=end.place)
    count = _chain_all(db) if waits else 0
    if intact and (count or end.place):
        _keep(db, day_of(at))
    return count


def _holds(connection: Connection, head: Head | None) -> bool:
    return head is None or audit.at_place(connection, head.place) == head


def _chain_all(db: Database) -> int:
    holder, count = leases.new_holder(), 0
    for _ in range(MOST_BATCHES):
        with db.connection() as connection:
            if not leases.hold(connection, POST, holder, seconds=SECONDS, real=clock.real()):
                return count
            done = audit.chain(connection)
            leases.release(connection, POST, holder)
        count += done
        if done < audit.BATCH:
            break
    return count


def kept_outside() -> Kept:
    """The files beside the photos; see `docs/van-hanh.md` on where else to copy them."""
    head, days = files.place(HEAD), files.place(DAYS)
    lines = days.read_text("utf-8").splitlines() if days.exists() else []
    read = [line.split() for line in lines]
    found = {date.fromisoformat(day): Head(int(place), link) for day, place, link in read}
    newest = head.read_text("utf-8").split() if head.exists() else []
    return Kept(Head(int(newest[0]), newest[1]) if newest else None, found)


def _keep(db: Database, today: date) -> None:
    """Write the end down, one process at a time; the next pass does it for who has to wait.

    What lies there is read anew, so that an older end never takes the place of a newer one.
    """
    holder = leases.new_holder()
    with db.connection() as connection:
        if not leases.hold(connection, POST, holder, seconds=SECONDS, real=clock.real()):
            return
        _write(kept_outside(), audit.head(connection), today)
        leases.release(connection, POST, holder)


def _write(kept: Kept, end: Head, today: date) -> None:
    if end.place > (kept.head.place if kept.head else 0):
        files.put(files.place(HEAD), f"{end.place} {end.link}\n".encode())
    if end.place and today not in kept.days:
        with files.place(DAYS).open("a", encoding="utf-8") as days:
            days.write(f"{today.isoformat()} {end.place} {end.link}\n")
            days.flush()
            os.fsync(days.fileno())


def examine(db: Database, seal: str = "") -> Verdict:
    """The whole log against its links and what is kept outside; `seal` is that of a report."""
    kept = kept_outside()
    printed = [read_seal(seal)] if seal else []
    with db.reading() as session:
        found = audit.examine(session.connection(), [*kept.ends, *printed])
    if not found.broken and kept.torn:
        found.broken = f"không còn tệp mốc {HEAD} trong SAUSAT_FILES"
    return found


def read_seal(text: str) -> Head:
    """12345:3f9a1c2d5b6e7f80, as it stands under a report; Rejected for anything else."""
    place, _, link = text.strip().partition(":")
    if not place.isdecimal() or len(link) != audit.SEAL:
        raise Rejected("--seal: xin ghi như ở cuối bản tổng hợp, 12345:3f9a1c2d5b6e7f80")
    return Head(int(place), link)


def said(found: Verdict) -> str:
    """The verdict in words."""
    counts = (
        f"Lưu vết: {vietnamese_number(found.chained)} dòng đã nối, "
        f"{vietnamese_number(found.waiting)} dòng chờ nối."
    )
    if found.broken:
        return f"{counts}\nKHÔNG NGUYÊN VẸN: {found.broken}."
    return f"{counts}\nNguyên vẹn. Dấu cuối: {found.end.seal or 'chưa có'}"
