"""How the month stands today, for the organisation board: owed, recorded, excused, asked for."""

from datetime import datetime, time, timedelta

from sqlmodel import Session

from bot import files
from bot.desk import attendance, compiling, duty_list
from bot.desk.contract import Noun, Result, Words
from bot.desk.duties import calendar_of
from bot.desk.shown import page_of, paged
from bot.messages import Option, Outgoing, Rejected
from bot.reports.facts import Facts
from bot.rules.cadence import Owed
from bot.rules.periods import Period
from bot.rules.zone import day_of, moment
from bot.words import day, vietnamese_number
from storage import absences, talks
from storage.scope import Viewer

MAY = frozenset({"ban_to_chuc", "tong_hop", "duyet"})
PAGE = 12


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """ "Tình hình thực hiện", and the list of areas without a recorded visit."""
    if not may_read(viewer):
        raise Rejected("Mục này dành cho Ban Tổ chức và Văn phòng.")
    args = words.rest.split()
    if args and args[0] in (attendance.SILENT, attendance.MISSED):
        return [attendance.shown(session, viewer, args, at)]
    month = compiling.period_now(session, "month", at)
    facts = Facts(compiling.known_of(session, viewer, month, cut=at), month)
    if args[:1] == ["danhsach"]:
        return [_list(facts, page_of(args[1:]))]
    if args[:1] == ["excel"]:
        return [_workbook(facts)]
    return [_overview(session, viewer, facts, at)]


def may_read(viewer: Viewer) -> bool:
    """The organisation board and the office, for the whole province."""
    return bool(viewer.roles & MAY) and viewer.everywhere


def _overview(session: Session, viewer: Viewer, facts: Facts, at: datetime) -> Outgoing:
    period, today, duties = facts.period, day_of(at), facts.duties
    left = calendar_of(session).workdays_left(period, today + timedelta(days=1))
    missing = duties.not_recorded
    asked = _asked(session, viewer, period)
    quarter = attendance.now(session, viewer, at)
    lines = [
        f"{period.short.upper()}, đến hết {day(today)}, còn {left} ngày làm việc",
        f"{_count(len(duties.required))} địa bàn phải đi: đã ghi {_count(len(duties.recorded))}, "
        f"chưa ghi nhận {_count(len(missing))}",
        *_of_missing(session, viewer, facts, at),
        f"Được miễn: {len(duties.excused)}. Đề nghị chờ duyệt: {asked}",
        *attendance.lines(quarter),
    ]
    first = [Option("Danh sách (Excel)", "tinhhinh excel")] if duties.all else []
    first += [Option("Soạn nhắc việc", "nhacviec")] if missing else []
    names = (Option("Xem danh sách chưa ghi nhận", "tinhhinh danhsach"),) if missing else ()
    away = (Option(f"Đề nghị vắng, đi thay ({asked})", "denghivang"),) if asked else ()
    invited = tuple((option,) for option in attendance.buttons(quarter))
    rows = (tuple(first), names, away, *invited)
    return Outgoing("\n".join(lines), tuple(row for row in rows if row))


def _of_missing(session: Session, viewer: Viewer, facts: Facts, at: datetime) -> list[str]:
    missing = facts.duties.not_recorded
    unlinked = [due for due in missing if _unlinked(facts, due)]
    accepted = _accepted(session, viewer, facts.period, at)
    coming = [
        due
        for due in missing
        if due not in unlinked and (due.assignment.person, due.assignment.area) in accepted
    ]
    parts = [f"{len(unlinked)} có cán bộ chưa kết nối"] if unlinked else []
    parts += [f"{len(coming)} đã nhận lời mời của xã"] if coming else []
    return [f"Trong {_count(len(missing))}: {', '.join(parts)}"] if parts else []


def _unlinked(facts: Facts, due: Owed) -> bool:
    return not facts.known.person[due.assignment.person].linked


def _accepted(
    session: Session, viewer: Viewer, period: Period, at: datetime
) -> set[tuple[int, int]]:
    ends = moment(period.end, time.min)
    coming = talks.invitations_between(session, viewer, at, ends)
    return {(one.cadre_id, one.area_id) for one in coming if one.answer == "accepted"}


def _asked(session: Session, viewer: Viewer, period: Period) -> int:
    found = absences.overlapping(session, viewer, period.start, period.last)
    return sum(one.state == "proposed" for one in found)


def _list(facts: Facts, page: int) -> Outgoing:
    """The areas in the order of the official list, with who follows them."""
    order = {area.id: place for place, area in enumerate(facts.known.areas)}
    missing = sorted(facts.duties.not_recorded, key=lambda due: order[due.assignment.area])
    lines = [f"{_count(len(missing))} địa bàn chưa ghi nhận, {facts.period.short}"]
    for due in missing[(page - 1) * PAGE : page * PAGE]:
        who = facts.known.person[due.assignment.person]
        state = "" if who.linked else ", chưa kết nối"
        lines.append(f"{facts.known.area[due.assignment.area].name}: đ/c {who.name}{state}")
    return Outgoing("\n".join(lines), paged("tinhhinh danhsach", page, len(missing), PAGE))


def _workbook(facts: Facts) -> Outgoing:
    """The whole list as a file: members in charge by protocol, areas in the official order."""
    name = f"danh-sach/{facts.known.cut:%Y%m%d%H%M%S}/tinh-hinh-{facts.period.code}.xlsx"
    duty_list.write(facts, files.place(name))
    return Outgoing(f"Tình hình thực hiện {facts.period.short}, đủ các địa bàn", files=(name,))


def _count(number: int) -> str:
    return vietnamese_number(number)


NOUN = Noun("compliance", act, commands=("tinhhinh", "tinh hinh thuc hien"))
