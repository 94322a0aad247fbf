"""Exchanges (TR-…) and invitations (GM-…) between a cadre and the leaders of a commune."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, exists, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from storage import audit, indexing
from storage.counters import next_number
from storage.prepared import Prepared
from storage.scope import Viewer, exchange_words_seen, exchanges_seen, invitations_seen
from storage.tables import (
    Attachment,
    Exchange,
    ExchangeMessage,
    Invitation,
    Visit,
    metadata,
)

_STANDS = col(Invitation.called_off_at).is_(None)
INVITATION = "invitation"
"""What an attachment or a message is about."""

invitation = metadata.tables["invitation"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message of an exchange: who says what on which side."""

    side: str  # cadre, commune
    by_id: int
    text: str
    at: datetime


def begin(session: Session, exchange: Exchange, first: Spoken) -> Exchange:
    """Store a new exchange under the next TR number, with its first message."""
    exchange.number = next_number(session, "TR")
    session.add(exchange)
    session.flush()
    say(session, exchange, first)
    audit.note(session, "exchange.begin", "exchange", exchange.id, by=first.by_id, at=first.at)
    return exchange


def say(session: Session, exchange: Exchange, spoken: Spoken) -> bool:
    """Add a message; True when it is the first answer, which makes the exchange two-way."""
    assert exchange.id is not None
    session.add(
        ExchangeMessage(
            exchange_id=exchange.id,
            side=spoken.side,
            by_id=spoken.by_id,
            text=spoken.text,
            at=spoken.at,
        )
    )
    session.flush()
    if spoken.side == exchange.begun_by:
        return False
    read(session, exchange, spoken.side, by_id=spoken.by_id, at=spoken.at)
    return _answered(session, exchange, spoken.at)


def _answered(session: Session, exchange: Exchange, at: datetime) -> bool:
    statement = (
        update(Exchange)
        .where(col(Exchange.id) == exchange.id, col(Exchange.answered_at).is_(None))
        .values(answered_at=at)
        .returning(col(Exchange.id))
    )
    first = session.connection().execute(statement).first() is not None
    session.refresh(exchange)
    return first


def read(session: Session, exchange: Exchange, side: str, *, by_id: int, at: datetime) -> None:
    """What the other side wrote has been seen by somebody of this side."""
    statement = update(ExchangeMessage).where(
        col(ExchangeMessage.exchange_id) == exchange.id,
        col(ExchangeMessage.side) != side,
        col(ExchangeMessage.read_at).is_(None),
    )
    session.connection().execute(statement.values(read_at=at, read_by_id=by_id))


def exchange_by_number(session: Session, viewer: Viewer, number: int) -> Exchange | None:
    """TR-number, also one of which only some words are seen."""
    some = exists().where(
        col(ExchangeMessage.exchange_id) == col(Exchange.id), exchange_words_seen(viewer)
    )
    return session.exec(select(Exchange).where(Exchange.number == number, some)).first()


def about_visit(session: Session, viewer: Viewer, visit_id: int) -> list[Exchange]:
    """The exchanges about a visit, oldest first."""
    found = select(Exchange).where(exchanges_seen(viewer), Exchange.visit_id == visit_id)
    return list(session.exec(found.order_by(col(Exchange.id))))


def messages(session: Session, viewer: Viewer, exchange: Exchange) -> list[ExchangeMessage]:
    """What was said, as far as the viewer sees it, oldest first."""
    found = (
        select(ExchangeMessage)
        .join(Exchange, col(Exchange.id) == ExchangeMessage.exchange_id)
        .where(ExchangeMessage.exchange_id == exchange.id, exchange_words_seen(viewer))
        .order_by(col(ExchangeMessage.id))
    )
    return list(session.exec(found))


def unread(
    session: Session, viewer: Viewer, since: datetime
) -> list[tuple[Exchange, ExchangeMessage]]:
    """Messages since then that the other side has not opened, oldest first."""
    found = (
        select(Exchange, ExchangeMessage)
        .join(ExchangeMessage, col(ExchangeMessage.exchange_id) == Exchange.id)
        .where(
            exchanges_seen(viewer),
            col(ExchangeMessage.read_at).is_(None),
            ExchangeMessage.at >= since,
        )
        .order_by(col(ExchangeMessage.id))
    )
    return list(session.exec(found))


def open_exchanges(session: Session, viewer: Viewer) -> list[Exchange]:
    """Exchanges that nobody answered yet, the most urgent first."""
    found = select(Exchange).where(exchanges_seen(viewer), col(Exchange.answered_at).is_(None))
    return list(session.exec(found.order_by(col(Exchange.due_on), col(Exchange.id))))


def invite(session: Session, invitation: Invitation) -> Invitation:
    """Store an invitation under the next GM number."""
    invitation.number = next_number(session, "GM")
    session.add(invitation)
    session.flush()
    by, at = invitation.sent_by_id, invitation.sent_at
    audit.note(session, "invitation.send", "invitation", invitation.id, by=by, at=at)
    return invitation


def invitation_by_number(session: Session, viewer: Viewer, number: int) -> Invitation | None:
    """GM-number; None when there is none, or none that the viewer may see."""
    found = select(Invitation).where(Invitation.number == number, invitations_seen(viewer))
    return session.exec(found).first()


def invitation_files(session: Session, viewer: Viewer, row: Invitation) -> list[Attachment]:
    """What hangs on it and is stored, in the order sent."""
    found = select(Attachment).where(_hang_on(viewer), Attachment.about_id == row.id)
    return list(session.exec(found.order_by(col(Attachment.id))))


def holds(session: Session, viewer: Viewer, path: str) -> bool:
    """Whether the file at this path hangs on an invitation that the viewer sees."""
    found = select(Attachment.id).where(_hang_on(viewer), Attachment.path == path)
    return session.exec(found).first() is not None


def _hang_on(viewer: Viewer) -> ColumnElement[bool]:
    seen = select(Invitation.id).where(invitations_seen(viewer))
    mine = col(Attachment.about_kind) == INVITATION, col(Attachment.state) == "stored"
    return and_(*mine, col(Attachment.about_id).in_(seen))


def invitations_between(
    session: Session, viewer: Viewer, start: datetime, end: datetime
) -> list[Invitation]:
    """Invitations to occasions that begin from start up to, not with, end, in order.

    Those that were called off are left out.
    """
    found = select(Invitation).where(
        invitations_seen(viewer), Invitation.starts_at >= start, Invitation.starts_at < end, _STANDS
    )
    return list(session.exec(found.order_by(col(Invitation.starts_at), col(Invitation.id))))


def invitations_sent(
    session: Session, viewer: Viewer, start: datetime, end: datetime
) -> list[Invitation]:
    """Those sent from start up to, not with, end, and not called off, in order of their numbers."""
    found = select(Invitation).where(
        invitations_seen(viewer), Invitation.sent_at >= start, Invitation.sent_at < end, _STANDS
    )
    return list(session.exec(found.order_by(col(Invitation.number))))


def answer(session: Session, invitation: Invitation, said: str, note: str, at: datetime) -> bool:
    """Record the answer; False when this very answer already stands."""
    statement = (
        update(Invitation)
        .where(
            col(Invitation.id) == invitation.id,
            (col(Invitation.answer) != said) | (col(Invitation.answer_note) != note),
        )
        .values(answer=said, answer_note=note, answered_at=at)
        .returning(col(Invitation.id))
    )
    changed = session.connection().execute(statement).first() is not None
    session.refresh(invitation)
    indexing.refresh(session.connection(), "invitation", [invitation.id or 0])
    if changed:
        audit.note(session, "invitation.answer", "invitation", invitation.id, at=at)
    return changed


def called_off(session: Session, viewer: Viewer, since: datetime) -> list[Invitation]:
    """Those that the commune called off since then, in the order of their numbers."""
    found = select(Invitation).where(
        invitations_seen(viewer), col(Invitation.called_off_at) >= since
    )
    return list(session.exec(found.order_by(col(Invitation.number))))


def call_off(session: Session, invitation: Invitation, by_id: int, why: str, at: datetime) -> None:
    """The commune takes it back: it stays to be read, and nothing waits for it any more."""
    invitation.called_off_at = at
    _changed(session, invitation, by_id, why, at)
    audit.note(session, "invitation.call_off", "invitation", invitation.id, by=by_id, at=at)


def move(
    session: Session,
    invitation: Invitation,
    starts_at: datetime,
    *,
    timed: bool,
    by_id: int,
    why: str,
    at: datetime,
) -> None:
    """To another day or hour; what the cadre answered was about the old one and is asked anew."""
    invitation.moved_from, invitation.starts_at = invitation.starts_at, starts_at
    invitation.timed = timed
    invitation.answer, invitation.answer_note, invitation.answered_at = "", "", None
    _changed(session, invitation, by_id, why, at)
    audit.note(session, "invitation.move", "invitation", invitation.id, by=by_id, at=at)


def _changed(session: Session, invitation: Invitation, by_id: int, why: str, at: datetime) -> None:
    invitation.changed_at, invitation.changed_by_id = at, by_id
    invitation.changed_why = why
    session.add(invitation)
    session.flush()


_SAME_DAY = Prepared(
    select_columns(invitation.c.id)
    .where(
        invitation.c.cadre_id == bindparam("cadre"),
        invitation.c.area_id == bindparam("area"),
        invitation.c.starts_at >= bindparam("start"),
        invitation.c.starts_at < bindparam("end"),
        invitation.c.called_off_at.is_(None),
    )
    .order_by(invitation.c.starts_at)
)


def tie(session: Session, visit: Visit, day_start: datetime, day_end: datetime) -> int | None:
    """Tie a visit to the invitation of its cadre, area and day; the invitation's number, if any.

    The day is given as moments because the province's zone is not known here.
    """
    session.flush()
    place = {"cadre": visit.person_id, "area": visit.area_id}
    same = _SAME_DAY.all(session.connection(), start=day_start, end=day_end, **place)
    candidates = [one for row in same if (one := session.get(Invitation, row.id)) is not None]
    if any(one.visit_id == visit.id for one in candidates):
        return next(one.number for one in candidates if one.visit_id == visit.id)
    untied = next((one for one in candidates if one.visit_id is None), None)
    if untied is None:
        return None
    untied.visit_id = visit.id
    session.add(untied)
    session.flush()
    return untied.number


def untie(session: Session, visit_id: int) -> None:
    """The visit was withdrawn or moved to another day: its invitation is free again."""
    statement = update(Invitation).where(col(Invitation.visit_id) == visit_id)
    session.connection().execute(statement.values(visit_id=None))
