"""Imports a roster workbook: checked without the write lock, written in one short transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, select

from bot.roster import applying, history, programmes
from bot.roster.applying import Tally
from bot.roster.checking import check
from bot.roster.entries import Entries, Known, KnownSpan
from bot.roster.workbook import Rows, read
from bot.rules.zone import day_of
from bot.words import vietnamese_number
from storage import areas, assignments, audit
from storage.database import Database
from storage.tables import Area, Criterion, FieldOfWork, Indicator, Person, Regulation

Progress = Callable[[int, int, str], None]
"""(steps done, steps in all, what is being done), for a bar."""


@dataclass(frozen=True)
class Counted:
    """Rows of one sheet that were added, changed, left as they were."""

    new: int
    changed: int
    same: int


@dataclass(frozen=True)
class ImportResult:
    """What an import did by sheet, and what somebody should look at."""

    sheets: dict[str, Counted]
    warnings: tuple[str, ...] = field(default=())

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return any(tally.new or tally.changed for tally in self.sheets.values())

    def said(self) -> str:
        """In words for the clerk."""
        lines = [said for name, tally in self.sheets.items() if (said := _said(name, tally))]
        head = "Đã nhập danh sách." if self.changed else "Danh sách không có gì mới."
        return "\n".join([head, *lines, *self.warnings])


def import_roster(
    db: Database,
    path: Path,
    at: datetime,
    progress: Progress = lambda done, total, what: None,
    *,
    by: tuple[str, int | None] = ("cli", None),
) -> ImportResult:
    """Reads, checks and writes a workbook, all of it or nothing (ImportFailed).

    `by` is the channel by which it came, and the person.
    """
    progress(0, 1, "đọc tệp")
    return take_in(db, read(path), at, progress, by=by)


def take_in(
    db: Database,
    found: Mapping[str, Rows],
    at: datetime,
    progress: Progress = lambda done, total, what: None,
    *,
    by: tuple[str, int | None] = ("cli", None),
) -> ImportResult:
    """Checks and writes rows that were read, all of them or none (ImportFailed)."""
    total = len(found) + 2
    progress(1, total, "kiểm tra")
    with db.reading() as session:
        known = _known(session)
    entries = check(found, known)
    done = iter(range(2, total + 2))
    with db.writing() as session:
        audit.through(session, *by)
        sheets = write(
            session, entries, at, lambda what: progress(next(done), total, what), by_id=by[1]
        )
        warnings = _warnings(session, at)
    progress(total, total, "xong")
    counted = {
        name: Counted(len(tally.new), len(tally.changed), tally.same)
        for name, tally in sheets.items()
    }
    return ImportResult(counted, warnings)


def write(
    session: Session,
    entries: Entries,
    at: datetime,
    done: Callable[[str], None],
    *,
    by_id: int | None = None,
) -> dict[str, Tally]:
    """Everything that was checked, within the caller's transaction."""
    tallies = applying.apply(session, entries, done)
    if visits := entries.get("chuyen_di"):
        tallies["chuyen_di"] = history.add_visits(session, visits)
        done("chuyen_di")
    if cases := entries.get("kien_nghi"):
        tallies["kien_nghi"] = history.add_cases(session, cases, at)
        done("kien_nghi")
    if values := entries.get("so_lieu"):
        tallies["so_lieu"] = programmes.add_values(session, values, at, by_id)
        done("so_lieu")
    if "cong_viec" in entries:
        programmes.settle_works(session)
    for name, tally in tallies.items():
        if tally.new or tally.changed:
            audit.note(session, "roster.import", name, at=at)
    return tallies


def _known(session: Session) -> Known:
    found = session.exec(select(Area.id, Area.code, Area.level, Area.parent_id)).all()
    codes = {area_id: code for area_id, code, _, _ in found}
    keys = {
        "dia_ban": frozenset(codes.values()),
        "can_bo": frozenset(session.exec(select(Person.code))),
        "quy_dinh": frozenset(session.exec(select(Regulation.number))),
        "linh_vuc": frozenset(session.exec(select(FieldOfWork.code))),
        "chi_tieu": frozenset(session.exec(select(Indicator.code))),
    }
    levels = {code: level for _, code, level, _ in found}
    parents = {code: codes.get(parent) for _, code, _, parent in found}
    spans = (KnownSpan(tuple(row[:4]), *row[4:]) for row in assignments.coded(session))
    stored = [
        tuple(row.model_dump() for row in session.exec(select(model)))
        for model in (Indicator, Criterion)
    ]
    return Known(keys, levels, parents, tuple(spans), *stored)


def _warnings(session: Session, at: datetime) -> tuple[str, ...]:
    day = day_of(at)
    said = []
    if free := assignments.unfollowed(session, day):
        names = ", ".join(area.name for area in free[:10])
        more = " …" if len(free) > 10 else ""
        said.append(f"{len(free)} địa bàn chưa có người theo dõi: {names}{more}")
    ended = areas.ended_but_assigned(session, day)
    if ended:
        names = ", ".join(area.name for area in ended[:10])
        said.append(f"{len(ended)} địa bàn đã hết hiệu lực còn phân công: {names}")
    return (*said, *programmes.warnings(session))


def _said(name: str, tally: Counted) -> str:
    parts = [(tally.new, "mới"), (tally.changed, "sửa"), (tally.same, "giữ nguyên")]
    said = ", ".join(f"{vietnamese_number(count)} {what}" for count, what in parts if count)
    return f"{name}: {said}" if said else ""
