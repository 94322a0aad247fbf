"""Bàn giao at the desk: the page of a handover, and what nobody has taken over yet."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from bot.desk.case_cards import named
from bot.desk.contract import Noun, Result, Words
from bot.desk.handover_pages import Handed, first_day, page
from bot.desk.morning import Day, Line, Said
from bot.desk.reseating import follower, no_more, now_there, reach, rehome
from bot.desk.waiting import Waiting
from bot.messages import Option, Outgoing, Rejected
from bot.rules.zone import day_of, moment
from bot.words import find, fold, natural, uncapital
from storage import areas, handover, people
from storage.occurrences import Due
from storage.scope import SYSTEM, Viewer
from storage.tables import Area, Assignment

KEEPERS = frozenset({"tong_hop", "duyet", "ban_to_chuc", "quan_tri"})
SHOW = ("bangiao", "ban giao")
MORE = "tiep"
HOME = ("chuyendiaban", "chuyen dia ban")
LEFT = "handover_left"
PAGE = 8


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """What nobody has taken over yet; "bàn giao: Hòa Mẫu" is that page once more; "chuyen dia ban
    KN-312 23A" puts one thing into an area.
    """
    if words.command in SHOW and words.rest and not fold(words.rest).startswith(MORE):
        return [_once_more(session, viewer, words.rest, at)]
    if not viewer.roles & KEEPERS:
        raise Rejected("Mục này dành cho Văn phòng và Ban Tổ chức.")
    if words.command in HOME:
        return _put(session, words, at)
    return [_list(session, at, natural(words.rest.rpartition(" ")[2]) or 0)]


def _once_more(session: Session, viewer: Viewer, text: str, at: datetime) -> Outgoing:
    """The page of an area's newest handover, as it stands now, for who sees all or follows it."""
    today = day_of(at)
    known = [
        one for one in areas.listed(session, today) if viewer.everywhere or one.id in viewer.follows
    ]
    if not known:
        raise Rejected("Mục này dành cho Văn phòng và Ban Tổ chức.")
    by_code = [one for one in known if fold(one.code) == fold(text)]
    named_so = find(text, [(str(one.id), one.name) for one in known])
    found = by_code or [one for one in known if str(one.id) in named_so]
    if len(found) != 1:
        raise Rejected("Chưa rõ địa bàn nào. Xin nhắn: bàn giao: (tên xã).")
    last = latest(session, viewer, found[0], at)
    return Outgoing(page(session, last.area, last.old, last.new, last.since, at))


def latest(session: Session, viewer: Viewer, area: Area, at: datetime) -> Handed:
    """The area's newest handover; Rejected when nobody has followed it before."""
    today = day_of(at)
    new_id = follower(session, area.id or 0, today)
    before = [area, *areas.predecessors(session, area.id or 0)]
    row = handover.newest(session, viewer, [one.id or 0 for one in before], today)
    new = people.by_id(session, new_id) if new_id else None
    old = people.by_id(session, row.person_id) if row else None
    if row is None or new is None or old is None or old.id == new.id:
        raise Rejected(f"{area.name} chưa đổi người theo dõi lần nào.")
    return Handed(area, old, new, first_day(row))


def _put(session: Session, words: Words, at: datetime) -> Result:
    """ "KN-312 23A": one thing; "XACU 23A": everything still open in the old area."""
    one = (words.code.kind, words.code.number) if words.code else None
    what, _, code = words.rest.strip().partition(" ")
    if one is not None:
        what, code = f"{one[0]}-{one[1]}", words.rest
    new = areas.by_code(session, code.strip())
    gone = no_more(session, at)
    if new is None or new.id in gone:
        raise Rejected("Chưa rõ địa bàn nhận.")
    for area_id in gone:
        if new.id not in {area.id for area in now_there(session, area_id)}:
            continue
        there = {(c, n) for c, n, _ in handover.open_there(session, SYSTEM, area_id, at)}
        area = areas.by_id(session, area_id)
        if one in there or (area is not None and fold(area.code) == fold(what)):
            said = rehome(session, area_id, new, at, one if one in there else None)
            return [Outgoing(f"Đã chuyển {what} sang {uncapital(new.name)}."), *said]
    raise Rejected(f"{what} không còn chờ chuyển địa bàn.")


def _left(session: Session, at: datetime) -> list[tuple[str, int, Assignment | None, Area]]:
    """(in words, how many, of which assignment, where) what nobody has taken over."""
    found: list[tuple[str, int, Assignment | None, Area]] = []
    for row in handover.over(session, day_of(at)):
        held = handover.held_in(session, SYSTEM, row.person_id, at)
        there = reach(session, row.area_id)
        count = sum(held[area_id] for area_id in held if area_id in there)
        area, person = areas.by_id(session, row.area_id), people.by_id(session, row.person_id)
        if count and area is not None and person is not None:
            text = f"{area.name}: {named(person)} thôi theo dõi, chưa có người nhận"
            found.append((text, count, row, area))
    for area_id, count in no_more(session, at).items():
        area = areas.by_id(session, area_id)
        if area is not None:
            found.append((f"{area.name} đã hết hiệu lực, chưa rõ chuyển về đâu", count, None, area))
    return found


def _list(session: Session, at: datetime, start: int) -> Outgoing:
    left = _left(session, at)
    if not left:
        return Outgoing("Không có việc nào chờ bàn giao.")
    shown = left[start : start + PAGE]
    total = sum(count for _, count, _, _ in left)
    lines = [
        f"Chờ bàn giao: {total} việc",
        *(f"{text}: {count} việc" for text, count, _, _ in shown),
    ]
    rows: list[tuple[Option, ...]] = []
    for _, _, row, area in shown:
        if row is None:
            rows += _choices(session, area, at)
    lines.append("Có người nhận thì hệ thống tự chuyển; thêm người: /phancong.")
    if start + PAGE < len(left):
        rows.append((Option("Xem thêm", f"{SHOW[0]} {MORE} {start + PAGE}"),))
    return Outgoing("\n".join(lines), tuple(rows))


def _choices(session: Session, area: Area, at: datetime) -> list[tuple[Option, ...]]:
    """For an area split into several: everything to one of them, or one thing after the other."""
    after = now_there(session, area.id or 0)
    things = handover.open_there(session, SYSTEM, area.id or 0, at)
    rows: list[tuple[Option, ...]] = [
        (Option(f"Tất cả về {uncapital(new.name)}", f"chuyen dia ban {area.code} {new.code}"),)
        for new in after[:PAGE]
    ]
    for code, number, _ in things[:PAGE] if len(after) > 1 else ():
        rows.append(
            tuple(
                Option(
                    f"{code}-{number} về {uncapital(new.name)}",
                    f"chuyen dia ban {code}-{number} {new.code}",
                )
                for new in after[:PAGE]
            )
        )
    return rows


def morning(session: Session, on: Day) -> Iterable[Said]:
    """The office hears once of what nobody has taken over."""
    left = _left(session, on.at)
    if not left:
        return
    total = sum(count for _, count, _, _ in left)
    dues = tuple(
        Due(LEFT, f"assignment:{row.id}" if row else f"area:{area.id}", _since(on, row, area))
        for _, _, row, area in left
    )
    see = (Option("Xem việc chờ bàn giao", SHOW[0]),)
    line = Line(f"Chờ bàn giao: {total} việc chưa có người nhận", dues, options=see)
    office = [p for role in ("tong_hop", "duyet") for p in people.holders(session, role, on.today)]
    yield from ((number, line) for number in dict.fromkeys(p.id for p in office) if number)


def _since(on: Day, row: Assignment | None, area: Area) -> datetime:
    over = row.to_date if row else area.valid_to
    return moment(over or on.today, on.province.send_at)


def waits(session: Session, viewer: Viewer, at: datetime) -> list[Waiting]:
    """One line for the office's list."""
    if not viewer.roles & {"tong_hop", "duyet"}:
        return []
    total = sum(count for _, count, _, _ in _left(session, at))
    if not total:
        return []
    return [Waiting("Bàn giao", f"{total} việc chưa có người nhận", None, SHOW[0])]


NOUN = Noun("handover", act, commands=(*SHOW, *HOME))
