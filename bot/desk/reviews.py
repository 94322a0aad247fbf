"""/phieunhanxet: the figures of a cadre's year from the log, comments on it, and his answer."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot import files
from bot.conversation.form import DIRECT
from bot.desk import compiling
from bot.desk.contract import Noun, Result, Start, Words
from bot.desk.duties import province_on
from bot.desk.exchanges import named
from bot.desk.shown import page_of, paged
from bot.messages import Option, Outgoing, Rejected
from bot.reports.figures import Figure
from bot.reports.labels import label
from bot.reports.snapshots import Snapshot
from bot.rules.periods import Period, containing, period, previous
from bot.rules.zone import day_of
from bot.words import full_day, natural
from storage import areas, assignments, people, programmes, reviews
from storage.scope import Viewer
from storage.tables import Person, ReviewComment

COMMAND = "phieunhanxet"
FORM = "review"
FOLDER = "phieu-nhan-xet"
NAMED = 8
FRESH = 31  # days of a new year in which the old one is meant
WHO = {reviews.COMMUNE: "Xã", reviews.SUPERIOR: "Cấp trên", reviews.ANSWER: "Cán bộ trả lời"}
HEADINGS = {
    reviews.COMMUNE: "NHẬN XÉT CỦA XÃ, PHƯỜNG",
    reviews.SUPERIOR: "NHẬN XÉT CỦA CẤP TRÊN",
    reviews.ANSWER: "Ý KIẾN CỦA CÁN BỘ",
}
FIGURES = (
    *("assigned", "excused", "required", "recorded", "not_recorded", "visits", "cases_new"),
    *("outcome:explained", "outcome:passed_to_commune", "outcome:passed_up"),
    *("exchanges", "two_way", "commitments_done", "commitments_open", "support_value"),
)
"""What the sheet tells of the log, in this order."""


@dataclass(frozen=True)
class Sheet:
    """One cadre's year before one viewer, who is there as `role`; "" reads only."""

    session: Session
    viewer: Viewer
    person: Person
    year: Period
    role: str
    area_id: int | None
    at: datetime

    @property
    def token(self) -> str:
        return f"{COMMAND} {self.person.id} {self.year.year}"

    @property
    def whole(self) -> bool:
        """Whether the viewer sees the figures too: a commune writes, and reads its own words."""
        return self.role != reviews.COMMUNE

    def snapshot(self) -> Snapshot:
        """What the log holds of the year; nothing here can be edited."""
        return compiling.snapshot_of_person(self.session, self.person.id or 0, self.year, self.at)

    def comments(self) -> list[ReviewComment]:
        """The words on the year that the viewer sees."""
        return reviews.of_year(self.session, self.viewer, self.person.id or 0, self.year.year)


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """ "phiếu nhận xét": one's own sheet, or the cadres one may write about; then the buttons."""
    args = words.rest.split()
    if not args or args[0] == "trang":
        if viewer.follows and not viewer.everywhere:
            return [_message(_sheet(session, viewer, viewer.person_id, at, at_year(session, at)))]
        if not args and (alone := _only_cadre(session, viewer, at)):
            return _write(alone) if not alone.comments() else [_message(alone)]
        return [_people(session, viewer, at, page_of(args[1:]))]
    person, year = natural(args[0]), natural(args[1]) if len(args) > 1 else None
    if person is None or year is None or not 2000 <= year <= at.year:
        raise Rejected("Xin bấm tên đồng chí trong danh sách: phiếu nhận xét.")
    cut = province_on(session, day_of(at)).cut
    here = _sheet(session, viewer, person, at, period("year", year, 1, cut))
    part = {"ghi": _write, "tep": _file, "in": _print}.get(args[2]) if len(args) > 2 else None
    return part(here) if part else [_message(here)]


def at_year(session: Session, at: datetime) -> Period:
    """The year that runs; in January the one that has just ended."""
    today = day_of(at)
    now = containing("year", today, province_on(session, today).cut)
    return previous(now) if (today - now.start).days < FRESH else now


def _sheet(session: Session, viewer: Viewer, person_id: int, at: datetime, year: Period) -> Sheet:
    person = people.by_id(session, person_id)
    held = {
        row.area_id
        for row in assignments.on(session, min(day_of(at), year.last), "theo_doi")
        if row.person_id == person_id
    }
    if person is None or not held:
        raise Rejected("Không có phiếu nhận xét của đồng chí này.")
    role, area = _role(viewer, person_id, held)
    return Sheet(session, viewer, person, year, role, area, at)


def _role(viewer: Viewer, person_id: int, held: set[int]) -> tuple[str, int | None]:
    """As whom the viewer comes to the sheet, and by which area."""
    if viewer.person_id == person_id:
        return reviews.ANSWER, None
    if mine := sorted(held & viewer.in_charge):
        return reviews.SUPERIOR, mine[0]
    if mine := sorted(held & viewer.communes):
        return reviews.COMMUNE, mine[0]
    if viewer.everywhere and viewer.roles & reviews.BOARD:
        return "", None
    raise Rejected("Không có phiếu nhận xét của đồng chí này.")


def _only_cadre(session: Session, viewer: Viewer, at: datetime) -> Sheet | None:
    """The sheet of the one cadre who follows the viewer's commune."""
    rows = assignments.on(session, day_of(at), "theo_doi")
    ids = {row.person_id for row in rows if row.area_id in viewer.communes}
    if len(ids) != 1 or viewer.in_charge or viewer.everywhere:
        return None
    return _sheet(session, viewer, ids.pop(), at, at_year(session, at))


def _people(session: Session, viewer: Viewer, at: datetime, page: int) -> Outgoing:
    """The cadres whose year the viewer may read or write about."""
    whole = viewer.everywhere and bool(viewer.roles & reviews.BOARD)
    seen = viewer.in_charge | viewer.communes
    rows = assignments.on(session, day_of(at), "theo_doi")
    ids = {row.person_id for row in rows if whole or row.area_id in seen} - {viewer.person_id}
    if not ids:
        raise Rejected("Phiếu nhận xét dành cho cán bộ theo dõi, xã, Ủy viên phụ trách.")
    found = sorted(people.by_ids(session, ids).values(), key=lambda one: (one.rank, one.id or 0))
    year = at_year(session, at)
    here = found[(page - 1) * NAMED : page * NAMED]
    rows_of = [(Option(one.full_name, f"{COMMAND} {one.id} {year.year}"),) for one in here]
    turn = paged(f"{COMMAND} trang", page, len(found), NAMED)
    return Outgoing(f"Phiếu nhận xét {year.label}: chọn cán bộ", (*rows_of, *turn))


def _message(here: Sheet) -> Outgoing:
    lines = [f"PHIẾU NHẬN XÉT {here.year.label.upper()}", named(here.person)]
    if here.whole:
        lines += [f"{name}: {one.shown}" for name, one in figures(here.snapshot())]
        lines.append("Số liệu lấy từ phiếu đã ghi, không sửa ở đây.")
    lines += [_said(here, one) for one in here.comments()] or ["Chưa có nhận xét."]
    words = "Trả lời" if here.role == reviews.ANSWER else "Ghi nhận xét"
    row = [Option(words, f"{here.token} ghi")] if here.role else []
    if here.whole:
        row += [Option("Word", f"{here.token} in"), Option("Excel", f"{here.token} tep")]
    return Outgoing("\n".join(lines), (tuple(row),))


def figures(snapshot: Snapshot) -> list[tuple[str, Figure]]:
    """The log in numbers, those that were counted."""
    known = snapshot.figures
    return [(label(known[name]), known[name]) for name in FIGURES if name in known]


def _said(here: Sheet, one: ReviewComment) -> str:
    where = f" ({areas.name_of(here.session, one.area_id)})" if one.area_id else ""
    return f"{WHO[one.role]}{where}, {full_day(day_of(one.at))}: “{one.text}”"


def _write(here: Sheet) -> Result:
    if not here.role:
        raise Rejected("Nhận xét do xã, Ủy viên phụ trách ghi.")
    answers: dict[str, Any] = {"_person": here.person.id, "_year": here.year.year}
    if not here.whole:  # no more than two messages of a commune
        answers |= {DIRECT: True, "_sheet": _message(here).text}
    return [Start(FORM, answers)]


def write(
    session: Session, viewer: Viewer, said: tuple[int, int, str], at: datetime
) -> list[Outgoing]:
    """Keep the words (person, year, text); the cadre is told of what others wrote."""
    person_id, year, text = said
    cut = province_on(session, day_of(at)).cut
    here = _sheet(session, viewer, person_id, at, period("year", year, 1, cut))
    if not here.role:
        raise Rejected("Nhận xét do xã, Ủy viên phụ trách ghi.")
    row = ReviewComment(
        person_id=person_id,
        year=year,
        author_id=viewer.person_id,
        role=here.role,
        area_id=here.area_id,
        text=text,
        at=at,
    )
    reviews.add(session, row, at)
    receipt = Outgoing("Đã ghi vào phiếu nhận xét.", kind="receipt")
    if here.role == reviews.ANSWER:
        return [receipt]
    news = f"Phiếu nhận xét {here.year.label} của đồng chí có nhận xét mới."
    button = Option("Xem, trả lời", here.token)
    told = Outgoing(news, ((button,),), "notice", person_id=person_id)
    return [receipt, told]


def _file(here: Sheet) -> Result:
    """The same as Excel: figures, then the words."""
    if not here.whole:
        raise Rejected("Xã xem nhận xét của mình tại đây.")
    from bot.spreadsheet import Table, workbook  # late: seldom needed

    comments = here.comments()
    rows = [(name, one.value) for name, one in figures(here.snapshot())]
    said = [
        (
            WHO[one.role],
            areas.name_of(here.session, one.area_id) if one.area_id else "",
            day_of(one.at),
            one.text,
        )
        for one in comments
    ]
    tables = (
        Table("Số liệu", (here.person.full_name, here.year.label), rows, widths=(44, 16)),
        Table("Nhận xét", ("Người ghi", "Địa bàn", "Ngày", "Nội dung"), said, (18, 24, 14, 80)),
    )
    return [_sent(here, "xlsx", repr((rows, said)), lambda: workbook(tables))]


def _print(here: Sheet) -> Result:
    """To print, laid out as the province's papers are; with the points where they were given."""
    if not here.whole:
        raise Rejected("Xã xem nhận xét của mình tại đây.")
    from bot.desk.review_papers import Word, paper  # late: seldom needed
    from bot.layout.papers import issuer_of
    from bot.layout.profiles import PROFILES
    from bot.layout.writing import written
    from bot.reports.packing import repacked

    snapshot, province = here.snapshot(), province_on(here.session, day_of(here.at))
    comments, person, year = here.comments(), here.person, here.year
    words = [
        (
            head,
            [Word(_by(here, one), one.text.rstrip(" .")) for one in comments if one.role == role],
        )
        for role, head in HEADINGS.items()
    ]
    made = paper(
        person,
        year,
        snapshot,
        [(name, one.shown) for name, one in figures(snapshot)],
        words=words,
        points=programmes.points(here.session, here.viewer, person.id or 0, year.year, year.last),
        issuer=replace(issuer_of(province), symbol="PNX/VPTU"),
    )
    profile = PROFILES[province.layout]
    said = f"{replace(made, after=())} {profile.name}"
    return [_sent(here, "docx", said, lambda: repacked(written(made, profile), snapshot.cut_at))]


def _by(here: Sheet, one: ReviewComment) -> str:
    """Who wrote, from where and when."""
    author = people.by_id(here.session, one.author_id)
    where = f", {areas.name_of(here.session, one.area_id)}" if one.area_id else ""
    return f"{named(author) if author else WHO[one.role]}{where}, {full_day(day_of(one.at))}"


def _sent(here: Sheet, suffix: str, said: str, make: Callable[[], bytes]) -> Outgoing:
    """A file for whoever asked for it, made once for what it says."""
    code = hashlib.sha256(said.encode()).hexdigest()[:16]
    owner = f"{here.viewer.person_id}/{here.person.id}"
    name = f"{FOLDER}/{owner}/{code}/{FOLDER}-{here.year.year}.{suffix}"
    files.made(name, make)
    kind = {"docx": "Word", "xlsx": "Excel"}[suffix]
    of = f"Phiếu nhận xét {here.year.label}, {named(here.person)}"
    return Outgoing(f"{of}: {kind}", files=(name,))


def may_have(session: Session, viewer: Viewer, rest: Sequence[str], at: datetime) -> bool:
    """The file is that of whoever asked for it and still reads that sheet whole."""
    who = natural(rest[1]) if len(rest) > 1 and rest[0] == str(viewer.person_id) else None
    try:
        return who is not None and _sheet(session, viewer, who, at, at_year(session, at)).whole
    except Rejected:
        return False


NOUN = Noun("reviews", act, commands=(COMMAND, "phieu nhan xet"))
