"""Whole tables for scripts and spreadsheets, as far as the viewer may see them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import Case as SqlCase
from sqlalchemy import ColumnElement, Select, case, false, or_, select, true
from sqlmodel import Session, SQLModel, col

from storage.reports import reports_seen
from storage.scope import SYSTEM, Viewer, cases_seen, visits_seen, visits_whole
from storage.tables import Assignment, Case, Occurrence, Outbox, Report, Support, Visit

BATCH = 500
UPWARD = ("situation", "check")  # parts of a visit that the commune does not see

Query = Callable[[Viewer], Select[Any]]


def rows(session: Session, viewer: Viewer, noun: str) -> Iterator[dict[str, Any]]:
    """Every row the viewer may see, by column name, the oldest first."""
    streamed = session.connection().execution_options(yield_per=BATCH).execute(NOUNS[noun](viewer))
    for row in streamed.mappings():
        yield dict(row)


def columns(viewer: Viewer, noun: str) -> list[str]:
    """The names of the columns, also where there is no row."""
    return [column.name for column in NOUNS[noun](viewer).selected_columns]


def _visits(viewer: Viewer) -> Select[Any]:
    shown = [
        _only(visits_whole(viewer), column) if column.name in UPWARD else column
        for column in _columns(Visit)
    ]
    return select(*shown).where(visits_seen(viewer)).order_by(col(Visit.id))


def _only(may_see: ColumnElement[bool], column: ColumnElement[Any]) -> Any:
    hidden: SqlCase[Any] = case((may_see, column), else_="")
    return hidden.label(column.name)


def _cases(viewer: Viewer) -> Select[Any]:
    return select(*_columns(Case)).where(cases_seen(viewer)).order_by(col(Case.id))


def _supports(viewer: Viewer) -> Select[Any]:
    """Help raised as slips tell of it now, each with its slip, place and day."""
    where = [col(Visit.number), col(Visit.area_id), col(Visit.person_id), col(Visit.visited_on)]
    joined = select(*_columns(Support), *where).join(Visit, col(Visit.id) == col(Support.visit_id))
    stands = (col(Support.removed_at).is_(None), col(Visit.withdrawn_at).is_(None))
    return joined.where(visits_seen(viewer), *stands).order_by(col(Support.id))


def _assignments(viewer: Viewer) -> Select[Any]:
    mine = or_(
        col(Assignment.area_id).in_(viewer.areas), col(Assignment.person_id) == viewer.person_id
    )
    seen = true() if viewer.everywhere else mine
    return select(*_columns(Assignment)).where(seen).order_by(col(Assignment.id))


def _reminders(viewer: Viewer) -> Select[Any]:
    """What the clock has done, with what became of its message."""
    sent = [col(Outbox.person_id), col(Outbox.state), col(Outbox.sent_at)]
    joined = select(*_columns(Occurrence), *sent).outerjoin(
        Outbox, col(Occurrence.outbox_id) == col(Outbox.id)
    )
    seen = true() if viewer.everywhere else col(Outbox.person_id) == viewer.person_id
    return joined.where(seen).order_by(col(Occurrence.id))


def _reports(viewer: Viewer) -> Select[Any]:
    return select(*_columns(Report)).where(reports_seen(viewer)).order_by(col(Report.id))


def _outbox(viewer: Viewer) -> Select[Any]:
    """Messages with what they say: one's own. A leader's word to the office is not for all who
    see every area, so that others' are only for the command line on the server."""
    seen = true() if viewer is SYSTEM else col(Outbox.person_id) == viewer.person_id
    return (
        select(*_columns(Outbox)).where(seen if viewer.linked else false()).order_by(col(Outbox.id))
    )


def _columns(model: type[SQLModel]) -> list[ColumnElement[Any]]:
    return list(model.__table__.columns)  # type: ignore[attr-defined]  # SQLModel sets it at run time


NOUNS: Mapping[str, Query] = {
    "visits": _visits,
    "cases": _cases,
    "supports": _supports,
    "assignments": _assignments,
    "reminders": _reminders,
    "reports": _reports,
    "outbox": _outbox,
}
