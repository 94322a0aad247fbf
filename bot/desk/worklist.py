"""/viec: everything that waits for me, most urgent first, each line one tap from being opened."""

from datetime import date, datetime

from sqlmodel import Session

from bot.desk import (
    case_acts,
    commitments,
    directives,
    handover,
    meetings,
    papers,
    restricted,
    waits,
    works,
)
from bot.desk.case_cards import Cards, lowered, named
from bot.desk.contract import Noun, Result, Words
from bot.desk.waiting import Waiting, Waits
from bot.messages import Option, Outgoing
from bot.rules import cases as rules
from bot.rules.workdays import Calendar
from bot.rules.zone import day_of
from bot.words import natural
from storage import cases, people
from storage.scope import Viewer

PAGE = 8


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """The list, from the number after "tiếp" on."""
    start = natural(words.rest.rpartition(" ")[2]) or 0
    return [listed(session, viewer, at, start=start)]


def waiting(session: Session, viewer: Viewer, at: datetime) -> list[Waiting]:
    """Everything that waits for the viewer, most urgent first; what has no date comes last."""
    found = [one for kind in WAITING for one in kind(session, viewer, at)]
    return sorted(found, key=lambda one: (one.due or date.max, _by_code(one.code)))


def _by_code(code: str) -> str:
    """What has no code comes after it; areas stay in the order of the official list."""
    return code if "-" in code else "~"


def listed(session: Session, viewer: Viewer, at: datetime, *, start: int = 0) -> Outgoing:
    """One page of the list, a button for each line."""
    found = waiting(session, viewer, at)
    packs = ((meetings.PACK,),) if viewer.in_charge else ()
    if not found:
        return Outgoing("Hiện không có việc nào chờ đồng chí.", packs)
    today = day_of(at)
    calendar = case_acts.rules_of(session, today).calendar
    shown = found[start : start + PAGE]
    lines = [f"{one.code} {one.text}{_left(one.due, today, calendar)}" for one in shown]
    options = [Option(one.code, one.token) for one in shown]
    rows = [tuple(options[n : n + 3]) for n in range(0, len(options), 3)]
    if len(found) > start + PAGE:
        rows.append((Option("Xem thêm", f"viec tiep {start + PAGE}"),))
    return Outgoing("\n".join([f"Việc chờ đồng chí: {len(found)}", *lines]), (*rows, *packs))


def _left(due: date | None, today: date, calendar: Calendar) -> str:
    if due is None:
        return ""
    late = calendar.overdue_workdays(due, today)
    if late:
        return f", quá hạn {late} ngày làm việc"
    left = calendar.overdue_workdays(today, due)
    return f", còn {left} ngày làm việc" if left else ", hạn hôm nay"


def cases_waiting(session: Session, viewer: Viewer, at: datetime) -> list[Waiting]:
    """Cases whose next step is the viewer's, or the viewer's seat's."""
    cards = Cards(session, viewer, at)
    me = frozenset({viewer.person_id}) | viewer.helps
    seats = {rules.OFFICE_SEAT, rules.BOARD_SEAT} & _seats(viewer)
    found = cases.listed(session, viewer, cases.owned(me, viewer.communes, frozenset(seats)))
    return [
        Waiting(
            f"KN-{case.number}",
            f"{cards.area(case)}: {lowered(cards.name(case))} "
            f"({cards.placed(_step(case.state), case)})",
            None if case.state == "with_board" else case.due_on,
            f"KN-{case.number}",
        )
        for case in found
    ]


def _seats(viewer: Viewer) -> set[str]:
    office = {rules.OFFICE_SEAT} if viewer.roles & {"tong_hop", "duyet"} else set()
    return office | (viewer.roles & {rules.BOARD_SEAT})


def _step(state: str) -> str:
    return {
        "with_commune": "xã giải quyết",
        "with_member": "cho ý kiến",
        "with_office": "tham mưu",
        "with_board": "cho ý kiến",
        "to_centre": "kiến nghị Trung ương",
        "with_department": "giải quyết, trả lời",
        "drafted": "duyệt trả lời",
        "answered": "thông tin lại xã",
        "doing": "theo dõi kết quả",
        "told": "cho biết thực tế",
        "further": "xem xét thêm",
    }[state]


def opinions_waiting(session: Session, viewer: Viewer, at: datetime) -> list[Waiting]:
    """Opinions of leaders that the office has not yet made into a document."""
    if not viewer.roles & {"tong_hop", "duyet"}:
        return []
    found = []
    for opinion, case in cases.unhandled_opinions(session, viewer):
        leader = people.by_id(session, opinion.person_id)
        who = named(leader) if leader else "lãnh đạo"
        code = f"Ý kiến KN-{case.number}" if case else "Ý kiến chung"
        token = f"ykien {opinion.id}"
        found.append(Waiting(code, f"{who}: soạn văn bản", opinion.due_on, token))
    return found


WAITING: list[Waits] = [
    cases_waiting,
    opinions_waiting,
    waits.exchanges,
    waits.invitations,
    directives.waits,
    papers.waits,
    commitments.waits,
    works.waits,
    waits.absences_asked,
    handover.waits,
    waits.summaries,
    waits.visits,
    waits.unfinished,
    restricted.waiting,
]
"""What can wait for somebody; a noun with more adds its function here."""

NOUN = Noun("worklist", act, commands=("viec",), shows={"viec": "Việc chờ tôi"})
