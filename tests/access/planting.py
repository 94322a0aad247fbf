"""A province in which every part of every kind of record holds a word that stands nowhere else."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session, select

from bot.demo.clock import HOURS
from bot.desk import (
    absences,
    case_doing,
    cases,
    exchanges,
    invitation_changes,
    invitations,
    opinions,
    restricted,
)
from bot.desk import visit_filing as visits
from bot.forms import case_words, report_words
from bot.rules import supports
from bot.rules.zone import day_of, moment
from bot.work.tick import tick
from storage import settings
from storage.cases import taken
from storage.database import Database
from storage.tables import (
    Absence,
    Exchange,
    Invitation,
    Report,
    Visit,
)
from tests.access import letters
from tests.access.world import (
    OFFICES,
    RESTRICTED,
    UPWARD,
    World,
    commune_part,
    keep_file,
    whole_part,
)
from tests.doing import Doing, everybody

KEY = "k" * 32


def build(db: Database) -> World:
    """The planted province, three weeks of messages and one month's summary included."""
    world = World(db, everybody(db))
    with db.writing() as session:
        settings.put(session, "gui_rieng_kiem_tra", True, date(2026, 1, 1))
        settings.put(session, "nguoi_xem_lai", "TC01", date(2026, 1, 1))
    _october(world)
    _november(world)
    letters.write(world, _at(24, hour=9))
    for day in _days(date(2026, 11, 24), date(2026, 12, 4)):
        _pass(world, day)
    letters.files(world)
    return world


def _days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _pass(world: World, day: date) -> None:
    """Every pass of the clock of one day; what is unsent goes out, so that the next can come."""
    for hour in HOURS:
        assert tick(world.db, moment(day, hour)) == []
    with world.db.writing() as session:
        session.connection().exec_driver_sql(
            "UPDATE outbox SET state = 'sent' WHERE state = 'waiting'"
        )


def _at(day: int, month: int = 11, hour: int = 15) -> datetime:
    return moment(date(2026, month, day), time(hour))


def _visit(
    world: World,
    who: str,
    area: str,
    at: datetime,
    *,
    seen_by_seat: bool = False,
    gone: bool = False,
    photo: bool = False,
) -> int:
    """File a visit with a word in every part; its number."""
    whole, part = whole_part(area, who), commune_part(area, who)
    upward = part if seen_by_seat else whole
    if who == "CB001":
        whole, part, upward = whole | {"GV01"}, part | {"GV01"}, upward | {"GV01"}
    with world.db.writing() as session:
        doing = Doing(session, world.cast, who, at)
        last = session.exec(select(Visit.number).order_by(Visit.number.desc())).first()  # type: ignore[attr-defined]  # a column
        number = (last or 0) + 1
        code = f"CS-{number}"

        def word(kind: str, may: frozenset[str]) -> str:
            return world.word(kind, area, may, must=() if gone else None, code=code)

        photos = [{"reference": f"photo-{number}", "caption": "", "message": "1"}] if photo else []
        if photo:
            _attach(world, session, who, f"photo-{number}", "photo")
        draft = doing.draft(
            "visit",
            area_id=str(world.cast.area[area]),
            visited_on=day_of(at).isoformat(),
            activity="thon",
            situation=f"{word('situation', upward)} tình hình ổn định.",
            advice=f"{word('advice', part)} công khai danh sách.",
            check=f"{word('check', upward)} hồ sơ đúng hạn.",
            commitments=[f"{word('commitment', part)} xã lát đường."],
            supports=[supports.read(f"{word('support', part)} tặng 2 suất quà").to_json()],
            companions=[f"Ông {word('companion', part)}"],
            raised=[
                {
                    "text": f"{word('case of a visit', part)} sửa cầu thôn 3",
                    "outcome": "passed_up",
                }
            ],
            photos=photos,
        )
        doing.keep(visits.file(session, doing.viewer, draft, at))
    return number


def _attach(world: World, session: Session, who: str, reference: str, kind: str) -> None:
    may = {who} | ({"GV01"} if who == "CB001" else set())
    name = world.word(f"{kind} file", "", may)
    sent_at = datetime(2026, 11, 1, tzinfo=UTC)
    keep_file(session, world.cast[who], name, kind=kind, reference=reference, at=sent_at)


def _case(world: World, who: str, area: str, at: datetime, *, source: str = "cap_uy") -> int:
    may = commune_part(area, who) | ({"GV01"} if who == "CB001" else frozenset())
    with world.db.writing() as session:
        doing = Doing(session, world.cast, who, at)
        text = world.word("case", area, may)
        row, told = cases.raise_case(
            session,
            doing.viewer,
            area_id=world.cast.area[area],
            text=f"{text} nhà văn hóa xuống cấp",
            source=source,
            kind="kien_nghi",
            field_id=None,
            visit_id=None,
            outcome="passed_up",
            document=f"Công văn số {world.word('document', area, may)}",
            raised_by_id=world.cast[who],
            at=at,
        )
        world.codes[text] = f"KN-{row.number}"
        doing.keep(told)
        return row.number


def _acts(world: World, who: str, number: int, token: str, at: datetime, kind: str = "") -> None:
    """An act on a case, with a word of its own when it has a `kind`."""
    with world.db.writing() as session:
        doing = Doing(session, world.cast, who, at)
        case = taken(session, doing.viewer, number)
        assert case is not None
        area = next(c for c, n in world.cast.area.items() if n == case.area_id)
        raised = world.who()[case.raised_by_id]
        may = UPWARD if kind.startswith("internal") else commune_part(area, raised)
        text = f"{world.word(kind, area, may)} giao Sở Xây dựng khảo sát" if kind else ""
        if token == "opinion":
            doing.keep(opinions.give(doing.cards, case, text))
        else:
            doing.keep(case_doing.perform(doing.cards, case, token, text))


def _exchange(world: World, cadre: str, area: str, seat: str, at: datetime) -> None:
    may = commune_part(area, cadre)
    with world.db.writing() as session:
        doing = Doing(session, world.cast, cadre, at)
        said = world.word("exchange", area, may)
        begun = exchanges.begin(
            session,
            doing.viewer,
            area_id=world.cast.area[area],
            cadre_id=world.cast[cadre],
            text=f"{said} đã công khai danh sách chưa?",
            visit_id=None,
            at=at,
        )
        doing.keep(begun)
        row = session.exec(select(Exchange).order_by(Exchange.number.desc())).first()  # type: ignore[attr-defined]  # a column
        assert row is not None
        answering = Doing(session, world.cast, seat, at + timedelta(hours=1))
        text = f"{world.word('reply', area, may)} đã niêm yết"
        answering.keep(exchanges.reply(session, answering.viewer, row, text, answering.at))


def _invite(
    world: World,
    cadre: str,
    area: str,
    seat: str,
    at: datetime,
    day: date,
    *,
    accepts: bool = False,
    off: bool = False,
) -> None:
    """One that is accepted brings the brief on its eve; one that is off was called off, and why."""
    may = commune_part(area, cadre)
    with world.db.writing() as session:
        doing = Doing(session, world.cast, seat, at)
        row = Invitation(
            number=0,
            area_id=world.cast.area[area],
            cadre_id=world.cast[cadre],
            sent_by_id=world.cast[seat],
            occasion=f"{world.word('occasion', area, may)} họp Đảng ủy",
            starts_at=moment(day, time(14)),
            place=f"hội trường {world.word('place', area, may)}",
            content=f"{world.word('agenda', area, may)} dự toán",
            sent_at=at,
        )
        doing.keep(invitations.send(session, doing.viewer, row, at))
        name = world.word("invitation file", area, may)
        keep_file(session, world.cast[seat], name, about=("invitation", row.id), at=at)
        answering = Doing(session, world.cast, cadre, at + timedelta(hours=1))
        said, note = ("accepted", "") if accepts else ("written", "đồng ý")
        if note:
            note = f"{world.word('written opinion', area, may)} {note}"
        answering.keep(invitations.answer(session, row, said, note, answering.at))
        if off:
            host = Doing(session, world.cast, seat, at + timedelta(hours=2))
            why = f"{world.word('reason to call off', area, may)} bão về"
            host.keep(invitation_changes.call_off(session, host.viewer, row, why, host.at))


def _october(world: World) -> None:
    """Visits, and a case, of a month whose summary goes out with a note and a chosen sentence."""
    _visit(world, "CB003", "HOAMAU", _at(20, 10))
    chosen = _visit(world, "CB001", "TANMAU", _at(21, 10))
    _visit(world, "CB002", "LONGMAU", _at(22, 10))
    _case(world, "CB003", "HOAMAU", _at(23, 10), source="nhan_dan")
    for day in (2, 3):
        _pass(world, date(2026, 11, day))
    sends = _at(4, 11, 9)
    with world.db.writing() as session:
        clerk = Doing(session, world.cast, "VP01", sends)
        clerk.presses(f"rasoat 2026-10 chon CS-{chosen}")
        report = session.exec(select(Report).where(Report.scope == "tinh")).one()
        note = world.word("note on a report", "", OFFICES | {"UV01"})
        draft = clerk.draft("report_note", _report=report.id, text=f"{note} lời của Văn phòng")
        clerk.keep(report_words.file_note(session, clerk.viewer, draft, sends))
        clerk.presses("rasoat 2026-10 trinh")
        Doing(session, world.cast, "VP02", sends).presses("duyet 2026-10 gui")
    with world.db.writing() as session:
        leader = Doing(session, world.cast, "TT01", sends)
        office = {"VP01", "VP02"}
        may = office | {"TT01"}
        said = world.word("internal, on a report", "", may, must=office)
        report = session.exec(select(Report).where(Report.scope == "tinh")).one()
        draft = leader.draft("report_opinion", _report=report.id, text=f"{said} tiếp tục")
        leader.keep(report_words.file_opinion(session, leader.viewer, draft, sends))
        general = world.word("internal, in general", "", may, must=office)
        draft = leader.draft("opinion", text=f"{general} giao Văn phòng")
        leader.keep(case_words.file_opinion(session, leader.viewer, draft, sends))
    _pass(world, date(2026, 11, 5))


def _november(world: World) -> None:
    for who, area, seat in (
        ("CB001", "HOAMAU", "XA01"),
        ("CB001", "TANMAU", "XA02"),
        ("CB002", "LONGMAU", "XA03"),
    ):
        _visit(world, who, area, _at(23), photo=True)
        _life_of_cases(world, area, seat)
        _exchange(world, who, area, seat, _at(23))
        _invite(world, who, area, seat, _at(23), date(2026, 12, 10))
    _invite(world, "CB001", "HOAMAU", "XA01", _at(23), date(2026, 12, 4), accepts=True)
    _invite(world, "CB001", "TANMAU", "XA02", _at(23), date(2026, 12, 9), off=True)
    _visit(world, "UV01", "HOAMAU", _at(23, hour=16))
    _shared(world)
    _withdrawn(world)
    _changed(world)
    _restricted(world)
    _absent(world)
    with world.db.writing() as session:
        _attach(world, session, "CB001", "voice-1", "voice")


def _life_of_cases(world: World, area: str, seat: str) -> None:
    """One case in every state in which somebody has said something."""
    day = _at(23)
    _case(world, seat, area, day)
    handed = _case(world, seat, area, day)
    _acts(world, "UV01", handed, "hand_to_office", day)
    _acts(world, "VP01", handed, "draft", day, "internal: a draft")
    returned = _case(world, seat, area, day)
    _acts(world, "VP01", returned, "draft", day, "internal: an older draft")
    _acts(world, "UV01", returned, "talk_back", day, "internal: talked back")
    board = _case(world, seat, area, day)
    _acts(world, "UV01", board, "ask_board", day)
    _acts(world, "TT01", board, "opinion", day, "internal: the board's opinion")
    answered = _case(world, seat, area, day)
    _acts(world, "UV01", answered, "give_opinion", day, "answer")
    _acts(world, "TT01", answered, "opinion", day, "internal: a later opinion")
    told = _case(world, seat, area, day)
    _acts(world, "UV01", told, "give_opinion", day, "answer")
    cadre = "CB002" if area == "LONGMAU" else "CB001"
    _acts(world, cadre, told, "tell", day)
    _acts(world, seat, told, "word_partly", day, "word of the commune")
    ended = _case(world, seat, area, day)
    _acts(world, "VP01", ended, "end_unresolved", day, "reason")
    _acts(world, cadre, ended, "tell", day)
    _acts(world, seat, ended, "word_noted", day, "word of the commune")


def _shared(world: World) -> None:
    number = _visit(world, "CB001", "TANMAU", _at(20), seen_by_seat=True)
    with world.db.writing() as session:
        Doing(session, world.cast, "CB001", _at(20, hour=16)).presses(f"gui xa CS-{number} dong y")


def _withdrawn(world: World) -> None:
    number = _visit(world, "CB001", "HOAMAU", _at(19), gone=True)
    with world.db.writing() as session:
        Doing(session, world.cast, "CB001", _at(19, hour=16)).presses(f"rut CS-{number} dong y")


def _changed(world: World) -> None:
    """A visit whose first words were other ones: they stay in its history."""
    number = _visit(world, "CB002", "LONGMAU", _at(18), gone=True)
    with world.db.writing() as session:
        doing = Doing(session, world.cast, "CB002", _at(18, hour=16))
        row = session.exec(select(Visit).where(Visit.number == number)).one()
        code = f"CS-{number}"
        upward = whole_part("LONGMAU", "CB002")
        draft = doing.draft(
            "visit",
            _visit=row.id,
            _number=number,
            area_id=str(row.area_id),
            visited_on=row.visited_on.isoformat(),
            activity="thon",
            situation=f"{world.word('situation', 'LONGMAU', upward, code=code)} đã sửa.",
            advice="Công khai danh sách.",
            check=f"{world.word('check', 'LONGMAU', upward, code=code)} đã sửa.",
            reason="ghi nhầm",
        )
        doing.keep(visits.file(session, doing.viewer, draft, doing.at))


def _restricted(world: World) -> None:
    """Sent by the page; in the chat and everywhere else they are there for nobody.

    The last one concerns TT01, and is read by the inspection alone.
    """
    for who, concerned in (("CB001", ""), ("UV01", ""), ("XA03", "TT01")):
        reader = "KT01" if concerned else "TT01"
        with world.db.writing() as session:
            doing = Doing(session, world.cast, who, _at(22))
            word = world.word(RESTRICTED, "", ())
            letter = restricted.Letter(
                text=f"{word} việc riêng",
                concerned=[world.cast[concerned]] if concerned else [],
                others="",
                unnamed=bool(concerned),
                once=word,
            )
            number, told = restricted.send(session, doing.viewer, letter, doing.at)
            doing.keep(told)
            world.codes[word] = f"KN-{number}"
            world.pages[word] = reader


def _absent(world: World) -> None:
    with world.db.writing() as session:
        doing = Doing(session, world.cast, "CB001", _at(24))
        may = {"CB001", "GV01"} | OFFICES
        asked = Absence(
            person_id=world.cast["CB001"],
            area_id=world.cast.area["TANMAU"],
            from_date=date(2026, 12, 1),
            to_date=date(2026, 12, 31),
            form="mien",
            reason=f"{world.word('reason of an absence', '', may, must={'TC01'})} đi học",
        )
        doing.keep(absences.propose(session, doing.viewer, asked, doing.at))
