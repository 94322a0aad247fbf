"""Asking to be away for a time, or (the office) entering that somebody is; and naming who goes."""

from datetime import date, datetime

from sqlmodel import Session

from bot.conversation.form import Choice, Draft, Form, Look, choices_of
from bot.conversation.questions import Day, Pick, Text
from bot.desk import absences as desk
from bot.messages import Outgoing, Rejected
from bot.rules.vocabulary import ABSENCE_FORMS, ABSENCE_REASONS, label
from storage import absences, assignments, people
from storage.scope import Viewer
from storage.tables import Absence


def places(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """The areas of whoever is away, or all of them."""
    person_id = int(draft.value("person") or draft.value("_person") or viewer.person_id)
    people_asked = {person_id} if draft.value("person") else {person_id} | viewer.helps
    held = assignments.areas_of(session, people_asked, today)
    found = {area.id: area for areas in held.values() for area in areas}
    choices = [Choice(str(area.id), area.name) for area in found.values()]
    return [*choices, Choice(desk.ALL, "Tất cả địa bàn")]


def assigned(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """Everybody who follows or is in charge of something, in protocol order."""
    ids = {row.person_id for row in assignments.on(session, today)}
    return [
        Choice(str(person.id), person.full_name)
        for person in people.everybody(session)
        if person.id in ids
    ]


def _review(draft: Draft, look: Look) -> str:
    lines = []
    for name in ("person", "place", "form", "reason", "note", "substitute"):
        question = FORM.question(name)
        if question is not None and question.when(draft) and draft.value(name):
            shown = question.show(draft.value(name), draft, look)
            lines.append(f"{question.label}: {shown}")
    time = f"Thời gian: {desk.span(_day(draft, 'from_date'), _day(draft, 'to_date'))}"
    return "\n".join(["ĐỀ NGHỊ VẮNG, ĐI THAY", *lines, time])


def _ready(draft: Draft) -> str:
    if _day(draft, "to_date") < _day(draft, "from_date"):
        return "Ngày cuối đứng trước ngày đầu. Xin sửa lại."
    return ""


def _file(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    absence = _absence(session, viewer, draft)
    if draft.value("_office"):
        return desk.enter(session, viewer, absence, at)
    return desk.propose(session, viewer, absence, at)


def _absence(session: Session, viewer: Viewer, draft: Draft) -> Absence:
    place = draft.value("place")
    return Absence(
        person_id=_person(session, viewer, draft),
        area_id=None if place == desk.ALL else int(place),
        from_date=_day(draft, "from_date"),
        to_date=_day(draft, "to_date"),
        form=draft.value("form") or ("di_thay" if _in_place(draft) else "mien"),
        reason=draft.value("note") or label(ABSENCE_REASONS, draft.value("reason")),
        substitute=draft.value("substitute") or "",
    )


def _person(session: Session, viewer: Viewer, draft: Draft) -> int:
    """Whose absence it is; a helper asks for the one whose area it is."""
    given = draft.value("person") or draft.value("_person")
    if given:
        return int(given)
    place, first = draft.value("place"), _day(draft, "from_date")
    held = assignments.areas_of(session, {viewer.person_id} | viewer.helps, first)
    for person_id, areas in held.items():
        if place == desk.ALL or int(place) in {area.id for area in areas}:
            return person_id
    return viewer.person_id


def _file_substitute(
    session: Session, viewer: Viewer, draft: Draft, at: datetime
) -> list[Outgoing]:
    found = absences.by_id(session, viewer, int(draft.value("_absence")))
    if found is None or found.person_id not in {viewer.person_id} | viewer.helps:
        raise Rejected("Không tìm thấy đề nghị này.")
    absences.name_substitute(session, found, draft.value("substitute"))
    return [Outgoing(f"Đã ghi người đi thay: {found.substitute}.", kind="receipt")]


def _day(draft: Draft, name: str) -> date:
    return date.fromisoformat(draft.value(name))


def _in_place(draft: Draft) -> bool:
    return bool(draft.value("reason") == "cu_cap_pho" or draft.value("form") == "di_thay")


def _office(draft: Draft) -> bool:
    return bool(draft.value("_office"))


FORM = Form(
    name="absence",
    title="Đề nghị vắng, đi thay",
    questions=(
        Pick("person", "Đồng chí nào vắng?", "Cán bộ", _office, source="assigned"),
        Pick("place", "Vắng ở địa bàn nào?", "Địa bàn", source="absence_places"),
        Day("from_date", "Vắng từ ngày nào?", "Từ ngày", future=True),
        Day("to_date", "Đến hết ngày nào?", "Đến ngày", future=True),
        Pick("form", "Tính thế nào?", "Tính là", _office, options=choices_of(ABSENCE_FORMS)),
        Pick("reason", "Xin chọn lý do.", "Lý do", options=choices_of(ABSENCE_REASONS)),
        Text(
            "note",
            "Xin ghi lý do.",
            "Lý do khác",
            when=lambda draft: draft.value("reason") == "khac",
            longest=300,
        ),
        Text(
            "substitute",
            "Đồng chí nào đi thay?",
            "Người đi thay",
            when=_in_place,
            optional=True,
            longest=200,
        ),
    ),
    review=_review,
    file=_file,
    ready=_ready,
    actions=((("Gửi", "send"),), (("Sửa", "edit"), ("Để sau", "later"))),
)
SUBSTITUTE = Form(
    name="substitute",
    title="Người đi thay",
    questions=(
        Text("substitute", "Xin nhắn họ tên, chức vụ người đi thay.", "Người đi thay", longest=200),
    ),
    review=lambda draft, look: f"Người đi thay: {draft.value('substitute')}",
    file=_file_substitute,
    direct=True,
)
FORMS = (FORM, SUBSTITUTE)
LOOKS = {"absence_places": places, "assigned": assigned}
