"""The life of a case as a table: its states, and the acts with who may do each in which state."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict, Unpack

MEMBER, OFFICE, BOARD, CADRE, COMMUNE, AUTHOR, DEPARTMENT = (
    "member",
    "office",
    "board",
    "cadre",
    "commune",
    "author",
    "department",  # a body to which a case was handed directly
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
        State("to_centre", "chờ kiến nghị Trung ương", OFFICE),
        State("with_department", "đơn vị được giao đang giải quyết", DEPARTMENT),
        State("drafted", "dự thảo trả lời chờ đồng chí Ủy viên phụ trách", MEMBER),
        State("answered", "đã có trả lời, chờ thông tin lại xã", CADRE),
        State("doing", "đang thực hiện theo trả lời", OFFICE),
        State("told", "chờ xã cho biết thực tế", COMMUNE),
        State("further", "đang xem xét thêm", ANSWERER),
        State("explained", "đã giải thích tại chỗ"),
        State("ended", "đã kết thúc"),
        State("withdrawn", "người gửi đã rút"),
        State("unresolved", "kết thúc, chưa giải quyết được"),
        State("no_sanction", "kết thúc, chưa có chế tài"),
        State("recommended", "đã kiến nghị Trung ương"),
        State("merged", "đã gộp vào kiến nghị khác"),
    )
}
OPEN = frozenset(token for token, state in STATES.items() if state.open)
ENDED = frozenset(STATES) - OPEN
ENDINGS = ("unresolved", "no_sanction", "recommended")
"""Ends other than a solution: told to the commune like an answer, ended by its word or silence."""
UPWARD_LIST = ("to_centre", "recommended", "no_sanction")
"""States whose cases stand in the report's list of what is recommended to those above."""
FIRST = {
    "explained": "explained",
    "passed_to_commune": "with_commune",
    "passed_up": "with_member",
}
"""The state in which a case begins, by the outcome its author gave."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing somebody may do to a case; `to` is empty where the state stays.

    `due`: keep the date, or a new one: answer, board, tell, word, further … (see `Terms`).
    `done` is how the history tells it: "đồng chí … " stands before it.
    `worded`: impossible without words: a reason, an answer, the number of a document.
    `returns`: gives the case back to who had it; the second time between two, it goes up.
    `ending`: what the case ends as once this answer has been told and nothing was said against it.
    """

    token: str
    label: str
    done: str
    by: frozenset[str]
    frm: frozenset[str]
    to: str = ""
    due: str = "keep"
    worded: bool = False
    returns: bool = False
    ending: str = ""


class Then(TypedDict, total=False):
    """What becomes of the case by an act."""

    to: str
    due: str
    worded: bool
    returns: bool
    ending: str


def _act(
    token: str,
    label: str,
    done: str,
    by: Iterable[str],
    frm: Iterable[str],
    **then: Unpack[Then],
) -> Act:
    return Act(token, label, done, frozenset(by), frozenset(frm), **then)


_TO_SAY = ("told", "doing")
_OFFICE_HAS = ("with_office", "with_board", "to_centre", "further")
_BELOW_BOARD = ("with_member", "with_office", "drafted", "further")
_UNANSWERED = (
    "with_commune",
    "with_member",
    "with_office",
    "with_board",
    "to_centre",
    "with_department",
    "drafted",
)

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
            (*_BELOW_BOARD, "with_board", "with_department"),
            to="answered",
            due="tell",
            worded=True,
        ),
        _act(
            "ask_board",
            "Xin ý kiến Thường trực",
            "đã xin ý kiến Thường trực",
            (MEMBER, OFFICE),
            _BELOW_BOARD,
            to="with_board",
            due="board",
        ),
        _act(
            "to_centre",
            "Kiến nghị Trung ương",
            "đã chuyển kiến nghị Trung ương",
            (BOARD, OFFICE),
            ("with_board",),
            to="to_centre",
            due="centre",
            worded=True,
        ),
        _act(
            "skip_to_centre",
            "Kiến nghị Trung ương",
            "đã chuyển kiến nghị Trung ương",
            (OFFICE,),
            _BELOW_BOARD,
            to="to_centre",
            due="centre",
            worded=True,
        ),
        _act(
            "from_centre",
            "Để tỉnh giải quyết",
            "đã đưa về tỉnh giải quyết",
            (OFFICE,),
            ("to_centre",),
            to="with_office",
            due="answer",
            worded=True,
        ),
        _act(
            "recommend",
            "Đã kiến nghị Trung ương",
            "đã ghi văn bản kiến nghị Trung ương",
            (OFFICE,),
            ("to_centre",),
            to="answered",
            due="tell",
            worded=True,
            ending="recommended",
        ),
        _act(
            "assign",
            "Giao đơn vị giải quyết",
            "đã giao đơn vị giải quyết",
            (MEMBER, OFFICE),
            _BELOW_BOARD,
            to="with_department",
            due="department",
            worded=True,
        ),
        _act(
            "department_answer",
            "Trả lời",
            "đã trả lời",
            (DEPARTMENT,),
            ("with_department", "further"),
            to="answered",
            due="tell",
            worded=True,
        ),
        _act(
            "hand_back",
            "Trả lại Văn phòng",
            "đã trả lại Văn phòng",
            (DEPARTMENT,),
            ("with_department", "further"),
            to="with_office",
            due="answer",
            worded=True,
            returns=True,
        ),
        _act(
            "board_opinion",
            "Cho ý kiến",
            "đã cho ý kiến",
            (BOARD,),
            ("with_board",),
            to="with_office",
            due="answer",
            worded=True,
        ),
        _act(
            "draft",
            "Trình duyệt",
            "đã trình dự thảo trả lời",
            (OFFICE,),
            _BELOW_BOARD,
            to="drafted",
            worded=True,
        ),
        _act(
            "approve",
            "Đồng ý, gửi",
            "đã đồng ý dự thảo trả lời",
            (MEMBER,),
            ("drafted",),
            to="answered",
            due="tell",
            worded=True,
        ),
        _act(
            "talk_back",
            "Trao đổi lại với Văn phòng",
            "đã trao đổi lại với Văn phòng",
            (MEMBER,),
            ("drafted",),
            to="with_office",
            worded=True,
            returns=True,
        ),
        _act(
            "answer",
            "Trả lời",
            "đã trả lời",
            (OFFICE,),
            (*_OFFICE_HAS, "with_department"),
            to="answered",
            due="tell",
            worded=True,
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
            worded=True,
            returns=True,
        ),
        _act(
            "report_result",
            "Ghi kết quả thực hiện",
            "đã ghi kết quả thực hiện",
            (OFFICE,),
            ("doing",),
            to="told",
            due="word",
            worded=True,
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
            _TO_SAY,
            to="ended",
        ),
        _act(
            "commune_result",
            "Xã đã giải quyết xong",
            "đã giải quyết xong",
            (COMMUNE,),
            ("with_commune",),
            to="ended",
            worded=True,
        ),
        _act(
            "word_noted",
            "Không có ý kiến khác",
            "không có ý kiến khác",
            (COMMUNE,),
            ("told",),
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
            returns=True,
        ),
        _act(
            "word_not_yet",
            "Chưa giải quyết",
            "cho biết chưa giải quyết",
            (COMMUNE,),
            _TO_SAY,
            to="further",
            due="further",
            returns=True,
        ),
        _act(
            "word_reconsider",
            "Đề nghị xem xét thêm",
            "đề nghị xem xét thêm",
            (COMMUNE,),
            (*_TO_SAY, "answered"),
            to="further",
            due="further",
            returns=True,
        ),
        _act(
            "pass_up",
            "Vượt thẩm quyền, chuyển cấp trên",
            "đã chuyển cấp trên",
            (COMMUNE, CADRE),
            ("with_commune",),
            to="with_member",
            due="answer",
            worded=True,
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
            OPEN - {"answered", "doing", "told"},
            to="answered",
            due="tell",
            worded=True,
        ),
        _act(
            "close_by_document",
            "Kết thúc bằng số công văn",
            "đã ghi số công văn trả lời",
            (OFFICE,),
            ("doing",),
            to="told",
            due="word",
            worded=True,
        ),
        _act(
            "end_unresolved",
            "Kết thúc, chưa giải quyết được",
            "đã nêu lý do chưa giải quyết được",
            (OFFICE,),
            OPEN - {"told"},
            to="answered",
            due="tell",
            worded=True,
            ending="unresolved",
        ),
        _act(
            "no_sanction",
            "Kết thúc, chưa có chế tài",
            "đã nêu chưa có chế tài, đưa vào phần kiến nghị",
            (OFFICE,),
            OPEN - {"told"},
            to="answered",
            due="tell",
            worded=True,
            ending="no_sanction",
        ),
        _act("withdraw", "Rút kiến nghị", "đã rút", (AUTHOR,), _UNANSWERED, to="withdrawn"),
        _act("merge", "Gộp", "đã gộp vào", (OFFICE,), OPEN, to="merged", worded=True),
        _act("paper", "Đã có văn bản", "đã thể chế ý kiến bằng văn bản", (OFFICE,), OPEN),
        _act("change_field", "Đổi lĩnh vực", "đã đổi lĩnh vực", (OFFICE,), OPEN),
        _act(
            "lift_to_member",
            "",
            "chuyển đồng chí Ủy viên phụ trách",
            (SYSTEM,),
            ("with_office", "further"),
            to="with_member",
            due="answer",
        ),
        _act(
            "lift_to_board",
            "",
            "chuyển xin ý kiến Thường trực",
            (SYSTEM,),
            ("with_office", "further"),
            to="with_board",
            due="board",
        ),
        _act("hand_over", "", "được bàn giao", (SYSTEM,), OPEN),
    )
}

UPWARD = frozenset({MEMBER, OFFICE, BOARD})
"""Parts that read what office and leaders say among themselves (`storage.scope.INNER`)."""
