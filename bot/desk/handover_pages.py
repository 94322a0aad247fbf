"""What is told of a handover: a page to both people, one line to the commune."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from bot.desk import brief
from bot.desk.case_cards import named
from bot.desk.duties import day_at
from bot.desk.quiet import at_work
from bot.layout.papers import Issuer, Level, Paper
from bot.messages import Option, Outgoing
from bot.reports.word import KIND
from bot.rules.zone import day_of, moment
from bot.words import full_day, uncapital
from storage import areas, people
from storage.occurrences import Due, claim
from storage.scope import SYSTEM
from storage.tables import Area, Assignment, Person

TOLD = "handover_told"
ROOM = 1500  # characters for what is open


@dataclass(frozen=True)
class Handed:
    """Who follows an area in whose place, since when."""

    area: Area
    old: Person
    new: Person
    since: date


def told(
    session: Session, old_id: int, new_id: int, rows: Sequence[Assignment], at: datetime
) -> list[Outgoing]:
    """A page to both, and to each commune who follows it now."""
    old, new = people.by_id(session, old_id), people.by_id(session, new_id)
    assert old is not None
    assert new is not None
    said, on = list[Outgoing](), day_at(session, at)
    for row in rows:
        area = areas.by_id(session, row.area_id)
        assert area is not None
        here = next(iter(areas.successors(session, row.area_id)), area)
        text = page(session, here, old, new, first_day(row), at)
        see = ((Option(f"Xem {uncapital(here.name)}", f"diaban {here.code}"),),)
        about = ("handover", row.id or 0)
        for person, rows_ in ((old, ()), (new, see)):
            message = Outgoing(text, rows_, person_id=person.id, about=about)
            said.append(at_work(message, on))
        said += told_commune(session, here, old, new, first_day(row), at)
    return said


def first_day(row: Assignment) -> date:
    """The first day on which it is somebody else's."""
    assert row.to_date is not None
    return row.to_date + timedelta(days=1)


def told_commune(
    session: Session, area: Area, old: Person, new: Person, since: date, at: datetime
) -> list[Outgoing]:
    """Who follows the commune from that day on, said once."""
    once = Due(TOLD, f"area:{area.id}", moment(since, time.min), f"{old.id} {new.id}")
    if not claim(session, [once], at):
        return []
    text = f"Từ {full_day(since)}, {word(area, old, new)}"
    return [
        Outgoing(text, kind="line", person_id=person.id)
        for person in people.seat(session, area.id or 0, max(since, day_of(at)))
    ]


def word(area: Area, old: Person, new: Person) -> str:
    """đồng chí Đỗ Văn Thay (Phó Giám đốc …) theo dõi xã Hòa Mẫu thay đồng chí …"""
    post = f" ({new.post})" if new.post else ""
    return f"{named(new)}{post} theo dõi {uncapital(area.name)} thay {named(old)}."


def page(session: Session, area: Area, old: Person, new: Person, since: date, at: datetime) -> str:
    """One message: who hands over to whom, whom to call, and all that is open."""
    top = [
        f"Bàn giao {uncapital(area.name)} từ {full_day(since)}",
        f"Giao: {brief.contact(old)}",
        f"Nhận: {brief.contact(new)}",
    ]
    seat = people.seat(session, area.id or 0, day_of(at))
    top += [f"Liên hệ: {brief.contact(person)}" for person in seat]
    blocks = brief.open_items(session, SYSTEM, area, at)
    count = sum(len(block.items) for block in blocks)
    top.append(f"Việc đang mở: {count}" if count else "Không có việc nào đang mở.")
    for clip in brief.CLIPS:
        text = "\n".join([*top, *(line for block in blocks for line in block.lines(clip))])
        if len(text) <= ROOM:
            break
    return text


def paper(session: Session, handed: Handed, issuer: Issuer, at: datetime) -> Paper:
    """The same to print and sign, each item in its words."""
    area = handed.area
    seat = people.seat(session, area.id or 0, day_of(at))
    lines: list[tuple[Level, str]] = [
        ("text", f"Bên giao: {brief.contact(handed.old)}."),
        ("text", f"Bên nhận: {brief.contact(handed.new)}."),
        *(("text", f"Liên hệ ở cơ sở: {brief.contact(person)}.") for person in seat),
    ]
    blocks = [b for b in brief.open_items(session, SYSTEM, area, at) if b.items]
    for block in blocks:
        lines.append(("section", f"{block.title}: {len(block.items)}"))
        lines += [("text", f"{item.line(brief.WHOLE)}.") for item in block.items]
    if not blocks:
        lines.append(("text", "Không có việc nào đang mở."))
    return Paper(
        issuer=issuer,
        kind=KIND,
        excerpt=f"bàn giao việc theo dõi {uncapital(area.name)}, từ ngày {full_day(handed.since)}",
        lines=tuple(lines),
        about=day_of(at),
    )
