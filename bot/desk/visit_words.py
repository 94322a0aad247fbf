"""A visit in sentences: its receipt, its card, what the commune is told of it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlmodel import Session, col

from bot.conversation.dates import find_deadline
from bot.desk import case_notices
from bot.desk.case_cards import Cards, case_line
from bot.desk.duties import calendar_of, province_on
from bot.messages import Option, Outgoing
from bot.rules.periods import containing
from bot.rules.supports import told
from bot.rules.vocabulary import KINDS, SOURCES, activity_label, mentioned
from bot.rules.zone import day_of, local, moment
from bot.words import capital, day, full_day, uncapital, weekday
from storage import areas, cases, people, supports, talks, visits
from storage.occurrences import first_made
from storage.scope import SYSTEM, Viewer
from storage.tables import Case, Visit
from storage.visits import Seen

INFORMED = "visit_news"  # what the clock has done when it told the commune
SILENT_DAYS = 3  # working days after which silence is agreement


def receipt(
    session: Session,
    viewer: Viewer,
    visit: Visit,
    raised: Sequence[Case],
    at: datetime,
    *,
    held: Collection[str],
) -> Outgoing:
    """What the author reads once the slip is kept: its code, its time, where each item went."""
    lines = [f"Đã lưu phiếu CS-{visit.number}, {local(at):%H:%M} ngày {day(day_of(at))}."]
    cards = Cards(session, viewer, at)
    lines += [case_notices.receipt(cards, case) for case in raised]
    commune = capital(level_of(areas.name_of(session, visit.area_id)))
    parts = [
        (visit.advice, "phần góp ý"),
        ("commitments" in held, "việc hẹn lại"),
        ("supports" in held, "phần hỗ trợ"),
        (raised, "kiến nghị"),
    ]
    seen = [name for given, name in parts if given]
    lines.append(_who_reads(visit, seen, commune))
    rows = (
        (
            Option("Thêm ảnh", f"them anh CS-{visit.number}"),
            Option("Sửa phiếu", f"sua CS-{visit.number}"),
        ),
    )
    return Outgoing("\n".join(lines), rows, "receipt", about=("visit", visit.id or 0))


def _who_reads(visit: Visit, seen: Sequence[str], commune: str) -> str:
    if visit.shared:
        return f"{commune} nhận được toàn bộ phiếu."
    upward = [n for n, v in (("Nắm", visit.situation), ("Kiểm tra", visit.check)) if v]
    got = f"nhận được {_and(seen)}" if seen else "được thông tin về chuyến đi"
    told = f"{commune} {got}"
    return f"{told}; phần {' và '.join(upward)} chỉ gửi cấp trên." if upward else f"{told}."


def _and(parts: Sequence[str]) -> str:
    """góp ý, việc hẹn lại và kiến nghị."""
    return " và ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)


def changed(visit: Visit, raised: Sequence[Case], *, late: bool) -> Outgoing:
    """The receipt of a new version."""
    text = f"Đã sửa phiếu CS-{visit.number}, bản {visit.version}."
    if late:
        text += " Số liệu kỳ này đã chốt; phần sửa được nêu là bổ sung trong kỳ sau."
    if raised:
        text += " Kiến nghị mới: " + ", ".join(f"KN-{case.number}" for case in raised) + "."
    return Outgoing(text, kind="receipt", about=("visit", visit.id or 0))


def card(session: Session, viewer: Viewer, visit: Visit | Seen) -> str:
    """A visit in the parts this viewer may see."""
    seen = visits.by_number(session, viewer, visit.number)
    if seen is None:
        return ""
    area = areas.by_id(session, seen.area_id)
    name = area.name if area else ""
    lines = [
        f"ĐI CƠ SỞ · {name}",
        f"{weekday(seen.visited_on)}, {full_day(seen.visited_on)} · "
        f"{seen.activity_note or activity_label(seen.activity, name)}",
    ]
    parts = (("Nắm", seen.situation), ("Góp ý", seen.advice), ("Kiểm tra", seen.check))
    lines += [f"{label}: {text}" for label, text in parts if text]
    raised = _raised(session, viewer, seen)
    lines += [f"Kiến nghị: {_coded(c.text, f'KN-{c.number}')}" for c in raised]
    lines += _promised(session, viewer, seen)
    lines += _supported(session, viewer, seen)
    along = visits.companions(session, viewer, seen.id)
    lines += [f"Cùng đi: {', '.join(along)}"] if along else []
    return "\n".join([*lines, *_informed(session, viewer, seen), *_marks(session, seen)])


def _informed(session: Session, viewer: Viewer, seen: Seen) -> list[str]:
    """When the commune was told, and what it said; silence until a day counts as agreement."""
    told_at = first_made(session, INFORMED, f"visit:{seen.id}")
    if told_at is None or seen.withdrawn_at is not None:
        return []
    on = day_of(told_at)
    talks_about = [one.number for one in talks.about_visit(session, viewer, seen.id)]
    if talks_about:
        codes = ", ".join(f"TR-{number}" for number in talks_about)
        return [f"Xã được thông tin {day(on)}; trao đổi thêm: {codes}"]
    last = calendar_of(session).add_workdays(on, SILENT_DAYS)
    return [f"Xã được thông tin {day(on)}; sau {day(last)} không trao đổi thêm là thống nhất"]


def _marks(session: Session, seen: Seen) -> list[str]:
    lines = []
    if seen.written_by_id != seen.person_id:
        writer, owner = (people.by_id(session, i) for i in (seen.written_by_id, seen.person_id))
        if writer is not None and owner is not None:
            how = "nhập thay" if seen.on_paper else "ghi hộ"
            sure = "xác nhận" if seen.confirmed_at else "chưa xác nhận"
            lines.append(f"{writer.full_name} {how}, {owner.address} {owner.full_name} {sure}")
    if seen.version > 1:
        lines.append(f"Bản {seen.version}")
    if seen.withdrawn_at is not None:
        lines.append("Phiếu đã rút")
    return lines


def _raised(session: Session, viewer: Viewer, seen: Seen) -> list[Case]:
    return cases.listed(session, viewer, col(Case.visit_id) == seen.id)


def _promised(session: Session, viewer: Viewer, seen: Seen) -> list[str]:
    found = visits.commitments(session, viewer, [seen.id])
    return [f"Việc hẹn lại: {_coded(one.text, f'VH-{one.number}')}" for one in found]


def _supported(session: Session, viewer: Viewer, seen: Seen) -> list[str]:
    found = supports.of_visit(session, viewer, seen.id)
    return [f"Hỗ trợ: {told(**supports.said(one))}" for one in found]


def _coded(text: str, code: str) -> str:
    """Sửa cầu thôn 3 (KN-312)."""
    return f"{text.rstrip(' .')} ({code})."


def to_commune(session: Session, seen: Seen) -> str:
    """What the commune is told; situation and check only when the author shares them."""
    person, area = people.by_id(session, seen.person_id), areas.by_id(session, seen.area_id)
    assert person is not None
    assert area is not None
    who = f"{person.address} {person.full_name}" + (f", {person.post}," if person.post else "")
    place = level_of(area.name)
    lines = [
        f"{capital(who)} ghi chuyến làm việc tại {place} ngày {day(seen.visited_on)} "
        f"(CS-{seen.number})."
    ]
    lines += [f"Nắm: {seen.situation}"] if seen.shared and seen.situation else []
    lines += [f"Góp ý: {seen.advice}"] if seen.advice else []
    lines += [f"Kiểm tra: {seen.check}"] if seen.shared and seen.check else []
    lines += _promised(session, SYSTEM, seen)
    lines += _supported(session, SYSTEM, seen)
    lines += [case_line(case) for case in _raised(session, SYSTEM, seen)]
    return "\n".join(lines)


def level_of(area_name: str) -> str:
    """xã, phường, đặc khu: the words before the name, as the commune is called in a sentence."""
    name = uncapital(area_name)
    return "đặc khu" if name.startswith("đặc khu ") else name.split(" ", 1)[0]


def source_of(text: str) -> str:
    """Whose word an item is, by its key words; the cadre's own finding when nothing says."""
    return mentioned(SOURCES, text) or "can_bo"


def kind_of(text: str) -> str:
    """kien_nghi, phan_anh or thac_mac."""
    return mentioned(KINDS, text) or "kien_nghi"


def deadline_of(text: str, today: date) -> date | None:
    """The day named in a promise, when it is certain."""
    found = find_deadline(text, today)
    return found if isinstance(found, date) else None


def is_closed(session: Session, on: date, at: datetime) -> bool:
    """Whether the figures of the month in which the visit fell are closed."""
    province, days = province_on(session, day_of(at)), calendar_of(session)
    month = containing("month", on, province.cut)
    return at >= moment(days.close_day(month, province.close_day), province.close_time)
