"""The days of visits made, who is writing just now, and who asked to be reminded later."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select, union_all

from storage.scope import Viewer, visits_seen
from storage.tables import Account, Companion, Inbox, Snooze, Visit


def visit_days(
    session: Session, viewer: Viewer, first: date, last: date
) -> list[tuple[int, int, date]]:
    """(person, area, day) of every visit that stands, of the days from first to last.

    Whoever of the roster went along has been there too.
    """
    stands = (
        visits_seen(viewer),
        col(Visit.withdrawn_at).is_(None),
        col(Visit.visited_on).between(first, last),
    )
    area, day = col(Visit.area_id), col(Visit.visited_on)
    own = select(col(Visit.person_id), area, day).where(*stands)
    along = (
        select(col(Companion.person_id), area, day)
        .join(Visit, col(Visit.id) == Companion.visit_id)
        .where(col(Companion.person_id).is_not(None), *stands)
    )
    rows: Iterable[Any] = session.connection().execute(union_all(own, along))
    return sorted((person, area_id, on) for person, area_id, on in rows)


def writing(session: Session) -> set[int]:
    """People of whom a message is not handled yet: it may be the very visit that is due."""
    found = (
        select(col(Account.person_id))
        .join(Inbox, col(Inbox.account_id) == Account.id)
        .where(col(Inbox.state) == "waiting", col(Account.person_id).is_not(None))
    )
    return {person for person in session.exec(found) if person is not None}


def connected(session: Session) -> set[int]:
    """People with an account that can be written to."""
    found = select(col(Account.person_id)).where(
        col(Account.state) == "confirmed", col(Account.person_id).is_not(None)
    )
    return {person for person in session.exec(found) if person is not None}


def snooze(session: Session, person_id: int, until: datetime, at: datetime) -> Snooze:
    """No reminder of visits for the person before `until`."""
    row = Snooze(person_id=person_id, until=until, asked_at=at)
    session.add(row)
    session.flush()
    return row


def snoozes(session: Session, since: datetime, people: Collection[int] = ()) -> dict[int, Snooze]:
    """The newest snooze of each person, of those asked for since."""
    found = select(Snooze).where(Snooze.asked_at >= since).order_by(col(Snooze.id))
    if people:
        found = found.where(col(Snooze.person_id).in_(sorted(people)))
    return {row.person_id: row for row in session.exec(found)}
