"""Words about a summary: an opinion, the office's note, why it is returned, its number."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from bot.conversation.form import Draft, Form, Look, Reading
from bot.conversation.questions import Text
from bot.desk import approval
from bot.desk.duties import province_on
from bot.desk.shown import seat
from bot.messages import Outgoing, Rejected
from bot.rules.documents import Document, read_document
from bot.rules.zone import day_of
from bot.words import uncapital
from storage import people, reports
from storage.scope import Viewer
from storage.tables import Opinion, Report

TO_THE_OFFICE = (
    "Ý kiến của đồng chí được chuyển Chánh Văn phòng để thể chế bằng văn bản, chưa gửi cơ sở."
)
SURE = ((("Đúng", "send"), ("Sửa", "edit")),)
NOTE_LENGTH = 110


def _quoted(draft: Draft) -> str:
    return f'"{draft.value("text")}"'


def review_opinion(draft: Draft, look: Look) -> str:
    """Where the words go, and the words."""
    return f"{TO_THE_OFFICE}\n{_quoted(draft)}"


def review_note(draft: Draft, look: Look) -> str:
    """The words as they will stand above the figures."""
    return f"Lời của Văn phòng đặt trên bản tổng hợp:\n{_quoted(draft)}"


def review_return(draft: Draft, look: Look) -> str:
    """The words that the clerk will read."""
    return f"Trả lại để bổ sung:\n{_quoted(draft)}"


def file_opinion(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    """Kept with the report; the office reads it next morning, and there it stops until a person
    acts on it."""
    report = _report(session, viewer, draft)
    text = str(draft.value("text"))
    session.add(Opinion(report_id=report.id, person_id=viewer.person_id, text=text, given_at=at))
    author = people.by_id(session, viewer.person_id)
    who = f"{author.address} {author.full_name}" if author else ""
    if author and "thuong_truc" in viewer.roles:
        who = f"{author.address} {seat(author, province_on(session, day_of(at)))}"
    said = f'Ý kiến của {who} về {approval.name(report)}:\n"{text}"'
    day = day_of(at)
    office = people.holders(session, "duyet", day) + people.holders(session, "tong_hop", day)
    told = [
        Outgoing(said, kind="line", person_id=person_id, about=("report", report.id or 0))
        for person_id in dict.fromkeys(person.id for person in office)
    ]
    return [Outgoing("Đã chuyển Chánh Văn phòng.", kind="receipt"), *told]


def file_note(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    """Words only; figures cannot be edited."""
    report = _report(session, viewer, draft)
    if report.state != approval.DRAFT:
        raise Rejected("Bản đã trình hoặc đã gửi, không sửa lời được nữa.")
    text = str(draft.value("text"))
    report.words = {**report.words, "note": text}
    session.add(report)
    reports.note(session, report, "edited", by_id=viewer.person_id, at=at, text=text)
    return [Outgoing("Đã ghi lời. Bấm Rà soát để xem lại bản gửi.", kind="receipt")]


def file_return(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    """Back to the clerk."""
    report = _report(session, viewer, draft)
    return approval.give_back(session, viewer, report, str(draft.value("text")), at)


HOW = "Xin ghi số, ký hiệu và ngày, ví dụ 123-BC/VPTU ngày 05/11/2026."


class Number(Text):
    """Number, symbol and day of a document; what is none is refused as it is read."""

    def read(self, reading: Reading) -> Any:
        said = super().read(reading)
        if _document(said, reading.look.today()) is None:
            raise Rejected(HOW)
        return said

    def again(self, old: Any, new: Any) -> Any:
        return new


def _document(said: str, today: date) -> Document | None:
    found = read_document(said, today)
    return found if isinstance(found, Document) and "-" in found.number else None


def review_number(draft: Draft, look: Look) -> str:
    """As it will be cited."""
    return f"Số văn bản:\n{_quoted(draft)}"


def file_number(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    """Typed in once the document system has given it; printed on paper and cited from then on."""
    report = _report(session, viewer, draft)
    found = _document(str(draft.value("text")), day_of(at))
    if found is None:
        raise Rejected(HOW)
    if report.state not in (reports.SENT, approval.APPROVED):
        raise Rejected("Bản này chưa được duyệt nên chưa có số văn bản.")
    known = {"number": found.number}
    if found.issued_on:
        known["issued_on"] = found.issued_on.isoformat()
    kept = {name: word for name, word in report.words.items() if name != "issued_on"}
    report.words = kept | known
    session.add(report)
    said = replace(found, kind="Văn bản").named
    reports.note(session, report, "numbered", by_id=viewer.person_id, at=at, text=said)
    return [Outgoing(f"Đã ghi {uncapital(said)} cho {approval.name(report)}.", kind="receipt")]


def _report(session: Session, viewer: Viewer, draft: Draft) -> Report:
    report = reports.by_id(session, viewer, int(draft.value("_report")))
    if report is None:
        raise Rejected("Bản tổng hợp này không còn.")
    return report


def _form(name: str, title: str, ask: str, review: Any, file: Any, longest: int = 1000) -> Form:
    question = Text("text", ask, "Nội dung", longest=longest)
    return Form(name, title, (question,), review, file, actions=SURE)


OPINION = _form(
    "report_opinion", "Ý kiến", "Xin đồng chí nhắn ý kiến.", review_opinion, file_opinion
)
NOTE = _form(
    "report_note",
    "Sửa lời",
    f"Xin nhắn lời đặt trên bản tổng hợp, không quá {NOTE_LENGTH} chữ cái. Số liệu không sửa được.",
    review_note,
    file_note,
    NOTE_LENGTH,
)
RETURN = _form("report_return", "Trả lại", "Xin nhắn điều cần bổ sung.", review_return, file_return)
NUMBER = Form(
    "report_number",
    "Số văn bản",
    (Number("text", HOW.replace("ghi", "nhắn"), "Nội dung", longest=NOTE_LENGTH),),
    review_number,
    file_number,
    actions=SURE,
)
FORMS = (OPINION, NOTE, RETURN, NUMBER)
