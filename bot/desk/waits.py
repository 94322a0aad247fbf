"""What waits for somebody besides cases: exchanges, invitations, absences, summaries, visits."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.desk import approval
from bot.desk.case_cards import named
from bot.desk.duties import day_at, owed_on
from bot.desk.exchanges import side_of
from bot.desk.waiting import Waiting
from bot.rules.zone import day_of
from bot.words import capital
from bot.words import day as day_month
from storage import absences, areas, people, reports, talks
from storage.scope import SYSTEM, Viewer

AHEAD = timedelta(days=366)  # how far ahead an invitation may lie


def exchanges(session: Session, viewer: Viewer, at: datetime) -> list[Waiting]:
    """Exchanges that the other side began and the viewer's has not answered."""
    waiting = [
        one
        for one in talks.open_exchanges(session, viewer)
        if side_of(viewer, one) not in ("", one.begun_by)
    ]
    known = areas.by_ids(session, {one.area_id for one in waiting})
    return [
        Waiting(
            f"TR-{one.number}",
            f"{known[one.area_id].name}: trao đổi chờ trả lời",
            one.due_on,
            f"TR-{one.number}",
        )
        for one in waiting
    ]


def invitations(session: Session, viewer: Viewer, at: datetime) -> list[Waiting]:
    """Invitations that the viewer, or whom the viewer helps, has not answered."""
    me = {viewer.person_id} | viewer.helps
    coming = talks.invitations_between(session, viewer, at, at + AHEAD)
    waiting = [one for one in coming if not one.answer and one.cadre_id in me]
    known = areas.by_ids(session, {one.area_id for one in waiting})
    return [
        Waiting(
            f"GM-{one.number}",
            f"{known[one.area_id].name} mời: {one.occasion}, {day_month(day_of(one.starts_at))}",
            day_of(one.starts_at),
            f"GM-{one.number}",
        )
        for one in waiting
    ]


def absences_asked(session: Session, viewer: Viewer, at: datetime) -> list[Waiting]:
    """Absences on which the organisation board has to decide; one line for all of them."""
    if "ban_to_chuc" not in viewer.roles:
        return []
    waiting = absences.waiting(session, viewer)
    if not waiting:
        return []
    first = min(one.from_date for one in waiting)
    text = f"{len(waiting)} đề nghị vắng, đi thay chờ ý kiến"
    return [Waiting("Đề nghị vắng", text, max(first, day_of(at)), "vang")]


def summaries(session: Session, viewer: Viewer, at: datetime) -> list[Waiting]:
    """Summaries that were submitted to the one who approves."""
    if "duyet" not in viewer.roles:
        return []
    return [
        Waiting(capital(approval.name(one)), "chờ duyệt", None, f"duyet {one.period} xem")
        for one in reports.recent(session, viewer, reports.PROVINCE)
        if one.state == approval.SUBMITTED
    ]


def visits(session: Session, viewer: Viewer, at: datetime) -> list[Waiting]:
    """Visits of the current period not recorded yet, of the viewer and of whom he helps."""
    day = day_at(session, at)
    me = {viewer.person_id} | viewer.helps
    found = [duty for duty in owed_on(session, SYSTEM, day, me) if duty.state == "open"]
    known = areas.by_ids(session, {duty.area for duty in found})
    helped = people.by_ids(session, viewer.helps)
    waiting = []
    for duty in found:
        area = known[duty.area]
        whose = f" ({named(helped[duty.person])})" if duty.person in helped else ""
        last = duty.owed.period.last
        text = f"chưa ghi nhận chuyến đi {duty.owed.period.short}{whose}"
        waiting.append(Waiting(area.name, text, last, f"ghi {area.name}"))
    return waiting
