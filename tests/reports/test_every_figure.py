"""Every figure of a full report, walked one by one and counted again from the raw rows.

A figure whose name has no recount here fails the test, so that a new one must bring its own.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from bot.desk import compiling
from bot.reports.checks import violations
from bot.reports.figures import Figure
from bot.reports.snapshots import Snapshot
from bot.rules.periods import Period, period
from bot.rules.vocabulary import SUPPORT_KINDS
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import (
    Absence,
    Area,
    Assignment,
    Case,
    Commitment,
    Directive,
    DirectiveTarget,
    Exchange,
    Person,
    Regulation,
    Support,
    Visit,
    metadata,
)
from tests.reports.planted import CLOSE, Planted, at, plant, visit

FIRST, NEXT, CUT_DAY = date(2026, 10, 1), date(2026, 11, 1), date(2026, 11, 3)
OCTOBER, YEAR = period("month", 2026, 10), period("year", 2026)
BOARD, UPWARD = {"with_board"}, {"to_centre", "recommended", "no_sanction"}


def _of_kind(kind: str) -> Callable[[Any], int]:
    return lambda row: row.quantity if row.kind == kind else 0


SUMS: dict[str, Callable[[Any], int]] = {"support_value": lambda row: row.value or 0}
SUMS |= {f"support_{word.token}": _of_kind(word.token) for word in SUPPORT_KINDS}
"""What is added up over the help that the slips behind a figure tell of."""
ELSEWHERE = {"indicator", "so_lieu", "cong_viec", "criterion"}
"""Kinds that are entered in sheets and have tests of their own."""

Row = Any
Test = Callable[[Row], bool]


@dataclass
class Rows:
    """All raw rows by id, and what the period is."""

    session: Session
    asked: Period
    held: dict[str, dict[int, Row]] = field(default_factory=dict)
    owed: dict[str, set[tuple[int, str]]] = field(default_factory=dict)

    def of(self, kind: type[SQLModel]) -> dict[int, Row]:
        name = kind.__name__
        if name not in self.held:
            self.held[name] = {row.id: row for row in self.session.exec(select(kind))}  # type: ignore[attr-defined]  # tables have ids
        return self.held[name]

    def inside(self, moment: datetime | None) -> bool:
        return moment is not None and self.asked.start <= _local(moment) < self.asked.end

    def sooner(self, moment: datetime | None) -> bool:
        return moment is not None and _local(moment) < self.asked.start


def _local(moment: datetime) -> date:
    return (moment.astimezone(UTC) + timedelta(hours=7)).date()


def more(session: Session, cast: Planted) -> None:
    """What the planted month lacks: late slips, promises, directives, other outcomes and ends."""
    late = visit(5000, cast.followers[120], cast.areas[120], date(2026, 10, 30))
    late.check, late.submitted_at = "Đã xem sổ.", at(date(2026, 11, 2))
    again = visit(5001, cast.followers[0], cast.areas[0], date(2026, 10, 9))
    again.check = "Đã xem sổ."
    member = visit(5002, cast.people["UV01"], cast.areas[1], date(2026, 10, 19))
    session.add_all([late, again, member])
    session.flush()
    _raised(session, (again, member))
    days = (date(2026, 10, 20), date(2026, 11, 20), None, None)
    for number, due in enumerate(days, start=1):
        done = at(date(2026, 10, 25)) if number == 3 else None
        row = Commitment(number=number, visit_id=again.id or 0, area_id=cast.areas[0], text="Việc")
        row.due_on, row.done_at = due, done
        session.add(row)
    directive = Directive(
        number=1,
        text="Nội dung",
        issued_by_id=cast.people["VP01"],
        issued_at=at(date(2026, 10, 6)),
        due_on=date(2026, 10, 20),
    )
    session.add(directive)
    session.flush()
    for place, (noted, passed) in enumerate(((7, 8), (6, None), (9, None), (None, None))):
        target = DirectiveTarget(directive_id=directive.id or 0, area_id=cast.areas[place])
        target.cadre_id = cast.followers[place]
        target.noted_at = at(date(2026, 10, noted), 10) if noted else None
        target.passed_at = at(date(2026, 10, passed)) if passed else None
        session.add(target)
    _others(session, cast)


def _raised(session: Session, told: tuple[Visit, Visit]) -> None:
    """Help of three kinds in two slips; what one of them had before is not counted."""
    rows = (
        (0, "nha_tinh_thuong", 2, 120_000_000, None),
        (0, "qua", 100, None, None),
        (1, "qua", 50, 15_000_000, None),
        (1, "khac", 1, 5_000_000, at(date(2026, 10, 25))),
    )
    session.add_all(
        Support(
            visit_id=told[place].id or 0,
            text="Hỗ trợ",
            kind=kind,
            quantity=quantity,
            value=value,
            entered_at=told[place].submitted_at,
            removed_at=removed,
        )
        for place, kind, quantity, value, removed in rows
    )


def _others(session: Session, cast: Planted) -> None:
    new = [session.get_one(Case, one) for one in cast.cases[-27:]]
    for row, outcome in zip(new, ("explained", "passed_to_commune", "explained"), strict=False):
        row.outcome = outcome
    new[-1].field_id = None
    ended = [row for row in new if row.ended_at]
    ended[0].state, ended[1].state = "explained", "recommended"
    answered = [row for row in session.exec(select(Exchange)) if row.answered_at]
    answered[0].answered_at = at(date(2026, 10, 26))
    rule = session.exec(select(Regulation)).one().id or 0
    begun = Assignment(
        person_id=cast.people["UV01"],
        area_id=cast.areas[14],
        regulation_id=rule,
        kind="phu_trach",
        from_date=date(2026, 10, 15),
    )
    over = session.get_one(Assignment, cast.assignments[50])
    over.to_date = date(2026, 10, 20)
    for one in cast.assignments[:25]:
        session.get_one(Assignment, one).self_registered = True
    session.add_all([*new, *answered, begun, over])


# --- what each figure must be, from raw rows alone ---------------------------------------------


def visits(rows: Rows) -> dict[str, Test]:
    def inside(row: Row) -> bool:
        return bool(rows.asked.start <= row.visited_on < rows.asked.end)

    def held(row: Row) -> int:
        return sum(bool(text) for text in (row.situation, row.advice, row.check))

    counts = {
        f"visits_with_{n}": (lambda row, n=n: inside(row) and held(row) == n) for n in range(4)
    }
    parts = {
        f"holding:{name}": (lambda row, name=name: inside(row) and bool(getattr(row, name)))
        for name in ("situation", "advice", "check")
    }
    told = [row for row in rows.of(Support).values() if row.removed_at is None]
    helped = {row.visit_id for row in told}

    def tells(amount: Callable[[Row], int]) -> Test:
        return lambda row: (
            inside(row) and any(amount(one) for one in told if one.visit_id == row.id)
        )

    raised = {name: tells(amount) for name, amount in SUMS.items()}
    supports: dict[str, Test] = {
        "supports": lambda row: inside(row) and row.id in helped,
        **raised,
    }
    return {"visits": inside, **counts, **parts, **supports}


def cases(rows: Rows) -> dict[str, Test]:
    def new(row: Row) -> bool:
        return rows.inside(row.raised_at)

    def carried(row: Row) -> bool:
        return rows.sooner(row.raised_at) and not rows.sooner(row.ended_at)

    def ended(row: Row) -> bool:
        return (new(row) or carried(row)) and rows.inside(row.ended_at)

    def left(row: Row) -> bool:
        return (new(row) or carried(row)) and not rows.inside(row.ended_at)

    def late(row: Row) -> bool:
        return left(row) and row.due_on is not None and row.due_on < CUT_DAY

    def due_next(row: Row) -> bool:
        return left(row) and row.due_on is not None and NEXT <= row.due_on < date(2026, 12, 1)

    return {
        "cases_new": new,
        "cases_carried": carried,
        "cases_ended": ended,
        "cases_open": left,
        "cases_overdue": late,
        "cases_in_time": lambda row: left(row) and not late(row),
        "cases_due_next": due_next,
        "awaiting": lambda row: left(row) and row.state in BOARD,
        "upward": lambda row: (left(row) or ended(row)) and row.state in UPWARD,
    }


def exchanges(rows: Rows) -> dict[str, Test]:
    def begun(row: Row) -> bool:
        return rows.inside(row.begun_at)

    def both(row: Row) -> bool:
        return begun(row) and row.answered_at is not None

    def late(row: Row) -> bool:
        return both(row) and _local(row.answered_at) > row.due_on

    return {
        "exchanges": begun,
        "two_way": both,
        "one_way": lambda row: begun(row) and row.answered_at is None,
        "two_way_late": late,
        "two_way_in_time": lambda row: both(row) and not late(row),
    }


def commitments(rows: Rows) -> dict[str, Test]:
    def new(row: Row) -> bool:
        return rows.inside(rows.of(Visit)[row.visit_id].submitted_at)

    def late(row: Row) -> bool:
        return row.done_at is None and row.due_on is not None and row.due_on < CUT_DAY

    return {
        "commitments_new": new,
        "commitments_carried": lambda row: not new(row),
        "commitments_done": lambda row: row.done_at is not None,
        "commitments_open": lambda row: row.done_at is None,
        "commitments_late": late,
        "commitments_in_time": lambda row: row.done_at is None and not late(row),
        "commitments_due_next": lambda row: (
            row.done_at is None and row.due_on is not None and row.due_on >= NEXT
        ),
    }


def directives(rows: Rows) -> dict[str, Test]:
    issued = next(iter(rows.of(Directive).values())).issued_at

    def soon(row: Row) -> bool:
        first = min((one for one in (row.noted_at, row.passed_at) if one), default=None)
        return first is not None and first - issued <= timedelta(hours=24)

    return {
        "directives": lambda row: True,
        "directives_passed": lambda row: row.passed_at is not None,
        "directives_noted": lambda row: row.passed_at is None and row.noted_at is not None,
        "directives_waiting": lambda row: row.passed_at is None and row.noted_at is None,
        "directives_noted_soon": soon,
    }


def assignments(rows: Rows) -> dict[str, Test]:
    last = min(rows.asked.end - timedelta(days=1), CUT_DAY)

    def holds(row: Row) -> bool:
        return row.from_date <= last and (row.to_date is None or row.to_date >= last)

    due = duties(rows)
    done, missing, excused = (
        {one for one, _ in due[name]} for name in ("recorded", "not_recorded", "excused")
    )
    return {
        "assignments": holds,
        "assignments:theo_doi": lambda row: holds(row) and row.kind == "theo_doi",
        "assignments:phu_trach": lambda row: holds(row) and row.kind == "phu_trach",
        "assignments_self": lambda row: holds(row) and row.self_registered,
        "assignments_begun": lambda row: rows.asked.start <= row.from_date < rows.asked.end,
        "assignments_ended": lambda row: bool(
            row.to_date and rows.asked.start <= row.to_date < rows.asked.end
        ),
        "duty_holders": lambda row: row.id in done | missing | excused,
        "full": lambda row: row.id in done - missing,
        "short": lambda row: row.id in missing,
        "wholly_excused": lambda row: row.id in excused - done - missing,
    }


Duty = tuple[int, str]


def duties(rows: Rows) -> dict[str, set[Duty]]:
    """Counted once."""
    if not rows.owed:
        rows.owed |= _duties(rows)
    return rows.owed


def _duties(rows: Rows) -> dict[str, set[Duty]]:
    """Each follower owes one visit a month that his assignment covers whole."""
    found: dict[str, set[Duty]] = {name: set() for name in DUTIES}
    made: dict[tuple[int, int, str], list[datetime]] = {}
    for one in rows.of(Visit).values():
        code = f"{one.visited_on:%Y-%m}"
        made.setdefault((one.person_id, one.area_id, code), []).append(one.submitted_at)
    for row in rows.of(Assignment).values():
        if row.kind != "theo_doi":
            continue
        for month in _months(rows.asked):
            last = _next(month) - timedelta(days=1)
            if row.from_date > month or (row.to_date and row.to_date < last):
                continue
            _sort(found, rows, row, month, made)
    found["assigned"] = found["required"] | found["excused"]
    return found


DUTIES = (
    *("assigned", "excused", "required", "recorded", "recorded_in_time", "recorded_late"),
    *("not_recorded", "unlinked", "not_due", "required_next"),
)


def _sort(
    found: dict[str, set[Duty]], rows: Rows, row: Row, month: date, made: dict[Any, list[datetime]]
) -> None:
    code = f"{month:%Y-%m}"
    key, end = (row.id, code), _next(month)
    away = any(
        one.person_id == row.person_id and one.from_date <= month and one.to_date >= end - DAY
        for one in rows.of(Absence).values()
    )
    entered = made.get((row.person_id, row.area_id, code), [])
    if away:
        found["excused"].add(key)
        return
    found["required"].add(key)
    found["recorded" if entered else "not_recorded"].add(key)
    if entered:
        late = all(_local(moment) >= end for moment in entered)
        found["recorded_late" if late else "recorded_in_time"].add(key)


DAY = timedelta(days=1)


def _months(asked: Period) -> Iterator[date]:
    month = asked.start
    while month < asked.end:
        yield month
        month = _next(month)


def _next(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


# --- the walk -----------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[OCTOBER, YEAR], ids=["month", "year"])
def walked(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Snapshot, Rows]]:
    path: Path = tmp_path_factory.mktemp("walked")
    db = Database(f"sqlite:///{path / 'walked.db'}")
    metadata.create_all(db.engine)
    with db.writing() as session:
        more(session, plant(session))
    with db.reading() as session:
        snapshot = compiling.snapshot_of(session, SYSTEM, request.param, cut=CLOSE)
        yield snapshot, Rows(session, request.param)
    db.close()


def test_every_figure_is_what_its_entries_say(walked: tuple[Snapshot, Rows]) -> None:
    snapshot, rows = walked
    assert violations(snapshot) == []
    checked = 0
    for figure in snapshot.figures.values():
        if figure.of in ELSEWHERE:
            continue
        wanted, found = _counted(figure, rows), _listed(figure)
        from_ = 0 if figure.counted else 1  # what is added up has a test of its own
        assert (figure.name, *found[from_:]) == (figure.name, *wanted[from_:])
        checked += 1
    assert checked > 500


def test_what_was_raised_is_the_sum_over_the_slips_behind_it(
    walked: tuple[Snapshot, Rows],
) -> None:
    snapshot, rows = walked
    told = [row for row in rows.of(Support).values() if row.removed_at is None]
    sums = [one for one in snapshot.figures.values() if one.name.startswith("support_")]
    for figure in sums:
        amount, behind = SUMS[_split(figure.name)[0]], set(figure.all_ids())
        assert figure.value == sum(amount(row) for row in told if row.visit_id in behind)
    assert snapshot.value("support_value") == 135_000_000
    assert snapshot.value("support_qua") == 150
    assert len(sums) == 13


def _listed(figure: Figure) -> tuple[int, Collection[Any]]:
    if figure.of == "duty":
        return figure.value, {(one, code) for code in figure.entries for one in figure.ids(code)}
    return figure.value, set(figure.all_ids())


def _counted(figure: Figure, rows: Rows) -> tuple[int, Collection[Any]]:
    name, of = figure.name, figure.of
    found: Collection[Any]
    if of == "duty":
        found = _duty(name, rows)
    elif of in ("area", "person"):
        found = _places(name, rows)
    else:
        found = _entries(name, of, rows)
    return len(found), found


KINDS: dict[str, tuple[type[SQLModel], Callable[[Rows], dict[str, Test]]]] = {
    "visit": (Visit, visits),
    "case": (Case, cases),
    "exchange": (Exchange, exchanges),
    "commitment": (Commitment, commitments),
    "directive": (DirectiveTarget, directives),
    "assignment": (Assignment, assignments),
}


def _entries(name: str, of: str, rows: Rows) -> set[int]:
    """cases_new@5 are those of area 5, visits~7 those of person 7, field:3 those of field 3."""
    kind, tests = KINDS[of]
    whole, sign, one = _split(name)
    known = tests(rows)
    owner = {"visit": "person_id", "case": "raised_by_id", "exchange": "cadre_id"}.get(of, "")
    narrow: Test = {
        "": lambda row: True,
        "@": lambda row: row.area_id == int(one),
        "~": lambda row: getattr(row, owner) == int(one),
    }.get(sign, lambda row: True)
    if whole == "field":
        whole, narrow = "cases_new", lambda row: (row.field_id or 0) == int(one)
    elif whole == "outcome":
        whole, narrow = "cases_new", lambda row: row.outcome == one
    elif whole == "ended":
        whole, narrow = "cases_ended", lambda row: row.state == one
    return {key for key, row in rows.of(kind).items() if known[whole](row) and narrow(row)}


def _split(name: str) -> tuple[str, str, str]:
    for sign in "@~":
        if sign in name:
            return name.partition(sign)
    whole, _, one = name.partition(":")
    return (whole, ":", one) if whole in ("field", "outcome", "ended") else (name, "", "")


def _duty(name: str, rows: Rows) -> set[Duty]:
    whole, sign, one = _split(name)
    if whole == "unlinked":
        return set()  # everybody who follows has an account
    if whole == "not_due":
        left = {f"{month:%Y-%m}" for month in _months(rows.asked) if _next(month) > CUT_DAY}
        return {key for key in duties(rows)["not_recorded"] if key[1] in left}
    if whole == "required_next":
        ahead = Rows(rows.session, period("month", 2026, 11), rows.held)
        return duties(ahead)["required"]
    held = rows.of(Assignment)
    column = "area_id" if sign == "@" else "person_id"
    return {
        key for key in duties(rows)[whole] if not sign or getattr(held[key[0]], column) == int(one)
    }


def _places(name: str, rows: Rows) -> set[int]:
    held = rows.of(Assignment)
    assigned = assignments(rows)
    followed = [row for row in held.values() if assigned["assignments:theo_doi"](row)]
    if name == "people:phu_trach":
        return {row.person_id for row in held.values() if assigned["assignments:phu_trach"](row)}
    if name == "people:theo_doi":
        return {row.person_id for row in followed} & set(rows.of(Person))
    if name == "areas_followed":
        return {row.area_id for row in followed}
    if name in ("areas_to_follow", "areas_covered", "areas_without"):
        communes = {row.id for row in rows.of(Area).values() if row.level == "xa"}
        covered = communes & {row.area_id for row in followed}
        split = {"areas_covered": covered, "areas_without": communes - covered}
        return split.get(name, communes)
    if name == "areas_with_new":
        return {rows.of(Case)[one].area_id for one in _entries("cases_new", "case", rows)}
    missing = {held[one].area_id for one, _ in duties(rows)["not_recorded"]}
    if name == "areas_not_recorded":
        return missing
    assert name == "areas"
    due = {held[one].area_id for one, _ in duties(rows)["assigned"]}
    there = {"cases_new": "case", "cases_open": "case", "visits": "visit", "exchanges": "exchange"}
    for whole, of in there.items():
        kind, _ = KINDS[of]
        due |= {rows.of(kind)[one].area_id for one in _entries(whole, of, rows)}
    return due


def test_the_walk_sees_an_entry_too_many(walked: tuple[Snapshot, Rows]) -> None:
    snapshot, rows = walked
    figure = snapshot.figures["cases_new"]
    wrong = Figure("cases_new", figure.value, "case", {"": "1"})
    assert _listed(wrong) != _counted(wrong, rows)
