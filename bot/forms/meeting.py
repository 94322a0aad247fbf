"""A member in charge sets the day on which he meets the cadres who follow his areas."""

from datetime import date, datetime

from sqlmodel import Session

from bot.conversation.form import Choice, Draft, Form, Look
from bot.conversation.questions import Day, Text
from bot.desk import meeting_pack, meetings
from bot.messages import Outgoing
from bot.words import full_day, weekday
from storage import people
from storage.scope import Viewer


def invited(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """The cadres who will be told, in protocol order."""
    cadres = meeting_pack.cadres_of(session, viewer.in_charge, today).keys() - {viewer.person_id}
    found = people.by_ids(session, list(cadres))
    return [Choice(str(one), person.full_name) for one, person in found.items()]


def _review(draft: Draft, look: Look) -> str:
    on, words = date.fromisoformat(draft.value("held_on")), draft.value("words")
    lines = [
        "Họp mặt cán bộ theo dõi",
        f"{weekday(on)}, {full_day(on)}" + (f", {words}" if words else ""),
        f"Mời: {len(look.choices('meeting_invited', draft))} cán bộ theo dõi địa bàn đồng chí",
    ]
    return "\n".join(lines)


def _file(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    held_on = date.fromisoformat(draft.value("held_on"))
    return meetings.put(session, viewer, held_on, draft.value("words") or "", at)


FORM = Form(
    name="meeting",
    title="Họp mặt",
    questions=(
        Day("held_on", "Họp mặt ngày nào?", "Ngày", future=True),
        Text("words", "Mấy giờ, ở đâu?", "Giờ, nơi họp", optional=True, longest=200),
    ),
    review=_review,
    file=_file,
    actions=((("Gửi", "send"),), (("Sửa", "edit"), ("Để sau", "later"))),
)
FORMS = (FORM,)
LOOKS = {"meeting_invited": invited}
