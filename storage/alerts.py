"""Alerts (báo ngay): begun with a case, told on by the clock, closed by whoever takes it."""

from datetime import datetime

from sqlalchemy import select as select_columns
from sqlalchemy import update
from sqlmodel import Session, col, select

from storage import audit
from storage.prepared import Prepared
from storage.scope import Viewer, cases_seen
from storage.tables import Alert, Case, CaseEvent, metadata

alert = metadata.tables["alert"]

KIND = "alert"
"""What a message is about."""


def begin(session: Session, alert: Alert) -> Alert:
    """Store it."""
    session.add(alert)
    session.flush()
    audit.note(session, "alert.begin", KIND, alert.id, by=alert.by_id, at=alert.begun_at)
    return alert


_ANY_OPEN = Prepared(select_columns(alert.c.id).where(alert.c.closed_at.is_(None)).limit(1))


def open_ones(session: Session, viewer: Viewer) -> list[tuple[Alert, Case]]:
    """Alerts that nobody has taken yet, oldest first."""
    session.flush()
    if _ANY_OPEN.first(session.connection()) is None:
        return []
    found = (
        select(Alert, Case)
        .join(Case, col(Case.id) == Alert.case_id)
        .where(cases_seen(viewer), col(Alert.closed_at).is_(None))
    )
    return list(session.exec(found.order_by(col(Alert.id))))


def of_case(session: Session, viewer: Viewer, number: int) -> tuple[Alert, Case] | None:
    """The alert of KN-number, if there is one that the viewer may see."""
    found = (
        select(Alert, Case)
        .join(Case, col(Case.id) == Alert.case_id)
        .where(cases_seen(viewer), Case.number == number)
    )
    return session.exec(found).first()


def tell(session: Session, alert: Alert, at: datetime) -> bool:
    """Count one more telling; False when another process did, or somebody took it meanwhile."""
    return _change(session, alert, told=alert.told + 1, told_at=at)


def close(session: Session, alert: Alert, at: datetime, by_id: int | None = None) -> bool:
    """Somebody took it, or nobody is left to be told; False when it was closed before."""
    closed = _change(session, alert, closed_at=at, taken_by_id=by_id)
    if closed:
        verb = "alert.take" if by_id else "alert.give_up"
        audit.note(session, verb, KIND, alert.id, by=by_id, at=at)
    return closed


def acted_on(session: Session, viewer: Viewer, alert: Alert) -> int | None:
    """Who of the chain has done something to the case since: that is taking it, too."""
    of_case = select(CaseEvent.by_id).join(Case, col(Case.id) == CaseEvent.case_id)
    done = of_case.where(
        cases_seen(viewer),
        CaseEvent.case_id == alert.case_id,
        col(CaseEvent.by_id).in_(alert.chain),
        col(CaseEvent.at) >= alert.begun_at,
    )
    return session.exec(done.order_by(col(CaseEvent.id))).first()


def _change(session: Session, alert: Alert, **values: int | datetime | None) -> bool:
    statement = (
        update(Alert)
        .where(
            col(Alert.id) == alert.id,
            col(Alert.closed_at).is_(None),
            col(Alert.told) == alert.told,
        )
        .values(**values)
        .returning(col(Alert.id))
    )
    first = session.connection().execute(statement).first() is not None
    session.refresh(alert)
    return first
