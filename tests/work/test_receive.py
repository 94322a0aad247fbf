"""What arrives is stored once, handled once and in order, whatever goes wrong."""

from datetime import date, time, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.desk import loose
from bot.messages import Outgoing
from bot.rules.zone import moment
from bot.work import clock, converse
from bot.work.screens import numbers_shown
from storage.database import Database
from storage.jobs import Job
from storage.tables import (
    Account,
    AuditEntry,
    Case,
    CaseEvent,
    DayOff,
    Draft,
    Inbox,
    Outbox,
    Visit,
)
from tests.cast import NOW, Cast, cast
from tests.desk.counter import Counter
from tests.work.inbox import channel, linked, take_in, text, work_off

CB001, XA01, STRANGER, UV01 = 1, 2, 3, 4
VISIT = "Hòa Mẫu hôm nay họp thôn 3, bà con đồng thuận hiến đất mở đường"


@pytest.fixture
def people(db: Database) -> Cast:
    with db.writing() as session:
        everybody = cast(session)
        session.add(linked(everybody["CB001"], CB001))
        session.add(linked(everybody["XA01"], XA01))
        return everybody


def texts(db: Database) -> list[str]:
    with db.reading() as session:
        rows = session.exec(select(Outbox).order_by(col(Outbox.id)))
        return [row.body["text"] for row in rows if row.kind != "edit"]


def count(session: Session, table: type) -> int:
    return len(session.exec(select(table)).all())


def test_the_same_update_a_hundred_times_is_one_entry_and_one_receipt(
    db: Database, people: Cast
) -> None:
    told, send = text(CB001, VISIT), text(CB001, "Gửi")
    for payload in (told, send):
        for _ in range(100):
            take_in(db, payload)
            work_off(db)
    with db.reading() as session:
        assert count(session, Visit) == 1
        assert count(session, Inbox) == 2
    assert len([t for t in texts(db) if t.startswith("Đã lưu phiếu")]) == 1


def test_the_same_update_twice_in_one_batch_is_stored_once(db: Database, people: Cast) -> None:
    told = text(CB001, VISIT)
    assert take_in(db, told, told, told) == 1


def test_a_malformed_update_is_set_aside_and_the_others_go_on(db: Database, people: Cast) -> None:
    broken = {"update_id": 990_001, "message": {"chat": 7}}
    assert take_in(db, text(CB001, VISIT), broken, text(CB001, "Gửi")) == 3
    assert work_off(db) == 2
    with db.reading() as session:
        assert count(session, Visit) == 1
        (row,) = session.exec(select(Inbox).where(Inbox.state == "aside"))
    assert row.account_id is None


def test_a_secret_stamp_is_refused_before_anything_is_stored(db: Database, people: Cast) -> None:
    take_in(db, text(CB001, "Gửi anh công văn TỐI MẬT số 12 về quốc phòng"))
    work_off(db)
    with db.reading() as session:
        (row,) = session.exec(select(Inbox))
        assert row.payload == {}
        assert (row.state, row.reason) == ("refused", "secret")
    assert texts(db)[0].startswith("Tin vừa rồi có dấu hiệu tài liệu mật")


def test_a_draft_survives_a_refused_message(db: Database, people: Cast) -> None:
    take_in(db, text(CB001, VISIT))
    work_off(db)
    take_in(db, text(CB001, "Gửi kèm công văn TỐI MẬT"))
    take_in(db, text(CB001, "Gửi"))
    work_off(db)
    with db.reading() as session:
        assert count(session, Visit) == 1


def test_a_citizen_number_is_stored_masked(db: Database, people: Cast) -> None:
    take_in(db, text(CB001, "Hòa Mẫu hôm nay tiếp dân, ông A số 052088001242 hỏi đất"))
    work_off(db)
    with db.reading() as session:
        (row,) = session.exec(select(Inbox))
        (draft,) = session.exec(select(Draft))
    assert "052088001242" not in str(row.payload)
    assert "052088001242" not in str(draft.answers)
    assert any("0xx•••••••42" in said for said in texts(db))


@pytest.mark.parametrize("clock_of_demo", [timedelta(), timedelta(days=-60)])
def test_a_number_said_to_be_none_may_pass_the_next_time(
    db: Database, people: Cast, clock_of_demo: timedelta
) -> None:
    if clock_of_demo:
        with db.writing() as session:
            clock.mark_as_demo(session)
            clock.move(session, clock.real() + clock_of_demo)
    take_in(db, text(CB001, "mã hồ sơ 052088001242"))
    work_off(db)
    take_in(db, text(CB001, "không phải số định danh"))
    work_off(db)
    take_in(db, text(CB001, "mã hồ sơ 052088001242"))
    with db.reading() as session:
        row = session.exec(select(Inbox).order_by(col(Inbox.id).desc())).first()
    assert row is not None
    assert "052088001242" in str(row.payload)


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Handling raises for the messages named in the list."""
    names: list[str] = []
    handle = converse.handle

    def raising(session, channel, taken):  # type: ignore[no-untyped-def]  # stands for handle
        handle(session, channel, taken)
        if taken.payload["message"]["text"] in names:
            raise ZeroDivisionError("planted")

    monkeypatch.setattr(converse, "handle", raising)
    return names


def test_a_crash_rolls_back_is_tried_three_times_then_set_aside(
    db: Database, people: Cast, broken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken.append(VISIT)
    take_in(db, text(CB001, VISIT), text(XA01, "kn"))
    now = clock.real()
    for tried in range(3):
        later = now + timedelta(minutes=tried)
        monkeypatch.setattr(clock, "real", lambda later=later: later)
        work_off(db)
    with db.reading() as session:
        aside = session.exec(select(Inbox).where(Inbox.state == "aside")).one()
        assert count(session, Draft) == 0
    assert aside.tries == 3
    assert "ZeroDivisionError: planted" in aside.reason
    troubles = [said for said in texts(db) if said.startswith("Hệ thống gặp trục trặc")]
    assert len(troubles) == 1
    assert any("Kiến nghị của xã Hòa Mẫu" in said or "kiến nghị" in said for said in texts(db))


def test_a_message_that_waits_for_its_next_try_holds_back_the_later_ones(
    db: Database, people: Cast, broken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken.append(VISIT)
    take_in(db, text(CB001, VISIT), text(CB001, "Gửi"))
    work_off(db)
    broken.clear()
    assert work_off(db) == 0
    later = clock.real() + timedelta(minutes=1)
    monkeypatch.setattr(clock, "real", lambda: later)
    assert work_off(db) == 2
    with db.reading() as session:
        assert count(session, Visit) == 1


def test_the_day_of_a_group_begins_at_midnight_of_the_province(db: Database) -> None:
    with db.writing() as session:
        for day, hour, lines in ((24, 6, 1), (24, 8, 0), (25, 6, 1)):
            at = moment(date(2026, 11, day), time(hour))
            assert len(loose.not_in_groups(session, 1, at)) == lines


def test_a_message_in_a_group_gets_one_line_a_day(db: Database, people: Cast) -> None:
    for _ in range(3):
        payload = text(-100, "chào")
        payload["message"]["chat"] = {"id": -100, "type": "group", "title": "Nhóm"}
        take_in(db, payload)
    work_off(db)
    assert texts(db) == ["Hệ thống chỉ làm việc trong trò chuyện riêng. Xin nhắn riêng."]


def test_a_stranger_is_told_one_neutral_line(db: Database, people: Cast) -> None:
    take_in(db, text(STRANGER, "Cho hỏi"), text(STRANGER, "Có ai không"))
    work_off(db)
    assert len(texts(db)) == 1
    assert texts(db)[0].startswith("Đây là hệ thống tự động dùng nội bộ.")


def test_a_second_text_before_the_next_prompt_was_sent_joins_the_first(
    db: Database, people: Cast
) -> None:
    with db.writing() as session:
        session.add(DayOff(day=clock.real().date(), name="làm việc", working=True))
    for words in ("/ghi", "Hòa Mẫu", "hôm nay", "Tiếp dân"):
        take_in(db, text(CB001, words))
        work_off(db)
        _sent(db)
    take_in(db, text(CB001, "Bà con đồng thuận"), text(CB001, "Còn hai hộ chưa thống nhất"))
    work_off(db)
    with db.reading() as session:
        (draft,) = session.exec(select(Draft).where(Draft.state == "open"))
    said = "Bà con đồng thuận\nCòn hai hộ chưa thống nhất"
    assert draft.answers["situation"]["value"] == said
    assert "advice" not in draft.answers


def _sent(db: Database) -> None:
    """Everything in the outbox has reached the phones."""
    with db.writing() as session:
        for row in session.exec(select(Outbox).where(Outbox.state == "waiting")):
            row.state, row.sent_at = "sent", clock.real()
            session.add(row)


def test_after_a_crash_between_sent_and_marked_the_reply_is_filed_under_the_new_question(
    db: Database, people: Cast
) -> None:
    for words in ("/ghi", "Hòa Mẫu", "hôm nay", "Tiếp dân"):
        take_in(db, text(CB001, words))
        work_off(db)
        _sent(db)
    take_in(db, text(CB001, "Bà con đồng thuận"))
    work_off(db)
    begun = clock.real() - timedelta(seconds=3)
    with db.writing() as session:  # its send began, then the process was killed; another has it
        for row in session.exec(select(Outbox).where(Outbox.state == "waiting")):
            row.begun_at, row.claimed_until = begun, clock.real() + timedelta(minutes=2)
            session.add(row)
    take_in(db, text(CB001, "Xã công khai danh sách"))
    work_off(db)
    with db.reading() as session:
        (draft,) = session.exec(select(Draft).where(Draft.state == "open"))
    assert draft.answers["situation"]["value"] == "Bà con đồng thuận"
    assert draft.answers["advice"]["value"] == "Xã công khai danh sách"


def test_a_number_typed_under_a_text_question_is_the_answer_and_no_button(
    db: Database, people: Cast
) -> None:
    for words in ("/ghi", "Hòa Mẫu", "hôm nay", "Tiếp dân"):
        take_in(db, text(CB001, words))
        work_off(db)
        _sent(db)
    with db.reading() as session:
        prompt = session.exec(select(Outbox).order_by(col(Outbox.id).desc())).first()
    assert prompt is not None
    job = Job(prompt.id or 0, 1, str(CB001), None, 1, prompt.kind, prompt.body)
    _, menu = numbers_shown(Outgoing.from_json(prompt.body), job, channel().limits)
    with db.writing() as session:
        account = session.exec(select(Account).where(Account.external_id == str(CB001))).one()
        account.menu = menu
        session.add(account)
    take_in(db, text(CB001, "2"))
    work_off(db)
    with db.reading() as session:
        (draft,) = session.exec(select(Draft).where(Draft.state == "open"))
    assert draft.answers["situation"]["value"] == "2"


def test_who_reads_a_thing_by_its_code_is_noted_and_who_finds_none_is_not(
    db: Database, people: Cast
) -> None:
    for told in (VISIT, "Gửi", "CS-1", "CS-77"):
        take_in(db, text(CB001, told))
        work_off(db)
    take_in(db, text(XA01, "KN-5"))
    work_off(db)
    with db.reading() as session:
        seen = session.exec(select(AuditEntry).where(AuditEntry.verb == "see")).all()
        noted = [(one.person_id, one.kind, one.about_id, one.channel) for one in seen]
    assert noted == [(people["CB001"], "CS", 1, "telegram")]


def test_what_a_refused_command_had_begun_is_undone(db: Database, people: Cast) -> None:
    with db.writing() as session:
        session.add(linked(people["UV01"], UV01))
        desk = Counter(session, people, NOW)
        desk.says("CB001", "Kiến nghị: sửa cầu thôn 3, xã Hòa Mẫu")
        desk.presses("CB001", "Gửi")
    take_in(db, text(UV01, "giao tham mưu: 1 999"))
    work_off(db)
    assert texts(db) == ["Không tìm thấy KN-999."]
    with db.reading() as session:
        assert session.exec(select(Case.state)).one() == "with_member"
        assert session.exec(select(CaseEvent.act)).all() == ["raise"]
