"""What is said or pressed under a case's code, done: acts, and the receipts for them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.conversation.dates import find_deadline
from bot.desk import case_acts, case_notices, case_verbs
from bot.desk.case_cards import Cards, lowered, named, short
from bot.desk.contract import Result, Start
from bot.messages import Option, Outgoing, Rejected
from bot.rules import cases as rules
from bot.rules.documents import with_documents
from bot.rules.vocabulary import COMMUNE_WORDS, label
from bot.words import capital, find, fold, uncapital
from bot.words import day as day_month
from storage import cases, occurrences, outbox, settings
from storage.scope import SYSTEM
from storage.tables import Case, FieldOfWork

MAKES_OFFICIAL = (
    *("approve", "answer", "paper", "assign", "to_centre", "skip_to_centre"),
    *("settle_by_document", "close_by_document", "end_unresolved", "no_sanction"),
)
"""Acts of a person by which the leaders' opinions on the case have been dealt with."""
BY_DOCUMENT = ("paper", "recommend", "settle_by_document", "close_by_document")
"""Acts whose words are the number and symbol of a document."""
AT_ONCE = ("pass_up", "commune_result")
"""What a commune says with its reason in the same message: done, without another question."""
REASONS = {"ask_board": "vượt thẩm quyền"}
"""Written into the history where nothing else was said."""
_NUMBER = re.compile(r"(?<!\d)(?:KN)?[-\s]?0*(\d{1,9})(?!\d)", re.IGNORECASE)


def said(cards: Cards, case: Case, rest: str, *, pressed: bool) -> Result:
    """Words after a code: something to look at, an act, or a sentence of a leader or the office."""
    possible = cards.possible(case)
    if fold(rest) == case_verbs.OTHER:
        return [_others(case, possible)]
    named = case_verbs.read(rest, possible)
    if named is not None:
        return _do(cards, case, *named, pressed=pressed)
    known = case_verbs.read(rest, rules.ACTS.values())
    if known is not None and (pressed or not known[1]):
        return perform(cards, case, known[0].act)  # not allowed, or not any more: it says why
    return _free(cards, case, rest)


def _do(cards: Cards, case: Case, verb: case_verbs.Verb, follows: str, *, pressed: bool) -> Result:
    if verb.form:
        return _ask_words(cards, case, verb, follows)
    match verb.act:
        case "change_field":
            return _change_field(cards, case, follows)
        case "merge":
            return _merge(cards, case, follows, pressed=pressed)
        case "withdraw" if not pressed or follows != case_verbs.SURE:
            sure = Option(f"Rút KN-{case.number}", f"KN-{case.number} rut {case_verbs.SURE}")
            return [Outgoing(f"Đồng chí rút KN-{case.number}?", ((sure,),))]
        case "withdraw":
            return perform(cards, case, verb.act)
        case "approve":
            return _approve(cards, case, follows)
    return perform(cards, case, verb.act, follows)


def _free(cards: Cards, case: Case, rest: str) -> Result:
    """What a leader types after a code is an opinion; what the office types is an answer."""
    parts = cards.parts(case)
    if rules.MEMBER in parts and rules.BOARD not in parts and case.state in rules.ENDED:
        return perform(cards, case, "give_opinion", rest)  # too late, and it says why
    if parts & {rules.MEMBER, rules.BOARD}:
        return [Start("opinion", {"_case": case.number, "text": capital(rest)})]
    forms = {"draft": "case_draft", "answer": "case_answer"}
    for act in cards.possible(case):
        if act.token in forms:
            return [Start(forms[act.token], {"_case": case.number, "text": rest})]
    shown = cards.shown(case)
    return [replace(shown, text=f"{shown.text}\n\nXin chọn một việc dưới đây.")]


def _others(case: Case, possible: Sequence[rules.Act]) -> Outgoing:
    rows = case_verbs.buttons(case.number, possible, rare=True)
    text = f"Việc khác với KN-{case.number}"
    if any(one.token == "merge" for one in possible):
        text += f"\nGộp hai kiến nghị trùng, xin nhắn: KN-{case.number} gộp vào KN-…"
    return Outgoing(text, rows)


def _ask_words(cards: Cards, case: Case, verb: case_verbs.Verb, follows: str) -> Result:
    if verb.act in AT_ONCE and follows:
        return perform(cards, case, verb.act, capital(follows))
    answers = {"_case": case.number, "text": follows or None}
    if verb.act in BY_DOCUMENT and follows:
        cited = with_documents(follows, cards.today)
        answers["text"] = cited if isinstance(cited, str) else None  # what is unsure is asked
    if verb.form == "opinion" and rules.BOARD in cards.parts(case):
        answers["_about"] = _about(cards, case)
    if verb.form == "case_approve":
        event = cases.last_event(cards.session, cards.viewer, case.id or 0, "draft")
        answers["text"] = event.text if event else None
        return [Start(verb.form, answers, ask_first="text")]
    return [Start(verb.form, answers)]


def _about(cards: Cards, case: Case) -> str:
    """What the standing board is asked, and by whom; it has seen the code alone."""
    asked = cases.last_event(cards.session, cards.viewer, case.id or 0, "ask_board")
    by = cards.person(asked.by_id) if asked else None
    reason = asked.text if asked else ""
    what = f"{lowered(cards.name(case))}{f', {uncapital(reason)}' if reason else ''}".rstrip(".")
    who = f" {capital(named(by))} đề nghị Thường trực cho chủ trương." if by else ""
    return f"KN-{case.number} {cards.area(case)}: {what}.{who}"


def _approve(cards: Cards, case: Case, follows: str) -> Result:
    """Only the very draft that was read is approved; another one is shown first."""
    event = cases.last_event(cards.session, cards.viewer, case.id or 0, "draft")
    if event is None or follows != str(event.id):
        return [cards.draft_shown(case)]
    promised = find_deadline(event.text, cards.today)
    return perform(cards, case, "approve", event.text, promised=promised)


def _change_field(cards: Cards, case: Case, follows: str) -> list[Outgoing]:
    known = settings.fields_of_work(cards.session, cards.today)
    picked = _field(known, follows)
    if picked is None:
        rows = tuple((Option(f.name, f"KN-{case.number} linh vuc {f.code}"),) for f in known)
        return [Outgoing(f"KN-{case.number} thuộc lĩnh vực nào?", rows)]
    case.field_id = picked.id
    return perform(cards, case, "change_field", picked.name)


def _field(known: Sequence[FieldOfWork], said: str) -> FieldOfWork | None:
    """The field of this code, or the only one whose name the words fit."""
    by_code = {fold(field.code): field for field in known}
    if fold(said) in by_code:
        return by_code[fold(said)]
    found = find(said, [(field.code, field.name) for field in known])
    return by_code[fold(found[0])] if len(found) == 1 else None


def _merge(cards: Cards, case: Case, follows: str, *, pressed: bool) -> list[Outgoing]:
    """Put a duplicate into another open case, after it was confirmed by a button."""
    numbers = _NUMBER.findall(follows)
    if len(numbers) != 1 or int(numbers[0]) == case.number:
        raise Rejected(f"Xin nhắn: KN-{case.number} gộp vào KN-…")
    other = case_acts.take(cards.session, cards.viewer, int(numbers[0]))
    if other.state in rules.ENDED:
        raise Rejected(f"KN-{other.number} {cards.where(other)}, không gộp vào được.")
    if not pressed:
        sure = Option("Gộp", f"KN-{case.number} gop KN-{other.number}")
        text = f"Gộp {case_notices.name_of(case)} vào {case_notices.name_of(other)}?"
        return [Outgoing(text, ((sure,),))]
    case.merged_into_id = other.id
    return perform(cards, case, "merge", f"KN-{other.number}")


def hand_all(cards: Cards, rest: str) -> list[Outgoing]:
    """Several cases to the office at once; those that have moved on are named."""
    handed, late = [], []
    for number in dict.fromkeys(int(found) for found in _NUMBER.findall(rest)):
        case = case_acts.take(cards.session, cards.viewer, number)
        try:
            perform(cards, case, "hand_to_office")
            handed.append(f"KN-{number}")
        except rules.Late as since:
            late.append(str(since))
    office = cards.province.office
    done = [f"Đã giao {office} tham mưu {len(handed)} kiến nghị: {', '.join(handed)}."]
    return [Outgoing("\n".join([*(done if handed else []), *late]) or "Không có kiến nghị nào.")]


def perform(
    cards: Cards,
    case: Case,
    token: str,
    text: str = "",
    *,
    promised: date | None = None,
    due: date | None = None,
) -> list[Outgoing]:
    """Does an act: the receipt for whoever acts, then the messages to others.

    Raises Rejected with the reason, or with what has happened since, and changes nothing then.
    """
    event = case_acts.perform(
        cards.session,
        cards.viewer,
        case,
        token,
        cards.at,
        text=text or REASONS.get(token, ""),
        promised=promised,
        due=due,
    )
    if token.startswith("word_"):
        case.commune_word, case.commune_note = token.removeprefix("word_"), text
    if token == "tell":
        case.told_commune_at = cards.at
    _settle(cards, case, token)
    return [Outgoing(receipt(cards, case, token)), *case_notices.after(cards, case, event)]


def _settle(cards: Cards, case: Case, token: str) -> None:
    """Unsent messages about the case are out of date, but an answer must still be read."""
    number = case.id or 0
    if token == "tell":
        own = {cards.viewer.person_id, *cards.viewer.helps}
        cases.drop_lines(cards.session, cards.viewer, number, own)
    else:
        outbox.cancel_about(cards.session, "case", number, "notice")
        occurrences.withdraw(cards.session, f"case:{number}")
    if token in MAKES_OFFICIAL:
        for opinion, about in cases.unhandled_opinions(cards.session, SYSTEM):
            if about is not None and about.id == case.id:
                opinion.handled_at, opinion.handled_by_id = cards.at, cards.viewer.person_id
                opinion.handled_as = f"KN-{case.number}"


def receipt(cards: Cards, case: Case, token: str) -> str:
    """What whoever acted is told."""
    code = f"KN-{case.number}"
    if token.startswith("word_"):
        return _word_receipt(cards, case, token.removeprefix("word_"))
    if token in ("give_opinion", "approve", "answer", "department_answer"):
        return f"Đã gửi trả lời {code}. {_informed(cards, case)}"
    match token:
        case "tell" if case.state == "doing" and case.due_on:
            return (
                f"Đã ghi: {code} đã thông tin lại. Theo dõi thực hiện đến {day_month(case.due_on)}."
            )
        case "tell":
            asked = "ý kiến" if case.ending else "kết quả thực tế"
            return f"Đã ghi: {code} đã thông tin lại. Cơ sở được hỏi {asked}."
        case "clarify" if case.state != "further":
            return f"Đã ghi {code}. Hai lần trả lại: {_gone_up(cards, case)}."
        case "clarify":
            return f"Đã gửi đề nghị làm rõ thêm {code}, {_term(cards, case)}."
        case "draft":
            member = cards.person(case.owner_id)
            return f"Đã trình {named(member) if member else 'duyệt'} dự thảo trả lời {code}."
        case "ask_board":
            return f"Đã xin ý kiến Thường trực {cards.province.committee} về {code}."
        case "change_field":
            return f"{code}: lĩnh vực {cards.field(case)}."
        case "hand_to_office":
            return f"Đã giao {cards.province.office} tham mưu {code}, {_term(cards, case)}."
        case "talk_back" | "hand_back" if case.state != "with_office":
            return f"Đã ghi {code}. Hai lần trả lại: {_gone_up(cards, case)}."
        case "assign":
            owner = cards.person(case.owner_id)
            taker = named(owner) if owner else cards.province.office
            return f"Đã giao {cards.unit_of(owner)}, {taker}: {code}, {_term(cards, case)}."
        case "recommend" | "end_unresolved" | "no_sanction":
            return f"Đã ghi {code}: {rules.STATES[case.ending].label}. {_informed(cards, case)}"
        case "settle_by_document" if case.state == "answered":
            return f"Đã ghi số công văn trả lời {code}. {_informed(cards, case)}"
        case "pass_up":
            return f"Đã chuyển cấp trên {code}: {cards.where(case)}."
        case "commune_result":
            return f"Đã ghi kết quả. {code} kết thúc."
        case "merge":
            return (
                f"Đã ghi: {code} gộp vào {cards.merged_into(case)}. Những nơi liên quan được báo."
            )
        case "withdraw":
            return f"Đã rút {code}. Những nơi liên quan được báo."
    return f"{capital(rules.ACTS[token].done)}: {code}, {cards.where(case)}."


def _word_receipt(cards: Cards, case: Case, word: str) -> str:
    said_so = f"Đã ghi: {lowered(label(COMMUNE_WORDS, word))}."
    if case.state in rules.ENDED:
        return f"{said_so} KN-{case.number} kết thúc."
    if case.state in ("with_board", "with_member"):
        return f"{said_so} Hai lần chưa thống nhất: KN-{case.number} {_gone_up(cards, case)}."
    holder = case_notices.passed_back_to(cards, case)
    due = day_month(case.due_on) if case.due_on else ""
    place = case_notices.commune_word(cards, case)
    return f"{said_so} Ý kiến của {place} được chuyển lại {holder}; hạn mới {due}."


def _informed(cards: Cards, case: Case) -> str:
    parties = case_acts.parties_of(cards.session, case, cards.today)
    cadre = cards.person(parties.cadre)
    who = f"đồng chí {cadre.full_name} và cơ sở" if cadre else "cơ sở"
    return f"{capital(who)} được thông tin."


def _gone_up(cards: Cards, case: Case) -> str:
    """To whom a case given back twice has gone by itself, until when."""
    term = f", {cards.term(case.due_on)}" if case.due_on else ""
    if case.state == "with_board":
        return f"chuyển xin ý kiến Thường trực {cards.province.committee}{term}"
    owner = cards.person(case.owner_id)
    return f"chuyển {named(owner) if owner else cards.province.office}{term}"


def _term(cards: Cards, case: Case) -> str:
    return cards.term(case.due_on) if case.due_on else short(case.text)
