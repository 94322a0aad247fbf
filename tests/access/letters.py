"""Papers, directives, an alert, work, figures, reviews and files, with words in each of them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from bot.desk import directives, meetings, papers, urgent
from storage import papers as kept
from storage.tables import (
    Case,
    Directive,
    Indicator,
    IndicatorValue,
    Paper,
    ReviewComment,
    Signal,
    Visit,
    WorkItem,
)
from tests.access.world import NOW, OFFICES, WHOLE, World, commune_part, keep_file
from tests.doing import Doing

FILES = (
    ("TT01", "tonghop 2026-10 tinh tep"),
    ("TT01", "tonghop 2026-10 tinh bieudo"),
    ("UV01", "tonghop 2026-10 tep"),
    ("VP01", "danhsach"),
    ("TC01", "tinhhinh excel"),
)
"""Who asks for which files; each goes out with a message that can be asked for again."""


def write(world: World, at: datetime) -> None:
    """Everything, on one day."""
    for cadre, area, seat in (("CB001", "HOAMAU", "XA01"), ("CB002", "LONGMAU", "XA03")):
        _paper(world, cadre, area, seat, at)
    _directive(world, ["HOAMAU"], at, passed_by="CB001")
    _directive(world, ["LONGMAU"], at)
    _alert(world, "HOAMAU", "XA01", at)
    for number, (cadre, area, seat) in enumerate(
        (("CB001", "HOAMAU", "XA01"), ("CB002", "LONGMAU", "XA03")), start=1
    ):
        _work(world, number, cadre, area)
        _review(world, cadre, area, seat, at)
        _figure(world, number, area, commune_part(area), at)
        _signal(world, cadre, area, at)
    _figure(world, 3, "", OFFICES, at)
    _meeting(world, at)


def files(world: World) -> None:
    """What is drawn up and sent as a file, when the summaries have gone out."""
    for who, token in FILES:
        with world.db.writing() as session:
            Doing(session, world.cast, who, NOW).presses(token)


def _paper(world: World, cadre: str, area: str, seat: str, at: datetime) -> None:
    """With a file, a comment, and what the commune says to that."""
    may = commune_part(area, cadre)
    with world.db.writing() as session:
        sender = Doing(session, world.cast, seat, at)
        row = Paper(
            number=0,
            area_id=world.cast.area[area],
            cadre_id=world.cast[cadre],
            sent_by_id=world.cast[seat],
            text=f"{(word := world.word('paper', area, may))} dự thảo nghị quyết",
            sent_at=at,
            due_on=date(2026, 11, 27),
        )
        sender.keep(papers.send(session, sender.viewer, row, at))
        world.codes[word] = f"VB-{row.number}"
        name = world.word("paper file", area, may)
        keep_file(session, world.cast[seat], name, about=("paper", row.id), at=at)
        reader = Doing(session, world.cast, cadre, at + timedelta(hours=1))
        text = f"{world.word('paper comment', area, may)} thêm một khoản"
        reader.keep(papers.comment(session, reader.viewer, row, text, reader.at))
        said = kept.comments(session, sender.viewer, row)[-1]
        note = f"{world.word('paper answer', area, may)} đã có trong phụ lục"
        answering = Doing(session, world.cast, seat, at + timedelta(hours=2))
        told = papers.explain(session, answering.viewer, row, said.id or 0, note, answering.at)
        answering.keep(told)


def _directive(world: World, codes: list[str], at: datetime, *, passed_by: str = "") -> None:
    """To these areas; a commune reads it once it was told."""
    may = OFFICES.union(*(WHOLE[code] for code in codes))
    if passed_by:
        may = may.union(*(commune_part(code) for code in codes))
    kind = "directive passed on" if passed_by else "directive"
    with world.db.writing() as session:
        office = Doing(session, world.cast, "VP01", at)
        told = directives.issue(
            session,
            office.viewer,
            text=f"{(word := world.word(kind, codes[0], may))} tăng cường phòng cháy rừng",
            area_ids=[world.cast.area[code] for code in codes],
            due_on=date(2026, 12, 8),
            at_once=bool(passed_by),
            at=at,
        )
        office.keep(told)
        number = max(session.exec(select(Directive.number)))
        world.codes[word] = f"ND-{number}"
        if passed_by:
            Doing(session, world.cast, passed_by, at).presses(f"ND-{number} đã truyền đạt")


def _alert(world: World, area: str, seat: str, at: datetime) -> None:
    with world.db.writing() as session:
        doing = Doing(session, world.cast, seat, at)
        word = world.word("alert", area, commune_part(area, seat))
        told = urgent.send(
            session,
            doing.viewer,
            area_id=world.cast.area[area],
            text=f"{word} sạt lở đường vào thôn 2",
            author=world.cast[seat],
            at=at,
        )
        doing.keep(told)
        case = session.exec(select(Case).where(Case.text.startswith(word))).one()
        world.codes[word] = f"KN-{case.number}"


def _work(world: World, number: int, cadre: str, area: str) -> None:
    """An item of a work programme, as the workbook brings it."""
    word = world.word("work item", area, commune_part(area, cadre), code=f"CV-{number}")
    row = WorkItem(
        code=f"CTR-{number}",
        number=number,
        kind="chuong_trinh",
        text=f"{word} rà soát hộ nghèo",
        area_id=world.cast.area[area],
        owner_id=world.cast[cadre],
        due_on=date(2026, 12, 15),
    )
    with world.db.writing() as session:
        session.add(row)


def _review(world: World, cadre: str, area: str, seat: str, at: datetime) -> None:
    """A commune's words on a cadre's year: for the cadre, the member in charge, the board."""
    may = {cadre, seat, "UV01", "TT01", "TC01"}
    row = ReviewComment(
        person_id=world.cast[cadre],
        year=at.year,
        author_id=world.cast[seat],
        role="xa",
        area_id=world.cast.area[area],
        text=f"{world.word('review', area, may)} sát cơ sở",
        at=at,
    )
    with world.db.writing() as session:
        session.add(row)


def _figure(world: World, number: int, area: str, may: Iterable[str], at: datetime) -> None:
    """A value of an indicator, of one area or of the whole, and where it comes from."""
    word = world.word("figure", area, may, code=f"SL-{number}")
    row = IndicatorValue(
        number=number,
        code="KETNAP",
        area_id=world.cast.area[area] if area else None,
        from_date=date(2026, 11, 1),
        to_date=date(2026, 11, 30),
        value="7",
        source=f"{word} sổ theo dõi",
        entered_at=at,
    )
    with world.db.writing() as session:
        if number == 1:
            new = Indicator(
                code="KETNAP",
                from_date=date(2026, 1, 1),
                kind="so_luong",
                name="Kết nạp",
                population="đảng viên",
            )
            session.add(new)
        session.add(row)


def _signal(world: World, cadre: str, area: str, at: datetime) -> None:
    """What an author says of a visit that is worth another look: for him, and for one person."""
    word = world.word("signal", area, {cadre, "TC01"})
    with world.db.writing() as session:
        where = Visit.person_id == world.cast[cadre], Visit.area_id == world.cast.area[area]
        visit = session.exec(select(Visit).where(*where, col(Visit.withdrawn_at).is_(None))).first()
        assert visit is not None
        row = Signal(visit_id=visit.id or 0, person_id=visit.person_id, kind="late", found_at=at)
        row.explanation, row.explained_at = f"{word} đi học về mới ghi", at
        session.add(row)


def _meeting(world: World, at: datetime) -> None:
    """Of the member in charge with those who follow his areas."""
    told = {"UV01", "CB001", "CB002"}
    word = world.word("meeting", "", told | OFFICES, must=told)
    with world.db.writing() as session:
        member = Doing(session, world.cast, "UV01", at)
        held = date(2026, 12, 9)
        member.keep(meetings.put(session, member.viewer, held, f"{word} tại hội trường", at))
