"""Queries of cases: one by its number, lists, their history, and figures of a period."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, update
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage.scope import Viewer, case_words_seen, cases_seen, opinions_seen
from storage.tables import Case, CaseEvent, Opinion, Outbox, Person


def seen(viewer: Viewer, *where: ColumnElement[bool]) -> SelectOfScalar[Case]:
    """The cases the viewer sees, by number; further conditions narrow them down."""
    return select(Case).where(cases_seen(viewer), *where).order_by(col(Case.number))


def listed(session: Session, viewer: Viewer, *where: ColumnElement[bool]) -> list[Case]:
    """The cases the viewer sees that meet the conditions, by number."""
    return list(session.exec(seen(viewer, *where)))


def counted(session: Session, viewer: Viewer, *where: ColumnElement[bool]) -> int:
    """How many cases the viewer sees that meet the conditions."""
    found = select(func.count()).select_from(Case).where(cases_seen(viewer), *where)
    return session.exec(found).one()


def numbered(session: Session, viewer: Viewer, number: int) -> Case | None:
    """KN-number; None when there is none, or none that the viewer may see."""
    return session.exec(seen(viewer, col(Case.number) == number)).first()


def taken(session: Session, viewer: Viewer, number: int) -> Case | None:
    """The same, held until the transaction ends, so that of two acts at once one is second."""
    held = seen(viewer, col(Case.number) == number).with_for_update()
    return session.exec(held.execution_options(populate_existing=True)).first()


def open_now() -> ColumnElement[bool]:
    """Not ended."""
    return col(Case.ended_at).is_(None)


def of_areas(area_ids: Sequence[int] | frozenset[int]) -> ColumnElement[bool]:
    """Raised about one of these areas."""
    return col(Case.area_id).in_(sorted(area_ids))


def overdue_on(day: date) -> ColumnElement[bool]:
    """Open now with a due date before the day."""
    return and_(open_now(), col(Case.due_on) < day)


def owned(
    person_ids: frozenset[int], areas: frozenset[int], roles: frozenset[str]
) -> ColumnElement[bool]:
    """Waiting for one of these people, communes' seats or role seats."""
    return and_(
        open_now(),
        or_(
            col(Case.owner_id).in_(sorted(person_ids)),
            col(Case.owner_area_id).in_(sorted(areas)),
            col(Case.owner_role).in_(sorted(roles)),
        ),
    )


def history(session: Session, viewer: Viewer, case_id: int) -> list[tuple[CaseEvent, str]]:
    """What of it the viewer may read, first thing first, with the name of who did it."""
    found = (
        select(CaseEvent, Person.full_name)
        .join(Case, col(Case.id) == col(CaseEvent.case_id))
        .outerjoin(Person, col(Person.id) == col(CaseEvent.by_id))
        .where(col(CaseEvent.case_id) == case_id, cases_seen(viewer), case_words_seen(viewer))
        .order_by(col(CaseEvent.id))
    )
    return [(event, name or "") for event, name in session.exec(found)]


def last_event(session: Session, viewer: Viewer, case_id: int, *acts: str) -> CaseEvent | None:
    """The newest event of the case that the viewer may read, or the newest of these acts."""
    found = (
        select(CaseEvent)
        .join(Case, col(Case.id) == col(CaseEvent.case_id))
        .where(col(CaseEvent.case_id) == case_id, cases_seen(viewer), case_words_seen(viewer))
        .order_by(col(CaseEvent.id).desc())
    )
    return session.exec(found.where(col(CaseEvent.act).in_(acts)) if acts else found).first()


def unhandled_opinions(session: Session, viewer: Viewer) -> list[tuple[Opinion, Case | None]]:
    """Opinions that nobody of the office has acted on yet, the oldest first, with their cases."""
    found = (
        select(Opinion, Case)
        .outerjoin(Case, col(Case.id) == col(Opinion.case_id))
        .where(col(Opinion.handled_at).is_(None), opinions_seen(viewer))
        .order_by(col(Opinion.id))
    )
    return [(opinion, case) for opinion, case in session.exec(found)]


def drop_lines(session: Session, viewer: Viewer, case_id: int, person_ids: Collection[int]) -> None:
    """Take back what these people have not been sent yet about the case."""
    about = and_(col(Outbox.about_kind) == "case", col(Outbox.about_id) == case_id)
    seen_case = select(Case.id).where(col(Case.id) == case_id, cases_seen(viewer)).exists()
    gone = update(Outbox).where(
        about,
        seen_case,
        col(Outbox.person_id).in_(sorted(person_ids)),
        col(Outbox.state).in_(("held", "waiting")),
        col(Outbox.claimed_by) == "",
    )
    session.connection().execute(gone.values(state="cancelled", reason="settled"))
