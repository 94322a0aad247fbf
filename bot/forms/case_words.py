"""What is said about a case in one's own words: an opinion, an answer, a result, a reason."""

from datetime import date, datetime
from functools import partial

from sqlmodel import Session

from bot.conversation.dates import find_deadline
from bot.conversation.form import Choice, Draft, Form, Look
from bot.conversation.questions import Pick, Text
from bot.desk import case_acts, case_doing, opinions
from bot.desk.case_cards import Cards, named
from bot.forms.cited import Cited
from bot.messages import Outgoing
from bot.rules.routing import DEPARTMENTS, unit_named
from bot.rules.zone import moment
from bot.words import full_day, uncapital
from storage import cases, people
from storage.routes import units
from storage.scope import Viewer


def _quoted(head: str, draft: Draft, look: Look) -> str:
    """The words as they will stand, under what they are."""
    told = head.format(number=draft.value("_case"))
    return f'{told}\n"{draft.value("text")}"'


def _with_deadline(head: str, draft: Draft, look: Look) -> str:
    return _quoted(head, draft, look) + _deadline(draft, look)


def _deadline(draft: Draft, look: Look) -> str:
    found = find_deadline(draft.value("text"), look.today())
    return f"\nThời hạn hiểu là {full_day(found)}." if found else ""


def _opinion_review(draft: Draft, look: Look) -> str:
    """The opinion, the deadline understood from it, and what will come of it."""
    reach = look.choices("opinion_reach", draft)
    if not draft.value("_case"):
        return f'{opinions.TO_THE_OFFICE}\n"{draft.value("text")}"'
    if not reach:
        number = draft.value("_case")
        told = uncapital(opinions.TO_THE_OFFICE)
        return f'KN-{number}: {told}\n"{draft.value("text")}"'
    deadline = _deadline(draft, look) or "\n"
    said = f"{deadline} {reach[0].label}" if deadline != "\n" else f"\n{reach[0].label}"
    return _quoted("Ý kiến của đồng chí về KN-{number}:", draft, look) + said


def opinion_reach(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """What comes of a member's opinion on his own case; empty when it stops at the office."""
    number = draft.value("_case")
    case = cases.numbered(session, viewer, int(number)) if number else None
    if case is None:
        return []
    cards = Cards(session, viewer, moment(today, datetime.min.time()))
    if not opinions.decides(cards, case):
        return []
    unit = unit_named(draft.value("text") or "", [*DEPARTMENTS, *units(session)])
    passed = f"Văn phòng soạn văn bản chuyển {unit}" if unit else "Văn phòng thể chế bằng văn bản"
    cadre = cards.person(case_acts.parties_of(session, case, today).cadre)
    place = cards.commune(case)
    told = f"{named(cadre)} và {place}" if cadre else place
    return [Choice("reach", f"{passed}; {told} được thông tin.")]


def file_opinion(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    """The opinion, kept; on a case of his own it is the answer."""
    cards, number = Cards(session, viewer, at), draft.value("_case")
    case = case_acts.take(session, viewer, int(number)) if number else None
    return opinions.give(cards, case, draft.value("text"), report_id=draft.value("_report"))


def _file_act(
    act: str, session: Session, viewer: Viewer, draft: Draft, at: datetime
) -> list[Outgoing]:
    cards = Cards(session, viewer, at)
    case = case_acts.take(session, viewer, int(draft.value("_case")))
    text = draft.value("text")
    sets_day = act in ("answer", "approve", "department_answer")
    promised = find_deadline(text, cards.today) if sets_day else None
    return case_doing.perform(cards, case, act, text, promised=promised)


def _form(name: str, ask: str, head: str, send: str, *, act: str, direct: bool = False) -> Form:
    answers = act in ("answer", "approve", "draft", "department_answer")
    asked = Cited if act in case_doing.BY_DOCUMENT else Text
    return Form(
        name=name,
        title=ask,
        questions=(asked("text", ask, "Nội dung", longest=2000),),
        review=partial(_with_deadline if answers else _quoted, head),
        file=partial(_file_act, act),
        actions=(((send, "send"), ("Sửa", "edit:text")),),
        direct=direct,
    )


def departments(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """The bodies to which a case may be handed directly, each with who answers for it."""
    found = people.holders(session, case_acts.DEPARTMENT_ROLE, today)
    return [Choice(str(one.id), f"{one.unit or one.post}: {named(one)}") for one in found]


def _assign_review(draft: Draft, look: Look) -> str:
    found = look.choices("case_departments", draft)
    unit = next((one.label for one in found if one.token == draft.value("unit")), "")
    to = unit.replace(": ", ", ", 1)
    return _quoted(f"Giao {to}, giải quyết KN-{{number}}:", draft, look) + _deadline(draft, look)


def file_assign(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    """The case goes to who answers for the body, until the day named or the usual term."""
    cards = Cards(session, viewer, at)
    case = case_acts.take(session, viewer, int(draft.value("_case")))
    case.department_id, text = int(draft.value("unit")), draft.value("text")
    due = find_deadline(text, cards.today)
    return case_doing.perform(cards, case, "assign", text, due=due)


ASSIGN = Form(
    name="case_assign",
    title="Giao đơn vị giải quyết",
    questions=(
        Pick("unit", "Giao đơn vị nào?", "Đơn vị", source="case_departments"),
        Text("text", "Xin nhắn nội dung giao, thời hạn.", "Nội dung", longest=2000),
    ),
    review=_assign_review,
    file=file_assign,
    actions=((("Giao", "send"), ("Sửa", "edit")),),
)


class _Opinion(Text):
    """The words, asked for under what they are about where only its code was seen."""

    def asks(self, draft: Draft, look: Look) -> str:
        return f"{draft.value('_about', '')} {self.ask}".strip()


OPINION = Form(
    name="opinion",
    title="Cho ý kiến",
    questions=(_Opinion("text", "Xin đồng chí nhắn ý kiến.", "Ý kiến", longest=2000),),
    review=_opinion_review,
    file=file_opinion,
    actions=((("Đúng", "send"), ("Sửa", "edit:text")),),
    heading="",
)
FORMS = (
    OPINION,
    _form(
        "case_draft",
        "Xin nhắn dự thảo trả lời.",
        "Dự thảo trả lời KN-{number}, trình đồng chí phụ trách:",
        "Trình duyệt",
        act="draft",
    ),
    _form(
        "case_answer",
        "Xin nhắn nội dung trả lời.",
        "Trả lời KN-{number}, gửi cán bộ theo dõi và xã:",
        "Gửi",
        act="answer",
    ),
    _form(
        "case_approve",
        "Xin nhắn lại nội dung trả lời.",
        "Trả lời KN-{number}, lời của đồng chí:",
        "Đồng ý, gửi",
        act="approve",
    ),
    _form(
        "case_talk_back",
        "Xin nhắn điều cần trao đổi lại với Văn phòng.",
        "Trao đổi lại với Văn phòng về KN-{number}:",
        "Gửi",
        act="talk_back",
    ),
    _form(
        "case_clarify",
        "Cần làm rõ thêm điều gì?",
        "Đề nghị làm rõ thêm KN-{number}:",
        "Gửi",
        act="clarify",
    ),
    _form(
        "case_result",
        "Kết quả thực hiện thế nào, đơn vị nào báo, ngày nào?",
        "Kết quả thực hiện KN-{number}; xã được hỏi thực tế:",
        "Gửi",
        act="report_result",
    ),
    _form(
        "case_paper",
        "Xin nhắn số, ký hiệu, ngày của văn bản.",
        "Văn bản thể chế ý kiến về KN-{number}:",
        "Lưu",
        act="paper",
    ),
    _form(
        "case_document",
        "Xin nhắn số, ký hiệu, ngày công văn trả lời.",
        "Công văn trả lời KN-{number}; cán bộ theo dõi thông tin lại, xã cho biết thực tế:",
        "Gửi",
        act="settle_by_document",
    ),
    _form(
        "case_document_done",
        "Xin nhắn số, ký hiệu, ngày công văn trả lời.",
        "Công văn trả lời KN-{number}; xã được hỏi thực tế, hết hạn thì kết thúc:",
        "Gửi",
        act="close_by_document",
    ),
    _form(
        "case_no_sanction",
        "Xin nhắn việc gì chưa có chế tài, kiến nghị quy định thế nào.",
        "Kết thúc KN-{number}, chưa có chế tài; đưa vào phần kiến nghị, xã được thông tin:",
        "Gửi",
        act="no_sanction",
    ),
    _form(
        "case_centre",
        "Xin nhắn lý do: vượt thẩm quyền của tỉnh ở điểm nào.",
        "Kiến nghị Trung ương về KN-{number}; đưa vào bản tổng hợp kỳ này:",
        "Gửi",
        act="to_centre",
    ),
    _form(
        "case_skip_to_centre",
        "Xin nhắn lý do; nếu chưa qua Thường trực, xin nêu vì sao chuyển thẳng.",
        "Kiến nghị Trung ương về KN-{number}; đưa vào bản tổng hợp kỳ này:",
        "Gửi",
        act="skip_to_centre",
    ),
    _form(
        "case_recommend",
        "Xin nhắn số, ký hiệu, ngày văn bản kiến nghị Trung ương.",
        "Đã kiến nghị Trung ương về KN-{number}; cán bộ theo dõi và xã được thông tin:",
        "Gửi",
        act="recommend",
    ),
    _form(
        "case_from_centre",
        "Xin nhắn lý do đưa về tỉnh giải quyết.",
        "Đưa KN-{number} về Văn phòng tham mưu:",
        "Gửi",
        act="from_centre",
    ),
    ASSIGN,
    _form(
        "case_department",
        "Xin nhắn nội dung trả lời.",
        "Trả lời KN-{number}, gửi cán bộ theo dõi và xã:",
        "Gửi",
        act="department_answer",
    ),
    _form(
        "case_hand_back",
        "Xin nhắn lý do trả lại Văn phòng.",
        "Trả lại Văn phòng KN-{number}:",
        "Gửi",
        act="hand_back",
    ),
    _form(
        "case_pass_up",
        "Xin nhắn lý do chuyển cấp trên (một câu).",
        "Chuyển cấp trên KN-{number}:",
        "Gửi",
        act="pass_up",
        direct=True,
    ),
    _form(
        "case_commune_result",
        "Xã đã giải quyết thế nào? Xin nhắn một câu.",
        "Kết quả xã giải quyết KN-{number}:",
        "Gửi",
        act="commune_result",
        direct=True,
    ),
    _form(
        "case_unresolved",
        "Xin nhắn lý do chưa giải quyết được.",
        "Kết thúc KN-{number}, chưa giải quyết được; cán bộ theo dõi thông tin lại xã:",
        "Gửi",
        act="end_unresolved",
    ),
)
LOOKS = {"opinion_reach": opinion_reach, "case_departments": departments}
