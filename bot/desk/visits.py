"""Visits at the desk: begin one, list mine, show, change, withdraw, confirm, add photos."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col

from bot.conversation.screens import EDIT
from bot.desk import visit_news, visit_words
from bot.desk.contract import Noun, Result, Resume, Start, Words
from bot.desk.loose import told_visit
from bot.messages import Option, Outgoing, Rejected
from bot.rules.vocabulary import activity_label
from bot.rules.zone import day_of
from bot.words import day, find, natural, uncapital
from storage import (
    areas,
    assignments,
    attachments,
    cases,
    drafts,
    occurrences,
    people,
    supports,
    talks,
    visits,
)
from storage.scope import Viewer
from storage.tables import Case, Visit

PAGE = 8
TOKEN_BYTES = 64  # what a button can carry
TOLD = 6  # words behind "ghi": so many tell of a visit, fewer name its area
NOT_FOUND = "Không thấy phiếu này trong những phiếu đồng chí được xem."


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """Answer a word about visits."""
    if words.command in _BY_COMMAND:
        return _BY_COMMAND[words.command](session, viewer, words, at)
    return _show(session, viewer, words, at)


def begin(session: Session, viewer: Viewer, words: Words, at: datetime, **known: Any) -> Result:
    """A new slip; the area is known when only one is left to visit."""
    today = day_of(at)
    person_id = int(known.get("_for") or viewer.person_id)
    held = assignments.held(session, person_id, today)
    if not held and "_for" not in known and len(viewer.helps) == 1:
        return begin(session, viewer, words, at, _for=next(iter(viewer.helps)))
    if not held:
        raise Rejected("Đồng chí chưa được phân công địa bàn nào.")
    known = {"area_id": _only(session, viewer, held, words, today), **known}
    return [Start("visit", {name: value for name, value in known.items() if value})]


def _only(
    session: Session, viewer: Viewer, held: list[assignments.Held], words: Words, today: date
) -> str | None:
    """The area named in the words, or the only one, or the only one not visited this month."""
    names = {str(a.area_id): a.area_name for a in held}
    named = find(words.rest, list(names.items())) if words.rest else []
    if len(named) == 1:
        return named[0]
    seen = visits.areas_visited(session, viewer, today.replace(day=1)) if len(held) > 1 else set()
    left = [area_id for area_id in names if int(area_id) not in seen]
    return left[0] if len(left) == 1 else next(iter(names)) if len(names) == 1 else None


def _begin(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    if len(words.rest.split()) >= TOLD:
        return told_visit(session, viewer, words.rest, at, inbox_id=words.inbox_id)
    aside = drafts.parked(session.connection(), viewer.person_id, "visit")
    if aside and not words.rest:
        rows = (
            (Option("Ghi tiếp", f"ghi tiep {aside[0].id}"), Option("Ghi phiếu mới", "ghi moi")),
        )
        place = areas.by_id(session, int((aside[0].answers.get("area_id") or {}).get("value", 0)))
        where = f", {uncapital(place.name)}" if place else ""
        since = day(day_of(aside[0].updated_at))
        return [Outgoing(f"Đồng chí có phiếu ghi dở từ ngày {since}{where}.", rows)]
    if not words.rest or words.rest == "moi":
        return begin(session, viewer, words, at)
    return begin(session, viewer, words, at, _parts=True)


def _resume(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    newest = drafts.newest_unfinished(session.connection(), viewer.person_id)
    begun = natural(words.rest) or newest
    return [Resume(begun)] if begun else [Outgoing("Đồng chí không có phiếu nào ghi dở.")]


def _been(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """Under a reminder: "Tôi đã đi Hòa Mẫu"; the rest is the area's code."""
    area = areas.by_code(session, words.rest.strip())
    known = {"area_id": str(area.id)} if area is not None else {}
    return begin(session, viewer, words, at, _parts=True, **known)


def _mine(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """/dagui: what I sent, newest first; cases that I raised apart from a visit too."""
    start = natural(words.rest) or 0
    mine = col(Visit.person_id) == viewer.person_id
    found = visits.listed(session, viewer, mine, limit=PAGE + 1, offset=start)
    known = areas.by_ids(session, {v.area_id for v in found})
    lines = [
        f"CS-{v.number} {known[v.area_id].name}, {day(v.visited_on)}: "
        f"{activity_label(v.activity, known[v.area_id].name)}"
        for v in found[:PAGE]
    ]
    raised = cases.listed(session, viewer, col(Case.raised_by_id) == viewer.person_id)
    apart = [c for c in raised if c.visit_id is None][-PAGE:] if start == 0 else []
    lines += [f"KN-{c.number} {c.text[:60]}" for c in reversed(apart)]
    if not lines:
        return [Outgoing("Đồng chí chưa có phiếu nào được ghi nhận.")]
    more = ((Option("Xem thêm", f"dagui {start + PAGE}"),),) if len(found) > PAGE else ()
    lines.append("Nhắn mã để xem chi tiết.")
    return [Outgoing("Đã gửi\n" + "\n".join(lines), more)]


def _show(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    seen = _seen(session, viewer, words)
    text = f"CS-{seen.number} · {visit_words.card(session, viewer, seen)}"
    if not _may_change(viewer, seen.person_id) or seen.withdrawn_at is not None:
        talk = Option("Trao đổi thêm", f"trao doi CS-{seen.number}")
        return [Outgoing(text, ((talk,),) if seen.area_id in viewer.communes else ())]
    code = f"CS-{seen.number}"
    buttons = [Option("Sửa phiếu", f"sua {code}"), Option("Thêm ảnh", f"them anh {code}")]
    share = [] if seen.shared else [Option("Gửi cả phần này cho xã", f"gui xa {code}")]
    return [Outgoing(text, (tuple(buttons), (*share, Option("Rút phiếu", f"rut {code}"))))]


def _change(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """sửa CS-1437: the slip again, each part with what it says now."""
    visit = _own(session, viewer, words)
    items = cases.listed(session, viewer, col(Case.visit_id) == visit.id)
    promised = visits.commitments(session, viewer, [visit.id or 0])
    answers = {
        "area_id": str(visit.area_id),
        "visited_on": visit.visited_on.isoformat(),
        "activity": visit.activity,
        "situation": visit.situation,
        "advice": visit.advice,
        "check": visit.check,
        "raised": [{"text": c.text, "outcome": c.outcome, "number": c.number} for c in items],
        "commitments": [c.text for c in promised],
        "supports": [supports.said(s) for s in supports.of_visit(session, viewer, visit.id or 0)],
        "_visit": visit.id,
        "_number": visit.number,
        "_done": True,
        "_for": visit.person_id if visit.person_id != viewer.person_id else None,
    }
    return [Start("visit", {n: v for n, v in answers.items() if v}, EDIT)]


def _withdraw(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """rút CS-1437, then the same with "đồng ý": a mistaken visit no longer counts."""
    visit = _own(session, viewer, words)
    code = f"CS-{visit.number}"
    if words.rest != "dong y":
        area = areas.by_id(session, visit.area_id)
        name = uncapital(area.name) if area else ""
        ask = (
            f"Rút phiếu {code}, {name} ngày {day(visit.visited_on)}? Phiếu đã rút không được tính."
        )
        rows = ((Option("Rút phiếu", f"rut {code} dong y"), Option("Giữ phiếu", code)),)
        return [Outgoing(ask, rows)]
    visits.new_version(session, viewer, visit, reason="rút phiếu", at=at)
    visit.withdrawn_at = at
    talks.untie(session, visit.id or 0)
    session.add(visit)
    occurrences.withdraw(session, f"visit:{visit.id}")
    raised = cases.counted(session, viewer, col(Case.visit_id) == visit.id)
    rest = " Kiến nghị nêu trong phiếu vẫn được giải quyết." if raised else ""
    told = visit_news.withdrawn(session, visit, at)
    return [Outgoing(f"Đã rút phiếu {code}.{rest}"), *told]


def _confirm(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """xác nhận CS-1437: what somebody wrote for me is mine."""
    visit = _own(session, viewer, words)
    if visit.person_id != viewer.person_id:
        raise Rejected("Phiếu do chính đồng chí được ghi hộ xác nhận.")
    if visit.confirmed_at is None:
        visit.confirmed_at = at
        session.add(visit)
    return [Outgoing(f"Đã xác nhận phiếu CS-{visit.number}.", about=("visit", visit.id or 0))]


def _share(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """gửi xã CS-1437: the author lets the commune see situation and check too."""
    visit = _own(session, viewer, words)
    if words.rest != "dong y":
        ask = f"Cho xã xem cả phần Nắm và Kiểm tra của phiếu CS-{visit.number}?"
        again = f"gui xa CS-{visit.number} dong y"
        back = Option("Không gửi", f"CS-{visit.number}")
        return [Outgoing(ask, ((Option("Gửi cho xã", again), back),))]
    visits.new_version(session, viewer, visit, reason="gửi cả phần Nắm, Kiểm tra cho xã", at=at)
    visit.shared = True
    session.add(visit)
    return [Outgoing(f"Xã xem được toàn bộ phiếu CS-{visit.number}.")]


def _photos(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    visit = _own(session, viewer, words)
    known = {"_visit": visit.id, "_number": visit.number}
    return [Start("photos", known, "photos")]


def _attach(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """kèm CS-1437 1234: a photo that was sent before belongs to this slip."""
    visit = _own(session, viewer, words)
    number = natural(words.rest) or 0
    sent = attachments.sent_with(session, viewer.person_id, number)
    if not sent or visit.id is None:
        raise Rejected("Không còn thấy ảnh này.")
    references = [each.reference for each in sent]
    attachments.belong(session, viewer.person_id, references=references, about=("visit", visit.id))
    return [Outgoing(f"Đã kèm vào phiếu CS-{visit.number}.")]


def _for_another(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """nhập thay đc Mẫu: …: the office, or a helper, writes for somebody."""
    name, _, told = words.rest.partition(":")
    known = _may_be_written_for(session, viewer, day_of(at))
    if not known:
        raise Rejected("Đồng chí không được phân công ghi hộ ai.")
    how = "Nhập thay" if "tong_hop" in viewer.roles else "Ghi hộ"
    found = find(name, known) if name.strip() else [key for key, _ in known if len(known) == 1]
    if len(found) != 1:
        labels = dict(known)
        options = tuple((_named(labels[key], told.strip()),) for key in found[:PAGE])
        ask = "Đồng chí nhập thay cho ai? Xin nhắn: nhập thay đồng chí (tên): nội dung chuyến đi."
        return [Outgoing(ask, options)]
    answers: dict[str, Any] = {"_for": int(found[0]), "_how": how, "_parts": True}
    if not told.strip():
        return [Start("visit", answers, "told")]
    return told_visit(session, viewer, told, at, inbox_id=words.inbox_id, **answers)


def _named(name: str, told: str) -> Option:
    """Chooses the person; what was told goes along where a token has room for all of it."""
    whole = f"nhap thay {name}: {told}"
    return Option(name, whole if len(whole.encode()) <= TOKEN_BYTES else f"nhap thay {name}")


def _may_be_written_for(session: Session, viewer: Viewer, day: date) -> list[tuple[str, str]]:
    """Those whom the viewer helps; for the office everybody who has areas to visit."""
    helped = set(viewer.helps)
    if "tong_hop" in viewer.roles:
        helped |= {row.person_id for row in assignments.on(session, day)}
    return [(str(p.id), p.full_name) for p in people.everybody(session) if p.id in helped]


def _seen(session: Session, viewer: Viewer, words: Words) -> visits.Seen:
    found = visits.by_number(session, viewer, words.code.number) if words.code else None
    if found is None:
        raise Rejected(NOT_FOUND)
    return found


def _own(session: Session, viewer: Viewer, words: Words) -> Visit:
    """The visit of the code, for one who may change it; it must still stand."""
    found = visits.row(session, viewer, words.code.number) if words.code else None
    if found is None:
        raise Rejected(NOT_FOUND)
    if found.withdrawn_at is not None:
        raise Rejected(f"Phiếu CS-{found.number} đã rút.")
    return found


def _may_change(viewer: Viewer, person_id: int) -> bool:
    return person_id in {viewer.person_id, *viewer.helps} or "tong_hop" in viewer.roles


_BY_COMMAND = {
    "ghi": _begin,
    "ghi tiep": _resume,
    "ghi moi": lambda s, v, w, at: begin(s, v, w, at),
    "toi da di": _been,
    "dagui": _mine,
    "sua": _change,
    "rut": _withdraw,
    "xac nhan": _confirm,
    "gui xa": _share,
    "them anh": _photos,
    "kem": _attach,
    "nhap thay": _for_another,
    "nhapthay": _for_another,
}
NOUN = Noun("visits", act, tuple(_BY_COMMAND), ("CS",))
