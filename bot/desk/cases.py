"""Cases at the desk: raised here, listed, shown, and moved by those whose turn it is."""

from datetime import datetime, time

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col

from bot.conversation.commands import MORE
from bot.desk import case_acts, case_doing, case_notices, case_raising
from bot.desk.case_cards import Cards
from bot.desk.contract import Noun, Result, Words
from bot.messages import Option, Outgoing, Rejected
from bot.rules.zone import moment
from bot.words import fold, natural, uncapital
from storage import areas, cases
from storage.scope import Viewer
from storage.tables import Case

PAGE = 8
LONG = "kiennghi"  # on the keyboard and in the menu; "kn" is typed for the list alone
NEW = "moi"
LATE = "qua han"
HAND_ALL = "giao tham muu"


def raise_case(
    session: Session,
    viewer: Viewer,
    *,
    area_id: int,
    text: str,
    source: str,
    kind: str,
    field_id: int | None,
    visit_id: int | None,
    outcome: str,
    document: str,
    raised_by_id: int,
    at: datetime,
) -> tuple[Case, list[Outgoing]]:
    """A new case, and the messages to others that it causes at once (not the author's receipt).

    Without a field the key words propose one. What a commune learns of a visit's cases goes with
    the notice of that visit.
    """
    if not viewer.everywhere and area_id not in viewer.areas:
        raise Rejected("Địa bàn này không thuộc phần của đồng chí.")
    new = case_acts.New(
        area_id, text, source, kind, field_id, visit_id, outcome, document, raised_by_id
    )
    case = case_acts.create(session, viewer, new, at)
    return case, case_notices.raised(Cards(session, viewer, at), case)


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """ "kn", "kiến nghị: …", "KN-312", "KN-312 giao Văn phòng tham mưu"."""
    cards = Cards(session, viewer, at)
    if words.command == HAND_ALL:
        return case_doing.hand_all(cards, words.rest)
    if words.code is None:
        return _without_code(cards, words)
    case = case_acts.take(session, viewer, words.code.number)
    if not words.rest.strip():
        return [cards.shown(case)]
    return case_doing.said(cards, case, words.rest, pressed=bool(words.incoming.token))


def _without_code(cards: Cards, words: Words) -> Result:
    """A commune that presses "Kiến nghị của xã" reads the list and may go on with a new one."""
    late, page = _page(words.rest)
    if words.command == LONG and not words.rest and case_raising.from_commune(cards.viewer):
        stands = _stands(cards)
        return [case_raising.begin(cards.session, cards.viewer, "", cards.today, stands=stands)]
    if page is not None:
        return [listed(cards, start=page, late=late)]
    text = "" if fold(words.rest) == NEW else words.rest
    return [case_raising.begin(cards.session, cards.viewer, text, cards.today)]


def _stands(cards: Cards) -> str:
    """The first lines of the list, over the question what else there is."""
    first = listed(cards)
    more = any(option.label == MORE for row in first.rows for option in row)
    return f"{first.text} Xem hết: nhắn kn." if more else first.text


def _page(rest: str) -> tuple[bool, int | None]:
    """(only the overdue, from which line on) of "", "tiep 8", "qua han", "qua han tiep 8"."""
    said = fold(rest)
    late = said == LATE or said.startswith(f"{LATE} tiep ")
    said = said.removeprefix(LATE).strip() if late else said
    if not said:
        return late, 0
    word, _, number = said.partition(" ")
    return late, natural(number) if word == "tiep" else None


def listed(cards: Cards, *, start: int = 0, late: bool = False) -> Outgoing:
    """Where the viewer's cases stand (the overdue ones only), the most urgent first."""
    mine = _mine(cards.viewer)
    which = cases.overdue_on(cards.today) if late else cases.open_now()
    found = cases.listed(cards.session, cards.viewer, mine, which)
    found.sort(key=lambda case: (case.due_on or cards.today, case.number))
    year = moment(cards.today.replace(month=1, day=1), time.min)
    ended = cases.counted(
        cards.session,
        cards.viewer,
        mine,
        col(Case.ended_at).is_not(None),
        col(Case.ended_at) >= year,
    )
    single = len({case.area_id for case in found}) == 1 and bool(cards.viewer.communes)
    figures = f"{len(found)} đang giải quyết, {ended} đã kết thúc trong năm"
    head = f"{_whose(cards)}: {f'{len(found)} quá hạn' if late else figures}"
    shown = found[start : start + PAGE]
    lines = [cards.line(case, area=not single) for case in shown]
    tail = ["Nhắn mã để xem chi tiết."] if shown else []
    rows: list[tuple[Option, ...]] = []
    if len(found) > start + PAGE:
        rows.append((Option(MORE, f"kn {LATE + ' ' if late else ''}tiep {start + PAGE}"),))
    if case_raising.may_raise(cards.viewer):
        rows.append((Option("Gửi kiến nghị mới", f"kn {NEW}"),))
    return Outgoing("\n".join([head, *lines, *tail]), tuple(rows))


def _whose(cards: Cards) -> str:
    if case_raising.from_commune(cards.viewer):
        held = areas.by_ids(cards.session, cards.viewer.communes)
        if held:
            return f"Kiến nghị của {uncapital(next(iter(held.values())).name)}"
    return (
        "Kiến nghị trên địa bàn của đồng chí"
        if case_raising.may_raise(cards.viewer)
        else "Kiến nghị"
    )


def _mine(viewer: Viewer) -> ColumnElement[bool]:
    """The cases that are the viewer's own: of the areas held, raised, or owned."""
    held = viewer.follows | viewer.in_charge | viewer.communes
    me = sorted({viewer.person_id} | viewer.helps)
    if viewer.everywhere and not held:
        return col(Case.id).is_not(None)
    raised = or_(col(Case.raised_by_id).in_(me), col(Case.owner_id).in_(me))
    return or_(raised, cases.of_areas(held | (viewer.whole if viewer.helps else frozenset())))


NOUN = Noun(
    "cases",
    act,
    commands=(LONG, "kn", "kien nghi", HAND_ALL),
    codes=("KN",),
    shows={LONG: "Kiến nghị"},
)
