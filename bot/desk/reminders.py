"""Under a reminder: put it off, see the areas not recorded, and a reminder by a named person."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.desk.contract import Noun, Result, Start, Words
from bot.desk.duties import day_at, owed_on
from bot.desk.exchanges import named
from bot.desk.morning import Day
from bot.desk.visit_lines import went_token
from bot.messages import Option, Outgoing, Rejected
from bot.rules.reminding import Duty
from bot.rules.zone import moment
from bot.words import capital, natural, weekday
from bot.words import day as short_day
from storage import areas, people
from storage.duties import connected, snooze
from storage.occurrences import Due, claim
from storage.scope import SYSTEM, Viewer
from storage.tables import Person

LATER = ("nhacsau", "nhac sau", "nhac lai sau")
OPEN = ("chuaghi", "chua ghi nhan")
COMPOSE = ("nhacviec", "nhac viec", "soannhac", "soan nhac viec")
SENDS = frozenset({"ban_to_chuc", "tong_hop", "duyet"})
NAMED = "named_reminder"
PAGE = 8
NOBODY = (
    "Không có đồng chí nào cần nhắc: đã ghi nhận đủ, chưa kết nối, đã nhận lời mời của xã "
    "hoặc đang đề nghị vắng."
)


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """nhắc sau 2026-11-26 · chưa ghi nhận · soạn nhắc việc."""
    if words.command in LATER:
        return _later(session, viewer, words.rest, at)
    if words.command in OPEN:
        return _not_recorded(session, viewer, words.rest, at)
    return _compose(session, viewer, at)


def recipients(session: Session, at: datetime) -> list[tuple[Person, list[Duty]]]:
    """Who can be reminded by name today: a visit not recorded, connected, no invitation accepted.

    In protocol order. Whoever asked to be away, or is excused, is not in it.
    """
    on = day_at(session, at)
    waiting: dict[int, list[Duty]] = {}
    for duty in owed_on(session, SYSTEM, on):
        if duty.state == "open" and duty.owed.assignment.kind == "theo_doi":
            waiting.setdefault(duty.person, []).append(duty)
    linked = connected(session)
    return [
        (person, waiting[person.id])
        for person in people.everybody(session)
        if person.id in waiting and person.id in linked
    ]


def send(
    session: Session, viewer: Viewer, text: str, left_out: Iterable[int], at: datetime
) -> list[Outgoing]:
    """Give everybody the sentence for the next morning message, and record who sent it.

    It is taken back when the visit is filed before.
    """
    if not viewer.roles & SENDS:
        raise Rejected("Việc này do Ban Tổ chức hoặc Văn phòng làm.")
    sender = people.by_ids(session, [viewer.person_id])[viewer.person_id]
    skipped = set(left_out)
    to = [(p, owed) for p, owed in recipients(session, at) if p.id not in skipped]
    signed = f"{text}\nNgười gửi: {signature(sender)}"
    claim(session, [Due(NAMED, f"person:{p.id}", at, f"by {sender.id}") for p, _ in to], at)
    told = [
        Outgoing(
            signed,
            kind="named_reminder",
            person_id=person.id,
            about=("assignment", owed[0].owed.assignment.id),
        )
        for person, owed in to
    ]
    on = day_at(session, at)
    morning = on.calendar.add_workdays(on.today, 1)
    when = f"{on.province.send_at:%H:%M} {_day(morning)}"
    receipt = f"Nhắc việc gửi {len(to)} đồng chí lúc {when}. Đồng chí nào ghi phiếu trước thì thôi."
    return [Outgoing(receipt, kind="receipt"), *told]


def signature(person: Person) -> str:
    """đồng chí Vũ Văn Điển, Ban Tổ chức Tỉnh ủy."""
    return f"{named(person)}, {person.unit or person.post}".rstrip(", ")


def _later(session: Session, viewer: Viewer, rest: str, at: datetime) -> Result:
    """The mornings one can choose: the next, two days on, next Monday; never after the close."""
    on = day_at(session, at)
    days = _mornings(session, viewer, on)
    if not days:
        return [Outgoing("Không có lịch đi cơ sở nào đang được nhắc.")]
    chosen = next((day for day in days if day.isoformat() == rest.strip()), None)
    if chosen is None:
        rows = tuple((Option(_label(day, on.today), f"nhacsau {day}"),) for day in days)
        return [Outgoing("Nhắc lại vào sáng ngày nào?", rows)]
    snooze(session, viewer.person_id, moment(chosen, on.province.send_at), at)
    return [Outgoing(f"Hệ thống nhắc lại {on.province.send_at:%H:%M} {_day(chosen)}.")]


def _mornings(session: Session, viewer: Viewer, on: Day) -> list[date]:
    owed = [
        duty for duty in owed_on(session, SYSTEM, on, {viewer.person_id}) if duty.state == "open"
    ]
    if not owed:
        return []
    last = max(on.calendar.close_day(d.owed.period, on.province.close_day) for d in owed)
    monday = on.today + timedelta(days=7 - on.today.weekday())
    found = [
        on.calendar.add_workdays(on.today, 1),
        on.calendar.add_workdays(on.today, 2),
        on.calendar.add_workdays(monday, 0),
    ]
    return sorted({day for day in found if day <= last})


def _label(day: date, today: date) -> str:
    opening = "Ngày mai, " if (day - today).days == 1 else ""
    name = _day(day)
    return f"{opening}{name}" if opening else capital(name)


def _day(day: date) -> str:
    name = weekday(day)
    return f"{name[:1].lower()}{name[1:]}, {short_day(day)}"


def _not_recorded(session: Session, viewer: Viewer, rest: str, at: datetime) -> Result:
    """My areas without a visit in the period, a button for each."""
    mine = {viewer.person_id} | viewer.helps
    owed = owed_on(session, SYSTEM, day_at(session, at), mine)
    waiting = list(dict.fromkeys(duty.area for duty in owed if duty.state == "open"))
    if not waiting:
        return [Outgoing("Không còn địa bàn nào chưa ghi nhận.")]
    start = natural(rest) or 0
    known = areas.by_ids(session, waiting)
    shown = list(known.values())[start : start + PAGE]
    rows = [(Option(area.name, went_token(area)),) for area in shown]
    if len(known) > start + PAGE:
        rows.append((Option("Xem thêm", f"chuaghi {start + PAGE}"),))
    text = f"{len(known)} địa bàn chưa ghi nhận. Đồng chí đã đi nơi nào thì chọn để ghi."
    return [Outgoing(text, tuple(rows))]


def _compose(session: Session, viewer: Viewer, at: datetime) -> Result:
    if not viewer.roles & SENDS:
        raise Rejected("Soạn nhắc việc dành cho Ban Tổ chức và Văn phòng.")
    if not recipients(session, at):
        return [Outgoing(NOBODY)]
    return [Start("notice", {"text": _proposed(session, viewer, at)})]


def _proposed(session: Session, viewer: Viewer, at: datetime) -> str:
    on = day_at(session, at)
    owed: Sequence[Duty] = [one for _, group in recipients(session, at) for one in group]
    period = min((duty.owed.period for duty in owed), key=lambda one: one.end)
    close = on.calendar.close_day(period, on.province.close_day)
    sender = people.by_ids(session, [viewer.person_id])[viewer.person_id]
    body = sender.unit or on.province.office
    return (
        f"{body} đề nghị các đồng chí quan tâm sắp xếp lịch đi cơ sở {period.short}. "
        f"Số liệu chốt {on.province.close_time:%H:%M} ngày {short_day(close)}."
    )


NOUN = Noun("reminders", act, commands=(*LATER, *OPEN, *COMPOSE))
