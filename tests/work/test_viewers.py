"""Who sees what: the matrix of roles, on trees of two and of three levels."""

from datetime import date

import pytest
from sqlmodel import Session, select

from bot.work.viewers import viewer_for
from storage.database import Database
from storage.scope import Viewer
from storage.tables import Area, AreaSuccessor, Assignment, Role
from tests.cast import TODAY, Cast, cast

OFFICES = ["TT01", "VP01", "VP02", "TC01"]


def _see(session: Session, cast: Cast, code: str, day: date = TODAY) -> Viewer:
    return viewer_for(session, cast[code], day)


@pytest.mark.parametrize("code", OFFICES)
def test_offices_see_all_areas_whole(db: Database, code: str) -> None:
    with db.writing() as session:
        assert _see(session, cast(session), code).everywhere


@pytest.mark.parametrize("code", ["CB001", "UV01", "XA01", "GV01", "QT01", "CB099"])
def test_nobody_else_sees_everywhere(db: Database, code: str) -> None:
    with db.writing() as session:
        assert not _see(session, cast(session), code).everywhere


def test_a_follower_sees_followed_areas_whole(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        viewer = _see(session, people, "CB001")
    both = {people.area["HOAMAU"], people.area["TANMAU"]}
    assert viewer.whole == viewer.follows == both
    assert viewer.roles == {"theo_doi"}
    assert not viewer.communes


def test_a_member_in_charge_sees_the_areas_in_charge(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        viewer = _see(session, people, "UV01")
    assert viewer.in_charge == viewer.whole == set(people.area.values()) - {people.area["TINH"]}
    assert not viewer.follows


def test_a_commune_sees_its_own_area_and_not_whole(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        viewer = _see(session, people, "XA01")
    assert viewer.communes == {people.area["HOAMAU"]}
    assert not viewer.whole


def test_a_helper_sees_what_the_helped_person_sees_but_follows_nothing(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        viewer = _see(session, people, "GV01")
    assert viewer.helps == {people["CB001"]}
    assert viewer.whole == {people.area["HOAMAU"], people.area["TANMAU"]}
    assert (viewer.follows, viewer.roles) == (frozenset(), {"giup_viec"})


@pytest.mark.parametrize("code", ["QT01", "CB099"])
def test_the_administrator_and_the_outsider_see_nothing(db: Database, code: str) -> None:
    with db.writing() as session:
        viewer = _see(session, cast(session), code)
    assert not viewer.areas
    assert not viewer.helps


@pytest.mark.parametrize("role", ["kiem_tra", "giai_quyet"])
def test_a_handling_body_sees_no_area_by_its_role(db: Database, role: str) -> None:
    with db.writing() as session:
        people = cast(session)
        session.add(Role(person_id=people["CB099"], role=role, area_id=people.area["HOAMAU"]))
        session.flush()
        viewer = _see(session, people, "CB099")
    assert viewer.roles == {role}
    assert not viewer.areas


def test_a_helper_of_the_office_does_not_see_everywhere(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        session.add(Role(person_id=people["CB099"], role="giup_viec", helped_id=people["TT01"]))
        session.flush()
        assert not _see(session, people, "CB099").everywhere


def test_who_stopped_following_keeps_nothing_of_the_area(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        row = session.get(Assignment, people.assignment["CB001", "HOAMAU", "theo_doi"])
        assert row is not None
        row.to_date = date(2026, 11, 23)
        session.flush()
        assert _see(session, people, "CB001").whole == {people.area["TANMAU"]}
        assert people.area["HOAMAU"] in _see(session, people, "CB001", row.to_date).whole


def test_a_role_counts_from_its_first_to_its_last_day(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        days = {"from_date": date(2026, 11, 1), "to_date": date(2026, 11, 24)}
        session.add(Role(person_id=people["CB099"], role="tong_hop", **days))
        session.flush()
        seen = [
            _see(session, people, "CB099", date(2026, month, day)).everywhere
            for month, day in ((10, 31), (11, 1), (11, 24), (11, 25))
        ]
    assert seen == [False, True, True, False]


def test_in_charge_of_a_district_reaches_its_communes_and_villages(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        district = Area(code="H1", name="Huyện Mẫu", level="huyen", parent_id=people.area["TINH"])
        session.add(district)
        session.flush()
        _move(session, people.area["LONGMAU"], district.id)
        village = Area(code="T1", name="Thôn 1", level="thon", parent_id=people.area["LONGMAU"])
        session.add(village)
        session.add(_assigned(people, "CB099", district.id, "phu_trach"))
        session.flush()
        viewer = _see(session, people, "CB099")
    assert viewer.in_charge == {district.id, people.area["LONGMAU"], village.id}


def test_a_follower_of_a_commune_with_villages_still_follows_one_area(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        village = Area(code="T1", name="Thôn 1", level="thon", parent_id=people.area["LONGMAU"])
        session.add(village)
        session.flush()
        viewer = _see(session, people, "CB002")
    assert viewer.follows == {people.area["LONGMAU"]}
    assert viewer.whole == {people.area["LONGMAU"], village.id}


def test_an_office_role_over_one_district_sees_that_part_of_the_tree(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        session.add(Role(person_id=people["CB099"], role="tong_hop", area_id=people.area["HOAMAU"]))
        session.flush()
        viewer = _see(session, people, "CB099")
    assert (viewer.everywhere, viewer.whole) == (False, {people.area["HOAMAU"]})


def test_an_office_role_over_the_province_sees_everywhere(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        session.add(Role(person_id=people["CB099"], role="tong_hop", area_id=people.area["TINH"]))
        session.flush()
        assert _see(session, people, "CB099").everywhere


def test_a_merged_commune_finds_what_became_part_of_it(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        old = [Area(code=f"CU{n}", name=f"Xã Cũ {n}", level="xa") for n in (1, 2)]
        session.add_all(old)
        session.flush()
        _became(session, old[0].id, people.area["HOAMAU"])
        _became(session, old[1].id, old[0].id)
        seat, member = (_see(session, people, code) for code in ("XA01", "UV01"))
    former = {area.id for area in old}
    assert seat.communes == {people.area["HOAMAU"], *former}
    assert former < member.whole
    assert not former & member.in_charge


def _move(session: Session, area_id: int, parent_id: int | None) -> None:
    area = session.exec(select(Area).where(Area.id == area_id)).one()
    area.parent_id = parent_id
    session.flush()


def _became(session: Session, old_id: int | None, new_id: int | None) -> None:
    assert old_id is not None
    assert new_id is not None
    session.add(AreaSuccessor(old_id=old_id, new_id=new_id))
    session.flush()


def _assigned(people: Cast, code: str, area_id: int | None, kind: str) -> Assignment:
    assert area_id is not None
    return Assignment(
        person_id=people[code],
        area_id=area_id,
        regulation_id=people.regulation,
        kind=kind,
        from_date=date(2026, 1, 1),
    )
