"""Moves a case by the rules and writes what happened; who is told of it stands elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from bot.desk.duties import calendar_of, province_on
from bot.messages import Rejected
from bot.rules import cases as rules
from bot.rules.cases import Day, Owner, Parties, Standing
from bot.rules.routing import Line, Tree, field_for, person_for, seat_for
from bot.rules.zone import day_of, local
from bot.words import day as day_month
from storage import audit, cases, people, settings
from storage.counters import next_number
from storage.routes import Surroundings, surroundings
from storage.scope import Viewer
from storage.tables import Case, CaseEvent


@dataclass(frozen=True)
class New:
    """What an author says when a case is raised."""

    area_id: int
    text: str
    source: str
    kind: str
    field_id: int | None
    visit_id: int | None
    outcome: str
    document: str
    raised_by_id: int


def create(session: Session, viewer: Viewer, new: New, at: datetime) -> Case:
    """A new case with its number, its owner and its due date."""
    today = day_of(at)
    parties = around(session, new.area_id, new.raised_by_id, today)
    if parties.member == new.raised_by_id:
        parties = replace(parties, member=None)  # what he raises himself goes to the office
    standing = rules.begin(new.outcome, parties, rules_of(session, today))
    case = Case(
        number=next_number(session, "KN"),
        raised_at=at,
        state=standing.state,
        **{**vars(new), "field_id": new.field_id or proposed_field(session, new.text, today)},
    )
    session.add(case)
    settle(case, standing, at)
    session.flush()
    record(session, case, "raise", viewer.person_id, at)
    return case


def perform(
    session: Session,
    viewer: Viewer,
    case: Case,
    token: str,
    at: datetime,
    *,
    text: str = "",
    promised: date | None = None,
) -> CaseEvent:
    """Does the act if the rules let this viewer; raises Rejected, or Late with what came between.

    The case must have been taken for this transaction (`storage.cases.taken`).
    """
    act, today = rules.ACTS[token], day_of(at)
    parties = parties_of(session, case, today)
    parts = parts_of(viewer, case, parties)
    try:
        standing = rules.move(
            standing_of(case), act, parts, parties, rules_of(session, today), promised
        )
    except rules.Late as late:
        seen = [act for act in rules.ACTS if parts & rules.UPWARD or act not in rules.INTERNAL]
        raise rules.Late(since(session, viewer, case, seen, str(late))) from None
    if act.to == "answered":
        case.answer, case.answered_at, case.answer_by_id = text, at, viewer.person_id
    settle(case, standing, at, how=token)
    return record(session, case, token, viewer.person_id, at, text)


def by_clock(session: Session, case: Case, token: str, at: datetime) -> CaseEvent:
    """What time itself does: the promised day has come, or the commune kept silent."""
    today, was_due = day_of(at), case.due_on
    parties = parties_of(session, case, today)
    standing = rules.move(
        standing_of(case), rules.ACTS[token], {rules.SYSTEM}, parties, rules_of(session, today)
    )
    settle(case, standing, at, how=token)
    return record(session, case, token, None, at, day_month(was_due) if was_due else "")


def settle(case: Case, standing: Standing, at: datetime, how: str = "") -> None:
    """Writes where a case stands into its row."""
    owner = standing.owner or Owner()
    case.state, case.due_on, case.promised_on = standing.state, standing.due, standing.promised
    case.owner_id, case.owner_area_id, case.owner_role = (
        owner.person_id,
        owner.area_id,
        owner.role,
    )
    if standing.state in rules.ENDED:
        case.ended_at, case.ended_how = at, how or standing.state


def record(
    session: Session, case: Case, act: str, by_id: int | None, at: datetime, text: str = ""
) -> CaseEvent:
    """One line more in the history."""
    assert case.id is not None
    event = CaseEvent(
        case_id=case.id,
        at=at,
        by_id=by_id or None,
        act=act,
        state=case.state,
        text=text,
        due_on=case.due_on,
    )
    session.add(event)
    session.flush()
    audit.note(session, f"case.{act}", "case", case.id, by=by_id, at=at)
    return event


def standing_of(case: Case) -> Standing:
    """Where a row says its case stands."""
    owner = Owner(case.owner_id, case.owner_area_id, case.owner_role)
    return Standing(
        case.state, None if case.state in rules.ENDED else owner, case.due_on, case.promised_on
    )


def parties_of(session: Session, case: Case, today: date) -> Parties:
    """The people around a case today."""
    parties = around(session, case.area_id, case.raised_by_id, today)
    return replace(parties, answered_by=case.answer_by_id)


def around(session: Session, area_id: int, author_id: int, today: date) -> Parties:
    """Seat, member in charge and follower of an area; an author who follows it carries on."""
    near = surroundings(session, area_id, today)
    tree, lines = _tree(near), _lines(near)

    def who(kind: str, of: list[Line]) -> int | None:
        return person_for(area_id, kind, today, tree=tree, lines=of)

    own = [line for line in lines if line.person_id == author_id]
    return Parties(
        commune=seat_for(area_id, tree, near.seated),
        member=who("phu_trach", lines),
        cadre=who("theo_doi", own) or who("theo_doi", lines),
    )


def _tree(near: Surroundings) -> Tree:
    return Tree(near.parents, near.successors)


def _lines(near: Surroundings) -> list[Line]:
    return [Line(*row) for row in near.held]


def parts_of(viewer: Viewer, case: Case, parties: Parties) -> frozenset[str]:
    """What the viewer is in this case; a helper stands in for a cadre, not for a member."""
    me = viewer.person_id
    mine = {me} | viewer.helps
    in_seat = parties.commune in viewer.communes
    from_commune = case.source == "cap_uy" and case.visit_id is None
    true_of = {
        rules.OFFICE: bool(viewer.roles & {"tong_hop", "duyet"}),
        rules.BOARD: rules.BOARD_SEAT in viewer.roles,
        rules.MEMBER: me == parties.member,
        rules.CADRE: parties.cadre in mine or case.area_id in viewer.follows,
        rules.COMMUNE: in_seat,
        rules.AUTHOR: case.raised_by_id in mine or (in_seat and from_commune),
    }
    return frozenset(part for part, holds in true_of.items() if holds)


def acts_for(session: Session, viewer: Viewer, case: Case, today: date) -> list[rules.Act]:
    """What the viewer may do to the case now."""
    parties = parties_of(session, case, today)
    return rules.possible(case.state, parts_of(viewer, case, parties), parties)


def rules_of(session: Session, today: date) -> Day:
    """The calendar and the terms in force today."""
    terms = rules.Terms(answer=province_on(session, today).case_days)
    return Day(today, calendar_of(session), terms)


def proposed_field(session: Session, text: str, today: date) -> int | None:
    """The field that the key words in a text propose."""
    rows = settings.fields_of_work(session, today)
    return field_for(text, [(row.id, row.name, row.keywords) for row in rows if row.id])


def since(session: Session, viewer: Viewer, case: Case, acts: Sequence[str], otherwise: str) -> str:
    """Which of these acts came last, for somebody who came second or pressed an old button."""
    event = cases.last_event(session, viewer, case.id or 0, *acts)
    if event is None:
        return f"KN-{case.number}: {otherwise}"
    act = rules.ACTS[event.act]
    by = people.by_id(session, event.by_id) if event.by_id else None
    who = f"{by.address} {by.full_name} " if by else ""
    when = local(event.at)
    return f"KN-{case.number}: {who}{act.done} lúc {when:%H:%M} ngày {day_month(when.date())}."


def take(session: Session, viewer: Viewer, number: int) -> Case:
    """The case, held for an act; Rejected when there is none that the viewer may see."""
    case = cases.taken(session, viewer, number)
    if case is None:
        raise Rejected(f"Không có KN-{number} trong phần đồng chí xem được.")
    return case
