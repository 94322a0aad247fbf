"""Phân công: who follows what, and a change of follower in one sentence."""

import re
from datetime import date, datetime

from sqlmodel import Session

from bot.conversation.dates import Open, read_date
from bot.desk import handover_pages, reseating
from bot.desk.contract import Noun, Result, Words
from bot.desk.people import OFFICE, named, titled
from bot.messages import Option, Outgoing, Rejected
from bot.rules.zone import day_of
from bot.words import find, fold, full_day, natural
from storage import areas, assignments, people
from storage.scope import Viewer
from storage.tables import Area, Assignment, Person

KEEPERS = OFFICE | {"ban_to_chuc"}
SHOW = ("phancong", "phan cong")
CHANGE = ("doinguoi", "doi nguoi", "doi nguoi theo doi")
PAGE = 8
HOW = "Muốn đổi người, xin nhắn “đổi người: (tên xã): (họ tên người mới) từ (ngày)”."
_FROM = re.compile(r"\s+từ\s+(?:ngày\s+)?(\S.*)$", re.IGNORECASE)
_AGREED = re.compile(r"(\S+) (\S+) (\S+) (\d{4}-\d{2}-\d{2}) dong y")


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """The list, one area or one person; a change of follower."""
    if not viewer.roles & KEEPERS:
        raise Rejected("Mục này dành cho Văn phòng và Ban Tổ chức.")
    today = day_of(at)
    if words.command in CHANGE:
        agreed = _AGREED.fullmatch(words.rest.strip())
        if agreed:
            return _changed(session, agreed.groups(), at)
        return [_change(session, words.rest, today)]
    if not words.rest or fold(words.rest).startswith("trang "):
        return [_list(session, words.rest, today)]
    return [_one(session, words.rest, today)]


def _list(session: Session, rest: str, today: date) -> Outgoing:
    communes = areas.communes(session, today)
    followed = assignments.on(session, today, "theo_doi")
    in_charge = assignments.on(session, today, "phu_trach")
    cadres, members = ({row.person_id for row in rows} for rows in (followed, in_charge))
    free = assignments.unfollowed(session, today)
    lines = [
        f"Phân công đến {full_day(today)}",
        f"{len(communes)} địa bàn, {len(cadres)} cán bộ theo dõi, "
        f"{len(members)} Ủy viên phụ trách.",
    ]
    lines += (
        [f"Chưa có người theo dõi: {len(free)}"] if free else ["Xã nào cũng có người theo dõi."]
    )
    asked = rest.rpartition(" ")[2]
    start = natural(asked) or 0
    shown = [*free, *(area for area in communes if area not in free)]
    lines.append("Nhắn /phancong (tên xã hoặc tên cán bộ) để xem.")
    rows = [(Option(a.name, f"phancong {a.code}"),) for a in shown[start : start + PAGE]]
    if start + PAGE < len(shown):
        rows.append((Option("Xem thêm", f"phancong trang {start + PAGE}"),))
    return Outgoing("\n".join(lines), tuple(rows))


def _one(session: Session, text: str, today: date) -> Outgoing:
    found = _areas_named(session, text, today)
    if len(found) == 1:
        return _area(session, found[0], today)
    persons = named(session, text)
    if not found and len(persons) == 1:
        return _person(session, persons[0], today)
    if not found and not persons:
        raise Rejected(f'Không có xã hay cán bộ nào tên "{text}".')
    rows = [(Option(area.name, f"phancong {area.code}"),) for area in found[:PAGE]]
    rows += [(Option(titled(p), f"phancong {p.code}"),) for p in persons[: PAGE - len(rows)]]
    return Outgoing(f'Có {len(found) + len(persons)} tên như "{text}".', tuple(rows))


def _areas_named(session: Session, text: str, today: date) -> list[Area]:
    if area := areas.by_code(session, text) or areas.by_code(session, text.upper()):
        return [area]
    known = {str(area.id): area for area in areas.listed(session, today)}
    return [known[key] for key in find(text, [(k, area.name) for k, area in known.items()])]


def _area(session: Session, area: Area, today: date) -> Outgoing:
    number = area.id or 0
    parts = (
        ("Theo dõi", assignments.followers(session, number, today)),
        ("Phụ trách", assignments.members_in_charge(session, number, today)),
        ("Xã", people.seat(session, number, today)),
    )
    lines = [area.name]
    for what, found in parts:
        lines.append(f"{what}: {'; '.join(titled(each) for each in found) or 'chưa có'}")
    lines.append(HOW)
    return Outgoing("\n".join(lines))


def _person(session: Session, person: Person, today: date) -> Outgoing:
    lines = [titled(person)]
    for kind, what in (("theo_doi", "Theo dõi"), ("phu_trach", "Phụ trách")):
        found = assignments.areas_of(session, [person.id or 0], today, kind).get(person.id or 0, [])
        if found:
            lines.append(f"{what} {len(found)}: {', '.join(area.name for area in found)}")
    if len(lines) == 1:
        lines.append("Hiện không được phân công địa bàn nào.")
    return Outgoing("\n".join(lines))


def _change(session: Session, rest: str, today: date) -> Outgoing:
    """đổi người: Hòa Mẫu: Đỗ Văn Thay từ 01/12: shown once more before it is done."""
    where, colon, who = rest.partition(":")
    if not colon:
        return Outgoing(HOW)
    since = _FROM.search(who)
    day = _day(since[1], today) if since else today
    found = _areas_named(session, where.strip(), today)
    persons = named(session, _FROM.sub("", who).strip())
    if len(found) != 1:
        raise Rejected(f'Chưa rõ "{where.strip()}" là xã nào. {HOW}')
    if len(persons) != 1:
        raise Rejected(f'Chưa rõ "{who.strip()}" là đồng chí nào; có thể ghi mã. {HOW}')
    area, new = found[0], persons[0]
    old = assignments.followers(session, area.id or 0, day)
    if len(old) != 1 or old[0].id == new.id:
        raise Rejected(_cannot(area, old, new))
    text = (
        f"{area.name}: từ {full_day(day)}, {_called(new)} theo dõi thay {_called(old[0])}.\n"
        "Người mới nhận việc đang mở của xã; người cũ vẫn xem được phiếu của mình. "
        "Hai đồng chí và xã được báo."
    )
    token = f"doi nguoi {area.code} {old[0].code} {new.code} {day.isoformat()} dong y"
    return Outgoing(text, ((Option("Đúng, đổi", token), Option("Không đổi", "phancong")),))


def _called(person: Person) -> str:
    name = f"{person.address} {person.full_name}"
    return f"{name} ({person.post})" if person.post else name


def _day(text: str, today: date) -> date:
    day = read_date(text, today, future=True)
    if day is None or isinstance(day, Open):
        raise Rejected(f'Chưa rõ ngày "{text}". Xin ghi đủ ngày tháng năm, ví dụ 01/12/2026.')
    return day


def _cannot(area: Area, old: list[Person], new: Person) -> str:
    if not old:
        return (
            f"{area.name} chưa có người theo dõi. Xin thêm dòng trong bảng phan_cong rồi gửi lại."
        )
    if old[0].id == new.id:
        return f"{titled(new)} đang theo dõi {area.name}."
    return f"{area.name} có {len(old)} người theo dõi. Xin đổi trong bảng phan_cong rồi gửi lại."


def _changed(session: Session, agreed: tuple[str, ...], at: datetime) -> Result:
    today = day_of(at)
    area = areas.by_code(session, agreed[0])
    old, new = people.by_code(session, agreed[1]), people.by_code(session, agreed[2])
    day = _day(agreed[3], today)
    row = _row(session, area, old, day)
    if area is None or old is None or new is None or row is None:
        raise Rejected("Phân công này đã được đổi. Xin xem lại: /phancong")
    assignments.hand_over(session, row, new.id or 0, day)
    said = f"Từ {full_day(day)}, {handover_pages.word(area, old, new)}"
    receipt = Outgoing(f"Đã đổi. {said}")
    if day <= today:
        return [receipt, *reseating.hand_over(session, at)]
    ahead = [Outgoing(said, kind="line", person_id=person.id) for person in (old, new)]
    return [receipt, *ahead, *handover_pages.told_commune(session, area, old, new, day, at)]


def _row(session: Session, area: Area | None, old: Person | None, day: date) -> Assignment | None:
    if area is None or old is None:
        return None
    held = assignments.of_person(session, old.id or 0, day, "theo_doi")
    return next((row for row in held if row.area_id == area.id), None)


NOUN = Noun("assigned", act, commands=(*SHOW, *CHANGE))
