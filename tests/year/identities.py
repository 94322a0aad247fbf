"""What must hold whenever a report goes out; what does not is told in words."""

import re
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile

from sqlmodel import Session, col, select

from bot.desk import case_acts, compiling
from bot.reports.checks import violations
from bot.reports.facts import MEMBER, PROVINCE, Facts
from bot.reports.snapshots import Snapshot, compile_snapshot
from bot.roster.reach import unreached
from bot.rules import cases as rules
from bot.rules.figures import percent
from bot.rules.periods import parse, previous
from bot.rules.zone import day_of
from bot.words import decimal, vietnamese_number
from storage.known import Known
from storage.scope import SYSTEM
from storage.tables import Assignment, Case, Outbox, Report
from tests.year.provinces import SWITCH
from tests.year.recounts import Recount, recount
from tests.year.years import Year

LINES, COLUMNS = 26, 36
SUMMED = (
    *("assigned", "excused", "required", "recorded", "not_recorded", "unlinked"),
    *("visits", "visits_with_3", "visits_with_2", "visits_with_1"),
    *("cases_carried", "cases_new", "cases_ended", "cases_open", "cases_overdue", "cases_in_time"),
    *("exchanges", "two_way", "one_way"),
)
DUTIES = ("assigned", "excused", "required", "recorded", "not_recorded")
OUTCOMES = ("explained", "passed_to_commune", "passed_up")


@dataclass
class Identities:
    """What has been checked so far; `broken` is empty as long as everything holds."""

    held: int = 0
    broken: list[str] = field(default_factory=list)
    sent: dict[tuple[str, str], Snapshot] = field(default_factory=dict)  # period and scope
    seals: dict[int, str] = field(default_factory=dict)  # report id -> its hash when it went out

    def check(self, year: Year, report: Report, at: datetime) -> None:
        """Everything about the reports of one period, which have just gone out."""
        with year.db.reading() as session:
            for line in _Check(self, year, session, report, at).all():
                self.broken.append(f"{report.period}: {line}")


@dataclass
class _Check:
    """One period at the moment its reports have gone out."""

    known_so_far: Identities
    year: Year
    session: Session
    report: Report
    at: datetime

    def __post_init__(self) -> None:
        mine = select(Report).where(Report.period == self.report.period, Report.state == "sent")
        self.reports = list(self.session.exec(mine.order_by(col(Report.id))))
        self.snapshots = {one.scope: Snapshot.from_json(one.snapshot) for one in self.reports}
        self.whole = self.snapshots[PROVINCE]
        self.period = self.whole.period
        self.cut = self.report.cut_at
        known = compiling.known_of(self.session, SYSTEM, self.period, cut=self.cut)
        self.known: Known = known

    def all(self) -> Iterator[str]:
        yield from self._own_rules()
        yield from self._counted_again()
        yield from self._outcomes()
        yield from self._areas()
        yield from self._members()
        yield from self._people()
        yield from self._carried_over()
        yield from self._months()
        yield from self._unchanged()
        yield from self._digests()
        yield from self._owners()
        yield from self._unreached()
        for scope, snapshot in self.snapshots.items():
            self.known_so_far.sent[self.period.code, scope] = snapshot

    def _same(self, what: str, left: object, right: object) -> Iterator[str]:
        self.known_so_far.held += 1
        if left != right:
            yield f"{what}: {left} is not {right}"

    def _sets(self, what: str, left: set[object], right: set[object]) -> Iterator[str]:
        self.known_so_far.held += 1
        if left != right:
            apart = sorted(left ^ right, key=str)[:8]
            yield f"{what}: {len(left)} is not {len(right)}, apart are {apart}"

    def _own_rules(self) -> Iterator[str]:
        for scope, snapshot in self.snapshots.items():
            yield from self._same(f"rules of {scope}", [str(v) for v in violations(snapshot)], [])

    def _counted_again(self) -> Iterator[str]:
        """The entries that each figure lists are those that another count finds."""
        again = recount(self.session, self.year.life, self.period, self.cut)
        for name, ids in again.ids.items():
            figure = self.whole.figures.get(name)
            listed = set(figure.all_ids()) if figure else set()
            yield from self._sets(f"{name} counted again", {*listed}, {*ids})
        yield from self._duties(again)

    def _duties(self, again: Recount) -> Iterator[str]:
        assigned = {
            row.id or 0: (row.person_id, row.area_id)
            for row in self.session.exec(select(Assignment))
        }
        for name, places in again.duties.items():
            figure = self.whole.figures.get(name)
            listed = {
                (*assigned[one], code)
                for code in (figure.entries if figure else ())
                for one in (figure.ids(code) if figure else ())
            }
            yield from self._sets(f"{name} counted again", {*listed}, {*places})
            yield from self._same(f"{name}", self.whole.value(name), len(places))

    def _outcomes(self) -> Iterator[str]:
        """Raised = explained + passed to the commune + taken up, as the authors said."""
        new = self.whole.figures.get("cases_new")
        said = Counter(self.year.life.outcomes[one] for one in (new.all_ids() if new else ()))
        listed = {name: self.whole.value(f"outcome:{name}") for name in OUTCOMES}
        yield from self._same("outcomes", listed, {name: said[name] for name in OUTCOMES})
        yield from self._same("raised", sum(listed.values()), self.whole.value("cases_new"))

    def _areas(self) -> Iterator[str]:
        parts = [
            compile_snapshot(Facts(self.known.only({area.id}), self.period, f"area:{area.id}"))
            for area in self.known.areas
        ]
        for name in SUMMED:
            total = sum(part.value(name) for part in parts)
            yield from self._same(f"{name} by areas", total, self.whole.value(name))

    def _members(self) -> Iterator[str]:
        parts = [s for scope, s in self.snapshots.items() if scope.startswith(f"{MEMBER}:")]
        yield from self._same("members", len(parts), self.year.size.members)
        for name in SUMMED:
            total = sum(part.value(name) for part in parts)
            yield from self._same(f"{name} by members", total, self.whole.value(name))

    def _people(self) -> Iterator[str]:
        """Visits of each person, and what each owed, as listed."""
        again = recount(self.session, self.year.life, self.period, self.cut)
        own = {row.id: row.person_id for row in self.known.visits}
        listed = Counter(own[one] for one in _ids(self.whole, "visits"))
        yield from self._same("visits by people", dict(listed), again.people)
        total = self.whole.value("visits")
        yield from self._same("sum of people", sum(again.people.values()), total)

    def _carried_over(self) -> Iterator[str]:
        """What was open at the end of the period before is what this one begins with."""
        earlier = previous(self.period).code
        for scope, snapshot in self.snapshots.items():
            sent = self.known_so_far.sent.get((earlier, scope))
            if sent is not None:
                then, now = _ids(sent, "cases_open"), _ids(snapshot, "cases_carried")
                yield from self._sets(f"carried over, {scope}", {*then}, {*now})

    def _months(self) -> Iterator[str]:
        """The months of a quarter, at one cut, sum to it."""
        if self.period.kind != "quarter":
            return
        whole = Facts(self.known, self.period)
        months = [whole.of(month) for month in whole.period.months()]
        visits = [row.id for month in months for row in month.visits]
        listed = [row.id for row in whole.visits]
        yield from self._same("visits by months", sorted(visits), sorted(listed))
        exchanges = sum(len(month.exchanges) for month in months)
        yield from self._same("exchanges by months", exchanges, len(whole.exchanges))
        for name in DUTIES[1:]:
            summed = sum(len(getattr(month.duties, name)) for month in months)
            yield from self._same(f"{name} by months", summed, len(getattr(whole.duties, name)))

    def _unchanged(self) -> Iterator[str]:
        """What has gone out stays as it was, also when it is computed anew for its own cut."""
        for one in self.reports:
            self.known_so_far.seals[one.id or 0] = one.sha256
        for key, seal in self.known_so_far.seals.items():
            kept = self.session.get(Report, key)
            yield from self._same(f"report {key}", kept.sha256 if kept else "", seal)
        if self.period.start < SWITCH:
            return
        for (code, scope), sent in self.known_so_far.sent.items():
            earlier = parse(code)
            if scope != PROVINCE or earlier is None or earlier.start >= SWITCH:
                continue
            anew = compiling.snapshot_of(self.session, SYSTEM, earlier, cut=sent.cut_at)
            for name in (*DUTIES, "visits", "cases_new", "cases_open", "two_way"):
                listed = anew.figures.get(name), sent.figures.get(name)
                yield from self._same(f"{name} of {code} after the switch", *listed)

    def _digests(self) -> Iterator[str]:
        mine = {one.id: one.scope for one in self.reports}
        rows = select(Outbox).where(Outbox.kind == "digest", col(Outbox.about_id).in_(mine))
        found = list(self.session.exec(rows))
        readers = 1 + self.year.size.members
        yield from self._same("digests", len(found), readers)
        for row in found:
            scope = mine[row.about_id]
            text = str(row.body["text"])
            wrapped = sum(len(textwrap.wrap(t, COLUMNS)) or 1 for t in text.split("\n"))
            self.known_so_far.held += 1
            if wrapped > LINES:
                yield f"digest of {scope}: {wrapped} lines"
            earlier = self.known_so_far.sent.get((previous(self.period).code, scope))
            for line in _said(text, self.snapshots[scope], earlier):
                yield f"digest of {scope}: {line}"
            self.known_so_far.held += 1

    def _owners(self) -> Iterator[str]:
        """Every open case has one owner who is still in place, and a day."""
        made, today = self.year.life.made, day_of(self.at)
        followers: dict[int, set[int]] = {}
        for span in made.following(today):
            followers.setdefault(span.area, set()).add(span.person)
        self.known_so_far.held += 1
        for case in self.session.exec(select(Case).where(col(Case.ended_at).is_(None))):
            if not rules.sound(case_acts.standing_of(case)):
                yield f"KN-{case.number} is {case.state} without owner or day"
            area = made.now(case.area_id, today)
            held_by_cadre = rules.STATES[case.state].holder == rules.CADRE
            right = followers[area] | {case.raised_by_id}
            if held_by_cadre and case.owner_id not in right:
                yield f"KN-{case.number} is {case.state} with {case.owner_id}, not {right}"

    def _unreached(self) -> Iterator[str]:
        """Who has no account or was found to have blocked it is told to the office, all by name."""
        life = self.year.life
        gone = {who for who in life.blocked_since if str(who) in life.phones.found_out}
        held = {span.person for span in life.made.following(day_of(self.at))}
        named = {one.person.id for one in unreached(self.session, self.at)}
        yield from self._sets("not reached", {*(named & held)}, {*((life.mute | gone) & held)})
        lost = select(Outbox).where(Outbox.state == "failed", Outbox.reason == "blocked")
        failed = len(self.session.exec(lost).all())
        yield from self._same("messages refused", failed, life.phones.refused.total())


def _ids(snapshot: Snapshot, name: str) -> list[int]:
    figure = snapshot.figures.get(name)
    return figure.all_ids() if figure else []


_HANDLED = re.compile(
    r"Kỳ trước ([\d.]+) \+ mới ([\d.]+)\n"
    r"= kết thúc ([\d.]+) \+ còn ([\d.]+)(?: \(quá hạn ([\d.]+)\))?"
)
_VISITED = re.compile(r"ĐI CƠ SỞ: ([\d.]+)/([\d.]+) (?:địa bàn|lượt), ([\d,]+)%")
_MISSING = re.compile(r"chưa ghi nhận ([\d.]+)", re.IGNORECASE)
_TALKED = re.compile(r"HAI CHIỀU: ([\d.]+)/([\d.]+) trao đổi, ([\d,]+)%")
_RAISED = re.compile(r"NỔI LÊN: ([\d.]+) kiến nghị mới, [\d.]+ xã\n((?:.+\n)*)")
_FIELD = re.compile(r"^(.+?) ([\d.]+)(?: \((?:.+?: )?([\d.]+)\))?$")
_THEN = re.compile(r"\((?:tháng|quý) [\dIV]+(?:/\d+)?: ([\d,]+)%\)")


def _said(text: str, snapshot: Snapshot, earlier: Snapshot | None) -> Iterable[str]:
    """What the words of a digest say, beside the figures of its snapshot."""
    value = snapshot.value
    text += "\n"
    if found := _HANDLED.search(text):
        carried, new, ended, left, late = (_number(one or "0") for one in found.groups())
        names = ("cases_carried", "cases_new", "cases_ended", "cases_open", "cases_overdue")
        if (carried, new, ended, left, late) != tuple(value(name) for name in names):
            yield f"handled as {found.groups()}"
        if carried + new != ended + left:
            yield f"{carried} + {new} is not {ended} + {left}"
    elif value("cases_new") or value("cases_carried"):
        yield "nothing about cases"
    if found := _RAISED.search(text):
        yield from _fields(found, snapshot)
    if found := _VISITED.search(text):
        made, owed = _number(found[1]), _number(found[2])
        missing = _MISSING.search(text)
        if (made, owed) != (value("recorded"), value("required")):
            yield f"visited {made} of {owed}"
        if made + (_number(missing[1]) if missing else 0) != owed:
            yield f"{made} and {missing and missing[1]} are not {owed}"
        if found[3] != _percent(made, owed):
            yield f"{found[3]} % of {owed}"
    elif value("required"):
        yield "nothing about visits"
    if earlier and (found := _THEN.search(text)):
        then = earlier.value("recorded"), earlier.value("required")
        if found[1] != _percent(*then):
            yield f"{found[0]} was {then}"
    if found := _TALKED.search(text):
        both, begun = _number(found[1]), _number(found[2])
        if (both, begun) != (value("two_way"), value("exchanges")):
            yield f"two-way {both} of {begun}"
        if found[3] != _percent(both, begun):
            yield f"{found[3]} % of {begun}"


def _fields(found: re.Match[str], snapshot: Snapshot) -> Iterable[str]:
    """The fields of work under the heading sum to what it says."""
    under = takewhile(lambda line: line and not line[:2].isupper(), found[2].split("\n"))
    rows = [_FIELD.match(line) for line in under]
    counts = [_number(row[2]) for row in rows if row]
    if len(counts) < len(rows) or sum(counts) != _number(found[1]):
        yield f"fields {counts} are not {found[1]} in {found[2]!r}"
    if _number(found[1]) != snapshot.value("cases_new"):
        yield f"raised {found[1]}"


def _number(said: str) -> int:
    return int(said.replace(".", ""))


def _percent(part: int, whole: int) -> str:
    share = percent(part, whole)
    return decimal(share, 1) if share is not None else vietnamese_number(0)
