"""The sample: a real province's structure, invented people, everything followed."""

import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlmodel import Session, col, select

from bot.roster.loading import import_roster
from bot.roster.sample import BEFORE, REFORM, sample, write_sample
from bot.roster.sheets import SHEETS
from bot.work.viewers import viewer_for
from storage import areas, assignments, people
from storage.database import Database
from storage.tables import Area, AreaSuccessor, Assignment, Case, Person, Visit
from tests.cast import NOW, TODAY

TREES = {"two levels": TODAY, "three levels": BEFORE}


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The samples of both trees, written once."""
    folder = tmp_path_factory.mktemp("samples")
    paths = {name: folder / f"{name}.xlsx" for name in TREES}
    write_sample(paths["two levels"])
    write_sample(paths["three levels"], "Bình Định", before_2025=True)
    return paths


@pytest.fixture(params=TREES)
def tree(request: pytest.FixtureRequest) -> str:
    """The name of a tree."""
    return str(request.param)


@pytest.fixture
def day(tree: str, db: Database, books: dict[str, Path]) -> date:
    """A day on which the imported sample has a tree of two or of three levels."""
    import_roster(db, books[tree], NOW)
    return TREES[tree]


def _person(session: Session, code: str) -> int:
    person = people.by_code(session, code)
    assert person is not None
    assert person.id is not None
    return person.id


def test_the_structure_is_that_of_the_province(db: Database, day: date) -> None:
    with db.reading() as session:
        counted = Counter(area.level for area in areas.listed(session, day))
    two, three = {"tinh": 1, "xa": 135}, {"tinh": 1, "huyen": 11, "xa": 155}
    assert counted == (three if day == BEFORE else two)


def test_no_commune_is_without_a_follower(db: Database, day: date) -> None:
    with db.reading() as session:
        assert assignments.unfollowed(session, day) == []
        followed = Counter(row.area_id for row in assignments.on(session, day, "theo_doi"))
    assert set(followed.values()) == {1}


def test_some_cadres_follow_several_communes(db: Database, day: date) -> None:
    with db.reading() as session:
        held = Counter(row.person_id for row in assignments.on(session, day, "theo_doi"))
    assert set(held.values()) == {1, 2}


def test_ten_members_share_all_communes(db: Database, day: date) -> None:
    with db.reading() as session:
        held = Counter(row.person_id for row in assignments.on(session, day, "phu_trach"))
        viewers = [viewer_for(session, person, day) for person in held]
        communes = {area.id for area in areas.communes(session, day)}
        shares = [viewer.in_charge & communes for viewer in viewers]
    assert len(held) == 10
    assert max(held.values()) - min(held.values()) <= 1
    assert sum(len(share) for share in shares) == len(communes)
    assert frozenset().union(*shares) == communes


def test_every_commune_has_a_seat_and_a_member_in_charge(db: Database, day: date) -> None:
    with db.reading() as session:
        for area in areas.communes(session, day)[::20]:
            assert area.id is not None
            assert len(people.seat(session, area.id, day)) == 1
            assert len(assignments.members_in_charge(session, area.id, day)) == 1
            assert len(assignments.followers(session, area.id, day)) == 1


def test_a_secretary_sees_the_own_commune_only(db: Database, day: date) -> None:
    with db.reading() as session:
        viewer = viewer_for(session, _person(session, "XA001"), day)
        (area,) = areas.by_ids(session, viewer.communes & _in_force(session, day)).values()
        person = people.by_code(session, "XA001")
    assert person is not None
    assert area.name.lower() in person.post.lower()
    assert not viewer.whole


def _in_force(session: Session, day: date) -> frozenset[int]:
    return frozenset(area.id for area in areas.listed(session, day) if area.id is not None)


def test_the_offices_see_everything(db: Database, day: date) -> None:
    with db.reading() as session:
        codes = ["TT01", "TT02", "TT03", "VP01", "VP02", "TC01"]
        viewers = [viewer_for(session, _person(session, code), day) for code in codes]
        administrator = viewer_for(session, _person(session, "QT01"), day)
    assert all(viewer.everywhere for viewer in viewers)
    assert not administrator.areas


def test_people_are_plainly_invented_and_no_case_is_in_a_real_commune(
    db: Database, day: date
) -> None:
    with db.reading() as session:
        names = [person.full_name for person in people.everybody(session)]
        assert not session.exec(select(Case)).all()
        assert not session.exec(select(Visit)).all()
    assert all(re.search(r" \d{2,3}$|^Bí thư ", name) for name in names)


def test_old_communes_have_successors_and_these_are_followed_afterwards(
    db: Database, books: dict[str, Path]
) -> None:
    import_roster(db, books["three levels"], NOW)
    with db.reading() as session:
        links = session.exec(select(AreaSuccessor)).all()
        old = select(Area).where(Area.level == "xa", Area.valid_to == BEFORE)
        ended = session.exec(old).all()
        assert len(ended) == 155
        assert {link.old_id for link in links} == {area.id for area in ended}
        assert areas.listed(session, BEFORE, "tinh") != areas.listed(session, REFORM, "tinh")
        for day in (BEFORE, REFORM, TODAY):
            assert assignments.unfollowed(session, day) == []
        seat = viewer_for(session, _person(session, "XA156"), TODAY)
        (here,) = seat.communes & _in_force(session, TODAY)
        made_of = {area.id for area in areas.predecessors(session, here)}
    assert made_of
    assert made_of <= seat.communes


def test_after_the_reform_nobody_is_assigned_a_district(
    db: Database, books: dict[str, Path]
) -> None:
    result = import_roster(db, books["three levels"], NOW)
    with db.reading() as session:
        found = select(Area.level).where(
            col(Area.id).in_([row.area_id for row in assignments.on(session, TODAY)])
        )
        assert set(session.exec(found)) == {"xa"}
        last = session.exec(select(Assignment).where(Assignment.to_date == BEFORE)).all()
    assert len(last) == 155 + 11
    assert result.warnings == ()
    assert BEFORE + timedelta(days=1) == REFORM


def test_the_workbook_opens_with_a_guide_and_frozen_headings(books: dict[str, Path]) -> None:
    book = load_workbook(books["two levels"])
    assert book.sheetnames == ["huong_dan", *(sheet.name for sheet in SHEETS)]
    for sheet in SHEETS:
        page = book[sheet.name]
        assert page.freeze_panes == "A2"
        assert [cell.value for cell in page[1]] == [column.name for column in sheet.columns]


@pytest.mark.parametrize("name", ["Đồng Tháp", "dong thap", "Tỉnh Đồng Tháp", "Hồ Chí Minh"])
def test_any_of_the_provinces_can_be_asked_for(name: str) -> None:
    made = sample(name)
    assert made.count("dia_ban") > 50
    committee = {row["khoa"]: row["gia_tri"] for row in made.rows["cai_dat"]}["ten_tinh_uy"]
    assert committee == ("Thành ủy" if "Minh" in name else "Tỉnh ủy")


def test_an_unknown_province_is_told_which_there_are() -> None:
    with pytest.raises(LookupError, match=r'Không có tỉnh "Bình Định".*Gia Lai'):
        sample("Bình Định")


def test_the_sample_of_each_tree_goes_in_once(
    db: Database, day: date, tree: str, books: dict[str, Path]
) -> None:
    again = import_roster(db, books[tree], NOW)
    assert not again.changed
    with db.reading() as session:
        codes = [person.code for person in session.exec(select(Person))]
    assert len(codes) == len(set(codes))
