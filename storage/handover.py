"""What is open when an assignment has ended or an area is no more, and its way to the next."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    delete,
    exists,
    false,
    func,
    or_,
    true,
    update,
)
from sqlalchemy import select as select_columns
from sqlmodel import Session, SQLModel, col, select

from storage import areas, directives
from storage.people import in_force
from storage.prepared import Prepared
from storage.scope import Viewer, cases_seen
from storage.tables import (
    Area,
    Assignment,
    Case,
    Commitment,
    DirectiveTarget,
    Exchange,
    Invitation,
    Paper,
    PaperComment,
    Role,
    Visit,
    metadata,
)

area = metadata.tables["area"]
assignment = metadata.tables["assignment"]
case = metadata.tables["case"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that a follower holds in an area."""

    code: str
    model: type[SQLModel]
    number: Any  # of its code
    area: Any
    holder: Any
    column: str  # where the holder stands
    text: Any = None  # in which an area may be named


def _maker() -> Any:
    """Who made a commitment: the author of its visit."""
    made = select_columns(col(Visit.person_id)).where(col(Visit.id) == col(Commitment.visit_id))
    return made.correlate(Commitment).scalar_subquery()


EXCHANGE = Kind(
    "TR", Exchange, Exchange.number, Exchange.area_id, col(Exchange.cadre_id), "cadre_id"
)
INVITATION = Kind(
    "GM", Invitation, Invitation.number, Invitation.area_id, col(Invitation.cadre_id), "cadre_id"
)
PAPER = Kind("VB", Paper, Paper.number, Paper.area_id, col(Paper.cadre_id), "cadre_id", Paper.text)
COMMITMENT = Kind(
    "VH",
    Commitment,
    Commitment.number,
    Commitment.area_id,
    func.coalesce(col(Commitment.holder_id), _maker()),
    "holder_id",
    Commitment.text,
)
HELD = (EXCHANGE, INVITATION, PAPER, COMMITMENT)
CASE = Kind("KN", Case, Case.number, Case.area_id, col(Case.owner_id), "owner_id", Case.text)
TARGET = Kind(
    "ND",
    DirectiveTarget,
    DirectiveTarget.id,
    DirectiveTarget.area_id,
    col(DirectiveTarget.cadre_id),
    "cadre_id",
)
KINDS = (CASE, *HELD, TARGET)


def is_open(kind: Kind, at: datetime) -> ColumnElement[bool]:
    """Not answered, still to come, with comments to settle, not done, not passed on, not ended."""
    match kind.code:
        case "TR":
            return col(Exchange.answered_at).is_(None)
        case "GM":
            return and_(col(Invitation.starts_at) > at, col(Invitation.called_off_at).is_(None))
        case "VB":
            said = exists().where(
                col(PaperComment.paper_id) == col(Paper.id),
                col(PaperComment.answer) == "",
                col(PaperComment.agrees).is_(False),
            )
            return or_(col(Paper.commented_at).is_(None), said)
        case "VH":
            gone = exists().where(
                col(Visit.id) == col(Commitment.visit_id), col(Visit.withdrawn_at).is_not(None)
            )
            return and_(col(Commitment.done_at).is_(None), ~gone)
        case "ND":
            return col(DirectiveTarget.passed_at).is_(None)
    return col(Case.ended_at).is_(None)


# These are asked with every pass of the clock, and there is nearly never any.
_ANY_OVER = Prepared(
    select_columns(assignment.c.id)
    .where(
        assignment.c.to_date < bindparam("day"),
        or_(
            assignment.c.handed_over_on.is_(None),
            assignment.c.handed_over_on != assignment.c.to_date,
        ),
    )
    .limit(1)
)
_ANY_DIRECT = Prepared(
    select_columns(case.c.id)
    .where(case.c.owner_id == case.c.department_id, case.c.ended_at.is_(None))
    .limit(1)
)
_ANY_GONE = Prepared(select_columns(area.c.id).where(area.c.valid_to < bindparam("day")).limit(1))


def over(session: Session, day: date) -> list[Assignment]:
    """Assignments that are over and whose open things have not been handed over, oldest first."""
    session.flush()
    if _ANY_OVER.first(session.connection(), day=day) is None:
        return []
    done = col(Assignment.handed_over_on)
    ended = col(Assignment.to_date)
    found = select(Assignment).where(ended < day, or_(done.is_(None), done != ended))
    return list(session.exec(found.order_by(ended, col(Assignment.id))))


def newest(
    session: Session, viewer: Viewer, area_ids: Collection[int], day: date
) -> Assignment | None:
    """Which assignment to follow one of these areas ended last."""
    seen = true() if viewer.everywhere else col(Assignment.area_id).in_(sorted(viewer.areas))
    found = select(Assignment).where(
        seen,
        col(Assignment.area_id).in_(sorted(area_ids)),
        Assignment.kind == "theo_doi",
        col(Assignment.to_date) < day,
    )
    return session.exec(
        found.order_by(col(Assignment.to_date).desc(), col(Assignment.id).desc())
    ).first()


def has_left(session: Session, viewer: Viewer, person_id: int, area_id: int, day: date) -> bool:
    """Whether the person has followed the area, or what lies above it, until some day before."""
    found = select_columns(col(Assignment.id)).where(
        _whole(viewer),
        col(Assignment.person_id) == person_id,
        col(Assignment.area_id).in_(areas.line(session, area_id)),
        col(Assignment.kind) == "theo_doi",
        col(Assignment.to_date) < day,
    )
    return session.connection().execute(found.limit(1)).first() is not None


def held_in(session: Session, viewer: Viewer, person_id: int, at: datetime) -> dict[int, int]:
    """How many open things the person holds by area, besides cases."""
    counts: dict[int, int] = {}
    for kind in (*HELD, TARGET):
        found = (
            select_columns(kind.area, func.count())
            .where(_whole(viewer), kind.holder == person_id, is_open(kind, at))
            .group_by(kind.area)
        )
        for area_id, count in session.connection().execute(found):
            counts[area_id] = counts.get(area_id, 0) + count
    return counts


def owned_cases(session: Session, viewer: Viewer, person_id: int) -> list[Case]:
    """The open cases that the person owns, held for an act."""
    mine = and_(col(Case.owner_id) == person_id, col(Case.ended_at).is_(None))
    found = select(Case).where(mine, cases_seen(viewer))
    return list(session.exec(found.order_by(col(Case.number)).with_for_update()))


def without_department(session: Session, viewer: Viewer, day: date) -> list[Case]:
    """Open cases of people who no longer answer for a body that was handed them directly."""
    session.flush()
    if _ANY_DIRECT.first(session.connection()) is None:
        return []
    answers = exists().where(
        col(Role.person_id) == col(Case.owner_id),
        col(Role.role) == "giai_quyet",
        in_force(Role, day),
    )
    left = and_(col(Case.owner_id) == col(Case.department_id), col(Case.ended_at).is_(None))
    found = select(Case).where(left, ~answers, cases_seen(viewer))
    return list(session.exec(found.order_by(col(Case.number))))


def pass_on(session: Session, area_id: int, *, old_id: int, new_id: int, at: datetime) -> int:
    """Everything open that the old one holds in the area is the new one's; how many."""
    moved = directives.hand_over(session, area_id, old_id=old_id, new_id=new_id)
    _drop_doubled(session, area_id, old_id)
    for kind in HELD:
        mine = and_(kind.area == area_id, kind.holder == old_id, is_open(kind, at))
        values: dict[str, Any] = {kind.column: new_id}
        if kind is INVITATION:  # what one has said does not bind the other
            values |= {"answer": "", "answer_note": "", "answered_at": None}
        changed = update(kind.model).where(mine).values(**values)
        changed = changed.execution_options(synchronize_session=False)
        moved += session.connection().execute(changed).rowcount
    session.expire_all()
    return moved


def _drop_doubled(session: Session, area_id: int, old_id: int) -> None:
    """What the new one carries to the same area already is not carried there twice."""
    left = delete(DirectiveTarget).where(
        col(DirectiveTarget.area_id) == area_id,
        col(DirectiveTarget.cadre_id) == old_id,
        col(DirectiveTarget.passed_at).is_(None),
    )
    session.connection().execute(left)


def holders(session: Session, viewer: Viewer, area_id: int, at: datetime) -> set[int]:
    """Who holds something open in the area, besides cases."""
    found = set[int]()
    for kind in (*HELD, TARGET):
        there = and_(_whole(viewer), kind.area == area_id, is_open(kind, at))
        rows = session.connection().execute(select_columns(kind.holder).where(there).distinct())
        found |= {row[0] for row in rows if row[0] is not None}
    return found


def no_more(session: Session, viewer: Viewer, day: date, at: datetime) -> dict[int, int]:
    """Areas that are no more on the day, with how much is still open in each."""
    counts: dict[int, int] = {}
    session.flush()
    if _ANY_GONE.first(session.connection(), day=day) is None:
        return counts
    gone = select_columns(col(Area.id)).where(col(Area.valid_to) < day)
    for kind in KINDS:
        found = (
            select_columns(kind.area, func.count())
            .where(_whole(viewer), kind.area.in_(gone), is_open(kind, at))
            .group_by(kind.area)
        )
        for area_id, count in session.connection().execute(found):
            counts[area_id] = counts.get(area_id, 0) + count
    return counts


def open_there(
    session: Session, viewer: Viewer, area_id: int, at: datetime
) -> list[tuple[str, int, str]]:
    """(code letters, number, words) of what is open in the area."""
    listed: list[tuple[str, int, str]] = []
    for kind in KINDS:
        words = kind.text if kind.text is not None else func.coalesce("", "")
        there = and_(_whole(viewer), kind.area == area_id, is_open(kind, at))
        found = select_columns(kind.number, words).where(there)
        rows = session.connection().execute(found.order_by(kind.number))
        listed += [(kind.code, number, text) for number, text in rows]
    return listed


def rehome(
    session: Session, old_id: int, new_id: int, at: datetime, only: tuple[str, int] | None = None
) -> int:
    """What is open in an area that is no more belongs to what became of it; how many."""
    moved = 0
    for kind in KINDS:
        if only is not None and kind.code != only[0]:
            continue
        there = and_(kind.area == old_id, is_open(kind, at))
        if only is not None:
            there = and_(there, kind.number == only[1])
        if kind is TARGET:
            moved += _merge_targets(session, old_id, new_id)
            continue
        changed = update(kind.model).where(there).values(area_id=new_id)
        changed = changed.execution_options(synchronize_session=False)
        moved += session.connection().execute(changed).rowcount
    session.expire_all()
    return moved


def _merge_targets(session: Session, old_id: int, new_id: int) -> int:
    """Directives on their way to the old area; where the new one has the same, it stays one."""
    target = DirectiveTarget
    waiting = select(target).where(target.area_id == old_id, col(target.passed_at).is_(None))
    known = {
        (row.directive_id, row.cadre_id)
        for row in session.exec(select(target).where(target.area_id == new_id))
    }
    moved = 0
    for row in session.exec(waiting.order_by(col(target.id))).all():
        if (row.directive_id, row.cadre_id) in known:
            session.delete(row)
        else:
            row.area_id = new_id
            known.add((row.directive_id, row.cadre_id))
        moved += 1
    session.flush()
    return moved


def open_cases(session: Session, viewer: Viewer, area_id: int) -> list[Case]:
    """The open cases of the area, held for an act."""
    there = and_(col(Case.area_id) == area_id, col(Case.ended_at).is_(None))
    found = select(Case).where(there, cases_seen(viewer))
    return list(session.exec(found.order_by(col(Case.number)).with_for_update()))


def _whole(viewer: Viewer) -> ColumnElement[bool]:
    """What is open is counted and moved for who sees all areas."""
    return true() if viewer.everywhere else false()
