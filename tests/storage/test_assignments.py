"""Who follows, who is in charge, and what a change of follower leaves behind."""

from datetime import date, timedelta

from sqlmodel import Session

from bot.work.viewers import viewer_for
from storage import areas, assignments
from storage.database import Database
from storage.tables import Area, Assignment
from tests.cast import TODAY, Cast, cast


def _codes(found: list[Area]) -> list[str]:
    return [area.code for area in found]


def _assignment(session: Session, people: Cast, *key: str) -> Assignment:
    row = session.get(Assignment, people.assignment[key[0], key[1], key[2]])
    assert row is not None
    return row


def test_followers_and_members_in_charge_of_an_area(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        here = people.area["HOAMAU"]
        assert [p.code for p in assignments.followers(session, here, TODAY)] == ["CB001"]
        assert [p.code for p in assignments.members_in_charge(session, here, TODAY)] == ["UV01"]


def test_the_nearest_member_above_is_in_charge(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        district = Area(code="H1", name="Huyện Mẫu", level="huyen", parent_id=people.area["TINH"])
        session.add(district)
        session.flush()
        village = Area(code="T1", name="Thôn 1", level="thon", parent_id=people.area["HOAMAU"])
        commune = areas.by_id(session, people.area["HOAMAU"])
        assert district.id is not None
        assert commune is not None
        commune.parent_id = district.id
        session.add(village)
        above = _assignment(session, people, "UV01", "LONGMAU", "phu_trach").model_copy(
            update={"id": None, "person_id": people["CB099"], "area_id": district.id}
        )
        session.add(Assignment(**above.model_dump()))
        session.flush()
        assert village.id is not None
        nearest = assignments.members_in_charge(session, village.id, TODAY)
        everybody = assignments.all_in_charge(session, village.id, TODAY)
    assert [p.code for p in nearest] == ["UV01"]
    assert [p.code for p in everybody] == ["UV01", "CB099"]


def test_a_commune_that_nobody_follows_is_found(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        assert assignments.unfollowed(session, TODAY) == []
        _assignment(session, people, "CB002", "LONGMAU", "theo_doi").to_date = date(2026, 11, 20)
        session.flush()
        assert _codes(assignments.unfollowed(session, TODAY)) == ["LONGMAU"]
        assert assignments.unfollowed(session, date(2026, 11, 20)) == []


def test_after_a_change_of_follower_only_the_new_one_follows(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        here = people.area["HOAMAU"]
        old = _assignment(session, people, "CB001", "HOAMAU", "theo_doi")
        assignments.hand_over(session, old, people["CB002"], TODAY)
        yesterday = TODAY - timedelta(days=1)
        assert [p.code for p in assignments.followers(session, here, yesterday)] == ["CB001"]
        assert [p.code for p in assignments.followers(session, here, TODAY)] == ["CB002"]
        assert here not in viewer_for(session, people["CB001"], TODAY).areas
        assert here in viewer_for(session, people["CB002"], TODAY).follows


def test_a_change_on_the_first_day_leaves_no_empty_assignment(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        old = _assignment(session, people, "CB001", "HOAMAU", "theo_doi")
        new = assignments.hand_over(session, old, people["CB002"], old.from_date)
        same_day = assignments.overlapping(session, new.from_date, new.from_date, "theo_doi")
        assert [row.person_id for row in same_day if row.area_id == new.area_id] == [
            people["CB002"]
        ]


def test_areas_of_people_come_in_the_official_order(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        held = assignments.areas_of(session, [people["CB001"], people["CB099"]], TODAY)
        mine = assignments.of_person(session, people["CB001"], TODAY)
    assert {person: _codes(found) for person, found in held.items()} == {
        people["CB001"]: ["HOAMAU", "TANMAU"]
    }
    assert [row.area_id for row in mine] == [people.area["HOAMAU"], people.area["TANMAU"]]


def test_cadences_name_their_regulation(db: Database) -> None:
    with db.writing() as session:
        cast(session)
        assert [(c.unit, number) for c, number in assignments.cadences(session)] == [
            ("thang", "02-QĐ/TU")
        ]
