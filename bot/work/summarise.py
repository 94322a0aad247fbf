"""The clock's part in summaries: drafts, the close of figures, silence, the meeting."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlmodel import Session

from bot.desk import approval, compiling, quiet, review
from bot.desk.duties import calendar_of, day_at, province_on
from bot.messages import Option, Outgoing
from bot.reports.facts import PROVINCE, span_of
from bot.reports.snapshots import Snapshot
from bot.rules.periods import Kind, Period, previous
from bot.rules.zone import day_of, moment
from bot.words import capital, full_day
from bot.work.post import post
from storage import people, reports
from storage.database import Database
from storage.occurrences import Due, claim
from storage.scope import SYSTEM
from storage.tables import Report

KINDS: tuple[Kind, ...] = ("month", "quarter")
"""Compiled by the clock; any other period is compiled when somebody asks."""
DRAFT_AT, AFTERNOON = time(7, 30), time(13, 30)
LONGEST_STOP = timedelta(days=31, hours=12)
"""How far back the first pass of all looks; later ones go back to what was compiled last."""
REMEMBERED = timedelta(days=1200)
CLOSE, DRAFT, SILENCE, MEETING = "report", "report_draft", "report_silence", "before_meeting"


def summarise(db: Database, at: datetime) -> int:
    """Do what is due about summaries, each thing once; how many messages were written."""
    with db.reading() as session:
        nothing = not (_closed(session, at) or _drafts(session, at) or _nudges(session, at))
        if nothing and _meeting(session, at) is None:
            return 0
    with db.writing() as session:
        found = [*_close(session, at), *_draft(session, at)]
        found += [*_nudge(session, at), *_before_meeting(session, at)]
        return len(post(session, found))


def _due(kind: str, period: Period) -> Due:
    """Named by the end of the period, so that a changed close makes no second one."""
    return Due(kind, f"{period.kind}:{period.code}", moment(period.end, time.min))


def _closed(session: Session, at: datetime) -> list[Period]:
    """Periods whose figures have closed and that were not compiled, the oldest first."""
    done = reports.done(session, CLOSE, at - REMEMBERED)
    found = [period for kind in KINDS for period in _missed(session, kind, done, at)]
    return sorted(found, key=lambda period: (period.end, period.start))


def _missed(session: Session, kind: Kind, done: set[Due], at: datetime) -> list[Period]:
    """Everything since the last one of its kind; at first what is recent and not empty."""
    ends = [due.due_at for due in done if due.target.startswith(f"{kind}:")]
    if ends:
        later = _back_to(session, kind, max(ends), at)
        return [period for period in later if _due(CLOSE, period) not in done]
    recent = _back_to(session, kind, at - LONGEST_STOP, at)
    return [period for period in recent if _begun(session, period)]


def _back_to(session: Session, kind: Kind, since: datetime, at: datetime) -> Iterable[Period]:
    """Closed periods of the kind, from the last one back to those that closed before `since`."""
    period = previous(compiling.period_now(session, kind, at))
    while (closes := compiling.closes_at(session, period)) > since:
        if closes <= at:
            yield period
        period = previous(period)


def _begun(session: Session, period: Period) -> bool:
    """Something was entered about the period: the service had begun by then."""
    return reports.anything(session, SYSTEM, span_of(period))


def _close(session: Session, at: datetime) -> list[Outgoing]:
    """Compile each closed period once, and lay it before the office or send it as it is."""
    periods = {_due(CLOSE, period): period for period in _closed(session, at)}
    new = claim(session, periods, at)
    compiled = [_compile(session, period, at) for due, period in periods.items() if due in new]
    province = province_on(session, day_of(at))
    if province.automatic and not province.trial:
        sent = [approval.send(session, one, at, automatic=True).messages for one in compiled]
        return [message for messages in sent for message in messages]
    return _to_office(session, compiled, at)


def _compile(session: Session, period: Period, at: datetime) -> Report:
    """As known at the close; a report that somebody asked for early now goes to everybody."""
    cut = compiling.closes_at(session, period)
    report = compiling.keep(session, compiling.snapshots_of(session, period, cut), at)[0]
    report.words = {name: word for name, word in report.words.items() if name != "on_demand"}
    session.add(report)
    return report


def _to_office(session: Session, compiled: list[Report], at: datetime) -> list[Outgoing]:
    if not compiled:
        return []
    pairs = [(Snapshot.from_json(one.snapshot), one) for one in compiled]
    text = "\n\n".join(review.text_of(session, SYSTEM, *pair, at) for pair in pairs)
    message = review.message(session, SYSTEM, *pairs[0], at)
    if len(pairs) > 1:
        rows = [(Option(f"Rà soát {s.period.short}", f"rasoat {s.period.code}"),) for s, _ in pairs]
        message = Outgoing(text, tuple(rows))
    about = ("report", compiled[0].id or 0)
    return _to_clerks(session, replace(message, about=about), at)


def _to_clerks(session: Session, message: Outgoing, at: datetime) -> list[Outgoing]:
    """At once, but neither at night nor on a day off."""
    on, clerks = day_at(session, at), people.holders(session, "tong_hop", day_of(at))
    return [quiet.at_work(replace(message, person_id=person.id), on) for person in clerks]


def _drafts(session: Session, at: datetime) -> list[Period]:
    """Periods between their end and their close whose draft the office has not got."""
    calendar = calendar_of(session)
    done = reports.done(session, DRAFT, at - LONGEST_STOP)
    found = []
    for kind in KINDS:
        period = previous(compiling.period_now(session, kind, at))
        begins = moment(calendar.close_day(period, 1), DRAFT_AT)
        waits = begins <= at < compiling.closes_at(session, period)
        if waits and _due(DRAFT, period) not in done and _begun(session, period):
            found.append(period)
    return found


def _draft(session: Session, at: datetime) -> list[Outgoing]:
    """One message to each clerk with the drafts of this morning."""
    periods = {_due(DRAFT, period): period for period in _drafts(session, at)}
    new = claim(session, periods, at)
    snapshots = [
        compiling.snapshot_of(session, SYSTEM, period, cut=at)
        for due, period in periods.items()
        if due in new
    ]
    if not snapshots:
        return []
    message = review.together(session, SYSTEM, snapshots, at)
    return _to_clerks(session, message, at)


def _nudges(session: Session, at: datetime) -> list[Report]:
    """Reports that have lain for a working day; each is brought up once inside the office.

    By day, on a working day.
    """
    if quiet.when(day_at(session, at)) is not None:
        return []
    open_ones = [
        one
        for one in reports.unsent(session, SYSTEM, PROVINCE)
        if one.state in (approval.DRAFT, approval.SUBMITTED)
    ]
    if not open_ones:
        return []
    done = reports.done(session, SILENCE, min(one.cut_at for one in open_ones))
    return [one for one in open_ones if _silence(one) not in done and _lain(session, one, at)]


def _silence(report: Report) -> Due:
    return Due(SILENCE, f"report:{report.period}", report.cut_at)


def _lain(session: Session, report: Report, at: datetime) -> bool:
    """Nothing has happened to it since the working day before."""
    events = reports.events(session, SYSTEM, report.id or 0)
    last = max([report.cut_at, *(event.at for event in events)])
    return moment(calendar_of(session).add_workdays(day_of(last), 1), AFTERNOON) <= at


def _nudge(session: Session, at: datetime) -> list[Outgoing]:
    found = []
    waiting = {_silence(one): one for one in _nudges(session, at)}
    for due in claim(session, waiting, at):
        found += [
            replace(_word(session, waiting[due]), kind="notice", person_id=person.id)
            for person in people.holders(session, "duyet", day_of(at))
        ]
    return found


def _word(session: Session, report: Report) -> Outgoing:
    """To who approves: it waits for that person, or still lies with the clerk."""
    if report.state == approval.SUBMITTED:
        return approval.ask(session, report)
    name = approval.name(report)
    row = (Option("Xem", f"duyet {report.period} xem"),)
    text = f"{capital(name)} đã chốt số liệu, chưa được trình."
    return Outgoing(text, (row,), about=("report", report.id or 0))


def _meeting(session: Session, at: datetime) -> tuple[Due, Report] | None:
    """The report to bring again ahead of the meeting, when that day has come."""
    province = province_on(session, day_of(at))
    if province.meeting_on is None or province.trial:
        return None
    day = calendar_of(session).add_workdays(province.meeting_on, -province.before_meeting)
    begins = moment(day, province.send_at)
    report = reports.last_sent(session, SYSTEM, PROVINCE)
    if report is None or not begins <= at < moment(province.meeting_on, province.send_at):
        return None
    due = Due(MEETING, f"report:{report.period}", begins)
    fresh = begins - timedelta(days=1)
    sent = reports.events(session, SYSTEM, report.id or 0, reports.SENT)
    if due in reports.done(session, MEETING, begins) or any(one.at >= fresh for one in sent):
        return None
    return due, report


def _before_meeting(session: Session, at: datetime) -> list[Outgoing]:
    """The last digest once more, to the standing board alone."""
    found = _meeting(session, at)
    if found is None or not claim(session, [found[0]], at):
        return []
    meeting = province_on(session, day_of(at)).meeting_on
    said = f"Gửi lại trước giao ban {full_day(meeting)}\n\n" if meeting else ""
    again = approval.digests(session, found[1], approval.in_office_hours(session, at), at)
    return [replace(one, text=f"{said}{one.text}") for one in again]
