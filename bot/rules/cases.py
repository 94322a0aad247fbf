"""The life of a case as a table: who may do what in which state, and who holds it next."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from bot.messages import Rejected
from bot.rules.workdays import Calendar

MEMBER, OFFICE, BOARD, CADRE, COMMUNE, AUTHOR = (
    "member",
    "office",
    "board",
    "cadre",
    "commune",
    "author",
)
ANSWERER = "answerer"  # whoever gave the answer that is being questioned
SYSTEM = "system"  # the clock

OFFICE_SEAT = "tong_hop"
BOARD_SEAT = "thuong_truc"


@dataclass(frozen=True, slots=True)
class State:
    """A state: who holds the case in it (nobody once it has ended), and how people read it."""

    token: str
    label: str
    holder: str = ""

    @property
    def open(self) -> bool:
        return bool(self.holder)


STATES = {
    state.token: state
    for state in (
        State("with_commune", "xã đang giải quyết", COMMUNE),
        State("with_member", "chờ ý kiến đồng chí Ủy viên phụ trách", MEMBER),
        State("with_office", "Văn phòng đang tham mưu", OFFICE),
        State("with_board", "đang xin ý kiến Thường trực", BOARD),
        State("drafted", "dự thảo trả lời chờ đồng chí Ủy viên phụ trách", MEMBER),
        State("answered", "đã có trả lời, chờ thông tin lại xã", CADRE),
        State("doing", "đang thực hiện theo trả lời", OFFICE),
        State("told", "chờ xã cho biết thực tế", COMMUNE),
        State("further", "đang xem xét thêm", ANSWERER),
        State("explained", "đã giải thích tại chỗ"),
        State("ended", "đã kết thúc"),
        State("withdrawn", "người gửi đã rút"),
        State("unresolved", "kết thúc, chưa giải quyết được"),
        State("merged", "đã gộp vào kiến nghị khác"),
    )
}
OPEN = frozenset(token for token, state in STATES.items() if state.open)
ENDED = frozenset(STATES) - OPEN
FIRST = {
    "explained": "explained",
    "passed_to_commune": "with_commune",
    "passed_up": "with_member",
}
"""The state in which a case begins, by the outcome its author gave."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing somebody may do to a case; `to` is empty where the state stays.

    `due`: keep the date, or a new one: answer, board, tell, word, further (see `Terms`).
    `done` is how the history tells it: "đồng chí … " stands before it.
    """

    token: str
    label: str
    done: str
    by: frozenset[str]
    frm: frozenset[str]
    to: str = ""
    due: str = "keep"


def _act(
    token: str, label: str, done: str, by: Iterable[str], frm: Iterable[str], **then: str
) -> Act:
    return Act(token, label, done, frozenset(by), frozenset(frm), **then)


_TO_SAY = ("told", "doing")
_OFFICE_HAS = ("with_office", "with_board", "further")
_UNANSWERED = ("with_commune", "with_member", "with_office", "with_board", "drafted")

ACTS = {
    act.token: act
    for act in (
        _act(
            "hand_to_office",
            "Giao Văn phòng tham mưu",
            "đã giao Văn phòng tham mưu",
            (MEMBER,),
            ("with_member", "further"),
            to="with_office",
        ),
        _act(
            "give_opinion",
            "Cho ý kiến",
            "đã cho ý kiến",
            (MEMBER,),
            ("with_member", "with_office", "with_board", "drafted", "further"),
            to="answered",
            due="tell",
        ),
        _act(
            "ask_board",
            "Xin ý kiến Thường trực",
            "đã xin ý kiến Thường trực",
            (MEMBER, OFFICE),
            ("with_member", "with_office", "drafted", "further"),
            to="with_board",
            due="board",
        ),
        _act(
            "board_opinion",
            "Cho ý kiến",
            "đã cho ý kiến",
            (BOARD,),
            ("with_board",),
            to="with_office",
            due="answer",
        ),
        _act(
            "draft",
            "Trình duyệt",
            "đã trình dự thảo trả lời",
            (OFFICE,),
            ("with_member", "with_office", "drafted", "further"),
            to="drafted",
        ),
        _act(
            "approve",
            "Đồng ý, gửi",
            "đã đồng ý dự thảo trả lời",
            (MEMBER,),
            ("drafted",),
            to="answered",
            due="tell",
        ),
        _act(
            "talk_back",
            "Trao đổi lại với Văn phòng",
            "đã trao đổi lại với Văn phòng",
            (MEMBER,),
            ("drafted",),
            to="with_office",
        ),
        _act(
            "answer",
            "Trả lời",
            "đã trả lời",
            (OFFICE,),
            _OFFICE_HAS,
            to="answered",
            due="tell",
        ),
        _act(
            "tell",
            "Đã thông tin lại xã",
            "đã thông tin lại xã",
            (CADRE,),
            ("answered",),
            to="told",
            due="word",
        ),
        _act(
            "clarify",
            "Cần làm rõ thêm",
            "đề nghị làm rõ thêm",
            (CADRE,),
            ("answered",),
            to="further",
            due="further",
        ),
        _act(
            "report_result",
            "Ghi kết quả thực hiện",
            "đã ghi kết quả thực hiện",
            (OFFICE,),
            ("doing",),
            to="told",
            due="word",
        ),
        _act(
            "promise_due",
            "",
            "đã đến thời hạn nêu trong trả lời",
            (SYSTEM,),
            ("doing",),
            to="told",
            due="word",
        ),
        _act(
            "word_done",
            "Đã giải quyết xong",
            "cho biết đã giải quyết xong",
            (COMMUNE,),
            (*_TO_SAY, "with_commune"),
            to="ended",
        ),
        _act(
            "word_partly",
            "Xong một phần",
            "cho biết xong một phần",
            (COMMUNE,),
            _TO_SAY,
            to="further",
            due="further",
        ),
        _act(
            "word_not_yet",
            "Chưa giải quyết",
            "cho biết chưa giải quyết",
            (COMMUNE,),
            _TO_SAY,
            to="further",
            due="further",
        ),
        _act(
            "word_reconsider",
            "Đề nghị xem xét thêm",
            "đề nghị xem xét thêm",
            (COMMUNE,),
            (*_TO_SAY, "answered"),
            to="further",
            due="further",
        ),
        _act(
            "pass_up",
            "Vượt thẩm quyền, chuyển cấp trên",
            "đã chuyển cấp trên",
            (COMMUNE, CADRE),
            ("with_commune",),
            to="with_member",
            due="answer",
        ),
        _act(
            "silence",
            "",
            "hết hạn, xã không có ý kiến khác",
            (SYSTEM,),
            ("told",),
            to="ended",
        ),
        _act(
            "settle_by_document",
            "Kết thúc bằng số công văn",
            "đã ghi số công văn trả lời",
            (OFFICE,),
            OPEN - {"told"},
            to="told",
            due="word",
        ),
        _act(
            "end_unresolved",
            "Kết thúc, chưa giải quyết được",
            "đã kết thúc, nêu lý do",
            (OFFICE,),
            OPEN - {"told"},
            to="unresolved",
        ),
        _act("withdraw", "Rút kiến nghị", "đã rút", (AUTHOR,), _UNANSWERED, to="withdrawn"),
        _act("merge", "Gộp", "đã gộp", (OFFICE,), OPEN, to="merged"),
        _act("paper", "Đã có văn bản", "đã thể chế ý kiến bằng văn bản", (OFFICE,), OPEN),
        _act("change_field", "Đổi lĩnh vực", "đã đổi lĩnh vực", (OFFICE,), OPEN),
    )
}

UPWARD = frozenset({MEMBER, OFFICE, BOARD})
INTERNAL = frozenset({"draft", "talk_back", "board_opinion", "opinion", "paper"})
"""Acts that only the parts upward read of: a leader's word stays with the office."""


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


@dataclass(frozen=True, slots=True)
class Terms:
    """Working days allowed for each thing; `answer` is the office's setting."""

    answer: int = 7
    board: int = 15
    tell: int = 5
    word: int = 5
    further: int = 10


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands: owner and due date while open, neither once it has ended.

    `promised` is the day by which the answer says that something will be done.
    """

    state: str
    owner: Owner | None
    due: date | None
    promised: date | None = None


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
    promised: date | None = None,
) -> Standing:
    """Where the case stands after the act; raises Rejected, or Late, with a sentence."""
    check(standing.state, act, parts, parties)
    if not act.to:
        return standing
    known = replace(standing, promised=_promise(standing, act, promised))
    return _stand(act.to, act.due, parties, day, known)


def _promise(standing: Standing, act: Act, promised: date | None) -> date | None:
    """An answer sets the day anew, telling it on keeps it, anything else has overtaken it."""
    if act.to == "answered":
        return promised
    return standing.promised if act.token == "tell" else None


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
        case "answerer" if parties.member and parties.answered_by == parties.member:
            return Owner(person_id=parties.member)
    return Owner(role=OFFICE_SEAT)


def _stand(state: str, due: str, parties: Parties, day: Day, before: Standing) -> Standing:
    settled = _settled(state, parties, day, before.promised)
    if settled in ENDED:
        return Standing(settled, None, None, before.promised)
    if settled == "doing":
        return Standing(settled, owner_of(settled, parties), before.promised, before.promised)
    if settled != state and settled == "told":
        due = "word"
    kept = before.due if due == "keep" else None
    term = "answer" if due == "keep" else due
    when = kept or day.after(getattr(day.terms, term))
    return Standing(settled, owner_of(settled, parties), when, before.promised)


def _settled(state: str, parties: Parties, day: Day, promised: date | None) -> str:
    """The state where nobody sits in the seat that the rule names: the next seat holds it."""
    if state in ("with_member", "drafted") and parties.member is None:
        return "with_office"
    if state == "answered" and parties.cadre is None:
        state = "told"
    if state == "told" and promised is not None and promised > day.today:
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
