"""Papers for comment: who comments, what the commune makes of it, and that all of it sums up."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlmodel import select

from bot.desk import papers as desk_of_papers
from storage import papers
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import DayOff, Paper
from tests.cast import cast
from tests.desk.saying import Desk, left
from tests.work.mornings import Mornings, at

DRAFT = "Dự thảo nghị quyết chuyên đề về đất đai"


@pytest.fixture
def desk(db: Database) -> Iterator[Desk]:
    with db.writing() as session:
        session.add(DayOff(day=date(2026, 11, 24), working=True))
        yield Desk(session, cast(session))


def sent(desk: Desk, due: date = date(2026, 11, 30)) -> Paper:
    """Hòa Mẫu asks its follower for comments."""
    paper = Paper(
        number=0,
        area_id=desk.cast.area["HOAMAU"],
        cadre_id=desk.cast["CB001"],
        sent_by_id=desk.cast["XA01"],
        text=DRAFT,
        sent_at=desk.at,
        due_on=due,
    )
    desk.keep(desk_of_papers.send(desk.session, desk.viewer("XA01"), paper, desk.at))
    return paper


def test_a_comment_is_taken_or_explained_once_whoever_of_the_commune_is_first(desk: Desk) -> None:
    paper = sent(desk)
    said = desk.words("CB001", "VB-1 nên nêu rõ nguồn vốn")
    assert said == "Đã gửi ý kiến về VB-1 đến xã."
    assert desk.words("XA01", "VB-1 tiếp thu") == "Đã ghi: VB-1, xã tiếp thu."
    assert desk.words("XA01", "VB-1 giải trình: chưa có vốn") == (
        "VB-1: không còn góp ý nào chờ xã trả lời."
    )
    [comment] = papers.comments(desk.session, SYSTEM, paper)
    assert (comment.text, comment.answer) == ("nên nêu rõ nguồn vốn", "taken")
    assert desk.words("XA01", f"VB-1 giải trình {comment.id}: vì sao") == (
        "VB-1: xã tiếp thu từ trước."
    )


def test_each_of_two_comments_is_answered_under_its_own_button(desk: Desk) -> None:
    paper = sent(desk)
    desk.says("CB001", "VB-1 nên nêu rõ nguồn vốn")
    desk.says("CB001", "VB-1 góp ý: bỏ mục 3")
    assert desk.words("XA01", "VB-1 tiếp thu").startswith("VB-1 có 2 góp ý.")
    first, second = papers.comments(desk.session, SYSTEM, paper)
    assert (first.text, second.text) == ("nên nêu rõ nguồn vốn", "bỏ mục 3")
    desk.says("XA01", f"VB-1 tiếp thu {first.id}")
    assert desk.words("XA01", "VB-1 giải trình: mục 3 theo hướng dẫn") == (
        "Đã ghi: VB-1, xã giải trình."
    )
    assert second.answer_note == "mục 3 theo hướng dẫn"
    assert "đã góp ý, xã đã trả lời" in desk.words("CB001", "VB-1")


def test_agreement_needs_no_answer(desk: Desk) -> None:
    sent(desk)
    desk.says("CB001", "VB-1 thống nhất")
    assert "đã góp ý, xã đã trả lời" in desk.words("XA01", "VB-1")
    assert papers.unanswered(desk.session, SYSTEM) == []


@pytest.mark.parametrize("who", ["CB002", "CB099", "XA02", "QT01"])
def test_others_do_not_find_it(desk: Desk, who: str) -> None:
    sent(desk)
    for words in ("VB-1", "VB-1 thống nhất", "VB-1 tiếp thu"):
        assert desk.words(who, words) == "Không tìm thấy VB-1."


def test_who_may_read_it_may_not_comment_for_the_follower(desk: Desk) -> None:
    sent(desk)
    assert desk.words("VP01", "VB-1 thống nhất").startswith("VB-1 do xã gửi")
    assert desk.words("GV01", "VB-1 thống nhất") == "Đã gửi ý kiến về VB-1 đến xã."


def test_a_paper_due_tomorrow_is_told_at_once(desk: Desk) -> None:
    sent(desk, due=date(2026, 11, 25))
    assert [text.split("\n")[0] for text in desk.heard("CB001")] == [
        f"VB-1: xã Hòa Mẫu xin ý kiến “{DRAFT}”, hạn 25/11."
    ]


def test_the_mornings_carry_it_there_and_back(db: Database) -> None:
    mornings = Mornings.begin(db)
    with db.writing() as session:
        sent(Desk(session, mornings.cast, at("2026-11-24", "09:00")))
    mornings.morning("2026-11-25")
    assert f"VB-1: xã Hòa Mẫu xin ý kiến “{DRAFT}”, hạn 30/11." in mornings.text("CB001")
    mornings.send()
    with db.writing() as session:
        Desk(session, mornings.cast, at("2026-11-25", "10:00")).says("CB001", "VB-1 bỏ mục 3")
    mornings.morning("2026-11-26")
    assert "VB-1, đồng chí Nguyễn Văn Mẫu góp ý: “bỏ mục 3”" in mornings.text("XA01")
    mornings.send()
    with db.writing() as session:
        Desk(session, mornings.cast, at("2026-11-26", "10:00")).says("XA01", "VB-1 tiếp thu")
    mornings.morning("2026-11-27")
    assert "VB-1: xã tiếp thu góp ý của đồng chí." in mornings.text("CB001")
    mornings.send()
    mornings.morning("2026-11-30")
    assert not [row for row in mornings.told("CB001") if "VB-1" in row.body["text"]]


def test_who_has_left_reads_his_own_comment_and_what_became_of_it_alone(desk: Desk) -> None:
    sent(desk)
    desk.says("CB001", "VB-1 nên nêu rõ nguồn vốn")
    paper = desk.session.exec(select(Paper)).one()
    left(desk)
    paper.cadre_id = desk.cast["CB002"]
    desk.session.flush()
    desk.says("CB002", "VB-1 nội dung chỉ người theo dõi nay mới góp")

    said = desk.words("CB001", "VB-1")

    assert "nên nêu rõ nguồn vốn" in said
    assert "nay mới góp" not in said
    assert desk.words("CB001", "VB-1 tôi góp thêm") != "Đã gửi ý kiến về VB-1 đến xã."
    assert desk.words("CB099", "VB-1") == "Không tìm thấy VB-1."
