"""What is known of a span of days: plain frozen rows, from which every figure is computed."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from storage.known_programmes import Programmes

_DAY, _WHOSE = attrgetter("visited_on"), attrgetter("person_id", "area_id", "parts")

SITUATION, ADVICE, CHECK = 1, 2, 4
"""Bits of `VisitRow.parts`: which of nắm, góp ý, kiểm tra a slip holds."""


class Span(NamedTuple):
    """The days from `start` up to, not with, `end`, and the moments at which these begin.

    `months` are the same of the months in it: the day after the last, and the moment it begins.
    """

    start: date
    end: date
    begins: datetime
    ends: datetime
    months: tuple[tuple[date, datetime], ...] = ()


class AreaRow(NamedTuple):
    """An area, in the place it has in the official list."""

    id: int
    name: str
    level: str
    parent_id: int | None
    valid_from: date | None = None
    valid_to: date | None = None  # the last day in force


class PersonRow(NamedTuple):
    """A person; `linked` when a confirmed account can be reached."""

    id: int
    name: str
    post: str
    unit: str
    rank: int
    linked: bool


class AssignmentRow(NamedTuple):
    """A person is assigned an area; `to_date` is the last day in force."""

    id: int
    person_id: int
    area_id: int
    regulation: str
    kind: str
    from_date: date
    to_date: date | None
    self_registered: bool = False


class RegulationRow(NamedTuple):
    """A regulation as it is cited."""

    number: str
    title: str
    issued_on: date | None
    issuer: str


class CadenceRow(NamedTuple):
    """One version of how often visits are owed."""

    regulation: str
    kind: str
    from_date: date
    unit: str
    visits: int
    exchanges: int


class AbsenceRow(NamedTuple):
    """Approved days away, both ends in it."""

    person_id: int
    area_id: int | None
    from_date: date
    to_date: date
    form: str


class VisitRow(NamedTuple):
    """A visit as it was known at the cut; `entered_at` where its month was over by then."""

    id: int
    person_id: int
    area_id: int
    visited_on: date
    parts: int
    number: int = 0
    entered_at: datetime | None = None


class CaseRow(NamedTuple):
    """A case as it stood at the cut; `text` where an opinion is awaited, or an answer overdue."""

    id: int
    number: int
    area_id: int
    field_id: int | None
    state: str
    owner_id: int | None
    owner_area_id: int | None
    owner_role: str
    due_on: date | None
    raised_at: datetime
    ended_at: datetime | None
    text: str
    outcome: str = "passed_up"  # explained, passed_to_commune, passed_up: as its author said
    raised_by_id: int = 0


class RefiledRow(NamedTuple):
    """A case reported on before that was put under another field, or into another case, since."""

    id: int
    number: int
    area_id: int
    act: str  # change_field, merge
    text: str  # the field by name, or the other case


class ExchangeRow(NamedTuple):
    """An exchange; `answered_at` when the other side has spoken too, as known at the cut."""

    id: int
    area_id: int
    begun_at: datetime
    answered_at: datetime | None
    cadre_id: int = 0
    due_on: date | None = None


class CommitmentRow(NamedTuple):
    """Something promised in a visit: when that was entered, and when it was done."""

    id: int
    area_id: int
    person_id: int
    made_at: datetime
    due_on: date | None
    done_at: datetime | None


class SupportRow(NamedTuple):
    """Help raised for a commune, with the slip that tells of it; `value` in đồng."""

    id: int
    visit_id: int
    kind: str
    quantity: int
    value: int | None
    giver: str
    area_id: int
    person_id: int
    visited_on: date


class DirectiveRow(NamedTuple):
    """One area that a directive goes to, and how far it had come there at the cut."""

    id: int
    area_id: int
    cadre_id: int | None
    issued_at: datetime
    due_on: date
    noted_at: datetime | None
    passed_at: datetime | None


class FieldRow(NamedTuple):
    """A field of work."""

    id: int
    name: str


def _by_day(groups: list[list[VisitRow]]) -> list[VisitRow]:
    """All of these, of which each group is by day."""
    if len(groups) == 1:
        return groups[0]
    return sorted(chain.from_iterable(groups), key=_DAY)


@dataclass(frozen=True)
class Known:
    """Everything a report needs about a span of days; areas and people in official order."""

    span: Span
    cut: datetime
    areas: tuple[AreaRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    assignments: tuple[AssignmentRow, ...] = ()
    cadences: tuple[CadenceRow, ...] = ()
    regulations: tuple[RegulationRow, ...] = ()
    absences: tuple[AbsenceRow, ...] = ()
    visits: tuple[VisitRow, ...] = ()
    companions: tuple[tuple[int, int], ...] = ()  # (visit, person who went along)
    beside: tuple[VisitRow, ...] = ()  # visits of others, which count for who went along alone
    cases: tuple[CaseRow, ...] = ()
    exchanges: tuple[ExchangeRow, ...] = ()
    commitments: tuple[CommitmentRow, ...] = ()
    supports: tuple[SupportRow, ...] = ()
    directives: tuple[DirectiveRow, ...] = ()
    fields: tuple[FieldRow, ...] = ()
    programmes: Programmes = field(default_factory=Programmes)

    @cached_property
    def area(self) -> dict[int, AreaRow]:
        """The areas by id."""
        return {row.id: row for row in self.areas}

    @cached_property
    def person(self) -> dict[int, PersonRow]:
        """The people by id."""
        return {row.id: row for row in self.people}

    @cached_property
    def grouped(self) -> dict[tuple[int, int, int], list[VisitRow]]:
        """The visits by person, area and the parts that they hold, each group by day."""
        found: defaultdict[tuple[int, int, int], list[VisitRow]] = defaultdict(list)
        for whose, row in zip(map(_WHOSE, self.visits), self.visits, strict=True):
            found[whose].append(row)
        for group in found.values():
            group.sort(key=_DAY)
        return dict(found)

    @cached_property
    def visited(self) -> dict[tuple[int, int], list[VisitRow]]:
        """The visits of each person to each area or below it, by day; also of who went along."""
        made = [(person, area, found) for (person, area, _), found in self.grouped.items()]
        made += [(row.person_id, row.area_id, [row]) for row in self.beside]
        made += [(person, row.area_id, [row]) for person, row in self._along()]
        visited: defaultdict[tuple[int, int], list[list[VisitRow]]] = defaultdict(list)
        for person, area, found in made:
            for place in self._line(area):
                visited[person, place].append(found)
        return {whose: _by_day(groups) for whose, groups in visited.items()}

    def _along(self) -> Iterator[tuple[int, VisitRow]]:
        """Each who went along, with the visit."""
        beside: defaultdict[int, list[int]] = defaultdict(list)
        for visit_id, person_id in self.companions:
            beside[visit_id].append(person_id)
        for row in chain(self.visits, self.beside) if beside else ():
            for person in beside.get(row.id, ()):
                yield person, row

    def _line(self, area_id: int) -> tuple[int, ...]:
        """The area and those above it."""
        area = self.area.get(area_id)
        above = self._line(area.parent_id) if area and area.parent_id else ()
        return (area_id, *above)

    def of_person(self, person_id: int) -> "Known":
        """What one person did and owes; visits of others in which he went along stand beside."""
        along = {visit for visit, person in self.companions if person == person_id}
        return replace(
            self,
            assignments=tuple(row for row in self.assignments if row.person_id == person_id),
            visits=tuple(row for row in self.visits if row.person_id == person_id),
            beside=tuple(
                row for row in self.visits if row.id in along and row.person_id != person_id
            ),
            companions=tuple(pair for pair in self.companions if pair[1] == person_id),
            cases=tuple(row for row in self.cases if row.raised_by_id == person_id),
            exchanges=tuple(row for row in self.exchanges if row.cadre_id == person_id),
            commitments=tuple(row for row in self.commitments if row.person_id == person_id),
            supports=tuple(row for row in self.supports if row.person_id == person_id),
            directives=tuple(row for row in self.directives if row.cadre_id == person_id),
            programmes=self.programmes.of_person(person_id),
        )

    def only(self, area_ids: Collection[int]) -> "Known":
        """The same of these areas alone, each with all below it."""
        area_ids = frozenset(area_ids)
        there = [found for (_, area, _), found in self.grouped.items() if area in area_ids]
        part = replace(
            self,
            areas=tuple(row for row in self.areas if row.id in area_ids),
            assignments=tuple(row for row in self.assignments if row.area_id in area_ids),
            visits=tuple(chain.from_iterable(there)),
            cases=tuple(row for row in self.cases if row.area_id in area_ids),
            exchanges=tuple(row for row in self.exchanges if row.area_id in area_ids),
            commitments=tuple(row for row in self.commitments if row.area_id in area_ids),
            supports=tuple(row for row in self.supports if row.area_id in area_ids),
            directives=tuple(row for row in self.directives if row.area_id in area_ids),
            programmes=self.programmes.only(area_ids),
        )
        part.__dict__["visited"] = self.visited  # who was where is the same, and found once
        return part
