"""What cannot wait, in two steps: the words, then to whom they go, so that no pocket sends it."""

import re
from datetime import date, datetime, time
from typing import Any

from sqlmodel import Session

from bot.conversation.form import Choice, Draft, Form, Look, Reading
from bot.conversation.questions import Pick, Text
from bot.desk import urgent
from bot.forms import case
from bot.messages import Outgoing
from bot.rules.mentions import mentions
from bot.rules.zone import moment
from storage.scope import Viewer

AS_USUAL = "usual"
_COMMAND = re.compile(r"^(?:báo ngay|bao ngay)\s*:\s*(?=\S)", re.IGNORECASE)


class What(Text):
    """The words; a commune has pressed the command and reads whom they will reach: two steps."""

    def asks(self, draft: Draft, look: Look) -> str:
        reach = draft.value("_reach")
        return f"{reach}\n{self.ask} Nhắn xong là báo ngay." if reach else self.ask

    def read(self, reading: Reading) -> Any:
        return _COMMAND.sub("", super().read(reading))

    def spread(self, value: Any, draft: Draft, look: Look) -> dict[str, Any]:
        """With the area, when the words name one of the person's."""
        known = [(one.token, one.label) for one in look.choices("case_areas", draft)]
        keys = {found.key for found in mentions(str(value), known)}
        named = {"area_id": keys.pop()} if len(keys) == 1 else {}
        return {**super().spread(value, draft, look), **named}


class Sure(Pick):
    """The second step: who is told, whom to call, and the way back to an ordinary case."""

    def asks(self, draft: Draft, look: Look) -> str:
        told = "".join(choice.label for choice in look.choices("alert_reach", draft))
        return f"“{draft.value('text')}”\n{told}"


def alert_reach(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """One line: to whom it goes, once the area is known."""
    area, noon = draft.value("area_id"), moment(today, time(12))
    author = int(draft.value("_for") or viewer.person_id)
    said = urgent.to_whom(session, author, int(area), noon) if area else ""
    return [Choice("reach", said)]


def _review(draft: Draft, look: Look) -> str:
    return f"Báo ngay\n“{draft.value('text')}”"


def _file(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    if draft.value("sure") == AS_USUAL:
        return case.file(session, viewer, draft, at)
    return urgent.send(
        session,
        viewer,
        area_id=int(draft.value("area_id")),
        text=draft.value("text"),
        author=int(draft.value("_for") or viewer.person_id),
        at=at,
    )


FORM = Form(
    name="urgent",
    title="Báo ngay",
    questions=(
        What("text", "Việc gì đang xảy ra, ở đâu? Xin nhắn ngắn gọn.", "Nội dung", longest=1000),
        Pick("area_id", "Việc ở xã, phường nào?", "Xã, phường", source="case_areas"),
        Sure(
            "sure",
            "Báo ngay?",
            "Gửi",
            options=(
                Choice(urgent.SURE, "Đúng, báo ngay"),
                Choice(AS_USUAL, "Gửi như kiến nghị thường"),
            ),
        ),
    ),
    review=_review,
    file=_file,
    direct=True,
)
FORMS = (FORM,)
LOOKS = {"alert_reach": alert_reach}
