"""Random provinces of a few areas over a few months, for properties that must always hold.

Hypothesis draws how many rows of each kind there are, and one seed from which they are filled: rows
drawn value by value took twenty times as long as the report made of them.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from bot.reports.facts import Facts, span_of
from bot.rules.periods import period, previous
from bot.rules.vocabulary import SUPPORT_KINDS
from storage.known import (
    AbsenceRow,
    AreaRow,
    AssignmentRow,
    CadenceRow,
    CaseRow,
    CommitmentRow,
    DirectiveRow,
    ExchangeRow,
    FieldRow,
    Known,
    PersonRow,
    SupportRow,
    VisitRow,
)

FIRST = date(2026, 6, 1)
AREAS, PEOPLE, FIELDS = 6, 8, 6
RULE = "02-QĐ/TU"
STATES = ("with_member", "with_office", "with_board", "answered", "ended", "merged", "doing")
LONG = "Đề nghị bố trí kinh phí sửa chữa nhà văn hóa, đường giao thông nông thôn và trạm bơm"

MOST = {
    "visits": 30,
    "supports": 6,
    "cases": 30,
    "exchanges": 12,
    "commitments": 6,
    "directives": 6,
    "assignments": 12,
    "cadences": 3,
    "absences": 4,
}
"""Rows of each kind, at most."""
ASKED = (
    period("month", 2026, 9),
    period("month", 2026, 10),
    period("quarter", 2026, 3),
    period("year", 2026),
)
HALF_HOURS = 200 * 48
T = TypeVar("T")


class Filler:
    """Values of rows. One in eight is the least or the most there may be, one in eight the last."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._last: dict[tuple[int, int], int] = {}

    def number(self, least: int, most: int) -> int:
        chance = self._random.random()
        if chance < 1 / 8:
            return self._random.choice((least, most))
        if chance < 2 / 8 and (least, most) in self._last:
            return self._last[least, most]
        found = self._random.randint(least, most)
        self._last[least, most] = found
        return found

    def maybe(self, value: Callable[[], T]) -> T | None:
        return value() if self._random.random() < 1 / 2 else None

    def one_of(self, values: Sequence[T]) -> T:
        return self._random.choice(values)

    def day(self) -> date:
        return FIRST + timedelta(days=self.number(0, 200))

    def moment(self) -> datetime:
        start = datetime(2026, 6, 1, tzinfo=UTC)
        return start + timedelta(minutes=30 * self.number(0, HALF_HOURS))

    def area(self) -> int:
        return self.number(1, AREAS)

    def person(self) -> int:
        return self.number(1, PEOPLE)

    def field(self) -> int:
        return self.number(1, FIELDS)


def _case(fill: Filler, number: int, *, sound: bool) -> CaseRow:
    """A case; an unsound one may have ended before it was raised."""
    raised, ended = fill.moment(), fill.maybe(fill.moment)
    if sound and ended is not None and ended < raised:
        raised, ended = ended, raised
    state = fill.one_of(("ended", "merged")) if ended else fill.one_of(STATES[:4])
    return CaseRow(
        id=number,
        number=number,
        area_id=fill.area(),
        field_id=fill.maybe(fill.field),
        state=state,
        owner_id=fill.maybe(fill.person),
        owner_area_id=None,
        owner_role="",
        due_on=fill.maybe(fill.day),
        raised_at=raised,
        ended_at=ended,
        text=LONG,
    )


def _visit(fill: Filler, number: int) -> VisitRow:
    parts = fill.number(1, 7)
    return VisitRow(number, fill.person(), fill.area(), fill.day(), parts, number, fill.moment())


def _support(fill: Filler, number: int, told_by: VisitRow) -> SupportRow:
    kind = fill.one_of(SUPPORT_KINDS).token
    value = fill.maybe(lambda: fill.number(0, 10**12))
    area, person, day = told_by.area_id, told_by.person_id, told_by.visited_on
    many = fill.number(1, 2000)
    return SupportRow(number, told_by.id, kind, many, value, "", area, person, day)


def _assignment(fill: Filler, number: int) -> AssignmentRow:
    return AssignmentRow(
        id=number,
        person_id=fill.person(),
        area_id=fill.area(),
        regulation=RULE,
        kind=fill.one_of(("theo_doi", "theo_doi", "phu_trach")),
        from_date=fill.day(),
        to_date=fill.maybe(fill.day),
    )


def _cadences(fill: Filler, count: int) -> tuple[CadenceRow, ...]:
    """At most one from a day on."""
    return tuple(
        CadenceRow(RULE, "theo_doi", day, fill.one_of(("thang", "quy")), fill.number(1, 2), 0)
        for day in {fill.day() for _ in range(count)}
    )


def _absence(fill: Filler) -> AbsenceRow:
    where = fill.maybe(fill.area)
    return AbsenceRow(
        fill.person(), where, fill.day(), fill.day(), fill.one_of(("mien", "di_thay"))
    )


def _exchange(fill: Filler, number: int) -> ExchangeRow:
    begun, answered = fill.moment(), fill.maybe(fill.moment)
    return ExchangeRow(number, fill.area(), begun, answered, number % PEOPLE + 1, fill.day())


def _commitment(fill: Filler, number: int) -> CommitmentRow:
    made, due, done = fill.moment(), fill.maybe(fill.day), fill.maybe(fill.moment)
    return CommitmentRow(number, fill.area(), 1, made, due, done)


def _directive(fill: Filler, number: int) -> DirectiveRow:
    issued, noted, passed = fill.moment(), fill.maybe(fill.moment), fill.maybe(fill.moment)
    return DirectiveRow(number, fill.area(), 1, issued, FIRST, noted, passed)


def _people(fill: Filler) -> tuple[PersonRow, ...]:
    return tuple(
        PersonRow(number, f"Cán bộ {number}", "", "", number, fill.one_of((True, False)))
        for number in range(1, PEOPLE + 1)
    )


@st.composite
def provinces(draw: st.DrawFn, *, sound: bool = True) -> Facts:
    """What might be known of one month, quarter or year."""
    asked = draw(st.sampled_from(ASKED))
    upto = {name: range(1, draw(st.integers(0, most)) + 1) for name, most in MOST.items()}
    fill = Filler(draw(st.integers(0, 2**32)))
    made = tuple(_visit(fill, number) for number in upto["visits"])
    known = Known(
        span=span_of(previous(asked), asked),
        cut=datetime(2026, 11, draw(st.integers(1, 20)), 10, tzinfo=UTC),
        areas=tuple(
            AreaRow(number, f"Xã có tên gọi khá dài số {number}", "xa", None)
            for number in range(1, AREAS + 1)
        ),
        people=_people(fill),
        assignments=tuple(_assignment(fill, number) for number in upto["assignments"]),
        cadences=_cadences(fill, len(upto["cadences"])),
        absences=tuple(_absence(fill) for _ in upto["absences"]),
        visits=made,
        supports=tuple(
            _support(fill, number, fill.one_of(made)) for number in upto["supports"] if made
        ),
        cases=tuple(_case(fill, number, sound=sound) for number in upto["cases"]),
        exchanges=tuple(_exchange(fill, number) for number in upto["exchanges"]),
        commitments=tuple(_commitment(fill, number) for number in upto["commitments"]),
        directives=tuple(_directive(fill, number) for number in upto["directives"]),
        fields=tuple(
            FieldRow(number, f"Lĩnh vực có tên khá dài, số {number}")
            for number in range(1, FIELDS + 1)
        ),
    )
    return Facts(known, asked, draw(st.sampled_from(["tinh", "phu_trach:1"])))
