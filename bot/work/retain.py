"""Once a day: takes the words out of old messages and deletes old files, a little at a time."""

from collections.abc import Callable, Collection
from datetime import datetime, time, timedelta
from pathlib import Path

from sqlalchemy import Connection

from bot import files
from bot.desk.duties import province_on
from bot.rules.zone import day_of, moment
from bot.work import clock
from bot.work.auditing import FOLDER
from bot.work.clock import ALWAYS
from storage import attachments, occurrences, retention, settings
from storage.database import Database
from storage.occurrences import Due
from storage.retention import Part

BATCH = 200  # rows of one transaction: a few milliseconds, then whoever waits has a turn
REACHED = "retention"  # the setting that remembers how far each part has come
DIGEST = 2  # letters of a folder of files that people sent
KIND = "retention"
ARRIVING = timedelta(minutes=10)

Step = Callable[[Connection, int, datetime, int], Part]


def retain(db: Database, at: datetime) -> int:
    """What is older than the province keeps; how many rows were looked at. Once a day."""
    due = Due(KIND, "all", moment(day_of(at), time()))
    with db.reading() as session:
        if occurrences.is_claimed(session, due):
            return 0
        province = province_on(session, day_of(at))
    kept = {
        "inbox": (retention.empty_inbox, province.inbox_days),
        "outbox": (retention.empty_outbox, province.outbox_days),
        "loose": (_loose, province.inbox_days),
        "files": (_files, province.file_days),
    }
    count = sum(
        _part(db, name, step, at - timedelta(days=days))
        for name, (step, days) in kept.items()
        if days
    )
    if province.outbox_days:
        _made_for_sending(at - timedelta(days=province.outbox_days))
    with db.writing() as session:
        occurrences.claim(session, [due], at)
    return count


def _loose(connection: Connection, after: int, before: datetime, limit: int) -> Part:
    return retention.drop_files(connection, after, before, limit, loose=True)


def _files(connection: Connection, after: int, before: datetime, limit: int) -> Part:
    return retention.drop_files(connection, after, before, limit, loose=False)


def _part(db: Database, name: str, step: Step, before: datetime) -> int:
    """All of one kind, each batch in a transaction of its own that remembers how far it came."""
    count = 0
    while True:
        with db.writing() as session:
            reached: dict[str, int] = dict(settings.value(session, REACHED, ALWAYS, {}))
            since = reached.get(name, 0)
            part = step(session.connection(), since, before, BATCH)
            if part.last != since:
                settings.put(session, REACHED, reached | {name: part.last}, ALWAYS)
        delete_files(db, files.place, part.paths, arriving=ARRIVING)
        count += part.last - since
        if not part.more:
            return count


def delete_files(
    db: Database,
    place: Callable[[str], Path],
    paths: Collection[str],
    *,
    arriving: timedelta = timedelta(),
) -> None:
    """Delete what no row needs even now, while nobody stores anything.

    The same content may have come again since its rows were emptied. What came so lately
    (`arriving`) may belong to a message that nobody has handled yet.
    """
    if not paths:
        return
    since = (clock.real() - arriving).timestamp()
    with db.connection() as connection:
        attachments.alone(connection)
        for path in map(place, attachments.unneeded(connection, paths)):
            if not arriving or _came_before(path, since):
                path.unlink(missing_ok=True)


def _came_before(path: Path, since: float) -> bool:
    return path.exists() and path.stat().st_mtime < since


def _made_for_sending(before: datetime) -> None:
    """Slips, workbooks and charts that went out once; they can be made again."""
    root = files.place("x").parent
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.is_dir() and folder.name != FOLDER and len(folder.name) != DIGEST:
            _delete_older(folder, before)


def _delete_older(folder: Path, before: datetime) -> None:
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
