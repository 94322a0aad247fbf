"""Work items (CV-…): a programme's, registered backlog, pilots; reminded of, done by one tap."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from bot.desk.contract import Noun, Result, Words
from bot.desk.exchanges import excerpt, named
from bot.desk.morning import Day, Line, Said
from bot.desk.waiting import Waiting
from bot.messages import Option, Outgoing, Rejected
from bot.rules.vocabulary import WORK_KINDS, WORK_STATES, label
from bot.rules.zone import day_of, moment
from bot.words import day as short_day
from bot.words import fold, full_day, uncapital
from storage import areas, occurrences, people, programmes
from storage.occurrences import Due
from storage.reports import OFFICE
from storage.scope import SYSTEM, Viewer
from storage.tables import WorkItem

KIND = "work_item"
COMMANDS = ("congviec", "cong viec")
FINISH = "xong"
SHOWN = 8


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """ "công việc" lists what is open; "CV-5" shows an item, "CV-5 xong" says it is done."""
    if words.code is None:
        return [_list(session, viewer, at)]
    found = programmes.work(session, viewer, words.code.number)
    if found is None:
        raise Rejected(f"Không tìm thấy CV-{words.code.number}.")
    if not words.rest:
        return [_card(session, viewer, found)]
    if fold(words.rest).rstrip(".") != FINISH:
        raise Rejected(f"Xin nhắn: CV-{found.number} {FINISH}.")
    return [_finish(session, viewer, found, at)]


def _finish(session: Session, viewer: Viewer, found: WorkItem, at: datetime) -> Outgoing:
    if not _settles(viewer, found):
        raise Rejected(f"CV-{found.number} do người phụ trách cho biết kết quả.")
    by, day = viewer.person_id, day_of(at)
    if not programmes.work_done(session, found, by_id=by, at=at, day=day):
        return Outgoing(f"CV-{found.number} đã ghi từ trước: {label(WORK_STATES, found.state)}.")
    occurrences.withdraw(session, f"{KIND}:{found.id}")
    return Outgoing(f"Đã ghi: CV-{found.number} xong ngày {full_day(day)}.", kind="receipt")


def _settles(viewer: Viewer, found: WorkItem) -> bool:
    office = viewer.everywhere and bool(viewer.roles & OFFICE)
    return office or found.owner_id in {viewer.person_id} | viewer.helps


def _list(session: Session, viewer: Viewer, at: datetime) -> Outgoing:
    """One's own; the office sees everybody's."""
    office = viewer.everywhere and bool(viewer.roles & OFFICE)
    mine = None if office else {viewer.person_id} | viewer.helps
    found = programmes.works_open(session, viewer, owners=mine)
    if not found:
        return Outgoing("Không có công việc nào đang làm.")
    lines = [f"Công việc đang làm: {len(found)}"]
    lines += [f"CV-{one.number} {_when(one, at)}: {excerpt(one.text)}" for one in found[:SHOWN]]
    codes = [Option(f"CV-{one.number}", f"CV-{one.number}") for one in found[:SHOWN]]
    rows = tuple(tuple(codes[place : place + 3]) for place in range(0, len(codes), 3))
    return Outgoing("\n".join(lines), rows)


def _when(one: WorkItem, at: datetime) -> str:
    late = one.due_on < day_of(at)
    return f"{'quá hạn từ' if late else 'hạn'} {short_day(one.due_on)}"


def _card(session: Session, viewer: Viewer, found: WorkItem) -> Outgoing:
    owner = people.by_ids(session, [found.owner_id])[found.owner_id]
    where = f" · {areas.name_of(session, found.area_id)}" if found.area_id else ""
    lines = [
        f"CV-{found.number} · {label(WORK_KINDS, found.kind)}{where}",
        f"“{found.text}”",
        f"Phụ trách: {named(owner)}, hạn {full_day(found.due_on)}",
        f"Tình trạng: {label(WORK_STATES, found.state)}"
        + (f" ngày {full_day(found.done_on)}" if found.done_on else ""),
    ]
    lines += [f"Căn cứ: {found.basis}"] if found.basis else []
    lines += [f"Xin xem lại: {found.doubt}"] if found.doubt else []
    card = Outgoing("\n".join(lines))
    if found.state != programmes.OPEN or not _settles(viewer, found):
        return card
    return card.with_row(_button(found))


def _button(found: WorkItem) -> Option:
    return Option(f"CV-{found.number} xong", f"CV-{found.number} {FINISH}")


def morning(session: Session, on: Day) -> Iterable[Said]:
    """One working day before its day, and once more when it is over, to its owner."""
    last = on.calendar.add_workdays(on.today, 1)
    for found in programmes.works_open(session, SYSTEM, last=last):
        step = "after" if on.today > found.due_on else "before"
        late = "đã quá hạn" if step == "after" else f"hạn {short_day(found.due_on)}"
        where = f", {uncapital(areas.name_of(session, found.area_id))}" if found.area_id else ""
        text = f"CV-{found.number}{where}, công việc {late}: {excerpt(found.text)}"
        at = moment(found.due_on, on.province.send_at)
        due = Due(KIND, f"{KIND}:{found.id}", at, f"{step} {found.owner_id}")
        yield found.owner_id, Line(text, due=(due,), options=(_button(found),))


def waits(session: Session, viewer: Viewer, at: datetime) -> list[Waiting]:
    """The viewer's own that have come due."""
    me = {viewer.person_id} | viewer.helps
    return [
        Waiting(f"CV-{one.number}", excerpt(one.text), one.due_on, f"CV-{one.number}")
        for one in programmes.works_open(session, viewer, owners=me, last=day_of(at))
    ]


NOUN = Noun("works", act, commands=COMMANDS, codes=("CV",))
