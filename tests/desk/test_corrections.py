"""What is corrected after a report went out stands in the next one, once: old, new, codes."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.desk import compiling
from bot.reports.chapters import text
from bot.reports.facts import PROVINCE
from bot.reports.snapshots import Snapshot
from bot.rules.periods import period
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Case, CaseEvent, FieldOfWork, Report, Visit, VisitVersion, metadata
from tests.reports.planted import Planted, plant, visit

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
SEPTEMBER, OCTOBER, NOVEMBER = (period("month", 2026, month) for month in (9, 10, 11))


def when(month: int, day: int, hour: int = 17) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=ZONE).astimezone(UTC)


def test_corrections_stand_in_the_next_report_and_in_no_other(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'corrections.db'}")
    metadata.create_all(db.engine)
    with db.writing() as session:
        cast = plant(session)
    with db.writing() as session:
        _sent(session, SEPTEMBER, when(10, 2))
        _corrected_in_october(session, cast)
    with db.writing() as session:
        october = _sent(session, OCTOBER, when(11, 3), number="87-BC/VPTU")
        late = visit(5002, cast.followers[113], cast.areas[113], date(2026, 9, 30))
        session.add(_entered(late, when(11, 20)))
    with db.writing() as session:
        november = _sent(session, NOVEMBER, when(12, 2))
    assert _said(october) == [
        "Tháng 9/2026 (Văn bản số 12-BC/VPTU): phiếu đi cơ sở từ 112 thành 112; "
        "đã ghi nhận từ 112/134 thành 111/134 số phải đi.",
        "Thêm CS-5000; rút hoặc chuyển kỳ CS-5; sửa người, nơi, ngày CS-6.",
    ]
    assert _said(november) == [
        "Tháng 9/2026 (Văn bản số 12-BC/VPTU): phiếu đi cơ sở từ 112 thành 113; "
        "đã ghi nhận từ 111/134 thành 112/134 số phải đi.",
        "Thêm CS-5002.",
    ]
    db.close()


def test_cases_put_under_another_field_merged_or_entered_late_are_told_once(
    tmp_path: Path,
) -> None:
    db = Database(f"sqlite:///{tmp_path / 'cases.db'}")
    metadata.create_all(db.engine)
    with db.writing() as session:
        cast = plant(session)
        _sent(session, SEPTEMBER, when(10, 2))
    with db.writing() as session:
        _refiled_in_october(session, cast)
        october = _sent(session, OCTOBER, when(11, 3))
        november = _sent(session, NOVEMBER, when(12, 2))
    assert _said(october, 3) == [
        "Kiến nghị kỳ trước chuyển sang: bản kỳ trước ghi 38, nay 39; thêm KN-900.",
        "Đổi lĩnh vực của kiến nghị kỳ trước: KN-272 sang Giao thông.",
        "Gộp kiến nghị trùng: KN-273 vào KN-274.",
    ]
    assert [october.value(f"corrected_cases_{name}") for name in ("added", "field", "merged")] == [
        1,
        1,
        1,
    ]
    assert "corrections" not in {block.name for block in november.blocks}
    db.close()


def _refiled_in_october(session: Session, cast: Planted) -> None:
    """One case was imported that had been raised in September, one refiled, one a double."""
    field = session.exec(select(FieldOfWork).where(FieldOfWork.code == "GT")).one()
    refiled, double, late = (
        session.exec(select(Case).where(Case.number == number)).one() for number in (272, 273, 274)
    )
    refiled.field_id = field.id
    steps = (
        (refiled, "change_field", "with_office", "Giao thông"),
        (double, "merge", "merged", "KN-274"),
    )
    for case, act, state, text_ in steps:
        at = when(10, 14)
        session.add(CaseEvent(case_id=case.id or 0, at=at, act=act, state=state, text=text_))
    double.state, double.ended_at, double.due_on = "merged", when(10, 14), None
    held = late.model_dump(exclude={"id", "number"})
    session.add_all([refiled, double, Case(number=900, **held)])
    session.flush()


def _sent(session: Session, asked: object, cut: datetime, number: str = "12-BC/VPTU") -> Snapshot:
    """Closed and sent at the cut."""
    whole = compiling.snapshots_of(session, asked, cut)[0]  # type: ignore[arg-type]  # a Period
    report = compiling.keep(session, [whole], cut)[0]
    report.state, report.words = "sent", {"number": number}
    session.add(report)
    session.flush()
    return whole


def _corrected_in_october(session: Session, cast: Planted) -> None:
    """One slip more, one taken back, one moved to an area whose follower it does not count for."""
    late = visit(5000, cast.followers[0], cast.areas[0], date(2026, 9, 29))
    session.add(_entered(late, when(10, 12)))
    gone, moved = (
        session.exec(select(Visit).where(col(Visit.number) == number)).one() for number in (5, 6)
    )
    gone.withdrawn_at = when(10, 13)
    content = {"person_id": moved.person_id, "area_id": moved.area_id}
    session.add(
        VisitVersion(
            visit_id=moved.id or 0,
            version=1,
            content={**content, "visited_on": moved.visited_on.isoformat()},
            changed_by_id=moved.person_id,
            changed_at=when(10, 14),
        )
    )
    moved.visited_on = date(2026, 9, 7)
    session.add_all([gone, moved])


def _entered(row: Visit, at: datetime) -> Visit:
    row.begun_at = row.submitted_at = at
    return row


def _said(snapshot: Snapshot, count: int = 2) -> list[str]:
    lines = [line for _, line in text(snapshot)]
    start = lines.index("BỔ SUNG SỐ LIỆU KỲ TRƯỚC") + 1
    return lines[start : start + count]


def test_nothing_corrected_is_nothing_said(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'quiet.db'}")
    metadata.create_all(db.engine)
    with db.writing() as session:
        plant(session)
        _sent(session, SEPTEMBER, when(10, 2))
        october = _sent(session, OCTOBER, when(11, 3))
        kept = session.exec(select(Report).where(Report.scope == PROVINCE)).all()
    assert "corrections" not in {block.name for block in october.blocks}
    assert len(kept) == 2
    with db.reading() as session:
        again = compiling.snapshot_of(session, SYSTEM, OCTOBER, cut=when(11, 3))
    assert again.canonical == october.canonical
    db.close()
