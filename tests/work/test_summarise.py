"""The clock compiles each summary once; nothing goes up that the office has not approved."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from bot.desk import office
from bot.desk.contract import Words
from bot.messages import Incoming, Outgoing, Rejected
from bot.work.post import post
from bot.work.summarise import summarise
from bot.work.viewers import viewer_for
from storage.database import Database
from storage.settings import put
from storage.tables import Case, Occurrence, Outbox, Report, ReportEvent
from tests.reports.planted import Planted, plant, visit
from tests.reports.test_digest import DIGEST

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def when(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def planted(db: Database) -> Planted:
    with db.writing() as session:
        return plant(session)


def sent_to(db: Database, person: int, kind: str = "") -> list[str]:
    with db.reading() as session:
        found = select(Outbox).where(Outbox.person_id == person).order_by(col(Outbox.id))
        return [row.body["text"] for row in session.exec(found) if not kind or row.kind == kind]


def october_of(db: Database, person: int) -> list[str]:
    """What the person got about the month under review."""
    return [text for text in sent_to(db, person) if "THÁNG 10" in text]


def press(db: Database, person: int, token: str, at: datetime) -> list[Outgoing]:
    """A button of the office, with what it does stored as the worker would."""
    command, _, rest = token.partition(" ")
    with db.writing() as session:
        viewer = viewer_for(session, person, at.date())
        words = Words(Incoming(token=token), command, rest=rest)
        said = [one for one in office.act(session, viewer, words, at) if isinstance(one, Outgoing)]
        post(session, [one for one in said if one.person_id])
    return [one for one in said if one.person_id is None]


def labels(message: Outgoing) -> list[str]:
    return [option.label for row in message.rows for option in row]


def test_the_clerk_gets_a_draft_on_the_first_working_day_and_the_close_on_the_second(
    db: Database,
) -> None:
    cast = planted(db)
    clerk = cast.people["VP01"]
    summarise(db, when(11, 2, 7, 29))
    assert october_of(db, clerk) == []
    summarise(db, when(11, 2, 7, 30))
    [draft] = october_of(db, clerk)
    assert draft.split("\n")[:2] == [
        "BẢN TỔNG HỢP THÁNG 10, dự thảo 07:30 thứ Hai 02/11",
        "Chốt số liệu: 17:00 thứ Ba 03/11. Không còn việc rà soát.",
    ]
    summarise(db, when(11, 3, 16, 59))
    assert october_of(db, clerk) == [draft]
    summarise(db, when(11, 3, 17, 0))
    assert october_of(db, clerk)[1:] == [
        "BẢN TỔNG HỢP THÁNG 10, đã chốt 17:00 thứ Ba 03/11\n"
        "Không còn việc rà soát.\nKiểm tra cộng: 38 + 27 = 31 + 34, khớp"
    ]
    assert sent_to(db, cast.people["TT01"]) == []


def test_a_digest_goes_out_when_approved_at_the_next_working_morning(db: Database) -> None:
    cast = planted(db)
    summarise(db, when(11, 3, 17, 0))
    clerk, approver = cast.people["VP01"], cast.people["VP02"]
    at = when(11, 3, 17, 20)
    preview = press(db, clerk, "rasoat 2026-10 xem", at)
    assert preview[0].text == DIGEST
    assert labels(preview[0]) == ["Trình Chánh Văn phòng", "Sửa lời"]
    press(db, clerk, "rasoat 2026-10 trinh", at)
    assert sent_to(db, approver) == [
        "Bản tổng hợp tháng 10 chờ đồng chí duyệt. Gửi: Thường trực 1, Ủy viên phụ trách 1."
    ]
    assert sent_to(db, cast.people["TT01"]) == []
    done = press(db, approver, "duyet 2026-10 gui", at)
    assert done[0].text == (
        "Đã duyệt bản tổng hợp tháng 10. Gửi Thường trực 1, Ủy viên phụ trách 1 "
        "lúc 07:15 thứ Tư, 04/11."
    )
    assert sent_to(db, cast.people["TT01"], "digest") == [DIGEST]
    [own] = sent_to(db, cast.people["UV01"], "digest")
    assert own.startswith("TỔNG HỢP THÁNG 10/2026\nKính gửi đồng chí Phạm Văn Ví\n")
    assert "ĐI CƠ SỞ: 13/13 địa bàn, 100,0%" in own
    with db.reading() as session:
        row = session.exec(select(Outbox).where(Outbox.kind == "digest")).first()
    assert row is not None
    assert row.not_before == when(11, 4, 7, 15)
    with pytest.raises(Rejected):
        press(db, approver, "duyet 2026-10 gui", at)


def test_the_clerk_may_not_approve_and_the_approver_may_return(db: Database) -> None:
    cast = planted(db)
    summarise(db, when(11, 3, 17, 0))
    press(db, cast.people["VP01"], "rasoat 2026-10 trinh", when(11, 3, 17, 5))
    with pytest.raises(Rejected, match="giao duyệt"):
        press(db, cast.people["VP01"], "duyet 2026-10 gui", when(11, 3, 17, 6))
    with pytest.raises(Rejected, match="dành cho Văn phòng"):
        press(db, cast.people["TT01"], "rasoat 2026-10 xem", when(11, 3, 17, 6))


@pytest.mark.parametrize("stop", [timedelta(hours=1), timedelta(days=3), timedelta(days=31)])
@pytest.mark.parametrize(
    ("close", "expected"),
    [
        (when(11, 3, 17), {"month:2026-10"}),
        (when(10, 2, 17), {"month:2026-09", "quarter:2026-Q3"}),
        (when(1, 5, 17, year=2027), {"month:2026-12", "quarter:2026-Q4"}),
    ],
    ids=["month", "quarter", "year"],
)
def test_a_stopped_clock_makes_up_each_summary_once(
    db: Database, stop: timedelta, close: datetime, expected: set[str]
) -> None:
    cast = planted(db)
    with db.writing() as session:
        for number, month in enumerate((11, 12), start=5000):
            day = date(2026, month, 10)
            session.add(visit(number, cast.followers[0], cast.areas[0], day))
    summarise(db, close - timedelta(minutes=1))
    for _ in range(3):
        summarise(db, close + stop)
    with db.reading() as session:
        done = list(session.exec(select(Occurrence.target).where(Occurrence.kind == "report")))
        kept = list(session.exec(select(Report.period, Report.scope, Report.edition)))
    assert expected <= set(done)
    assert len(done) == len(set(done))
    assert len(kept) == len(set(kept))
    for target in expected:
        code = target.partition(":")[2]
        assert [row for row in kept if row[0] == code and row[1] == "tinh"] == [(code, "tinh", 1)]
    closes = [text for text in sent_to(db, cast.people["VP01"]) if "đã chốt" in text]
    for target in expected:
        assert sum(_named(target) in text for text in closes) == 1


def _named(target: str) -> str:
    kind, _, code = target.partition(":")
    roman = {"Q3": "III", "Q4": "IV"}
    name = f"QUÝ {roman[code[-2:]]}" if kind == "quarter" else f"THÁNG {int(code[-2:])}"
    return f"BẢN TỔNG HỢP {name}, đã chốt"


def test_two_months_missed_are_two_summaries(db: Database) -> None:
    cast = planted(db)
    with db.writing() as session:
        session.add(visit(5000, cast.followers[0], cast.areas[0], date(2026, 11, 10)))
    summarise(db, when(11, 3, 16))
    summarise(db, when(12, 3, 9))
    with db.reading() as session:
        kept = session.exec(select(Report.period).where(Report.scope == "tinh"))
        assert sorted(kept) == ["2026-10", "2026-11"]


def test_automatic_figures_go_out_and_say_so(db: Database) -> None:
    cast = planted(db)
    with db.writing() as session:
        put(session, "tu_dong_gui", True, date(2026, 1, 1))
    summarise(db, when(11, 3, 17))
    [digest] = sent_to(db, cast.people["TT01"], "digest")
    assert digest.startswith("SỐ LIỆU TỰ ĐỘNG, VĂN PHÒNG CHƯA RÀ SOÁT\nTỔNG HỢP THÁNG 10/2026")
    assert "đã rà soát" not in digest


def test_a_trial_sends_nothing_upward(db: Database) -> None:
    cast = planted(db)
    with db.writing() as session:
        put(session, "chay_thu", True, date(2026, 1, 1))
        put(session, "tu_dong_gui", True, date(2026, 1, 1))
    summarise(db, when(11, 3, 17))
    press(db, cast.people["VP01"], "rasoat 2026-10 trinh", when(11, 3, 17, 5))
    said = press(db, cast.people["VP02"], "duyet 2026-10 gui", when(11, 3, 17, 6))
    assert "chạy thử" in said[0].text
    assert sent_to(db, cast.people["TT01"]) == sent_to(db, cast.people["UV01"]) == []


def test_silence_goes_up_inside_the_office_once(db: Database) -> None:
    cast = planted(db)
    summarise(db, when(11, 3, 17))
    assert summarise(db, when(11, 4, 13, 29)) == 0
    assert summarise(db, when(11, 4, 13, 30)) == 1
    assert summarise(db, when(11, 5, 13, 30)) == 0
    assert sent_to(db, cast.people["VP02"]) == [
        "Bản tổng hợp tháng 10 đã chốt số liệu, chưa được trình."
    ]


def test_the_digest_comes_again_ahead_of_the_meeting(db: Database) -> None:
    cast = planted(db)
    with db.writing() as session:
        put(session, "ngay_hop", "2026-11-12", date(2026, 11, 1))
    summarise(db, when(11, 3, 17))
    press(db, cast.people["VP01"], "rasoat 2026-10 trinh", when(11, 4, 8))
    press(db, cast.people["VP02"], "duyet 2026-10 gui", when(11, 4, 9))
    assert summarise(db, when(11, 10, 7, 14)) == 0
    assert summarise(db, when(11, 10, 7, 15)) == 1
    assert summarise(db, when(11, 11, 7, 15)) == 0
    digests = sent_to(db, cast.people["TT01"], "digest")
    assert digests == [DIGEST, f"Gửi lại trước giao ban 12/11/2026\n\n{DIGEST}"]


def test_a_broken_sum_blocks_submission_and_names_both_numbers(db: Database) -> None:
    cast = planted(db)
    with db.writing() as session:
        broken = session.get_one(Case, cast.cases[80])
        broken.ended_at = broken.raised_at - timedelta(days=20)
        session.add(broken)
    summarise(db, when(11, 3, 17))
    with pytest.raises(Rejected, match=r"38 \+ 27 = 65 khác .*Xin xem lại KN-310\."):
        press(db, cast.people["VP01"], "rasoat 2026-10 trinh", when(11, 3, 18))


def test_an_approved_report_never_changes(db: Database) -> None:
    cast = planted(db)
    summarise(db, when(11, 3, 17))
    press(db, cast.people["VP01"], "rasoat 2026-10 trinh", when(11, 4, 8))
    press(db, cast.people["VP02"], "duyet 2026-10 gui", when(11, 4, 9))
    with db.reading() as session:
        before = _hashes(session)
    with db.writing() as session:
        session.add(visit(5000, cast.followers[130], cast.areas[130], date(2026, 10, 9)))
    press(db, cast.people["VP01"], "rasoat 2026-10 xem", when(11, 5, 9))
    with db.reading() as session:
        assert _hashes(session) == before
        acts = list(session.exec(select(ReportEvent.act).order_by(col(ReportEvent.id))))
    assert {"drafted", "submitted", "approved", "sent"} <= set(acts)


def _hashes(session: Session) -> list[tuple[str, str, str]]:
    return list(session.exec(select(Report.period, Report.scope, Report.sha256)))
