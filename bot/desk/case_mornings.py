"""What the morning message says of cases: to members, cadres, communes and the office."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.desk import case_acts
from bot.desk.case_cards import Cards, lowered, short
from bot.desk.morning import Day, Line, Said
from bot.messages import Option
from bot.rules import cases as rules
from bot.rules.zone import day_of, moment
from bot.words import uncapital
from storage import cases, people
from storage.occurrences import Due
from storage.scope import SYSTEM
from storage.tables import Case

AT_ONCE = 8  # cases listed one by one
MEMBER, GIVEN, TELL, WORD, OFFICE, OVERDUE = (
    "case_member",
    "case_given",
    "case_tell",
    "case_word",
    "case_office",
    "case_overdue",
)
_OF_A_PERSON = ("with_member", "drafted", "further")


def morning(session: Session, day: Day) -> Iterable[Said]:
    """Lines about every open case, for whoever holds it."""
    cards = Cards(session, SYSTEM, day.at)
    found = cases.listed(session, SYSTEM, cases.open_now())
    found.sort(key=lambda case: (case.due_on or day.today, case.number))
    yield from _for_members(cards, day, found)
    yield from _for_departments(cards, day, [case for case in found if _at_department(case)])
    yield from _for_cadres(cards, day, [case for case in found if case.state == "answered"])
    yield from _for_communes(cards, day, [case for case in found if case.owner_area_id])
    yield from _for_office(cards, day, [c for c in found if c.owner_role == rules.OFFICE_SEAT])


def _for_members(cards: Cards, day: Day, found: Sequence[Case]) -> Iterator[Said]:
    waiting: defaultdict[int, list[Case]] = defaultdict(list)
    for case in found:
        if case.state in _OF_A_PERSON and case.owner_id and not _at_department(case):
            waiting[case.owner_id].append(case)
    for person_id, theirs in waiting.items():
        yield person_id, _member_line(cards, day, theirs)
    if _opens_week(day):
        yield from _overdue(cards, day)


def _member_line(cards: Cards, day: Day, waiting: Sequence[Case]) -> Line:
    """Chờ ý kiến đồng chí: 3, each with its date; one button hands all of them on."""
    shown = waiting[:AT_ONCE]
    lines = [_listed(cards, case) for case in shown]
    if len(waiting) > AT_ONCE:
        lines.append(f"và {len(waiting) - AT_ONCE} kiến nghị khác")
    text = "\n".join([f"Chờ ý kiến đồng chí: {len(waiting)}", "", *lines])
    opened = [Option(f"KN-{case.number}", f"KN-{case.number}") for case in shown]
    rest = (Option("Xem tất cả", "viec"),) if len(waiting) > AT_ONCE else ()
    return Line(
        text,
        due=tuple(_due(day, MEMBER, case, day.today.isoformat()) for case in waiting),
        top=_hand_all([case for case in shown if case.state != "drafted"]),
        options=(*opened, *rest),
        opens=True,
    )


def _listed(cards: Cards, case: Case) -> str:
    due = f", {cards.term(case.due_on)}" if case.due_on else ""
    new = _NEW.get(case.state, "")
    return f"KN-{case.number} {cards.area(case)}: {lowered(cards.name(case))}{new}{due}"


_BACK = {
    "word_partly": "xã",
    "word_not_yet": "xã",
    "word_reconsider": "xã",
    "clarify": "cán bộ theo dõi",
}
"""What brings a case back to a body, and who says it."""
_NEW = {"drafted": ", có dự thảo trả lời", "further": ", đề nghị xem xét thêm"}
"""Why a case that was seen before is there again."""


def _hand_all(shown: Sequence[Case]) -> tuple[Option, ...]:
    if not shown:
        return ()
    numbers = " ".join(str(case.number) for case in shown)
    which = f"cả {len(shown)}" if len(shown) > 1 else f"KN-{numbers}"
    return (Option(f"Giao Văn phòng tham mưu {which}", f"giao tham muu {numbers}"),)


def _opens_week(day: Day) -> bool:
    """The first working day of the week."""
    monday = day.today - timedelta(days=day.today.weekday())
    return day.calendar.workdays_between(monday, day.today) == 0


def _overdue(cards: Cards, day: Day) -> Iterator[Said]:
    """One line a week, with nobody named."""
    late: defaultdict[int, int] = defaultdict(int)
    for case in cases.listed(cards.session, SYSTEM, cases.overdue_on(day.today)):
        member = case_acts.parties_of(cards.session, case, day.today).member
        if member and case.owner_id != member:
            late[member] += 1
    for member, count in late.items():
        due = Due(OVERDUE, f"person:{member}", _hour(day), day.today.isoformat())
        see = Option("Xem quá hạn", "kn qua han")
        text = f"Quá hạn trên địa bàn đồng chí phụ trách: {count} kiến nghị"
        yield member, Line(text, due=(due,), options=(see,))


def _for_cadres(cards: Cards, day: Day, answered: Sequence[Case]) -> Iterator[Said]:
    """An answer not yet told on rides along; on its last day it is a reason of its own."""
    for case in answered:
        heard = day_of(case.answered_at) if case.answered_at else day.today
        if case.owner_id is None or day.today <= day.calendar.add_workdays(heard, 1):
            continue  # the answer itself is on its way, or came this morning
        level, _, name = cards.area(case).partition(" ")
        text = (
            f"KN-{case.number} {name or level} đã có trả lời, "
            f"chờ đồng chí thông tin lại {uncapital(level)}"
        )
        due = _last_day(day, TELL, case)
        told = Line(text, due=due, options=_see(case), stays=True, about=f"case:{case.id}")
        yield case.owner_id, told


def _at_department(case: Case) -> bool:
    return case.department_id is not None and case.owner_id == case.department_id


def _for_departments(cards: Cards, day: Day, held: Sequence[Case]) -> Iterator[Said]:
    """What was handed to a body: when it comes or comes back, and once more on its last day."""
    for case in held:
        words = cases.last_event(cards.session, SYSTEM, case.id or 0, "assign", *_BACK)
        due = cards.term(case.due_on) if case.due_on else ""
        said = f": “{words.text}”" if words and words.text else ""
        what = " giao đồng chí giải quyết"
        if words and words.act in _BACK:
            what = f": {_BACK[words.act]} {rules.ACTS[words.act].done}, đề nghị xem xét thêm"
        text = f"{cards.title(case)}{what}, {due}{said}"
        dues = (_due(day, GIVEN, case, case.state), *_last_day(day, GIVEN, case))
        yield case.owner_id or 0, Line(text, due=dues, options=_see(case))


def _for_communes(cards: Cards, day: Day, held: Sequence[Case]) -> Iterator[Said]:
    """On the last day, what the commune has not said yet."""
    for case in held:
        due = _last_day(day, WORD, case)
        if not due or case.owner_area_id is None:
            continue
        asked = "xin cho biết thực tế" if case.state == "told" else "chờ giải quyết"
        text = (
            f"KN-{case.number} {short(case.text)}: {asked}, {cards.term(case.due_on or day.today)}"
        )
        for person in people.seat(cards.session, case.owner_area_id, day.today):
            yield person.id or 0, Line(text, due=due, options=_see(case), about=f"case:{case.id}")


def _for_office(cards: Cards, day: Day, held: Sequence[Case]) -> Iterator[Said]:
    """How much waits for the office, when something new has come."""
    opinions = cases.unhandled_opinions(cards.session, SYSTEM)
    parts = [
        f"{len(held)} kiến nghị" if held else "",
        f"{len(opinions)} ý kiến của lãnh đạo chưa có văn bản" if opinions else "",
    ]
    said = ", ".join(part for part in parts if part)
    if not said:
        return
    due = [_due(day, OFFICE, case, f"{case.state}:{case.due_on}") for case in held]
    due += [Due(OFFICE, f"opinion:{opinion.id}", _hour(day)) for opinion, _ in opinions]
    line = Line(f"Chờ Văn phòng: {said}", tuple(due), options=(Option("Việc chờ tôi", "viec"),))
    office = {
        person.id: person
        for role in ("tong_hop", "duyet")
        for person in people.holders(cards.session, role, day.today)
    }
    yield from ((person_id, line) for person_id in office if person_id)


def _last_day(day: Day, kind: str, case: Case) -> tuple[Due, ...]:
    over = case.due_on is not None and case.due_on <= day.today
    return (_due(day, kind, case, _iso(case.due_on)),) if over else ()


def _iso(on: date | None) -> str:
    return on.isoformat() if on else ""


def _due(day: Day, kind: str, case: Case, step: str) -> Due:
    return Due(kind, f"case:{case.id}", _hour(day), step)


def _hour(day: Day) -> datetime:
    return moment(day.today, day.province.send_at)


def _see(case: Case) -> tuple[Option, ...]:
    return (Option(f"Xem KN-{case.number}", f"KN-{case.number}"),)
