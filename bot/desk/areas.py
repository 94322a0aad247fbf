"""Địa bàn: names and telephone numbers first, then what an area looks like today."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session

from bot.desk import brief, meetings
from bot.desk.contract import Noun, Result, Words
from bot.desk.duties import day_at, owed_on
from bot.messages import Option, Outgoing, Rejected
from bot.rules.zone import day_of
from bot.words import day, find, fold, natural, uncapital
from storage import areas, cases, people, routes
from storage.scope import Viewer
from storage.tables import Area, Case

PAGE = 8
FEW = 3  # areas of which names and numbers stand in the list itself
SHARED = 2  # areas from which a field of work stands out
UNRECORDED = "chua ghi nhan"
_LISTED = re.compile(rf"(?P<which>{UNRECORDED})?\s*(?:trang (?P<start>\d+))?", re.ASCII)


@dataclass(frozen=True)
class Recorded:
    """Which areas have the visits they are owed this period, and which do not yet."""

    done: frozenset[int]
    missing: frozenset[int]


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """/diaban: the list of mine, or one by code or name."""
    mine = _mine(session, viewer, day_of(at))
    name, page = _page_of(words.rest)
    if page:
        area = _named(session, viewer, name, mine, day_of(at))
        return [brief.more(session, viewer, area, at, page)]
    listed = _LISTED.fullmatch(fold(words.rest))
    if listed is None:
        return [_card(session, viewer, _named(session, viewer, words.rest, mine, day_of(at)), at)]
    if len(mine) == 1 and not words.rest:
        return [_card(session, viewer, next(iter(mine.values())), at)]
    if not mine:
        raise Rejected("Đồng chí chưa được phân công địa bàn. Xin nhắn: diaban (tên xã).")
    start = natural(listed["start"] or "") or 0
    if listed["which"]:
        return [_unrecorded(session, viewer, list(mine.values()), start, at)]
    return [_list(session, viewer, list(mine.values()), start, at)]


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


def _list(session: Session, viewer: Viewer, mine: list[Area], start: int, at: datetime) -> Outgoing:
    recorded = _recorded(session, viewer, mine, at)
    missing = len(recorded.missing)
    some = missing and len(mine) > FEW
    rows = [*_page(mine, start, "diaban trang")]
    rows += [(Option(f"{missing} địa bàn chưa ghi nhận", f"diaban {UNRECORDED}"),)] if some else []
    rows += [(meetings.PRINTED,)] if viewer.in_charge else []
    text = _overview(session, viewer, mine, recorded, at)
    if len(mine) <= FEW:
        known = [line for area in mine for line in _seat_of(session, area, at)]
        text = "\n".join([*known, "", text])
    return Outgoing(text, tuple(rows))


def _unrecorded(
    session: Session, viewer: Viewer, mine: list[Area], start: int, at: datetime
) -> Outgoing:
    """The areas whose visits of this period have not been recorded."""
    missing = _recorded(session, viewer, mine, at).missing
    found = [area for area in mine if area.id in missing]
    text = f"{len(found)} địa bàn chưa ghi nhận, đến {day(day_of(at))}"
    rows = _page(found, start, f"diaban {UNRECORDED} trang")
    return Outgoing(text, (*rows, (Option("Tất cả địa bàn", "diaban"),)))


def _page(listed: list[Area], start: int, more: str) -> tuple[tuple[Option, ...], ...]:
    rows = [(Option(area.name, f"diaban {area.code}"),) for area in listed[start : start + PAGE]]
    if len(listed) > start + PAGE:
        rows.append((Option("Xem thêm", f"{more} {start + PAGE}"),))
    return tuple(rows)


def _seat_of(session: Session, area: Area, at: datetime) -> list[str]:
    """Who leads the commune and how to call them: what is asked for most."""
    seat = people.seat(session, area.id or 0, day_of(at))
    return [f"{area.name}: {brief.contact(person)}" for person in seat]


def _recorded(session: Session, viewer: Viewer, mine: list[Area], at: datetime) -> Recorded:
    ids = {area.id for area in mine}
    duties = [d for d in owed_on(session, viewer, day_at(session, at)) if d.area in ids]
    done = frozenset(d.area for d in duties if d.state in ("done", "excused"))
    return Recorded(done, frozenset(d.area for d in duties) - done)


def _overview(
    session: Session, viewer: Viewer, mine: list[Area], recorded: Recorded, at: datetime
) -> str:
    """How the areas stand this period; no names, in the words of the reminder."""
    today = day_of(at)
    of_mine = cases.of_areas(frozenset(area.id for area in mine if area.id is not None))
    waiting = cases.listed(session, viewer, of_mine, cases.open_now())
    late = sum(case.due_on is not None and case.due_on < today for case in waiting)
    lines = [f"{len(mine)} địa bàn, đến {day(today)}"]
    if recorded.done or recorded.missing:
        done, missing = len(recorded.done), len(recorded.missing)
        lines.append(f"Đã có chuyến đi: {done}. Chưa ghi nhận: {missing}")
    lines.append(f"Kiến nghị đang giải quyết: {len(waiting)}, quá hạn: {late}")
    return "\n".join([*lines, *_standing_out(session, waiting)])


def _standing_out(session: Session, waiting: Sequence[Case]) -> list[str]:
    """The field of work that concerns the most areas, where there is more than one."""
    where: dict[int, set[int]] = defaultdict(set)
    for case in waiting:
        if case.field_id is not None:
            where[case.field_id].add(case.area_id)
    widest = max(where, key=lambda field: (len(where[field]), -field), default=0)
    if len(where[widest]) < SHARED:
        return []
    name = uncapital(routes.field_names(session)[widest])
    return [f"Nổi lên: {name} ({len(where[widest])} địa bàn)"]


def _card(session: Session, viewer: Viewer, area: Area, at: datetime) -> Outgoing:
    said = brief.of_area(session, viewer, area, at)
    return replace(said, rows=(*said.rows, *_buttons(viewer, area)))


def _buttons(viewer: Viewer, area: Area) -> tuple[tuple[Option, ...], ...]:
    if area.id not in viewer.follows:
        return ()
    return ((Option("Tôi đã đi", f"toi da di {area.code}"),),)


NOUN = Noun("areas", act, ("diaban", "dia ban"))
