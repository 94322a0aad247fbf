"""Opinions of leaders: kept as they were said, and handed to the office until a person acts."""

from datetime import date, datetime

from sqlmodel import Session, col

from bot.conversation.dates import find_deadline
from bot.desk import case_acts, case_doing
from bot.desk.case_cards import Cards, lowered, named
from bot.desk.contract import Noun, Result, Start, Words
from bot.messages import Option, Outgoing, Rejected
from bot.rules import cases as rules
from bot.words import fold
from storage import audit, cases
from storage.scope import Viewer
from storage.tables import Case, Opinion

GIVE = "cho y kien"
GENERAL = "chung"
TO_THE_OFFICE = (
    "Ý kiến của đồng chí được chuyển Chánh Văn phòng để thể chế bằng văn bản, chưa gửi cơ sở."
)
LEADERS = frozenset({"thuong_truc"})
OFFICE = frozenset({"tong_hop", "duyet"})
DONE = "xong"


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """ "cho ý kiến": what waits for one; "cho ý kiến KN-287", "cho ý kiến chung": give it."""
    cards = Cards(session, viewer, at)
    if words.code is not None and words.code.kind == "KN":
        case = case_acts.take(session, viewer, words.code.number)
        return case_doing.said(cards, case, words.rest or GIVE, pressed=True)
    if words.rest[:1].isdigit():
        return [_at_the_office(cards, words.rest)]
    if not viewer.roles & LEADERS and not viewer.in_charge:
        raise Rejected("Phần cho ý kiến dành cho Thường trực và đồng chí phụ trách địa bàn.")
    if fold(words.rest) == GENERAL:
        return [Start("opinion")]
    return [_asked_for(cards)]


def _at_the_office(cards: Cards, rest: str) -> Outgoing | Start:
    """What a person of the office makes of an opinion: "ykien 12" shows it and the ways."""
    number, _, done = rest.partition(" ")
    waiting = cases.unhandled_opinions(cards.session, cards.viewer)
    found = next(((one, case) for one, case in waiting if str(one.id) == number), None)
    if found is None or not cards.viewer.roles & OFFICE:
        raise Rejected("Ý kiến này không còn chờ Văn phòng.")
    opinion, case = found
    match fold(done):
        case "":
            return _shown(cards, opinion, case)
        case "truyen dat":
            return Start("directive", {"text": opinion.text, "_opinion": opinion.id})
        case "tra loi" if case is not None:
            return Start("case_answer", {"_case": case.number, "text": opinion.text})
        case "giao" if case is not None:
            return Start("case_assign", {"_case": case.number, "text": opinion.text})
    settle(cards.session, cards.viewer, opinion, "văn bản", cards.at)
    return Outgoing("Đã ghi: ý kiến đã được thể chế bằng văn bản.", kind="receipt")


def _shown(cards: Cards, opinion: Opinion, case: Case | None) -> Outgoing:
    """The opinion as it was said, and what it can be made into; nothing happens by itself."""
    leader = cards.person(opinion.person_id)
    who = named(leader, post=True) if leader else "lãnh đạo"
    about = f"về {cards.title(case)}" if case else "chung"
    may = {one.token for one in cards.possible(case)} if case else set()
    ways = [("Đã có văn bản", f"KN-{case.number} van ban" if case else _way(opinion, DONE))]
    ways += [("Chuyển thành trả lời", _way(opinion, "tra loi"))] if "answer" in may else []
    ways += [("Giao đơn vị giải quyết", _way(opinion, "giao"))] if "assign" in may else []
    ways.append(("Thành nội dung cần truyền đạt", _way(opinion, "truyen dat")))
    ways += [(f"Xem KN-{case.number}", f"KN-{case.number}")] if case else []
    text = f'Ý kiến {about} của {who}:\n"{opinion.text}"'
    return Outgoing(text, tuple((Option(*way),) for way in ways))


def _way(opinion: Opinion, words: str) -> str:
    return f"ykien {opinion.id} {words}"


def settle(session: Session, viewer: Viewer, opinion: Opinion, made: str, at: datetime) -> None:
    """A person has made something of the opinion: a document, an answer, a directive."""
    opinion.handled_at, opinion.handled_by_id = at, viewer.person_id
    opinion.handled_as = made
    audit.note(session, "opinion.handle", "opinion", opinion.id, by=viewer.person_id, at=at)


def made_directive(
    session: Session, viewer: Viewer, opinion_id: int, code: str, at: datetime
) -> None:
    """The directive that an opinion was made into has been issued."""
    for opinion, _ in cases.unhandled_opinions(session, viewer):
        if opinion.id == opinion_id:
            settle(session, viewer, opinion, code, at)


def _asked_for(cards: Cards) -> Outgoing:
    """The cases on which this viewer's opinion is wanted, each a button."""
    waiting = [
        case
        for case in cases.listed(cards.session, cards.viewer, col(Case.state).in_(_WANTED))
        if any(one.token in ("give_opinion", "board_opinion") for one in cards.possible(case))
    ]
    rows = [Option(f"KN-{case.number}", f"{GIVE} KN-{case.number}") for case in waiting[:8]]
    lines = [f"KN-{c.number} {cards.area(c)}: {lowered(cards.name(c))}" for c in waiting[:8]]
    general = (Option("Ý kiến chung", f"{GIVE} {GENERAL}"),)
    text = "\n".join(["Đồng chí cho ý kiến về nội dung nào?", *lines])
    return Outgoing(text, (*(tuple(rows[n : n + 3]) for n in range(0, len(rows), 3)), general))


_WANTED = ("with_member", "with_board", "with_office", "drafted", "further")


def decides(cards: Cards, case: Case) -> bool:
    """Whether the viewer's opinion is the answer: a member in charge, on a case not answered."""
    return any(one.token == "give_opinion" for one in cards.possible(case))


def give(
    cards: Cards, case: Case | None, text: str, *, report_id: int | None = None
) -> list[Outgoing]:
    """Keep an opinion. The member's own answers his case; any other stops at the office."""
    deadline = find_deadline(text, cards.today)
    mine = case is not None and decides(cards, case)
    if case is not None and not mine and not _leads(cards, case):
        # Somebody whose turn is over learns what came between; nobody else has a say.
        return case_doing.perform(cards, case, "give_opinion", text)
    opinion = Opinion(
        case_id=case.id if case else None,
        report_id=report_id,
        person_id=cards.viewer.person_id,
        text=text,
        due_on=deadline,
        given_at=cards.at,
    )
    cards.session.add(opinion)
    about = ("case", case.id) if case else ("report", report_id)
    audit.note(cards.session, "opinion.give", *about, by=cards.viewer.person_id, at=cards.at)
    if case is None:
        return [Outgoing("Đã ghi. " + TO_THE_OFFICE, kind="receipt")]
    return _on_case(cards, case, opinion, mine=mine, deadline=deadline)


def _on_case(
    cards: Cards, case: Case, opinion: Opinion, *, mine: bool, deadline: date | None
) -> list[Outgoing]:
    if mine:
        return case_doing.perform(cards, case, "give_opinion", opinion.text, promised=deadline)
    if case.state == "with_board":
        case_doing.perform(cards, case, "board_opinion", opinion.text)
    else:
        case_acts.record(
            cards.session, case, "opinion", cards.viewer.person_id, cards.at, opinion.text
        )
    return [Outgoing(f"Đã ghi ý kiến về KN-{case.number}. {TO_THE_OFFICE}", kind="receipt")]


def _leads(cards: Cards, case: Case) -> bool:
    """The standing board on any case; the member in charge on his own, once it is answered."""
    parts = cards.parts(case)
    return rules.BOARD in parts or (rules.MEMBER in parts and case.state in rules.OPEN)


NOUN = Noun("opinions", act, commands=(GIVE, "ykien"))
