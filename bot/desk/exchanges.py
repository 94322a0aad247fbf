"""Exchanges (TR-…): a question and its answer between a cadre and the leaders of a commune."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.conversation.form import DIRECT
from bot.desk import case_acts
from bot.desk.contract import Result, Start, Words
from bot.desk.duties import day_at
from bot.desk.morning import Day, Line, Said
from bot.messages import Option, Outgoing, Rejected
from bot.rules.zone import day_of, local, moment
from bot.words import capital, find, fold, nfc, plain, uncapital
from bot.words import day as short_day
from storage import areas, assignments, handover, people, talks, visits
from storage.occurrences import Due
from storage.scope import SYSTEM, Viewer
from storage.tables import Area, Exchange, ExchangeMessage, Person
from storage.talks import Spoken

NEWS = "exchange_message"
DUE = "exchange_due"
TOLD_WITHIN = timedelta(days=30)  # a message nobody opened is not brought up after this
IN_A_LINE = 240  # letters of a message that are quoted in a morning message
ANSWER = "trả lời"
_ADDRESSED = re.compile(
    r"\s*(?:(?:gui|nhan|hoi)\s+)?(?:dong chi|d/c|dc)\s+(?P<name>[^:,.;\n]+)[:,]"
)


def start(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """A new exchange; after a visit ("trao đổi CS-1437") its area and cadre are known."""
    answers: dict[str, object] = {"text": words.rest} if words.rest else {}
    if words.code is not None and words.code.kind == "TR":
        return show(session, viewer, words, at)
    if words.code is not None:
        answers |= _of_visit(session, viewer, words.code.number)
    known = counterparts(session, viewer, day_of(at))
    if not known and "party" not in answers:
        raise Rejected("Trao đổi dành cho cán bộ theo dõi và Đảng ủy xã.")
    if party := usual(session, viewer, words.rest, day_of(at)):
        answers.setdefault("party", party)
    if viewer.communes and "party" in answers and not words.rest:  # no more than two messages
        return [Start("exchange_more", {f"_{key.lstrip('_')}": v for key, v in answers.items()})]
    if viewer.communes and not words.rest:
        answers[DIRECT] = True
    return [Start("exchange", answers)]


def told_later(session: Session, viewer: Viewer, text: str, at: datetime) -> Start:
    """What somebody wrote before it was said that it is for the other side; a commune's goes."""
    answers: dict[str, object] = {"text": text}
    if party := usual(session, viewer, text, day_of(at)):
        answers["party"] = party
    return Start("exchange", answers | ({DIRECT: True} if viewer.communes else {}))


def show(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """TR-205 alone shows what was said; with words behind it, these are the reply."""
    found = _exchange(session, viewer, words)
    side = side_of(viewer, found)
    if not words.rest:
        if side:
            talks.read(session, found, side, by_id=viewer.person_id, at=at)
        return [_card(session, viewer, found, side)]
    if not side:
        raise Rejected(f"TR-{found.number} là trao đổi của cán bộ theo dõi và xã.")
    if fold(words.rest) == fold(ANSWER):
        return [Start("reply", {"_exchange": found.number})]
    return reply(session, viewer, found, words.rest, at)


def begin(
    session: Session,
    viewer: Viewer,
    *,
    area_id: int,
    cadre_id: int,
    text: str,
    visit_id: int | None,
    at: datetime,
) -> list[Outgoing]:
    """Store a new exchange; the other side hears of it in its next morning message."""
    on = day_at(session, at)
    side = "commune" if area_id in viewer.communes else "cadre"
    area = areas.by_id(session, area_id)
    if area is None or (side == "cadre" and not _may_speak_for(viewer, cadre_id)):
        raise Rejected("Địa bàn này không thuộc phần của đồng chí.")
    if side == "cadre" and not people.seat(session, area_id, on.today):
        raise Rejected(f"{area.name} chưa có người nhận tin trong danh sách. Xin báo Văn phòng.")
    if side == "commune":
        cadre_id = _who_answers(session, cadre_id, area_id, at)
    new = talks.begin(
        session,
        Exchange(
            number=0,
            area_id=area_id,
            cadre_id=cadre_id,
            visit_id=visit_id,
            begun_by=side,
            begun_at=at,
            due_on=on.calendar.add_workdays(on.today, on.province.exchange_days),
        ),
        Spoken(side, viewer.person_id, text, at),
    )
    to = _party(session, new, _other(side), area)
    return [
        Outgoing(
            f"Đã gửi TR-{new.number} đến {to}, hạn trả lời {short_day(new.due_on)}.", kind="receipt"
        )
    ]


def reply(
    session: Session, viewer: Viewer, exchange: Exchange, text: str, at: datetime
) -> list[Outgoing]:
    """Add what one side says; the first word of the other side answers the exchange."""
    side = side_of(viewer, exchange)
    if not side:
        raise Rejected(f"TR-{exchange.number} là trao đổi của cán bộ theo dõi và xã.")
    now = _who_answers(session, exchange.cadre_id, exchange.area_id, at)
    if side == "cadre" and now != exchange.cadre_id:
        raise Rejected(f"TR-{exchange.number} nay do người theo dõi mới trao đổi với xã.")
    exchange.cadre_id = now
    session.add(exchange)
    first = talks.say(session, exchange, Spoken(side, viewer.person_id, text, at))
    said = (
        f"Đã {ANSWER} TR-{exchange.number}." if first else f"Đã gửi thêm vào TR-{exchange.number}."
    )
    return [Outgoing(said, kind="receipt")]


def _who_answers(session: Session, cadre_id: int, area_id: int, at: datetime) -> int:
    """The cadre, or the successor where he has left the area."""
    today = day_of(at)
    gone = handover.has_left(session, SYSTEM, cadre_id, area_id, today)
    if not gone or case_acts.covers(session, cadre_id, area_id, at):
        return cadre_id
    return case_acts.assigned(session, area_id, "theo_doi", today) or cadre_id


def side_of(viewer: Viewer, exchange: Exchange) -> str:
    """The side for which the viewer may speak: "cadre", "commune", or "" for neither."""
    if _may_speak_for(viewer, exchange.cadre_id):
        return "cadre"
    return "commune" if exchange.area_id in viewer.communes else ""


def counterparts(session: Session, viewer: Viewer, today: date) -> list[tuple[Area, Person]]:
    """With whom the viewer may begin an exchange: the area it is about, and its cadre."""
    if viewer.communes:
        mine = areas.by_ids(session, viewer.communes).values()
        return [
            (area, cadre)
            for area in mine
            for cadre in assignments.followers(session, area.id or 0, today)
        ]
    return [
        (area, cadre)
        for person_id in sorted({viewer.person_id} | viewer.helps)
        for cadre in people.by_ids(session, [person_id]).values()
        for area in assignments.areas_of(session, [person_id], today).get(person_id, [])
    ]


def usual(session: Session, viewer: Viewer, text: str, today: date) -> str | None:
    """For whom words are that do not say it, as "area cadre"; None where that must be asked.

    Of several followers of a commune it is the one whom its words begin by naming, else the one
    who gets its cases: so a commune need not choose each time.
    """
    known = {f"{area.id} {cadre.id}": cadre for area, cadre in counterparts(session, viewer, today)}
    named_first = spoken_to(text, [(key, one.full_name) for key, one in known.items()])
    if len(known) == 1 or len(named_first) == 1:
        return (named_first or list(known))[0]
    places = {key.split()[0] for key in known}
    if named_first or not viewer.communes or len(places) != 1:
        return None
    [area_id] = places
    first = case_acts.assigned(session, int(area_id), "theo_doi", today)
    return next((key for key, one in known.items() if one.id == first), next(iter(known)))


def spoken_to(text: str, known: Sequence[tuple[str, str]]) -> list[str]:
    """The keys of those whom the words address: "đồng chí Thay: danh sách gửi về đâu?"."""
    found = _ADDRESSED.match(plain(text))
    if found is None:
        return []
    start, end = found.span("name")
    return find(nfc(text)[start:end].strip(), known)


def of_party(session: Session, party: str) -> tuple[Area, Person]:
    """The area and the cadre that "12 34" stands for."""
    area_id, cadre_id = map(int, party.split())
    area, cadre = areas.by_id(session, area_id), people.by_id(session, cadre_id)
    assert area is not None
    assert cadre is not None
    return area, cadre


def morning(session: Session, on: Day) -> Iterable[Said]:
    """New messages for whoever was spoken to, and answers that fall due."""
    for exchange, message in talks.unread(session, SYSTEM, on.at - TOLD_WITHIN):
        yield from _news(session, on, exchange, message)
    for exchange in talks.open_exchanges(session, SYSTEM):
        yield from _falling_due(session, on, exchange)


def _news(
    session: Session, on: Day, exchange: Exchange, message: ExchangeMessage
) -> Iterable[Said]:
    area = areas.by_id(session, exchange.area_id)
    speaker = people.by_id(session, message.by_id)
    assert area is not None
    assert speaker is not None
    verb = _verb(exchange, message)
    who = uncapital(area.name) if message.side == "commune" else named(speaker)
    opens = exchange.answered_at is None and message.side == exchange.begun_by
    due = f" Hạn trả lời {short_day(exchange.due_on)}." if opens else ""
    about = _about(session, exchange)
    text = f"TR-{exchange.number}{about}, {who} {verb}: “{excerpt(message.text)}”{due}"
    for person in _people(session, exchange, _other(message.side), on):
        line = Line(text, due=(_told(message, person),), options=(_answer(exchange),))
        yield person.id or 0, line
    if message.side == "commune":
        done = f"TR-{exchange.number}: {named(speaker)} đã {verb} lúc {_when(message.at)}."
        for person in _people(session, exchange, "commune", on):
            if person.id != message.by_id:
                yield person.id or 0, Line(done, due=(_told(message, person),))


def _verb(exchange: Exchange, message: ExchangeMessage) -> str:
    if message.side != exchange.begun_by:
        return "trả lời"
    return "hỏi" if exchange.answered_at is None and "?" in message.text else "trao đổi"


def _about(session: Session, exchange: Exchange) -> str:
    """Which visit it is about, if any."""
    visit = visits.by_id(session, SYSTEM, exchange.visit_id) if exchange.visit_id else None
    return f" về CS-{visit.number}" if visit else ""


def _told(message: ExchangeMessage, person: Person) -> Due:
    return Due(NEWS, f"exchange:{message.exchange_id}", message.at, f"{message.id} {person.id}")


def _answer(exchange: Exchange) -> Option:
    return Option(f"Trả lời TR-{exchange.number}", f"TR-{exchange.number} {ANSWER}")


def _falling_due(session: Session, on: Day, exchange: Exchange) -> Iterable[Said]:
    """One working day before the day, and once more when it is over."""
    if on.today < on.calendar.add_workdays(exchange.due_on, -1):
        return
    area = areas.by_id(session, exchange.area_id)
    assert area is not None
    step = "after" if on.today > exchange.due_on else "before"
    words = "đã quá hạn trả lời" if step == "after" else "sắp đến hạn trả lời"
    text = f"TR-{exchange.number}, {uncapital(area.name)}: {words} ({short_day(exchange.due_on)})."
    at = moment(exchange.due_on, on.province.send_at)
    for person in _people(session, exchange, _other(exchange.begun_by), on):
        due = Due(DUE, f"exchange:{exchange.id}", at, f"{step} {person.id}")
        yield person.id or 0, Line(text, due=(due,), options=(_answer(exchange),))


def _people(session: Session, exchange: Exchange, side: str, on: Day) -> list[Person]:
    if side == "commune":
        return people.seat(session, exchange.area_id, on.today)
    return list(people.by_ids(session, [exchange.cadre_id]).values())


def _card(session: Session, viewer: Viewer, exchange: Exchange, side: str) -> Outgoing:
    area = areas.by_id(session, exchange.area_id)
    said = talks.messages(session, viewer, exchange)
    spoke, read = {one.by_id for one in said}, {one.read_by_id for one in said if one.read_by_id}
    names = people.by_ids(session, spoke | read | {exchange.cadre_id})
    assert area is not None
    cadre = names[exchange.cadre_id]
    lines = [f"TR-{exchange.number} · {area.name} · {named(cadre)}"]
    lines += [
        f"{named(names[one.by_id])}, {_when(one.at)}:\n“{one.text}”\n{_seen(one, names)}"
        for one in said
    ]
    if exchange.answered_at is None:
        lines.append(f"Chưa có trả lời, hạn {short_day(exchange.due_on)}.")
    card = Outgoing("\n\n".join(lines))
    if side:
        card = card.with_row(Option("Trả lời", f"TR-{exchange.number} {ANSWER}"))
    return card


def _seen(message: ExchangeMessage, names: dict[int, Person]) -> str:
    """Who of the other side has read it, and when."""
    reader = names.get(message.read_by_id or 0)
    if reader is None or message.read_at is None:
        return "Chưa đọc."
    return f"{capital(named(reader))} đã đọc lúc {_when(message.read_at)}."


def _exchange(session: Session, viewer: Viewer, words: Words) -> Exchange:
    number = words.code.number if words.code else 0
    found = talks.exchange_by_number(session, viewer, number)
    if found is None:
        raise Rejected(f"Không tìm thấy TR-{number}.")
    return found


def _of_visit(session: Session, viewer: Viewer, number: int) -> dict[str, object]:
    visit = visits.by_number(session, viewer, number)
    if visit is None:
        raise Rejected(f"Không tìm thấy CS-{number}.")
    return {"party": f"{visit.area_id} {visit.person_id}", "_visit": visit.id}


def _may_speak_for(viewer: Viewer, cadre_id: int) -> bool:
    return cadre_id == viewer.person_id or cadre_id in viewer.helps


def _party(session: Session, exchange: Exchange, side: str, area: Area) -> str:
    if side == "commune":
        return f"Đảng ủy {uncapital(area.name)}"
    return named(people.by_ids(session, [exchange.cadre_id])[exchange.cadre_id])


def _other(side: str) -> str:
    return "commune" if side == "cadre" else "cadre"


def named(person: Person) -> str:
    """đồng chí Nguyễn Văn Mẫu."""
    return f"{person.address} {person.full_name}"


def excerpt(text: str) -> str:
    """The beginning of a long text, on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= IN_A_LINE else flat[: IN_A_LINE - 1].rsplit(" ", 1)[0] + " …"


def _when(at: datetime) -> str:
    return f"{local(at):%H:%M} ngày {short_day(day_of(at))}"
