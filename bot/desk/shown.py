"""Which summary a person means and may see, and how it stands: sent, drafted, or counted now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from sqlmodel import Session

from bot.desk import compiling
from bot.desk.case_cards import named
from bot.desk.duties import province_on
from bot.messages import Option, Outgoing
from bot.reports.chat import Cover, Review, digest
from bot.reports.facts import MEMBER, PROVINCE, span_of
from bot.reports.snapshots import Snapshot
from bot.rules.periods import Period
from bot.rules.province import Province
from bot.rules.zone import day_of, local, moment
from bot.words import day, natural, uncapital, vietnamese_number
from storage import areas, people, reports, restricted
from storage.scope import SYSTEM, Viewer
from storage.tables import Person, Report

PAGE = 8
AREA = "area:"
"""What the scope of one area begins with."""


@dataclass(frozen=True)
class Shown:
    """A summary as one viewer has it before the eyes; `report` is None when counted just now."""

    snapshot: Snapshot
    review: Review
    report: Report | None = None

    @property
    def period(self) -> Period:
        return self.snapshot.period

    @property
    def token(self) -> str:
        """What buttons under it begin with."""
        whole = " tinh" if self.snapshot.scope == PROVINCE else ""
        of_area = f" d{self.snapshot.area}" if self.snapshot.area else ""
        return f"tonghop {self.period.code}{whole}{of_area}"


def is_office(viewer: Viewer) -> bool:
    """Prepares or approves summaries of the whole province."""
    return viewer.everywhere and bool(viewer.roles & reports.OFFICE)


def is_board(viewer: Viewer) -> bool:
    """Reads only what the office has approved."""
    return "thuong_truc" in viewer.roles and not is_office(viewer)


def may_read(viewer: Viewer) -> bool:
    """Leaders and the bodies that see the whole province."""
    return viewer.everywhere or bool(viewer.in_charge)


def own_scope(viewer: Viewer) -> str:
    """The province for who sees all of it, else the areas in charge."""
    return PROVINCE if viewer.everywhere else f"{MEMBER}:{viewer.person_id}"


def find(
    session: Session, viewer: Viewer, period: Period, scope: str, at: datetime
) -> Shown | None:
    """The summary of the period, counted now where that is allowed; None where it is not."""
    if scope.startswith(AREA):
        return _of_area(session, viewer, period, int(scope.removeprefix(AREA)), at)
    report = reports.newest(session, viewer, period.code, scope)
    if report is not None:
        return of_report(report)
    automatic = province_on(session, day_of(at)).automatic
    if is_board(viewer) and not automatic:
        return None
    if scope != own_scope(viewer):
        return None
    areas = None if scope == PROVINCE else viewer.in_charge
    snapshot = compiling.snapshot_of(session, viewer, period, cut=at, scope=scope, areas=areas)
    return Shown(snapshot, "automatic" if is_board(viewer) else "open")


def _of_area(
    session: Session, viewer: Viewer, period: Period, area_id: int, at: datetime
) -> Shown | None:
    """One area with all below it; at the cut of the province's report where that has gone out."""
    if not (viewer.everywhere or area_id in viewer.in_charge):
        return None
    whole = reports.newest(session, SYSTEM, period.code, PROVINCE)
    sent = whole if whole is not None and whole.state == reports.SENT else None
    automatic = province_on(session, day_of(at)).automatic
    if sent is None and is_board(viewer) and not automatic:
        return None
    below = {area_id, *areas.below(session, area_id)}
    cut, scope = sent.cut_at if sent else at, f"{AREA}{area_id}"
    snapshot = compiling.snapshot_of(session, viewer, period, cut=cut, scope=scope, areas=below)
    if sent is not None:
        return Shown(snapshot, of_report(sent).review)
    return Shown(snapshot, "automatic" if is_board(viewer) else "open")


def of_report(report: Report) -> Shown:
    """A summary that was compiled."""
    reviewed: Review = "automatic" if report.automatic else "reviewed"
    state: Review = reviewed if report.state == reports.SENT else "open"
    return Shown(Snapshot.from_json(report.snapshot), state, report)


def latest(session: Session, viewer: Viewer, at: datetime) -> Shown | None:
    """What went out last, or else the month that runs."""
    scope = own_scope(viewer)
    if sent := reports.last_sent(session, viewer, scope):
        return of_report(sent)
    return find(session, viewer, compiling.period_now(session, "month", at), scope, at)


def opened(session: Session, viewer: Viewer, shown: Shown, at: datetime) -> None:
    """Any tap counts as opened, once a person; only the office sees who has not."""
    if shown.report is None or shown.report.id is None or is_office(viewer):
        return
    done = reports.events(session, viewer, shown.report.id, "opened")
    if viewer.person_id not in {event.by_id for event in done}:
        reports.note(session, shown.report, "opened", by_id=viewer.person_id, at=at)


def message(session: Session, viewer: Viewer, shown: Shown, to: Person | None = None) -> Outgoing:
    """The digest with its buttons; `to` is named where the service begins."""
    cover = replace(
        cover_of(session, shown),
        to=addressed(session, to, shown.snapshot) if to else "",
        apart=0 if shown.snapshot.area else _apart(session, viewer, shown.period),
    )
    return Outgoing(digest(shown.snapshot, cover), rows(shown, viewer))


def _apart(session: Session, viewer: Viewer, period: Period) -> int:
    return restricted.raised_in(session, viewer, span_of(period))


def cover_of(session: Session, shown: Shown) -> Cover:
    """What the office wrote around the figures, and whose or of which area they are."""
    words = shown.report.words if shown.report else {}
    on = words.get("issued_on")
    area = areas.by_id(session, shown.snapshot.area) if shown.snapshot.area else None
    member = people.by_id(session, shown.snapshot.member) if shown.snapshot.member else None
    return Cover(
        review=shown.review,
        note=str(words.get("note", "")),
        seal=str(words.get("seal", "")),
        number=str(words.get("number", "")),
        issued_on=date.fromisoformat(on) if on else None,
        place=uncapital(area.name) if area else "",
        in_charge=named(member, post=True) if member else "",
    )


def addressed(session: Session, person: Person, snapshot: Snapshot) -> str:
    """By post on the standing board, by name otherwise."""
    province = province_on(session, day_of(snapshot.cut_at))
    if snapshot.member is None and person.post:
        return f"{person.address} {seat(person, province)}"
    return f"{person.address} {person.full_name}"


def seat(person: Person, province: Province) -> str:
    """Phó Bí thư Thường trực, without the name of the committee, which goes without saying."""
    return person.post.removesuffix(province.committee).strip()


def rows(shown: Shown, viewer: Viewer) -> tuple[tuple[Option, ...], ...]:
    """The buttons under a digest."""
    token = shown.token
    late, missing = (shown.snapshot.value(name) for name in ("cases_overdue", "not_recorded"))
    sent = shown.report is not None and shown.report.state == reports.SENT
    found = [
        [Option("Cho ý kiến", f"{token} ykien")] if sent and not is_office(viewer) else [],
        [Option("Nổi lên", f"{token} noilen")] if shown.snapshot.value("cases_new") else [],
        [Option("Theo địa bàn", f"{token} diaban")],
        [Option("Word, phụ lục, biểu đồ", f"{token} tep")],
    ]
    if late:
        found[1].append(Option(f"Quá hạn ({vietnamese_number(late)})", f"{token} quahan"))
    if missing:
        label = f"Chưa ghi nhận ({vietnamese_number(missing)})"
        found[2].append(Option(label, f"{token} chuaghi"))
    if shown.snapshot.member is not None and sent:
        found[3].append(Option("Cả tỉnh", f"tonghop {shown.period.code} tinh"))
    return tuple(tuple(row) for row in found if row)


def cut_day(shown: Shown) -> str:
    """The day of the cut, 03/11."""
    return day(local(shown.snapshot.cut_at).date())


def paged(token: str, page: int, count: int, size: int = PAGE) -> tuple[tuple[Option, ...], ...]:
    """The row that turns pages."""
    found = []
    if page > 1:
        found.append(Option("Trang trước", f"{token} {page - 1}"))
    if page * size < count:
        found.append(Option("Trang sau", f"{token} {page + 1}"))
    return (tuple(found),) if found else ()


def page_of(args: Sequence[str]) -> int:
    """The page that the last word names, the first one otherwise."""
    return max(1, natural(args[-1]) or 1) if args else 1


def not_begun(period: Period, at: datetime) -> bool:
    """The period lies ahead."""
    return moment(period.start, time.min) > at


def readers(session: Session, snapshots: Sequence[Snapshot], at: datetime) -> dict[str, list[int]]:
    """Who gets which scope: the standing board the province, members their areas."""
    board = [person.id or 0 for person in people.holders(session, "thuong_truc", day_of(at))]
    members = [one.member for one in snapshots if one.member is not None]
    found = {PROVINCE: board}
    return found | {f"{MEMBER}:{who}": [who] for who in members if who not in board}
