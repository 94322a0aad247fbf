"""Why a commune calls an invitation off, or to which day it moves it; each goes at once."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.conversation.form import Draft, Form, Look, Reading
from bot.conversation.questions import Text
from bot.desk import invitation_changes as desk
from bot.messages import Outgoing, Rejected
from bot.rules.invitations import NewTime, read_new_time
from bot.rules.zone import day_of
from storage import talks
from storage.scope import Viewer
from storage.tables import Invitation

NO_DAY = "Chưa đọc được ngày. Xin nhắn ngày, giờ mới và lý do, như: 14h thứ sáu 27/11, do họp tỉnh."
NO_REASON = "Xin nhắn cả lý do, như: 14h thứ sáu 27/11, do họp tỉnh."


class NewDay(Text):
    """A new day, perhaps an hour, and why, in one sentence."""

    def read(self, reading: Reading) -> Any:
        said = super().read(reading)
        found = read_new_time(said, reading.look.today())
        if found is None:
            raise Rejected(NO_DAY)
        if not found.why:
            raise Rejected(NO_REASON)
        return said


def _row(session: Session, viewer: Viewer, draft: Draft) -> Invitation:
    number = int(draft.value("_invitation"))
    found = talks.invitation_by_number(session, viewer, number)
    if found is None or found.area_id not in viewer.communes:
        raise Rejected(f"Không tìm thấy GM-{number}.")
    return found


def _off(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    return desk.call_off(session, viewer, _row(session, viewer, draft), draft.value("text"), at)


def _moved(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    found: NewTime | None = read_new_time(draft.value("text"), day_of(at))
    if found is None:
        raise Rejected(NO_DAY)
    return desk.move(session, viewer, _row(session, viewer, draft), found, at)


def _review(draft: Draft, look: Look) -> str:
    return f"GM-{draft.value('_invitation')}\n“{draft.value('text')}”"


OFF = Form(
    name="invitation_off",
    title="Rút lời mời",
    questions=(
        Text("text", "Vì sao rút lời mời? Xin nhắn lý do; nhắn xong là rút.", "Lý do", longest=500),
    ),
    review=_review,
    file=_off,
    direct=True,
)
MOVE = Form(
    name="invitation_move",
    title="Đổi ngày mời",
    questions=(
        NewDay(
            "text",
            "Đổi sang ngày, giờ nào, vì sao? Xin nhắn một câu, như: 14h thứ sáu 27/11, do họp "
            "tỉnh. Nhắn xong là đổi.",
            "Ngày mới",
            longest=500,
        ),
    ),
    review=_review,
    file=_moved,
    direct=True,
)
FORMS = (OFF, MOVE)
