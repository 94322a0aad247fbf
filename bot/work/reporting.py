"""`sausat report`: one period's figures as text, as a file, or as data."""

from datetime import datetime

from sqlmodel import Session

from bot.desk import coded, compiling
from bot.desk.duties import province_on
from bot.layout.papers import issuer_of
from bot.layout.profiles import PROFILES
from bot.messages import Rejected
from bot.reports import chart as charts
from bot.reports.chat import Cover, digest
from bot.reports.facts import PROVINCE
from bot.reports.snapshots import Snapshot
from bot.reports.word import docx
from bot.reports.workbook import xlsx
from bot.rules.periods import Period, parse
from bot.rules.zone import day_of
from bot.words import uncapital
from storage import areas, reports
from storage.database import Database
from storage.scope import SYSTEM


def compile_(db: Database, code: str, area: str, at: datetime) -> Snapshot:
    """The figures of the province, or of an area with all below it; nothing is kept.

    What the clock compiled at the close is printed as it was, an area at the same cut; a period
    that the clock never compiled is counted as known now.
    """
    with db.reading() as session:
        period = _period(session, code, at)
        kept = reports.newest(session, SYSTEM, period.code, PROVINCE)
        if kept is not None and not area:
            return Snapshot.from_json(kept.snapshot)
        cut = kept.cut_at if kept else at
        if not area:
            return compiling.snapshot_of(session, SYSTEM, period, cut=cut)
        found = areas.by_code(session, area)
        if found is None or found.id is None:
            raise Rejected(f"Không có địa bàn mang mã {area}.")
        below = {found.id, *areas.below(session, found.id)}
        scope = f"area:{found.id}"
        return compiling.snapshot_of(session, SYSTEM, period, cut=cut, scope=scope, areas=below)


def text(db: Database, snapshot: Snapshot) -> str:
    """As on the phone."""
    return digest(snapshot, _cover(db, snapshot))


def word(db: Database, snapshot: Snapshot, *, at: datetime, profile: str = "") -> bytes:
    """A Word file as the province's office sets its papers, or in the named layout."""
    with db.reading() as session:
        province = province_on(session, day_of(at))
    layout = PROFILES[profile or province.layout]
    return docx(snapshot, _cover(db, snapshot), issuer=issuer_of(province), profile=layout)


def excel(db: Database, snapshot: Snapshot) -> bytes:
    """A workbook with the lines, the figures, the lists and every entry."""
    with db.reading() as session:
        entries = coded.entries(session, SYSTEM, snapshot)
    return xlsx(snapshot, _cover(db, snapshot), entries)


def chart(snapshot: Snapshot) -> bytes:
    """A picture, PNG."""
    return charts.png(snapshot)


def _cover(db: Database, snapshot: Snapshot) -> Cover:
    """On the server nobody has reviewed it; of an area, it names the area."""
    kind, _, number = snapshot.scope.partition(":")
    if kind != "area":
        return Cover(review="open")
    with db.reading() as session:
        area = areas.by_id(session, int(number))
    return Cover(review="open", place=uncapital(area.name) if area else "")


def _period(session: Session, code: str, at: datetime) -> Period:
    period = parse(code, province_on(session, day_of(at)).cut)
    if period is None:
        raise Rejected(f"--period: {code} không dùng được, ví dụ 2026-10, 2026-Q4, 2026-H1, 2026")
    if period.start > day_of(at):
        raise Rejected(f"--period: {period.label} chưa đến.")
    return period
