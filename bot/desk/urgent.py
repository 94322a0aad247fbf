"""Báo ngay: what cannot wait is told to the superior at once, then to the next, until taken."""

from datetime import datetime

from sqlmodel import Session

from bot.conversation.form import DIRECT
from bot.desk import case_acts, case_raising
from bot.desk.case_cards import Cards, named
from bot.desk.cases import raise_case
from bot.desk.contract import Noun, Result, Start, Words
from bot.desk.duties import province_on
from bot.messages import Option, Outgoing, Rejected
from bot.rules import alerts as rules
from bot.rules.zone import day_of, local
from bot.words import capital
from storage import alerts, outbox, people
from storage.scope import Viewer
from storage.tables import Alert, Case, Person

RAISE = ("baongay", "bao ngay")
TAKE = ("danhan", "da nhan")
SURE = "now"
FIRST_LINE = "KHẨN: 1 việc cần xem ngay"


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """ "báo ngay: …" asks first; "đã nhận KN-320" takes what was told."""
    if words.command in TAKE:
        return _taken(session, viewer, words, at)
    begin = case_raising.begin(session, viewer, words.rest, day_of(at))
    area = begin.answers.get("area_id")
    if DIRECT not in begin.answers or area is None:
        return [Start("urgent", {**begin.answers, DIRECT: None})]
    author = int(begin.answers.get("_for") or viewer.person_id)
    reach = to_whom(session, author, int(area), at)  # a commune reads it before it writes
    return [Start("urgent", {**begin.answers, "sure": SURE, "_reach": reach})]


def chain_of(session: Session, area_id: int, author: int, at: datetime) -> list[Person]:
    """Who is told, in this order; only those who can be reached."""
    today = day_of(at)
    parties = case_acts.around(session, area_id, author, today)
    offices = [
        [person.id or 0 for person in people.holders(session, role, today)]
        for role in ("duyet", "tong_hop")
    ]
    ids = rules.chain(parties.member, *offices, author=author)
    linked = people.linked(session, ids)
    known = people.by_ids(session, ids)
    return [known[one] for one in ids if one in linked]


def to_whom(session: Session, author: int, area_id: int, at: datetime) -> str:
    """What is read before it goes out; Rejected where it would reach nobody."""
    found = chain_of(session, area_id, author, at)
    duty = province_on(session, day_of(at)).duty
    call = f"\nXin gọi trước nếu có thể: trực ban {duty}." if duty else ""
    if not found:
        raise Rejected(f"Chưa có đồng chí nào nhận được tin khẩn qua hệ thống.{call}")
    whom = f"{named(found[0], post=True)}"
    rest = ", ".join(named(person) for person in found[1:3])
    then = f"; chưa ai nhận thì báo tiếp {rest}" if rest else ""
    return f"Báo ngay đến: {whom}{then}, kể cả ngoài giờ.{call}"


def send(
    session: Session, viewer: Viewer, *, area_id: int, text: str, author: int, at: datetime
) -> list[Outgoing]:
    """A case like any other, and an alert about it."""
    people_told = chain_of(session, area_id, author, at)
    to_whom(session, author, area_id, at)
    case, others = raise_case(
        session,
        viewer,
        area_id=area_id,
        text=text,
        source="cap_uy" if case_raising.from_commune(viewer) else "can_bo",
        kind="phan_anh",
        field_id=None,
        visit_id=None,
        outcome="passed_up",
        document="",
        raised_by_id=author,
        at=at,
    )
    alert = alerts.begin(
        session,
        Alert(
            case_id=case.id or 0,
            by_id=viewer.person_id,
            begun_at=at,
            chain=[person.id or 0 for person in people_told],
            told=1,
            told_at=at,
        ),
    )
    first = named(people_told[0])
    receipt = f"Đã báo ngay KN-{case.number} đến {first}. Có người nhận, hệ thống báo lại đồng chí."
    return [
        Outgoing(receipt, kind="receipt"),
        push(Cards(session, viewer, at), alert, case, people_told[0].id or 0),
        *others,
    ]


def push(cards: Cards, alert: Alert, case: Case, person_id: int) -> Outgoing:
    """What a person of the chain gets, at any hour and on every channel."""
    by = cards.person(alert.by_id)
    who = named(by) if by else "cơ sở"
    text = (
        f"{FIRST_LINE}\n"
        f"KN-{case.number} {cards.area(case)}, {who} báo lúc {local(alert.begun_at):%H:%M}:\n"
        f"“{case.text}”"
    )
    row = (
        Option(f"Đã nhận KN-{case.number}", f"da nhan KN-{case.number}"),
        Option(f"Xem KN-{case.number}", f"KN-{case.number}"),
    )
    about = (alerts.KIND, alert.id or 0)
    return Outgoing(text, (row,), kind="urgent", person_id=person_id, about=about)


def given_up(cards: Cards, alert: Alert, case: Case) -> Outgoing:
    """Everybody was told in vain: the author has to call."""
    duty = cards.province.duty
    call = f" Xin gọi trực ban {duty}." if duty else " Xin gọi trực tiếp."
    text = f"KN-{case.number}: đã báo {len(alert.chain)} đồng chí, chưa ai bấm Đã nhận.{call}"
    return Outgoing(text, kind="urgent", person_id=alert.by_id)


def _taken(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    found = None
    if words.code is not None and words.code.kind == "KN":
        found = alerts.of_case(session, viewer, words.code.number)
    if found is None:
        raise Rejected("Xin bấm nút dưới tin khẩn, hoặc nhắn: đã nhận KN-…")
    alert, case = found
    if viewer.person_id not in alert.chain:
        raise Rejected(f"KN-{case.number} không báo đến đồng chí.")
    if not alerts.close(session, alert, at, viewer.person_id):
        return [_before(Cards(session, viewer, at), alert, case)]
    outbox.cancel_about(session, alerts.KIND, alert.id or 0)
    return [
        Outgoing(f"Đã ghi: đồng chí nhận KN-{case.number}.", kind="receipt").with_row(
            Option(f"Xem KN-{case.number}", f"KN-{case.number}")
        ),
        taken(Cards(session, viewer, at), alert, case, at),
    ]


def _before(cards: Cards, alert: Alert, case: Case) -> Outgoing:
    by = cards.person(alert.taken_by_id)
    mine = by is not None and by.id == cards.viewer.person_id
    who = "đồng chí" if mine or by is None else named(by)
    return Outgoing(
        f"KN-{case.number}: {who} đã nhận lúc {local(alert.closed_at or cards.at):%H:%M}."
    )


def taken(cards: Cards, alert: Alert, case: Case, at: datetime) -> Outgoing:
    """The author learns at once who has it."""
    by = cards.person(alert.taken_by_id)
    who = capital(named(by)) if by else "Văn phòng"
    text = f"{who} đã nhận KN-{case.number} lúc {local(at):%H:%M}."
    return Outgoing(text, kind="urgent", person_id=alert.by_id)


NOUN = Noun("urgent", act, commands=(*RAISE, *TAKE), shows={"baongay": "Báo ngay việc khẩn"})
