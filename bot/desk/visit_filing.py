"""Files a visit: its row, what it raised and promised, its photos, and who is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlmodel import Session

from bot.conversation.form import Draft
from bot.desk import commitments, visit_words
from bot.desk.cases import raise_case
from bot.messages import Option, Outgoing, Rejected
from bot.rules.zone import day_of, moment
from bot.words import exact, uncapital
from storage import areas, assignments, attachments, occurrences, people, supports, talks, visits
from storage.assignments import Held
from storage.counters import next_number
from storage.scope import Viewer
from storage.tables import Case, Commitment, Companion, Person, Visit

OLDEST_DAYS = 400  # how far back a visit may lie


@dataclass(frozen=True)
class Filing:
    """One slip on its way into the database."""

    session: Session
    viewer: Viewer
    draft: Draft
    at: datetime

    def value(self, name: str, default: Any = None) -> Any:
        """What was answered."""
        return self.draft.value(name, default)


def file(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    """Store the slip (or its new version); the receipt first, then messages to others."""
    filing = Filing(session, viewer, draft, at)
    if draft.value("_visit"):
        return _new_version(filing)
    visit = _store(filing)
    raised, notices = _raise(filing, visit, draft.value("raised") or [])
    _promise(filing, visit, draft.value("commitments") or [])
    if filing.value("supports"):
        _support(filing, visit)
    _keep(filing, visit)
    talks.tie(session, visit, *_bounds(visit.visited_on))
    held = frozenset(name for name in ("commitments", "supports") if draft.value(name))
    receipt = visit_words.receipt(session, viewer, visit, raised, at, held=held)
    receipt = commitments.asked_about(session, viewer, visit, receipt)
    receipt = receipt.with_row(*_next_places(session, visit, draft.value("_several") or []))
    return [receipt, *notices, *_told_others(session, viewer, visit)]


def _next_places(session: Session, visit: Visit, keys: list[str]) -> list[Option]:
    """A button for each other area that the same message named."""
    known = areas.by_ids(session, {int(key) for key in keys} - {visit.area_id})
    return [Option(f"Ghi {uncapital(a.name)}", f"toi da di {a.code}") for a in known.values()]


def _store(filing: Filing) -> Visit:
    """What is due is settled first: others wait for the next number until this is committed."""
    value, viewer = filing.value, filing.viewer
    person_id = int(value("_for") or viewer.person_id)
    if person_id != viewer.person_id and not _may_write_for(viewer, person_id):
        raise Rejected("Đồng chí không được phân công ghi hộ người này.")
    area_id, on = int(value("area_id")), date.fromisoformat(value("visited_on"))
    _settle(filing.session, area_id, _check_place(filing, person_id, area_id, on))
    latitude, longitude = value("location") or (None, None)
    visit = Visit(
        number=next_number(filing.session, "CS"),
        person_id=person_id,
        area_id=area_id,
        visited_on=on,
        activity=value("activity"),
        activity_note=value("activity_note") or "",
        situation=value("situation") or "",
        advice=value("advice") or "",
        check=value("check") or "",
        latitude=latitude,
        longitude=longitude,
        written_by_id=viewer.person_id,
        on_paper=value("_how") == "Nhập thay",
        begun_at=datetime.fromisoformat(value("_begun")),
        submitted_at=filing.at,
        draft_id=filing.draft.id,
    )
    visits.put(filing.session, viewer, visit)
    return visit


def _may_write_for(viewer: Viewer, person_id: int) -> bool:
    return person_id in viewer.helps or "tong_hop" in viewer.roles


def _check_place(filing: Filing, person_id: int, area_id: int, on: date) -> list[Held]:
    """What the person was assigned on the day of the visit, of which the area must be one."""
    today = day_of(filing.at)
    if on > today or (today - on).days > OLDEST_DAYS:
        raise Rejected("Xin xem lại ngày đi: ngày chưa tới hoặc đã quá lâu.")
    then = assignments.held(filing.session, person_id, on)
    held = then if on == today else [*then, *assignments.held(filing.session, person_id, today)]
    if all(area_id != one.area_id for one in held):
        raise Rejected("Địa bàn này không được phân công trong ngày ấy.")
    return then


def _raise(
    filing: Filing, visit: Visit, items: list[dict[str, str]]
) -> tuple[list[Case], list[Outgoing]]:
    cases: list[Case] = []
    notices: list[Outgoing] = []
    for item in items:
        case, said = raise_case(
            filing.session,
            filing.viewer,
            area_id=visit.area_id,
            text=item["text"],
            source=item.get("source") or visit_words.source_of(item["text"]),
            kind=visit_words.kind_of(item["text"]),
            field_id=None,
            visit_id=visit.id,
            outcome=item["outcome"] or "passed_up",
            document="",
            raised_by_id=visit.person_id,
            at=filing.at,
        )
        cases.append(case)
        notices += said
    return cases, notices


def _promise(filing: Filing, visit: Visit, texts: list[str]) -> None:
    assert visit.id is not None
    for text in texts:
        filing.session.add(
            Commitment(
                number=next_number(filing.session, "VH"),
                visit_id=visit.id,
                area_id=visit.area_id,
                text=text,
                due_on=visit_words.deadline_of(text, day_of(filing.at)),
            )
        )


def _support(filing: Filing, visit: Visit) -> None:
    """The slip tells of this help, and of no other."""
    items = filing.value("supports") or []
    supports.put(filing.session, filing.viewer, visit.id or 0, items, filing.at)


def _keep(filing: Filing, visit: Visit) -> None:
    """Companions, photos and voice notes become the visit's."""
    assert visit.id is not None
    names = filing.value("companions") or []
    written = visits.companions(filing.session, filing.viewer, visit.id) if names else []
    for name in names:
        if name not in written:
            who = _on_the_roster(filing.session, name)
            filing.session.add(Companion(visit_id=visit.id, person_id=who, name=name))
    kept = [*(filing.value("photos") or []), *(filing.value("_voice") or [])]
    attachments.belong(
        filing.session,
        filing.viewer.person_id,
        references=[item["reference"] for item in kept],
        about=("visit", visit.id),
    )


def _on_the_roster(session: Session, name: str) -> int | None:
    """The person with exactly this name, for whom the visit counts too; None when unsure."""
    known = [(str(person.id), person.full_name) for person in people.everybody(session)]
    found = exact(name, known)
    return int(found[0]) if len(found) == 1 else None


def _bounds(on: date) -> tuple[datetime, datetime]:
    """The day as two moments, in the province's zone."""
    return moment(on, time.min), moment(on + timedelta(days=1), time.min)


def _settle(session: Session, area_id: int, then: Sequence[Held]) -> None:
    """What was due is done: unsent notices that speak of it are composed anew."""
    for assignment in then:
        if assignment.area_id == area_id:
            occurrences.withdraw(session, f"assignment:{assignment.id}")


def _told_others(session: Session, viewer: Viewer, visit: Visit) -> list[Outgoing]:
    """Somebody else wrote: the person is told at once, and may change the slip."""
    if visit.written_by_id == visit.person_id:
        return []
    writer = people.by_id(session, visit.written_by_id)
    area = areas.by_id(session, visit.area_id)
    assert isinstance(writer, Person)
    assert area is not None
    code = f"phiếu CS-{visit.number}"
    how = f"nhập thay {code} theo phiếu giấy" if visit.on_paper else f"ghi hộ {code}"
    text = f"{writer.address.capitalize()} {writer.full_name} {how}.\n" + visit_words.card(
        session, viewer, visit
    )
    confirm = Option("Xác nhận", f"xac nhan CS-{visit.number}")
    change = Option("Sửa phiếu", f"sua CS-{visit.number}")
    about = ("visit", visit.id or 0)
    return [Outgoing(text, ((confirm, change),), "notice", person_id=visit.person_id, about=about)]


def _new_version(filing: Filing) -> list[Outgoing]:
    value, session = filing.value, filing.session
    visit = visits.row(session, filing.viewer, int(value("_number")))
    if visit is None or visit.withdrawn_at is not None:
        raise Rejected("Phiếu này không còn sửa được.")
    late = visit_words.is_closed(session, visit.visited_on, filing.at)
    visits.new_version(session, filing.viewer, visit, reason=value("reason") or "", at=filing.at)
    talks.untie(session, visit.id or 0)
    if filing.viewer.person_id == visit.person_id:
        visit.confirmed_at = visit.confirmed_at or filing.at  # what one has put right is one's own
    on, area_id = date.fromisoformat(value("visited_on")), int(value("area_id"))
    then = _check_place(filing, visit.person_id, area_id, on)
    visit.area_id, visit.visited_on, visit.activity = area_id, on, value("activity")
    for name in ("situation", "advice", "check"):
        setattr(visit, name, value(name) or "")
    if value("location"):
        visit.latitude, visit.longitude = value("location")
    old = {c.text for c in visits.commitments(session, filing.viewer, [visit.id or 0])}
    _promise(filing, visit, [t for t in value("commitments") or [] if t not in old])
    _support(filing, visit)
    items = [i for i in value("raised") or [] if not i.get("number")]
    raised, notices = _raise(filing, visit, items)
    _keep(filing, visit)
    session.add(visit)
    session.flush()
    talks.tie(session, visit, *_bounds(visit.visited_on))
    _settle(session, area_id, then)
    occurrences.withdraw(session, f"visit:{visit.id}")  # an unsent word to the commune is old
    return [visit_words.changed(visit, raised, late=late), *notices]
