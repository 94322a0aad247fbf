"""From a draft to a digest on the leaders' phones: submitted, returned, approved, sent."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.desk import compiling, highlights, quiet
from bot.desk.duties import day_at, province_on
from bot.desk.shown import message, of_report, readers
from bot.messages import Option, Outgoing, Rejected
from bot.reports.checks import violations
from bot.reports.facts import MEMBER, PROVINCE
from bot.reports.snapshots import Snapshot
from bot.reports.wording import listed
from bot.rules.access import viewer_of
from bot.rules.periods import Period
from bot.rules.zone import day_of, local
from bot.words import capital, day, uncapital, weekday
from storage import people, reports
from storage.grants import held
from storage.scope import SYSTEM, Viewer
from storage.tables import Person, Report

DRAFT, SUBMITTED, APPROVED = "draft", "submitted", "approved"
NAMED = 5
"""Codes of entries in one message."""


@dataclass(frozen=True)
class Sending:
    """The digests of one approval, and what is said about it."""

    messages: tuple[Outgoing, ...]
    summary: str


def submit(session: Session, viewer: Viewer, report: Report, at: datetime) -> list[Outgoing]:
    """The clerk lays the draft before who approves; a broken sum stops it here."""
    if report.state != DRAFT:
        raise Rejected(f"{capital(name(report))} đã được trình hoặc đã gửi.")
    newest = compiling.refreshed(session, report, at)
    _check(session, newest)
    newest.state = SUBMITTED
    session.add(newest)
    reports.note(session, newest, SUBMITTED, by_id=viewer.person_id, at=at)
    return [
        Outgoing(f"Đã trình {name(newest)}."),
        *_told(session, ask(session, newest), people.holders(session, "duyet", day_of(at)), at),
    ]


def ask(session: Session, report: Report) -> Outgoing:
    """What lies before who approves."""
    code = report.period
    row = (
        Option("Xem", f"duyet {code} xem"),
        Option("Duyệt, gửi", f"duyet {code} gui"),
        Option("Trả lại", f"duyet {code} tralai"),
    )
    text = f"{capital(name(report))} chờ đồng chí duyệt. Gửi: {_whom(session, report)}."
    return Outgoing(text, (row,), kind="notice", about=("report", report.id or 0))


def give_back(
    session: Session, viewer: Viewer, report: Report, reason: str, at: datetime
) -> list[Outgoing]:
    """To the clerk again, with the reason in the approver's words."""
    if report.state != SUBMITTED:
        raise Rejected(f"{capital(name(report))} không còn ở bước trình duyệt.")
    report.state = DRAFT
    session.add(report)
    reports.note(session, report, "returned", by_id=viewer.person_id, at=at, text=reason)
    row = (Option("Rà soát", f"rasoat {report.period}"),)
    text = f'{capital(name(report))} được trả lại để bổ sung: "{reason}"'
    clerks = people.holders(session, "tong_hop", day_of(at))
    told = _told(session, Outgoing(text, (row,)), clerks, at)
    return [Outgoing(f"Đã trả lại {name(report)}."), *told]


def _told(
    session: Session, message: Outgoing, readers: Iterable[Person], at: datetime
) -> list[Outgoing]:
    on = day_at(session, at)
    return [quiet.at_work(replace(message, person_id=one.id), on) for one in readers]


def approve(session: Session, viewer: Viewer, report: Report, at: datetime) -> list[Outgoing]:
    """Approved and sent with one tap; in a trial nothing goes upward."""
    held_report = reports.taken(session, viewer, report.id or 0)
    if held_report is None or held_report.state != SUBMITTED:
        raise Rejected(f"{capital(name(report))} chưa được trình, hoặc đã duyệt.")
    _check(session, held_report)
    reports.note(session, held_report, APPROVED, by_id=viewer.person_id, at=at)
    if province_on(session, day_of(at)).trial:
        held_report.state = APPROVED
        session.add(held_report)
        return [Outgoing(f"Đã duyệt {name(report)}. Đang chạy thử nên chưa gửi lên trên.")]
    sending = send(session, held_report, at, by_id=viewer.person_id)
    clerks = people.holders(session, "tong_hop", day_of(at))
    others = [person for person in clerks if person.id != viewer.person_id]
    told = _told(session, Outgoing(sending.summary), others, at)
    return [Outgoing(sending.summary), *sending.messages, *told]


def send(
    session: Session,
    report: Report,
    at: datetime,
    *,
    by_id: int | None = None,
    automatic: bool = False,
) -> Sending:
    """Close every scope of the period and compose a digest for each reader."""
    when = in_office_hours(session, at)
    scopes = _scopes(session, report)
    messages: list[Outgoing] = []
    for one in scopes:
        _freeze(session, one, report, automatic=automatic)
        reports.note(session, one, reports.SENT, by_id=by_id, at=at)
        messages += digests(session, one, when, at)
    whom = _whom(session, report)
    said = "" if automatic else f"Đã duyệt {name(report)}. "
    return Sending(tuple(messages), f"{said}Gửi {whom}{_at(when)}.")


def digests(
    session: Session, report: Report, when: datetime | None, at: datetime
) -> list[Outgoing]:
    """The digest of one scope for each who gets it, as each may see it."""
    found = []
    for person_id in _readers(session, report).get(report.scope, []):
        person = people.by_id(session, person_id)
        viewer = viewer_of(person_id, held(session, person_id, day_of(at)))
        text = message(session, viewer, of_report(report), person)
        about = ("report", report.id or 0)
        found.append(
            replace(text, kind="digest", person_id=person_id, about=about, not_before=when)
        )
    return found


def unopened(session: Session, report: Report) -> list[str]:
    """Who has touched nothing of it yet, by protocol; for the office alone."""
    scopes = {one.scope: one for one in reports.of_period(session, SYSTEM, report.period)}
    waiting: set[int] = set()
    for scope, who in _readers(session, report).items():
        opened = reports.events(session, SYSTEM, scopes[scope].id or 0, "opened")
        waiting |= set(who) - {event.by_id for event in opened}
    found = people.by_ids(session, waiting).values()
    return [f"đ/c {one.full_name}" for one in sorted(found, key=lambda one: (one.rank, one.id))]


def in_office_hours(session: Session, at: datetime) -> datetime | None:
    """None up to the close of a working day, else the next morning of work."""
    on = day_at(session, at)
    return quiet.when(on, ends=on.province.close_time)


def name(report: Report) -> str:
    """bản tổng hợp tháng 10."""
    return f"bản tổng hợp {period(report).short}"


def period(report: Report) -> Period:
    """The period of a report."""
    return Snapshot.from_json(report.snapshot).period


def _check(session: Session, report: Report) -> None:
    """Names the two numbers and the entries that only one of them counts."""
    broken = violations(Snapshot.from_json(report.snapshot))
    if broken:
        codes = listed(reports.codes(session, SYSTEM, broken[0].of, broken[0].entries), NAMED)
        apart = f" Xin xem lại {codes}." if codes else ""
        raise Rejected(f"Số liệu chưa khớp nên chưa trình, chưa duyệt được. {broken[0]}.{apart}")


def _scopes(session: Session, report: Report) -> list[Report]:
    """The province's report and those of the members it names; one asked for goes alone."""
    if report.words.get("on_demand"):
        return [report]
    members = {f"{MEMBER}:{who}" for who, _ in Snapshot.from_json(report.snapshot).members}
    found = reports.of_period(session, SYSTEM, report.period)
    return [report, *(one for one in found if one.scope in members and one.state != reports.SENT)]


def _freeze(session: Session, one: Report, whole: Report, *, automatic: bool) -> None:
    """What went out stays as it was: the chosen sentences and the office's words with it."""
    snapshot = Snapshot.from_json(one.snapshot)
    chosen = highlights.frozen(highlights.pinned(session, SYSTEM, snapshot))
    shared = {"note": whole.words["note"]} if whole.words.get("note") else {}
    one.words = {**one.words, **shared, "chosen": chosen}
    one.state, one.automatic = reports.SENT, automatic
    session.add(one)
    session.flush()


def _readers(session: Session, report: Report) -> dict[str, list[int]]:
    asked = report.words.get("asked")
    if report.words.get("on_demand"):
        return {PROVINCE: list(asked or [])}
    snapshots = [
        Snapshot.from_json(one.snapshot)
        for one in reports.of_period(session, SYSTEM, report.period)
    ]
    return readers(session, snapshots, report.cut_at)


def _whom(session: Session, report: Report) -> str:
    found = _readers(session, report)
    board = len(found.get(PROVINCE, []))
    members = sum(len(who) for scope, who in found.items() if scope != PROVINCE)
    said = [f"Thường trực {board}"] if board else []
    said += [f"Ủy viên phụ trách {members}"] if members else []
    return ", ".join(said) or "chưa có người nhận"


def _at(when: datetime | None) -> str:
    if when is None:
        return " ngay bây giờ"
    here = local(when)
    named = weekday(here.date())
    return f" lúc {here:%H:%M} {uncapital(named)}, {day(here.date())}"
