"""What is owed: whole periods of each assignment, by the cadence then in force."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from bot.rules.periods import Cut, Kind, Period, containing, following

UNIT_KINDS: dict[str, Kind] = {
    "thang": "month",
    "quy": "quarter",
    "nua_nam": "half",
    "nam": "year",
}
Standing = Literal["recorded", "excused", "not_recorded"]


@dataclass(frozen=True, slots=True)
class CadenceVersion:
    """How often assignments of one kind under one regulation owe visits, from a date on."""

    kind: str  # theo_doi, phu_trach
    from_date: date
    unit: str  # thang, quy, nua_nam, nam
    visits: int = 1
    exchanges: int = 0
    regulation: str = ""


@dataclass(frozen=True, slots=True)
class AssignmentSpan:
    """A person in an area; `to_date` is the last day in force. Each one owes by itself."""

    id: int
    person: int
    area: int
    kind: str
    regulation: str
    from_date: date
    to_date: date | None = None


@dataclass(frozen=True, slots=True)
class AbsenceSpan:
    """Approved days away, both ends in it; without an area it holds for all the person's areas."""

    person: int
    area: int | None
    from_date: date
    to_date: date
    form: str  # mien (excused), di_thay (somebody went in place: the visit is still owed)


@dataclass(frozen=True, slots=True)
class Owed:
    """What one assignment owes in one period."""

    assignment: AssignmentSpan
    period: Period
    visits: int
    exchanges: int
    excused: bool = False
    substituted: bool = False


@dataclass(frozen=True, slots=True)
class Reign:
    """A cadence version with the days for which it is the one in force."""

    version: CadenceVersion
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class VisitMark:
    """The own date of a visit, and since when it has been known."""

    on: date
    known_at: datetime


def earlier(*days: date | None) -> date | None:
    """The first of these last days; None where none is set."""
    return min((day for day in days if day is not None), default=None)


def reigns(versions: Iterable[CadenceVersion], cut: Cut = "calendar") -> list[Reign]:
    """When each version is in force: it starts with the first whole period of its own unit.

    Until then the one before goes on; one that a later version overtakes never begins. Of two
    units that overlap at the change only the new one is owed, so that no day is owed for twice.
    """
    ordered = sorted(versions, key=lambda version: version.from_date)
    starts = [_first_start(version, cut) for version in ordered]
    ends = [min([date.max, *starts[place + 1 :]]) for place in range(len(starts))]
    triples = zip(ordered, starts, ends, strict=True)
    return [Reign(version, start, end) for version, start, end in triples if start < end]


def _first_start(version: CadenceVersion, cut: Cut) -> date:
    first = containing(UNIT_KINDS[version.unit], version.from_date, cut)
    return first.start if first.start == version.from_date else first.end


def owed(
    assignments: Iterable[AssignmentSpan],
    versions: Iterable[CadenceVersion],
    absences: Iterable[AbsenceSpan],
    window: Period,
) -> list[Owed]:
    """What falls due in the window: the owed periods whose last day is in it.

    So a month, a quarter and a year each hold every owed period exactly once, and the months of a
    quarter sum to the quarter.
    """
    in_force = _by_binding(versions, window.cut)
    away = _by_person(absences)
    return [
        _with_absences(due, away[one.person])
        for one in assignments
        for reign in in_force[one.regulation, one.kind]
        for due in _whole_periods(one, reign, window)
    ]


def current(
    assignments: Iterable[AssignmentSpan],
    versions: Iterable[CadenceVersion],
    absences: Iterable[AbsenceSpan],
    day: date,
    cut: Cut = "calendar",
) -> list[Owed]:
    """What is owed in the periods that the day is in; at most one for each assignment."""
    in_force, away = _by_binding(versions, cut), _by_person(absences)
    return [
        _with_absences(due, away[one.person])
        for one in assignments
        for reign in in_force[one.regulation, one.kind]
        for due in _whole_periods(one, reign, _unit(reign, day, cut))
    ]


def _unit(reign: Reign, day: date, cut: Cut) -> Period:
    """The period of the version's own length that the day is in."""
    return containing(UNIT_KINDS[reign.version.unit], day, cut)


def _by_binding(
    versions: Iterable[CadenceVersion], cut: Cut
) -> defaultdict[tuple[str, str], list[Reign]]:
    grouped: defaultdict[tuple[str, str], list[CadenceVersion]] = defaultdict(list)
    for version in versions:
        grouped[version.regulation, version.kind].append(version)
    found: defaultdict[tuple[str, str], list[Reign]] = defaultdict(list)
    for binding, group in grouped.items():
        found[binding] = reigns(group, cut)
    return found


def _by_person(absences: Iterable[AbsenceSpan]) -> defaultdict[int, list[AbsenceSpan]]:
    grouped: defaultdict[int, list[AbsenceSpan]] = defaultdict(list)
    for absence in absences:
        grouped[absence.person].append(absence)
    return grouped


def _whole_periods(one: AssignmentSpan, reign: Reign, window: Period) -> Iterable[Owed]:
    """The reign's periods that lie whole in the assignment and end in the window."""
    version = reign.version
    if not (version.visits or version.exchanges):
        return
    start = max(one.from_date, reign.start)
    end = min(one.to_date + timedelta(days=1) if one.to_date else date.max, reign.end)
    unit = containing(UNIT_KINDS[version.unit], max(start, window.start), window.cut)
    while unit.end <= min(end, window.end):
        if unit.start >= start:
            yield Owed(one, unit, version.visits, version.exchanges)
        unit = following(unit)


def _with_absences(due: Owed, absences: Sequence[AbsenceSpan]) -> Owed:
    if not absences:
        return due
    here = [one for one in absences if one.area in (None, due.assignment.area)]
    excused = _covered(due.period, [one for one in here if one.form == "mien"])
    in_place = [one for one in here if one.form == "di_thay"]
    if not (excused or in_place):
        return due
    return Owed(
        due.assignment,
        due.period,
        due.visits,
        due.exchanges,
        excused=excused,
        substituted=not excused and _covered(due.period, in_place),
    )


def _covered(period: Period, spans: Iterable[AbsenceSpan]) -> bool:
    """True when the spans, joined, leave no day of the period out."""
    reached = period.start
    for span in sorted(spans, key=lambda one: one.from_date):
        if span.from_date > reached:
            break
        reached = max(reached, span.to_date + timedelta(days=1))
    return reached >= period.end


def made(due: Owed, visits: Iterable[VisitMark], cut_at: datetime | None = None) -> int:
    """How many visits count: by their own date, as known at the cut."""
    return sum(
        mark.on in due.period and (cut_at is None or mark.known_at <= cut_at) for mark in visits
    )


def standing(due: Owed, visits: Iterable[VisitMark], cut_at: datetime | None = None) -> Standing:
    """Excused comes first, so that required = owed − excused = recorded + not recorded."""
    if due.excused:
        return "excused"
    return "recorded" if made(due, visits, cut_at) >= due.visits else "not_recorded"
