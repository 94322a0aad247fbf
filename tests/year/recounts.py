"""Every figure of a period counted once more, by other rules: from what the year remembers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlmodel import Session, col, select

from bot.rules.cases import ENDED
from bot.rules.periods import Period, containing
from bot.rules.zone import day_of, moment
from storage.tables import Absence, CaseEvent, Commitment, ExchangeMessage, Visit
from tests.year.life import Life
from tests.year.provinces import SWITCH, Span

Place = tuple[int, int, str]  # person, area, the code of the owed period


@dataclass
class Recount:
    """Ids by the names that the snapshot uses; duties by person, area and owed period."""

    ids: dict[str, set[int]] = field(default_factory=dict)
    duties: dict[str, set[Place]] = field(default_factory=dict)
    people: dict[int, int] = field(default_factory=dict)  # visits of each


def recount(session: Session, life: Life, period: Period, cut: datetime) -> Recount:
    """The whole province."""
    found = Recount()
    _visits(session, life, period, cut, found)
    _cases(session, period, cut, found)
    _exchanges(session, period, cut, found)
    _duties(session, life, period, cut, found)
    return found


def _visits(session: Session, life: Life, period: Period, cut: datetime, found: Recount) -> None:
    numbers = dict(session.exec(select(Visit.number, Visit.id)).all())
    trips = [trip for trip in life.trips if (on := trip.on(cut)) and on in period]
    found.ids["visits"] = {numbers[trip.number] or 0 for trip in trips}
    people: defaultdict[int, int] = defaultdict(int)
    for trip in trips:
        people[trip.person] += 1
    found.people = dict(people)


def _cases(session: Session, period: Period, cut: datetime, found: Recount) -> None:
    """From the history of each case alone."""
    begins, ends = moment(period.start, time.min), moment(period.end, time.min)
    steps = select(CaseEvent).where(CaseEvent.at <= cut).order_by(col(CaseEvent.id))
    histories: defaultdict[int, list[CaseEvent]] = defaultdict(list)
    for step in session.exec(steps):
        histories[step.case_id].append(step)
    names = ("cases_carried", "cases_new", "cases_ended", "cases_open", "cases_overdue")
    found.ids |= {name: set() for name in names}
    for number, history in histories.items():
        raised = history[0].at
        over = next((step.at for step in history if step.state in ENDED), None)
        double = history[-1].state == "merged" and raised >= begins and over and over < ends
        if raised >= ends or (over and over < begins) or double:
            continue
        found.ids["cases_carried" if raised < begins else "cases_new"].add(number)
        if over and over < ends:
            found.ids["cases_ended"].add(number)
            continue
        found.ids["cases_open"].add(number)
        due = [step.due_on for step in history if step.due_on]
        if not over and due and due[-1] < day_of(cut):
            found.ids["cases_overdue"].add(number)
    found.ids["cases_in_time"] = found.ids["cases_open"] - found.ids["cases_overdue"]


def _exchanges(session: Session, period: Period, cut: datetime, found: Recount) -> None:
    """Two-way is where messages of both sides are there."""
    begins, ends = moment(period.start, time.min), moment(period.end, time.min)
    spoken: defaultdict[int, list[ExchangeMessage]] = defaultdict(list)
    messages = select(ExchangeMessage).where(ExchangeMessage.at <= cut)
    for message in session.exec(messages.order_by(col(ExchangeMessage.id))):
        spoken[message.exchange_id].append(message)
    begun = {key: said for key, said in spoken.items() if begins <= said[0].at < ends}
    found.ids["exchanges"] = set(begun)
    found.ids["two_way"] = {key for key, said in begun.items() if len({m.side for m in said}) == 2}
    found.ids["one_way"] = found.ids["exchanges"] - found.ids["two_way"]


def _duties(session: Session, life: Life, period: Period, cut: datetime, found: Recount) -> None:
    """Months before the switch, quarters from it on; only such as an assignment covers whole."""
    approved = session.exec(select(Absence).where(Absence.state == "approved")).all()
    known: defaultdict[tuple[int, int], list[date]] = defaultdict(list)
    for trip in life.trips:
        if on := trip.on(cut):
            known[trip.person, trip.area].append(on)
    names = ("assigned", "excused", "required", "recorded", "not_recorded", "unlinked")
    found.duties |= {name: set() for name in names}
    for unit in _units(period):
        for span in life.made.spans:
            if not (span.holds(unit.start) and span.holds(unit.last)):
                continue
            place = (span.person, span.area, unit.code)
            made = any(day in unit for day in known[span.person, span.area])
            _stand(found, place, made, _away(approved, span, unit))
    gone = life.mute | {who for who in life.blocked_since if str(who) in life.phones.found_out}
    missing = found.duties["not_recorded"]
    found.duties["unlinked"] = {place for place in missing if place[0] in gone}


def _stand(found: Recount, place: Place, made: bool, away: str) -> None:
    found.duties["assigned"].add(place)
    if away == "mien":
        found.duties["excused"].add(place)
        return
    found.duties["required"].add(place)
    found.duties["recorded" if made or away else "not_recorded"].add(place)


def _units(period: Period) -> list[Period]:
    """What falls due in the period: its months until the switch, its quarters afterwards."""
    last_days = [month.last for month in period.months()]
    return [
        containing("quarter" if last >= SWITCH else "month", last)
        for last in last_days
        if last < SWITCH or last == containing("quarter", last).last
    ]


def _away(approved: Iterable[Absence], span: Span, unit: Period) -> str:
    """The form of an absence that was agreed to for every day of the unit, or ""."""
    for row in approved:
        mine = row.person_id == span.person and row.area_id in (None, span.area)
        if mine and row.from_date <= unit.start and unit.last <= row.to_date:
            return row.form
    return ""


@dataclass(frozen=True)
class Kept:
    """Commitments: those carried over and the new ones are those done and those open."""

    carried: int
    new: int
    done: int
    open: int


def commitments(session: Session, period: Period) -> Kept:
    """As they stood when the period ended; one of a visit that is withdrawn is settled with it."""
    begins, ends = moment(period.start, time.min), moment(period.end, time.min)
    known = select(Visit.submitted_at, Visit.withdrawn_at, Commitment.done_at)
    found = session.exec(known.join(Visit, col(Visit.id) == Commitment.visit_id))
    rows = [(made, done or gone) for made, gone, done in found]
    there = [(made, done) for made, done in rows if made < ends and not (done and done < begins)]
    done = sum(1 for _, at in there if at and at < ends)
    new = sum(made >= begins for made, _ in there)
    return Kept(len(there) - new, new, done, len(there) - done)
