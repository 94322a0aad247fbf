"""What an author says of a visit that is worth another look."""

from datetime import datetime

from sqlmodel import Session

from bot.conversation.form import Draft, Form, Look
from bot.conversation.questions import Text
from bot.messages import Outgoing, Rejected
from storage import signals
from storage.scope import Viewer


def _review(draft: Draft, look: Look) -> str:
    return f'Nói rõ thêm về CS-{draft.value("_visit")}:\n"{draft.value("text")}"'


def _file(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    number = int(draft.value("_visit"))
    if not signals.explain(session, viewer, number, draft.value("text"), at):
        raise Rejected(f"CS-{number} không còn trong danh sách cần xem lại.")
    return [Outgoing(f"Đã ghi vào danh sách, cạnh CS-{number}.", kind="receipt")]


FORM = Form(
    name="signal_word",
    title="Nói rõ thêm về phiếu",
    questions=(Text("text", "Xin nhắn lời nói rõ thêm về phiếu này.", "Nội dung", longest=1000),),
    review=_review,
    file=_file,
    actions=((("Gửi", "send"), ("Sửa", "edit:text")),),
)
