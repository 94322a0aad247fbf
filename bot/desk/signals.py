"""What is worth another look: a list for one named person, and each author's own part of it."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from bot import files
from bot.desk import signal_list
from bot.desk.contract import Noun, Result, Start, Words
from bot.desk.duties import province_on
from bot.messages import Option, Outgoing, Rejected
from bot.rules import signals as rules
from bot.rules.likeness import Entry
from bot.rules.period_names import read
from bot.rules.periods import Period
from bot.rules.signals import Slip
from bot.rules.zone import day_of
from bot.words import day
from storage import people, signals
from storage.scope import Viewer
from storage.signals import Listed

FORM = "signal_word"
ROLE = "ban_to_chuc"
MOST = 10
OTHER_PERIODS = (
    (Option("Tháng này", "canxemlai thang nay"), Option("Quý này", "canxemlai quy nay")),
)
NOT_YOURS = "Không có phiếu nào của đồng chí cần xem lại."


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """ "cần xem lại: quý III" for who looks; "cần xem lại", "cần xem lại CS-1437" for an author."""
    today = day_of(at)
    if not province_on(session, today).looks_again:
        raise Rejected(NOT_YOURS)
    if words.code is not None:
        return [_say(session, viewer, words.code.number)]
    if looks_again(session, viewer, today):
        return [_list(session, viewer, words, at)]
    return [_own(session, viewer)]


def looks_again(session: Session, viewer: Viewer, today: date) -> bool:
    """Whether this is the one person whom the province has named, still of the board."""
    named = people.by_code(session, province_on(session, today).looks_again)
    return named is not None and named.id == viewer.person_id and _of_the_board(viewer)


def _of_the_board(viewer: Viewer) -> bool:
    return ROLE in viewer.roles and viewer.everywhere


def _list(session: Session, viewer: Viewer, words: Words, at: datetime) -> Outgoing:
    """The workbook of a period: the last month, unless another one is named."""
    cut = province_on(session, day_of(at)).cut
    period, _ = read(words.rest or "tháng trước", day_of(at), cut)
    if period is None:
        raise Rejected("Xin ghi kỳ, ví dụ: cần xem lại: quý III.")
    look(session, viewer, period, at)
    found = signals.listed(session, viewer, period.start, period.end)
    if not found:
        return Outgoing(f"{_title(period)}: không có phiếu nào.", OTHER_PERIODS)
    name = f"can-xem-lai/{at:%Y%m%d%H%M%S}/can-xem-lai-{period.code}.xlsx"
    signal_list.write(found, files.place(name))
    slips = len({one.number for one in found})
    text = (
        f"{_title(period)}: {slips} phiếu, chỉ đồng chí nhận danh sách này. Đây là điều cần xem "
        "lại, chưa phải nhận xét. Mỗi đồng chí xem được phần của mình và nói rõ thêm."
    )
    return Outgoing(text, OTHER_PERIODS, files=(name,))


def _title(period: Period) -> str:
    return f"Cần xem lại {period.label}"


def look(session: Session, viewer: Viewer, period: Period, at: datetime) -> None:
    """Look through the period and a year before it, and keep what is found."""
    since = period.start - rules.BEFORE
    entered = signals.entered(session, viewer, since, period.end)
    pictures = signals.looks(session, viewer, since, period.end)
    slips = [
        Slip(
            Entry(one.id, one.person_id, one.area_id, one.visited_on, one.submitted_at, one.text),
            one.raised,
            one.on_paper,
            tuple(pictures.get(one.id, ())),
        )
        for one in entered
    ]
    authors = {one.id: one.person_id for one in entered}
    found = [(visit, authors[visit], kind, other) for visit, kind, other in _found(slips, period)]
    inside = [one.id for one in entered if one.visited_on in period]
    signals.keep(session, viewer, found, of=inside, at=at)


def _found(slips: Sequence[Slip], period: Period) -> list[tuple[int, str, int | None]]:
    """Looked for once for the same entries; it takes seconds, so the database does not wait."""
    seen = hashlib.sha256(f"{period.code} {slips!r}".encode()).hexdigest()[:16]

    def search() -> bytes:
        found = rules.signals(slips, period)
        return json.dumps([(one.visit, one.kind, one.other) for one in found]).encode()

    kept = files.made(f"can-xem-lai/{seen}/{period.code}.json", search)
    return [(visit, kind, other) for visit, kind, other in json.loads(kept.read_bytes())]


def _own(session: Session, viewer: Viewer) -> Outgoing:
    """The author's own, with a button to say more."""
    found = signals.own(session, viewer)
    if not found:
        return Outgoing(NOT_YOURS)
    shown = found[-MOST:]
    lines = ["Phiếu của đồng chí cần xem lại:", *(_line(one) for one in shown)]
    numbers = list(dict.fromkeys(one.number for one in shown if not one.explanation))
    rows = tuple((Option(f"Nói rõ CS-{n}", f"canxemlai CS-{n}"),) for n in numbers)
    return Outgoing("\n".join(lines), rows)


def _line(one: Listed) -> str:
    said = f". Đồng chí đã nói: {one.explanation}" if one.explanation else ""
    about = signal_list.about(one)
    return f"CS-{one.number}, {one.area} ngày {day(one.visited_on)}: {about}{said}"


def _say(session: Session, viewer: Viewer, number: int) -> Start:
    if all(one.number != number for one in signals.own(session, viewer)):
        raise Rejected(NOT_YOURS)
    return Start(FORM, {"_visit": number})


NOUN = Noun("signals", act, commands=("canxemlai", "can xem lai"))
