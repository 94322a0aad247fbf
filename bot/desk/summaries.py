"""Summaries at the desk: any period asked for, and the way from a figure down to an entry."""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime

from sqlmodel import Session

from bot.desk import compiling, drilldown, entries
from bot.desk.contract import Noun, Result, Start, Words
from bot.desk.duties import province_on
from bot.desk.shown import (
    AREA,
    Shown,
    find,
    is_board,
    latest,
    may_read,
    message,
    not_begun,
    opened,
    own_scope,
)
from bot.messages import Option, Outgoing, Rejected
from bot.reports.facts import PROVINCE
from bot.rules.period_names import read
from bot.rules.periods import Cut, Period, period
from bot.rules.zone import day_of, local
from bot.words import capital, day
from bot.words import find as find_words
from storage import areas, people, reports
from storage.scope import SYSTEM, Viewer
from storage.tables import Area, Report

OPINION_FORM = "report_opinion"
NOT_YOURS = "Bản tổng hợp dành cho lãnh đạo và Văn phòng. Đồng chí xem việc của mình ở đây:"
PARTS: dict[str, Callable[[drilldown.Reader, list[str]], Outgoing]] = {
    "noilen": drilldown.standing_out,
    "quahan": drilldown.overdue,
    "diaban": drilldown.by_area,
    "chuaghi": drilldown.not_recorded,
    "bieudo": drilldown.chart,
    "tep": drilldown.to_print,
}
"""What stands behind each button of a digest."""
_AREA = re.compile(r"d(\d{1,9})")


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """ "/tonghop quý III", a button under a digest, "TH-10/2026 …", "/chitiet …"."""
    if not may_read(viewer):
        return [_not_for(viewer)]
    if words.code is not None and words.code.kind == "TH":
        return _by_code(session, viewer, words, at)
    if words.command in ("noilen", "quahan"):
        return _of_latest(session, viewer, words, at)
    said, scope, args = _asked(session, viewer, words, at)
    shown = _shown(session, viewer, said, scope, at)
    if isinstance(shown, list):
        return shown
    opened(session, viewer, shown, at)
    reader = drilldown.Reader(session, viewer, shown, at, words.inbox_id)
    if words.command == "chitiet":
        return [entries.listed(reader, args)]
    if args[:1] == ["ykien"]:
        return [_opinions(reader, said)] if args[1:] != ["chung"] else _general(shown, "")
    if args and args[0] in PARTS:
        return [PARTS[args[0]](reader, args[1:])]
    return [message(session, viewer, shown)]


def _not_for(viewer: Viewer) -> Outgoing:
    mine = (Option("Việc chờ tôi", "viec"), Option("Đã gửi", "dagui"))
    return Outgoing(NOT_YOURS, (mine,))


def _asked(
    session: Session, viewer: Viewer, words: Words, at: datetime
) -> tuple[Period | None, str, list[str]]:
    """Period, scope and the rest of "tháng 10", "2026-10 tinh quahan", "Hòa Mẫu quý III"."""
    today = day_of(at)
    cut = province_on(session, today).cut
    said, left = read(words.rest, today, cut)
    args = left.split()
    if args[:1] == [PROVINCE]:
        return said, PROVINCE, args[1:]
    if args and (known := _AREA.fullmatch(args[0])):
        return said, f"{AREA}{known[1]}", args[1:]
    if not args or args[0] in (*PARTS, "ykien") or words.command == "chitiet":
        return said, own_scope(viewer), args
    if said is None:
        said, name = _period_last(words.rest, today, cut)
    else:
        name = " ".join(words.rest.split()[-len(args) :])
    area = _area_named(session, viewer, name, today)
    return said or compiling.period_now(session, "month", at), f"{AREA}{area.id}", []


def _period_last(rest: str, today: date, cut: Cut) -> tuple[Period | None, str]:
    """A name with the period after it: "Hòa Mẫu tháng 10"."""
    parts = rest.split()
    for place in range(1, len(parts)):
        found, left = read(" ".join(parts[place:]), today, cut)
        if found is not None and not left:
            return found, " ".join(parts[:place])
    return None, rest


def _area_named(session: Session, viewer: Viewer, name: str, today: date) -> Area:
    """One of the areas of which the viewer may read a summary."""
    seen = viewer.everywhere
    known = {a.id: a for a in areas.listed(session, today) if seen or a.id in viewer.in_charge}
    found = [one for one in known.values() if one.code == name.strip()]
    found = found or [known[int(key)] for key in find_words(name, _names(known.values()))]
    if len(found) != 1:
        raise Rejected(
            "Xin ghi kỳ, ví dụ: tháng 10, quý III, từ 5/9 đến 20/10; "
            "hoặc một địa bàn, ví dụ: tonghop tháng 10 Hòa Mẫu."
        )
    return found[0]


def _names(known: Iterable[Area]) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in known]


def _shown(
    session: Session, viewer: Viewer, said: Period | None, scope: str, at: datetime
) -> Shown | list[Outgoing]:
    """The summary, or what is said because there is none."""
    if said is None:
        found = latest(session, viewer, at)
        return found or [Outgoing("Chưa có bản tổng hợp nào được gửi.")]
    if not_begun(said, at):
        raise Rejected(f"{capital(said.label)} chưa bắt đầu.")
    found = find(session, viewer, said, scope, at)
    if found is not None:
        return found
    if is_board(viewer):
        return _ask_office(session, viewer, said, at)
    if scope.startswith(AREA):
        raise Rejected("Bản tổng hợp của địa bàn này ngoài phạm vi đồng chí được xem.")
    return [Outgoing(f"Chưa có bản tổng hợp {said.label} của cả tỉnh được gửi.")]


def _ask_office(session: Session, viewer: Viewer, said: Period, at: datetime) -> list[Outgoing]:
    """Nothing reaches the standing board that the office has not looked at."""
    new = reports.newest(session, SYSTEM, said.code, PROVINCE) is None
    report = compiling.compiled(session, said, at)
    if report is None:
        on = local(compiling.closes_at(session, said))
        text = f"Số liệu {said.label} chốt {on:%H:%M} {day(on.date())}. "
        return [Outgoing(text + "Bản tổng hợp gửi đồng chí sau khi Văn phòng rà soát.")]
    asked = set(report.words.get("asked", []))
    answer = Outgoing(
        f"Bản tổng hợp {said.label} đang chờ Văn phòng rà soát, "
        "được gửi đồng chí ngay khi duyệt xong."
    )
    if viewer.person_id in asked:
        return [answer]
    kept = {**report.words, "asked": sorted(asked | {viewer.person_id})}
    report.words = kept | ({"on_demand": True} if new else {})
    session.add(report)
    reports.note(session, report, "asked", by_id=viewer.person_id, at=at)
    return [answer, *_asked_for(session, report, said, at)]


def _asked_for(session: Session, report: Report, said: Period, at: datetime) -> list[Outgoing]:
    """The clerks are told that a leader waits for it."""
    row = (Option("Rà soát", f"rasoat {report.period}"),)
    text = f"Thường trực hỏi bản tổng hợp {said.label}. Xin rà soát, trình duyệt."
    return [
        Outgoing(text, (row,), "notice", person_id=person.id, about=("report", report.id or 0))
        for person in people.holders(session, "tong_hop", day_of(at))
    ]


def _of_latest(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    shown = latest(session, viewer, at)
    if shown is None:
        return [Outgoing("Chưa có bản tổng hợp nào được gửi.")]
    opened(session, viewer, shown, at)
    reader = drilldown.Reader(session, viewer, shown, at, words.inbox_id)
    return [PARTS[words.command](reader, [])]


def _by_code(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """TH-10/2026 is a month's; with words after it, an opinion on the whole."""
    assert words.code is not None
    today = day_of(at)
    month, year = words.code.number, words.code.year or today.year
    if not 1 <= month <= 12:
        raise Rejected("Xin ghi mã bản tổng hợp, ví dụ TH-10/2026.")
    asked = period("month", year, month, province_on(session, today).cut)
    shown = _shown(session, viewer, asked, own_scope(viewer), at)
    if isinstance(shown, list):
        return shown
    opened(session, viewer, shown, at)
    return _general(shown, words.rest) if words.rest else [message(session, viewer, shown)]


def _opinions(reader: drilldown.Reader, said: Period | None) -> Outgoing:
    """What an opinion may be given on: the cases of the digest, or the whole."""
    figure = reader.snapshot.figures.get("awaiting")
    cases = reports.cases_of(reader.session, reader.viewer, figure.all_ids() if figure else [])
    codes = [Option(f"KN-{case.number}", f"KN-{case.number} cho y kien") for case in cases[:8]]
    general = Option("Ý kiến chung", f"{reader.token} ykien chung")
    rows = [tuple(codes[place : place + 3]) for place in range(0, len(codes), 3)]
    return Outgoing("Đồng chí cho ý kiến về nội dung nào?", (*rows, (general,)))


def _general(shown: Shown, text: str) -> Result:
    if shown.report is None or shown.report.state != reports.SENT:
        return [Outgoing("Bản này chưa được gửi, chưa nhận ý kiến.")]
    known = {"_report": shown.report.id, "_label": shown.period.label}
    return [Start(OPINION_FORM, known | ({"text": text} if text else {}))]


NOUN = Noun(
    "summaries",
    act,
    commands=("tonghop", "tong hop", "ban tong hop", "chitiet", "noilen", "quahan"),
    codes=("TH",),
    shows={"tonghop": "Bản tổng hợp", "chitiet": "Xem từng phiếu"},
)
