"""Who else is told when something happens to a case, and in which words."""

from collections.abc import Iterable

from sqlmodel import col

from bot.desk import case_acts, case_verbs
from bot.desk.case_cards import Cards, lowered, named, short
from bot.desk.duties import day_at
from bot.desk.quiet import at_work
from bot.messages import Option, Outgoing
from bot.rules import cases as rules
from bot.words import capital
from bot.words import day as day_month
from storage import assignments, cases, people
from storage.scope import SYSTEM
from storage.tables import Case, CaseEvent, Person

WORD_HINT = 'Có thể viết thêm, ví dụ: "KN-{number} xong một phần, lan can chưa làm".'


def raised(cards: Cards, case: Case) -> list[Outgoing]:
    """Copies for those named by area; one in the commune's name reaches it by itself."""
    return [*_to_commune(cards, case), *_copies(cards, case)]


def _to_commune(cards: Cards, case: Case) -> list[Outgoing]:
    seat = people.seat(cards.session, _parties(cards, case).commune, cards.today)
    written_there = case.raised_by_id in {person.id for person in seat}
    if case.source != "cap_uy" or written_there:
        return []
    author = cards.person(case.raised_by_id)
    who = named(author, post=True) if author else "cán bộ theo dõi"
    text = (
        f"{capital(who)} ghi một kiến nghị của Đảng ủy {cards.commune(case)}: KN-{case.number}\n"
        f'"{case.text}"\n{capital(cards.where(case))}.'
    )
    on = day_at(cards.session, cards.at)
    return [at_work(_notice(case, person, text), on) for person in seat]


def _copies(cards: Cards, case: Case) -> list[Outgoing]:
    """All in charge up the tree and all followers read of a new case; its owner stays the one."""
    near = [
        *assignments.all_in_charge(cards.session, case.area_id, cards.today),
        *assignments.followers(cards.session, case.area_id, cards.today),
    ]
    known = {case.owner_id, case.raised_by_id, cards.viewer.person_id}
    text = f"Để đồng chí biết: {cards.title(case)}\n{capital(cards.where(case))}."
    see = ((Option(f"Xem KN-{case.number}", f"KN-{case.number}"),),)
    return [_notice(case, person, text, see) for person in _each(near) if person.id not in known]


def written_for(cards: Cards, case: Case) -> list[Outgoing]:
    """Somebody else wrote: the author is told by itself."""
    author, writer = cards.person(case.raised_by_id), cards.person(cards.viewer.person_id)
    if author is None or writer is None or author.id == writer.id:
        return []
    text = f'{capital(named(writer))} gửi hộ đồng chí KN-{case.number}:\n"{case.text}"'
    see = ((Option(f"Xem KN-{case.number}", f"KN-{case.number}"),),)
    return [at_work(_notice(case, author, text, see), day_at(cards.session, cards.at))]


def after(cards: Cards, case: Case, event: CaseEvent) -> list[Outgoing]:
    """The messages that an act causes to others than the one who acted."""
    act = rules.ACTS[event.act]
    if act.to == "answered" or (act.token == "hand_over" and case.answered_at):
        found = [*_answered(cards, case), *_answered_elsewhere(cards, case)]
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


def _answered_elsewhere(cards: Cards, case: Case) -> list[Outgoing]:
    """Who raised or follows a case that was merged into this one hears of the answer too."""
    found: dict[int | None, Outgoing] = {}
    for other in cases.listed(cards.session, SYSTEM, col(Case.merged_into_id) == case.id):
        text = f"{answer_text(cards, case)}\nKN-{other.number} đã gộp vào KN-{case.number}."
        for person in _readers(cards, other, ("author", "cadre", "commune")):
            found.setdefault(person.id, _notice(case, person, text))
    own = {person.id for person in _readers(cards, case, ("author", "cadre", "commune"))}
    return [message for person, message in found.items() if person not in own]


def answer_text(cards: Cards, case: Case) -> str:
    """KN-312 …: đã có trả lời, by whom, in which words, until when."""
    term = f"\nThời hạn: {day_month(case.promised_on)}." if case.promised_on else ""
    said = rules.STATES[case.ending].label.removeprefix("kết thúc, ") if case.ending else ""
    return (
        f"{cards.title(case)}: {said or 'đã có trả lời'}\n"
        f'{capital(_answerer(cards, case))}:\n"{case.answer}"{term}'
    )


def _and_then(text: str, sentence: str) -> str:
    """One sentence more: on the last line, or under a quotation."""
    return f"{text} {sentence}" if text.endswith(".") else f"{text}\n{sentence}"


def _answerer(cards: Cards, case: Case) -> str:
    by = cards.person(case.answer_by_id)
    parties = _parties(cards, case)
    if by is not None and by.id in (parties.member, parties.department):
        return named(by, post=True)
    return cards.province.office


def _asked(cards: Cards, case: Case, event: CaseEvent) -> list[Outgoing]:
    """The commune is asked how things stand."""
    seat = people.seat(cards.session, _parties(cards, case).commune, cards.today)
    why = _why_asked(cards, case, event)
    wanted = "cho ý kiến" if case.ending else "cho biết thực tế"
    text = f"{cards.title(case)}: {why}. Xin {commune_word(cards, case)} {wanted}."
    return [_ask(case, person, text) for person in seat]


def _why_asked(cards: Cards, case: Case, event: CaseEvent) -> str:
    if event.act in ("report_result", "close_by_document"):
        return lowered(event.text.rstrip("."))
    if event.act == "promise_due":
        return f"đã hết thời hạn {event.text} nêu trong trả lời"
    by = cards.person(event.by_id)
    return f"{named(by)} đã thông tin lại trả lời" if by else "đã có trả lời"


def _ask(case: Case, person: Person, text: str) -> Outgoing:
    if case.ending:
        known = [rules.ACTS[word] for word in ("word_noted", "word_reconsider")]
        return _notice(case, person, text.rstrip(), case_verbs.buttons(case.number, known))
    words = ("word_done", "word_partly", "word_not_yet", "word_reconsider")
    rows = case_verbs.buttons(case.number, [rules.ACTS[word] for word in words])
    hint = WORD_HINT.format(number=case.number)
    return _notice(case, person, f"{text.rstrip()}\n{hint}", rows)


_TOLD_ON = {
    "word_done": ("cadre",),
    "word_partly": ("cadre",),
    "word_not_yet": ("cadre",),
    "word_reconsider": ("cadre",),
    "word_noted": ("cadre",),
    "commune_result": ("cadre", "author"),
    "pass_up": ("cadre", "commune"),
    "merge": ("author", "cadre", "commune"),
    "withdraw": ("cadre", "commune"),
}


def _told_on(cards: Cards, case: Case, event: CaseEvent) -> list[Outgoing]:
    """One line about what somebody did, to those whom it concerns."""
    by = cards.person(event.by_id)
    who = f"{named(by)} " if by else ""
    said = f': "{event.text}"' if event.text else ""
    if event.act == "merge":
        said = f" {event.text}"  # a code, nobody's words
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
    if owner is not None and owner.id == case.department_id:
        return f"{cards.unit_of(owner)}, {holder}"
    unit = cards.unit(case)
    return f"{unit} và {holder}" if unit and unit != holder else holder


def name_of(case: Case) -> str:
    """KN-312 (sửa cầu thôn 3)."""
    return f"KN-{case.number} ({lowered(short(case.text))})"
