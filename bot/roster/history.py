"""Puts in the year's earlier visits and cases, so that its report is right from the first day."""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlmodel import Session, col, select

from bot.roster.applying import Tally, insert_all, resolved
from bot.roster.columns import Record
from bot.roster.entries import Entry
from bot.roster.sheets import BY_NAME
from bot.rules.province import Province
from bot.rules.workdays import Calendar, calendar
from bot.rules.zone import day_of, moment
from bot.words import fold
from storage import assignments, indexing, settings
from storage.counters import next_numbers
from storage.tables import Case, CaseEvent, Visit

WRITTEN = time(17)
"""When a slip on paper counts as handed in, on the day of the visit itself."""
RAISED = time(8)
OPEN_OFFICE, OPEN_MEMBER, ENDED = "with_office", "with_member", "ended"
BY_PAPER = "settle_by_document"


def add_visits(session: Session, entries: Sequence[Entry]) -> Tally:
    """Visits on paper slips; one that is there already stays as it is."""
    rows = resolved(session, BY_NAME["chuyen_di"], (entry.values for entry in entries))
    days = [row["visited_on"] for row in rows]
    stored = session.exec(select(Visit).where(col(Visit.visited_on).between(min(days), max(days))))
    there = {(v.person_id, v.area_id, v.visited_on, v.activity) for v in stored}
    new = [row for row in rows if _visit_key(row) not in there]
    new.sort(key=lambda row: row["visited_on"])
    numbers = next_numbers(session, "CS", len(new))
    insert_all(
        session,
        Visit,
        [
            {**row, "number": number, **_on_paper(row)}
            for row, number in zip(new, numbers, strict=True)
        ],
    )
    indexing.fill(session.connection())
    return Tally(frozenset(numbers), same=len(rows) - len(new))


def _visit_key(row: Record) -> tuple[int, int, date, str]:
    return row["person_id"], row["area_id"], row["visited_on"], row["activity"]


def _on_paper(row: Record) -> Record:
    handed_in = moment(row["visited_on"], WRITTEN)
    return {
        "written_by_id": row["person_id"],
        "on_paper": True,
        "begun_at": handed_in,
        "submitted_at": handed_in,
    }


def add_cases(session: Session, entries: Sequence[Entry], at: datetime) -> Tally:
    """Cases raised before; an open one gets its owner and due date by the rules of today."""
    rows = resolved(session, BY_NAME["kien_nghi"], (entry.values for entry in entries))
    stored = session.exec(select(Case.area_id, Case.raised_at, Case.text))
    there = {(area_id, day_of(raised), fold(text)) for area_id, raised, text in stored}
    new = [r for r in rows if (r["area_id"], r["raised_on"], fold(r["text"])) not in there]
    new.sort(key=lambda row: row["raised_on"])
    today = day_of(at)
    terms = _Terms(session, today)
    numbers = next_numbers(session, "KN", len(new))
    cases = [_case(row, number, terms) for row, number in zip(new, numbers, strict=True)]
    insert_all(session, Case, cases)
    _record(session, cases)
    indexing.fill(session.connection())
    return Tally(frozenset(numbers), same=len(rows) - len(new))


class _Terms:
    """Who holds an open case and until when."""

    def __init__(self, session: Session, today: date) -> None:
        self._session, self._today = session, today
        self._province = Province.from_settings(settings.values(session, today))
        off = settings.days_off(session)
        self._calendar: Calendar = calendar(
            [each.day for each in off if not each.working],
            [each.day for each in off if each.working],
        )
        self._members: dict[int, int | None] = {}

    def member(self, area_id: int) -> int | None:
        """The member in charge of the area."""
        if area_id not in self._members:
            found = assignments.members_in_charge(self._session, area_id, self._today)
            self._members[area_id] = found[0].id if found else None
        return self._members[area_id]

    def due(self, raised_on: date) -> date:
        """The day by which a case raised on the day is to be answered."""
        return self._calendar.add_workdays(raised_on, self._province.case_days)


def _case(row: Record, number: int, terms: _Terms) -> Record:
    ended_on, raised_on = row.get("ended_on"), row["raised_on"]
    case = {key: value for key, value in row.items() if key not in ("ended_on", "raised_on")}
    member = None if ended_on else terms.member(row["area_id"])
    case |= {"number": number, "raised_at": moment(raised_on, RAISED), "owner_id": member}
    case["due_on"] = None if ended_on else row.get("due_on") or terms.due(raised_on)
    case["owner_role"] = "" if ended_on or member else "tong_hop"
    case["state"] = ENDED if ended_on else OPEN_MEMBER if member else OPEN_OFFICE
    case["ended_at"] = moment(ended_on, WRITTEN) if ended_on else None
    case["ended_how"] = BY_PAPER if ended_on else ""
    return case


def _record(session: Session, cases: Sequence[Record]) -> None:
    """The history of each case: raised, and ended."""
    numbers = [case["number"] for case in cases]
    found = select(Case.number, Case.id).where(col(Case.number).in_(numbers))
    ids = dict(session.exec(found).all())
    events = []
    for case in cases:
        row = {"case_id": ids[case["number"]], "by_id": case["raised_by_id"]}
        state = OPEN_OFFICE if case["ended_at"] else case["state"]
        due = case["due_on"]
        events.append(
            {**row, "at": case["raised_at"], "act": "raise", "state": state, "due_on": due}
        )
        if ended_at := case["ended_at"]:
            events.append({**row, "at": ended_at, "act": BY_PAPER, "state": ENDED, "due_on": None})
    insert_all(session, CaseEvent, events)
