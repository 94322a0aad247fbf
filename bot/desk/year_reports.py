"""/baocaonam: a cadre's own report of the year, drafted from the log; the words are his."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot import files
from bot.desk import compiling
from bot.desk.contract import Noun, Result, Start, Words
from bot.desk.duties import province_on
from bot.desk.shown import is_office, page_of, paged
from bot.messages import Option, Outgoing, Rejected
from bot.reports.chat import Cover
from bot.reports.figures import percent
from bot.reports.snapshots import Snapshot
from bot.reports.wording import rate
from bot.rules.period_names import read
from bot.rules.periods import Period, containing, period
from bot.rules.zone import day_of
from bot.words import vietnamese_number as shown
from storage import people, reports
from storage.scope import Viewer
from storage.tables import Person, Report

FORM = "year_words"
CONFIRMED = "confirmed"
NAMED = 12
STATES = {CONFIRMED: "đã xác nhận", "draft": "đang soạn", "": "chưa soạn"}
FOLDER = "bao-cao-nam"


@dataclass(frozen=True)
class Year:
    """One cadre before the report of one year."""

    session: Session
    viewer: Viewer
    period: Period
    at: datetime

    @property
    def token(self) -> str:
        return f"baocaonam {self.period.code}"

    @property
    def scope(self) -> str:
        return f"{reports.OF_PERSON}{self.viewer.person_id}"

    def report(self) -> Report | None:
        """The newest edition of his own."""
        return reports.newest(self.session, self.viewer, self.period.code, self.scope)

    def snapshot(self) -> Snapshot:
        """What was confirmed, or else what the log holds by now."""
        kept = self.report()
        if kept is not None and kept.state == CONFIRMED:
            return Snapshot.from_json(kept.snapshot)
        who = self.viewer.person_id
        return compiling.snapshot_of_person(self.session, who, self.period, self.at)


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """ "/baocaonam", "/baocaonam năm 2026", and the buttons under it."""
    year, args = _year(session, words.rest, at)
    if is_office(viewer):
        return [_states(session, viewer, year, at, page_of(args))]
    if not (viewer.follows or viewer.in_charge):
        raise Rejected("Báo cáo năm dành cho cán bộ được phân công theo dõi, phụ trách địa bàn.")
    here = Year(session, viewer, year, at)
    parts = {"nhanxet": _reword, "xacnhan": _confirm, "sualai": _reopen, "tep": _paper}
    part = parts.get(args[0]) if args else None
    return part(here) if part else [_message(here)]


def _year(session: Session, rest: str, at: datetime) -> tuple[Period, list[str]]:
    """The year that is named, or the one that runs; in January the one that has just ended."""
    today = day_of(at)
    cut = province_on(session, today).cut
    said, left = read(rest, today, cut)
    if said is not None and said.kind != "year":
        raise Rejected("Xin ghi năm, ví dụ: baocaonam 2026.")
    now = containing("year", today, cut)
    last = period("year", now.year - 1, 1, cut) if (today - now.start).days < 31 else now
    return said or last, left.split()


def _message(here: Year) -> Outgoing:
    """The figures, which cannot be edited, and his words, which can."""
    report, snapshot = here.report(), here.snapshot()
    confirmed = report is not None and report.state == CONFIRMED
    own = str(report.words.get("note", "")) if report else ""
    state = "đã xác nhận" if confirmed else "dự thảo từ phiếu đã ghi"
    lines = [f"BÁO CÁO {here.period.label.upper()}, {state}", *_lines(snapshot)]
    lines.append(f'Nhận xét, đề xuất: "{own}"' if own else "Nhận xét, đề xuất: chưa ghi")
    if confirmed:
        row = (Option("Word", f"{here.token} tep"), Option("Sửa lại", f"{here.token} sualai"))
        return Outgoing("\n".join(lines), (row,))
    lines.append("Số liệu lấy từ phiếu; sai chỗ nào xin sửa phiếu đó.")
    first = (
        Option("Xác nhận", f"{here.token} xacnhan"),
        Option("Sửa nhận xét" if own else "Ghi nhận xét", f"{here.token} nhanxet"),
    )
    return Outgoing("\n".join(lines), (first, (Option("Word", f"{here.token} tep"),)))


def _lines(snapshot: Snapshot) -> list[str]:
    value = snapshot.value
    made, whole = value("recorded"), value("required")
    duty = f"Phải đi {shown(whole)} lượt, đã ghi nhận {shown(made)}"
    both, talks = value("two_way"), value("exchanges")
    found = [
        (whole, f"{duty} ({rate(made, whole, 'số phải đi')})"),
        (value("excused"), f"Được miễn {shown(value('excused'))} lượt"),
        (True, f"Phiếu đi cơ sở: {shown(value('visits'))}"),
        (
            value("cases_new"),
            f"Kiến nghị, phản ánh: {shown(value('cases_new'))} (giải thích tại chỗ "
            f"{shown(value('outcome:explained'))}, chuyển địa phương "
            f"{shown(value('outcome:passed_to_commune'))}, phản ánh cấp trên "
            f"{shown(value('outcome:passed_up'))})",
        ),
        (talks, f"Trao đổi hai chiều: {shown(both)}/{shown(talks)}, {percent(both, talks)}"),
        (value("commitments_done"), f"Việc hẹn lại xong: {shown(value('commitments_done'))}"),
        (value("commitments_open"), f"Việc hẹn lại còn: {shown(value('commitments_open'))}"),
    ]
    return [line for there, line in found if there]


def kept(here: Year) -> Report:
    """His report as a row; drafted now if there was none."""
    report = here.report()
    if report is not None:
        return report
    return compiling.keep(here.session, [here.snapshot()], here.at)[0]


def _reword(here: Year) -> Result:
    report = kept(here)
    if report.state == CONFIRMED:
        raise Rejected("Báo cáo đã xác nhận. Xin bấm Sửa lại trước.")
    known = {"_report": report.id, "text": report.words.get("note", "")}
    return [Start(FORM, {name: value for name, value in known.items() if value})]


def _confirm(here: Year) -> Result:
    """The figures of this moment are kept with his words."""
    report = kept(here)
    if report.state == CONFIRMED:
        raise Rejected("Báo cáo này đã xác nhận.")
    newest = compiling.keep(here.session, [here.snapshot()], here.at)[0]
    newest.state = CONFIRMED
    here.session.add(newest)
    reports.note(here.session, newest, CONFIRMED, by_id=here.viewer.person_id, at=here.at)
    row = (Option("Word", f"{here.token} tep"), Option("Sửa lại", f"{here.token} sualai"))
    return [Outgoing(f"Đã xác nhận báo cáo {here.period.label}.", (row,), kind="receipt")]


def _reopen(here: Year) -> Result:
    report = here.report()
    if report is None or report.state != CONFIRMED:
        raise Rejected("Báo cáo này chưa xác nhận nên sửa được ngay.")
    report.state = "draft"
    here.session.add(report)
    reports.note(here.session, report, "reopened", by_id=here.viewer.person_id, at=here.at)
    return [_message(here)]


def _paper(here: Year) -> Result:
    """The same as Word, signed by the cadre himself."""
    from bot.layout.papers import Issuer  # late: seldom needed
    from bot.layout.profiles import PROFILES
    from bot.reports.word import docx

    person = people.by_id(here.session, here.viewer.person_id)
    assert person is not None  # a viewer is somebody of the roster
    report, snapshot = here.report(), here.snapshot()
    province = province_on(here.session, day_of(here.at))
    cover = Cover(
        review="open", by=_named(person), own=str(report.words.get("note", "")) if report else ""
    )
    body = person.unit or province.committee
    issuer = Issuer(
        body=body,
        symbol=f"BC/{''.join(word[0] for word in body.split()).upper()}",
        place=province.place,
        post=person.post or "Cán bộ theo dõi",
        name=person.full_name,
        receivers=(province.office,),
        archive="Lưu cá nhân",
    )
    profile = PROFILES[province.layout]
    said = f"{snapshot.sha256} {cover} {issuer} {profile.name}"
    code = hashlib.sha256(said.encode()).hexdigest()[:16]
    name = f"{FOLDER}/{here.period.code}/{person.id}/{code}/{FOLDER}-{here.period.code}.docx"
    path = files.place(name)
    if not path.exists():
        path.write_bytes(docx(snapshot, cover, issuer=issuer, profile=profile))
    return [Outgoing(f"Báo cáo {here.period.label} của đồng chí: Word", files=(name,))]


def _named(person: Person) -> str:
    return f"{person.address} {person.full_name}"


def _states(session: Session, viewer: Viewer, year: Period, at: datetime, page: int) -> Outgoing:
    """To the office: how many have confirmed, are drafting, have not begun; who has not."""
    states = reports.states_of_people(session, viewer, year.code)
    whole = compiling.known_of(session, viewer, year, cut=at)
    asked = {row.person_id for row in whole.assignments}
    held = {who: states.get(who, "") for who in asked}
    counts = {state: sum(one == state for one in held.values()) for state in STATES}
    parts = ", ".join(f"{STATES[state]} {shown(counts[state])}" for state in STATES)
    waiting = [row for row in whole.people if row.id in asked and held[row.id] != CONFIRMED]
    here = waiting[(page - 1) * NAMED : page * NAMED]
    lines = [
        f"BÁO CÁO {year.label.upper()} CỦA CÁN BỘ",
        f"{shown(len(asked))} đồng chí được phân công: {parts}",
        *(f"Đ/c {row.name}: {STATES[held[row.id]]}" for row in here),
    ]
    turn = paged(f"baocaonam {year.code}", page, len(waiting), NAMED)
    whole_year = (Option("Bản tổng hợp năm", f"tonghop {year.code} tinh"),)
    return Outgoing("\n".join(lines), (*turn, whole_year))


def may_have(viewer: Viewer, rest: Sequence[str]) -> bool:
    """The file of one person's report: his, and the office's."""
    return len(rest) > 1 and (rest[1] == str(viewer.person_id) or is_office(viewer))


NOUN = Noun("year_reports", act, commands=("baocaonam", "bao cao nam"))
