"""Reads what is known of a span of days at a cut, in a dozen statements whatever their size."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from storage import known as rows
from storage.facts import cases, dues, programmes, roster, visits
from storage.facts.reading import END, Asked, Statement, Within, asks
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
    asked = Asked(span, cut, _areas_of(viewer, areas))
    made = visits.counted(session, viewer, asked)
    year_before = span.start.replace(year=span.start.year - 1, day=1)
    return Known(
        span=span,
        cut=cut,
        areas=roster.areas(session, viewer, asked),
        people=roster.people(session, viewer, asked),
        assignments=roster.assignments(session, viewer, asked),
        cadences=roster.cadences(session, viewer, asked),
        regulations=roster.regulations(session, viewer, asked),
        absences=_absences(session, viewer, asked, since=year_before),
        visits=made,
        companions=visits.companions(session, viewer, asked),
        cases=cases.standing(session, viewer, asked),
        exchanges=dues.exchanges(session, viewer, asked),
        commitments=dues.commitments(session, viewer, asked),
        supports=visits.supports(session, viewer, asked, made),
        directives=dues.directives(session, viewer, asked),
        fields=roster.fields(session, viewer, asked),
        programmes=programmes.known(session, viewer, asked),
    )


def _areas_of(viewer: Viewer, areas: Collection[int] | None) -> Within:
    """The areas asked for that the viewer reaches; None for all."""
    if viewer.everywhere:
        return None if areas is None else frozenset(areas)
    return viewer.areas if areas is None else viewer.areas & frozenset(areas)


@asks(rows.AbsenceRow)
def _absences(_: Viewer, __: Within) -> Statement:
    """Approved ones that may excuse an owed period of up to a year which ends in the span."""
    return (
        select(
            col(Absence.person_id),
            col(Absence.area_id),
            col(Absence.from_date),
            col(Absence.to_date),
            col(Absence.form),
        )
        .where(col(Absence.state) == "approved", col(Absence.from_date) < END)
        .where(col(Absence.to_date) >= bindparam("since"))
        .order_by(col(Absence.id))
    )
