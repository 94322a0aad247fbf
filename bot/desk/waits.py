"""What waits for somebody besides cases: exchanges, invitations, absences, summaries, visits."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot.desk import approval
from bot.desk.case_cards import named
from bot.desk.duties import day_at, owed_on
from bot.desk.exchanges import side_of
from bot.desk.waiting import Waiting
from bot.rules.zone import day_of
from bot.words import capital, uncapital
from bot.words import day as day_month
from storage import absences, areas, drafts, people, reports, talks
from storage.scope import SYSTEM, Viewer
from storage.tables import Area

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


def unfinished(session: Session, viewer: Viewer, at: datetime) -> list[Waiting]:
    """The slip that was put aside last."""
    begun = drafts.parked(session.connection(), viewer.person_id, "visit")[:1]
    said = [{name: kept["value"] for name, kept in one.answers.items()} for one in begun]
    known = areas.by_ids(session, {int(one["area_id"]) for one in said if one.get("area_id")})
    return [
        Waiting("Phiếu ghi dở", _about(values, known), None, f"ghi tiep {one.id}")
        for one, values in zip(begun, said, strict=True)
    ]


def _about(values: dict[str, Any], known: Mapping[int, Area]) -> str:
    """xã Hòa Mẫu, ngày 22/11: as far as it was told."""
    area, on = values.get("area_id"), values.get("visited_on")
    where = [uncapital(known[int(area)].name)] if area else []
    when = [f"ngày {day_month(date.fromisoformat(on))}"] if on else []
    return ", ".join([*where, *when]) or "chưa ghi địa bàn"


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
