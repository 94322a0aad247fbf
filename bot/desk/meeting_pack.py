"""The meeting pack: every cadre of a member in charge, with areas, open items, missed periods."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.desk import brief, compiling
from bot.layout.papers import Issuer, Level, Paper
from bot.reports.facts import Facts
from bot.reports.word import KIND
from bot.rules.cadence import Owed
from bot.rules.periods import Period, previous
from bot.rules.zone import day_of
from bot.words import capital, day, full_day, uncapital
from storage import areas, assignments, people
from storage.scope import Viewer
from storage.tables import Area, Assignment, Person

YEAR = timedelta(days=366)  # how far back periods without a visit are named
NAMED = 3  # of them in the chat; all are in the file
UNFOLLOWED = "Chưa có cán bộ theo dõi"


@dataclass(frozen=True)
class Place:
    """One area as one cadre follows it."""

    area: Area
    missed: tuple[Period, ...]  # closed without a visit, oldest first
    running: tuple[Period, ...]  # not over, and without a visit yet
    items: tuple[brief.Item, ...]


@dataclass(frozen=True)
class Sheet:
    """One cadre with his areas; no person: areas that nobody follows."""

    cadre: Person | None
    places: tuple[Place, ...]

    @property
    def items(self) -> list[brief.Item]:
        return [item for place in self.places for item in place.items]


@dataclass(frozen=True)
class Pack:
    """What a member takes to the meeting: cadres in protocol order, areas in the official one."""

    sheets: tuple[Sheet, ...]
    today: date

    @property
    def cadres(self) -> int:
        return sum(sheet.cadre is not None for sheet in self.sheets)

    @property
    def codes(self) -> set[str]:
        """Every open item once, also where two cadres share it."""
        return {item.code for sheet in self.sheets for item in sheet.items}

    @property
    def late(self) -> set[str]:
        """The overdue ones of them."""
        found = (item for sheet in self.sheets for item in sheet.items)
        return {item.code for item in found if self.is_late(item)}

    def is_late(self, item: brief.Item) -> bool:
        """Its day is over."""
        return item.due is not None and item.due < self.today and not item.said


def cadres_of(
    session: Session, area_ids: Collection[int], today: date
) -> dict[int, list[Assignment]]:
    """Who follows these areas today, with the assignments there."""
    found: dict[int, list[Assignment]] = {}
    for row in assignments.on(session, today, "theo_doi"):
        if row.area_id in area_ids:
            found.setdefault(row.person_id, []).append(row)
    return found


def pack_of(session: Session, viewer: Viewer, at: datetime) -> Pack:
    """All and only the cadres of the viewer's areas in charge."""
    today = day_of(at)
    rows = cadres_of(session, viewer.in_charge, today)
    known = people.by_ids(session, list(rows))
    ranked = sorted(known, key=lambda one: (known[one].rank, one))
    owed = _not_recorded(session, viewer, at)
    followers: dict[int, set[int]] = {}
    for person_id, theirs in rows.items():
        for row in theirs:
            followers.setdefault(row.area_id, set()).add(person_id)
    places = areas.by_ids(session, viewer.in_charge)
    items = {
        one: [i for block in brief.open_items(session, viewer, area, at) for i in block.items]
        for one, area in places.items()
    }
    sheets = [
        Sheet(known[one], tuple(_places(one, rows[one], places, items, owed, followers)))
        for one in ranked
    ]
    left = [
        Place(area, (), (), tuple(items[one]))
        for one, area in places.items()
        if one not in followers and (items[one] or (area.level == "xa" and _stands(area, today)))
    ]
    return Pack((*sheets, *([Sheet(None, tuple(left))] if left else [])), today)


def _stands(area: Area, today: date) -> bool:
    return area.valid_to is None or area.valid_to >= today


def _places(
    person_id: int,
    rows: Sequence[Assignment],
    places: Mapping[int, Area],
    items: Mapping[int, Sequence[brief.Item]],
    owed: Mapping[int, list[tuple[Owed, bool]]],
    followers: Mapping[int, set[int]],
) -> Iterator[Place]:
    """In the official order; of an area with two followers each has what is his by name."""
    mine = {row.area_id: row.id or 0 for row in rows}
    for area_id, area in places.items():
        if area_id in mine:
            due = owed.get(mine[area_id], [])
            theirs = [
                item
                for item in items[area_id]
                if item.cadre_id == person_id or item.cadre_id not in followers[area_id]
            ]
            yield Place(
                area,
                tuple(one.period for one, closed in due if closed),
                tuple(one.period for one, closed in due if not closed),
                tuple(theirs),
            )


def _not_recorded(
    session: Session, viewer: Viewer, at: datetime
) -> dict[int, list[tuple[Owed, bool]]]:
    """By assignment what has no visit: of periods that closed within a year, and of this one."""
    today = day_of(at)
    year = compiling.period_now(session, "year", at)
    known = compiling.known_of(session, viewer, year, cut=at, areas=viewer.in_charge)
    found: dict[int, list[tuple[Owed, bool]]] = {}
    for window in (previous(year), year):
        for one in Facts(known, window).duties.not_recorded:
            if one.period.start > today or one.period.end < today - YEAR:
                continue
            closed = compiling.closes_at(session, one.period) <= at
            found.setdefault(one.assignment.id, []).append((one, closed))
    return found


def chat_lines(pack: Pack) -> list[str]:
    """The pack for the phone: codes alone, the newest of many missed periods."""
    lines = []
    for sheet in pack.sheets:
        lines.append(f"\n{capital(_contact(sheet.cadre))}")
        for place in sheet.places:
            lines.append(f"{place.area.name}: {_visits(place, pack.today, NAMED)}")
            if place.items:
                codes = (
                    f"{item.code} (quá hạn)" if pack.is_late(item) else item.code
                    for item in place.items
                )
                lines.append(f"Đang mở: {', '.join(codes)}")
    return lines


def _contact(cadre: Person | None) -> str:
    return f"{cadre.address} {brief.contact(cadre)}" if cadre else UNFOLLOWED


def _visits(place: Place, today: date, named: int = 99) -> str:
    missed, running = (_listed(one, today, named) for one in (place.missed, place.running))
    said = [f"chưa ghi nhận {missed}"] if missed else []
    said += [f"{running} chưa có phiếu"] if running else []
    return "; ".join(said) or "không có kỳ nào chưa ghi nhận"


def _listed(periods: Sequence[Period], today: date, named: int) -> str:
    """tháng 12/2025, tháng 1; of many the last ones, after their number."""
    last = ", ".join(p.short if p.year == today.year else p.label for p in periods[-named:])
    return last if len(periods) <= named else f"{len(periods)} kỳ, gần nhất {last}"


def summary(pack: Pack) -> str:
    """2 cán bộ theo dõi, 3 địa bàn; việc đang mở 5, quá hạn 1."""
    count = len({place.area.id for sheet in pack.sheets for place in sheet.places})
    late = f", quá hạn {len(pack.late)}" if pack.late else ""
    return f"{pack.cadres} cán bộ theo dõi, {count} địa bàn; việc đang mở {len(pack.codes)}{late}"


def paper(pack: Pack, issuer: Issuer, member: Person, held_on: date | None) -> Paper:
    """The same to print, each item in its words."""
    when = f"họp mặt ngày {full_day(held_on)}" if held_on else "họp mặt cán bộ theo dõi"
    lines: list[tuple[Level, str]] = [("text", f"{summary(pack)}, đến {full_day(pack.today)}.")]
    for sheet in pack.sheets:
        lines.append(("section", _named(sheet.cadre)))
        for place in sheet.places:
            lines.append(("point", place.area.name))
            lines.append(("text", f"{capital(_visits(place, pack.today))}."))
            lines += [("text", _worded(pack, item)) for item in place.items]
            if not place.items:
                lines.append(("text", "Không có việc nào đang mở."))
    return Paper(
        issuer=issuer,
        kind=KIND,
        excerpt=f"tình hình cán bộ theo dõi cơ sở, phục vụ {when}",
        to=f"{member.address} {member.full_name}, {member.post}".rstrip(", "),
        lines=tuple(lines),
        about=pack.today,
    )


def _named(cadre: Person | None) -> str:
    if cadre is None:
        return UNFOLLOWED
    return f"{capital(cadre.address)} {brief.contact(cadre)}"


def _worded(pack: Pack, item: brief.Item) -> str:
    line = item.line(brief.WHOLE)
    return f"{line}, quá hạn." if pack.is_late(item) else f"{line}."


def subject(pack: Pack) -> str:
    """The opening of the pack in the chat."""
    return f"Tài liệu họp mặt, đến {day(pack.today)}\n{uncapital(summary(pack))}"
