"""The meeting pack: all and only his cadres, every open item of theirs, and who hears of it."""

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from docx import Document

from bot import files
from bot.conversation.form import Draft
from bot.desk import meetings, sent_files
from bot.desk.duties import day_at
from bot.forms import meeting as form
from bot.forms.meeting import FORM
from bot.layout.checking import check
from bot.layout.profiles import PROFILES
from bot.messages import Option, Rejected
from storage import meetings as stored
from storage import settings
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Area, Assignment, Case, DayOff, Exchange, Invitation, Meeting, Visit
from tests.cast import ISSUED, cast
from tests.desk.saying import Desk
from tests.work.mornings import Mornings, at

CODE = re.compile(r"\b(?:KN|TR|GM|VH|VB|ND)-\d+")


@pytest.fixture
def desk(db: Database, tmp_path: Path) -> Iterator[Desk]:
    files.use(tmp_path / "files")
    with db.writing() as session:
        session.add(DayOff(day=date(2026, 11, 24), working=True))
        yield Desk(session, cast(session))
    files.use(Path("files"))


def raised(desk: Desk, number: int, where: str, due: str = "2026-12-03") -> str:
    """An open case with the member in charge; its code."""
    desk.session.add(
        Case(
            number=number,
            area_id=desk.cast.area[where],
            raised_by_id=desk.cast["CB001"],
            source="can_bo",
            text=f"Sửa cầu thôn {number} trước mùa mưa",
            state="with_member",
            owner_id=desk.cast["UV01"],
            due_on=date.fromisoformat(due),
            raised_at=desk.at - timedelta(days=20),
        )
    )
    desk.session.flush()
    return f"KN-{number}"


def visited(desk: Desk, who: str, where: str, *months: int) -> None:
    for month in months:
        desk.session.add(
            Visit(
                number=month * 100 + desk.cast.area[where],
                person_id=desk.cast[who],
                area_id=desk.cast.area[where],
                visited_on=date(2026, month, 12),
                activity="thon",
                situation="Ổn định.",
                written_by_id=desk.cast[who],
                begun_at=desk.at,
                submitted_at=desk.at,
            )
        )
    desk.session.flush()


def talked(desk: Desk, cadre: str, where: str, number: int) -> None:
    """An exchange without an answer, and an invitation to come."""
    place, who = desk.cast.area[where], desk.cast[cadre]
    desk.session.add(
        Exchange(
            number=number,
            area_id=place,
            cadre_id=who,
            begun_by="commune",
            begun_at=desk.at,
            due_on=date(2026, 12, 1),
        )
    )
    desk.session.add(
        Invitation(
            number=number,
            area_id=place,
            cadre_id=who,
            sent_by_id=desk.cast["XA01"],
            occasion="họp Đảng ủy",
            starts_at=desk.at + timedelta(days=2),
            sent_at=desk.at,
        )
    )
    desk.session.flush()


def word(desk: Desk) -> bytes:
    [said] = desk.presses("UV01", "hopmat word")
    return files.place(said.files[0]).read_bytes()


def pages(desk: Desk) -> str:
    """The whole pack as it is read in the chat."""
    text, token = "", "hopmat"
    while token:
        [said] = desk.presses("UV01", token)
        text += "\n" + said.text
        options = [option for row in said.rows for option in row]
        token = next((one.token for one in options if one.label == "Xem thêm"), "")
    return text


def test_the_pack_names_all_cadres_and_every_open_item_with_what_is_overdue(desk: Desk) -> None:
    raised(desk, 1, "HOAMAU")
    raised(desk, 2, "LONGMAU", due="2026-11-20")
    talked(desk, "CB001", "TANMAU", 7)

    said = pages(desk)

    assert "2 cán bộ theo dõi, 3 địa bàn; việc đang mở 4, quá hạn 1" in said
    assert "Đồng chí Nguyễn Văn Mẫu, Giám đốc Sở Công Thương, điện thoại 0900 000 006" in said
    assert "Đồng chí Đỗ Văn Thay, Phó Giám đốc Sở Công Thương" in said
    assert set(CODE.findall(said)) == {"KN-1", "KN-2", "TR-7", "GM-7"}
    assert "KN-2 (quá hạn)" in said
    assert "KN-1 (quá hạn)" not in said


def test_only_his_cadres_are_in_it(desk: Desk) -> None:
    away = Area(code="XAMAU", name="Xã Xa Mẫu", level="xa", place=9)
    desk.session.add(away)
    desk.session.flush()
    desk.cast.area["XAMAU"] = away.id or 0
    desk.session.add(
        Assignment(
            person_id=desk.cast["CB099"],
            area_id=away.id or 0,
            regulation_id=desk.cast.regulation,
            kind="theo_doi",
            from_date=ISSUED,
        )
    )
    raised(desk, 5, "XAMAU")

    said = pages(desk)

    assert "Ngô Văn Ngoài" not in said
    assert "KN-5" not in said


def test_missed_periods_are_those_that_closed_and_the_running_one_stands_apart(desk: Desk) -> None:
    visited(desk, "CB002", "LONGMAU", *range(1, 10))
    visited(desk, "CB001", "HOAMAU", *range(1, 12))

    said = pages(desk)

    missed = "chưa ghi nhận tháng 11/2025, tháng 12/2025"
    assert f"Xã Long Mẫu: {missed}, tháng 10; tháng 11 chưa có phiếu" in said
    assert f"Xã Hòa Mẫu: {missed}\n" in said
    assert "Phường Tân Mẫu: chưa ghi nhận 12 kỳ, gần nhất tháng 8, tháng 9, tháng 10" in said


def test_of_an_area_with_two_followers_each_has_his_own_and_nothing_is_left_out(
    desk: Desk,
) -> None:
    desk.session.add(
        Assignment(
            person_id=desk.cast["CB099"],
            area_id=desk.cast.area["HOAMAU"],
            regulation_id=desk.cast.regulation,
            kind="theo_doi",
            from_date=ISSUED,
        )
    )
    talked(desk, "CB001", "HOAMAU", 7)
    talked(desk, "CB099", "HOAMAU", 8)
    talked(desk, "CB002", "HOAMAU", 9)  # who follows it no more
    raised(desk, 1, "HOAMAU")

    blocks = {block.split(",")[0]: block for block in pages(desk).split("\n\n")}

    assert set(CODE.findall(blocks["Đồng chí Nguyễn Văn Mẫu"])) >= {"KN-1", "TR-7", "GM-7", "TR-9"}
    assert "TR-8" not in blocks["Đồng chí Nguyễn Văn Mẫu"]
    assert set(CODE.findall(blocks["Đồng chí Ngô Văn Ngoài"])) >= {"KN-1", "TR-8", "TR-9"}


def test_an_area_that_nobody_follows_is_not_forgotten(desk: Desk) -> None:
    row = desk.session.get(Assignment, desk.cast.assignment["CB002", "LONGMAU", "theo_doi"])
    assert row is not None
    row.to_date = date(2026, 11, 1)
    raised(desk, 1, "LONGMAU")

    said = pages(desk)

    assert "Chưa có cán bộ theo dõi" in said
    assert "KN-1" in said.partition("Chưa có cán bộ theo dõi")[2]


def test_a_long_pack_is_read_page_by_page(desk: Desk) -> None:
    codes = {raised(desk, number, "HOAMAU") for number in range(1, 240)}

    assert len(desk.presses("UV01", "hopmat")[0].text) <= 2000
    assert set(CODE.findall(pages(desk))) == codes


@pytest.mark.parametrize("layout", list(PROFILES))
def test_the_word_file_says_the_same_in_the_layout_of_the_province(desk: Desk, layout: str) -> None:
    settings.put(desk.session, "the_thuc", layout, date(2026, 1, 1))
    raised(desk, 1, "HOAMAU", due="2026-11-20")
    talked(desk, "CB002", "LONGMAU", 7)

    content = word(desk)

    text = "\n".join(line.text for line in Document(io.BytesIO(content)).paragraphs)
    assert set(CODE.findall(text)) == {"KN-1", "TR-7", "GM-7"}
    assert "KN-1 Sửa cầu thôn 1 trước mùa mưa, hạn 20/11, quá hạn." in text
    assert check(content, PROFILES[layout]) == []


def test_the_file_is_for_him_alone_and_only_while_these_areas_are_his(desk: Desk) -> None:
    [said] = desk.presses("UV01", "hopmat word")
    path = said.files[0]

    def may(who: str) -> bool:
        return sent_files.may_have(desk.session, desk.viewer(who), path, desk.at)

    assert [code for code in ("UV01", "CB001", "CB099", "TT01", "VP01", "XA01") if may(code)] == [
        "UV01"
    ]
    row = desk.session.get(Assignment, desk.cast.assignment["UV01", "LONGMAU", "phu_trach"])
    assert row is not None
    row.to_date = date(2026, 11, 1)
    desk.session.flush()
    assert not may("UV01")


@pytest.mark.parametrize("who", ["CB001", "XA01", "CB099", "VP01"])
def test_who_is_in_charge_of_nothing_has_no_pack(desk: Desk, who: str) -> None:
    assert "do đồng chí Ủy viên phụ trách địa bàn mời" in desk.words(who, "hopmat")


@pytest.mark.parametrize(
    ("list_of", "offered"), [("viec", meetings.PACK), ("diaban", meetings.PRINTED)]
)
def test_the_pack_is_offered_beside_his_lists(desk: Desk, list_of: str, offered: Option) -> None:
    [mine] = desk.says("UV01", list_of)
    [other] = desk.says("CB001", list_of)

    assert mine.rows[-1] == (offered,)
    assert (offered,) not in other.rows


@pytest.mark.parametrize(
    ("typed", "held_on", "words"),
    [
        ("họp mặt 05/12", "2026-12-05", None),
        ("hop mat 5/12", "2026-12-05", None),
        ("họp mặt: 05/12 14h tại hội trường", "2026-12-05", "14h tại hội trường"),
        ("/hopmat ngày 05/12/2026, 8h", "2026-12-05", "8h"),
    ],
)
def test_a_day_typed_behind_the_word_sets_it(
    desk: Desk, typed: str, held_on: str, words: str | None
) -> None:
    desk.says("UV01", typed)

    assert desk.started[-1].form == FORM.name
    assert desk.started[-1].answers["held_on"] == held_on
    assert desk.started[-1].answers["words"] == words


def test_a_sentence_that_begins_so_is_not_taken_for_it(desk: Desk) -> None:
    desk.says("CB001", "Họp mặt 27/7 thương binh thôn 3 xã Hòa Mẫu, bà con phấn khởi")

    assert not [one for one in desk.started if one.form == FORM.name]


def put(desk: Desk, day: str, words: str = "") -> list[str]:
    held_on = date.fromisoformat(day)
    said = meetings.put(desk.session, desk.viewer("UV01"), held_on, words, desk.at)
    return [message.text for message in desk.keep(said)]


def lines(desk: Desk, day: str) -> dict[str, list[str]]:
    codes = {number: code for code, number in desk.cast.person.items()}
    found: dict[str, list[str]] = {}
    on = day_at(desk.session, at(day))
    for who, line in meetings.morning(desk.session, on):
        found.setdefault(codes[who], []).append(line.text)
    return found


def test_his_cadres_hear_of_it_and_he_is_offered_the_pack_the_morning_before(db: Database) -> None:
    here = Mornings.begin(db)
    with db.writing() as session:
        desk = Desk(session, here.cast)
        assert put(desk, "2026-12-04", "14h") == [
            "Đã ghi họp mặt thứ Sáu, 04/12 (14h). Báo 2 cán bộ theo dõi, nhắc lại trước ngày họp."
        ]
        assert desk.told == []
    word = "Đồng chí Phạm Văn Ví mời họp mặt cán bộ theo dõi thứ Sáu, 04/12 (14h)."

    here.morning("2026-11-25")
    assert word in here.text("CB001")
    assert word in here.text("CB002")
    here.send()
    here.morning("2026-11-26")
    assert not [row for row in here.told("CB001") if word in row.body["text"]]
    here.send()
    here.morning("2026-12-03")
    assert word in here.text("CB001")
    assert "Đồng chí họp mặt cán bộ theo dõi thứ Sáu, 04/12 (14h)." in here.text("UV01")
    assert [[option.label] for option in meetings.BUTTONS] == here.buttons("UV01")


def test_for_a_meeting_today_they_are_told_at_once(desk: Desk) -> None:
    put(desk, "2026-11-24", "18h")

    assert {code for code, _ in desk.told} == {"CB001", "CB002"}
    assert all(message.kind == "notice" for _, message in desk.told)
    assert lines(desk, "2026-11-25") == {}


def test_a_second_day_takes_the_place_of_the_first(desk: Desk) -> None:
    put(desk, "2026-12-04")
    put(desk, "2026-12-08")

    assert {text for said in lines(desk, "2026-11-25").values() for text in said} == {
        "Đồng chí Phạm Văn Ví mời họp mặt cán bộ theo dõi thứ Ba, 08/12."
    }


def test_one_that_is_called_off_is_not_reminded_of(desk: Desk) -> None:
    put(desk, "2026-12-04")
    [message] = desk.presses("UV01", "hopmat thoi hop")
    said = message.text

    assert said == "Đã thôi họp mặt thứ Sáu, 04/12; các cán bộ theo dõi được báo."
    assert desk.heard("CB002") == ["Đồng chí Phạm Văn Ví: thôi họp mặt thứ Sáu, 04/12."]
    assert lines(desk, "2026-12-03") == {}
    assert "Không có họp mặt nào" in desk.presses("UV01", "hopmat thoi hop")[0].text


def test_a_day_that_is_over_is_not_taken(desk: Desk) -> None:
    with pytest.raises(Rejected, match="đã qua"):
        put(desk, "2026-11-23")


def test_the_review_says_how_many_will_be_told(desk: Desk) -> None:
    viewer = desk.viewer("UV01")

    told = form.invited(desk.session, viewer, Draft("meeting"), date(2026, 11, 24))

    assert [choice.label for choice in told] == ["Nguyễn Văn Mẫu", "Đỗ Văn Thay"]


def test_meetings_of_others_are_not_seen(desk: Desk) -> None:
    put(desk, "2026-12-04")
    today = date(2026, 11, 24)

    assert stored.coming(desk.session, desk.viewer("CB001"), today) == []
    [mine] = stored.coming(desk.session, SYSTEM, today)
    assert isinstance(mine, Meeting)
