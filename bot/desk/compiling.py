"""Computes the snapshots of a period from the database and keeps them as reports."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time

from sqlmodel import Session

from bot.desk.duties import calendar_of, province_on
from bot.reports.facts import MEMBER, PROVINCE, Amended, Facts, span_of
from bot.reports.figures import Figure
from bot.reports.snapshots import Snapshot, compile_snapshot
from bot.rules.cadence import UNIT_KINDS
from bot.rules.periods import Kind, Period, containing, parse, previous
from bot.rules.zone import day_of, moment
from storage import assignments, audit, reports
from storage.facts import facts
from storage.facts.cases import refiled
from storage.facts.visits import days_amended
from storage.known import Known, RefiledRow
from storage.scope import SYSTEM, Viewer
from storage.tables import Report


@dataclass(frozen=True)
class Corrected:
    """What was corrected about earlier periods: visits by period, and cases."""

    periods: tuple[Amended, ...] = ()
    cases: tuple[RefiledRow, ...] = ()

    def only(self, areas: Collection[int]) -> "Corrected":
        """The same of these areas alone."""
        periods = tuple(_only(one, areas) for one in self.periods)
        return Corrected(periods, _placed(self.cases, areas))


def _placed(cases: Iterable[RefiledRow], areas: Collection[int]) -> tuple[RefiledRow, ...]:
    return tuple(row for row in cases if row.area_id in areas)


def snapshot_of(
    session: Session,
    viewer: Viewer,
    period: Period,
    *,
    cut: datetime,
    scope: str = PROVINCE,
    areas: Collection[int] | None = None,
) -> Snapshot:
    """The period as the viewer may know it at the cut, of all areas or of these."""
    known = known_of(session, viewer, period, cut=cut, areas=areas)
    corrected = _corrected(session, viewer, period, cut, scope, areas)
    facts = Facts(known, period, scope)
    return compile_snapshot(_beside(facts, corrected, _earlier(session, facts, [scope])))


def snapshot_of_person(session: Session, person_id: int, period: Period, cut: datetime) -> Snapshot:
    """What one person's log holds of the period."""
    known = known_of(session, SYSTEM, period, cut=cut).of_person(person_id)
    return compile_snapshot(Facts(known, period, f"{reports.OF_PERSON}{person_id}"))


def snapshots_of(session: Session, period: Period, cut: datetime) -> list[Snapshot]:
    """The province's, and that of every member in charge; all from one reading."""
    known = known_of(session, SYSTEM, period, cut=cut)
    corrected = _corrected(session, SYSTEM, period, cut, PROVINCE)
    alone = Facts(known, period)
    members = {f"{MEMBER}:{who}": areas for who, areas in alone.in_charge.items()}
    earlier = _earlier(session, alone, [PROVINCE, *members])
    whole = _beside(alone, corrected, earlier)
    parts = [
        _beside(whole.only(areas, scope), corrected.only(areas), earlier)
        for scope, areas in members.items()
    ]
    return [compile_snapshot(facts) for facts in (whole, *parts)]


def known_of(
    session: Session,
    viewer: Viewer,
    period: Period,
    *,
    cut: datetime,
    areas: Collection[int] | None = None,
) -> Known:
    """What is known of the period, of the one before it, and of owed periods that end in them."""
    first = previous(period)
    starts = [first, *(_holding(kind, first) for kind in _units(session))]
    earliest = min(starts, key=lambda one: one.start)
    return facts(session, viewer, span_of(earliest, period), cut=cut, areas=areas)


def _units(session: Session) -> list[Kind]:
    return [UNIT_KINDS[unit] for unit in assignments.units(session)]


def _holding(kind: Kind, of: Period) -> Period:
    return containing(kind, of.start, of.cut)


def _beside(
    facts: Facts, corrected: Corrected, earlier: Mapping[str, Mapping[str, Figure]]
) -> Facts:
    """With what went out before, and what was corrected of it since."""
    sent = earlier.get(facts.scope, {})
    return replace(facts, earlier=sent, amended=corrected.periods, refiled=corrected.cases)


def _corrected(
    session: Session,
    viewer: Viewer,
    period: Period,
    cut: datetime,
    scope: str,
    areas: Collection[int] | None = None,
) -> Corrected:
    """What was corrected since the last report closed about periods that were reported on.

    Each correction stands in one report: the first one that closes after it.
    """
    if period.kind in ("custom", "nine_months") or cut < moment(period.end, time.min):
        return Corrected()
    sent = _sent_before(session, PROVINCE if scope.startswith("area:") else scope, period)
    if not sent:
        return Corrected()
    since = max(one.cut_at for one in sent.values())
    days = days_amended(session, viewer, since, cut, period.start)
    asked = {containing(period.kind, day, period.cut) for day in days} if days else set()
    found = [one for one in sorted(asked, key=lambda one: one.start) if one.code in sent]
    periods = tuple(
        Amended(
            Facts(known_of(session, viewer, one, cut=since, areas=areas), one, scope),
            Facts(known_of(session, viewer, one, cut=cut, areas=areas), one, scope),
            str(sent[one.code].words.get("number", "")),
        )
        for one in found
    )
    cases = refiled(session, viewer, since, cut, moment(period.start, time.min))
    return Corrected(periods, cases if areas is None else _placed(cases, areas))


def _sent_before(session: Session, scope: str, period: Period) -> dict[str, reports.Sent]:
    """What went out on earlier periods of the same kind and calendar."""
    found = [
        (parse(one.period, period.cut), one) for one in reports.all_sent(session, SYSTEM, scope)
    ]
    return {
        of.code: one
        for of, one in found
        if of is not None and of.kind == period.kind and of.start < period.start
    }


def _only(one: Amended, areas: Collection[int]) -> Amended:
    """The same of these areas alone."""
    then, now = (facts.only(areas, facts.scope) for facts in (one.then, one.now))
    return replace(one, then=then, now=now)


def _earlier(
    session: Session, facts: Facts, scopes: Collection[str]
) -> dict[str, Mapping[str, Figure]]:
    """The figures of the reports that went out on the period before, by scope; whole ones only."""
    if facts.period.kind == "custom" or not facts.over:
        return {}
    sent = reports.snapshots_sent(session, SYSTEM, previous(facts.period).code, scopes)
    return {scope: Snapshot.from_json(kept).figures for scope, kept in sent.items()}


def closes_at(session: Session, period: Period) -> datetime:
    """When the figures of the period close, by the settings in force after it."""
    province = province_on(session, period.end)
    day = calendar_of(session).close_day(period, province.close_day)
    return moment(day, province.close_time)


def period_now(session: Session, kind: Kind, at: datetime) -> Period:
    """The period of this kind that the moment is in."""
    return containing(kind, day_of(at), province_on(session, day_of(at)).cut)


def keep(session: Session, snapshots: Iterable[Snapshot], at: datetime) -> list[Report]:
    """Store each as a new edition, unless the newest one says the very same."""
    return [_kept(session, snapshot, at) for snapshot in snapshots]


def _kept(session: Session, snapshot: Snapshot, at: datetime) -> Report:
    code = snapshot.period.code
    old = reports.newest(session, SYSTEM, code, snapshot.scope)
    if old is not None and (old.sha256 == snapshot.sha256 or old.state == reports.SENT):
        return old
    report = Report(
        period=code,
        scope=snapshot.scope,
        edition=old.edition + 1 if old else 1,
        cut_at=snapshot.cut_at,
        snapshot=snapshot.to_json(),
        sha256=snapshot.sha256,
        generator=snapshot.generator,
        words=(dict(old.words) if old else {}) | _seal(session),
    )
    reports.note(session, reports.keep(session, report), "drafted", by_id=None, at=at)
    return report


def _seal(session: Session) -> dict[str, str]:
    """The end of the audit log at the close: printed below, it vouches for all before it."""
    seal = audit.head(session.connection()).seal
    return {"seal": seal} if seal else {}


def refreshed(session: Session, report: Report, at: datetime) -> Report:
    """The newest edition after the office's review: same cut, fields and absences of now."""
    period = Snapshot.from_json(report.snapshot).period
    kept = keep(session, snapshots_of(session, period, report.cut_at), at)
    return next(one for one in kept if one.scope == report.scope)


def compiled(session: Session, period: Period, at: datetime) -> Report | None:
    """The province's newest report of the period; one that has closed is compiled when asked."""
    report = reports.newest(session, SYSTEM, period.code, PROVINCE)
    if report is None and closes_at(session, period) <= at:
        return keep(session, snapshots_of(session, period, at), at)[0]
    return report
