"""What each assignment still owes on a day, and which reminder step that has reached."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from bot.rules.cadence import AbsenceSpan, AssignmentSpan, CadenceVersion, Owed, current, owed
from bot.rules.periods import Cut, custom
from bot.rules.province import Province
from bot.rules.workdays import DEFAULT_STEPS, Calendar, Step, steps

State = Literal["open", "done", "excused", "asked", "accepted"]
LONGEST_CLOSE = timedelta(days=31)  # two working days may take so long over Tết

Place = tuple[int, int]
"""A person and an area."""


@dataclass(frozen=True)
class Facts:
    """What is known on the day. `visits` and `accepted` hold days by person and area."""

    assignments: Sequence[AssignmentSpan]
    versions: Sequence[CadenceVersion]
    approved: Sequence[AbsenceSpan] = ()
    proposed: Sequence[AbsenceSpan] = ()
    visits: Mapping[Place, Sequence[date]] = field(default_factory=dict)
    accepted: Mapping[Place, Sequence[date]] = field(default_factory=dict)  # invitations


@dataclass(frozen=True, slots=True)
class Duty:
    """What one assignment owes in one period, as it stands on the day.

    `asked`: an absence waits for its decision. `accepted`: the cadre said he will come to an
    occasion that is not over. `step` is the latest step reached, "" before the first one.
    """

    owed: Owed
    state: State
    visited: tuple[date, ...]
    step: str = ""
    step_on: date | None = None

    @property
    def person(self) -> int:
        return self.owed.assignment.person

    @property
    def area(self) -> int:
        return self.owed.assignment.area

    @property
    def made(self) -> int:
        """Visits that count; one that somebody else was agreed to make in place is one."""
        return len(self.visited) + self.owed.substituted


def plan(province: Province) -> tuple[Step, ...]:
    """The reminder steps of the province, or the default ones."""
    if province.steps is None:
        return DEFAULT_STEPS
    return tuple(Step(**one) for one in province.steps)


def duties(facts: Facts, day: date, calendar: Calendar, province: Province) -> list[Duty]:
    """All that is owed in periods that the day is in, or whose figures are not closed yet."""
    known = (facts.assignments, facts.versions)
    asked = {_key(one) for one in _near(*known, facts.proposed, day, province.cut) if _away(one)}
    timetable = _Timetable(day, calendar, plan(province))
    return [
        _duty(due, _key(due) in asked, facts, timetable)
        for due in _near(*known, facts.approved, day, province.cut)
        if due.visits and day <= calendar.close_day(due.period, province.close_day)
    ]


def speakers(found: Iterable[Duty]) -> dict[Place, list[Duty]]:
    """Open duties by person and area; the first speaks for the others, which are not worded.

    So nobody is reminded of one place by two cadences: the period that ends first speaks, of two
    that end together the shorter one.
    """
    grouped: defaultdict[Place, list[Duty]] = defaultdict(list)
    for duty in found:
        if duty.state == "open":
            grouped[duty.person, duty.area].append(duty)
    for group in grouped.values():
        group.sort(key=lambda duty: (duty.owed.period.end, -duty.owed.period.start.toordinal()))
    return grouped


class _Timetable:
    """The latest step that each period has reached on the day, worked out once."""

    def __init__(self, day: date, calendar: Calendar, plan: tuple[Step, ...]) -> None:
        self.day = day
        self._calendar = calendar
        self._plan = plan
        self._known: dict[tuple[date, date], tuple[str, date | None]] = {}

    def reached(self, due: Owed) -> tuple[str, date | None]:
        key = (due.period.start, due.period.end)
        if key not in self._known:
            passed = [
                (on, place, name)
                for place, (name, on) in enumerate(steps(due.period, self._calendar, self._plan))
                if on <= self.day
            ]
            latest = max(passed, default=None)
            self._known[key] = (latest[2], latest[0]) if latest else ("", None)
        return self._known[key]


def _near(
    assignments: Sequence[AssignmentSpan],
    versions: Sequence[CadenceVersion],
    absences: Sequence[AbsenceSpan],
    day: date,
    cut: Cut,
) -> list[Owed]:
    """Owed in the periods that the day is in and in those that ended shortly before it."""
    ended = custom(day - LONGEST_CLOSE, day - timedelta(days=1), cut)
    running = current(assignments, versions, absences, day, cut)
    return [*owed(assignments, versions, absences, ended), *running]


def _duty(due: Owed, asked: bool, facts: Facts, timetable: _Timetable) -> Duty:
    place = (due.assignment.person, due.assignment.area)
    visited = tuple(on for on in facts.visits.get(place, ()) if on in due.period)
    coming = [
        on for on in facts.accepted.get(place, ()) if on in due.period and on >= timetable.day
    ]
    made = len(visited) + due.substituted
    state: State = "open"
    if due.excused:
        state = "excused"
    elif made >= due.visits:
        state = "done"
    elif asked:
        state = "asked"
    elif made + len(coming) >= due.visits:
        state = "accepted"
    return Duty(due, state, visited, *timetable.reached(due))


def _key(due: Owed) -> tuple[int, date]:
    return due.assignment.id, due.period.start


def _away(due: Owed) -> bool:
    return due.excused or due.substituted
