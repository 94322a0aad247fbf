"""Help raised (hỗ trợ huy động): from the words of a slip to the report, and back to the slip."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from bot.conversation.form import Draft
from bot.conversation.step import start
from bot.desk import compiling, visit_filing, visit_words
from bot.forms.visit import FORM, visit_answers
from bot.reports.chapters import appendices, text
from bot.reports.checks import violations
from bot.reports.snapshots import Snapshot
from bot.rules.freetext import read_visit
from bot.rules.periods import period
from storage import visits
from storage.database import Database
from storage.tables import Report, Support, Visit, metadata
from tests.cast import NOW, TODAY, Cast, cast
from tests.desk.saying import Desk

NOVEMBER, DECEMBER = period("month", 2026, 11), period("month", 2026, 12)
CLOSE = datetime(2026, 12, 2, 17, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")).astimezone(UTC)
SAID = (
    "Sáng nay tôi dự họp thôn 3 xã Hòa Mẫu. Bà con đồng thuận. Vận động Công ty Mẫu hỗ trợ 2 nhà "
    "tình thương, 120 triệu. Hỗ trợ 100 suất quà 30 triệu."
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    db = Database(f"sqlite:///{tmp_path / 'supports.db'}")
    metadata.create_all(db.engine)
    with db.writing() as session:
        yield Desk(session, cast(session))
    db.close()


def told(desk: Desk, who: str, said: str, at: datetime = NOW, **more: object) -> Visit:
    """A slip as one message tells it."""
    areas = [(str(number), name) for name, number in names(desk.cast)]
    found = visit_answers(read_visit(said, TODAY, areas))
    answers = {"visited_on": TODAY.isoformat(), "_begun": at.isoformat(), **found, **more}
    draft: Draft = start(FORM, answers, at=at, inbox_id=None)
    desk.at = at
    desk.keep(visit_filing.file(desk.session, desk.viewer(who), draft, at))
    rows = desk.session.exec(select(Visit)).all()
    return max(rows, key=lambda row: row.number)


def names(people: Cast) -> list[tuple[str, int]]:
    where = {"HOAMAU": "Xã Hòa Mẫu", "TANMAU": "Phường Tân Mẫu", "LONGMAU": "Xã Long Mẫu"}
    return [(where[code], number) for code, number in people.area.items() if code in where]


def compiled(session: Session, asked: object = NOVEMBER, cut: datetime = CLOSE) -> Snapshot:
    return compiling.snapshots_of(session, asked, cut)[0]  # type: ignore[arg-type]  # a Period


def test_one_message_is_a_slip_with_what_was_raised_and_the_commune_reads_it(desk: Desk) -> None:
    visit = told(desk, "CB001", SAID)

    rows = desk.session.exec(select(Support)).all()
    assert [(row.kind, row.quantity, row.value, row.giver) for row in rows] == [
        ("nha_tinh_thuong", 2, 120_000_000, "Công ty Mẫu"),
        ("qua", 100, 30_000_000, ""),
    ]
    assert visit.situation == "Bà con đồng thuận."
    seen = visits.by_number(desk.session, desk.viewer("XA01"), visit.number)
    assert seen is not None
    news = visit_words.to_commune(desk.session, seen)
    line = "(tính: 2 nhà tình thương, 120 triệu đồng, của Công ty Mẫu)"
    assert line in news
    assert line in desk.words("XA01", f"CS-{visit.number}")
    assert "nhà tình thương" not in desk.words("CB099", f"CS-{visit.number}")
    assert "nhà tình thương" not in desk.words("XA02", f"CS-{visit.number}")


def test_communes_cadres_and_kinds_sum_to_the_province(desk: Desk) -> None:
    told(desk, "CB001", SAID)
    told(desk, "CB002", "Họp thôn 1 xã Long Mẫu. Ổn định. Hỗ trợ 50 suất quà cho học sinh.")
    told(desk, "CB001", "Họp tổ dân phố 5 phường Tân Mẫu. Ổn định. Hỗ trợ phường 5 triệu đồng.")

    report = compiled(desk.session)
    assert violations(report) == []
    value = report.value
    assert (value("support_value"), value("support_qua")) == (155_000_000, 150)
    by_area = [value(f"support_value@{number}") for _, number in names(desk.cast)]
    assert (sorted(by_area), sum(by_area)) == ([0, 5_000_000, 150_000_000], 155_000_000)
    by_cadre = [value(f"support_qua~{desk.cast[who]}") for who in ("CB001", "CB002")]
    assert by_cadre == [100, 50]
    [table] = [one for one in appendices(report) if one.title == "Hỗ trợ huy động"]
    assert [row[1] for row in table.rows] == ["Xã Hòa Mẫu", "Phường Tân Mẫu", "Xã Long Mẫu"]
    assert table.totals == ("", "Cộng", 0, 2, 150, 1, 155_000_000, "")
    lines = [line for _, line in text(report)]
    assert "Vận động hỗ trợ 3 địa bàn: nhà tình thương 2, suất quà 150, hỗ trợ khác 1." in lines
    assert "Tổng trị giá 155 triệu đồng; 1/4 khoản chưa ghi trị giá." in lines


def test_from_the_figure_one_comes_to_the_slip(desk: Desk) -> None:
    visit = told(desk, "CB001", SAID)

    assert "Hỗ trợ huy động, đồng: 150.000.000" in told_behind(desk, "support_value")
    assert f"CS-{visit.number}" in told_behind(desk, "supports")


def told_behind(desk: Desk, figure: str) -> str:
    said = desk.presses("VP01", f"chitiet 2026-11 tinh {figure}")
    return "\n".join(message.text for message in said)


def test_a_number_that_can_be_two_things_is_asked_before_the_slip_is_kept(desk: Desk) -> None:
    found = visit_answers(read_visit("Họp thôn 3. Hỗ trợ 2.2 triệu đồng cho xã.", TODAY, []))
    assert found["_unclear"] == ["Hỗ trợ 2.2 triệu đồng cho xã."]
    assert "supports" not in found
    draft: Draft = start(FORM, found, at=NOW, inbox_id=None)
    question = FORM.question("unclear")
    assert question is not None
    assert question.when(draft)
    assert question.spread("nam", draft, None)["situation"].endswith(  # type: ignore[arg-type]  # it looks at nothing
        "Hỗ trợ 2.2 triệu đồng cho xã."
    )


def test_what_is_put_right_after_the_report_stands_in_the_next_one(desk: Desk) -> None:
    visit = told(desk, "CB001", SAID)
    report = compiling.keep(desk.session, [compiled(desk.session)], CLOSE)[0]
    report.state = "sent"
    desk.session.add(report)
    desk.session.flush()
    right = "Họp thôn 3 xã Hòa Mẫu. Bà con đồng thuận. Hỗ trợ 80 suất quà 24 triệu."
    told(
        desk,
        "CB001",
        right,
        CLOSE + timedelta(days=5),
        _visit=visit.id,
        _number=visit.number,
        reason="ghi nhầm",
    )

    later = compiled(desk.session, DECEMBER, CLOSE + timedelta(days=31))
    lines = [line for _, line in text(later)]
    assert (
        "Hỗ trợ huy động tháng 11/2026 từ 150 triệu đồng, 2 khoản thành 24 triệu đồng, 1 khoản "
        f"(CS-{visit.number})."
    ) in lines
    again = compiled(desk.session)
    assert again.value("support_value") == 150_000_000  # as it was known at that cut
    kept = desk.session.exec(select(Report)).all()
    assert kept[0].sha256 == again.sha256
