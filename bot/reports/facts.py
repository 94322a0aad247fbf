"""What a report is made from: what is known, asked for one period and one scope."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import cached_property
from itertools import islice
from operator import attrgetter
from typing import Any, TypeVar, cast

from bot.reports.figures import Figure
from bot.rules.cadence import (
    AbsenceSpan,
    AssignmentSpan,
    CadenceVersion,
    Owed,
    Standing,
    VisitMark,
    earlier,
    made,
    owed,
    standing,
)
from bot.rules.periods import Period, containing, previous
from bot.rules.zone import day_of, moment
from storage.known import (
    AreaRow,
    CaseRow,
    CommitmentRow,
    ExchangeRow,
    Known,
    RefiledRow,
    Span,
    SupportRow,
    VisitRow,
)

PROVINCE = "tinh"
MEMBER = "phu_trach"
FOLLOWS, IN_CHARGE = "theo_doi", "phu_trach"
WITH_BOARD = ("with_board",)
WITH_MEMBER = ("with_member", "drafted")
_DAY = attrgetter("visited_on")
Made = TypeVar("Made")


@dataclass(frozen=True)
class Duties:
    """What followers owed in a period: excused + recorded + not recorded is all of it."""

    excused: tuple[Owed, ...]
    recorded: tuple[Owed, ...]
    not_recorded: tuple[Owed, ...]
    late: tuple[Owed, ...] = ()  # of the recorded ones, by slips entered after their last day

    @property
    def required(self) -> tuple[Owed, ...]:
        return self.recorded + self.not_recorded

    @property
    def all(self) -> tuple[Owed, ...]:
        return self.excused + self.required

    def only(self, areas: Container[int]) -> "Duties":
        """Those of these areas alone."""
        return self._those(lambda due: due.assignment.area in areas)

    def ending_in(self, period: Period) -> "Duties":
        """Those that fall due in a part of the period: each month of a quarter has its own."""
        return self._those(lambda due: period.start < due.period.end <= period.end)

    def _those(self, wanted: Callable[[Owed], bool]) -> "Duties":
        kinds = (self.excused, self.recorded, self.not_recorded, self.late)
        return Duties(*(tuple(filter(wanted, kind)) for kind in kinds))


@dataclass(frozen=True)
class Facts:
    """What is known, for one period; `scope` is "tinh", "phu_trach:<person>" or "area:<id>".

    `earlier` are the figures of the report that was sent on the period before, if one was;
    `amended` are earlier periods about which something was corrected since the last report,
    `refiled` the cases of earlier periods. `whole` is what these are a part of: what has been
    worked out for it is not worked out again.
    """

    known: Known
    period: Period
    scope: str = PROVINCE
    earlier: Mapping[str, Figure] = field(default_factory=dict)
    amended: tuple["Amended", ...] = ()
    refiled: tuple[RefiledRow, ...] = ()
    whole: "Facts | None" = None

    def only(self, areas: Collection[int], scope: str) -> "Facts":
        """The same of these areas alone, each with all below it."""
        return replace(self, known=self.known.only(areas), scope=scope, whole=self)

    def of(self, period: Period) -> "Facts":
        """The same of another period."""
        if period not in self._others:
            whole = self.whole and self.whole.of(period)
            self._others[period] = replace(
                self, period=period, earlier={}, amended=(), refiled=(), whole=whole
            )
        return self._others[period]

    @cached_property
    def _others(self) -> dict[Period, "Facts"]:
        return {}

    def of_whole(self, make: Callable[["Facts"], Made]) -> Made:
        """What `make` gives of the whole that these are a part of; it is made once."""
        facts = self.whole or self
        if make not in facts._made:
            facts._made[make] = make(facts)
        return cast(Made, facts._made[make])

    @cached_property
    def _made(self) -> dict[Callable[["Facts"], Any], Any]:
        return {}

    @property
    def member(self) -> int | None:
        """Whose areas these are, when they are those of a member in charge."""
        kind, _, who = self.scope.partition(":")
        return int(who) if kind == MEMBER else None

    @cached_property
    def begins(self) -> datetime:
        return moment(self.period.start, time.min)

    @cached_property
    def ends(self) -> datetime:
        return moment(self.period.end, time.min)

    @property
    def day(self) -> date:
        """The day of the cut, on which something is overdue or not."""
        return day_of(self.known.cut)

    @property
    def over(self) -> bool:
        """The period was over at the cut; a part of a period is compared with nothing."""
        return self.known.cut >= self.ends

    @cached_property
    def before(self) -> "Facts | None":
        """The whole period before, where enough is known of it to compare."""
        earlier = previous(self.period)
        if not self.over or self.period.kind == "custom" or earlier.start < self.known.span.start:
            return None
        facts = self.of(earlier)
        return facts if facts.slips or facts.raised or facts.exchanges else None

    @cached_property
    def visits(self) -> list[VisitRow]:
        """The visits whose own date is in the period."""
        start, end = self.period.start, self.period.end
        return [row for row in self.known.visits if start <= row.visited_on < end]

    @cached_property
    def slips(self) -> dict[tuple[int, int], list[int]]:
        """The ids of these visits by area and by the parts that they hold."""
        if self.whole is not None:
            there = self.known.area
            return {key: ids for key, ids in self.whole.slips.items() if key[0] in there}
        found: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for (_, area, parts), rows in self.known.grouped.items():
            if here := _within(rows, self.period):
                found[area, parts] += [row.id for row in here]
        return dict(found)

    @cached_property
    def exchanges(self) -> list[ExchangeRow]:
        """The exchanges begun in the period."""
        return [row for row in self.known.exchanges if self.begins <= row.begun_at < self.ends]

    @cached_property
    def supports(self) -> list[SupportRow]:
        """Help raised, by the day of the visit that tells of it."""
        start, end = self.period.start, self.period.end
        return [row for row in self.known.supports if start <= row.visited_on < end]

    @cached_property
    def commitments(self) -> list[CommitmentRow]:
        """Promised before the period was over, and not done before it began."""
        return [
            row
            for row in self.known.commitments
            if row.made_at < self.ends and not (row.done_at and row.done_at < self.begins)
        ]

    @cached_property
    def cases(self) -> list[CaseRow]:
        """All but those that were raised and merged into others within the period."""
        return [row for row in self.known.cases if not self._double(row)]

    def _double(self, row: CaseRow) -> bool:
        merged = row.state == "merged" and row.ended_at is not None
        return merged and row.raised_at >= self.begins and self._ended(row)

    def _ended(self, row: CaseRow) -> bool:
        """Ended before the period was over."""
        return row.ended_at is not None and row.ended_at < self.ends

    @cached_property
    def raised(self) -> list[CaseRow]:
        return [row for row in self.cases if self.begins <= row.raised_at < self.ends]

    @cached_property
    def carried(self) -> list[CaseRow]:
        """Raised earlier and still open when the period began."""
        return [
            row
            for row in self.cases
            if row.raised_at < self.begins and not (row.ended_at and row.ended_at < self.begins)
        ]

    @cached_property
    def ended(self) -> list[CaseRow]:
        return [
            row
            for row in self.cases
            if row.ended_at is not None and self.begins <= row.ended_at < self.ends
        ]

    @cached_property
    def open(self) -> list[CaseRow]:
        """Open when the period ended (or at the cut)."""
        return [row for row in self.cases if row.raised_at < self.ends and not self._ended(row)]

    @cached_property
    def overdue(self) -> list[CaseRow]:
        """Of the open ones, those that at the cut were still open and past their due day."""
        return [row for row in self.open if row.ended_at is None and self._late(row)]

    def _late(self, row: CaseRow) -> bool:
        return row.due_on is not None and row.due_on < self.day

    @cached_property
    def awaiting(self) -> list[CaseRow]:
        """Cases on which the reader's opinion is awaited."""
        if self.member is None:
            return [row for row in self.cases if row.state in WITH_BOARD and row.ended_at is None]
        return [
            row
            for row in self.cases
            if row.state in WITH_MEMBER and row.owner_id == self.member and row.ended_at is None
        ]

    @cached_property
    def duties(self) -> Duties:
        """What followers owed; a duty counts as done by the visits of its own period."""
        if self.whole is not None:
            return self.whole.duties.only(self.known.area)
        found: dict[str, list[Owed]] = {"excused": [], "recorded": [], "not_recorded": []}
        late: list[Owed] = []
        for one in self._owed:
            visits = self._visits(one)
            kind = _standing(one, [self._mark(row) for row in visits[: one.visits]])
            found[kind].append(one)
            if kind == "recorded" and not self._in_time(one, visits):
                late.append(one)
        return Duties(
            tuple(found["excused"]),
            tuple(found["recorded"]),
            tuple(found["not_recorded"]),
            tuple(late),
        )

    def owed(self, window: Period) -> list[Owed]:
        """What falls due in the window, as far as is known."""
        return self.of(window)._owed

    @cached_property
    def _owed(self) -> list[Owed]:
        if self.whole is not None:
            there = self.known.area
            return [due for due in self.whole._owed if due.assignment.area in there]
        known = self.known
        return owed(self._spans(FOLLOWS), _versions(known), _absences(known), self.period)

    def _visits(self, due: Owed) -> list[VisitRow]:
        """Those of the owed period, by day."""
        rows = self.known.visited.get((due.assignment.person, due.assignment.area), [])
        return _within(rows, due.period)

    def _mark(self, row: VisitRow) -> VisitMark:
        return VisitMark(row.visited_on, row.entered_at or self.known.cut)

    def _in_time(self, due: Owed, visits: list[VisitRow]) -> bool:
        """As many as were owed had been entered when the owed period was over."""
        over = moment(due.period.end, time.min)
        entered = (row for row in visits if row.entered_at is None or row.entered_at <= over)
        return len(list(islice(entered, due.visits))) + due.substituted >= due.visits

    def _spans(self, kind: str) -> list[AssignmentSpan]:
        ended = {area.id: area.valid_to for area in self.known.areas}
        return [
            AssignmentSpan(
                id=row.id,
                person=row.person_id,
                area=row.area_id,
                kind=row.kind,
                regulation=row.regulation,
                from_date=row.from_date,
                to_date=earlier(row.to_date, ended.get(row.area_id)),
            )
            for row in self.known.assignments
            if row.kind == kind
        ]

    @cached_property
    def in_charge(self) -> dict[int, frozenset[int]]:
        """The areas of each member in charge on the last day, with all below them; by rank."""
        last = min(self.period.last, self.day)
        held: dict[int, set[int]] = defaultdict(set)
        for row in self.known.assignments:
            if row.kind == IN_CHARGE and row.from_date <= last <= (row.to_date or last):
                held[row.person_id] |= self._below(row.area_id)
        ranked = [row.id for row in self.known.people if row.id in held]
        return {person: frozenset(held[person]) for person in ranked}

    @cached_property
    def _children(self) -> dict[int | None, list[AreaRow]]:
        children: dict[int | None, list[AreaRow]] = defaultdict(list)
        for row in self.known.areas:
            children[row.parent_id].append(row)
        return children

    def _below(self, area_id: int) -> set[int]:
        found = {area_id}
        for child in self._children[area_id]:
            found |= self._below(child.id)
        return found


@dataclass(frozen=True)
class Amended:
    """A period that was reported on: as it was known when the last report closed, and as now.

    `document` is the number of its report, where the office has typed one in.
    """

    then: Facts
    now: Facts
    document: str = ""


def span_of(first: Period, last: Period | None = None) -> Span:
    """From the first day of one period to the last of another, with their moments."""
    end = (last or first).end
    months, begun = [], first.start
    while begun < end:
        begun = containing("month", begun, first.cut).end
        months.append((begun, moment(begun, time.min)))
    return Span(
        first.start, end, moment(first.start, time.min), moment(end, time.min), tuple(months)
    )


def _standing(due: Owed, marks: list[VisitMark]) -> Standing:
    """As the cadence has it, where somebody who was agreed to go in place makes one visit."""
    if due.substituted and made(due, marks) + 1 >= due.visits:
        return "recorded"
    return standing(due, marks)


def _within(rows: list[VisitRow], period: Period) -> list[VisitRow]:
    """Of these, which stand by day, those of the period."""
    first = bisect_left(rows, period.start, key=_DAY)
    return rows[first : bisect_left(rows, period.end, lo=first, key=_DAY)]


def _versions(known: Known) -> Iterable[CadenceVersion]:
    return [
        CadenceVersion(
            kind=row.kind,
            from_date=row.from_date,
            unit=row.unit,
            visits=row.visits,
            exchanges=row.exchanges,
            regulation=row.regulation,
        )
        for row in known.cadences
    ]


def _absences(known: Known) -> Iterable[AbsenceSpan]:
    return [AbsenceSpan(*row) for row in known.absences]
