"""The beginning of a case: where it may be, what its words say of it, and who will get it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session

from bot.conversation.form import DIRECT
from bot.desk import case_acts
from bot.desk.case_cards import named
from bot.desk.contract import Start
from bot.desk.duties import province_on
from bot.messages import Rejected
from bot.rules import case_text
from bot.rules.routing import field_for
from storage import areas, assignments, people, settings
from storage.scope import Viewer
from storage.tables import Area, FieldOfWork


def may_raise(viewer: Viewer) -> bool:
    """Cadres, members in charge, communes, and those who write for them."""
    return bool(viewer.follows or viewer.in_charge or viewer.communes or viewer.helps)


def from_commune(viewer: Viewer) -> bool:
    """Whether the person speaks for a commune and follows none."""
    return bool(viewer.communes) and not viewer.follows


def begin(session: Session, viewer: Viewer, text: str, today: date, *, stands: str = "") -> Start:
    """The form with what a first message says; empty text asks for it.

    A commune that is asked for the words sends with them: two messages. `stands` is what it is
    shown of its cases before.
    """
    if not may_raise(viewer):
        raise Rejected("Phần kiến nghị dành cho cán bộ theo dõi và Đảng ủy xã.")
    commune = from_commune(viewer)
    author = author_of(session, viewer, today)
    known = areas_of(session, viewer, author, today)
    answers: dict[str, Any] = {"_for": author if author != viewer.person_id else None}
    if len(known) == 1:
        answers["area_id"] = str(known[0].id)
    if commune and not text.strip():
        answers |= {DIRECT: True, "_stands": stands or None}
    if text.strip():
        fields = settings.fields_of_work(session, today)
        answers |= understood(text, known, fields, today=today, commune=commune)
    return Start("case_of_commune" if commune else "case", answers)


def author_of(session: Session, viewer: Viewer, today: date) -> int:
    """Who raises: the person, or the one cadre the person only writes for."""
    own = assignments.of_person(session, viewer.person_id, today)
    if not own and not viewer.communes and len(viewer.helps) == 1:
        return next(iter(viewer.helps))
    return viewer.person_id


def areas_of(session: Session, viewer: Viewer, author: int, today: date) -> list[Area]:
    """The areas about which a case may be raised: those assigned, or the commune's own."""
    held = {a.area_id for a in assignments.of_person(session, author, today)}
    if held:
        return list(areas.by_ids(session, held).values())
    own = list(areas.by_ids(session, viewer.communes).values())
    return [area for area in own if area.parent_id not in viewer.communes]


def understood(
    text: str,
    known: Sequence[Area],
    fields: Sequence[FieldOfWork],
    *,
    today: date,
    commune: bool,
) -> dict[str, Any]:
    """What the words say of the case, by the names of the form's questions."""
    places = [(str(area.id), area.name) for area in known]
    field = field_for(text, [(f.id, f.name, f.keywords) for f in fields if f.id])
    found = {
        "text": case_text.without_opening(text),
        "area_id": places[0][0] if len(places) == 1 else case_text.area_in(text, places),
        "field_id": str(field) if field else "",
        "source": case_text.source_in(text, commune=commune),
        "document": case_text.document_in(text, today),
        "_kind": case_text.kind_in(text),
    }
    return {name: value for name, value in found.items() if value}


def told_later(session: Session, viewer: Viewer, text: str, today: date) -> Start:
    """What a commune wrote before it said that this is a case: two messages, and it is sent."""
    found = begin(session, viewer, text, today)
    at_once = {DIRECT: True} if from_commune(viewer) else {}
    return replace(found, answers=found.answers | at_once)


def receivers(session: Session, author: int, area_id: int, today: date) -> str:
    """đồng chí Phạm Văn Ví (phụ trách địa bàn) và đồng chí Nguyễn Văn Mẫu (theo dõi xã)."""
    parties = case_acts.around(session, area_id, author, today)
    member = people.by_id(session, parties.member) if parties.member else None
    cadre = people.by_id(session, parties.cadre) if parties.cadre else None
    if member is None or member.id == author:
        said = [province_on(session, today).office]
    else:
        said = [f"{named(member)} (phụ trách địa bàn)"]
    if cadre is not None and cadre.id != author:
        said.append(f"{named(cadre)} (theo dõi xã)")
    return " và ".join(said)
