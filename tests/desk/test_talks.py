"""Exchanges and invitations: who may speak, what counts, who hears of it."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlmodel import select

from bot.conversation import step as steps
from bot.desk import compiling, exchanges, invitations
from bot.desk.duties import day_at
from bot.desk.morning import Day
from bot.desk.sent_files import may_have
from bot.forms import FORMS
from bot.messages import Rejected
from storage import talks
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Attachment, DayOff, Exchange, Invitation, Role, Visit
from tests.cast import NOW, cast
from tests.desk.saying import Desk, left
from tests.work.mornings import at


@pytest.fixture
def desk(db: Database) -> Iterator[Desk]:
    with db.writing() as session:
        session.add(DayOff(day=date(2026, 11, 24), working=True))
        yield Desk(session, cast(session))


def asks(desk: Desk, who: str = "CB001", text: str = "Còn bao nhiêu hộ?") -> Exchange:
    """The cadre and the commune of Hòa Mẫu begin an exchange; `who` speaks first."""
    said = exchanges.begin(
        desk.session,
        desk.viewer(who),
        area_id=desk.cast.area["HOAMAU"],
        cadre_id=desk.cast["CB001"],
        text=text,
        visit_id=None,
        at=desk.at,
    )
    number = int(said[0].text.split("TR-")[1].split()[0].rstrip(","))
    found = talks.exchange_by_number(desk.session, SYSTEM, number)
    assert found is not None
    return found


def test_an_exchange_is_due_in_five_working_days(desk: Desk) -> None:
    found = asks(desk)

    assert (found.number, found.begun_by, found.due_on) == (1, "cadre", date(2026, 12, 1))


def test_it_is_two_way_only_when_the_other_side_spoke(desk: Desk) -> None:
    found = asks(desk)
    desk.says("CB001", "TR-1 Xin nói rõ thêm: tính đến hôm nay")
    assert found.answered_at is None

    assert desk.words("XA01", "TR-1 Còn 12 hộ") == "Đã trả lời TR-1."
    assert found.answered_at == NOW


def test_sixty_of_a_hundred_answered_are_sixty_percent(desk: Desk) -> None:
    for number in range(100):
        found = asks(desk, who=("CB001", "XA01")[number % 2])
        if number < 60:
            other = ("XA01", "CB001")[number % 2]
            desk.says(other, f"TR-{found.number} Đã rõ")

    begun = desk.session.exec(select(Exchange)).all()
    assert len(begun) == 100
    assert sum(row.answered_at is not None for row in begun) == 60


def test_the_helper_speaks_for_the_cadre(desk: Desk) -> None:
    asks(desk, who="XA01")

    assert desk.words("GV01", "TR-1 Đồng chí Mẫu xuống ngày 26/11") == "Đã trả lời TR-1."


@pytest.mark.parametrize("who", ["CB099", "XA02", "CB002"])
def test_nobody_else_can_tell_that_it_exists(desk: Desk, who: str) -> None:
    asks(desk)

    assert desk.words(who, "TR-1") == "Không tìm thấy TR-1."
    assert desk.words(who, "TR-1 nội dung") == "Không tìm thấy TR-1."


def test_whoever_only_sees_it_cannot_speak_in_it(desk: Desk) -> None:
    asks(desk)

    assert "Còn bao nhiêu hộ?" in desk.words("UV01", "TR-1")
    assert "cán bộ theo dõi và xã" in desk.words("UV01", "TR-1 nội dung")


def test_a_commune_without_anybody_on_the_roster_cannot_be_asked(desk: Desk) -> None:
    with pytest.raises(Rejected, match="Long Mẫu chưa có người nhận"):
        exchanges.begin(
            desk.session,
            desk.viewer("CB002"),
            area_id=desk.cast.area["LONGMAU"],
            cadre_id=desk.cast["CB002"],
            text="Xin hỏi",
            visit_id=None,
            at=NOW,
        )


def test_opening_it_marks_what_the_other_side_wrote_as_read(desk: Desk) -> None:
    found = asks(desk)

    desk.says("CB001", "TR-1")
    assert [m.read_at for m in talks.messages(desk.session, SYSTEM, found)] == [None]
    assert desk.words("CB001", "TR-1").count("Chưa đọc.") == 1
    desk.says("XA01", "TR-1")
    assert [m.read_at for m in talks.messages(desk.session, SYSTEM, found)] == [NOW]
    assert "Đồng chí Trần Thị Hòa đã đọc lúc 16:40 ngày 24/11." in desk.words("CB001", "TR-1")


def test_of_100_exchanges_60_answered_are_60_per_cent_two_way_in_the_report(desk: Desk) -> None:
    for number in range(100):
        found = asks(desk)
        if number % 5 < 3:
            exchanges.reply(desk.session, desk.viewer("XA01"), found, "Còn 3 hộ.", desk.at)

    november = compiling.period_now(desk.session, "month", desk.at)
    snapshot = compiling.snapshot_of(desk.session, SYSTEM, november, cut=desk.at)
    [block] = [each for each in snapshot.blocks if each.name == "two_way"]
    assert block.variants[0] == ("HAI CHIỀU: 60/100 trao đổi, 60,0%",)


def test_the_others_of_the_seat_hear_who_answered_and_when(desk: Desk) -> None:
    second = desk.cast["CB099"]
    desk.session.add(Role(person_id=second, role="co_so", area_id=desk.cast.area["HOAMAU"]))
    asks(desk)
    desk.says("XA01", "TR-1 Còn 12 hộ")

    lines = list(exchanges.morning(desk.session, morning(desk, "2026-11-25")))

    assert [line.text for who, line in lines if who == second] == [
        "TR-1: đồng chí Trần Thị Hòa đã trả lời lúc 16:40 ngày 24/11."
    ]
    assert [line.text for who, line in lines if who == desk.cast["CB001"]] == [
        "TR-1, xã Hòa Mẫu trả lời: “Còn 12 hộ”"
    ]


def morning(desk: Desk, day: str) -> Day:
    return day_at(desk.session, at(day))


def test_whoever_must_answer_is_reminded_before_and_after_the_day(desk: Desk) -> None:
    asks(desk)
    desk.says("XA01", "TR-1")

    def lines(day: str) -> list[str]:
        said = exchanges.morning(desk.session, morning(desk, day))
        return [line.text for who, line in said if who == desk.cast["XA01"]]

    assert lines("2026-11-27") == []
    assert lines("2026-11-30") == ["TR-1, xã Hòa Mẫu: sắp đến hạn trả lời (01/12)."]
    assert lines("2026-12-02") == ["TR-1, xã Hòa Mẫu: đã quá hạn trả lời (01/12)."]


def test_under_the_notice_of_a_visit_the_commune_begins_an_exchange_about_it(desk: Desk) -> None:
    visit = visited(desk)

    desk.presses("XA01", f"traodoi CS-{visit.number}")

    [start] = desk.started
    party = f"{desk.cast.area['HOAMAU']} {desk.cast['CB001']}"
    assert (start.form, start.answers) == ("exchange_more", {"_party": party, "_visit": visit.id})


def visited(desk: Desk, day: str = "2026-11-24") -> Visit:
    row = Visit(
        number=7,
        person_id=desk.cast["CB001"],
        area_id=desk.cast.area["HOAMAU"],
        visited_on=date.fromisoformat(day),
        activity="thon",
        situation="Ổn định.",
        written_by_id=desk.cast["CB001"],
        begun_at=NOW,
        submitted_at=NOW,
    )
    desk.session.add(row)
    desk.session.flush()
    return row


def invites(desk: Desk, starts: str = "2026-11-27", clock: str = "14:00") -> Invitation:
    """Hòa Mẫu invites its cadre."""
    row = Invitation(
        number=0,
        area_id=desk.cast.area["HOAMAU"],
        cadre_id=desk.cast["CB001"],
        sent_by_id=desk.cast["XA01"],
        occasion="họp Đảng ủy",
        starts_at=at(starts, clock),
        sent_at=desk.at,
    )
    desk.keep(invitations.send(desk.session, desk.viewer("XA01"), row, desk.at))
    return row


def test_an_invitation_waits_for_the_morning(desk: Desk) -> None:
    invites(desk)

    assert desk.told == []


@pytest.mark.parametrize("clock", ["08:00", "14:00"])
def test_one_for_which_no_morning_is_left_reaches_the_cadre_at_once(desk: Desk, clock: str) -> None:
    invites(desk, "2026-11-25", clock)

    [said] = desk.heard("CB001")
    assert f"Dự họp Đảng ủy, {clock} thứ Tư, 25/11/2026" in said


def test_the_commune_hears_the_answer_at_once(desk: Desk) -> None:
    row = invites(desk)

    assert desk.words("CB001", "GM-1 dự được") == "Đã báo xã: GM-1 dự được."
    assert desk.heard("XA01") == ["GM-1: đồng chí Nguyễn Văn Mẫu dự được."]
    assert row.answer == "accepted"


def test_who_cannot_come_sends_an_opinion_in_writing(desk: Desk) -> None:
    row = invites(desk)

    desk.says("CB001", "GM-1 không dự được, thống nhất dự toán, đề nghị công khai")

    assert (row.answer, row.answer_note) == (
        "written",
        "thống nhất dự toán, đề nghị công khai",
    )
    assert "gửi ý kiến bằng văn bản" in desk.heard("XA01")[0]


def test_without_the_opinion_it_is_asked_for(desk: Desk) -> None:
    invites(desk)

    desk.presses("CB001", "GM-1 không dự được")

    assert [(s.form, s.answers) for s in desk.started] == [("written", {"_invitation": 1})]


def test_the_same_answer_twice_tells_the_commune_once_and_a_changed_one_again(desk: Desk) -> None:
    invites(desk)

    desk.says("CB001", "GM-1 dự được")
    desk.says("CB001", "GM-1 dự được")
    assert len(desk.heard("XA01")) == 1
    desk.says("CB001", "GM-1 không dự được, bận họp tỉnh")
    assert len(desk.heard("XA01")) == 2


def test_only_the_guest_or_the_helper_answers(desk: Desk) -> None:
    invites(desk)

    assert "đồng chí được mời trả lời" in desk.words("UV01", "GM-1 dự được")
    assert desk.words("CB099", "GM-1 dự được") == "Không tìm thấy GM-1."
    assert desk.words("GV01", "GM-1 dự được") == "Đã báo xã: GM-1 dự được."


def test_what_is_over_cannot_be_answered(desk: Desk) -> None:
    invites(desk)
    desk.at = at("2026-11-27", "15:00")

    assert "đã qua" in desk.words("CB001", "GM-1 dự được")


def test_a_cadre_cannot_send_an_invitation(desk: Desk) -> None:
    assert "do Đảng ủy xã gửi" in desk.words("CB001", "/giaymoi")


def test_a_sentence_of_the_commune_becomes_an_invitation(desk: Desk) -> None:
    desk.says("XA01", "mời đc Mẫu dự họp Đảng ủy 14h thứ năm 26/11 tại hội trường xã")

    [start] = desk.started
    assert start.form == "invitation"
    assert start.answers["on"] == "2026-11-26"
    assert start.answers["hour"] == "14:00"
    assert start.answers["place"] == "hội trường xã"


def test_the_visit_of_that_day_is_tied_to_the_invitation_once(desk: Desk) -> None:
    row = invites(desk)
    visit = visited(desk, "2026-11-27")
    bounds = (at("2026-11-27", "00:00"), at("2026-11-28", "00:00"))

    assert talks.tie(desk.session, visit, *bounds) == row.number
    assert talks.tie(desk.session, visit, *bounds) == row.number
    assert row.visit_id == visit.id
    talks.untie(desk.session, visit.id or 0)
    desk.session.refresh(row)
    assert row.visit_id is None


def test_a_visit_of_another_day_is_not_tied(desk: Desk) -> None:
    invites(desk)
    visit = visited(desk, "2026-11-26")
    bounds = (at("2026-11-26", "00:00"), at("2026-11-27", "00:00"))

    assert talks.tie(desk.session, visit, *bounds) is None


def test_who_has_left_reads_his_own_words_and_nothing_said_since(desk: Desk) -> None:
    asks(desk)
    desk.says("XA01", "TR-1 Còn 12 hộ")
    desk.says("CB001", "TR-1")
    left(desk)
    desk.says("XA01", "TR-1 Chuyện này xin chỉ đồng chí mới biết")
    desk.says("CB002", "TR-1 Đã rõ, tôi xuống ngày mai")

    said = desk.words("CB001", "TR-1")

    assert "Còn bao nhiêu hộ?" in said
    assert "Còn 12 hộ" in said  # he had read it
    assert "chỉ đồng chí mới biết" not in said
    assert "tôi xuống ngày mai" not in said
    assert "TR-1" not in desk.words("CB001", "tìm mới biết")
    assert "cán bộ theo dõi và xã" in desk.words("CB001", "TR-1 tôi nói thêm")


def test_what_the_commune_says_to_who_has_left_reaches_who_follows_now(desk: Desk) -> None:
    found = asks(desk)
    desk.says("XA01", "TR-1 Còn 12 hộ")
    left(desk)
    desk.says("XA01", "TR-1 Nay còn 3 hộ")

    assert found.cadre_id == desk.cast["CB002"]
    lines = list(exchanges.morning(desk.session, morning(desk, "2026-11-25")))
    assert [line.text for who, line in lines if who == desk.cast["CB002"]] == [
        "TR-1, xã Hòa Mẫu trả lời: “Còn 12 hộ”",
        "TR-1, xã Hòa Mẫu trả lời: “Nay còn 3 hộ”",
    ]


def test_an_exchange_in_which_he_said_nothing_is_closed_to_who_has_left(desk: Desk) -> None:
    asks(desk, who="XA01")
    left(desk)
    desk.says("XA01", "TR-1 Xin đồng chí sớm trả lời")

    assert desk.words("CB001", "TR-1") == "Không tìm thấy TR-1."


def test_an_invitation_for_tomorrow_sent_at_night_comes_after_the_quiet_hours(desk: Desk) -> None:
    desk.at = at("2026-11-25", "20:10")
    invites(desk, "2026-11-26", "07:10")
    [(who, told)] = desk.told
    assert (who, told.not_before) == ("CB001", at("2026-11-26", "06:30"))


def test_one_that_begins_before_they_are_over_comes_at_once(desk: Desk) -> None:
    desk.at = at("2026-11-25", "20:10")
    invites(desk, "2026-11-25", "21:00")
    assert [told.not_before for _, told in desk.told] == [None]


def test_the_answer_to_it_does_not_wake_the_commune(desk: Desk) -> None:
    invites(desk, "2026-11-27", "14:00")
    desk.told.clear()
    desk.at = at("2026-11-25", "22:00")
    desk.says("CB001", "GM-1 dự được")
    assert [(who, told.not_before) for who, told in desk.told] == [
        ("XA01", at("2026-11-26", "07:15"))
    ]


def test_the_papers_of_an_occasion_are_read_by_the_guest_and_nobody_else(desk: Desk) -> None:
    row = invites(desk)
    desk.session.add(
        Attachment(
            bot="telegram:1",
            reference="du-toan",
            kind="document",
            person_id=desk.cast["XA01"],
            state="stored",
            path="ab/du-toan.docx",
            wanted_at=desk.at,
        )
    )
    desk.session.flush()
    desk.presses("XA01", "GM-1 kèm tài liệu")
    [start] = desk.started
    assert (start.form, start.answers) == ("invitation_files", {"_invitation": 1})
    answers = {**start.answers, "files": [{"reference": "du-toan", "caption": "", "message": "1"}]}
    draft = steps.start(FORMS[start.form], answers, at=desk.at, inbox_id=1)
    FORMS[start.form].file(desk.session, desk.viewer("XA01"), draft, desk.at)

    [card] = desk.says("CB001", "GM-1")
    assert card.files == ("ab/du-toan.docx",)
    [path] = card.files
    readers = {w for w in desk.cast.person if may_have(desk.session, desk.viewer(w), path, desk.at)}
    assert readers >= {"CB001", "GV01", "XA01", "UV01"}
    assert not readers & {"CB099", "CB002", "XA02", "QT01"}
    [(_, line)] = invitations.morning(desk.session, morning(desk, "2026-11-25"))
    assert line.text.endswith("Chờ đồng chí trả lời. Kèm 1 tài liệu.")
    assert [option.label for option in line.options][-1] == f"Xem GM-{row.number}"
