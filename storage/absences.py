"""Absences (vắng mặt): asked for by a cadre or entered by the office, decided once."""

from datetime import date, datetime

from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from storage import audit
from storage.scope import Viewer, absences_seen
from storage.tables import Absence


def propose(session: Session, absence: Absence) -> Absence | None:
    """Store what is asked for; None when the same days are already asked for or agreed to."""
    if _standing(session, absence) is not None:
        return None
    session.add(absence)
    session.flush()
    _note(session, "ask", absence)
    return absence


def enter(session: Session, absence: Absence) -> Absence:
    """Store what the office decided itself; what was asked for these days is thereby decided."""
    asked = _standing(session, absence, "proposed")
    if asked is not None:
        session.delete(asked)
    absence.state = "approved"
    session.add(absence)
    session.flush()
    _note(session, "enter", absence)
    return absence


def _note(session: Session, act: str, absence: Absence) -> None:
    if absence.asked_at is not None:  # a roster's rows are one line of its import
        audit.note(session, f"absence.{act}", "absence", absence.id, at=absence.asked_at)


def by_id(session: Session, viewer: Viewer, absence_id: int) -> Absence | None:
    """One absence, if the viewer may see it."""
    found = select(Absence).where(Absence.id == absence_id, absences_seen(viewer))
    return session.exec(found).first()


def waiting(session: Session, viewer: Viewer) -> list[Absence]:
    """What is asked for and not decided, oldest first."""
    found = select(Absence).where(Absence.state == "proposed", absences_seen(viewer))
    return list(session.exec(found.order_by(col(Absence.asked_at), col(Absence.id))))


def overlapping(session: Session, viewer: Viewer, first: date, last: date) -> list[Absence]:
    """Asked for or agreed to, on some day from first to last."""
    found = select(Absence).where(
        absences_seen(viewer),
        col(Absence.state).in_(("proposed", "approved")),
        col(Absence.from_date) <= last,
        col(Absence.to_date) >= first,
    )
    return list(session.exec(found.order_by(col(Absence.id))))


def decide(
    session: Session, absence_id: int, *, state: str, form: str, by_id: int, at: datetime
) -> bool:
    """Decide what still waits; False when somebody else decided before."""
    statement = (
        update(Absence)
        .where(col(Absence.id) == absence_id, col(Absence.state) == "proposed")
        .values(state=state, form=form, decided_by_id=by_id, decided_at=at)
        .returning(col(Absence.id))
    )
    done = session.connection().execute(statement).first() is not None
    session.expire_all()
    if done:
        audit.note(session, f"absence.{state}", "absence", absence_id, by=by_id, at=at)
    return done


def name_substitute(session: Session, absence: Absence, name: str) -> None:
    """Say who goes in place."""
    absence.substitute = name
    session.add(absence)
    session.flush()


def _standing(session: Session, absence: Absence, *states: str) -> Absence | None:
    found = select(Absence).where(
        Absence.person_id == absence.person_id,
        or_(col(Absence.area_id).is_(None), Absence.area_id == absence.area_id),
        col(Absence.state).in_(states or ("proposed", "approved")),
        col(Absence.from_date) <= absence.from_date,
        col(Absence.to_date) >= absence.to_date,
    )
    return session.exec(found).first()
