"""Tra cứu at the desk: some words without a slash, a code, a page, and nothing of others."""

from collections.abc import Iterator

import pytest

from bot.conversation.commands import take_apart
from bot.desk import nouns
from storage.database import Database
from storage.tables import Case, Directive, Visit
from tests.cast import NOW, TODAY, cast
from tests.desk.saying import Desk


@pytest.fixture
def desk(db: Database) -> Iterator[Desk]:
    with db.writing() as session:
        yield Desk(session, cast(session))


def raised(desk: Desk, number: int, text: str, area: str = "HOAMAU") -> None:
    desk.session.add(
        Case(
            number=number,
            area_id=desk.cast.area[area],
            raised_by_id=desk.cast["UV01"],
            text=text,
            source="cap_uy",
            state="with_member",
            raised_at=NOW,
        )
    )
    desk.session.flush()


def test_some_words_after_tim_need_no_slash(desk: Desk) -> None:
    raised(desk, 312, "Đề nghị sửa cầu thôn 3, mùa mưa học sinh không qua được, đã hai năm nay")
    raised(desk, 313, "Sửa cầu thôn 4")
    [said] = desk.says("CB001", "tìm cau thôn 3")

    assert said.text == (
        "“cau thôn 3”: 1 kết quả\n"
        "KN-312 Xã Hòa Mẫu, 24/11: Đề nghị sửa cầu thôn 3, mùa mưa học sinh không qua được, …"
    )
    assert [o.token for row in said.rows for o in row] == ["KN-312"]
    assert desk.words("CB001", "/tim cầu thôn 3") == said.text.replace("cau", "cầu", 1)
    assert desk.words("CB001", "tìm KN-312") == desk.words("CB001", "KN-312")
    assert desk.words("CB002", "tìm cầu thôn 3") == (
        "Không thấy “cầu thôn 3” trong những nội dung đồng chí được xem."
    )
    assert desk.words("CB001", "tìm").startswith("Xin nhắn mã")


@pytest.mark.parametrize(
    "text",
    [
        "Tìm hiểu tình hình thôn 3",
        "Tìm nguồn vốn sửa cầu",
        "Tìm việc làm cho thanh niên ở các thôn vùng cao",
    ],
)
def test_a_sentence_that_begins_so_is_no_search(text: str) -> None:
    assert take_apart(text, nouns.commands()).command == ""


def test_eight_a_page_and_the_rest_behind_a_button(desk: Desk) -> None:
    for number in range(1, 12):
        raised(desk, number, f"Sửa cầu số {number}")
    [first] = desk.says("CB001", "tìm cầu")
    more = first.rows[-1][-1]
    assert first.text.startswith("“cầu”: kết quả 1 đến 8, mới nhất trước\nKN-11 ")
    assert (more.label, more.token) == ("Xem thêm", "tim trang 8: cau")
    [second] = desk.presses("CB001", more.token)
    assert [o.label for row in second.rows for o in row] == ["KN-3", "KN-2", "KN-1"]


def test_the_next_page_of_a_long_search_fits_a_button(desk: Desk) -> None:
    long = "sửa cầu dân sinh thôn ba qua suối lớn mùa mưa học sinh đi học"
    for number in range(1, 10):
        raised(desk, number, long)
    [said] = desk.says("CB001", f"/tim {long}")
    assert len(said.rows[-1][-1].token.encode()) <= 64
    assert "KN-1 " in desk.presses("CB001", said.rows[-1][-1].token)[0].text


def test_each_kind_has_its_line(desk: Desk) -> None:
    cast_ = desk.cast
    desk.session.add(
        Visit(
            number=7,
            person_id=cast_["CB001"],
            area_id=cast_.area["HOAMAU"],
            visited_on=TODAY,
            activity="thon",
            situation="ruộng khô",
            written_by_id=cast_["CB001"],
            begun_at=NOW,
            submitted_at=NOW,
        )
    )
    desk.session.add(
        Directive(
            number=9,
            text="Chống hạn cho ruộng lúa",
            issued_by_id=cast_["VP01"],
            issued_at=NOW,
            due_on=TODAY,
        )
    )
    desk.session.flush()
    assert desk.words("VP01", "tìm ruộng").splitlines()[1:] == [
        "CS-7 Xã Hòa Mẫu, 24/11: Họp thôn",  # a day counts as its noon
        "ND-9 24/11: Chống hạn cho ruộng lúa",
    ]
    assert desk.words("XA01", "tìm ruộng").startswith("Không thấy")


def test_a_few_words_alone_offer_the_search_where_something_is_found(desk: Desk) -> None:
    raised(desk, 312, "Sửa cầu thôn 3 trước mùa mưa")
    for words in ("cầu", "cầu thôn 3 trước mùa mưa"):
        [said] = desk.says("CB001", words)
        [look] = [o for row in said.rows for o in row if o.label == f"Tra cứu “{words}”"]
        assert len(look.token.encode()) <= 64
        assert desk.presses("CB001", look.token)[0].text.startswith(f"“{words}”: 1 kết quả\nKN-312")
    [said] = desk.says("CB099", "cầu")
    assert not [o for row in said.rows for o in row if o.label.startswith("Tra cứu “")]


def test_a_few_words_of_somebody_who_writes_no_slips_are_looked_for(desk: Desk) -> None:
    raised(desk, 312, "Sửa cầu thôn 3")
    assert desk.words("TT01", "cầu thôn 3").startswith("“cầu thôn 3”: 1 kết quả\nKN-312 ")
    assert desk.words("TT01", "cầu thôn 9").startswith("Hệ thống chưa hiểu tin này.")
    assert desk.words("CB001", "cầu thôn 3").startswith("Hệ thống chưa hiểu tin này.")


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("cấp mã GV01", "cap ma"),
        ("Cấp mã đồng chí Lê Thị Giúp", "cap ma"),
        ("Cấp mã số vùng trồng cho xã", ""),
    ],
)
def test_a_name_or_a_code_may_follow_giving_out_codes(text: str, command: str) -> None:
    assert take_apart(text, nouns.commands()).command == command
