"""Words on a cadre's year, or the cadre's answer to them; figures are not asked for."""

from datetime import datetime

from sqlmodel import Session

from bot.conversation.form import Draft, Form, Look
from bot.conversation.questions import Text
from bot.desk import reviews
from bot.messages import Outgoing
from storage.scope import Viewer

LONGEST = 1500


class Words(Text):
    """The words on a year, under the sheet where it has not been shown yet."""

    def asks(self, draft: Draft, look: Look) -> str:
        return "\n".join(filter(None, [draft.value("_sheet"), self.ask]))


def _review(draft: Draft, look: Look) -> str:
    return f"Phiếu nhận xét năm {draft.value('_year')}:\n“{draft.value('text')}”"


def _file(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    said = int(draft.value("_person")), int(draft.value("_year")), str(draft.value("text"))
    return reviews.write(session, viewer, said, at)


FORM = Form(
    reviews.FORM,
    "Phiếu nhận xét",
    (Words("text", "Xin đồng chí ghi nhận xét.", "Nội dung", longest=LONGEST),),
    _review,
    _file,
    actions=((("Gửi", "send"), ("Sửa", "edit")),),
)
