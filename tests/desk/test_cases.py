"""The dialogues of a case from raising it to the commune's word, without a channel."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from bot.desk.case_acts import by_clock, standing_of
from bot.desk.case_cards import case_line
from bot.desk.cases import raise_case
from bot.rules.cases import sound
from storage import cases
from storage.counters import next_numbers
from storage.database import Database
from storage.tables import Assignment, Case, Opinion, Person, Regulation, Role, Setting
from tests.cast import cast
from tests.desk.counter import Counter


@pytest.fixture
def desk(db: Database) -> Iterator[Counter]:
    """Everybody's desk, with KN-311 as the last number given out."""
    with db.writing() as session:
        people = cast(session)
        next_numbers(session, "KN", 311)
        yield Counter(session, people)


def bridge(desk: Counter, **other: object) -> Case:
    """KN-312, raised by the cadre."""
    values: dict[str, object] = {
        "area_id": desk.cast.area["HOAMAU"],
        "text": "Sửa cầu thôn 3 trước mùa mưa",
        "source": "nhan_dan",
        "kind": "kien_nghi",
        "field_id": None,
        "visit_id": None,
        "outcome": "passed_up",
        "document": "",
        "raised_by_id": desk.cast["CB001"],
        "at": desk.at,
        **other,
    }
    case, _ = raise_case(desk.session, desk.viewer("CB001"), **values)  # type: ignore[arg-type]  # a table of values
    return case


def test_a_raised_case_goes_to_the_member_in_charge_with_its_field_and_date(
    desk: Counter,
) -> None:
    case = bridge(desk)
    assert (case.number, case.state, case.owner_id) == (312, "with_member", desk.cast["UV01"])
    assert case.due_on == date(2026, 12, 3)
    assert case.field_id == desk.cast.field["GT"]
    assert case_line(case) == "Kiến nghị chuyển tỉnh: Sửa cầu thôn 3 trước mùa mưa (KN-312)."


def test_the_commune_raises_a_case_in_two_messages(desk: Counter) -> None:
    review = desk.says(
        "XA01",
        "Kiến nghị: xã thiếu 2 công chức địa chính, hồ sơ đất đai còn 140 bộ, "
        "đề nghị tỉnh biệt phái người đến hết quý I",
    )
    assert review == (
        "Xin đồng chí xem lại trước khi gửi\n\n"
        "Kiến nghị của Đảng ủy xã Hòa Mẫu\n"
        '"Xã thiếu 2 công chức địa chính, hồ sơ đất đai còn 140 bộ, '
        'đề nghị tỉnh biệt phái người đến hết quý I"\n'
        "Lĩnh vực: Biên chế, cán bộ xã\n"
        "Gửi đồng chí Phạm Văn Ví (phụ trách địa bàn) và "
        "đồng chí Nguyễn Văn Mẫu (theo dõi xã)"
    )
    assert desk.labels("XA01") == ["Gửi", "Sửa lời", "Đổi lĩnh vực"]
    assert desk.presses("XA01", "Gửi") == (
        "Đã gửi KN-312, hạn trả lời 03/12. Nhắn KN-312 để xem đang ở đâu."
    )
    assert desk.told("XA01") == []


def test_the_field_is_changed_and_the_words_are_changed_on_the_review(desk: Counter) -> None:
    desk.says("XA01", "Kiến nghị: trạm y tế xã dột")
    desk.presses("XA01", "Đổi lĩnh vực")
    desk.presses("XA01", "Trụ sở, tài sản dôi dư")
    desk.presses("XA01", "Sửa lời")
    review = desk.says("XA01", "Trạm y tế xã dột, theo Công văn số 12-CV/ĐU")
    assert "Lĩnh vực: Trụ sở, tài sản dôi dư" in review
    assert "Theo Công văn số 12-CV/ĐU" in review
    desk.presses("XA01", "Gửi")
    case = desk.session.exec(select(Case)).one()
    assert (case.document, case.source) == ("Công văn số 12-CV/ĐU", "cap_uy")


def test_a_cadre_with_two_communes_is_asked_which_unless_the_words_name_it(
    desk: Counter,
) -> None:
    assert desk.says("CB001", "Kiến nghị: bà con xin sửa cầu") == "Kiến nghị ở xã, phường nào?"
    review = desk.presses("CB001", "Xã Hòa Mẫu")
    assert "Ý kiến của Nhân dân xã Hòa Mẫu" in review


def test_a_helper_raises_for_the_cadre_who_is_told(desk: Counter) -> None:
    named = desk.says("GV01", "Kiến nghị: phường Tân Mẫu thiếu nước sạch")
    assert "phường Tân Mẫu" in named
    desk.presses("GV01", "Gửi")
    case = desk.session.exec(select(Case)).one()
    assert case.raised_by_id == desk.cast["CB001"]
    assert desk.told("CB001") == [
        'Đồng chí Lê Thị Giúp gửi hộ đồng chí KN-312:\n"Phường Tân Mẫu thiếu nước sạch"'
    ]


def test_who_raises_nothing_is_told_so(desk: Counter) -> None:
    assert "dành cho cán bộ theo dõi" in desk.says("CB099", "Kiến nghị: sửa cầu")


def test_a_case_in_the_communes_name_reaches_it_as_a_copy_at_once(desk: Counter) -> None:
    case, said = raise_case(
        desk.session,
        desk.viewer("CB001"),
        area_id=desk.cast.area["HOAMAU"],
        text="Sửa cầu thôn 3",
        source="cap_uy",
        kind="kien_nghi",
        field_id=None,
        visit_id=None,
        outcome="passed_up",
        document="",
        raised_by_id=desk.cast["CB001"],
        at=desk.at,
    )
    assert [m.person_id for m in said] == [desk.cast["XA01"]]
    assert said[0].kind == "notice"
    assert f"KN-{case.number}" in said[0].text


def test_the_member_opens_gives_an_opinion_and_cadre_and_commune_learn_the_answer(
    desk: Counter,
) -> None:
    bridge(desk)
    card = desk.says("UV01", "KN-312")
    assert card == (
        "KN-312 · Xã Hòa Mẫu · Giao thông\n"
        '"Sửa cầu thôn 3 trước mùa mưa"\n'
        "Ý kiến của Nhân dân, đồng chí Nguyễn Văn Mẫu gửi ngày 24/11"
    )
    assert desk.labels("UV01") == [
        "Giao Văn phòng tham mưu",
        "Cho ý kiến",
        "Xin ý kiến Thường trực",
    ]
    desk.presses("UV01", "Cho ý kiến")
    words = "Giao Sở Xây dựng khảo sát, bố trí vốn bảo trì trong tháng 12, báo cáo trước 15/12"
    assert desk.says("UV01", words) == (
        "Ý kiến của đồng chí về KN-312:\n"
        f'"{words}"\n'
        "Thời hạn hiểu là 15/12/2026. Văn phòng soạn văn bản chuyển Sở Xây dựng; "
        "đồng chí Nguyễn Văn Mẫu và xã được thông tin."
    )
    assert desk.labels("UV01") == ["Đúng", "Sửa"]
    desk.presses("UV01", "Đúng")
    [answer] = desk.told("CB001")
    assert answer == (
        "KN-312 Sửa cầu thôn 3 trước mùa mưa, xã Hòa Mẫu: đã có trả lời\n"
        "Đồng chí Phạm Văn Ví, Ủy viên Ban Thường vụ Tỉnh ủy:\n"
        f'"{words}"\n'
        "Thời hạn: 15/12. Xin đồng chí thông tin lại xã."
    )
    assert desk.labels("CB001") == ["Đã thông tin lại xã", "Cần làm rõ thêm"]
    [copy] = desk.told("XA01")
    assert copy.endswith("Đồng chí Nguyễn Văn Mẫu sẽ thông tin lại xã.")
    assert "Sở Xây dựng, hạn 15/12" in desk.says("XA01", "kn")


ANSWER = "Giao Sở Xây dựng sửa xong trước 15/12"


def answered(desk: Counter, text: str = ANSWER) -> Case:
    """KN-312 with the member's opinion on it."""
    case = bridge(desk)
    desk.says("UV01", f"KN-312 {text}")
    desk.presses("UV01", "Đúng")
    return case


def test_a_typed_opinion_after_the_code_takes_two_messages(desk: Counter) -> None:
    case = answered(desk)
    assert (case.state, case.answer) == ("answered", ANSWER)
    assert (case.promised_on, case.owner_id) == (date(2026, 12, 15), desk.cast["CB001"])


def test_the_cadre_tells_the_commune_and_the_office_follows_until_the_promised_day(
    desk: Counter,
) -> None:
    case = answered(desk)
    said = desk.presses("CB001", "Đã thông tin lại xã")
    assert said == "Đã ghi: KN-312 đã thông tin lại. Theo dõi thực hiện đến 15/12."
    assert (case.state, case.owner_role, case.due_on) == ("doing", "tong_hop", date(2026, 12, 15))


@pytest.mark.parametrize("place", ["xã", "phuong", "đặc khu"])
def test_the_words_of_the_button_may_be_typed_whatever_the_commune_is(
    desk: Counter, place: str
) -> None:
    answered(desk)
    said = desk.says("CB001", f"KN-312 đã thông tin lại {place}")
    assert said == "Đã ghi: KN-312 đã thông tin lại. Theo dõi thực hiện đến 15/12."


def test_a_result_asks_the_commune_and_partly_goes_back_with_a_new_date(desk: Counter) -> None:
    case = answered(desk)
    desk.presses("CB001", "Đã thông tin lại xã")
    desk.at = datetime(2026, 12, 11, 3, tzinfo=UTC)
    desk.says("VP01", "KN-312")
    desk.presses("VP01", "Ghi kết quả thực hiện")
    desk.says("VP01", "Sở Xây dựng báo đã sửa xong ngày 11/12.")
    desk.presses("VP01", "Gửi")
    asked = desk.told("XA01")[-1]
    assert asked.startswith(
        "KN-312 Sửa cầu thôn 3 trước mùa mưa, xã Hòa Mẫu: "
        "Sở Xây dựng báo đã sửa xong ngày 11/12. Xin xã cho biết thực tế."
    )
    assert desk.labels("XA01") == [
        "Đã giải quyết xong",
        "Xong một phần",
        "Chưa giải quyết",
        "Đề nghị xem xét thêm",
    ]
    token = desk.button("XA01", "Xong một phần").token
    said = desk.presses_token("XA01", f"{token} mới gia cố mố cầu, lan can chưa làm")
    assert said == (
        "Đã ghi: xong một phần. Ý kiến của xã được chuyển lại "
        "Sở Xây dựng và đồng chí Phạm Văn Ví; hạn mới 25/12."
    )
    assert (case.commune_word, case.state) == ("partly", "further")
    assert case.commune_note == "mới gia cố mố cầu, lan can chưa làm"
    assert case.owner_id == desk.cast["UV01"]


def test_the_commune_may_type_its_word_and_done_ends_the_case(desk: Counter) -> None:
    case = answered(desk, "Giao Sở Xây dựng sửa ngay")
    desk.presses("CB001", "Đã thông tin lại xã")
    said = desk.says("XA01", "KN-312 đã giải quyết xong, bà con phấn khởi")
    assert said == "Đã ghi: đã giải quyết xong. KN-312 kết thúc."
    assert (case.state, case.owner_area_id, case.due_on) == ("ended", None, None)
    assert case.commune_note == "bà con phấn khởi"
    assert desk.told("CB001")[-1].startswith("KN-312 Sửa cầu thôn 3")


def test_the_second_of_two_who_press_is_told_who_was_first_and_nothing_changes(
    desk: Counter,
) -> None:
    case = answered(desk, "Giao Sở Xây dựng sửa ngay")
    desk.presses("CB001", "Đã thông tin lại xã")
    done, not_yet = (
        desk.button("XA01", "Đã giải quyết xong").token,
        desk.button("XA01", "Chưa giải quyết").token,
    )
    desk.presses_token("XA01", done)
    said = desk.presses_token("XA01", not_yet)
    assert said == (
        "KN-312: đồng chí Trần Thị Hòa cho biết đã giải quyết xong lúc 16:40 ngày 24/11."
    )
    assert (case.state, case.commune_word) == ("ended", "done")


def test_an_old_button_of_the_member_says_what_has_happened_since(desk: Counter) -> None:
    answered(desk)
    said = desk.presses_token("UV01", "KN-312 giao tham muu")
    assert said == "KN-312: đồng chí Phạm Văn Ví đã cho ý kiến lúc 16:40 ngày 24/11."


def test_somebody_elses_button_is_refused(desk: Counter) -> None:
    bridge(desk)
    said = desk.presses_token("CB001", "KN-312 giao tham muu")
    assert said == "Việc này không thuộc phần của đồng chí."


def test_who_may_see_nothing_finds_no_case(desk: Counter) -> None:
    bridge(desk)
    for said in ("KN-312", "KN-312 rút", "KN-312 đồng ý chủ trương"):
        assert desk.says("CB099", said) == "Không tìm thấy KN-312."
    assert "KN-312" not in desk.says("XA02", "kn")


def test_three_cases_are_handed_to_the_office_with_one_tap(desk: Counter) -> None:
    handed = [bridge(desk, text=text) for text in ("Một việc", "Hai việc", "Ba việc")]
    said = desk.presses_token("UV01", "giao tham muu 312 313 314")
    assert said == "Đã giao Văn phòng Tỉnh ủy tham mưu 3 kiến nghị: KN-312, KN-313, KN-314."
    assert {case.state for case in handed} == {"with_office"}
    assert desk.presses_token("UV01", "giao tham muu 312").startswith(
        "KN-312: đồng chí Phạm Văn Ví đã giao Văn phòng tham mưu"
    )


def test_the_office_drafts_and_the_member_approves_what_he_read(desk: Counter) -> None:
    case = bridge(desk)
    desk.presses_token("UV01", "KN-312 giao tham muu")
    desk.says("VP01", "KN-312")
    assert {"Soạn trả lời, trình duyệt", "Trả lời trực tiếp"} <= set(desk.labels("VP01"))
    desk.presses("VP01", "Soạn trả lời, trình duyệt")
    desk.says("VP01", "Sở Xây dựng đã bố trí vốn, khởi công trước 10/12.")
    desk.presses("VP01", "Trình duyệt")
    shown = desk.says("UV01", "KN-312")
    assert shown == (
        "Văn phòng trình đồng chí dự thảo trả lời KN-312 "
        "(sửa cầu thôn 3 trước mùa mưa, xã Hòa Mẫu):\n"
        '"Sở Xây dựng đã bố trí vốn, khởi công trước 10/12."'
    )
    assert desk.labels("UV01") == ["Đồng ý, gửi", "Sửa lời", "Trao đổi lại với Văn phòng"]
    desk.presses("UV01", "Đồng ý, gửi")
    assert (case.state, case.answer_by_id) == ("answered", desk.cast["UV01"])
    assert case.answer == "Sở Xây dựng đã bố trí vốn, khởi công trước 10/12."
    assert case.promised_on == date(2026, 12, 10)


def test_a_newer_draft_is_shown_instead_of_approved_by_an_old_button(desk: Counter) -> None:
    case = bridge(desk)
    for text in ("Lời thứ nhất", "Lời thứ hai"):
        desk.says("VP01", f"KN-312 {text}")
        desk.presses("VP01", "Trình duyệt")
        if text == "Lời thứ nhất":
            desk.says("UV01", "KN-312")
            old = desk.button("UV01", "Đồng ý, gửi").token
    assert "Lời thứ hai" in desk.presses_token("UV01", old)
    assert case.state == "drafted"


def test_the_member_changes_the_words_or_talks_back(desk: Counter) -> None:
    case = bridge(desk)
    desk.says("VP01", "KN-312 Lời thứ nhất")
    desk.presses("VP01", "Trình duyệt")
    desk.says("UV01", "KN-312")
    desk.presses("UV01", "Trao đổi lại với Văn phòng")
    desk.says("UV01", "Cần rõ nguồn vốn")
    desk.presses("UV01", "Gửi")
    assert (case.state, case.owner_role) == ("with_office", "tong_hop")
    assert "Cần rõ nguồn vốn" in desk.says("VP01", "KN-312")
    assert "Cần rõ nguồn vốn" not in desk.says("XA01", "KN-312")
    desk.says("VP01", "KN-312 Lời thứ hai")
    desk.presses("VP01", "Trình duyệt")
    desk.says("UV01", "KN-312")
    desk.presses("UV01", "Sửa lời")
    desk.says("UV01", "Lời của tôi")
    desk.presses("UV01", "Đồng ý, gửi")
    assert (case.state, case.answer) == ("answered", "Lời của tôi")


def test_the_standing_boards_opinion_stops_at_the_office_until_a_person_acts(
    desk: Counter,
) -> None:
    case = bridge(desk)
    desk.presses_token("UV01", "KN-312 xin y kien")
    assert (case.state, case.owner_role) == ("with_board", "thuong_truc")
    words = "Đồng ý chủ trương, Văn phòng làm việc với Sở Tài chính cân đối nguồn"
    review = desk.says("TT01", f"KN-312 {words}")
    assert "chuyển Chánh Văn phòng để thể chế bằng văn bản, chưa gửi cơ sở" in review
    assert words in review
    desk.presses("TT01", "Đúng")
    assert (case.state, case.answer, desk.told("CB001"), desk.told("XA01")) == (
        "with_office",
        "",
        [],
        [],
    )
    for below in ("CB001", "XA01"):
        assert "chủ trương" not in desk.says(below, "KN-312")
        assert "Võ Văn Thường" not in desk.presses_token(below, "KN-312 da thong tin")
        assert "Võ Văn Thường" not in desk.presses_token(below, "KN-312 xong:")
    assert "chủ trương" in desk.says("VP02", "KN-312")
    assert "Ý kiến KN-312 đồng chí Võ Văn Thường: soạn văn bản" in desk.says("VP01", "viec")
    desk.says("VP01", "KN-312 trả lời Thường trực đồng ý chủ trương, Sở Tài chính cân đối nguồn")
    desk.presses("VP01", "Gửi")
    assert case.state == "answered"
    assert desk.told("CB001")[0].count("Văn phòng Tỉnh ủy:") == 1
    assert all(o.handled_by_id for o in desk.session.exec(select(Opinion)))


def test_the_clarification_asked_by_the_cadre_returns_to_whoever_answered(desk: Counter) -> None:
    case = answered(desk)
    desk.presses("CB001", "Cần làm rõ thêm")
    desk.says("CB001", "Vốn lấy từ nguồn nào?")
    desk.presses("CB001", "Gửi")
    assert (case.state, case.owner_id) == ("further", desk.cast["UV01"])


def test_the_office_ends_by_the_number_of_a_document_and_the_commune_is_asked(
    desk: Counter,
) -> None:
    case = bridge(desk)
    desk.says("VP01", "KN-312 công văn số 812-CV/VPTU ngày 24/11/2026")
    desk.presses("VP01", "Gửi")
    assert (case.state, case.owner_id) == ("answered", desk.cast["CB001"])
    assert "812-CV/VPTU" in desk.told("CB001")[-1]
    desk.says("CB001", "KN-312 đã thông tin lại xã")
    assert (case.state, case.owner_area_id) == ("told", desk.cast.area["HOAMAU"])
    assert "812-CV/VPTU" in desk.told("XA01")[0]


def test_a_document_is_said_in_the_one_way_and_asked_for_where_it_is_unsure(desk: Counter) -> None:
    bridge(desk)
    asks = "Xin nhắn số, ký hiệu, ngày công văn trả lời."
    assert asks in desk.says("VP01", "KN-312 công văn: đã có công văn trả lời")
    assert "Xin ghi số, ký hiệu, ngày" in desk.says("VP01", "đã gửi hôm qua")
    assert "Đồng chí nói văn bản nào?" in desk.says("VP01", "812-cv/vptu ngày 7.4")
    assert "Công văn số 812-CV/VPTU ngày 07/4/2026" in desk.labels("VP01")
    desk.presses("VP01", "Công văn số 812-CV/VPTU ngày 07/4/2026")
    desk.presses("VP01", "Gửi")
    assert "Công văn số 812-CV/VPTU ngày 07/4/2026" in desk.told("CB001")[-1]


def test_a_document_also_ends_what_was_being_done(desk: Counter) -> None:
    case = answered(desk)
    desk.says("CB001", "KN-312 đã thông tin lại xã")
    assert case.state == "doing"
    desk.says("VP01", "KN-312 công văn số 812-CV/VPTU")
    desk.presses("VP01", "Gửi")
    assert case.state == "told"
    assert "812-CV/VPTU" in desk.told("XA01")[-1]


def test_duplicates_are_merged_after_a_confirmation(desk: Counter) -> None:
    first, second = bridge(desk), bridge(desk, text="Cầu thôn 3 hỏng")
    desk.says("VP01", "KN-313 gộp vào KN-312")
    assert second.state == "with_member"
    desk.sent.clear()
    desk.presses("VP01", "Gộp")
    assert "KN-312" in desk.told("XA01")[-1]
    assert (second.state, second.merged_into_id, second.owner_id) == ("merged", first.id, None)
    assert "không gộp vào được" in desk.says("VP01", "KN-312 gộp KN-313")
    assert "Đã gộp vào KN-312, 24/11." in desk.says("CB001", "KN-313")
    assert "Xem KN-312" in desk.labels("CB001")
    assert "Đã gộp vào đây: KN-313" in desk.says("CB001", "KN-312")
    assert "Xem KN-313" in desk.labels("CB001")


def test_who_raised_the_merged_case_hears_the_answer_of_the_other(desk: Counter) -> None:
    bridge(desk)
    other = bridge(desk)
    other.area_id, other.raised_by_id = desk.cast.area["LONGMAU"], desk.cast["CB002"]
    desk.says("VP01", f"KN-{other.number} gộp vào KN-312")
    desk.presses("VP01", "Gộp")
    desk.sent.clear()
    desk.says("UV01", "KN-312 Giao Sở Xây dựng khảo sát")
    desk.presses("UV01", "Đúng")
    assert "KN-313 đã gộp vào KN-312." in desk.told("CB002")[0]


def test_the_office_corrects_the_field(desk: Counter) -> None:
    case = bridge(desk)
    desk.says("VP01", "KN-312 lĩnh vực")
    desk.presses("VP01", "Giáo dục")
    assert case.field_id == desk.cast.field["GD"]
    assert case.state == "with_member"
    assert desk.presses_token("CB001", "KN-312 linh vuc YT").startswith("Việc này không thuộc")
    assert case.field_id == desk.cast.field["GD"]


def test_the_author_withdraws_only_after_a_confirmation(desk: Counter) -> None:
    case = bridge(desk)
    assert desk.says("CB001", "KN-312 rút") == "Đồng chí rút KN-312?"
    assert case.state == "with_member"
    desk.presses("CB001", "Rút KN-312")
    assert (case.state, case.owner_id, case.due_on) == ("withdrawn", None, None)


def test_an_unresolved_end_carries_its_reason_to_all_concerned(desk: Counter) -> None:
    case = bridge(desk)
    desk.says("VP01", "KN-312")
    desk.presses("VP01", "Việc khác")
    desk.presses("VP01", "Kết thúc, chưa giải quyết được")
    desk.says("VP01", "Chưa có nguồn vốn trong năm")
    desk.presses("VP01", "Gửi")
    assert (case.state, case.owner_id) == ("answered", desk.cast["CB001"])
    assert "chưa giải quyết được" in desk.told("CB001")[-1]
    assert "Chưa có nguồn vốn trong năm" in desk.told("XA01")[-1]
    desk.says("CB001", "KN-312 đã thông tin lại xã")
    assert desk.labels("XA01") == ["Không có ý kiến khác", "Đề nghị xem xét thêm"]
    desk.presses("XA01", "Không có ý kiến khác")
    assert (case.state, case.ended_how) == ("unresolved", "word_noted")


def test_the_second_talking_back_goes_to_the_board_with_its_reason(desk: Counter) -> None:
    case = bridge(desk)
    for text in ("Lời thứ nhất", "Lời thứ hai"):
        desk.says("VP01", f"KN-312 {text}")
        desk.presses("VP01", "Trình duyệt")
        desk.says("UV01", "KN-312 trao đổi lại: chưa rõ nguồn vốn")
        said = desk.presses("UV01", "Gửi")
    assert (case.state, case.owner_role) == ("with_board", "thuong_truc")
    assert said.startswith("Đã ghi KN-312. Hai lần trả lại: chuyển xin ý kiến Thường trực")
    card = desk.says("VP01", "KN-312")
    assert "hai lần trả lại giữa đồng chí Ủy viên phụ trách và Văn phòng" in card
    assert "KN-312" in desk.says("TT01", "viec")


def test_the_communes_second_not_yet_goes_up(desk: Counter) -> None:
    case = bridge(desk)
    desk.says("UV01", "KN-312 giao tham mưu")
    for word in ("xong một phần", "chưa xong"):
        desk.says("VP01", "KN-312 trả lời: Đã giao Ban Quản lý dự án")
        desk.presses("VP01", "Gửi")
        desk.says("CB001", "KN-312 đã thông tin lại xã")
        said = desk.says("XA01", f"KN-312 {word}")
        if word == "xong một phần":
            assert (case.state, case.owner_role) == ("further", "tong_hop")
    assert (case.state, case.owner_id) == ("with_member", desk.cast["UV01"])
    assert "Hai lần chưa thống nhất: KN-312 chuyển đồng chí Phạm Văn Ví" in said


def test_beyond_the_province_goes_to_the_centre_and_ends_with_the_documents_number(
    desk: Counter,
) -> None:
    case = bridge(desk, text="Thí điểm thêm phó chủ tịch xã")
    desk.presses_token("UV01", "KN-312 xin y kien")
    assert "vượt thẩm quyền" in desk.says("VP01", "KN-312")
    desk.presses("VP01", "Kiến nghị Trung ương")
    desk.says("VP01", "Số lượng phó chủ tịch do luật định")
    desk.presses("VP01", "Gửi")
    assert (case.state, case.owner_role) == ("to_centre", "tong_hop")
    assert "KN-312 Xã Hòa Mẫu: thí điểm thêm phó chủ tịch xã (kiến nghị Trung ương)" in desk.says(
        "VP01", "viec"
    )
    desk.says("VP01", "KN-312 đã kiến nghị Trung ương: Tờ trình số 15-TTr/TU ngày 24/11/2026")
    desk.presses("VP01", "Gửi")
    assert (case.state, case.ending) == ("answered", "recommended")
    assert "đã kiến nghị Trung ương" in desk.told("CB001")[-1]
    desk.says("CB001", "KN-312 đã thông tin lại xã")
    desk.presses("XA01", "Không có ý kiến khác")
    assert case.state == "recommended"
    assert "15-TTr/TU" in desk.says("XA01", "KN-312")


def test_a_level_is_skipped_with_a_reason_only(desk: Counter) -> None:
    case = bridge(desk)
    desk.says("VP01", "KN-312")
    desk.presses("VP01", "Việc khác")
    assert desk.presses("VP01", "Kiến nghị Trung ương").startswith("Xin nhắn lý do")
    desk.says("VP01", "Hạn gửi Ban Tổ chức Trung ương là ngày mai")
    desk.presses("VP01", "Gửi")
    assert case.state == "to_centre"
    assert "đã chuyển kiến nghị Trung ương: Hạn gửi" in desk.says("VP01", "KN-312")
    assert "Hạn gửi" not in desk.says("XA01", "KN-312")
    assert "chờ kiến nghị Trung ương" in desk.says("XA01", "kn")


def test_what_no_rule_sanctions_is_recommended_and_not_lost(desk: Counter) -> None:
    case = bridge(desk)
    desk.says("VP01", "KN-312 chưa có chế tài: Doanh nghiệp không nộp quy chế, luật chưa quy định")
    desk.presses("VP01", "Gửi")
    desk.says("CB001", "KN-312 đã thông tin lại xã")
    assert (case.state, case.ending) == ("told", "no_sanction")
    desk.presses("XA01", "Không có ý kiến khác")
    assert case.state == "no_sanction"


def passed(desk: Counter) -> Case:
    return bridge(desk, outcome="passed_to_commune")


def test_the_commune_passes_up_with_a_reason_in_one_message_or_a_tap_and_one(
    desk: Counter,
) -> None:
    first, second = passed(desk), passed(desk)
    said = desk.says("XA01", "KN-312 chuyển cấp trên: xã không có vốn")
    assert said.startswith("Đã chuyển cấp trên KN-312: đồng chí Ủy viên phụ trách")
    assert (first.state, first.owner_id) == ("with_member", desk.cast["UV01"])
    desk.says("XA01", "KN-313")
    desk.presses("XA01", "Vượt thẩm quyền, chuyển cấp trên")
    assert second.state == "with_commune"
    desk.says("XA01", "Đường của tỉnh")
    assert second.state == "with_member"
    assert "đã chuyển cấp trên: Đường của tỉnh" in desk.says("UV01", "KN-313")


def test_the_commune_ends_what_it_solved_itself_with_its_words(desk: Counter) -> None:
    case = passed(desk)
    assert desk.says("XA01", "KN-312 xong") == "Xã đã giải quyết thế nào? Xin nhắn một câu."
    desk.says("XA01", "Đã thay cống ngày 23/11")
    assert (case.state, case.ended_how) == ("ended", "commune_result")
    assert "Đã thay cống ngày 23/11" in desk.told("CB001")[-1]


def handing_bodies(desk: Counter, *, direct: bool = True) -> int:
    """CB099 answers for Sở Xây dựng."""
    who = desk.cast["CB099"]
    desk.session.add(Role(person_id=who, role="giai_quyet"))
    desk.session.get_one(Person, who).unit = "Sở Xây dựng"
    if direct:
        desk.session.add(Setting(key="giao_thang_so_nganh", value=True, from_date=date(2026, 1, 1)))
    desk.session.flush()
    return who


def test_a_case_is_handed_to_a_body_only_where_the_province_says_so(desk: Counter) -> None:
    case = bridge(desk)
    handing_bodies(desk, direct=False)
    desk.says("UV01", "KN-312")
    assert "Giao đơn vị giải quyết" not in desk.labels("UV01")
    assert "chưa giao thẳng" in desk.presses_token("UV01", "KN-312 giao don vi")
    assert case.state == "with_member"


def test_a_body_owns_what_it_was_handed_and_answers_by_the_day(desk: Counter) -> None:
    case = bridge(desk)
    who = handing_bodies(desk)
    desk.says("UV01", "KN-312")
    desk.presses("UV01", "Giao đơn vị giải quyết")
    if case.state == "with_member" and "Đơn vị" not in desk.labels("UV01"):
        desk.presses("UV01", "Sở Xây dựng: đồng chí Ngô Văn Ngoài")
    desk.says("UV01", "Khảo sát, báo cáo trước 15/12")
    desk.presses("UV01", "Giao")
    assert (case.state, case.owner_id, case.due_on) == (
        "with_department",
        who,
        date(2026, 12, 15),
    )
    assert "Sở Xây dựng, hạn 15/12" in desk.says("XA01", "kn")
    assert "KN-312" in desk.says("CB099", "viec")
    desk.says("CB099", "KN-312 trả lời: Đã bố trí vốn bảo trì")
    desk.presses("CB099", "Gửi")
    assert (case.state, case.owner_id) == ("answered", desk.cast["CB001"])
    desk.says("CB001", "KN-312 đã thông tin lại xã")
    said = desk.says("XA01", "KN-312 xong một phần")
    assert (case.state, case.owner_id) == ("further", who)
    assert "chuyển lại Sở Xây dựng, đồng chí Ngô Văn Ngoài" in said
    assert "KN-312" in desk.says("CB099", "KN-312")


def test_a_body_gives_back_with_a_reason(desk: Counter) -> None:
    case = bridge(desk)
    case.department_id = handing_bodies(desk)
    case.state, case.owner_id = "with_department", case.department_id
    desk.says("CB099", "KN-312 trả lại: đường do xã quản lý")
    desk.presses("CB099", "Gửi")
    assert (case.state, case.owner_role) == ("with_office", "tong_hop")


def test_others_named_by_area_read_a_copy_and_the_owner_stays_one(desk: Counter) -> None:
    area = desk.cast.area["HOAMAU"]
    for who, kind in (("CB002", "theo_doi"), ("VP02", "phu_trach")):
        desk.session.add(
            Assignment(
                person_id=desk.cast[who],
                area_id=area,
                regulation_id=desk.session.exec(select(Regulation.id)).first() or 0,
                kind=kind,
                from_date=date(2026, 1, 1),
            )
        )
    desk.session.flush()
    case, said = raise_case(
        desk.session,
        desk.viewer("CB001"),
        area_id=area,
        text="Sửa cầu thôn 3",
        source="nhan_dan",
        kind="kien_nghi",
        field_id=None,
        visit_id=None,
        outcome="passed_up",
        document="",
        raised_by_id=desk.cast["CB001"],
        at=desk.at,
    )
    members = {desk.cast["UV01"], desk.cast["VP02"]}
    assert case.owner_id in members
    assert {m.person_id for m in said} == (members - {case.owner_id}) | {desk.cast["CB002"]}
    assert all(m.kind == "line" and m.text.startswith("Để đồng chí biết") for m in said)


def test_an_opinion_becomes_a_directive_or_an_answer_by_a_persons_act_only(desk: Counter) -> None:
    case = bridge(desk)
    desk.presses_token("UV01", "KN-312 xin y kien")
    desk.says("TT01", "KN-312 Các xã rà soát cầu yếu trước 15/12")
    desk.presses("TT01", "Đúng")
    assert "soạn văn bản" in desk.says("VP01", "viec")
    number = desk.session.exec(select(Opinion.id)).one()
    shown = desk.presses_token("VP01", f"ykien {number}")
    assert "Các xã rà soát cầu yếu trước 15/12" in shown
    assert {"Đã có văn bản", "Chuyển thành trả lời", "Thành nội dung cần truyền đạt"} <= set(
        desk.labels("VP01")
    )
    desk.presses("VP01", "Thành nội dung cần truyền đạt")
    desk.presses("VP01", "Tất cả 3 địa bàn")
    assert desk.session.exec(select(Opinion)).one().handled_at is None
    desk.presses("VP01", "Gửi")
    done = desk.session.exec(select(Opinion)).one()
    assert (done.handled_as, done.handled_by_id) == ("ND-1", desk.cast["VP01"])
    assert case.state == "with_office"
    assert desk.presses_token("CB001", f"ykien {number}") == "Ý kiến này không còn chờ Văn phòng."


def test_a_commune_that_kept_silent_is_said_to_have_done_so(desk: Counter) -> None:
    case = answered(desk, "Đã cân đối vốn")
    desk.says("CB001", "KN-312 đã thông tin lại xã")
    by_clock(desk.session, case, "silence", desk.at)
    assert "hết hạn xã không có ý kiến khác" in desk.says("VP01", "KN-312").lower()


def test_a_commune_reads_where_its_cases_stand_with_one_message(desk: Counter) -> None:
    bridge(desk)
    bridge(desk, text="Kinh phí nhà văn hóa xã")
    desk.presses_token("UV01", "KN-313 xin y kien")
    assert desk.says("XA01", "kn") == (
        "Kiến nghị của xã Hòa Mẫu: 2 đang giải quyết, 0 đã kết thúc trong năm\n"
        "KN-312 Sửa cầu thôn 3 trước mùa mưa: đồng chí Ủy viên phụ trách, hạn 03/12\n"
        "KN-313 Kinh phí nhà văn hóa xã: đang xin ý kiến Thường trực Tỉnh ủy\n"
        "Nhắn mã để xem chi tiết."
    )


def test_what_waits_is_listed_by_urgency_with_the_days_left(desk: Counter) -> None:
    bridge(desk)
    desk.at -= timedelta(days=15)  # Monday 9/11: due on Wednesday 18/11
    bridge(desk, text="Thiếu giáo viên mầm non", area_id=desk.cast.area["TANMAU"])
    desk.at += timedelta(days=14)  # Monday 23/11; the next day is one off
    assert desk.says("UV01", "viec") == (
        "Việc chờ đồng chí: 2\n"
        "KN-313 Phường Tân Mẫu: thiếu giáo viên mầm non (cho ý kiến), quá hạn 3 ngày làm việc\n"
        "KN-312 Xã Hòa Mẫu: sửa cầu thôn 3 trước mùa mưa (cho ý kiến), còn 7 ngày làm việc"
    )
    assert desk.labels("UV01")[:2] == ["KN-313", "KN-312"]
    assert desk.says("TT01", "viec") == "Hiện không có việc nào chờ đồng chí."


def test_every_case_on_the_way_has_one_owner_and_a_due_date(desk: Counter) -> None:
    answered(desk)
    for case in cases.listed(desk.session, desk.viewer("VP01")):
        assert sound(standing_of(case))
    history = cases.history(desk.session, desk.viewer("VP01"), 1)
    assert [event.act for event, _ in history] == ["raise", "give_opinion"]
