"""Bàn giao: when an assignment is over, what is open goes to whoever follows now, and both know."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from bot.desk import brief, case_acts, case_notices
from bot.desk.case_cards import Cards, named
from bot.desk.contract import Noun, Result, Words
from bot.desk.morning import Day, Line, Said
from bot.desk.waiting import Waiting
from bot.messages import Option, Outgoing, Rejected
from bot.rules import cases as rules
from bot.rules.case_text import area_in
from bot.rules.zone import day_of, moment
from bot.words import find, fold, full_day, natural, uncapital
from storage import areas, cases, handover, people
from storage.occurrences import Due, claim
from storage.scope import SYSTEM, Viewer
from storage.tables import Area, Assignment, Case, Person

KEEPERS = frozenset({"tong_hop", "duyet", "ban_to_chuc", "quan_tri"})
SHOW = ("bangiao", "ban giao")
MORE = "tiep"
HOME = ("chuyendiaban", "chuyen dia ban")
TOLD, LEFT = "handover_told", "handover_left"
FRESH = timedelta(days=31)  # of an assignment that is over: later nobody is told any more
PAGE = 8
ROOM = 1500  # characters for what is open


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
    area, new_id = found[0], _follower(session, found[0].id or 0, today)
    before = [area, *areas.predecessors(session, area.id or 0)]
    row = handover.newest(session, viewer, [one.id or 0 for one in before], today)
    new = people.by_id(session, new_id) if new_id else None
    old = people.by_id(session, row.person_id) if row else None
    if row is None or new is None or old is None or old.id == new.id:
        raise Rejected(f"{area.name} chưa đổi người theo dõi lần nào.")
    return Outgoing(page(session, area, old, new, _first_day(row), at))


def hand_over(session: Session, at: datetime) -> list[Outgoing]:
    """Everything that is due: areas that are no more first, then assignments that are over."""
    today = day_of(at)
    for case in handover.without_department(session, SYSTEM, today):
        _reseat(session, case, at)
    said = [message for area_id in _gone(session, at) for message in _follow(session, area_id, at)]
    persons: defaultdict[int, list[Assignment]] = defaultdict(list)
    for row in handover.over(session, today):
        persons[row.person_id].append(row)
    for person_id, rows in persons.items():
        said += _leave(session, person_id, rows, at)
    return said


def due(session: Session, at: datetime) -> bool:
    """Whether there is anything to hand over."""
    today = day_of(at)
    left = handover.without_department(session, SYSTEM, today)
    return bool(handover.over(session, today) or left or _gone(session, at))


def _gone(session: Session, at: datetime) -> dict[int, int]:
    return handover.no_more(session, SYSTEM, day_of(at), at)


def _leave(
    session: Session, person_id: int, rows: Sequence[Assignment], at: datetime
) -> list[Outgoing]:
    """One person's assignments that are over: what was held is the successors'; both are told."""
    today = day_of(at)
    said = _cases_of(session, person_id, at)
    _keep_quiet(session, person_id, rows, at)
    left = set[int]()
    for area_id in handover.held_in(session, SYSTEM, person_id, at):
        if case_acts.covers(session, person_id, area_id, at):
            continue
        new = _follower(session, area_id, today)
        if new is None:
            left.add(area_id)
        else:
            handover.pass_on(session, area_id, old_id=person_id, new_id=new, at=at)
    pairs: defaultdict[int, list[Assignment]] = defaultdict(list)
    for row in rows:
        new = _follower(session, row.area_id, today) if row.kind == "theo_doi" else None
        if left & _reach(session, row.area_id):
            continue  # somebody has still to be named: the office sees it, the clock comes again
        row.handed_over_on = row.to_date
        session.add(row)
        if new is not None and new != person_id and _fresh(row, today):
            pairs[new].append(row)
    session.flush()
    for new, theirs in pairs.items():
        said += _told(session, person_id, new, theirs, at)
    return said


def _keep_quiet(session: Session, person_id: int, rows: Sequence[Assignment], at: datetime) -> None:
    """Nothing that was still to be sent of cases there reaches whoever has left."""
    for area_id in {one for row in rows for one in _reach(session, row.area_id)}:
        if not case_acts.covers(session, person_id, area_id, at):
            for case in handover.open_cases(session, SYSTEM, area_id):
                cases.drop_lines(session, SYSTEM, case.id or 0, {person_id})


def _reach(session: Session, area_id: int) -> set[int]:
    """The area with all below it, and what these have become."""
    below = areas.below(session, area_id)
    return below | {after.id or 0 for one in below for after in areas.successors(session, one)}


def _fresh(row: Assignment, today: date) -> bool:
    return row.to_date is not None and today - row.to_date <= FRESH


def _follower(session: Session, area_id: int, today: date) -> int | None:
    return case_acts.assigned(session, area_id, "theo_doi", today)


def _cases_of(session: Session, person_id: int, at: datetime) -> list[Outgoing]:
    """The cases that the person owns, each held by whom the rules name now."""
    found = handover.owned_cases(session, SYSTEM, person_id)
    return [message for case in found for message in _reseat(session, case, at)]


def _reseat(session: Session, case: Case, at: datetime, why: str = "") -> list[Outgoing]:
    cards = Cards(session, SYSTEM, at)
    before = case_acts.standing_of(case)
    parties = case_acts.parties_of(session, case, cards.today)
    after = rules.reseat(before, parties, cards.day)
    if after == before and not why:
        return []
    case_acts.settle(case, after, at)
    owner = cards.person(case.owner_id)
    to = named(owner) if owner else cards.where(case)
    event = case_acts.record(session, case, "hand_over", None, at, why or to)
    told = case_notices.after(cards, case, event)
    if after.state != before.state:
        return told
    return [one for one in told if one.person_id == case.owner_id]  # an answer to carry


def _told(
    session: Session, old_id: int, new_id: int, rows: Sequence[Assignment], at: datetime
) -> list[Outgoing]:
    """A page to both, and to each commune who follows it now."""
    old, new = people.by_id(session, old_id), people.by_id(session, new_id)
    assert old is not None
    assert new is not None
    said: list[Outgoing] = []
    for row in rows:
        area = areas.by_id(session, row.area_id)
        assert area is not None
        here = next(iter(areas.successors(session, row.area_id)), area)
        text = page(session, here, old, new, _first_day(row), at)
        see = ((Option(f"Xem {uncapital(here.name)}", f"diaban {here.code}"),),)
        cards = Cards(session, SYSTEM, at)
        about = ("handover", row.id or 0)
        for person, rows_ in ((old, ()), (new, see)):
            message = Outgoing(text, rows_, kind="notice", person_id=person.id, about=about)
            said.append(_on_a_workday(cards, message))
        said += told_commune(session, here, old, new, _first_day(row), at)
    return said


def _on_a_workday(cards: Cards, message: Outgoing) -> Outgoing:
    """By itself, as it fills a screen: by day, and not before the next day of work."""
    if cards.day.calendar.is_workday(cards.today):
        return case_notices.at_once(cards, message)
    morning = moment(cards.day.calendar.add_workdays(cards.today, 1), cards.province.send_at)
    return replace(message, not_before=morning)


def _first_day(row: Assignment) -> date:
    assert row.to_date is not None
    return row.to_date + timedelta(days=1)


def told_commune(
    session: Session, area: Area, old: Person, new: Person, since: date, at: datetime
) -> list[Outgoing]:
    """Who follows the commune from that day on, said once."""
    once = Due(TOLD, f"area:{area.id}", moment(since, time.min), f"{old.id} {new.id}")
    if not claim(session, [once], at):
        return []
    text = f"Từ {full_day(since)}, {word(area, old, new)}"
    return [
        Outgoing(text, kind="line", person_id=person.id)
        for person in people.seat(session, area.id or 0, max(since, day_of(at)))
    ]


def word(area: Area, old: Person, new: Person) -> str:
    """đồng chí Đỗ Văn Thay (Phó Giám đốc …) theo dõi xã Hòa Mẫu thay đồng chí …"""
    post = f" ({new.post})" if new.post else ""
    return f"{named(new)}{post} theo dõi {uncapital(area.name)} thay {named(old)}."


def page(session: Session, area: Area, old: Person, new: Person, since: date, at: datetime) -> str:
    """One message: who hands over to whom, whom to call, and all that is open."""
    top = [
        f"Bàn giao {uncapital(area.name)} từ {full_day(since)}",
        f"Giao: {brief.contact(old)}",
        f"Nhận: {brief.contact(new)}",
    ]
    seat = people.seat(session, area.id or 0, day_of(at))
    top += [f"Liên hệ: {brief.contact(person)}" for person in seat]
    blocks = brief.open_items(session, SYSTEM, area, at)
    count = sum(len(block.items) for block in blocks)
    top.append(f"Việc đang mở: {count}" if count else "Không có việc nào đang mở.")
    for clip in brief.CLIPS:
        text = "\n".join([*top, *(line for block in blocks for line in block.lines(clip))])
        if len(text) <= ROOM:
            break
    return text


def _follow(session: Session, area_id: int, at: datetime) -> list[Outgoing]:
    """What is open in an area that is no more goes where it belongs, as far as that is known."""
    after = _today(session, area_id)
    if len(after) == 1:
        return _rehome(session, area_id, after[0], at)
    said: list[Outgoing] = []
    named_by = [(str(area.id), area.name) for area in after]
    for code, number, text in handover.open_there(session, SYSTEM, area_id, at):
        which = area_in(text, named_by) if text else ""
        new = next((area for area in after if str(area.id) == which), None)
        if new is not None:
            said += _rehome(session, area_id, new, at, (code, number))
    return said


def _today(session: Session, area_id: int) -> list[Area]:
    """What stands where the area stood; empty when nothing followed it."""
    near = case_acts.tree_around(session, area_id)
    ids = [one for one in near.today(area_id) if one != area_id]
    return list(areas.by_ids(session, ids).values())


def _rehome(
    session: Session, old_id: int, new: Area, at: datetime, only: tuple[str, int] | None = None
) -> list[Outgoing]:
    moving = [
        case.number
        for case in handover.open_cases(session, SYSTEM, old_id)
        if only is None or only == ("KN", case.number)
    ]
    holders = set(handover.holders(session, SYSTEM, old_id, at))
    old = areas.name_of(session, old_id)
    handover.rehome(session, old_id, new.id or 0, at, only)
    said: list[Outgoing] = []
    why = f"từ {uncapital(old)} sang {uncapital(new.name)}"
    for case in handover.open_cases(session, SYSTEM, new.id or 0):
        if case.number in moving:
            said += _reseat(session, case, at, why)
    follower = _follower(session, new.id or 0, day_of(at))
    for person_id in holders - {follower}:
        if follower and not case_acts.covers(session, person_id, new.id or 0, at):
            handover.pass_on(session, new.id or 0, old_id=person_id, new_id=follower, at=at)
    return said


def _put(session: Session, words: Words, at: datetime) -> Result:
    """ "KN-312 23A": one thing; "XACU 23A": everything still open in the old area."""
    one = (words.code.kind, words.code.number) if words.code else None
    what, _, code = words.rest.strip().partition(" ")
    if one is not None:
        what, code = f"{one[0]}-{one[1]}", words.rest
    new = areas.by_code(session, code.strip())
    gone = _gone(session, at)
    if new is None or new.id in gone:
        raise Rejected("Chưa rõ địa bàn nhận.")
    for area_id in gone:
        if new.id not in {area.id for area in _today(session, area_id)}:
            continue
        there = {(c, n) for c, n, _ in handover.open_there(session, SYSTEM, area_id, at)}
        area = areas.by_id(session, area_id)
        if one in there or (area is not None and fold(area.code) == fold(what)):
            said = _rehome(session, area_id, new, at, one if one in there else None)
            return [Outgoing(f"Đã chuyển {what} sang {uncapital(new.name)}."), *said]
    raise Rejected(f"{what} không còn chờ chuyển địa bàn.")


def _left(session: Session, at: datetime) -> list[tuple[str, int, Assignment | None, Area]]:
    """(in words, how many, of which assignment, where) what nobody has taken over."""
    found: list[tuple[str, int, Assignment | None, Area]] = []
    for row in handover.over(session, day_of(at)):
        held = handover.held_in(session, SYSTEM, row.person_id, at)
        reach = _reach(session, row.area_id)
        count = sum(held[area_id] for area_id in held if area_id in reach)
        area, person = areas.by_id(session, row.area_id), people.by_id(session, row.person_id)
        if count and area is not None and person is not None:
            text = f"{area.name}: {named(person)} thôi theo dõi, chưa có người nhận"
            found.append((text, count, row, area))
    for area_id, count in _gone(session, at).items():
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
    after = _today(session, area.id or 0)
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
