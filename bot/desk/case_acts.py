"""Moves a case by the rules and writes what happened; who is told of it stands elsewhere."""

from collections.abc import Collection, Sequence
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
from storage.scope import INNER, SYSTEM, Viewer
from storage.tables import Case, CaseEvent

DEPARTMENT_ROLE = "giai_quyet"


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
    due: date | None = None,
) -> CaseEvent:
    """Does the act if the rules let this viewer; raises Rejected, or Late with what came between.

    The case must have been taken for this transaction (`storage.cases.taken`).
    """
    act, today = rules.ACTS[token], day_of(at)
    parties = parties_of(session, case, today)
    parts = parts_of(viewer, case, parties)
    if act.to == "with_department" and not province_on(session, today).direct:
        raise Rejected("Tỉnh chưa giao thẳng đơn vị giải quyết; xin giao Văn phòng tham mưu.")
    try:
        standing = rules.move(
            standing_of(case),
            act,
            parts,
            parties,
            rules_of(session, today),
            promised=promised,
            due=due,
            text=text,
        )
    except rules.Late as late:
        seen = [act for act in rules.ACTS if parts & rules.UPWARD or act not in INNER]
        raise rules.Late(since(session, viewer, case, seen, str(late))) from None
    if act.to == "answered":
        case.answer, case.answered_at, case.answer_by_id = text, at, viewer.person_id
    settle(case, standing, at, how=token)
    event = record(session, case, token, viewer.person_id, at, text)
    _lift(session, case, parties, at)
    return event


def _lift(session: Session, case: Case, parties: Parties, at: datetime) -> None:
    """What was given back twice between the same two goes up a level by itself."""
    acts = [event.act for event, _ in cases.history(session, SYSTEM, case.id or 0)]
    if not acts or not rules.ACTS[acts[-1]].returns:
        return
    token = rules.lifted(acts, standing_of(case), parties)
    if token:
        between = _between(acts[-1])
        by_clock(session, case, token, at, f"hai lần trả lại giữa {between}")


def _between(act: str) -> str:
    """Whom the history names as the two who gave the case back."""
    giver = next(iter(rules.ACTS[act].by))
    names = {
        rules.MEMBER: "đồng chí Ủy viên phụ trách",
        rules.CADRE: "cán bộ theo dõi",
        rules.COMMUNE: "xã",
        rules.DEPARTMENT: "đơn vị được giao",
    }
    taker = "Văn phòng" if giver in (rules.MEMBER, rules.DEPARTMENT) else "nơi trả lời"
    return f"{names[giver]} và {taker}"


def by_clock(session: Session, case: Case, token: str, at: datetime, text: str = "") -> CaseEvent:
    """What nobody does: the promised day has come, the commune kept silent, the case goes up."""
    today, was_due = day_of(at), case.due_on
    parties = parties_of(session, case, today)
    standing = rules.move(
        standing_of(case), rules.ACTS[token], {rules.SYSTEM}, parties, rules_of(session, today)
    )
    settle(case, standing, at, how=token)
    said = text or (day_month(was_due) if was_due else "")
    return record(session, case, token, None, at, said)


def settle(case: Case, standing: Standing, at: datetime, how: str = "") -> None:
    """Writes where a case stands into its row."""
    owner = standing.owner or Owner()
    case.state, case.due_on, case.promised_on = standing.state, standing.due, standing.promised
    case.ending = standing.ending
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
    held = None if case.state in rules.ENDED else owner
    return Standing(case.state, held, case.due_on, case.promised_on, case.ending)


def parties_of(session: Session, case: Case, today: date) -> Parties:
    """The people around a case today."""
    parties = around(session, case.area_id, case.raised_by_id, today)
    department = case.department_id
    if department and not people.is_holder(session, department, DEPARTMENT_ROLE, today):
        department = None
    return replace(parties, answered_by=case.answer_by_id, department=department)


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


def assigned(session: Session, area_id: int, kind: str, today: date) -> int | None:
    """The one person whose assignment of the kind covers the area today."""
    near = surroundings(session, area_id, today)
    return person_for(area_id, kind, today, tree=_tree(near), lines=_lines(near))


def covers(session: Session, person_id: int, area_id: int, at: datetime) -> bool:
    """Whether the person follows the area, or what lies above it, today."""
    near, today = surroundings(session, area_id, day_of(at)), day_of(at)
    above = set(_tree(near).up(area_id))
    return any(
        line.person_id == person_id and line.kind == "theo_doi" and line.area_id in above
        for line in _lines(near)
        if line.on(today)
    )


def tree_around(session: Session, area_id: int) -> Tree:
    """The area with what is above it and what became of these."""
    return _tree(surroundings(session, area_id, date.min))


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
        rules.DEPARTMENT: me == parties.department,
        rules.CADRE: parties.cadre in mine or case.area_id in viewer.follows,
        rules.COMMUNE: in_seat,
        rules.AUTHOR: case.raised_by_id in mine or (in_seat and from_commune),
    }
    return frozenset(part for part, holds in true_of.items() if holds)


def acts_for(session: Session, viewer: Viewer, case: Case, today: date) -> list[rules.Act]:
    """What the viewer may do to the case now."""
    parties = parties_of(session, case, today)
    parts, direct = parts_of(viewer, case, parties), province_on(session, today).direct
    if direct and parties.department is None:
        parties = replace(parties, department=viewer.person_id)  # whoever will be named
    found = rules.possible(case.state, parts, parties)
    return [act for act in found if act.token not in _left_out(case, direct=direct)]


def _left_out(case: Case, *, direct: bool) -> Collection[str]:
    """What the rules allow and the case does not call for: words that do not fit its answer."""
    words = ("word_done", "word_partly", "word_not_yet") if case.ending else ("word_noted",)
    return words if direct else (*words, "assign")


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
        raise Rejected(f"Không tìm thấy KN-{number}.")
    return case
