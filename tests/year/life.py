"""What people do on the days of the year: seeded, through the desk, the forms and the roster."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from sqlmodel import Session, col, select

from bot.conversation.form import Answer, Draft
from bot.desk import (
    absences,
    approval,
    case_acts,
    case_doing,
    cases,
    directives,
    exchanges,
    invitations,
    linking,
    nouns,
    visit_filing,
)
from bot.desk.case_cards import Cards
from bot.desk.contract import Result
from bot.desk.duties import calendar_of
from bot.messages import Incoming, Outgoing
from bot.rules.periods import Period, containing
from bot.rules.zone import moment
from bot.work.post import post
from bot.work.viewers import viewer_for
from storage.database import Database
from storage.scope import Viewer
from storage.tables import (
    Absence,
    Account,
    Case,
    Commitment,
    Directive,
    DirectiveTarget,
    Exchange,
    Invitation,
    Report,
    Visit,
)
from tests.year.phones import Phones
from tests.year.provinces import SWITCH, Made, Size, Span

SEEN = "Tình hình ổn định, bà con quan tâm tiến độ."
ADVISED = "Công khai danh sách hộ đủ điều kiện."
CHECKED = "Sổ theo dõi đơn thư, ghi đủ."
RAISED = (
    "Đề nghị sửa cầu thôn {n} trước mùa mưa",
    "Đề nghị giao đất tái định cư cho {n} hộ",
    "Xã thiếu {n} công chức địa chính, đề nghị biệt phái",
    "Phần mềm một cửa lỗi {n} lần trong tuần, đề nghị sửa",
    "Thiếu {n} giáo viên mầm non, đề nghị bổ sung",
    "Đề nghị xem xét việc số {n} của thôn",
)
OUTCOMES = ("passed_up",) * 11 + ("passed_to_commune",) * 5 + ("explained",) * 4
SOURCES = ("cap_uy", "nhan_dan", "can_bo")
LIKELY = {
    "hand_to_office": 5.0,
    "answer": 6.0,
    "approve": 5.0,
    "tell": 9.0,
    "word_done": 7.0,
    "commune_result": 4.0,
    "report_result": 3.0,
    "department_answer": 4.0,
    "draft": 2.0,
    "pass_up": 1.5,
    "give_opinion": 1.0,
    "board_opinion": 3.0,
    "word_noted": 3.0,
    "from_centre": 0.5,
    "talk_back": 0.4,
    "ask_board": 0.4,
    "clarify": 0.4,
    "settle_by_document": 0.3,
    "close_by_document": 0.3,
    "word_reconsider": 0.2,
    "end_unresolved": 0.1,
    "no_sanction": 0.1,
    "skip_to_centre": 0.05,
    "to_centre": 0.3,
    "recommend": 1.0,
    "merge": 0.15,
    "withdraw": 0.1,
}
"""How likely an act is beside the others that are possible; what is not named is not done."""
MOVED, STUCK = 0.2, 0.02  # how likely whoever holds a case acts on a day; every tenth case sticks
ANSWERED = 0.25  # of the exchanges that are answered at all, on a day
SILENT = 3  # of ten exchanges
WORDS = "Đã giao đơn vị chuyên môn, theo Công văn số 12-CV/VPTU."


@dataclass
class Trip:
    """A visit as the year itself remembers it: what was filed, and what became of it since."""

    number: int
    person: int
    area: int
    filed_at: datetime
    days: list[tuple[datetime, date]]  # since when it is known to have been on which day
    withdrawn_at: datetime | None = None

    def on(self, at: datetime) -> date | None:
        """The day of the visit as known then; None while it does not count."""
        if self.filed_at > at or (self.withdrawn_at and self.withdrawn_at <= at):
            return None
        return [day for since, day in self.days if since <= at][-1]


@dataclass
class Planned:
    """A visit to be made: on which day, and how long afterwards it is written down."""

    span: Span
    on: date
    items: int
    promises: bool
    late: int = 0  # working days until it is written


@dataclass
class Life:
    """The database, the people, and what they have done so far."""

    db: Database
    made: Made
    size: Size
    rng: Random
    phones: Phones
    mute: set[int] = field(default_factory=set)  # people without any account
    trips: list[Trip] = field(default_factory=list)
    outcomes: dict[int, str] = field(default_factory=dict)  # case id -> as its author said
    blocked_since: dict[int, date] = field(default_factory=dict)
    acts: int = 0

    def __post_init__(self) -> None:
        with self.db.reading() as session:
            self.calendar = calendar_of(session)
        self._workdays = [d for d in _days(self.size.first, self.size.last) if self.works(d)]
        self._waiting: list[Planned] = []
        self._visits_left, self._cases_left = self.size.visits, self.size.cases

    def works(self, day: date) -> bool:
        return self.calendar.is_workday(day)

    def live(self, day: date) -> None:
        """Everything that people do on a working day, between nine and ten."""
        at = moment(day, time(9))
        month = containing("month", day)
        first = self._nth(month, 1) == day
        if first or not self._workdays.index(day):
            self._plan(month, day)
        for who, act in (
            ("phones", self._phones),
            ("visits", self._visits),
            ("raises", self._raises),
            ("moves", self._moves),
            ("talks", self._talks),
            ("invitations", self._invites),
            ("directives", self._directs),
            ("commitments", self._keeps),
            ("absences", self._absences),
            ("handover", self._hands_over),
        ):
            with self.db.writing() as session:
                Doing(self, session, at).run(who, act)
            at += timedelta(minutes=2)

    def report(self, day: date) -> list[tuple[Report, datetime]]:
        """The office lays closed drafts before the approver, who sends them; which went out."""
        at = moment(day, time(10))
        sent = []
        with self.db.writing() as session:
            doing = Doing(self, session, at)
            for period in _newest(session, approval.DRAFT):
                doing.presses("VP01", f"rasoat {period} trinh")
                doing.presses("VP02", f"duyet {period} gui")
                done = select(Report).where(Report.period == period, Report.state == "sent")
                whole = done.where(Report.scope == "tinh")
                sent.append((session.exec(whole).one(), at))
        return sent

    # what is planned for a month

    def _plan(self, month: Period, today: date) -> None:
        """Who will go where this month, and with what; the rest of the year gets the rest."""
        days = [d for d in self._workdays if d in month and d >= today]
        share = len(days) / max(1, sum(d >= today for d in self._workdays))
        wanted = round(self._visits_left * share)
        spans = [s for s in self.made.following(month.last) if s.holds(month.start)]
        gone = self.rng.sample(spans, min(len(spans), round(0.87 * len(spans)), wanted))
        more = [self.rng.choice(spans) for _ in range(wanted - len(gone))]
        fresh = [Planned(span, self.rng.choice(days), 0, False) for span in (*gone, *more)]
        self._visits_left -= len(fresh)
        for planned in fresh:
            planned.promises = self.rng.random() < 0.3
            if self.rng.random() < 0.06:
                planned.late = self.rng.randint(3, 12)
            if self._written_on(planned) > self.size.last:
                planned.late = 0
        raised = round(self._cases_left * share)
        with_visits = min(round(raised * 0.55), 3 * len(fresh))
        for _ in range(with_visits):
            self.rng.choice(fresh).items += 1
        self._waiting += fresh
        self._alone = dict(Counter(self.rng.choices(days, k=raised - with_visits)))
        self._cases_left -= raised

    # what is done on a day

    def _phones(self, doing: "Doing") -> None:
        """Some block the bot for a while; writing to it again lifts that."""
        day = doing.day
        for who in [who for who, since in self.blocked_since.items() if (day - since).days > 40]:
            del self.blocked_since[who]
            self.phones.unblock(str(who))
            account = select(Account.id).where(Account.person_id == who)
            linking.blocked(doing.session, doing.session.exec(account).one() or 0, blocked=False)
        if self.rng.random() < len(self.made.seats) / 1500:
            cadre = self.rng.choice(self.made.following(day)).person
            if cadre not in self.mute and cadre not in self.blocked_since:
                self.blocked_since[cadre] = day
                self.phones.blocked.add(str(cadre))

    def silent(self, who: int) -> bool:
        """Writes nothing: has no account, or has blocked the bot."""
        return who in self.mute or who in self.blocked_since

    def _visits(self, doing: "Doing") -> None:
        due = [p for p in self._waiting if self._written_on(p) <= doing.day]
        self._waiting = [p for p in self._waiting if self._written_on(p) > doing.day]
        for planned in due:
            self._file(doing, planned)
        for trip in self._recent(doing.day):
            draw = self.rng.random()
            if draw < 0.0012:
                self._withdraw(doing, trip)
            elif draw < 0.0045:
                self._redate(doing, trip)

    def _written_on(self, planned: Planned) -> date:
        return self.calendar.add_workdays(planned.on, planned.late) if planned.late else planned.on

    def _file(self, doing: "Doing", planned: Planned) -> None:
        """By the cadre; for one without a phone the office enters the paper slip."""
        span = planned.span
        parts = self.rng.choice((7, 7, 7, 3, 3, 5, 1, 2, 4))
        answers: dict[str, object] = {
            "area_id": str(span.area),
            "visited_on": planned.on.isoformat(),
            "activity": self.rng.choice(("thon", "lam_viec", "chi_bo", "tiep_dan")),
            "situation": SEEN if parts & 1 else "",
            "advice": ADVISED if parts & 2 else "",
            "check": CHECKED if parts & 4 else "",
            "raised": [self._item() for _ in range(planned.items)],
        }
        if planned.promises:
            answers["commitments"] = ["Sẽ kiểm tra lại trước ngày 15 tháng sau"]
        who = span.person
        if self.silent(who):
            who = self.made.people["VP01"]
            answers |= {"_for": span.person, "_how": "Nhập thay"}
        doing.keep(
            visit_filing.file(
                doing.session, doing.viewer(who), doing.draft("visit", **answers), doing.at
            )
        )
        found = doing.session.exec(select(Visit.number).order_by(col(Visit.id).desc())).first()
        known = [(doing.at, planned.on)]
        self.trips.append(Trip(found or 0, span.person, span.area, doing.at, known))
        self._remember(doing)

    def _item(self) -> dict[str, str]:
        text = self.rng.choice(RAISED).format(n=self.rng.randint(2, 90))
        return {"text": text, "outcome": self.rng.choice(OUTCOMES)}

    def _remember(self, doing: "Doing") -> None:
        """The outcome of each new case as its author gave it."""
        last = max(self.outcomes, default=0)
        new = select(Case.id, Case.outcome).where(col(Case.id) > last)
        self.outcomes |= {number or 0: outcome for number, outcome in doing.session.exec(new)}

    def _recent(self, day: date) -> list[Trip]:
        """Of the last seven weeks, by somebody who still holds the area and writes."""
        held = {(s.person, s.area) for s in self.made.following(day)}
        return [
            trip
            for trip in self.trips
            if trip.withdrawn_at is None
            and (day - trip.days[-1][1]).days < 50
            and (trip.person, trip.area) in held
            and not self.silent(trip.person)
        ]

    def _withdraw(self, doing: "Doing", trip: Trip) -> None:
        doing.presses(trip.person, f"rut CS-{trip.number} dong y")
        trip.withdrawn_at = doing.at

    def _redate(self, doing: "Doing", trip: Trip) -> None:
        """The slip again with another day, up to two weeks from the one it had."""
        on = trip.days[-1][1] + timedelta(days=self.rng.choice((-14, -9, -3, 3, 9, 14)))
        then = self.made.following(on)
        held = [s for s in then if (s.person, s.area) == (trip.person, trip.area)]
        if on > doing.day or not held or on < self.size.first:
            return
        visit = doing.session.exec(select(Visit).where(Visit.number == trip.number)).one()
        draft = doing.draft(
            "visit",
            _visit=visit.id,
            _number=visit.number,
            area_id=str(visit.area_id),
            visited_on=on.isoformat(),
            activity=visit.activity,
            situation=visit.situation,
            advice=visit.advice,
            check=visit.check,
            reason="ghi nhầm ngày",
        )
        viewer = doing.viewer(trip.person)
        doing.keep(visit_filing.file(doing.session, viewer, draft, doing.at))
        trip.days.append((doing.at, on))

    def _raises(self, doing: "Doing") -> None:
        """Cases of communes and cadres apart from visits."""
        spans = self.made.following(doing.day)
        for _ in range(self._alone.get(doing.day, 0)):
            span = self.rng.choice(spans)
            seat = self.made.seat(span.area, doing.day)
            by_commune = self.rng.random() < 0.6 and not self.silent(seat)
            who = seat if by_commune else span.person
            if self.silent(who):
                who = self.made.people["VP01"]
            item = self._item()
            _, told = cases.raise_case(
                doing.session,
                doing.viewer(who),
                area_id=span.area,
                text=item["text"],
                source="cap_uy" if by_commune else self.rng.choice(SOURCES),
                kind="kien_nghi",
                field_id=None,
                visit_id=None,
                outcome="passed_up" if by_commune else item["outcome"],
                document="",
                raised_by_id=who,
                at=doing.at,
            )
            doing.keep(told)
        self._remember(doing)

    def _moves(self, doing: "Doing") -> None:
        """Whoever holds a case does one of the things that are possible, or nothing today."""
        still = select(Case).where(col(Case.ended_at).is_(None)).order_by(col(Case.number))
        for case in doing.session.exec(still).all():
            chance = STUCK if case.number % 10 == 0 else MOVED
            if self.rng.random() < chance:
                who = self._holder(case, doing.day)
                if who is not None and not self.silent(who):
                    self._move(doing, case.number, who)

    def _holder(self, case: Case, day: date) -> int | None:
        if case.owner_id is not None:
            return case.owner_id
        if case.owner_area_id is not None:
            return self.made.seat(case.owner_area_id, day)
        return self.made.people["TT01" if case.owner_role == "thuong_truc" else "VP01"]

    def _move(self, doing: "Doing", number: int, who: int) -> None:
        cards = Cards(doing.session, doing.viewer(who), doing.at)
        case = case_acts.take(doing.session, cards.viewer, number)
        if case.ended_at is not None:
            return  # something else was merged with it just now
        able = [act.token for act in cards.possible(case) if act.token in LIKELY]
        if not able:
            return
        token = self.rng.choices(able, [LIKELY[one] for one in able])[0]
        if token == "merge":
            other = self._like(doing, case)
            if other is not None:
                doing.presses(who, f"KN-{number} gop KN-{other}")
            return
        promised = None
        if token in ("answer", "approve", "give_opinion") and self.rng.random() < 0.2:
            promised = doing.day + timedelta(days=self.rng.randint(10, 60))
        doing.keep(case_doing.perform(cards, case, token, WORDS, promised=promised))

    def _like(self, doing: "Doing", case: Case) -> int | None:
        found = select(Case.number).where(
            col(Case.ended_at).is_(None), Case.id != case.id, Case.field_id == case.field_id
        )
        numbers = doing.session.exec(found.order_by(col(Case.number))).all()
        return self.rng.choice(numbers) if numbers else None

    def _talks(self, doing: "Doing") -> None:
        """New exchanges, and answers to those that are answered at all."""
        for _ in range(self._so_many(self.size.exchanges)):
            span = self.rng.choice(self.made.following(doing.day))
            who = span.person if self.rng.random() < 0.6 else self.made.seat(span.area, doing.day)
            if self.silent(who):
                continue
            said = exchanges.begin(
                doing.session,
                doing.viewer(who),
                area_id=span.area,
                cadre_id=span.person,
                text="Danh sách đã niêm yết chưa?",
                visit_id=None,
                at=doing.at,
            )
            doing.keep(said)
        waiting = select(Exchange).where(col(Exchange.answered_at).is_(None))
        for one in doing.session.exec(waiting.order_by(col(Exchange.id))).all():
            seat = self.made.seat(one.area_id, doing.day)
            who = seat if one.begun_by == "cadre" else one.cadre_id
            quiet = one.number % 10 < SILENT or self.silent(who) or one.begun_at >= doing.at
            if not quiet and self.rng.random() < ANSWERED:
                doing.presses(who, f"TR-{one.number} Đã niêm yết từ hôm qua.")

    def _so_many(self, in_all: int) -> int:
        """Of something that happens so often in the whole time, how often today."""
        mean = in_all / len(self._workdays)
        return int(mean) + (self.rng.random() < mean % 1)

    def _invites(self, doing: "Doing") -> None:
        for _ in range(self._so_many(self.size.invitations)):
            span = self.rng.choice(self.made.following(doing.day))
            seat = self.made.seat(span.area, doing.day)
            if self.silent(seat):
                continue
            ahead = doing.day + timedelta(days=self.rng.randint(2, 12))
            row = Invitation(
                number=0,
                area_id=span.area,
                cadre_id=span.person,
                sent_by_id=seat,
                occasion="họp Đảng ủy",
                starts_at=moment(ahead, time(14)),
                sent_at=doing.at,
            )
            viewer = doing.viewer(seat)
            doing.keep(invitations.send(doing.session, viewer, row, doing.at))
        open_ones = select(Invitation).where(
            Invitation.answer == "", Invitation.starts_at > doing.at
        )
        for one in doing.session.exec(open_ones.order_by(col(Invitation.id))).all():
            if not self.silent(one.cadre_id) and self.rng.random() < 0.2:
                doing.presses(one.cadre_id, f"GM-{one.number} dự được")

    def _directs(self, doing: "Doing") -> None:
        """One directive in the middle of every second month; who carries it takes his time."""
        month = containing("month", doing.day)
        if month.index % 2 == 0 and self._nth(month, 8) == doing.day:
            said = directives.issue(
                doing.session,
                doing.viewer(self.made.people["VP01"]),
                text="Rà soát hộ dân vùng sạt lở trước mùa mưa.",
                area_ids=self.made.communes(doing.day),
                due_on=self.calendar.add_workdays(doing.day, 10),
                at_once=month.index % 4 == 0,
                at=doing.at,
            )
            doing.keep(said)
            return
        waiting = (
            select(Directive.number, DirectiveTarget.cadre_id)
            .join(DirectiveTarget, col(DirectiveTarget.directive_id) == Directive.id)
            .where(col(DirectiveTarget.passed_at).is_(None))
            .where(Directive.issued_at > doing.at - timedelta(days=40))
        )
        pairs = {pair for pair in doing.session.exec(waiting) if pair[1] is not None}
        for number, cadre in sorted(pairs, key=str):
            if cadre and cadre % 12 and not self.silent(cadre) and self.rng.random() < 0.2:
                doing.presses(cadre, f"ND-{number} đã truyền đạt")

    def _keeps(self, doing: "Doing") -> None:
        """What was promised at a visit is done, some of it never."""
        waiting = (
            select(Commitment)
            .join(Visit, col(Visit.id) == Commitment.visit_id)
            .where(col(Commitment.done_at).is_(None), col(Visit.withdrawn_at).is_(None))
        )
        held = {s.area: s.person for s in self.made.following(doing.day)}
        for one in doing.session.exec(waiting.order_by(col(Commitment.id))).all():
            who = held.get(self.made.now(one.area_id, doing.day))
            if who is None or self.silent(who) or one.number % 8 == 0:
                continue
            if self.rng.random() < 0.04:
                doing.presses(who, f"VH-{one.number} xong")

    def _absences(self, doing: "Doing") -> None:
        """Some ask for the running period; the organisation board decides the day after."""
        for row in doing.session.exec(select(Absence).where(Absence.state == "proposed")).all():
            choice = "khong" if (row.id or 0) % 5 == 0 else row.form
            doing.presses("TC01", f"vang duyet {row.id} {choice}")
        period = containing("quarter" if doing.day >= SWITCH else "month", doing.day)
        if self._nth(containing("month", doing.day), 6) != doing.day:
            return
        spans = [s for s in self.made.following(doing.day) if not self.silent(s.person)]
        for span in self.rng.sample(spans, max(1, len(spans) // 60)):
            asked = Absence(
                person_id=span.person,
                area_id=span.area,
                from_date=period.start,
                to_date=period.last,
                form=self.rng.choice(("mien", "mien", "di_thay")),
                reason="Đi học",
            )
            viewer = doing.viewer(span.person)
            doing.keep(absences.propose(doing.session, viewer, asked, doing.at))

    def _hands_over(self, doing: "Doing") -> None:
        """Once a month an area gets another follower from the day on."""
        month = containing("month", doing.day)
        if self._nth(month, 5 + month.index) != doing.day or not self.made.spares:
            return
        merging = {*self.made.merged, *self.made.merged.values()}
        spans = [
            s
            for s in self.made.following(doing.day)
            if s.area not in merging and s.first < month.start and s.last is None
        ]
        span, new = self.rng.choice(spans), self.made.spares.pop()
        codes = self.made.area_code[span.area], self.made.code[span.person], self.made.code[new]
        doing.presses("TC01", f"doi nguoi {' '.join(codes)} {doing.day.isoformat()} dong y")
        span.last = doing.day - timedelta(days=1)
        self.made.spans.append(Span(new, span.area, doing.day))
        for planned in self._waiting:
            if planned.span is span and planned.on >= doing.day:
                planned.span = self.made.spans[-1]

    def _nth(self, month: Period, count: int) -> date:
        """The count-th working day of the month."""
        return self.calendar.add_workdays(month.start - timedelta(days=1), count)


@dataclass
class Doing:
    """People doing things in one transaction; what is said to others goes into the outbox."""

    life: Life
    session: Session
    at: datetime

    @property
    def day(self) -> date:
        return (self.at + timedelta(hours=7)).date()

    def run(self, what: str, act: Callable[["Doing"], None]) -> None:
        """Do it; an error says on which day and about what."""
        try:
            act(self)
        except Exception as trouble:
            trouble.add_note(f"{what} on {self.day}")
            raise

    def viewer(self, who: int) -> Viewer:
        return viewer_for(self.session, who, self.day)

    def presses(self, who: int | str, token: str) -> None:
        """Press the button with this token, or type it."""
        number = self.life.made.people[who] if isinstance(who, str) else who
        words = nouns.read(Incoming(token=token), inbox_id=None, account_id=None)
        self.keep(nouns.answer(self.session, self.viewer(number), words, self.at))

    def keep(self, said: Result) -> None:
        """Post what was said to others; the answer on one's own screen is not looked at here."""
        self.life.acts += 1
        others = [m for m in said if isinstance(m, Outgoing) and m.person_id is not None]
        post(self.session, others)
        self.session.flush()

    def draft(self, form: str, **answers: object) -> Draft:
        """A form that is filled in."""
        given = {name: Answer(value) for name, value in answers.items()}
        return Draft(form, None, given | {"_begun": Answer(self.at.isoformat())})


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _newest(session: Session, state: str) -> list[str]:
    """The periods whose newest report on the province is in this state."""
    found = select(Report).where(Report.scope == "tinh").order_by(col(Report.edition))
    newest = {row.period: row for row in session.exec(found)}
    return [period for period, row in sorted(newest.items()) if row.state == state]
