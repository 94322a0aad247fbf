"""Địa bàn: names and telephone numbers first, then what an area looks like today."""

from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session

from bot.desk import brief, meetings
from bot.desk.contract import Noun, Result, Words
from bot.desk.duties import day_at, owed_on
from bot.messages import Option, Outgoing, Rejected
from bot.rules.zone import day_of
from bot.words import day, find, natural
from storage import areas, cases, people
from storage.scope import Viewer
from storage.tables import Area

PAGE = 8
FEW = 3  # areas of which names and numbers stand in the list itself


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """/diaban: the list of mine, or one by code or name."""
    mine = _mine(session, viewer, day_of(at))
    name, page = _page_of(words.rest)
    if page:
        area = _named(session, viewer, name, mine, day_of(at))
        return [brief.more(session, viewer, area, at, page)]
    if words.rest and not words.rest.startswith("trang "):
        return [_card(session, viewer, _named(session, viewer, words.rest, mine, day_of(at)), at)]
    if len(mine) == 1:
        return [_card(session, viewer, next(iter(mine.values())), at)]
    if not mine:
        raise Rejected("Đồng chí chưa được phân công địa bàn. Xin nhắn: diaban (tên xã).")
    return [_list(session, viewer, list(mine.values()), words, at)]


def _page_of(rest: str) -> tuple[str, int]:
    """(area, page) of "HOAMAU tiếp 2"; the page is 0 where none is asked for."""
    name, word, number = rest.rpartition(f" {brief.MORE} ")
    return (name, natural(number) or 0) if word else ("", 0)


def _mine(session: Session, viewer: Viewer, today: date) -> dict[int, Area]:
    """My communes of today; what has ended lives on in its successors."""
    found = areas.listed(session, today, "xa") or areas.listed(session, today)
    return {a.id: a for a in found if a.id is not None and a.id in viewer.areas}


def _named(session: Session, viewer: Viewer, text: str, mine: dict[int, Area], today: date) -> Area:
    known = {a.id: a for a in areas.listed(session, today)} if viewer.everywhere else mine
    by_code = [a for a in known.values() if a.code == text.strip()]
    names = [(str(a.id), a.name) for a in known.values()]
    found = by_code or [known[int(key)] for key in find(text, names)]
    if len(found) != 1:
        raise Rejected("Chưa rõ địa bàn nào. Xin nhắn: diaban (tên xã).")
    return found[0]


def _list(
    session: Session, viewer: Viewer, mine: list[Area], words: Words, at: datetime
) -> Outgoing:
    start = natural(words.rest.removeprefix("trang ")) or 0
    page = mine[start : start + PAGE]
    rows = [(Option(area.name, f"diaban {area.code}"),) for area in page]
    if len(mine) > start + PAGE:
        rows.append((Option("Xem thêm", f"diaban trang {start + PAGE}"),))
    if viewer.in_charge:
        rows.append((meetings.PRINTED,))
    known = [line for area in mine for line in _seat_of(session, area, at)]
    text = _overview(session, viewer, mine, at)
    return Outgoing("\n".join([*known, "", text]) if len(mine) <= FEW else text, tuple(rows))


def _seat_of(session: Session, area: Area, at: datetime) -> list[str]:
    """Who leads the commune and how to call them: what is asked for most."""
    seat = people.seat(session, area.id or 0, day_of(at))
    return [f"{area.name}: {brief.contact(person)}" for person in seat]


def _overview(session: Session, viewer: Viewer, mine: list[Area], at: datetime) -> str:
    """How the areas stand this period; no names, in the words of the reminder."""
    today = day_at(session, at)
    ids = {area.id for area in mine if area.id is not None}
    duties = [d for d in owed_on(session, viewer, today) if d.area in ids]
    followed = {d.area for d in duties}
    done = {d.area for d in duties if d.state in ("done", "excused")}
    open_cases = cases.counted(session, viewer, cases.of_areas(frozenset(ids)), cases.open_now())
    late = cases.counted(
        session, viewer, cases.of_areas(frozenset(ids)), cases.overdue_on(today.today)
    )
    lines = [f"{len(mine)} địa bàn, đến {day(today.today)}"]
    if followed:
        lines.append(f"Đã có chuyến đi: {len(done)}. Chưa ghi nhận: {len(followed - done)}")
    lines.append(f"Kiến nghị đang giải quyết: {open_cases}, quá hạn: {late}")
    return "\n".join(lines)


def _card(session: Session, viewer: Viewer, area: Area, at: datetime) -> Outgoing:
    said = brief.of_area(session, viewer, area, at)
    return replace(said, rows=(*said.rows, *_buttons(viewer, area)))


def _buttons(viewer: Viewer, area: Area) -> tuple[tuple[Option, ...], ...]:
    if area.id not in viewer.follows:
        return ()
    return ((Option("Tôi đã đi", f"toi da di {area.code}"),),)


NOUN = Noun("areas", act, ("diaban", "dia ban"))
