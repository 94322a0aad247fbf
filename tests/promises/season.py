"""Busy months of a province: everybody does what a year brings, and every push is counted."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, col, select, update

from bot.demo.clock import HOURS
from bot.desk import (
    absences,
    approval,
    case_acts,
    case_doing,
    cases,
    exchanges,
    invitations,
    reminders,
    visit_filing,
)
from bot.desk.duties import calendar_of
from bot.forms import report_words
from bot.rules.zone import day_of, moment
from bot.work.tick import tick
from storage.cases import listed, owned
from storage.database import Database
from storage.tables import Absence, Exchange, Invitation, Outbox, Report
from tests.cast import Cast
from tests.doing import Doing, everybody

FOLLOWS = (
    ("CB001", "HOAMAU", "XA01"),
    ("CB001", "TANMAU", "XA02"),
    ("CB002", "LONGMAU", "XA03"),
)


@dataclass(frozen=True)
class Push:
    """One message that reached somebody who had not asked for it just then."""

    who: str
    at: datetime
    kind: str
    about: str
    text: str

    @property
    def day(self) -> date:
        """The province's day."""
        return day_of(self.at)


@dataclass
class Season:
    """The database, what has been pushed so far, and who does what on a day."""

    db: Database
    cast: Cast
    pushes: list[Push] = field(default_factory=list)

    def run(self, first: date, last: date) -> None:
        """Every day: the passes of the clock, and between them what people do."""
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
            for hour in HOURS:
                self._pass(moment(day, hour))
                if hour == HOURS[1] and self._works(day):
                    self._everybody(day)
                    self._arrive(moment(day, time(12)))

    def run_clock(self, first: date, last: date) -> None:
        """The passes of these days alone."""
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
            for hour in HOURS:
                self._pass(moment(day, hour))

    def does(self, who: str, day: date, act: Callable[[Doing], None]) -> None:
        """Somebody does something at nine."""
        self._does(who, moment(day, time(9)), act)

    def _works(self, day: date) -> bool:
        with self.db.reading() as session:
            return calendar_of(session).is_workday(day)

    def _pass(self, at: datetime) -> None:
        assert tick(self.db, at) == []
        self._arrive(at)

    def _arrive(self, at: datetime) -> None:
        """What may go out by now reaches its reader."""
        codes = {number: code for code, number in self.cast.person.items()}
        with self.db.writing() as session:
            due = col(Outbox.not_before).is_(None) | (col(Outbox.not_before) <= at)
            waiting = select(Outbox).where(Outbox.state == "waiting", due)
            for row in session.exec(waiting.order_by(col(Outbox.id))):
                if row.person_id is not None:
                    who, text = codes[row.person_id], str(row.body["text"])
                    self.pushes.append(Push(who, at, row.kind, row.about_kind, text))
            gone = update(Outbox).where(col(Outbox.state) == "waiting", due)
            session.connection().execute(gone.values(state="sent"))

    def _everybody(self, day: date) -> None:
        """What people do at nine, each thing in its own transaction as over the wire."""
        at = moment(day, time(9))
        number = day.toordinal()
        for place, (cadre, area, seat) in enumerate(FOLLOWS):
            turn = number + place
            if turn % 4 == 0:
                self._does(seat, at, raises(area, "cap_uy"))
            if turn % 7 == 0:
                self._does(cadre, at, raises(area, "cap_uy" if turn % 2 else "nhan_dan"))
            if turn % 4 == 0:
                self._does(cadre, at, asks(area, cadre))
                self._does(seat, at, asks(area, cadre))
            if turn % 5 == 0:
                self._does(seat, at, invites(area, cadre, day))
            if turn % 11 == 0 and area != "TANMAU":
                self._does(cadre, at, visits(area, day))
            self._does(cadre, at, answers_talks)
            self._does(seat, at, answers_talks)
            self._does(cadre, at, answers_invitations)
            self._does(cadre, at, moves_cases)
            self._does(seat, at, moves_cases)
        if day.day == 12:
            self._does("CB001", at, asks_to_be_away("TANMAU", day))
        if day.day == 13:
            self._does("TC01", at, decides_absences)
        if day.day == 22:
            self._does("TC01", at, reminds)
        for who in ("UV01", "VP01", "TT01"):
            self._does(who, at, moves_cases)
        self._does("VP01", at, submits)
        self._does("VP02", at, approves)
        self._does("TT01", at, speaks_on_reports)

    def _does(self, who: str, at: datetime, act: Callable[[Doing], None]) -> None:
        with self.db.writing() as session:
            act(Doing(session, self.cast, who, at))

    def of(self, who: str) -> list[Push]:
        """What one person was pushed."""
        return [push for push in self.pushes if push.who == who]


def season(db: Database) -> Season:
    """Everybody, before anything has happened."""
    return Season(db, everybody(db))


def visits(area: str, day: date) -> Callable[[Doing], None]:
    """A visit with advice and a case."""

    def act(doing: Doing) -> None:
        draft = doing.draft(
            "visit",
            area_id=str(doing.cast.area[area]),
            visited_on=day.isoformat(),
            activity="thon",
            situation="Tình hình ổn định.",
            advice="Công khai danh sách.",
            raised=[{"text": "Sửa cầu thôn 3 trước mùa mưa", "outcome": "passed_up"}],
        )
        doing.keep(visit_filing.file(doing.session, doing.viewer, draft, doing.at))

    return act


def raises(area: str, source: str) -> Callable[[Doing], None]:
    """A case of the commune or of the people."""

    def act(doing: Doing) -> None:
        _, told = cases.raise_case(
            doing.session,
            doing.viewer,
            area_id=doing.cast.area[area],
            text="Nhà văn hóa xuống cấp",
            source=source,
            kind="kien_nghi",
            field_id=None,
            visit_id=None,
            outcome="passed_up",
            document="",
            raised_by_id=doing.cast[doing.who],
            at=doing.at,
        )
        doing.keep(told)

    return act


MOVES = {
    "with_member": ("hand_to_office", "give_opinion", "ask_board"),
    "with_office": ("draft", "answer"),
    "with_board": ("board_opinion",),
    "drafted": ("approve", "talk_back"),
    "answered": ("tell", "clarify"),
    "doing": ("report_result",),
    "told": ("word_done", "word_partly", "word_not_yet"),
    "further": ("answer", "give_opinion", "hand_to_office"),
    "with_commune": ("commune_result", "pass_up"),
}


def moves_cases(doing: Doing) -> None:
    """Every third case that waits for this person, one of the acts possible on it."""
    viewer = doing.viewer
    me = frozenset({viewer.person_id})
    waiting = owned(me, viewer.communes, viewer.roles)
    for case in listed(doing.session, viewer, waiting):
        if (case.number + doing.at.day) % 3:
            continue
        wanted = MOVES[case.state]
        token = wanted[case.number % len(wanted)]
        if token in {act.token for act in doing.cards.possible(case)}:
            taken = case_acts.take(doing.session, viewer, case.number)
            text = "Giao Sở Xây dựng khảo sát, báo cáo"
            doing.keep(case_doing.perform(doing.cards, taken, token, text))


def asks(area: str, cadre: str) -> Callable[[Doing], None]:
    """An exchange begun by the cadre or the commune."""

    def act(doing: Doing) -> None:
        said = exchanges.begin(
            doing.session,
            doing.viewer,
            area_id=doing.cast.area[area],
            cadre_id=doing.cast[cadre],
            text="Danh sách đã niêm yết chưa?",
            visit_id=None,
            at=doing.at,
        )
        doing.keep(said)

    return act


def answers_talks(doing: Doing) -> None:
    """A reply to every second exchange, two days after it was begun; others fall due."""
    found = doing.session.exec(select(Exchange).where(col(Exchange.answered_at).is_(None))).all()
    for one in found:
        side = exchanges.side_of(doing.viewer, one)
        ripe = doing.at - one.begun_at > timedelta(days=2)
        if side and side != one.begun_by and one.number % 2 and ripe:
            said = exchanges.reply(doing.session, doing.viewer, one, "Đã niêm yết.", doing.at)
            doing.keep(said)


def invites(area: str, cadre: str, day: date) -> Callable[[Doing], None]:
    """An invitation for the week after, or for the afternoon."""

    def act(doing: Doing) -> None:
        ahead = 0 if day.day % 10 == 0 else 8
        row = Invitation(
            number=0,
            area_id=doing.cast.area[area],
            cadre_id=doing.cast[cadre],
            sent_by_id=doing.cast[doing.who],
            occasion="họp Đảng ủy",
            starts_at=moment(day + timedelta(days=ahead), time(14)),
            sent_at=doing.at,
        )
        doing.keep(invitations.send(doing.session, doing.viewer, row, doing.at))

    return act


def answers_invitations(doing: Doing) -> None:
    """Accept some, decline some, leave some open."""
    mine = select(Invitation).where(
        Invitation.cadre_id == doing.cast[doing.who],
        Invitation.answer == "",
        Invitation.starts_at > doing.at,
    )
    for row in doing.session.exec(mine).all():
        if row.number % 3:
            said = "accepted" if row.number % 3 == 1 else "written"
            note = "Đồng ý nội dung." if said == "written" else ""
            doing.keep(invitations.answer(doing.session, row, said, note, doing.at))


def asks_to_be_away(area: str, day: date) -> Callable[[Doing], None]:
    """The rest of the month."""

    def act(doing: Doing) -> None:
        asked = Absence(
            person_id=doing.cast[doing.who],
            area_id=doing.cast.area[area],
            from_date=day.replace(day=1),
            to_date=day.replace(day=28),
            form="mien",
            reason="Đi học",
        )
        doing.keep(absences.propose(doing.session, doing.viewer, asked, doing.at))

    return act


def decides_absences(doing: Doing) -> None:
    """The organisation board agrees to all."""
    waiting = select(Absence).where(Absence.state == "proposed")
    for row in doing.session.exec(waiting).all():
        doing.presses(f"vang duyet {row.id} mien")


def reminds(doing: Doing) -> None:
    """A reminder by a named person in his own words."""
    text = "Đề nghị các đồng chí quan tâm sắp xếp lịch đi cơ sở."
    doing.keep(reminders.send(doing.session, doing.viewer, text, [], doing.at))


def submits(doing: Doing) -> None:
    """The clerk lays every closed draft before the approver."""
    for report in _reports(doing.session, approval.DRAFT):
        doing.presses(f"rasoat {report.period} trinh")


def approves(doing: Doing) -> None:
    """The approver sends what lies there."""
    for report in _reports(doing.session, approval.SUBMITTED):
        doing.presses(f"duyet {report.period} gui")


def speaks_on_reports(doing: Doing) -> None:
    """The Deputy Secretary says something on each summary, the day after."""
    for report in _reports(doing.session, "sent"):
        if report.words.get("spoken"):
            continue
        report.words = {**report.words, "spoken": True}
        doing.session.add(report)
        draft = doing.draft("report_opinion", _report=report.id, text="Tiếp tục theo dõi.")
        doing.keep(report_words.file_opinion(doing.session, doing.viewer, draft, doing.at))


def _reports(session: Session, state: str) -> Iterator[Report]:
    found = select(Report).where(Report.scope == "tinh", Report.state == state)
    newest = {row.period: row for row in session.exec(found.order_by(col(Report.edition)))}
    yield from newest.values()
