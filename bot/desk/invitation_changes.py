"""What a commune does to an invitation it has sent: another day, or none; its cadre hears once."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from sqlmodel import Session

from bot.desk.contract import Result, Start, Words
from bot.desk.duties import day_at
from bot.desk.exchanges import named
from bot.desk.invitations import (
    CALL_OFF,
    MOVE,
    matter,
    said_anew,
    told,
    told_in_time,
)
from bot.desk.morning import Day, Line, Said
from bot.desk.quiet import at_work
from bot.desk.visit_lines import clock, news_of
from bot.messages import Outgoing, Rejected
from bot.rules.invitations import NewTime, read_new_time
from bot.rules.zone import day_of, local, moment
from bot.words import capital, fold, uncapital
from storage import areas, outbox, people, talks
from storage.occurrences import Due, claim, is_claimed
from storage.scope import SYSTEM, Viewer
from storage.tables import Area, Invitation

TOLD_WITHIN = timedelta(days=30)
_VERBS = {
    CALL_OFF: ("rut loi moi", "rut giay moi", "rut"),
    MOVE: ("doi ngay", "doi gio", "doi lich"),
}
_FORMS = {CALL_OFF: "invitation_off", MOVE: "invitation_move"}


def asked(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result | None:
    """What comes of "GM-86 rút" and "GM-86 đổi ngày", with or without the rest; None for others."""
    number = words.code.number if words.code else 0
    found = talks.invitation_by_number(session, viewer, number)
    if found is None or found.area_id not in viewer.communes:
        return None
    for verb, openings in _VERBS.items():
        for opening in openings:
            count = len(opening.split())
            first, rest = words.rest.split()[:count], words.rest.split(maxsplit=count)[count:]
            if fold(" ".join(first)).rstrip(",.:;") == opening:
                said = rest[0].strip(" ,.:;") if rest else ""
                return _done(session, viewer, found, verb=verb, text=said, at=at)
    return None


def _done(
    session: Session, viewer: Viewer, row: Invitation, *, verb: str, text: str, at: datetime
) -> Result:
    """At once where all is said, else the form asks."""
    _check(row, at)
    new = read_new_time(text, day_of(at))
    if verb == CALL_OFF and text:
        return call_off(session, viewer, row, text, at)
    if verb == MOVE and new is not None and new.why:
        return move(session, viewer, row, new, at)
    return [Start(_FORMS[verb], {"_invitation": row.number})]


def call_off(
    session: Session, viewer: Viewer, row: Invitation, why: str, at: datetime
) -> list[Outgoing]:
    """The commune takes it back; the cadre hears of it if he had heard of the invitation."""
    _check(row, at)
    heard = _had_heard(session, row, day_of(at))
    talks.call_off(session, row, viewer.person_id, _sentence(why), at)
    receipt = f"Đã rút GM-{row.number}."
    if not heard:
        return [Outgoing(receipt, kind="receipt")]
    told_now = Outgoing(f"{receipt} {_guest(session, row)} được báo.", kind="receipt")
    on = day_at(session, at)
    if told_in_time(session, on, row):
        return [told_now]
    claim(session, [_off(row)], at)
    area = areas.by_id(session, row.area_id)
    assert area is not None
    said = Outgoing(_says(row, area), person_id=row.cadre_id, about=(talks.INVITATION, row.id or 0))
    return [told_now, at_work(said, on, until=row.starts_at)]


def move(
    session: Session, viewer: Viewer, row: Invitation, new: NewTime, at: datetime
) -> list[Outgoing]:
    """To another time; the cadre is asked again, whatever he had answered."""
    _check(row, at)
    timed = new.at is not None or row.timed
    starts = moment(new.on, new.at or _hour(row))
    if starts <= at:
        raise Rejected("Giờ mới đã qua. Xin nhắn ngày, giờ khác.")
    if starts == row.starts_at:
        raise Rejected(f"GM-{row.number} đang là {clock(starts, timed=timed)}.")
    _had_heard(session, row, day_of(at))
    talks.move(
        session, row, starts, timed=timed, by_id=viewer.person_id, why=_sentence(new.why), at=at
    )
    receipt = (
        f"Đã đổi GM-{row.number} sang {clock(starts, timed=timed)}. "
        f"{_guest(session, row)} được báo và trả lời lại."
    )
    return [Outgoing(receipt, kind="receipt"), *told(session, row, at)]


def morning(session: Session, on: Day) -> Iterable[Said]:
    """Those called off of which the cadre had heard, until the day is over."""
    for row in talks.called_off(session, SYSTEM, on.at - TOLD_WITHIN):
        area = areas.by_id(session, row.area_id)
        heard = is_claimed(session, _heard_of(row))
        if area is not None and heard and row.starts_at > on.at:
            yield row.cadre_id, Line(_says(row, area), due=(_off(row),))


def _check(row: Invitation, at: datetime) -> None:
    """Raises Rejected where nothing can be changed any more."""
    if row.called_off_at is not None:
        raise Rejected(f"GM-{row.number} đã rút.")
    if row.visit_id is not None:
        raise Rejected(f"GM-{row.number}: đã ghi chuyến đi dự họp.")
    if row.starts_at <= at:
        raise Rejected(f"GM-{row.number}: cuộc họp đã qua.")


def _had_heard(session: Session, row: Invitation, today: date) -> bool:
    """Whether the cadre knows of it; what was not sent yet is taken back and does not count."""
    said_anew(session, row, today)
    about = row.id or 0
    outbox.cancel_about(session, "brief", about, person_id=row.cadre_id)
    unsent = outbox.cancel_about(session, talks.INVITATION, about, person_id=row.cadre_id)
    knew = row.answered_at is not None or is_claimed(session, _heard_of(row))
    heard = knew or (is_claimed(session, news_of(row)) and not unsent)
    if heard:
        claim(session, [_heard_of(row)], row.sent_at)
    return heard


def _heard_of(row: Invitation) -> Due:
    """That the cadre had heard of it before it was changed."""
    return Due("invitation_heard", f"invitation:{row.id}", row.sent_at)


def _off(row: Invitation) -> Due:
    assert row.called_off_at is not None
    return Due("invitation_off", f"invitation:{row.id}", row.called_off_at)


def _says(row: Invitation, area: Area) -> str:
    said = f"GM-{row.number}: {uncapital(area.name)} rút lời mời {matter(row)}."
    return f"{said} Lý do: {row.changed_why}."


def _guest(session: Session, row: Invitation) -> str:
    cadre = people.by_ids(session, [row.cadre_id])[row.cadre_id]
    return capital(named(cadre))


def _hour(row: Invitation) -> time:
    return local(row.starts_at).time()


def _sentence(why: str) -> str:
    return why.strip().rstrip(".;, ")
