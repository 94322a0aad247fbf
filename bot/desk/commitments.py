"""Commitments (VH-…): what was promised, asked about at the next visit and when its day comes."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from bot.desk.contract import Noun, Result, Words
from bot.desk.exchanges import excerpt, named
from bot.desk.morning import Day, Line, Said
from bot.desk.waiting import Waiting
from bot.messages import Option, Outgoing, Rejected
from bot.rules.zone import day_of, local, moment
from bot.words import day as short_day
from bot.words import fold, uncapital
from storage import areas, commitments, occurrences, people
from storage.occurrences import Due
from storage.scope import SYSTEM, Viewer
from storage.tables import Commitment, Visit

KIND = "commitment"
DONE = "xong"
SHOWN = 5  # under the receipt of a visit


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """ "VH-640" shows it, "VH-640 xong" says it is done."""
    number = words.code.number if words.code else 0
    found = commitments.by_number(session, viewer, number)
    if found is None:
        raise Rejected(f"Không tìm thấy VH-{number}.")
    if not words.rest:
        return [_card(session, viewer, found)]
    if fold(words.rest).rstrip(".") not in (DONE, "da xong", "da lam", "da lam xong"):
        raise Rejected(f"Xin nhắn: VH-{number} {DONE}.")
    if not _may_settle(session, viewer, found):
        raise Rejected(f"VH-{number} do đồng chí theo dõi và xã cho biết kết quả.")
    if not commitments.done(session, found, by_id=viewer.person_id, at=at):
        return [Outgoing(f"VH-{number}: {_done_by(session, found)}.")]
    occurrences.withdraw(session, f"{KIND}:{found.id}")
    return [Outgoing(f"Đã ghi: VH-{number} đã xong.", kind="receipt")]


def _may_settle(session: Session, viewer: Viewer, found: Commitment) -> bool:
    who = commitments.maker(session, viewer, found)
    mine = who == viewer.person_id or who in viewer.helps
    return mine or found.area_id in viewer.follows | viewer.communes


def _card(session: Session, viewer: Viewer, found: Commitment) -> Outgoing:
    area = areas.by_id(session, found.area_id)
    where = f" · {area.name}" if area else ""
    due = f"\nHạn {short_day(found.due_on)}" if found.due_on else ""
    card = Outgoing(f"VH-{found.number}{where}\n“{found.text}”{due}")
    if found.done_at is not None:
        return Outgoing(f"{card.text}\n{_done_by(session, found)}")
    if not _may_settle(session, viewer, found):
        return card
    return card.with_row(_button(found))


def _done_by(session: Session, found: Commitment) -> str:
    who = people.by_id(session, found.done_by_id) if found.done_by_id else None
    by = f"{named(who)} " if who else ""
    assert found.done_at is not None
    return f"{by}cho biết đã xong ngày {short_day(local(found.done_at).date())}"


def _button(found: Commitment) -> Option:
    return Option(f"VH-{found.number} đã xong", f"VH-{found.number} {DONE}")


def asked_about(session: Session, viewer: Viewer, visit: Visit, receipt: Outgoing) -> Outgoing:
    """The receipt of a visit, with what earlier visits to the area promised and is still open."""
    left = commitments.open_before(session, viewer, visit)[:SHOWN]
    if not left:
        return receipt
    lines = [f"VH-{one.number} {excerpt(one.text)}" for one in left]
    text = "\n".join([receipt.text, "", "Việc hẹn lần trước, việc nào xong xin bấm:", *lines])
    return Outgoing(text, receipt.rows, kind=receipt.kind).with_row(*map(_button, left))


def morning(session: Session, on: Day) -> Iterable[Said]:
    """One working day before its day, and once more when it is over, to whoever made it."""
    last = on.calendar.add_workdays(on.today, 1)
    for found, who in commitments.falling_due(session, SYSTEM, last):
        if found.due_on is None:
            continue
        area = areas.by_id(session, found.area_id)
        step = "after" if on.today > found.due_on else "before"
        late = "đã quá hạn" if step == "after" else f"hạn {short_day(found.due_on)}"
        where = f", {uncapital(area.name)}" if area else ""
        text = f"VH-{found.number}{where}, việc hẹn lại {late}: {excerpt(found.text)}"
        at = moment(found.due_on, on.province.send_at)
        due = Due(KIND, f"{KIND}:{found.id}", at, f"{step} {who}")
        yield who, Line(text, due=(due,), options=(_button(found),))


def waits(session: Session, viewer: Viewer, at: datetime) -> list[Waiting]:
    """Those with a day that have come due, of the viewer's areas."""
    known = areas.by_ids(session, viewer.follows)
    return [
        Waiting(
            f"VH-{one.number}",
            f"{known[one.area_id].name}: việc hẹn lại, {excerpt(one.text)}",
            one.due_on,
            f"VH-{one.number}",
        )
        for one in commitments.open_in(session, viewer, viewer.follows)
        if one.due_on is not None and one.due_on <= day_of(at) and one.area_id in known
    ]


NOUN = Noun("commitments", act, codes=("VH",))
