"""Photos for a visit that is already filed."""

from datetime import datetime

from sqlmodel import Session

from bot.conversation.form import Draft, Form, Look
from bot.conversation.questions import Photos, counted
from bot.messages import Outgoing, Rejected
from storage import attachments, visits
from storage.scope import Viewer


def review(draft: Draft, look: Look) -> str:
    """How many, with their captions."""
    shown = Photos("photos", "").show(draft.value("photos") or [], draft, look)
    return f"Phiếu CS-{draft.value('_number')}\nKèm {shown}"


def file(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    """The photos become the visit's."""
    visit = visits.row(session, viewer, int(draft.value("_number")))
    if visit is None or visit.id is None:
        raise Rejected("Phiếu này không còn sửa được.")
    photos = draft.value("photos") or []
    sent = [photo["reference"] for photo in photos]
    attachments.belong(session, viewer.person_id, references=sent, about=("visit", visit.id))
    return [Outgoing(f"Đã thêm {counted(photos)} vào phiếu CS-{visit.number}.", kind="receipt")]


FORM = Form(
    name="photos",
    title="Thêm ảnh",
    questions=(Photos("photos", "Xin gửi ảnh, có thể kèm chú thích.", "Ảnh"),),
    review=review,
    file=file,
    actions=((("Gửi", "send"), ("Không thêm nữa", "drop")),),
    photos="photos",
)
