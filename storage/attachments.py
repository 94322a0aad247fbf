"""Photos, voice notes and documents: wanted, then stored or failed."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, or_, select, text, update
from sqlmodel import Session, col
from sqlmodel import select as find

from storage.tables import Attachment, metadata

attachment = metadata.tables["attachment"]
ONE_GO = timedelta(seconds=15)  # photos chosen together arrive one by one on some channels


@dataclass(frozen=True)
class Wanted:
    """A file to be fetched, by the channel's reference."""

    bot: str
    reference: str
    kind: str  # photo, voice, document
    wanted_at: datetime  # real time
    inbox_id: int | None = None
    person_id: int | None = None
    about_kind: str = ""
    about_id: int | None = None
    caption: str = ""
    name: str = ""
    seconds: int | None = None


@dataclass(frozen=True)
class Task:
    """A file that is due to be fetched."""

    id: int
    reference: str
    kind: str
    tries: int
    person_id: int | None
    inbox_id: int | None


def want(session: Session, wanted: Wanted) -> int:
    """Ask for a file; it is fetched soon after. Its row's id."""
    row = asdict(wanted) | {"state": "wanted", "path": "", "sha256": ""}
    row |= {"looks": "", "reason": "", "tries": 0}
    row["person_id"] = wanted.person_id or None
    new = insert(attachment).values(row).returning(attachment.c.id)
    return int(session.connection().execute(new).scalar_one())


def due(connection: Connection, bot: str, real: datetime, limit: int = 10) -> list[Task]:
    """Files of this bot to be fetched now, the oldest first."""
    ready = or_(attachment.c.next_try_at.is_(None), attachment.c.next_try_at <= real)
    columns = (attachment.c[name] for name in Task.__dataclass_fields__)
    found = (
        select(*columns)
        .where(attachment.c.state == "wanted", attachment.c.bot == bot, ready)
        .order_by(attachment.c.id)
        .limit(limit)
    )
    return [Task(**row._mapping) for row in connection.execute(found)]


def alone(connection: Connection) -> None:
    """Wait for whoever stores or deletes files just now; others wait until this is committed.

    SQLite has one writer.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


_LOCK = 717  # of PostgreSQL, taken by nobody else


def unneeded(connection: Connection, paths: Collection[str]) -> list[str]:
    """Those of these paths that no row needs: stored there, or still to be taken from there."""
    stored = select(attachment.c.path).where(attachment.c.path.in_(sorted(paths)))
    kept = set(connection.execute(stored).scalars())
    coming = select(attachment.c.reference).where(
        attachment.c.state == "wanted", attachment.c.reference.startswith("page:")
    )
    kept |= {reference.split(":", 3)[3] for reference in connection.execute(coming).scalars()}
    return sorted(set(paths) - kept)


def mark_stored(
    connection: Connection,
    number: int,
    *,
    path: str,
    size: int,
    sha256: str,
    at: datetime,
    looks: str = "",
) -> None:
    """The content is on disk, under this path below SAUSAT_FILES; `looks` of a picture."""
    kept = {"path": path, "size": size, "sha256": sha256, "stored_at": at, "looks": looks}
    _change(connection, number, state="stored", reason="", **kept)


def mark_failed(connection: Connection, number: int, reason: str) -> None:
    """The content will not be fetched."""
    _change(connection, number, state="failed", reason=reason)


def retry_later(connection: Connection, task: Task, after: datetime, reason: str) -> None:
    """Try this file again after that (real) time."""
    _change(connection, task.id, tries=task.tries + 1, next_try_at=after, reason=reason)


def _change(connection: Connection, number: int, **values: Any) -> None:
    wanted = (attachment.c.id == number) & (attachment.c.state == "wanted")
    connection.execute(update(attachment).where(wanted).values(values))


def belong(
    session: Session, person_id: int, *, references: Sequence[str], about: tuple[str, int]
) -> int:
    """Files this person sent now belong to what was filed; how many there were."""
    if not references:
        return 0
    theirs = (attachment.c.person_id == person_id) & attachment.c.reference.in_(references)
    change = update(attachment).where(theirs).values(about_kind=about[0], about_id=about[1])
    return session.connection().execute(change).rowcount


def of_message(session: Session, person_id: int, inbox_id: int) -> Attachment | None:
    """What this person sent with that message."""
    sent = (col(Attachment.person_id) == person_id) & (col(Attachment.inbox_id) == inbox_id)
    return session.exec(find(Attachment).where(sent)).first()


def sent_with(session: Session, person_id: int, inbox_id: int) -> list[Attachment]:
    """What this person sent with that message: on the same page, or photos in one go."""
    first = of_message(session, person_id, inbox_id)
    if first is None:
        return []
    theirs = col(Attachment.person_id) == person_id
    if first.reference.startswith("page:"):
        sending = first.reference.rsplit(":", 2)[0] + ":"
        same = col(Attachment.reference).startswith(sending, autoescape=True)
    elif first.kind == "photo" and first.about_id is None:
        around = (first.wanted_at - ONE_GO, first.wanted_at + ONE_GO)
        loose = col(Attachment.about_id).is_(None) & (col(Attachment.kind) == "photo")
        same = loose & col(Attachment.wanted_at).between(*around)
    else:
        return [first]
    return list(session.exec(find(Attachment).where(theirs, same).order_by(col(Attachment.id))))


def held_by(session: Session, path: str, people: Collection[int]) -> bool:
    """Whether one of these people sent the file that is kept there."""
    theirs = (attachment.c.path == path) & attachment.c.person_id.in_(people)
    return session.connection().execute(select(attachment.c.id).where(theirs)).first() is not None


def by_id(session: Session, number: int) -> Attachment | None:
    """One row, for those who were told its id by a query that knows the viewer."""
    return session.get(Attachment, number)
