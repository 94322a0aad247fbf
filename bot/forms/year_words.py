"""A cadre's own words in the report of the year; figures are not asked for."""

from datetime import datetime

from sqlmodel import Session

from bot.conversation.form import Draft, Form, Look
from bot.conversation.questions import Text
from bot.desk import year_reports
from bot.messages import Option, Outgoing, Rejected
from storage import reports
from storage.scope import Viewer

LONGEST = 1500


def _review(draft: Draft, look: Look) -> str:
    return f'Nhận xét, đề xuất trong báo cáo năm:\n"{draft.value("text")}"'


def _file(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    """Kept with the report until it is confirmed."""
    report = reports.by_id(session, viewer, int(draft.value("_report")))
    if report is None or report.scope != f"{reports.OF_PERSON}{viewer.person_id}":
        raise Rejected("Báo cáo này không còn.")
    if report.state == year_reports.CONFIRMED:
        raise Rejected("Báo cáo đã xác nhận. Xin bấm Sửa lại trước.")
    report.words = {**report.words, "note": str(draft.value("text"))}
    session.add(report)
    reports.note(session, report, "edited", by_id=viewer.person_id, at=at)
    row = (
        Option("Xem báo cáo", f"baocaonam {report.period}"),
        Option("Xác nhận", f"baocaonam {report.period} xacnhan"),
    )
    return [Outgoing("Đã ghi nhận xét, đề xuất.", (row,), kind="receipt")]


FORM = Form(
    year_reports.FORM,
    "Báo cáo năm",
    (
        Text(
            "text",
            "Xin đồng chí ghi nhận xét, đề xuất của mình trong năm.",
            "Nội dung",
            longest=LONGEST,
        ),
    ),
    _review,
    _file,
    actions=((("Đúng", "send"), ("Sửa", "edit")),),
)
