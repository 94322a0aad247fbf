"""Raising a case (kiến nghị, phản ánh, thắc mắc): told in one message, then looked over."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from bot.conversation.form import DIRECT, Choice, Draft, Form, Look, choices_of
from bot.conversation.questions import Photos, Pick, Spread
from bot.desk import case_notices, case_raising
from bot.desk.case_cards import Cards
from bot.desk.cases import raise_case
from bot.messages import Option, Outgoing
from bot.rules.vocabulary import SOURCES
from bot.words import day as day_month
from storage import attachments, settings
from storage.scope import Viewer
from storage.tables import Area, Case, FieldOfWork

ASK = (
    "Xin nhắn, hoặc bấm phím micro trên bàn phím và đọc: ai kiến nghị, việc gì, ở đâu, "
    "mong cấp nào giải quyết."
)
ASK_ALSO = (
    "Kiến nghị mới: xin nhắn ngay tại đây việc gì, ở đâu, mong cấp nào giải quyết; "
    "nhắn xong là gửi."
)
_WHOSE = {
    "cap_uy": "Kiến nghị của Đảng ủy {area}",
    "nhan_dan": "Ý kiến của Nhân dân {area}",
    "can_bo": "Nhận định của cán bộ, {area}",
}


class Told(Spread):
    """The words of a case; a commune that is sending at once first reads how its cases stand."""

    def asks(self, draft: Draft, look: Look) -> str:
        stands = draft.value("_stands")
        return f"{stands}\n\n{ASK_ALSO}" if stands and not draft.value(self.name) else self.ask


def _told_by_commune(text: str, draft: Draft, look: Look) -> dict[str, Any]:
    return _understood(text, draft, look, commune=True)


def _told_by_cadre(text: str, draft: Draft, look: Look) -> dict[str, Any]:
    return _understood(text, draft, look, commune=False)


def _understood(text: str, draft: Draft, look: Look, *, commune: bool) -> dict[str, Any]:
    """What the words say of the case; what was answered before stays."""
    known = [
        Area(id=int(c.token), code="", name=c.label, level="xa")
        for c in look.choices("case_areas", draft)
    ]
    fields = [
        FieldOfWork(id=int(c.token), code="", name=c.label, keywords=c.hint)
        for c in look.choices("case_fields", draft)
    ]
    found = case_raising.understood(text, known, fields, today=look.today(), commune=commune)
    return {n: v for n, v in found.items() if n == "text" or n not in draft.answers}


def review(draft: Draft, look: Look) -> str:
    """The case as it will be kept, and to whom it goes."""
    value = draft.value
    area = _label(look, "case_areas", draft, value("area_id"))
    whose = _WHOSE[value("source", "can_bo")].format(area=area[:1].lower() + area[1:])
    field = _label(look, "case_fields", draft, value("field_id"))
    lines = [whose, f'"{value("text")}"', f"Lĩnh vực: {field or 'Văn phòng xếp sau'}"]
    if value("document"):
        lines.append(f"Theo {value('document')}")
    if value("photos"):
        lines.append(f"Ảnh: {len(value('photos'))}")
    return "\n".join([*lines, *(f"Gửi {c.label}" for c in look.choices("case_receivers", draft))])


def _label(look: Look, what: str, draft: Draft, token: Any) -> str:
    return next((c.label for c in look.choices(what, draft) if c.token == str(token)), "")


def file(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    """The case in the database, its receipt, and what others are told at once."""
    value = draft.value
    case, others = raise_case(
        session,
        viewer,
        area_id=int(value("area_id")),
        text=value("text"),
        source=value("source") or "can_bo",
        kind=value("_kind") or "kien_nghi",
        field_id=int(value("field_id")) if value("field_id") else None,
        visit_id=None,
        outcome="passed_up",
        document=value("document") or "",
        raised_by_id=int(value("_for") or viewer.person_id),
        at=at,
    )
    photos = [photo["reference"] for photo in value("photos") or []]
    attachments.belong(session, viewer.person_id, references=photos, about=("case", case.id or 0))
    cards = Cards(session, viewer, at)
    sent = _sent_at_once(cards, case) if value(DIRECT) else _sent(case)
    return [sent, *others, *case_notices.written_for(cards, case)]


def _sent(case: Case) -> Outgoing:
    code = f"KN-{case.number}"
    text = f"Đã gửi {code}{_until(case)}. Nhắn {code} để xem đang ở đâu."
    return Outgoing(text, ((Option(f"Xem {code}", code),),), kind="receipt")


def _sent_at_once(cards: Cards, case: Case) -> Outgoing:
    """What a review would have said, and the way back."""
    code = f"KN-{case.number}"
    author, session = case.raised_by_id, cards.session
    to = case_raising.receivers(session, author, case.area_id, cards.today)
    field = cards.field(case) if case.field_id else "Văn phòng xếp sau"
    text = f"Đã gửi {code} đến {to}{_until(case)}.\nLĩnh vực: {field}."
    row = (Option(f"Xem {code}", code), Option(f"Rút {code}", f"{code} rut"))
    return Outgoing(text, (row,), kind="receipt")


def _until(case: Case) -> str:
    return f", hạn trả lời {day_month(case.due_on)}" if case.due_on else ""


def case_areas(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """The areas about which the person may raise a case."""
    author = int(draft.value("_for") or viewer.person_id)
    known = case_raising.areas_of(session, viewer, author, today)
    return [Choice(str(area.id), area.name) for area in known]


def case_fields(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """The fields of work in force, with the key words that propose them."""
    known = settings.fields_of_work(session, today)
    return [Choice(str(field.id), field.name, field.keywords) for field in known]


def case_receivers(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """One line: who gets the case that is being written."""
    author, area = int(draft.value("_for") or viewer.person_id), draft.value("area_id")
    if not area:
        return []
    return [Choice("receivers", case_raising.receivers(session, author, int(area), today))]


_SEND = (("Gửi", "send"),)
_CHANGE = (("Sửa lời", "edit:text"), ("Đổi lĩnh vực", "edit:field_id"))
_REST = (("Ai nêu", "edit:source"), ("Để sau", "later"))
_REST_OF_QUESTIONS = (
    Pick("area_id", "Kiến nghị ở xã, phường nào?", "Xã, phường", source="case_areas"),
    Pick("field_id", "Thuộc lĩnh vực nào?", "Lĩnh vực", more=True, source="case_fields"),
    Pick("source", "Nội dung này là:", "Ai nêu", more=True, options=choices_of(SOURCES)),
    Photos("photos", "Xin gửi ảnh, có thể kèm chú thích.", "Ảnh", more=True),
)

FORM = Form(
    name="case",
    title="Kiến nghị",
    questions=(
        Spread("text", ASK, "Nội dung", longest=2000, reads=_told_by_cadre),
        *_REST_OF_QUESTIONS,
    ),
    review=review,
    file=file,
    actions=(_SEND, _CHANGE, _REST),
    photos="photos",
)
OF_COMMUNE = Form(
    name="case_of_commune",
    title="Kiến nghị của xã",
    questions=(
        Told("text", ASK, "Nội dung", longest=2000, reads=_told_by_commune),
        *_REST_OF_QUESTIONS,
    ),
    review=review,
    file=file,
    actions=(_SEND, _CHANGE),
    photos="photos",
)
FORMS = (FORM, OF_COMMUNE)
LOOKS = {
    "case_areas": case_areas,
    "case_fields": case_fields,
    "case_receivers": case_receivers,
}
