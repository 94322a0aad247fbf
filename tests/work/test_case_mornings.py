"""What the clock says and does about cases: merged mornings, promised days, silence."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot.work.post import post
from bot.work.remind import remind
from bot.work.settling import settle_cases
from storage import cases
from storage.counters import next_numbers
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Case, Outbox
from tests.cast import Cast, cast
from tests.desk.counter import Counter

MONDAY = datetime(2026, 11, 23, 0, 20, tzinfo=UTC)  # 07:20 in the province
WEDNESDAY = datetime(2026, 11, 25, 0, 20, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 0, 20, tzinfo=UTC)
FRIDAY_BEFORE = datetime(2026, 11, 20, 3, tzinfo=UTC)


@pytest.fixture
def people(db: Database) -> Cast:
    """Everybody, with KN-311 as the last number given out."""
    with db.writing() as session:
        found = cast(session)
        next_numbers(session, "KN", 311)
    return found


def raised(db: Database, people: Cast, *texts: str, at: datetime = FRIDAY_BEFORE) -> None:
    """Cases that the cadre of Hòa Mẫu passes up."""
    with db.writing() as session:
        desk = Counter(session, people, at)
        for text in texts:
            desk.says("CB001", f"Kiến nghị: {text}, xã Hòa Mẫu")
            desk.presses("CB001", "Gửi")


def mornings(db: Database, *times: datetime) -> None:
    """Mornings go by, and what was written goes out."""
    for at in times:
        remind(db, at)
        with db.writing() as session:
            for row in session.exec(select(Outbox).where(Outbox.state == "waiting")):
                row.state = "sent"


def said_to(db: Database, people: Cast, who: str) -> list[Outbox]:
    """Morning messages written for this person."""
    with db.reading() as session:
        mine = select(Outbox).where(Outbox.person_id == people[who], Outbox.kind == "reminder")
        return list(session.exec(mine.order_by("id")))


def test_the_member_hears_of_all_that_waits_on_monday_and_thursday_only(
    db: Database, people: Cast
) -> None:
    raised(db, people, "thiếu giáo viên", "sửa cầu thôn 3")
    mornings(db, MONDAY, WEDNESDAY)
    [first] = said_to(db, people, "UV01")
    assert first.body["text"] == (
        "Kính gửi đồng chí Phạm Văn Ví\n"
        "Chờ ý kiến đồng chí: 2\n\n"
        "KN-312 Xã Hòa Mẫu: thiếu giáo viên, hạn 02/12\n"
        "KN-313 Xã Hòa Mẫu: sửa cầu thôn 3, hạn 02/12"
    )
    labels = [option[0] for row in first.body["rows"] for option in row]
    assert labels == ["Giao Văn phòng tham mưu cả 2", "KN-312", "KN-313"]
    mornings(db, THURSDAY)
    assert len(said_to(db, people, "UV01")) == 2


def test_nothing_is_said_to_a_member_for_whom_nothing_waits(db: Database, people: Cast) -> None:
    mornings(db, MONDAY)
    assert said_to(db, people, "UV01") == []


def test_an_answer_comes_with_the_cadres_next_morning_and_is_then_only_mentioned(
    db: Database, people: Cast
) -> None:
    raised(db, people, "sửa cầu thôn 3")
    with db.writing() as session:
        desk = Counter(session, people, MONDAY + timedelta(hours=2))
        desk.says("UV01", "KN-312 giao Sở Xây dựng sửa ngay")
        desk.presses("UV01", "Đúng")
        post(session, [message for _, message in desk.sent])
    mornings(db, WEDNESDAY)
    [first] = said_to(db, people, "CB001")
    assert first.body["text"].count("đã có trả lời") == 1
    assert '"Giao Sở Xây dựng sửa ngay"' in first.body["text"]
    mornings(db, datetime(2026, 12, 1, 0, 20, tzinfo=UTC))
    second = said_to(db, people, "CB001")[-1].body["text"]
    assert "KN-312 Hòa Mẫu đã có trả lời, chờ đồng chí thông tin lại xã" in second
    assert "sửa ngay" not in second


def answered(db: Database, people: Cast, at: datetime, words: str) -> None:
    """The member in charge answers KN-312."""
    with db.writing() as session:
        desk = Counter(session, people, at)
        desk.says("UV01", f"KN-312 {words}")
        desk.presses("UV01", "Đúng")
        post(session, [message for _, message in desk.sent])


def test_an_answer_that_no_morning_could_send_is_said_once(db: Database, people: Cast) -> None:
    raised(db, people, "sửa cầu thôn 3")
    answered(db, people, MONDAY, "giao Sở Xây dựng sửa ngay")
    for days in (2, 3, 4, 7, 8, 9):  # until after the last day for telling the commune
        remind(db, MONDAY + timedelta(days=days))
    mornings(db, MONDAY + timedelta(days=10))
    last = said_to(db, people, "CB001")[-1]
    assert last.state == "sent"
    assert '"Giao Sở Xây dựng sửa ngay"' in last.body["text"]
    assert last.body["text"].count("KN-312") == 1
    mornings(db, MONDAY + timedelta(days=11))
    assert said_to(db, people, "CB001")[-1].id == last.id, "the reminder counts as given"


def test_an_unsent_answer_gives_way_to_the_one_that_follows_it(db: Database, people: Cast) -> None:
    raised(db, people, "sửa cầu thôn 3")
    answered(db, people, MONDAY, "giao Sở Xây dựng sửa ngay")
    remind(db, WEDNESDAY)
    with db.writing() as session:
        desk = Counter(session, people, WEDNESDAY)
        desk.says("CB001", "KN-312 cần làm rõ thêm: sửa phần nào của cầu")
        desk.presses("CB001", "Gửi")
    answered(db, people, WEDNESDAY, "giao Sở Xây dựng sửa lan can")
    remind(db, THURSDAY)
    text = said_to(db, people, "CB001")[-1].body["text"]
    assert '"Giao Sở Xây dựng sửa lan can"' in text
    assert "sửa ngay" not in text


def test_a_promised_day_that_is_over_asks_the_commune(db: Database, people: Cast) -> None:
    raised(db, people, "sửa cầu thôn 3")
    with db.writing() as session:
        desk = Counter(session, people, MONDAY)
        desk.says("UV01", "KN-312 giao Sở Xây dựng sửa xong trước 15/12")
        desk.presses("UV01", "Đúng")
        desk.presses("CB001", "Đã thông tin lại xã")
    assert settle_cases(db, datetime(2026, 12, 15, 1, tzinfo=UTC)) == 0
    assert settle_cases(db, datetime(2026, 12, 16, 1, tzinfo=UTC)) == 1
    with db.reading() as session:
        [case] = cases.listed(session, SYSTEM)
        assert (case.state, case.owner_area_id) == ("told", people.area["HOAMAU"])
        asked = session.exec(select(Outbox).where(Outbox.person_id == people["XA01"])).all()
        assert "Xin xã cho biết thực tế" in asked[-1].body["text"]
    assert settle_cases(db, datetime(2026, 12, 16, 1, tzinfo=UTC)) == 0


def test_a_silent_commune_ends_the_case_and_the_case_says_so(db: Database, people: Cast) -> None:
    raised(db, people, "sửa cầu thôn 3")
    with db.writing() as session:
        desk = Counter(session, people, MONDAY)
        desk.says("UV01", "KN-312 giao Sở Xây dựng sửa ngay")
        desk.presses("UV01", "Đúng")
        desk.presses("CB001", "Đã thông tin lại xã")
    with db.reading() as session:
        [case] = cases.listed(session, SYSTEM)
        assert (case.state, str(case.due_on)) == ("told", "2026-12-01")
    settle_cases(db, datetime(2026, 12, 2, 1, tzinfo=UTC))
    with db.writing() as session:
        case = session.exec(select(Case)).one()
        assert (case.state, case.ended_how, case.owner_area_id) == ("ended", "silence", None)
        card = Counter(session, people, datetime(2026, 12, 2, 1, tzinfo=UTC)).says(
            "CB001", "KN-312"
        )
        assert "hết hạn, xã không có ý kiến khác" in card


def test_the_office_hears_once_of_what_is_new(db: Database, people: Cast) -> None:
    raised(db, people, "sửa cầu thôn 3")
    with db.writing() as session:
        Counter(session, people, MONDAY).presses_token("UV01", "KN-312 giao tham muu")
    mornings(db, WEDNESDAY, THURSDAY)
    [heard] = said_to(db, people, "VP01")
    assert "Chờ Văn phòng: 1 kiến nghị" in heard.body["text"]


def test_what_is_overdue_reaches_the_member_as_a_number_once_a_week(
    db: Database, people: Cast
) -> None:
    raised(db, people, "sửa cầu thôn 3", at=datetime(2026, 11, 2, 3, tzinfo=UTC))
    with db.writing() as session:
        desk = Counter(session, people, datetime(2026, 11, 2, 3, tzinfo=UTC))
        desk.presses_token("UV01", "KN-312 giao tham muu")
    mornings(db, MONDAY, WEDNESDAY, THURSDAY)
    [heard] = said_to(db, people, "UV01")
    assert "Quá hạn trên địa bàn đồng chí phụ trách: 1 kiến nghị" in heard.body["text"]
