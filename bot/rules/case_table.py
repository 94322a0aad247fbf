"""The life of a case as a table: its states, and the acts with who may do each in which state."""

from collections.abc import Iterable
from dataclasses import dataclass

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
