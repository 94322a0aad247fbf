"""Invitations of a quarter: which communes sent none, and which were not followed by a visit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlmodel import Session

from bot.desk import compiling
from bot.desk.shown import page_of, paged
from bot.messages import Option, Outgoing
from bot.rules.periods import Period, parse, previous
from bot.rules.zone import day_of, moment
from bot.words import day, uncapital, vietnamese_number
from storage import areas, assignments, people, talks
from storage.scope import Viewer
from storage.tables import Area, Invitation

PAGE = 8
SILENT, MISSED = "chuamoi", "chuadu"
_ANSWERS = {
    "accepted": "đã nhận lời",
    "written": "gửi ý kiến bằng văn bản",
    "": "chưa trả lời",
}


@dataclass(frozen=True)
class Quarter:
    """What communes and cadres did with invitations, as it stands at the moment."""

    period: Period
    silent: tuple[Area, ...]  # communes with a follower that sent none, in the official order
    sent: tuple[Invitation, ...]
    over: tuple[Invitation, ...]  # of occasions in the quarter whose day is over

    @property
    def attended(self) -> list[Invitation]:
        """Of those that were sent in it."""
        return [one for one in self.sent if one.visit_id is not None]

    @property
    def missed(self) -> list[Invitation]:
        """No visit was recorded; who sent an opinion in writing is listed and says so."""
        return [one for one in self.over if one.visit_id is None]


def of_quarter(session: Session, viewer: Viewer, period: Period, at: datetime) -> Quarter:
    """The period's invitations, as far as the viewer sees them."""
    begins, ends = moment(period.start, time.min), moment(period.end, time.min)
    today = day_of(at)
    on = min(today, period.last)
    sent = talks.invitations_sent(session, viewer, begins, ends)
    inviting = {one.area_id for one in sent}
    followed = {row.area_id for row in assignments.on(session, on, "theo_doi")}
    communes = [one for one in areas.communes(session, on) if one.id in followed]
    over = talks.invitations_between(session, viewer, begins, min(ends, moment(today, time.min)))
    return Quarter(
        period,
        tuple(one for one in communes if one.id not in inviting),
        tuple(sent),
        tuple(over),
    )


def now(session: Session, viewer: Viewer, at: datetime) -> Quarter:
    """The quarter that runs."""
    return of_quarter(session, viewer, compiling.period_now(session, "quarter", at), at)


def lines(quarter: Quarter) -> list[str]:
    """Giấy mời quý IV: 12, đã nhận lời 9, đã dự 7; nothing where none was sent."""
    if not quarter.sent:
        return []
    accepted = sum(one.answer == "accepted" for one in quarter.sent)
    sent = vietnamese_number(len(quarter.sent))
    attended = f"đã dự {len(quarter.attended)}"
    return [f"Giấy mời {quarter.period.short}: {sent}, đã nhận lời {accepted}, {attended}"]


def buttons(quarter: Quarter) -> tuple[Option, ...]:
    """To the two lists, where they hold something."""
    found = []
    if quarter.silent:
        label = f"Xã chưa mời trong quý ({len(quarter.silent)})"
        found.append(Option(label, f"tinhhinh {SILENT}"))
    if quarter.missed:
        label = f"Được mời, chưa ghi nhận dự ({len(quarter.missed)})"
        found.append(Option(label, f"tinhhinh {MISSED}"))
    return tuple(found)


def shown(session: Session, viewer: Viewer, args: Sequence[str], at: datetime) -> Outgoing:
    """One of the lists; its words are "chuamoi" or "chuadu", a quarter and a page."""
    period = parse(args[1].upper()) if len(args) > 1 else None
    quarter = of_quarter(session, viewer, period, at) if period else now(session, viewer, at)
    page = page_of(args[1 if period is None else 2 :])
    if args[0] == SILENT:
        return _silent(session, viewer, quarter, page, at)
    return _missed(session, quarter, page)


def _silent(
    session: Session, viewer: Viewer, quarter: Quarter, page: int, at: datetime
) -> Outgoing:
    """With when each invited last, and whether anybody there could."""
    here = quarter.silent[(page - 1) * PAGE : page * PAGE]
    last = _last(session, viewer, at)
    unlinked = _unlinked(session, here, at)
    count = vietnamese_number(len(quarter.silent))
    lines = [f"{count} xã chưa có giấy mời trong {quarter.period.short}"]
    for area in here:
        before = last.get(area.id or 0)
        said = f"lần trước GM-{before.number}, {day(day_of(before.sent_at))}" if before else ""
        parts = [said or "chưa mời lần nào", *(["xã chưa kết nối"] if area.id in unlinked else [])]
        lines.append(f"{area.name}: {', '.join(parts)}")
    options = [Option(area.name, f"diaban {area.code}") for area in here]
    rows = [tuple(options[n : n + 2]) for n in range(0, len(options), 2)]
    return Outgoing("\n".join(lines), (*rows, *_turn(quarter, SILENT, page, len(quarter.silent))))


def _last(session: Session, viewer: Viewer, at: datetime) -> dict[int, Invitation]:
    """The newest invitation of each commune within a year."""
    year = previous(compiling.period_now(session, "year", at))
    sent = talks.invitations_sent(session, viewer, moment(year.start, time.min), at)
    return {one.area_id: one for one in sent}


def _unlinked(session: Session, here: Iterable[Area], at: datetime) -> set[int]:
    """The areas in whose seat nobody can be reached."""
    seats = {area.id or 0: people.seat(session, area.id or 0, day_of(at)) for area in here}
    linked = people.linked(session, [p.id or 0 for seat in seats.values() for p in seat])
    return {one for one, seat in seats.items() if not any(p.id in linked for p in seat)}


def _missed(session: Session, quarter: Quarter, page: int) -> Outgoing:
    """In the order of the days; each opens."""
    found = quarter.missed
    here = found[(page - 1) * PAGE : page * PAGE]
    places = areas.by_ids(session, {one.area_id for one in here})
    cadres = people.by_ids(session, {one.cadre_id for one in here})
    count = vietnamese_number(len(found))
    lines = [f"{count} lần được mời, chưa ghi nhận dự, {quarter.period.short}"]
    for one in here:
        when = day(day_of(one.starts_at))
        who = f"đ/c {cadres[one.cadre_id].full_name}"
        place = uncapital(places[one.area_id].name)
        said = f"{place}, {one.occasion} {when}: {who}, {_ANSWERS[one.answer]}"
        lines.append(f"GM-{one.number} {said}")
    options = [Option(f"GM-{one.number}", f"GM-{one.number}") for one in here]
    rows = [tuple(options[n : n + 3]) for n in range(0, len(options), 3)]
    return Outgoing("\n".join(lines), (*rows, *_turn(quarter, MISSED, page, len(found))))


def _turn(quarter: Quarter, which: str, page: int, count: int) -> tuple[tuple[Option, ...], ...]:
    """To other pages, and to the quarter before."""
    before = previous(quarter.period)
    code = quarter.period.code
    earlier = Option(f"Xem {before.short}", f"tinhhinh {which} {before.code}")
    return (*paged(f"tinhhinh {which} {code}", page, count, PAGE), (earlier,))
