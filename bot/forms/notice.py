"""A reminder by a named person in his own words (nhắc việc có người ký)."""

from datetime import date, datetime, time

from sqlmodel import Session

from bot.conversation.form import Choice, Draft, Form, Look
from bot.conversation.questions import PickMany, Text
from bot.desk import reminders
from bot.messages import Outgoing
from bot.rules.zone import moment
from storage import people
from storage.scope import Viewer


def reminded(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """Who would get the reminder."""
    found = reminders.recipients(session, moment(today, time(12)))
    return [Choice(str(person.id), person.full_name) for person, _ in found]


def signed(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """Who signs it."""
    sender = people.by_ids(session, [viewer.person_id])[viewer.person_id]
    return [Choice("sender", reminders.signature(sender))]


def _review(draft: Draft, look: Look) -> str:
    left_out = draft.value("left_out") or []
    to = [one for one in look.choices("reminded", draft) if one.token not in left_out]
    without = f" (bớt {len(left_out)})" if left_out else ""
    sender = look.choices("signed", draft)[0].label
    return f"Gửi {len(to)} đồng chí{without}:\n“{draft.value('text')}”\nNgười gửi: {sender}"


def _file(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    left_out = [int(token) for token in draft.value("left_out") or []]
    return reminders.send(session, viewer, draft.value("text"), left_out, at)


FORM = Form(
    name="notice",
    title="Nhắc việc",
    questions=(
        Text("text", "Xin nhắn lời nhắc việc.", "Lời nhắc", longest=600),
        PickMany(
            "left_out",
            "Bớt đồng chí nào? Có thể chọn nhiều.",
            "Bớt người",
            optional=True,
            more=True,
            source="reminded",
        ),
    ),
    review=_review,
    file=_file,
    actions=(
        (("Gửi", "send"),),
        (("Sửa lời", "edit:text"), ("Bớt người", "edit:left_out")),
        (("Để sau", "later"),),
    ),
)
FORMS = (FORM,)
LOOKS = {"reminded": reminded, "signed": signed}
