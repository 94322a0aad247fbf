"""Invitations (GM-…): a commune asks its cadre to an occasion; the cadre answers."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session

from bot.desk.contract import Result, Start, Words
from bot.desk.duties import coming, day_at
from bot.desk.enclosed import enclosing
from bot.desk.exchanges import named
from bot.desk.morning import Day, Line, Said
from bot.desk.quiet import at_work
from bot.desk.visit_lines import COMING, answered_by, clock, eve_of, meant, news_of, when
from bot.messages import Option, Outgoing, Rejected
from bot.rules.zone import day_of, local
from bot.words import day as short_day
from bot.words import fold, uncapital
from storage import areas, assignments, occurrences, people, talks
from storage.occurrences import claim
from storage.scope import SYSTEM, Viewer
from storage.tables import Area, Invitation

YES = ("du", "du duoc", "du hop", "dong y", "co", "nhan loi")
NO = "không dự được"
ATTACH = "kèm tài liệu"
MOVE, CALL_OFF = "đổi ngày", "rút"
_MEANT = re.compile(r"\s+(\d\d/\d\d \d\d:\d\d)$")


def show(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """GM-86 alone shows it; "GM-86 dự được" and "GM-86 không dự được, …" answer it."""
    number = words.code.number if words.code else 0
    found = talks.invitation_by_number(session, viewer, number)
    if found is None:
        raise Rejected(f"Không tìm thấy GM-{number}.")
    if not words.rest:
        return [card(session, found, at, viewer)]
    if fold(words.rest) == fold(ATTACH) and found.area_id in viewer.communes:
        return [Start("invitation_files", {"_invitation": number})]
    if not _may_answer(viewer, found):
        raise Rejected(f"GM-{number} do đồng chí được mời trả lời.")
    said, about = _without_time(words.rest)
    if found.moved_from is not None and about != meant(found):
        return [card(session, found, at, viewer)]
    if fold(said).rstrip(".") in YES:
        return answer(session, found, "accepted", "", at)
    note = _reason(said)
    if note is None:
        raise Rejected(f"Xin nhắn: GM-{number} dự được, hoặc GM-{number} không dự được và ý kiến.")
    if not note:
        return [Start("written", {"_invitation": number})]
    return answer(session, found, "written", note, at)


def send(session: Session, viewer: Viewer, invitation: Invitation, at: datetime) -> list[Outgoing]:
    """Store it; the cadre hears in the morning message, or at once when none is left before."""
    if invitation.area_id not in viewer.communes:
        raise Rejected("Giấy mời do Đảng ủy xã gửi.")
    if invitation.starts_at <= at:
        raise Rejected("Giờ mời đã qua. Xin sửa ngày, giờ.")
    talks.invite(session, invitation)
    code = f"GM-{invitation.number}"
    receipt = Outgoing(f"Đã gửi giấy mời {code}.", kind="receipt").with_row(*_of_host(invitation))
    return [receipt, *told(session, invitation, at)]


def told(session: Session, row: Invitation, at: datetime) -> list[Outgoing]:
    """What the cadre gets at once, because no morning is left on which to tell him; or nothing."""
    on = day_at(session, at)
    if told_in_time(session, on, row):
        return []
    claim(session, [news_of(row), eve_of(row)], at)
    about = (talks.INVITATION, row.id or 0)
    said = replace(card(session, row, at), person_id=row.cadre_id, about=about)
    return [at_work(said, on, until=row.starts_at)]


def answer(
    session: Session, invitation: Invitation, said: str, note: str, at: datetime
) -> list[Outgoing]:
    """Record what the cadre says; the commune is told at once, the reminder falls silent."""
    if invitation.starts_at <= at:
        raise Rejected(f"GM-{invitation.number}: cuộc họp đã qua.")
    if invitation.called_off_at is not None:
        raise Rejected(f"GM-{invitation.number}: xã đã rút lời mời. {changed(invitation)}")
    if not talks.answer(session, invitation, said, note, at):
        return [Outgoing(f"Đã ghi câu trả lời này cho GM-{invitation.number}.")]
    today = day_of(at)
    said_anew(session, invitation, today)
    cadre = people.by_ids(session, [invitation.cadre_id])[invitation.cadre_id]
    words = _answered(invitation)
    text, about = f"GM-{invitation.number}: {named(cadre)} {words}", invitation.id or 0
    on = day_at(session, at)
    others = [
        at_work(
            Outgoing(text, person_id=person.id, about=("invitation", about)),
            on,
            until=invitation.starts_at,
        )
        for person in people.seat(session, invitation.area_id, today)
    ]
    return [Outgoing(f"Đã báo xã: GM-{invitation.number} {words}", kind="receipt"), *others]


def said_anew(session: Session, row: Invitation, today: date) -> None:
    """Unsent morning messages that speak of it, or of the visit owed there, are composed again."""
    for held in assignments.of_person(session, row.cadre_id, today):
        if held.area_id == row.area_id:
            occurrences.withdraw(session, f"assignment:{held.id}")
    occurrences.withdraw(session, f"invitation:{row.id}")


def morning(session: Session, on: Day) -> Iterable[Said]:
    """Invitations not answered, and those accepted on the last morning before they begin."""
    for row in coming(session, SYSTEM, on.today):
        if row.starts_at <= on.at or row.answer == "written":
            continue
        area = areas.by_id(session, row.area_id)
        assert area is not None
        last_chance = on.next_morning(row.cadre_id) >= day_of(row.starts_at)
        if not row.answer:
            dues = (news_of(row), *((eve_of(row),) if last_chance else ()))
            said, see = _with_papers(session, row, _asks(row, area))
            yield row.cadre_id, Line(said, due=dues, options=(*_buttons(row), *see))
        elif last_chance:
            said, see = _with_papers(session, row, _reminds(row, area))
            yield row.cadre_id, Line(said, due=(eve_of(row),), options=see)


def _with_papers(session: Session, row: Invitation, said: str) -> tuple[str, tuple[Option, ...]]:
    """What hangs on it is read behind its code."""
    count = len(talks.invitation_files(session, SYSTEM, row))
    if not count:
        return said, ()
    return f"{said} Kèm {count} tài liệu.", (Option(f"Xem GM-{row.number}", f"GM-{row.number}"),)


def told_in_time(session: Session, on: Day, row: Invitation) -> bool:
    """Whether a morning is left on which the cadre hears of it before the day, or early on it."""
    in_charge = assignments.on(session, on.today, "phu_trach")
    known = replace(on, members=frozenset(one.person_id for one in in_charge))
    return known.next_morning(row.cadre_id) < day_of(row.starts_at)


def _asks(row: Invitation, area: Area) -> str:
    moved = f" {changed(row)}" if row.moved_from else ""
    return (
        f"GM-{row.number}: {uncapital(area.name)} mời {matter(row)}.{moved} Chờ đồng chí trả lời."
    )


def _reminds(row: Invitation, area: Area) -> str:
    return f"GM-{row.number}: đồng chí đã nhận lời {uncapital(area.name)} mời {matter(row)}."


def matter(row: Invitation) -> str:
    """họp Đảng ủy 14:00 thứ Năm, 26/11, hội trường xã."""
    where = f", {row.place}" if row.place else ""
    return f"{row.occasion} {when(row)}{where}"


def card(session: Session, row: Invitation, at: datetime, viewer: Viewer | None = None) -> Outgoing:
    """With its papers, for this viewer; as a notice for the guest, who may answer it."""
    mine = viewer is None or _may_answer(viewer, row)
    stands = row.called_off_at is None and row.starts_at > at
    papers = talks.invitation_files(session, viewer or SYSTEM, row)
    area = areas.by_id(session, row.area_id)
    cadre = people.by_ids(session, [row.cadre_id])[row.cadre_id]
    assert area is not None
    text = f"GM-{row.number} · {letter(row, area.name, named(cadre))}"
    if row.changed_at is not None:
        text = f"{text}\n{changed(row)}"
    if row.answer:
        text = f"{text}\nTrả lời: {named(cadre)} {_answered(row)}"
    rows: tuple[tuple[Option, ...], ...] = ()
    if stands and mine and not row.answer:
        rows = tuple((option,) for option in _buttons(row))
    elif stands and viewer is not None and row.area_id in viewer.communes:
        rows = (_of_host(row),)
    return enclosing(Outgoing(text, rows), papers, f"GM-{row.number}")


def letter(row: Invitation, area: str, cadre: str) -> str:
    """The invitation as the commune and the cadre read it."""
    lines = [
        f"Giấy mời của {area[:1].lower()}{area[1:]}",
        f"Kính mời {cadre}",
        f"Dự {_full(row)}",
    ]
    return "\n".join([*lines, *([f"Nội dung: {row.content}"] if row.content else [])])


def _full(row: Invitation) -> str:
    starts = local(row.starts_at)
    where = f", {row.place}" if row.place else ""
    return f"{row.occasion}, {when(row)}/{starts.year}{where}"


def _buttons(row: Invitation) -> tuple[Option, ...]:
    on = short_day(day_of(row.starts_at))
    return (
        Option(f"Dự họp {on}", answered_by(row, COMING)),
        Option("Không dự được, gửi ý kiến bằng văn bản", answered_by(row, NO)),
    )


def _of_host(row: Invitation) -> tuple[Option, ...]:
    """What the commune may still do."""
    code = f"GM-{row.number}"
    return (
        Option("Kèm tài liệu", f"{code} {ATTACH}"),
        Option("Đổi ngày", f"{code} {MOVE}"),
        Option("Rút lời mời", f"{code} {CALL_OFF}"),
    )


def changed(row: Invitation) -> str:
    """What the commune did to it after it was sent, and why."""
    if row.called_off_at is not None:
        return f"Đã rút: {row.changed_why}."
    if row.moved_from is None:
        return ""
    same_day = day_of(row.moved_from) == day_of(row.starts_at)
    return f"Đổi từ {clock(row.moved_from, timed=same_day)}: {row.changed_why}."


def _without_time(said: str) -> tuple[str, str]:
    """An answer, and the time of the occasion that its button was about."""
    found = _MEANT.search(said)
    return (said[: found.start()], found[1]) if found else (said, "")


def _answered(row: Invitation) -> str:
    if row.answer == "accepted":
        return "dự được."
    return f"không dự được, gửi ý kiến bằng văn bản:\n“{row.answer_note}”"


def _reason(rest: str) -> str | None:
    """What stands behind "không dự được"; None when the words are no answer."""
    for length in (3, 2, 1):
        words = rest.split(maxsplit=length)
        if fold(" ".join(words[:length])).rstrip(",.:;") in ("khong du duoc", "khong du", "khong"):
            return words[length].strip(" ,.:;") if len(words) > length else ""
    return None


def _may_answer(viewer: Viewer, row: Invitation) -> bool:
    return row.cadre_id == viewer.person_id or row.cadre_id in viewer.helps
