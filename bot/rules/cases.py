"""Moves a case through its table: one owner and one due date while it is open, none afterwards."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.messages import Rejected
from bot.rules.case_table import (
    ACTS,
    ANSWERER,
    AUTHOR,
    BOARD,
    BOARD_SEAT,
    CADRE,
    COMMUNE,
    DEPARTMENT,
    ENDED,
    ENDINGS,
    FIRST,
    MEMBER,
    OFFICE,
    OFFICE_SEAT,
    OPEN,
    STATES,
    SYSTEM,
    UPWARD,
    UPWARD_LIST,
    Act,
    State,
)
from bot.rules.workdays import Calendar

__all__ = [
    "ACTS",
    "AUTHOR",
    "BOARD",
    "BOARD_SEAT",
    "CADRE",
    "COMMUNE",
    "DEPARTMENT",
    "ENDED",
    "ENDINGS",
    "FIRST",
    "MEMBER",
    "OFFICE",
    "OFFICE_SEAT",
    "OPEN",
    "STATES",
    "SYSTEM",
    "UPWARD",
    "UPWARD_LIST",
    "Act",
    "Day",
    "Late",
    "Owner",
    "Parties",
    "Standing",
    "State",
    "Terms",
    "begin",
    "check",
    "lifted",
    "move",
    "owner_of",
    "possible",
    "reseat",
    "returned",
    "sound",
]


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has to do the next thing: one person, the seat of a commune, or the seat of a role."""

    person_id: int | None = None
    area_id: int | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class Parties:
    """The people around one case on one day; None where the roster names nobody."""

    commune: int  # the area whose seat speaks for the commune
    member: int | None = None  # in charge of the area
    cadre: int | None = None  # carries the answer to the commune
    answered_by: int | None = None
    department: int | None = None  # answers for a body to which the case was handed directly


@dataclass(frozen=True, slots=True)
class Terms:
    """Working days allowed for each thing; `answer` is the office's setting."""

    answer: int = 7
    board: int = 15
    tell: int = 5
    word: int = 5
    further: int = 10
    department: int = 10
    centre: int = 22  # until the next report


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands: owner and due date while open, neither once it has ended.

    `promised` is the day by which the answer says that something will be done; `ending` is what
    the case ends as when the answer is no solution.
    """

    state: str
    owner: Owner | None
    due: date | None
    promised: date | None = None
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """The day of an act, with the calendar and the terms in force on it."""

    today: date
    calendar: Calendar
    terms: Terms = Terms()

    def after(self, workdays: int) -> date:
        return self.calendar.add_workdays(self.today, workdays)


class Late(Rejected):
    """The act was possible once: something has happened to the case since."""


def begin(outcome: str, parties: Parties, day: Day) -> Standing:
    """Where a new case stands."""
    return _stand(FIRST[outcome], "answer", parties, day, Standing("", None, None))


def move(
    standing: Standing,
    act: Act,
    parts: Iterable[str],
    parties: Parties,
    day: Day,
    *,
    promised: date | None = None,
    due: date | None = None,
    text: str = "",
) -> Standing:
    """Where the case stands after the act; raises Rejected, or Late, with a sentence.

    `due` is a day named in the words, in place of the term.
    """
    check(standing.state, act, parts, parties)
    if act.worded and not text.strip():
        raise Rejected("Xin ghi rõ lý do hoặc nội dung.")
    if not act.to:
        return standing
    known = replace(
        standing, promised=_promise(standing, act, promised), ending=_ending(standing, act)
    )
    moved = _stand(act.to, act.due, parties, day, known)
    return replace(moved, due=due) if due and moved.state == act.to and moved.due else moved


def _promise(standing: Standing, act: Act, promised: date | None) -> date | None:
    """An answer sets the day anew, telling it on keeps it, anything else has overtaken it."""
    if act.to == "answered":
        return promised
    return standing.promised if act.token == "tell" else None


_KEEPS_ENDING = ("tell", "word_noted", "silence")


def _ending(standing: Standing, act: Act) -> str:
    return standing.ending if act.token in _KEEPS_ENDING else act.ending


def returned(acts: Iterable[str]) -> int:
    """How often the last of these acts has given the case back between its two owners.

    Counted from the history, oldest first; 0 when the last act gives nothing back. Whatever has
    taken the case up a level begins the count anew.
    """
    counts: Counter[tuple[str, str]] = Counter()
    last, answerer = 0, OFFICE
    for act in (ACTS[token] for token in acts if token in ACTS):
        if act.to == "answered":
            answerer = next(iter(act.by))
        if act.to in ("with_board", "to_centre") or act.token == "lift_to_member":
            counts.clear()
        last = 0
        if act.returns:
            giver, receiver = next(iter(act.by)), STATES[act.to].holder
            pair = (giver, answerer if receiver == ANSWERER else receiver)
            counts[pair] += 1
            last = counts[pair]
    return last


def lifted(acts: Iterable[str], standing: Standing, parties: Parties) -> str:
    """The act by which a case given back twice between the same two goes up by itself, or ""."""
    known = list(acts)
    if returned(known) < 2 or standing.state not in ACTS["lift_to_board"].frm:
        return ""
    giver = next(iter(ACTS[known[-1]].by))
    at_member = standing.owner is not None and standing.owner.person_id == parties.member
    if giver == MEMBER or at_member or parties.member is None:
        return "lift_to_board"
    return "lift_to_member"


def reseat(standing: Standing, parties: Parties, day: Day) -> Standing:
    """The same case after a change of the people around it: who holds it now, by the same day."""
    state, owner = standing.state, standing.owner
    if state in ENDED or owner is None:
        return standing
    if state == "further" and owner.person_id is not None and owner.person_id != parties.department:
        holder = Owner(person_id=parties.member) if parties.member else Owner(role=OFFICE_SEAT)
        return replace(standing, owner=holder)
    if state == "further":
        return standing
    return _stand(state, "keep", parties, day, standing)


def check(state: str, act: Act, parts: Iterable[str], parties: Parties) -> None:
    """Raises when these parts may not do the act in this state."""
    if not act.by & frozenset(parts):
        raise Rejected("Việc này không thuộc phần của đồng chí.")
    if state in ENDED:
        raise Late(f"Kiến nghị này {_ended_as(state)}.")
    if state not in act.frm:
        raise Late(f"Kiến nghị này nay đã khác: {STATES[state].label}.")
    if act.token == "draft" and parties.member is None:
        raise Rejected("Địa bàn chưa có đồng chí phụ trách để trình; xin trả lời trực tiếp.")
    if act.to == "with_department" and parties.department is None:
        raise Rejected("Chưa rõ giao đơn vị nào.")


def _ended_as(state: str) -> str:
    label = STATES[state].label
    return label if label.startswith("đã ") else f"đã kết thúc: {label}"


def possible(state: str, parts: Iterable[str], parties: Parties) -> list[Act]:
    """The acts these parts may do now, in the order of the table."""
    return [act for act in ACTS.values() if _allowed(state, act, parts, parties)]


def _allowed(state: str, act: Act, parts: Iterable[str], parties: Parties) -> bool:
    try:
        check(state, act, parts, parties)
    except Rejected:
        return False
    return True


def owner_of(state: str, parties: Parties) -> Owner | None:
    """The one owner in a state that `_settled` has chosen."""
    match STATES[state].holder:
        case "":
            return None
        case "commune":
            return Owner(area_id=parties.commune)
        case "member":
            return Owner(person_id=parties.member)
        case "cadre":
            return Owner(person_id=parties.cadre)
        case "board":
            return Owner(role=BOARD_SEAT)
        case "department":
            return Owner(person_id=parties.department)
        case "answerer" if parties.answered_by in {parties.member, parties.department} - {None}:
            return Owner(person_id=parties.answered_by)
    return Owner(role=OFFICE_SEAT)


def _stand(state: str, due: str, parties: Parties, day: Day, before: Standing) -> Standing:
    settled = _settled(state, parties, day, before)
    if settled in ENDED:
        return Standing(settled, None, None, before.promised, before.ending)
    owner = owner_of(settled, parties)
    if settled == "doing":
        return Standing(settled, owner, before.promised, before.promised)
    if settled != state and settled == "told":
        due = "word"
    kept = before.due if due == "keep" else None
    term = "answer" if due == "keep" else due
    when = kept or day.after(getattr(day.terms, term))
    return Standing(settled, owner, when, before.promised, before.ending)


def _settled(state: str, parties: Parties, day: Day, before: Standing) -> str:
    """The state where nobody sits in the seat that the rule names: the next seat holds it."""
    if state == "ended" and before.ending:
        return before.ending
    if state in ("with_member", "drafted") and parties.member is None:
        return "with_office"
    if state == "with_department" and parties.department is None:
        return "with_office"
    if state == "answered" and parties.cadre is None:
        state = "told"
    if state == "told" and before.promised is not None and before.promised > day.today:
        return "doing"
    return state


def sound(standing: Standing) -> bool:
    """True when exactly one owner and one due date stand while open, and none once ended."""
    if standing.state in ENDED:
        return standing.owner is None and standing.due is None
    owner = standing.owner
    if owner is None or standing.due is None:
        return False
    return [owner.person_id is not None, owner.area_id is not None, bool(owner.role)].count(
        True
    ) == 1
