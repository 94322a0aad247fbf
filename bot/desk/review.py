"""The message with which the office reviews a period before its summary goes up."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlmodel import Session

from bot.desk import approval, compiling
from bot.messages import Option, Outgoing
from bot.reports.checks import sum_line
from bot.reports.snapshots import Snapshot
from bot.rules.periods import Period
from bot.rules.zone import local, moment
from bot.words import day, uncapital, weekday
from storage import absences, reports
from storage.scope import Viewer
from storage.tables import Case, Report


def message(
    session: Session,
    viewer: Viewer,
    snapshot: Snapshot,
    report: Report | None,
    at: datetime,
) -> Outgoing:
    """What is left to review, whether the sums agree, and the buttons for it."""
    text = text_of(session, viewer, snapshot, report, at)
    if report is not None and report.state == reports.SENT:
        row = (
            Option("Xem bản đã gửi", f"rasoat {report.period} xem"),
            Option("Ghi số văn bản", f"rasoat {report.period} so"),
        )
        return Outgoing(text, (row,))
    count = len(unfiled(session, viewer, snapshot.period, snapshot.cut_at))
    return Outgoing(text, rows(snapshot.period, count, by_hand=report is None))


def together(session: Session, viewer: Viewer, found: Sequence[Snapshot], at: datetime) -> Outgoing:
    """The drafts of several periods in one message, each behind a button."""
    if len(found) == 1:
        return message(session, viewer, found[0], None, at)
    texts = [text_of(session, viewer, one, None, at) for one in found]
    options = [
        (Option(f"Rà soát {one.period.short}", f"rasoat {one.period.code}"),) for one in found
    ]
    return Outgoing("\n\n".join(texts), tuple(options))


def text_of(
    session: Session,
    viewer: Viewer,
    snapshot: Snapshot,
    report: Report | None,
    at: datetime,
) -> str:
    """A draft says when it was drafted and when figures close; a closed one that they have."""
    period = snapshot.period
    name = f"BẢN TỔNG HỢP {period.short.upper()}"
    closes = _when(compiling.closes_at(session, period))
    tasks = _tasks(session, viewer, snapshot)
    needs = "Cần rà soát:" if tasks else "Không còn việc rà soát."
    if report is None:
        head = [f"{name}, dự thảo {_when(at)}", f"Chốt số liệu: {closes}. {needs}"]
    elif report.state == reports.SENT:
        waiting = approval.unopened(session, report)
        said = [f"{name}, đã gửi", f"Chưa mở: {', '.join(waiting) or 'không còn ai'}"]
        numbered = f"Văn bản số {report.words['number']}" if report.words.get("number") else ""
        return "\n".join([*said, *([numbered] if numbered else [])])
    else:
        head = [f"{name}, đã chốt {_when(report.cut_at)}", f"{_standing(report)}{needs}"]
    return "\n".join([*head, *tasks, sum_line(snapshot)])


def _standing(report: Report) -> str:
    return "Đã trình, chờ duyệt. " if report.state == approval.SUBMITTED else ""


def _tasks(session: Session, viewer: Viewer, snapshot: Snapshot) -> list[str]:
    period = snapshot.period
    count = len(unfiled(session, viewer, period, snapshot.cut_at))
    unlinked = snapshot.value("unlinked")
    asked = [
        one
        for one in absences.overlapping(session, viewer, period.start, period.last)
        if one.state == "proposed"
    ]
    found = [
        (count, f"{count} kiến nghị chưa xếp lĩnh vực"),
        (unlinked, f"{unlinked} địa bàn có cán bộ chưa kết nối, có thể nhập thay"),
        (len(asked), f"{len(asked)} đề nghị vắng chờ Ban Tổ chức"),
    ]
    return [line for number, line in found if number]


def unfiled(session: Session, viewer: Viewer, period: Period, cut: datetime) -> list[Case]:
    """New cases of the period without a field."""
    begins, ends = moment(period.start, time.min), moment(period.end, time.min)
    return reports.unfiled(session, viewer, begins, ends, cut)


def rows(period: Period, unfiled_count: int, *, by_hand: bool) -> tuple[tuple[Option, ...], ...]:
    """The buttons under a review; entering for others only helps until figures close."""
    token = f"rasoat {period.code}"
    first = []
    if unfiled_count:
        first.append(Option(f"Xếp lĩnh vực ({unfiled_count})", f"{token} linhvuc"))
    if by_hand:
        first.append(Option("Nhập thay", "nhapthay"))
    found = [
        tuple(first),
        (Option("Chọn điểm đáng chú ý", f"{token} chon"),),
        (Option("Xem bản gửi Thường trực", f"{token} xem"),),
    ]
    return tuple(row for row in found if row)


def _when(at: datetime) -> str:
    """17:00 thứ Ba 03/11."""
    here = local(at)
    return f"{here:%H:%M} {uncapital(weekday(here.date()))} {day(here.date())}"
