"""Họp mặt: a member in charge meets his cadres; the pack for it, and who is reminded of it."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session

from bot import files
from bot.conversation.dates import Open, find_date
from bot.desk import meeting_pack
from bot.desk.case_cards import named
from bot.desk.contract import Noun, Result, Start, Words
from bot.desk.duties import day_at, province_on
from bot.desk.morning import Day, Line, Said
from bot.desk.quiet import at_work
from bot.messages import Option, Outgoing, Rejected
from bot.rules.zone import day_of, moment
from bot.words import capital, fold, full_day, natural, uncapital, weekday
from bot.words import day as short_day
from storage import areas, assignments, meetings, occurrences, people
from storage.occurrences import Due, claim
from storage.scope import SYSTEM, Viewer
from storage.tables import Meeting

COMMANDS = ("hopmat", "hop mat", "tai lieu hop mat")
FOLDER = "hop-mat"
ROOM = 1500  # characters of one page
WORD, MORE, ASK, DROP = "word", "tiep", "ngay", "thoi hop"
NEWS, EVE = "meeting_news", "meeting_eve"
PACK = Option("Tài liệu họp mặt", "hopmat")
PRINTED = Option("Tài liệu họp mặt (Word)", f"hopmat {WORD}")
BUTTONS = (PACK, PRINTED)


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """ "hopmat" is the pack, "hopmat word" the file, "họp mặt 05/12 …" sets the day."""
    if not viewer.in_charge:
        raise Rejected("Họp mặt cán bộ theo dõi do đồng chí Ủy viên phụ trách địa bàn mời.")
    asked = fold(words.rest)
    if asked in ("", "(word)", WORD):
        return [_file(session, viewer, at) if asked else _page(session, viewer, at, 1)]
    if asked.startswith(f"{MORE} "):
        return [_page(session, viewer, at, natural(asked.removeprefix(MORE).strip()) or 1)]
    if asked == DROP:
        return _drop(session, viewer, at)
    return [Start("meeting", {} if asked == ASK else _answers(words.rest, day_of(at)))]


def _answers(text: str, today: date) -> dict[str, object]:
    """The day and the words around it."""
    on, (start, end) = find_date(text, today, future=True) or (None, (0, 0))
    if on is None or isinstance(on, Open):
        raise Rejected("Xin nhắn ngày họp mặt, ví dụ: họp mặt: 05/12 14h tại hội trường.")
    said = _tidy(f"{text[:start]} {text[end:]}")
    return {"held_on": on.isoformat(), "words": said or None, "_done": True}


def _tidy(text: str) -> str:
    said = " ".join(text.split()).strip(" ,.;:")
    return said.removeprefix("ngày").strip(" ,")


def put(
    session: Session, viewer: Viewer, held_on: date, words: str, at: datetime
) -> list[Outgoing]:
    """The meeting is on that day; the cadres hear in the morning, or at once when none is left."""
    on = day_at(session, at)
    if held_on < on.today:
        raise Rejected("Ngày họp mặt đã qua. Xin sửa ngày.")
    row = meetings.put(session, viewer, held_on, words, today=on.today, at=at)
    occurrences.withdraw(session, f"meeting:{row.id}")
    cadres = meeting_pack.cadres_of(session, viewer.in_charge, on.today)
    count = len(cadres.keys() - {viewer.person_id})
    receipt = Outgoing(
        f"Đã ghi họp mặt {when(row)}. Báo {count} cán bộ theo dõi, nhắc lại trước ngày họp.",
        (BUTTONS, (Option("Thôi họp mặt", f"hopmat {DROP}"),)),
        kind="receipt",
    )
    return [receipt, *_too_late(session, on, row, cadres)]


def _too_late(session: Session, on: Day, row: Meeting, cadres: Iterable[int]) -> list[Outgoing]:
    """For those to whom no morning is left before the day."""
    found = list[Outgoing]()
    for person_id in cadres:
        if person_id == row.member_id or on.next_morning(person_id) < row.held_on:
            continue
        claim(session, [_news(row, person_id), _eve(row, person_id)], on.at)
        about = ("meeting", row.id or 0)
        said = Outgoing(_invites(session, row), person_id=person_id, about=about)
        found.append(at_work(said, on, until=moment(row.held_on, on.province.send_at)))
    return found


def _drop(session: Session, viewer: Viewer, at: datetime) -> Result:
    mine = [one for one in meetings.coming(session, viewer, day_of(at)) if _is_mine(one, viewer)]
    if not mine:
        raise Rejected("Không có họp mặt nào đang được ghi.")
    row = mine[0]
    meetings.cancel(session, viewer, row, at)
    occurrences.withdraw(session, f"meeting:{row.id}")
    member = people.by_ids(session, [row.member_id])[row.member_id]
    text = f"{capital(named(member))}: thôi họp mặt {when(row)}."
    cadres = meeting_pack.cadres_of(session, viewer.in_charge, day_of(at))
    told = [
        Outgoing(text, kind="line", person_id=person_id, about=("meeting", row.id or 0))
        for person_id in cadres
        if person_id != viewer.person_id
    ]
    return [Outgoing(f"Đã thôi họp mặt {when(row)}; các cán bộ theo dõi được báo."), *told]


def _is_mine(row: Meeting, viewer: Viewer) -> bool:
    return row.member_id == viewer.person_id


def when(row: Meeting) -> str:
    """thứ Bảy, 05/12 (14h tại hội trường)."""
    said = f"{uncapital(weekday(row.held_on))}, {short_day(row.held_on)}"
    return f"{said} ({row.words})" if row.words else said


def morning(session: Session, on: Day) -> Iterable[Said]:
    """The cadres hear of it once, and again on the last morning before it; so does the member."""
    for row in meetings.coming(session, SYSTEM, on.today):
        mine = assignments.of_person(session, row.member_id, on.today, "phu_trach")
        reach = {one for held in mine for one in areas.below(session, held.area_id)}
        invites = _invites(session, row)
        for person_id in meeting_pack.cadres_of(session, reach, on.today):
            if person_id != row.member_id:
                last = (_eve(row, person_id),) if _last_chance(on, row, person_id) else ()
                yield person_id, Line(invites, due=(_news(row, person_id), *last))
        if _last_chance(on, row, row.member_id):
            text = f"Đồng chí họp mặt cán bộ theo dõi {when(row)}."
            yield row.member_id, Line(text, due=(_eve(row, row.member_id),), options=BUTTONS)


def _last_chance(on: Day, row: Meeting, person_id: int) -> bool:
    return on.next_morning(person_id) >= row.held_on


def _invites(session: Session, row: Meeting) -> str:
    member = people.by_ids(session, [row.member_id])[row.member_id]
    return f"{capital(named(member))} mời họp mặt cán bộ theo dõi {when(row)}."


def _news(row: Meeting, person_id: int) -> Due:
    return Due(NEWS, f"meeting:{row.id}", row.set_at, f"{row.set_at:%Y%m%d%H%M%S} {person_id}")


def _eve(row: Meeting, person_id: int) -> Due:
    return Due(EVE, f"meeting:{row.id}", row.set_at, f"{row.held_on} {person_id}")


def _page(session: Session, viewer: Viewer, at: datetime, page: int) -> Outgoing:
    """So much of the pack as one message holds."""
    pack = meeting_pack.pack_of(session, viewer, at)
    head = meeting_pack.subject(pack)
    pages, current = list[str](), head
    for line in meeting_pack.chat_lines(pack):
        if len(current) + len(line) + 1 > ROOM:
            pages.append(current)
            current = head.partition("\n")[0]
        current = f"{current}\n{line}"
    pages.append(current)
    shown = min(page, len(pages))
    rows = [(PRINTED,), (_day_button(session, viewer, at),)]
    if shown < len(pages):
        rows.insert(0, (Option("Xem thêm", f"hopmat {MORE} {shown + 1}"),))
    return Outgoing(pages[shown - 1], tuple(rows))


def _day_button(session: Session, viewer: Viewer, at: datetime) -> Option:
    mine = [one for one in meetings.coming(session, viewer, day_of(at)) if _is_mine(one, viewer)]
    label = f"Đổi ngày họp mặt ({short_day(mine[0].held_on)})" if mine else "Đặt ngày họp mặt"
    return Option(label, f"hopmat {ASK}")


def _file(session: Session, viewer: Viewer, at: datetime) -> Outgoing:
    """To print, laid out as the province's papers are."""
    from bot.layout.papers import issuer_of  # late: they are seldom needed
    from bot.layout.profiles import PROFILES
    from bot.layout.writing import written
    from bot.reports.packing import repacked

    pack = meeting_pack.pack_of(session, viewer, at)
    mine = [one for one in meetings.coming(session, viewer, day_of(at)) if _is_mine(one, viewer)]
    held_on = mine[0].held_on if mine else None
    member = people.by_ids(session, [viewer.person_id])[viewer.person_id]
    province = province_on(session, day_of(at))
    paper = meeting_pack.paper(pack, issuer_of(province), member, held_on)
    content = repacked(written(paper, PROFILES[province.layout]), moment(pack.today, at.time()))
    kept = f"{FOLDER}/{mark(viewer)}/{at:%Y%m%d%H%M%S}/hop-mat-{pack.today.isoformat()}.docx"
    files.place(kept).write_bytes(content)
    return Outgoing(f"Tài liệu họp mặt, đến {full_day(pack.today)}", files=(kept,))


def mark(viewer: Viewer) -> str:
    """The folder of one member's packs: another one as soon as other areas are in his charge."""
    areas_now = " ".join(map(str, sorted(viewer.in_charge)))
    return f"{viewer.person_id}-{hashlib.sha256(areas_now.encode()).hexdigest()[:12]}"


def may_read(viewer: Viewer, folder: str) -> bool:
    """Whether a pack kept in this folder is of the viewer's areas of now."""
    return bool(viewer.in_charge) and folder == mark(viewer)


NOUN = Noun("meetings", act, commands=COMMANDS)
