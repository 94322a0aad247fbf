"""Who else is told when something happens to a case, and in which words."""

from collections.abc import Iterable
from dataclasses import replace

from bot.desk import case_acts, case_verbs
from bot.desk.case_cards import Cards, lowered, named, short
from bot.messages import Option, Outgoing
from bot.rules import cases as rules
from bot.rules.zone import local, moment
from bot.words import capital
from bot.words import day as day_month
from storage import people
from storage.tables import Case, CaseEvent, Person

WORD_HINT = 'Có thể viết thêm, ví dụ: "KN-{number} xong một phần, lan can chưa làm".'


def raised(cards: Cards, case: Case) -> list[Outgoing]:
    """A case raised in the commune's name reaches the commune as a copy, at once."""
    seat = people.seat(cards.session, _parties(cards, case).commune, cards.today)
    written_there = case.raised_by_id in {person.id for person in seat}
    if case.source != "cap_uy" or written_there:
        return []
    author = cards.person(case.raised_by_id)
    who = named(author, post=True) if author else "cán bộ theo dõi"
    text = (
        f"{capital(who)} ghi một kiến nghị của Đảng ủy xã: KN-{case.number}\n"
        f'"{case.text}"\n{capital(cards.where(case))}.'
    )
    return [_at_once(cards, _notice(case, person, text)) for person in seat]


def written_for(cards: Cards, case: Case) -> list[Outgoing]:
    """Somebody else wrote: the author is told at once."""
    author, writer = cards.person(case.raised_by_id), cards.person(cards.viewer.person_id)
    if author is None or writer is None or author.id == writer.id:
        return []
    text = f'{capital(named(writer))} gửi hộ đồng chí KN-{case.number}:\n"{case.text}"'
    see = ((Option(f"Xem KN-{case.number}", f"KN-{case.number}"),),)
    return [_at_once(cards, _notice(case, author, text, see))]


def after(cards: Cards, case: Case, event: CaseEvent) -> list[Outgoing]:
    """The messages that an act causes to others than the one who acted."""
    act = rules.ACTS[event.act]
    if act.to == "answered":
        found = _answered(cards, case)
    elif case.state == "told" or act.token == "promise_due":
        found = _asked(cards, case, event)
    elif act.token in _TOLD_ON:
        found = _told_on(cards, case, event)
    else:
        found = []
    return [one for one in found if one.person_id != event.by_id]


def _answered(cards: Cards, case: Case) -> list[Outgoing]:
    parties = _parties(cards, case)
    cadre = cards.person(parties.cadre)
    text = answer_text(cards, case)
    found = []
    if cadre is not None:
        asked = _and_then(text, f"Xin đồng chí thông tin lại {commune_word(cards, case)}.")
        acts = [rules.ACTS["tell"], rules.ACTS["clarify"]]
        rows = case_verbs.buttons(case.number, acts, place=commune_word(cards, case))
        found.append(_notice(case, cadre, asked, rows))
    author = cards.person(case.raised_by_id)
    seat = people.seat(cards.session, parties.commune, cards.today)
    if cadre is None:
        return [*found, *(_ask(case, person, text) for person in seat)]
    who = capital(named(cadre))
    copy = _and_then(text, f"{who} sẽ thông tin lại {commune_word(cards, case)}.")
    readers = [*seat, *([author] if author and author.id != cadre.id else [])]
    return [*found, *(_notice(case, person, copy) for person in _each(readers))]


def answer_text(cards: Cards, case: Case) -> str:
    """KN-312 …: đã có trả lời, by whom, in which words, until when."""
    term = f"\nThời hạn: {day_month(case.promised_on)}." if case.promised_on else ""
    return (
        f"{cards.title(case)}: đã có trả lời\n"
        f'{capital(_answerer(cards, case))}:\n"{case.answer}"{term}'
    )


def _and_then(text: str, sentence: str) -> str:
    """One sentence more: on the last line, or under a quotation."""
    return f"{text} {sentence}" if text.endswith(".") else f"{text}\n{sentence}"


def _answerer(cards: Cards, case: Case) -> str:
    by = cards.person(case.answer_by_id)
    parties = _parties(cards, case)
    if by is not None and by.id == parties.member:
        return named(by, post=True)
    return cards.province.office


def _asked(cards: Cards, case: Case, event: CaseEvent) -> list[Outgoing]:
    """The commune is asked how things stand."""
    seat = people.seat(cards.session, _parties(cards, case).commune, cards.today)
    why = _why_asked(cards, case, event)
    text = f"{cards.title(case)}: {why}. Xin {commune_word(cards, case)} cho biết thực tế."
    return [_ask(case, person, text) for person in seat]


def _why_asked(cards: Cards, case: Case, event: CaseEvent) -> str:
    if event.act in ("report_result", "settle_by_document"):
        return lowered(event.text.rstrip("."))
    if event.act == "promise_due":
        return f"đã hết thời hạn {event.text} nêu trong trả lời"
    by = cards.person(event.by_id)
    return f"{named(by)} đã thông tin lại trả lời" if by else "đã có trả lời"


def _ask(case: Case, person: Person, text: str) -> Outgoing:
    words = ("word_done", "word_partly", "word_not_yet", "word_reconsider")
    rows = case_verbs.buttons(case.number, [rules.ACTS[word] for word in words])
    hint = WORD_HINT.format(number=case.number)
    return _notice(case, person, f"{text.rstrip()}\n{hint}", rows)


_TOLD_ON = {
    "word_done": ("cadre",),
    "word_partly": ("cadre",),
    "word_not_yet": ("cadre",),
    "word_reconsider": ("cadre",),
    "pass_up": ("cadre", "commune"),
    "end_unresolved": ("cadre", "commune", "author"),
    "merge": ("author",),
    "withdraw": ("cadre", "commune"),
}


def _told_on(cards: Cards, case: Case, event: CaseEvent) -> list[Outgoing]:
    """One line about what somebody did, to those whom it concerns."""
    by = cards.person(event.by_id)
    who = f"{named(by)} " if by else ""
    said = f': "{event.text}"' if event.text else ""
    text = f"{cards.title(case)}\n{capital(who + rules.ACTS[event.act].done)}{said}."
    see = ((Option(f"Xem KN-{case.number}", f"KN-{case.number}"),),)
    readers = _readers(cards, case, _TOLD_ON[event.act])
    return [_notice(case, person, text, see) for person in readers]


def _readers(cards: Cards, case: Case, parts: Iterable[str]) -> list[Person]:
    parties = _parties(cards, case)
    found: list[Person | None] = []
    for part in parts:
        if part == "commune":
            found += people.seat(cards.session, parties.commune, cards.today)
        else:
            found.append(cards.person(parties.cadre if part == "cadre" else case.raised_by_id))
    return _each([person for person in found if person is not None])


def _each(readers: list[Person]) -> list[Person]:
    return list({person.id: person for person in readers}.values())


def _notice(
    case: Case,
    person: Person,
    text: str,
    rows: tuple[tuple[Option, ...], ...] = (),
    *,
    kind: str = "line",
) -> Outgoing:
    """A line of the person's next morning message; nothing here is urgent."""
    about = ("case", case.id or 0)
    return Outgoing(text.rstrip(), rows, kind=kind, person_id=person.id, about=about)


def _at_once(cards: Cards, message: Outgoing) -> Outgoing:
    """By itself, by day; in the quiet hours with the next morning."""
    begins, ends = cards.province.quiet
    now = local(cards.at)
    if ends <= now.time() < begins:
        return replace(message, kind="notice")
    day = cards.day.calendar.add_workdays(now.date(), 1 if now.time() >= begins else 0)
    return replace(message, kind="notice", not_before=moment(day, cards.province.send_at))


def _parties(cards: Cards, case: Case) -> rules.Parties:
    return case_acts.parties_of(cards.session, case, cards.today)


def commune_word(cards: Cards, case: Case) -> str:
    """xã, phường: the first word of the area's name."""
    return cards.commune(case)


def receipt(cards: Cards, case: Case) -> str:
    """What the author of a case is told: who has it, until when."""
    code = f"Kiến nghị KN-{case.number}"
    if case.state in rules.ENDED:
        return f"{code}: {rules.STATES[case.state].label}."
    due = day_month(case.due_on) if case.due_on else ""
    if case.state == "with_commune":
        return f"{code} đã chuyển {commune_word(cards, case)} giải quyết; hạn {due}."
    return f"{code} đã chuyển {_taker(cards, case)}; hạn trả lời {due}."


def _taker(cards: Cards, case: Case) -> str:
    owner = cards.person(case.owner_id)
    if owner is None:
        return cards.province.office
    post = owner.post.removesuffix(f" {cards.province.committee}")
    return f"{named(owner)}, {post} phụ trách địa bàn" if post else named(owner)


def passed_back_to(cards: Cards, case: Case) -> str:
    """Whom the commune's word has gone to: the body that acts, and whoever holds the case."""
    owner = cards.person(case.owner_id)
    holder = named(owner) if owner else cards.province.office
    unit = cards.unit(case)
    return f"{unit} và {holder}" if unit and unit != holder else holder


def name_of(case: Case) -> str:
    """KN-312 (sửa cầu thôn 3)."""
    return f"KN-{case.number} ({lowered(short(case.text))})"
