"""Reads what everybody owes on a day: assignments, cadences, absences, visits, invitations."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from bot.desk.morning import Day
from bot.rules.cadence import AbsenceSpan, AssignmentSpan, CadenceVersion, earlier
from bot.rules.province import Province
from bot.rules.reminding import LONGEST_CLOSE, Duty, Facts, Place, duties
from bot.rules.workdays import Calendar, calendar
from bot.rules.zone import day_of, moment
from storage import absences, areas, assignments, settings, talks
from storage.duties import visit_days
from storage.scope import Viewer
from storage.tables import Absence, Assignment, Invitation

REACH = {"thang": 31, "quy": 92, "nua_nam": 184, "nam": 366}  # days of the longest period
YEAR = timedelta(days=366)


def province_on(session: Session, day: date) -> Province:
    """The province's settings in force on the day."""
    return Province.from_settings(settings.values(session, day))


def calendar_of(session: Session) -> Calendar:
    """Working days with what the office added to the library's calendar."""
    rows = settings.days_off(session)
    return calendar(
        [row.day for row in rows if not row.working], [row.day for row in rows if row.working]
    )


def day_at(session: Session, at: datetime) -> Day:
    """The moment's day with the settings and the calendar in force."""
    today = day_of(at)
    return Day(at, today, province_on(session, today), calendar_of(session))


def owed_on(
    session: Session, viewer: Viewer, day: Day, people: Collection[int] | None = None
) -> list[Duty]:
    """What stands open, done or excused on the day, of everybody or of these people.

    Areas come in the order of the official list.
    """
    facts = _facts(session, viewer, day.today, people)
    found = duties(facts, day.today, day.calendar, day.province)
    order = {area: place for place, area in enumerate(areas.by_ids(session, _areas(found)))}
    return sorted(found, key=lambda duty: (duty.person, duty.owed.period.end, order[duty.area]))


def coming(session: Session, viewer: Viewer, today: date) -> list[Invitation]:
    """Invitations to occasions of today and later."""
    start = moment(today, time.min)
    return talks.invitations_between(session, viewer, start, start + YEAR)


def _areas(found: Collection[Duty]) -> set[int]:
    return {duty.area for duty in found}


def _facts(session: Session, viewer: Viewer, today: date, people: Collection[int] | None) -> Facts:
    assigned = assignments.overlapping(session, today - LONGEST_CLOSE, today)
    if people is not None:
        assigned = [row for row in assigned if row.person_id in people]
    numbers = {key: row.number for key, row in assignments.regulations(session).items()}
    versions = [
        CadenceVersion(row.kind, row.from_date, row.unit, row.visits, row.exchanges, number)
        for row, number in assignments.cadences(session)
    ]
    ended = {key: row.valid_to for key, row in areas.by_ids(session, _held(assigned)).items()}
    away = absences.overlapping(session, viewer, today - YEAR, today + YEAR)
    first = (
        today - LONGEST_CLOSE - timedelta(days=max((REACH[v.unit] for v in versions), default=0))
    )
    return Facts(
        [_span(row, numbers[row.regulation_id], ended[row.area_id]) for row in assigned],
        versions,
        approved=[_away(row) for row in away if row.state == "approved"],
        proposed=[_away(row) for row in away if row.state == "proposed"],
        visits=_visits(session, viewer, first, today, _held(assigned)),
        accepted=_accepted(session, viewer, today),
    )


def _held(assigned: Collection[Assignment]) -> set[int]:
    return {row.area_id for row in assigned}


def _visits(
    session: Session, viewer: Viewer, first: date, today: date, assigned: Collection[int]
) -> dict[Place, list[date]]:
    """Days of visits by person and assigned area; a visit below an area counts for it too."""
    lines: dict[int, list[int]] = {}
    found: defaultdict[Place, list[date]] = defaultdict(list)
    for person, area, on in visit_days(session, viewer, first, today):
        if area not in lines:
            lines[area] = [one for one in areas.line(session, area) if one in assigned]
        for above in lines[area]:
            found[person, above].append(on)
    return found


def _accepted(session: Session, viewer: Viewer, today: date) -> dict[Place, list[date]]:
    found: defaultdict[Place, list[date]] = defaultdict(list)
    for row in coming(session, viewer, today):
        if row.answer == "accepted":
            found[row.cadre_id, row.area_id].append(day_of(row.starts_at))
    return found


def _span(row: Assignment, regulation: str, ended: date | None) -> AssignmentSpan:
    """An area that is no more ends what is owed there, whatever the assignment says."""
    return AssignmentSpan(
        id=row.id or 0,
        person=row.person_id,
        area=row.area_id,
        kind=row.kind,
        regulation=regulation,
        from_date=row.from_date,
        to_date=earlier(row.to_date, ended),
    )


def _away(row: Absence) -> AbsenceSpan:
    return AbsenceSpan(row.person_id, row.area_id, row.from_date, row.to_date, row.form)
