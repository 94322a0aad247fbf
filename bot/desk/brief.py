"""The brief on one area: whom to call first, then all that is open there, on one screen."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col

from bot.desk.visit_lines import when
from bot.messages import Option, Outgoing
from bot.rules.vocabulary import activity_label
from bot.rules.zone import day_of
from bot.words import day
from storage import (
    assignments,
    cases,
    commitments,
    directives,
    papers,
    people,
    programmes,
    talks,
    visits,
)
from storage.scope import Viewer
from storage.tables import Area, Case, Person

LONGEST = 1700  # characters: with its choices one part on every channel, and below 2,000
LAST_VISITS = 3
CLIPS = (120, 60, 30, 0)  # letters of each item; with 0 the codes alone
AHEAD = timedelta(days=366)  # how far an invitation may lie
WHOLE = 400  # of an item behind Xem thêm
MORE = "tiếp"


@dataclass(frozen=True)
class Item:
    """One open thing: its code, its words, its day, and whose it is where one cadre has it."""

    code: str
    text: str
    due: date | None = None
    cadre_id: int | None = None
    said: str = ""  # what stands behind the words in place of the day

    @property
    def tail(self) -> str:
        return self.said or (f"hạn {day(self.due)}" if self.due else "")

    def line(self, clip: int) -> str:
        flat = " ".join(self.text.split()).rstrip(".")
        said = flat if len(flat) <= clip else flat[: clip - 1].rsplit(" ", 1)[0] + " …"
        return f"{self.code} {said}{f', {self.tail}' if self.tail else ''}"


@dataclass(frozen=True)
class Block:
    """One heading with its items."""

    title: str
    items: Sequence[Item]

    def lines(self, clip: int) -> list[str]:
        """Every code, with as many letters as there is room for."""
        if not self.items:
            return []
        head = f"{self.title}: {len(self.items)}"
        if clip == 0:
            return [f"{head} ({', '.join(one.code for one in self.items)})"]
        return [head, *(one.line(clip) for one in self.items)]


def of_area(session: Session, viewer: Viewer, area: Area, at: datetime) -> Outgoing:
    """One message of at most 2,000 characters that names every open code; the rest behind it."""
    top, blocks = _top(session, viewer, area, at), open_items(session, viewer, area, at)
    for clip in CLIPS:
        text = "\n".join([*top, *(line for block in blocks for line in block.lines(clip))])
        if len(text) <= LONGEST:
            break
    said = Outgoing(text[:LONGEST])
    if clip != CLIPS[0]:
        said = said.with_row(Option("Xem thêm", f"diaban {area.code} {MORE} 1"))
    return said


def more(session: Session, viewer: Viewer, area: Area, at: datetime, page: int) -> Outgoing:
    """The open items in their own words, so many characters a page."""
    blocks = open_items(session, viewer, area, at)
    pages, current = list[str](), area.name
    for line in (line for block in blocks for line in block.lines(WHOLE)):
        if len(current) + len(line) + 1 > LONGEST:
            pages.append(current)
            current = area.name
        current = f"{current}\n{line}"
    pages.append(current)
    said = Outgoing(pages[min(page, len(pages)) - 1])
    if page < len(pages):
        said = said.with_row(Option("Xem thêm", f"diaban {area.code} {MORE} {page + 1}"))
    return said


def open_items(session: Session, viewer: Viewer, area: Area, at: datetime) -> list[Block]:
    """Everything open in the area that the viewer sees, by kind."""
    return [block(session, viewer, area, at) for block in BLOCKS]


def _top(session: Session, viewer: Viewer, area: Area, at: datetime) -> list[str]:
    """Names and numbers, then the last visits."""
    assert area.id is not None
    today = day_of(at)
    lines = [area.name]
    lines += [contact(p) for p in people.seat(session, area.id, today)]
    lines += [f"Theo dõi: {contact(p)}" for p in assignments.followers(session, area.id, today)]
    in_charge = assignments.members_in_charge(session, area.id, today)
    lines += [f"Phụ trách: {p.full_name}, {p.post}".rstrip(", ") for p in in_charge]
    last = visits.of_area(session, viewer, area.id, limit=LAST_VISITS)
    lines += ["Chuyến đi gần đây:"] if last else ["Chưa ghi nhận chuyến đi nào."]
    return lines + [
        f"CS-{v.number} {day(v.visited_on)}: {activity_label(v.activity, area.name)}" for v in last
    ]


def contact(person: Person) -> str:
    """Who it is and the number to call."""
    phone = f", điện thoại {person.phone}" if person.phone else ""
    return f"{person.full_name}, {person.post}{phone}" if person.post else person.full_name + phone


def _cases(session: Session, viewer: Viewer, area: Area, at: datetime) -> Block:
    found = cases.listed(session, viewer, col(Case.area_id) == area.id, cases.open_now())
    items = [Item(f"KN-{c.number}", c.text, c.due_on) for c in found]
    return Block("Kiến nghị đang giải quyết", items)


def _promised(session: Session, viewer: Viewer, area: Area, at: datetime) -> Block:
    found = commitments.open_in(session, viewer, {area.id or 0})
    items = [Item(f"VH-{c.number}", c.text, c.due_on, c.holder_id) for c in found]
    return Block("Việc hẹn lại", items)


def _talks(session: Session, viewer: Viewer, area: Area, at: datetime) -> Block:
    found = [one for one in talks.open_exchanges(session, viewer) if one.area_id == area.id]
    items = [Item(f"TR-{one.number}", "chờ trả lời", one.due_on, one.cadre_id) for one in found]
    return Block("Trao đổi", items)


def _invitations(session: Session, viewer: Viewer, area: Area, at: datetime) -> Block:
    found = talks.invitations_between(session, viewer, at, at + AHEAD)
    items = [
        Item(f"GM-{one.number}", one.occasion, cadre_id=one.cadre_id, said=when(one))
        for one in found
        if one.area_id == area.id
    ]
    return Block("Giấy mời", items)


def _papers(session: Session, viewer: Viewer, area: Area, at: datetime) -> Block:
    waiting = [one for one in papers.uncommented(session, viewer) if one.area_id == area.id]
    said = {one.number: one for one, _ in papers.unanswered(session, viewer)}
    theirs = [one for one in said.values() if one.area_id == area.id]
    found = {one.number: one for one in [*waiting, *theirs]}
    items = [
        Item(f"VB-{n}", one.text, one.due_on, one.cadre_id) for n, one in sorted(found.items())
    ]
    return Block("Văn bản xin ý kiến", items)


def _directives(session: Session, viewer: Viewer, area: Area, at: datetime) -> Block:
    found = directives.of_area(session, viewer, area.id or 0)
    items = [
        Item(f"ND-{one.number}", one.text, one.due_on, said="đã truyền đạt" if passed else "")
        for one, passed in found
        if not passed or one.due_on >= day_of(at)
    ]
    return Block("Nội dung cần truyền đạt", items)


def _works(session: Session, viewer: Viewer, area: Area, at: datetime) -> Block:
    found = programmes.works_open(session, viewer, areas={area.id or 0})
    items = [Item(f"CV-{one.number}", one.text, one.due_on, one.owner_id) for one in found]
    return Block("Việc theo chương trình, việc đăng ký", items)


BLOCKS: Sequence[Callable[[Session, Viewer, Area, datetime], Block]] = (
    _cases,
    _promised,
    _talks,
    _invitations,
    _papers,
    _directives,
    _works,
)
