"""The office at its desk: reviews the figures, chooses sentences, submits, approves, sends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.desk import approval, case_acts, compiling, highlights, review
from bot.desk.case_cards import short
from bot.desk.contract import Noun, Result, Start, Words
from bot.desk.duties import province_on
from bot.desk.shown import Shown, is_office, message, page_of, paged
from bot.messages import Option, Outgoing, Rejected
from bot.reports.chat import Cover, digest
from bot.reports.facts import PROVINCE
from bot.reports.snapshots import Snapshot
from bot.rules.period_names import read
from bot.rules.periods import Period, previous
from bot.rules.zone import day_of, local
from bot.words import capital, day, natural, uncapital, weekday
from storage import areas, cases, people, reports, settings
from storage.scope import SYSTEM, Viewer
from storage.tables import Report

NOTE_FORM, RETURN_FORM, NUMBER_FORM = "report_note", "report_return", "report_number"
PAGE = 6


@dataclass(frozen=True)
class Desk:
    """One person of the office before one period; `report` is None before the close."""

    session: Session
    viewer: Viewer
    period: Period
    report: Report | None
    at: datetime

    @property
    def token(self) -> str:
        """What the buttons of the review begin with."""
        return f"rasoat {self.period.code}"

    def snapshot(self) -> Snapshot:
        """The figures under review: those of the close, or else of this moment."""
        if self.report is None:
            return compiling.snapshot_of(self.session, SYSTEM, self.period, cut=self.at)
        if self.report.state == approval.DRAFT:
            newest = compiling.refreshed(self.session, self.report, self.at)
            return Snapshot.from_json(newest.snapshot)
        return Snapshot.from_json(self.report.snapshot)


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """ "Rà soát", "Chờ gửi", and every button under a review or a request to approve."""
    if not is_office(viewer):
        raise Rejected("Mục này dành cho Văn phòng.")
    if words.command in ("chogui", "cho gui"):
        return [waiting(session, viewer)]
    today = day_of(at)
    said, left = read(words.rest, today, province_on(session, today).cut)
    period = said or under_review(session, at)
    report = compiling.compiled(session, period, at)
    desk, args = Desk(session, viewer, period, report, at), left.split()
    known = APPROVES if words.command == "duyet" else REVIEWS
    part = known.get(args[0] if args else "")
    if part is None:
        raise Rejected("Xin chọn việc dưới tin rà soát.")
    return part(desk, args[1:])


def under_review(session: Session, at: datetime) -> Period:
    """The oldest closed month that has not gone out, or the month that has just ended."""
    month = previous(compiling.period_now(session, "month", at))
    open_ones = [
        approval.period(one)
        for one in reports.recent(session, SYSTEM, PROVINCE)
        if one.state in (approval.DRAFT, approval.SUBMITTED)
    ]
    months = [one for one in open_ones if one.kind == "month"]
    return months[-1] if months else month


def waiting(session: Session, viewer: Viewer) -> Outgoing:
    """What has not gone out yet, and where it stands."""
    states = {
        approval.DRAFT: "Văn phòng đang rà soát",
        approval.SUBMITTED: "chờ Chánh Văn phòng duyệt",
        approval.APPROVED: "đã duyệt, đang chạy thử",
    }
    found = [one for one in reports.recent(session, viewer, PROVINCE) if one.state != reports.SENT]
    if not found:
        return Outgoing("Không có bản tổng hợp nào chờ gửi.")
    lines = [f"{capital(approval.name(one))}: {states[one.state]}" for one in found]
    rows = [(Option(capital(approval.period(one).short), f"rasoat {one.period}"),) for one in found]
    return Outgoing("\n".join(["Chờ gửi", *lines]), tuple(rows))


def _review(desk: Desk, args: Sequence[str]) -> Result:
    return [review.message(desk.session, desk.viewer, desk.snapshot(), desk.report, desk.at)]


def _digest(desk: Desk, args: Sequence[str]) -> Result:
    """Exactly what the standing board will read, and what can be done with it."""
    snapshot = desk.snapshot()
    report = reports.newest(desk.session, desk.viewer, desk.period.code, PROVINCE)
    text = _as_sent(desk, snapshot, report)
    if report is None:
        on = local(compiling.closes_at(desk.session, desk.period))
        when = f"{on:%H:%M} {uncapital(weekday(on.date()))} {day(on.date())}"
        return [Outgoing(text), Outgoing(f"Số liệu chốt {when}; sau đó mới trình được.")]
    if report.state != approval.DRAFT:
        return [Outgoing(text)]
    row = (
        Option("Trình Chánh Văn phòng", f"{desk.token} trinh"),
        Option("Sửa lời", f"{desk.token} sualoi"),
    )
    return [Outgoing(text, (row,))]


def _as_sent(desk: Desk, snapshot: Snapshot, report: Report | None) -> str:
    if report is None:
        return digest(snapshot, Cover(review="open"))
    board = people.holders(desk.session, "thuong_truc", day_of(desk.at))
    automatic = province_on(desk.session, day_of(desk.at)).automatic and report.automatic
    shown = Shown(snapshot, "automatic" if automatic else "reviewed", report)
    return message(desk.session, SYSTEM, shown, board[0] if board else None).text


def _submit(desk: Desk, args: Sequence[str]) -> Result:
    return approval.submit(desk.session, desk.viewer, _closed(desk), desk.at)


def _reword(desk: Desk, args: Sequence[str]) -> Result:
    report = _closed(desk)
    if report.state != approval.DRAFT:
        raise Rejected("Bản đã trình hoặc đã gửi, không sửa lời được nữa.")
    known = {"_report": report.id, "text": report.words.get("note", "")}
    return [Start(NOTE_FORM, {name: value for name, value in known.items() if value})]


def _number(desk: Desk, args: Sequence[str]) -> Result:
    """The number that the document system gave, once the summary is approved."""
    report = _closed(desk)
    if report.state not in (reports.SENT, approval.APPROVED):
        raise Rejected("Bản này chưa được duyệt nên chưa có số văn bản.")
    return [Start(NUMBER_FORM, {"_report": report.id})]


def _closed(desk: Desk) -> Report:
    if desk.report is None:
        on = local(compiling.closes_at(desk.session, desk.period))
        raise Rejected(f"Số liệu chốt {on:%H:%M} {day(on.date())}; sau đó mới làm được việc này.")
    return desk.report


def _fields(desk: Desk, args: Sequence[str]) -> Result:
    """Cases without a field; with a number its fields; with a field too it is set."""
    number, field_id = (natural(each) for each in (*args[:2], "", "")[:2])
    if number is not None and field_id is not None:
        return _set_field(desk, number, field_id)
    if number is not None:
        return [_pick_field(desk, number)]
    found = review.unfiled(desk.session, desk.viewer, desk.period, _cut(desk))
    if not found:
        return [Outgoing("Kiến nghị trong kỳ đã xếp lĩnh vực đủ.")]
    lines = [f"{len(found)} kiến nghị chưa xếp lĩnh vực"]
    lines += [f"KN-{one.number} {short(one.text)}" for one in found[:PAGE]]
    options = [
        Option(f"KN-{one.number}", f"{desk.token} linhvuc {one.number}") for one in found[:PAGE]
    ]
    rows = [tuple(options[place : place + 3]) for place in range(0, len(options), 3)]
    return [Outgoing("\n".join(lines), tuple(rows))]


def _pick_field(desk: Desk, number: int) -> Outgoing:
    case = cases.numbered(desk.session, desk.viewer, number)
    if case is None:
        raise Rejected(f"Không tìm thấy KN-{number}.")
    area = areas.by_id(desk.session, case.area_id)
    known = settings.fields_of_work(desk.session, day_of(desk.at))
    options = [Option(one.name, f"{desk.token} linhvuc {number} {one.id}") for one in known]
    rows = [tuple(options[place : place + 2]) for place in range(0, len(options), 2)]
    where = area.name if area else ""
    return Outgoing(f'KN-{number} {where}: "{case.text}"\nXin chọn lĩnh vực', tuple(rows))


def _set_field(desk: Desk, number: int, field_id: int) -> Result:
    """Also of a case that has ended: the field is how the office files it, not what was done."""
    case = cases.taken(desk.session, desk.viewer, number)
    known = {one.id: one.name for one in settings.fields_of_work(desk.session, day_of(desk.at))}
    if case is None or field_id not in known:
        raise Rejected("Lĩnh vực hoặc kiến nghị này không còn trong danh mục.")
    case.field_id = field_id
    desk.session.add(case)
    by, text = desk.viewer.person_id, known[field_id]
    case_acts.record(desk.session, case, "change_field", by, desk.at, text)
    done = Outgoing(f"KN-{number}: {text}")
    return [done, *_fields(desk, [])]


def _highlights(desk: Desk, args: Sequence[str]) -> Result:
    """At most five sentences; a tap chooses one, another tap takes it back."""
    snapshot = desk.snapshot()
    if args and natural(args[0]) is None:
        code = args[0].upper()
        if not highlights.toggle(desk.session, desk.viewer, snapshot, code):
            raise Rejected(f"Đã chọn đủ {highlights.MOST} điểm. Xin bỏ chọn một điểm trước.")
        args = args[1:]
    found = highlights.candidates(desk.session, desk.viewer, snapshot)
    chosen = {one.code for one in highlights.pinned(desk.session, desk.viewer, snapshot)}
    page = page_of(args)
    here = found[(page - 1) * PAGE : page * PAGE]
    lines = [f"Điểm đáng chú ý {desk.period.short}: đã chọn {len(chosen)}/{highlights.MOST}"]
    for one in here:
        mark = "Đã chọn " if one.code in chosen else ""
        lines.append(f'{mark}{one.code}: "{short(one.text, 90)}"')
    options = [
        Option(
            f"{'Thôi' if one.code in chosen else 'Chọn'} {one.code}",
            f"{desk.token} chon {one.code} {page}",
        )
        for one in here
    ]
    rows = [tuple(options[place : place + 2]) for place in range(0, len(options), 2)]
    turn = paged(f"{desk.token} chon", page, len(found), PAGE)
    back = ((Option("Xem bản gửi Thường trực", f"{desk.token} xem"),),)
    return [Outgoing("\n".join(lines), (*rows, *turn, *back))]


def _cut(desk: Desk) -> datetime:
    return desk.report.cut_at if desk.report else desk.at


def _ask(desk: Desk, args: Sequence[str]) -> Result:
    return [approval.ask(desk.session, _closed(desk))]


def _approve(desk: Desk, args: Sequence[str]) -> Result:
    _may_approve(desk)
    return approval.approve(desk.session, desk.viewer, _closed(desk), desk.at)


def _return(desk: Desk, args: Sequence[str]) -> Result:
    _may_approve(desk)
    return [Start(RETURN_FORM, {"_report": _closed(desk).id})]


def _read_through(desk: Desk, args: Sequence[str]) -> Result:
    report = _closed(desk)
    text = _as_sent(desk, Snapshot.from_json(report.snapshot), report)
    rows = approval.ask(desk.session, report).rows if report.state == approval.SUBMITTED else ()
    return [Outgoing(text, rows)]


def _may_approve(desk: Desk) -> None:
    if "duyet" not in desk.viewer.roles:
        raise Rejected("Việc duyệt thuộc đồng chí được giao duyệt bản tổng hợp.")


Part = Callable[[Desk, Sequence[str]], Result]
REVIEWS: dict[str, Part] = {
    "": _review,
    "xem": _digest,
    "trinh": _submit,
    "sualoi": _reword,
    "so": _number,
    "linhvuc": _fields,
    "chon": _highlights,
}
APPROVES: dict[str, Part] = {
    "": _ask,
    "xem": _read_through,
    "gui": _approve,
    "tralai": _return,
}

NOUN = Noun("office", act, commands=("rasoat", "ra soat", "chogui", "cho gui", "duyet"))
