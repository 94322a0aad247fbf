"""When an assignment is over or an area is no more, what is open goes to whoever follows now."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.desk import case_acts, case_notices, handover_pages
from bot.desk.case_cards import Cards, named
from bot.messages import Outgoing
from bot.rules import cases as rules
from bot.rules.case_text import area_in
from bot.rules.zone import day_of
from bot.words import uncapital
from storage import areas, cases, handover
from storage.scope import SYSTEM
from storage.tables import Area, Assignment, Case

FRESH = timedelta(days=31)  # of an assignment that is over: later nobody is told any more


def hand_over(session: Session, at: datetime) -> list[Outgoing]:
    """Everything that is due: areas that are no more first, then assignments that are over."""
    today = day_of(at)
    for case in handover.without_department(session, SYSTEM, today):
        _reseat(session, case, at)
    said = [
        message for area_id in no_more(session, at) for message in _follow(session, area_id, at)
    ]
    persons: defaultdict[int, list[Assignment]] = defaultdict(list)
    for row in handover.over(session, today):
        persons[row.person_id].append(row)
    for person_id, rows in persons.items():
        said += _leave(session, person_id, rows, at)
    return said


def due(session: Session, at: datetime) -> bool:
    """Whether there is anything to hand over."""
    today = day_of(at)
    left = handover.without_department(session, SYSTEM, today)
    return bool(handover.over(session, today) or left or no_more(session, at))


def no_more(session: Session, at: datetime) -> dict[int, int]:
    """Areas that are no more, and how much is still open in each."""
    return handover.no_more(session, SYSTEM, day_of(at), at)


def _leave(
    session: Session, person_id: int, rows: Sequence[Assignment], at: datetime
) -> list[Outgoing]:
    """One person's assignments that are over: what was held is the successors'; both are told."""
    today = day_of(at)
    said = _cases_of(session, person_id, at)
    _keep_quiet(session, person_id, rows, at)
    left = set[int]()
    for area_id in handover.held_in(session, SYSTEM, person_id, at):
        if case_acts.covers(session, person_id, area_id, at):
            continue
        new = follower(session, area_id, today)
        if new is None:
            left.add(area_id)
        else:
            handover.pass_on(session, area_id, old_id=person_id, new_id=new, at=at)
    pairs: defaultdict[int, list[Assignment]] = defaultdict(list)
    for row in rows:
        new = follower(session, row.area_id, today) if row.kind == "theo_doi" else None
        if left & reach(session, row.area_id):
            continue  # somebody has still to be named: the office sees it, the clock comes again
        row.handed_over_on = row.to_date
        session.add(row)
        if new is not None and new != person_id and _fresh(row, today):
            pairs[new].append(row)
    session.flush()
    for new, theirs in pairs.items():
        said += handover_pages.told(session, person_id, new, theirs, at)
    return said


def _keep_quiet(session: Session, person_id: int, rows: Sequence[Assignment], at: datetime) -> None:
    """Nothing that was still to be sent of cases there reaches whoever has left."""
    for area_id in {one for row in rows for one in reach(session, row.area_id)}:
        if not case_acts.covers(session, person_id, area_id, at):
            for case in handover.open_cases(session, SYSTEM, area_id):
                cases.drop_lines(session, SYSTEM, case.id or 0, {person_id})


def reach(session: Session, area_id: int) -> set[int]:
    """The area with all below it, and what these have become."""
    below = areas.below(session, area_id)
    return below | {after.id or 0 for one in below for after in areas.successors(session, one)}


def _fresh(row: Assignment, today: date) -> bool:
    return row.to_date is not None and today - row.to_date <= FRESH


def follower(session: Session, area_id: int, today: date) -> int | None:
    """Whoever follows the area today."""
    return case_acts.assigned(session, area_id, "theo_doi", today)


def _cases_of(session: Session, person_id: int, at: datetime) -> list[Outgoing]:
    """The cases that the person owns, each held by whom the rules name now."""
    found = handover.owned_cases(session, SYSTEM, person_id)
    return [message for case in found for message in _reseat(session, case, at)]


def _reseat(session: Session, case: Case, at: datetime, why: str = "") -> list[Outgoing]:
    cards = Cards(session, SYSTEM, at)
    before = case_acts.standing_of(case)
    parties = case_acts.parties_of(session, case, cards.today)
    after = rules.reseat(before, parties, cards.day)
    if after == before and not why:
        return []
    case_acts.settle(case, after, at)
    owner = cards.person(case.owner_id)
    to = named(owner) if owner else cards.where(case)
    event = case_acts.record(session, case, "hand_over", None, at, why or to)
    told = case_notices.after(cards, case, event)
    if after.state != before.state:
        return told
    return [one for one in told if one.person_id == case.owner_id]  # an answer to carry


def _follow(session: Session, area_id: int, at: datetime) -> list[Outgoing]:
    """What is open in an area that is no more goes where it belongs, as far as that is known."""
    after = now_there(session, area_id)
    if len(after) == 1:
        return rehome(session, area_id, after[0], at)
    said: list[Outgoing] = []
    named_by = [(str(area.id), area.name) for area in after]
    for code, number, text in handover.open_there(session, SYSTEM, area_id, at):
        which = area_in(text, named_by) if text else ""
        new = next((area for area in after if str(area.id) == which), None)
        if new is not None:
            said += rehome(session, area_id, new, at, (code, number))
    return said


def now_there(session: Session, area_id: int) -> list[Area]:
    """What stands where the area stood; empty when nothing followed it."""
    near = case_acts.tree_around(session, area_id)
    ids = [one for one in near.today(area_id) if one != area_id]
    return list(areas.by_ids(session, ids).values())


def rehome(
    session: Session, old_id: int, new: Area, at: datetime, only: tuple[str, int] | None = None
) -> list[Outgoing]:
    """What is open in the old area, or one thing of it, stands in the new one from now on."""
    moving = [
        case.number
        for case in handover.open_cases(session, SYSTEM, old_id)
        if only is None or only == ("KN", case.number)
    ]
    holders = set(handover.holders(session, SYSTEM, old_id, at))
    old = areas.name_of(session, old_id)
    handover.rehome(session, old_id, new.id or 0, at, only)
    said: list[Outgoing] = []
    why = f"từ {uncapital(old)} sang {uncapital(new.name)}"
    for case in handover.open_cases(session, SYSTEM, new.id or 0):
        if case.number in moving:
            said += _reseat(session, case, at, why)
    new_id = follower(session, new.id or 0, day_of(at))
    for person_id in holders - {new_id}:
        if new_id and not case_acts.covers(session, person_id, new.id or 0, at):
            handover.pass_on(session, new.id or 0, old_id=person_id, new_id=new_id, at=at)
    return said
