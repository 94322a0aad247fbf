"""Reads what is known of a span of days at a cut, in a dozen statements whatever their size."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from storage import known as rows
from storage import programmes, supports
from storage.facts import cases, dues, roster, visits
from storage.facts.reading import found_as
from storage.known import Known, Span
from storage.scope import Viewer
from storage.tables import Absence


def facts(
    session: Session,
    viewer: Viewer,
    span: Span,
    *,
    cut: datetime,
    areas: Collection[int] | None = None,
) -> Known:
    """What the viewer may know of the span at the cut, of all areas or of these.

    Visits count by their own date in the version known at the cut; cases stand as they stood
    then; fields of work, absences and links are those of now, because the office reviews them
    after figures have closed. Restricted cases are left whole out.
    """
    within = _areas_of(viewer, areas)
    made = visits.counted(session, viewer, span, cut, within)
    return Known(
        span=span,
        cut=cut,
        areas=roster.areas(session, within),
        people=roster.people(session),
        assignments=roster.assignments(session, span, within),
        cadences=roster.cadences(session),
        regulations=roster.regulations(session),
        absences=_absences(session, span),
        visits=made,
        companions=visits.companions(session, viewer, span),
        cases=cases.standing(session, viewer, span, cut, within),
        exchanges=dues.exchanges(session, viewer, span, cut, within),
        commitments=dues.commitments(session, viewer, span, cut, within),
        supports=supports.known(session, viewer, span, cut, made),
        directives=dues.directives(session, viewer, span, cut, within),
        fields=roster.fields(session),
        programmes=programmes.known(session, viewer, span, cut=cut, within=within),
    )


def _areas_of(viewer: Viewer, areas: Collection[int] | None) -> frozenset[int] | None:
    """The areas asked for that the viewer reaches; None for all."""
    if viewer.everywhere:
        return None if areas is None else frozenset(areas)
    return viewer.areas if areas is None else viewer.areas & frozenset(areas)


def _absences(session: Session, span: Span) -> tuple[rows.AbsenceRow, ...]:
    """Approved ones that may excuse an owed period of up to a year which ends in the span."""
    found = (
        select(
            col(Absence.person_id),
            col(Absence.area_id),
            col(Absence.from_date),
            col(Absence.to_date),
            col(Absence.form),
        )
        .where(col(Absence.state) == "approved", col(Absence.from_date) < span.end)
        .where(col(Absence.to_date) >= span.start.replace(year=span.start.year - 1, day=1))
        .order_by(col(Absence.id))
    )
    return found_as(session, found, rows.AbsenceRow)
