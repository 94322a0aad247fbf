"""What is known of programmes and figures that people enter: plain frozen rows for reports."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple


class IndicatorRow(NamedTuple):
    """One version of an indicator, in force from a day on."""

    code: str
    from_date: date
    to_date: date | None
    name: str
    unit: str
    population: str
    kind: str
    whole: str = ""
    formula: str = ""
    out_of: str = ""
    direction: str = ""
    adds: bool = False
    place: int = 0
    basis: str = ""


class ValueRow(NamedTuple):
    """A value as it was known at the cut; numbers in plain digits, empty where none was given."""

    id: int
    number: int
    code: str
    area_id: int | None
    from_date: date
    to_date: date
    value: str = ""
    numerator: str = ""
    denominator: str = ""
    source: str = ""


class TargetRow(NamedTuple):
    """What is to be reached."""

    id: int
    code: str
    area_id: int | None
    from_date: date
    to_date: date
    compare: str
    goal: str
    goal_to: str = ""
    share: bool = False
    population: str = ""
    cumulative: bool | None = None
    basis: str = ""


class CriterionRow(NamedTuple):
    """One criterion of a set in force."""

    id: int
    set_code: str
    code: str
    name: str
    staff: str
    most: int
    basis: str = ""


class ScoredRow(NamedTuple):
    """So many people of a group were given points under a set in a year; nobody is named."""

    set_code: str
    year: int
    staff: str
    people: int


class PointRow(NamedTuple):
    """What one person was given under one criterion of a set, and the most there is."""

    set_code: str
    staff: str
    name: str
    most: int
    points: int


class WorkRow(NamedTuple):
    """A work item, registered backlog or a pilot."""

    id: int
    number: int
    kind: str
    text: str
    area_id: int | None
    owner_id: int
    begins_on: date | None
    due_on: date
    state: str
    done_on: date | None
    result: str = ""
    basis: str = ""
    doubt: str = ""


@dataclass(frozen=True)
class Programmes:
    """Everything entered that a report of some span needs."""

    indicators: tuple[IndicatorRow, ...] = ()
    values: tuple[ValueRow, ...] = ()
    targets: tuple[TargetRow, ...] = ()
    criteria: tuple[CriterionRow, ...] = ()
    scored: tuple[ScoredRow, ...] = ()
    works: tuple[WorkRow, ...] = ()

    def only(self, area_ids: Collection[int]) -> "Programmes":
        """The same of these areas alone, without what is entered for the whole."""
        return replace(
            self,
            values=tuple(row for row in self.values if row.area_id in area_ids),
            targets=tuple(row for row in self.targets if row.area_id in area_ids),
            works=tuple(row for row in self.works if row.area_id in area_ids),
            criteria=(),
            scored=(),
        )

    def of_person(self, person_id: int) -> "Programmes":
        """The work items of one person."""
        return Programmes(works=tuple(row for row in self.works if row.owner_id == person_id))
