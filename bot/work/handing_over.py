"""Hands over what is open when an assignment is over or an area is no more."""

from datetime import datetime

from bot.desk import reseating
from bot.work.post import post
from storage.database import Database


def hand_over(db: Database, at: datetime) -> int:
    """Whatever is due, once; how many messages it causes."""
    with db.reading() as session:
        if not reseating.due(session, at):
            return 0
    with db.writing() as session:
        said = reseating.hand_over(session, at)
        post(session, said)
    return len(said)
