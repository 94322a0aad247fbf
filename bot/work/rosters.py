"""Imports a workbook that came as a file, once it has been fetched, and tells its sender."""

from datetime import datetime
from pathlib import Path

from bot.desk.people import OFFICE
from bot.desk.rosters import ABOUT
from bot.messages import Outgoing
from bot.roster.loading import import_roster
from bot.roster.problems import ImportFailed
from bot.rules.zone import day_of
from bot.work import clock
from bot.work.post import post
from bot.work.viewers import viewer_for
from storage import attachments
from storage.database import Database
from storage.tables import Attachment

MOST_PROBLEMS = 12  # on one screen


def stored(db: Database, folder: Path, attachment_id: int) -> None:
    """To be called for every file that was fetched: a roster is imported, others are left."""
    with db.reading() as session:
        attachment = attachments.by_id(session, attachment_id)
    if attachment is None or attachment.about_kind != ABOUT:
        return
    said = roster_arrived(db, attachment, folder / attachment.path, clock.now(db))
    with db.writing() as session:
        post(session, said)


def roster_arrived(
    db: Database, attachment: Attachment, path: Path, at: datetime
) -> list[Outgoing]:
    """Imports the workbook that was fetched, and says to its sender what came of it."""
    sender = attachment.person_id
    with db.reading() as session:
        if sender is None or not viewer_for(session, sender, day_of(at)).roles & OFFICE:
            return []
    try:
        by = (attachment.bot.partition(":")[0], sender)
        said = import_roster(db, path, at, by=by).said()
    except ImportFailed as failed:
        said = f"{attachment.name}\n{failed.said(MOST_PROBLEMS)}"
    return [Outgoing(said, person_id=sender)]
