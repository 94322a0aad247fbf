"""Finding by words: without marks, newest first, within what the viewer sees, and at once."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlmodel import Session, col, select

from bot.rules.supports import read
from bot.words import fold
from storage import indexing, papers, search, supports, talks, visits
from storage.database import Database
from storage.scope import SYSTEM, Viewer
from storage.tables import (
    Area,
    Case,
    Directive,
    Exchange,
    Invitation,
    Paper,
    PaperComment,
    SearchText,
    Visit,
)
from storage.talks import Spoken
from tests.cast import NOW, TODAY, Cast, cast

MANY = 20_000
SOON = 0.1  # seconds, when the machine is not busy with other tests
LETTERS = st.text(alphabet="aăâđeêoôơuưyáàảãạcnt -ĐÐ.,/3", max_size=30)


@pytest.fixture
def session(db: Database) -> Iterator[Session]:
    with db.writing() as writing:
        yield writing


@pytest.fixture
def people(session: Session) -> Cast:
    return cast(session)


def found(session: Session, wanted: str, viewer: Viewer = SYSTEM) -> list[tuple[str, int]]:
    return [(hit.kind, hit.id) for hit in search.found(session, viewer, wanted, limit=9)]


def a_case(people: Cast, number: int, text: str) -> Case:
    return Case(
        number=number,
        area_id=people.area["HOAMAU"],
        raised_by_id=people["XA01"],
        text=text,
        source="cap_uy",
        state="with_member",
        raised_at=NOW + timedelta(minutes=number),
    )


def a_visit(people: Cast, number: int, **given: Any) -> dict[str, Any]:
    return {
        "number": number,
        "person_id": people["CB001"],
        "area_id": people.area["HOAMAU"],
        "visited_on": TODAY,
        "activity": "thon",
        "written_by_id": people["CB001"],
        "begun_at": NOW,
        "submitted_at": NOW,
        **given,
    }


def an_exchange(people: Cast) -> Exchange:
    return Exchange(
        number=0,
        area_id=people.area["HOAMAU"],
        cadre_id=people["CB001"],
        begun_by="cadre",
        begun_at=NOW,
        due_on=TODAY,
    )


def an_invitation(people: Cast, occasion: str) -> Invitation:
    return Invitation(
        number=0,
        area_id=people.area["HOAMAU"],
        cadre_id=people["CB001"],
        sent_by_id=people["XA01"],
        occasion=occasion,
        starts_at=NOW,
        sent_at=NOW,
    )


def test_words_are_found_without_marks_by_their_beginnings_and_all_of_them(
    session: Session, people: Cast
) -> None:
    session.add(a_case(people, 1, "Đề nghị sửa cầu thôn 3"))
    session.add(a_case(people, 2, "Sửa cầu thôn 30, đường liên thôn"))
    session.flush()

    assert found(session, "cau thon") == [("case", 2), ("case", 1)]
    assert found(session, "CẦU thôn 3") == [("case", 1)]  # a number is meant whole
    assert found(session, "de nghi su") == [("case", 1)]
    assert found(session, "Hòa Mẫu cầu") == [("case", 2), ("case", 1)]
    assert found(session, "ầu") == []
    assert found(session, "cầu huyện") == []
    assert found(session, " ,.! ") == []
    assert found(session, "cau' OR * \" ) & | ! :") == []


@given(LETTERS)
def test_words_are_those_that_all_comparison_goes_by(text: str) -> None:
    folded = "".join(letter if letter.isalnum() else " " for letter in fold(text))
    assert indexing.words_of(text) == folded.split()


def test_what_changes_is_found_by_its_new_words_only(session: Session, people: Cast) -> None:
    case = a_case(people, 1, "cầu treo")
    session.add(case)
    session.flush()
    case.text, case.answer = "trạm y tế", "bố trí bác sĩ"
    session.flush()

    assert found(session, "cầu") == []
    assert found(session, "trạm bác sĩ") == [("case", 1)]


def test_every_kind_is_found_however_it_was_written(session: Session, people: Cast) -> None:
    hoa, cadre, seat = people.area["HOAMAU"], people["CB001"], people["XA01"]
    visit = Visit(**a_visit(people, 1, situation="ruộng khô", advice="nạo vét mương"))
    visits.put(session, SYSTEM, visit)
    talk = talks.begin(session, an_exchange(people), Spoken("cadre", cadre, "ruộng ai cấy", NOW))
    talks.say(session, talk, Spoken("commune", seat, "hợp tác xã cấy", NOW))
    called = talks.invite(session, an_invitation(people, "bàn ruộng"))
    talks.answer(session, called, "written", "đồng tình", NOW)
    paper = papers.send(
        session,
        Paper(
            number=0,
            area_id=hoa,
            cadre_id=cadre,
            sent_by_id=seat,
            text="dự thảo về ruộng",
            sent_at=NOW,
            due_on=TODAY,
        ),
    )
    said = PaperComment(paper_id=paper.id or 0, by_id=cadre, text="nêu nguồn", at=NOW)
    papers.comment(session, paper, said)
    papers.answer(session, said, "explained", "chưa cân đối", by_id=seat, at=NOW)
    session.add(
        Directive(number=1, text="giữ ruộng lúa", issued_by_id=cadre, issued_at=NOW, due_on=TODAY)
    )
    session.flush()

    kinds = {"visit", "exchange", "invitation", "paper", "directive"}
    assert {kind for kind, _ in found(session, "ruộng")} == kinds
    assert found(session, "ruộng hợp tác") == [("exchange", 1)]
    assert found(session, "ruộng đồng tình") == [("invitation", 1)]
    assert found(session, "ruộng nguồn cân đối") == [("paper", 1)]


def test_a_commune_finds_a_visit_by_its_own_parts_only(session: Session, people: Cast) -> None:
    seat = Viewer(people["XA01"], communes=frozenset({people.area["HOAMAU"]}))
    other = Viewer(people["XA02"], communes=frozenset({people.area["TANMAU"]}))
    visit = Visit(**a_visit(people, 1, situation="khiếu kiện", advice="đối thoại"))
    visits.put(session, SYSTEM, visit)

    assert found(session, "đối thoại", seat) == [("visit", 1)]
    assert found(session, "khiếu kiện đối thoại", seat) == []
    assert found(session, "khiếu kiện đối thoại") == [("visit", 1)]
    assert found(session, "đối thoại", other) == []
    shared = session.exec(select(Visit)).one()
    shared.shared = True
    session.flush()
    assert found(session, "khiếu kiện đối thoại", seat) == [("visit", 1)]
    shared.withdrawn_at = NOW
    session.flush()
    assert found(session, "đối thoại", seat) == []


def test_help_that_a_slip_tells_of_is_found_until_it_is_taken_out(
    session: Session, people: Cast
) -> None:
    """By everybody who sees the slip, in whichever way it came to be written."""
    seat = Viewer(people["XA01"], communes=frozenset({people.area["HOAMAU"]}))
    other = Viewer(people["XA02"], communes=frozenset({people.area["TANMAU"]}))
    visits.put(session, SYSTEM, visit := Visit(**a_visit(people, 1, situation="mất mùa")))
    told = ["Công ty Mẫu tặng 2 nhà tình thương", "Hội Mẫu tặng 30 suất quà"]
    supports.put(session, SYSTEM, visit.id or 0, [read(text).to_json() for text in told], NOW)
    session.flush()

    for wanted in ("công ty nhà tình thương", "suất quà Hội Mẫu", "nhà tình thương suất quà"):
        assert found(session, wanted, seat) == found(session, wanted) == [("visit", 1)], wanted
        assert found(session, wanted, other) == []
    assert found(session, "mất mùa suất quà") == [("visit", 1)]
    assert found(session, "mất mùa suất quà", seat) == []
    before = written(session)
    indexing.fill(session.connection(), anew=True)
    assert written(session) == before

    supports.put(session, SYSTEM, visit.id or 0, [read(told[1]).to_json()], NOW)
    session.flush()
    assert found(session, "nhà tình thương") == []
    assert found(session, "suất quà", seat) == [("visit", 1)]


def test_filling_finds_what_was_written_past_it_and_writes_the_same(
    session: Session, people: Cast
) -> None:
    session.add(a_case(people, 1, "cầu treo"))
    session.flush()
    session.connection().execute(insert(Visit), [a_visit(people, 1, advice="cầu phao")])
    assert found(session, "cầu") == [("case", 1)]

    indexing.fill(session.connection())
    assert found(session, "cầu") == [("visit", 1), ("case", 1)]  # a day counts as its noon
    before = written(session)
    indexing.fill(session.connection(), anew=True)
    assert written(session) == before


def written(session: Session) -> list[tuple[object, ...]]:
    found = session.exec(select(SearchText).order_by(col(SearchText.id)))
    return [(row.id, row.kind, row.noun_id, row.part, row.words, row.at) for row in found]


def test_an_area_that_is_renamed_is_found_by_its_new_name(session: Session, people: Cast) -> None:
    session.add(a_case(people, 1, "cầu treo"))
    session.flush()
    area = session.exec(select(Area).where(Area.code == "HOAMAU")).one()
    area.name = "Xã Hòa Vang Mẫu"
    session.flush()
    indexing.fill(session.connection(), anew=True)
    assert found(session, "hoa vang") == [("case", 1)]


def test_pages_follow_each_other(session: Session, people: Cast) -> None:
    session.add_all(a_case(people, number, "cầu treo") for number in range(1, 20))
    session.flush()
    pages = [search.found(session, SYSTEM, "cầu", limit=8, offset=n) for n in (0, 8, 16)]
    assert [hit.id for page in pages for hit in page] == list(range(19, 0, -1))


def test_20_000_visits_answer_within_100_milliseconds(db: Database) -> None:
    """The commonest word, two, a rare one and none; for who sees all and for who sees little."""
    texts = ("họp thôn bàn cầu dân sinh", "họp chi bộ, đường hoa", "tiếp dân, hồ sơ đất đai")
    with db.writing() as session:
        people = cast(session)
        areas = list(people.area.values())[1:]
        rows = [
            a_visit(
                people,
                number,
                area_id=areas[number % 3],
                visited_on=TODAY - timedelta(days=number % 700),
                advice=f"{texts[number % 3]} hộ {number}",
                situation="tình hình ổn định",
            )
            for number in range(1, MANY + 1)
        ]
        session.connection().execute(insert(Visit), rows)
        indexing.fill(session.connection())
        if not db.sqlite:
            session.connection().exec_driver_sql("ANALYZE")
    seat = Viewer(people["XA01"], communes=frozenset({people.area["HOAMAU"]}))
    with db.reading() as session:
        for viewer in (SYSTEM, seat):
            for wanted in ("ho", "họp thôn", f"hộ {MANY}", "không thấy đâu"):
                assert any(_seconds(session, viewer, wanted) < SOON for _ in range(20)), wanted


def _seconds(session: Session, viewer: Viewer, wanted: str) -> float:
    began = time.perf_counter()
    search.found(session, viewer, wanted, limit=9)
    return time.perf_counter() - began
