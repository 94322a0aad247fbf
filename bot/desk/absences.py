"""Absences: asked for in two taps, decided by the organisation board, entered by the office."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session

from bot.desk.asked import HEARD, is_yes
from bot.desk.contract import Noun, Result, Start, Words
from bot.desk.duties import day_at, owed_on
from bot.desk.exchanges import named
from bot.desk.morning import Day, Line, Said
from bot.messages import Option, Outgoing, Rejected
from bot.rules.periods import Period, containing, parse
from bot.rules.reminding import Duty
from bot.rules.vocabulary import ABSENCE_REASONS, label
from bot.rules.zone import day_of
from bot.words import capital, full_day, natural
from storage import absences, areas, assignments, occurrences, people
from storage.occurrences import Due
from storage.scope import SYSTEM, Viewer
from storage.tables import Absence

ASKED = "absence_request"
ALL = "tatca"  # all of a person's areas
DECIDES = "ban_to_chuc"
ENTERS = frozenset({"tong_hop", "duyet", "ban_to_chuc"})
LISTED = 5  # requests named in a morning message
NAMES = "nguoi di thay"
COMMANDS = (NAMES, "vang", "denghivang", "de nghi vang", "de nghi vang, cu di thay", "mien")


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """vắng · vắng 2026-11 HOAMAU nghi · vắng duyet 17 mien."""
    parts = words.rest.split()
    if is_yes(words.incoming.text):
        return [Outgoing(HEARD)]
    if words.command == NAMES:
        return [Start("substitute", {"_absence": words.rest})]
    if parts[:1] == ["duyet"]:
        return _decide(session, viewer, parts[1:], at)
    if parts[:1] == ["dai"]:
        return [Start("absence")]
    if DECIDES in viewer.roles and words.command != "mien":
        return _waiting(session, viewer, at)
    if viewer.roles & ENTERS:
        return [Start("absence", {"_office": True})]
    period = parse(parts[0], day_at(session, at).province.cut) if parts else None
    if period is None:
        return _ask_period(session, viewer, at)
    return _ask(session, viewer, period, parts[1:], at)


def propose(session: Session, viewer: Viewer, absence: Absence, at: datetime) -> list[Outgoing]:
    """Send the request; while it waits no reminder speaks of these visits."""
    if absence.person_id not in _me(viewer):
        raise Rejected("Đề nghị vắng do chính đồng chí cán bộ gửi.")
    absence.state, absence.asked_at = "proposed", at
    if absences.propose(session, absence) is None:
        return [Outgoing("Đề nghị này đã được gửi từ trước.")]
    _silence(session, absence)
    board = f"Ban Tổ chức {day_at(session, at).province.committee}"
    text = f"Đã gửi đề nghị đến {board}. Trong khi chờ, hệ thống tạm dừng nhắc chuyến này."
    if absence.form != "di_thay":
        return [Outgoing(text, kind="receipt")]
    text += f" {_how_in_place(session, absence.person_id, at)}"
    if absence.substitute:
        return [Outgoing(text, kind="receipt")]
    name = Option("Ghi tên người đi thay", f"{NAMES} {absence.id}")
    return [Outgoing(text, ((name,),), kind="receipt")]


def enter(session: Session, viewer: Viewer, absence: Absence, at: datetime) -> list[Outgoing]:
    """The office's own decision; the cadre hears of it in the morning."""
    if not viewer.roles & ENTERS:
        raise Rejected("Việc này do Văn phòng hoặc Ban Tổ chức ghi.")
    absence.decided_by_id, absence.decided_at = viewer.person_id, at
    absences.enter(session, absence)
    _silence(session, absence)
    cadre = people.by_ids(session, [absence.person_id])[absence.person_id]
    where = _where(session, absence)
    return [
        Outgoing(f"Đã ghi {named(cadre)}, {where}: {_outcome(absence)}.", kind="receipt"),
        _tell(absence, f"Văn phòng đã ghi {where}: {_outcome(absence)}."),
    ]


def morning(session: Session, on: Day) -> Iterable[Said]:
    """Requests that wait, merged for whoever decides them."""
    waiting = absences.waiting(session, SYSTEM)
    if not waiting:
        return
    shown = [f"{_asked(session, row)}." for row in waiting[:LISTED]]
    text = "\n".join([f"Đề nghị vắng, đi thay chờ ý kiến: {len(waiting)}", *shown])
    option = Option(f"Đề nghị vắng, đi thay ({len(waiting)})", "denghivang")
    for person in people.holders(session, DECIDES, on.today):
        dues = tuple(
            Due(ASKED, f"absence:{row.id}", row.asked_at or on.at, str(person.id))
            for row in waiting
        )
        yield person.id or 0, Line(text, due=dues, options=(option,))


def span(first: date, last: date) -> str:
    """tháng 11, quý IV, or từ 01/9/2026 đến 30/11/2026."""
    for kind in ("month", "quarter", "half", "year"):
        period = containing(kind, first)
        if (period.start, period.last) == (first, last):
            return period.short
    return f"từ {full_day(first)} đến {full_day(last)}"


def _ask_period(session: Session, viewer: Viewer, at: datetime) -> Result:
    """The periods in which something is still owed, and a longer time."""
    owed = _mine(session, viewer, at)
    if not assignments.areas_of(session, _me(viewer), day_of(at)):
        raise Rejected("Đề nghị vắng dành cho cán bộ được phân công theo dõi xã, phường.")
    periods = list(dict.fromkeys(duty.owed.period for duty in owed))
    rows = [(Option(capital(one.short), f"vang {one.code}"),) for one in periods]
    longer = (Option("Vắng dài ngày hơn", "vang dai"),)
    if not periods:
        asked = [row for row in absences.waiting(session, viewer) if row.person_id in _me(viewer)]
        lines = [f"Đang chờ ý kiến: {_where(session, row)}." for row in asked[:LISTED]]
        text = "\n".join(["Hiện không có chuyến nào chờ ghi nhận.", *lines])
        return [Outgoing(text, (longer,))]
    return [Outgoing("Đồng chí vắng trong thời gian nào?", (*rows, longer))]


def _me(viewer: Viewer) -> frozenset[int]:
    """The viewer, and whoever he helps."""
    return viewer.helps | {viewer.person_id}


def _ask(
    session: Session, viewer: Viewer, period: Period, parts: list[str], at: datetime
) -> Result:
    """The area, when there are several, then the reason; with both it is sent."""
    owed = [duty for duty in _mine(session, viewer, at) if duty.owed.period == period]
    if not owed:
        raise Rejected(f"{capital(period.short)}: không còn chuyến nào chờ ghi.")
    known = areas.by_ids(session, {duty.area for duty in owed})
    codes = {area.code: area for area in known.values()}
    if len(codes) == 1 and not parts:
        parts = list(codes)
    if not parts or (parts[0] != ALL and parts[0] not in codes):
        rows = [(Option(area.name, f"vang {period.code} {code}"),) for code, area in codes.items()]
        rows.append((Option("Tất cả địa bàn trên", f"vang {period.code} {ALL}"),))
        text = f"{capital(period.short)}, đồng chí vắng ở địa bàn nào?"
        return [Outgoing(text, tuple(rows))]
    place = None if parts[0] == ALL else codes[parts[0]]
    if len(parts) == 1:
        name = place.name if place else "Tất cả địa bàn"
        return [_reasons(f"{name}, {period.short}", f"vang {period.code} {parts[0]}")]
    return _send(session, viewer, owed[0], (place.id if place else None, period, parts[1]), at)


def _send(
    session: Session,
    viewer: Viewer,
    duty: Duty,
    asked: tuple[int | None, Period, str],
    at: datetime,
) -> Result:
    area_id, period, reason = asked
    if reason not in {word.token for word in ABSENCE_REASONS}:
        raise Rejected("Xin chọn một lý do dưới đây.")
    if reason == "khac":
        known = {
            "place": str(area_id or ALL),
            "from_date": period.start.isoformat(),
            "to_date": period.last.isoformat(),
            "reason": reason,
            "_person": duty.person,
        }
        return [Start("absence", known)]
    absence = Absence(
        person_id=duty.person,
        area_id=area_id,
        from_date=period.start,
        to_date=period.last,
        form="di_thay" if reason == "cu_cap_pho" else "mien",
        reason=label(ABSENCE_REASONS, reason),
    )
    return propose(session, viewer, absence, at)


def _reasons(what: str, token: str) -> Outgoing:
    options = [Option(word.label, f"{token} {word.token}") for word in ABSENCE_REASONS]
    rows = ((options[0],), (options[1],), tuple(options[2:]))
    return Outgoing(f"{what}. Xin chọn lý do:", rows)


def _mine(session: Session, viewer: Viewer, at: datetime) -> list[Duty]:
    """What I, or those I help, still owe."""
    mine = {viewer.person_id} | viewer.helps
    found = owed_on(session, SYSTEM, day_at(session, at), mine)
    return [duty for duty in found if duty.state in ("open", "accepted")]


def _waiting(session: Session, viewer: Viewer, at: datetime) -> Result:
    waiting = absences.waiting(session, viewer)
    if not waiting:
        return [Outgoing("Không có đề nghị vắng, đi thay nào chờ ý kiến.")]
    return [_card(session, waiting[0], len(waiting))]


def _card(session: Session, absence: Absence, count: int) -> Outgoing:
    token = f"vang duyet {absence.id}"
    options = [
        Option("Đồng ý, tính là được miễn", f"{token} mien"),
        Option("Không đồng ý", f"{token} khong"),
    ]
    if absence.form == "di_thay":
        options.insert(0, Option("Đồng ý, tính là một chuyến", f"{token} di_thay"))
    more = f"\nCòn {count - 1} đề nghị nữa." if count > 1 else ""
    rows = tuple((option,) for option in options)
    return Outgoing(f"Đề nghị của {_asked(session, absence)}{more}", rows)


def _decide(session: Session, viewer: Viewer, parts: list[str], at: datetime) -> Result:
    """duyệt 17 mien: the first decision stands; the next request follows at once."""
    if DECIDES not in viewer.roles:
        raise Rejected("Đề nghị vắng, đi thay do Ban Tổ chức cho ý kiến.")
    number, choice = [*parts, "", ""][:2]
    asked = natural(number)
    found = absences.by_id(session, viewer, asked) if asked is not None else None
    if found is None or found.id is None or choice not in ("mien", "di_thay", "khong"):
        raise Rejected("Không tìm thấy đề nghị này.")
    agreed = choice != "khong"
    decided = absences.decide(
        session,
        found.id,
        state="approved" if agreed else "refused",
        form=choice if agreed else found.form,
        by_id=viewer.person_id,
        at=at,
    )
    session.refresh(found)
    if not decided:
        raise Rejected(f"Đề nghị này đã được quyết định: {_outcome(found)}.")
    board = f"Ban Tổ chức {day_at(session, at).province.committee}"
    where = _where(session, found)
    told = f"{board} đã xem đề nghị {where}: {_outcome(found)}."
    receipt = Outgoing(f"Đã ghi: {where}, {_outcome(found)}.", kind="receipt")
    left = absences.waiting(session, viewer)
    following = [_card(session, left[0], len(left))] if left else []
    return [receipt, *following, _tell(found, told)]


def _tell(absence: Absence, text: str) -> Outgoing:
    return Outgoing(
        text, kind="line", person_id=absence.person_id, about=("absence", absence.id or 0)
    )


def _outcome(absence: Absence) -> str:
    if absence.state == "refused":
        return "không đồng ý, lịch đi cơ sở giữ nguyên"
    if absence.form == "di_thay":
        return "đồng ý cử người đi thay, tính là một chuyến"
    return "được miễn trong kỳ"


def _asked(session: Session, absence: Absence) -> str:
    """đồng chí Nguyễn Văn Mẫu, xã Hòa Mẫu, tháng 11: cử cấp phó (…) đi thay."""
    cadre = people.by_ids(session, [absence.person_id])[absence.person_id]
    reason = absence.reason[:1].lower() + absence.reason[1:]
    if absence.form == "di_thay":
        who = f" ({absence.substitute})" if absence.substitute else ""
        reason = f"cử cấp phó{who} đi thay"
    return f"{named(cadre)}, {_where(session, absence)}: {reason}"


def _where(session: Session, absence: Absence) -> str:
    area = areas.by_id(session, absence.area_id) if absence.area_id else None
    name = area.name[:1].lower() + area.name[1:] if area else "tất cả địa bàn"
    return f"{name}, {span(absence.from_date, absence.to_date)}"


def _how_in_place(session: Session, person_id: int, at: datetime) -> str:
    helper = next(iter(people.helpers(session, person_id, day_of(at))), None)
    through = f"nhắn phiếu qua máy của {named(helper)} hoặc " if helper else ""
    return f"Người đi thay {through}được cấp mã riêng."


def _silence(session: Session, absence: Absence) -> None:
    """Take back unsent reminders of what is asked for."""
    for row in assignments.overlapping(session, absence.from_date, absence.to_date):
        if row.person_id == absence.person_id and absence.area_id in (None, row.area_id):
            occurrences.withdraw(session, f"assignment:{row.id}")


NOUN = Noun("absences", act, commands=COMMANDS)
