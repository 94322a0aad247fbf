"""The tree of areas, of two and of three levels."""

from datetime import date

import pytest
from sqlmodel import Session

from storage import areas
from storage.database import Database
from storage.tables import Area, AreaSuccessor
from tests.cast import TODAY, Cast, cast


def _districts(session: Session, people: Cast, levels: int) -> None:
    """Put a district between the province and its communes when three levels are asked for."""
    if levels == 2:
        return
    district = Area(code="H1", name="Huyện Mẫu", level="huyen", parent_id=people.area["TINH"])
    session.add(district)
    session.flush()
    for commune in areas.communes(session, TODAY):
        commune.parent_id = district.id
    session.flush()


@pytest.mark.parametrize("levels", [2, 3])
def test_everything_lies_below_the_province(db: Database, levels: int) -> None:
    with db.writing() as session:
        people = cast(session)
        _districts(session, people, levels)
        assert set(people.area.values()) <= areas.below(session, people.area["TINH"])
        assert areas.below(session, people.area["HOAMAU"]) == {people.area["HOAMAU"]}


@pytest.mark.parametrize("levels", [2, 3])
def test_the_line_goes_up_to_the_province(db: Database, levels: int) -> None:
    with db.writing() as session:
        people = cast(session)
        _districts(session, people, levels)
        line = areas.line(session, people.area["HOAMAU"])
    assert (line[0], line[-1], len(line)) == (people.area["HOAMAU"], people.area["TINH"], levels)


def test_areas_come_in_the_order_of_the_official_list(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        named = [area.code for area in areas.communes(session, TODAY)]
        asked = areas.by_ids(session, [people.area["LONGMAU"], people.area["HOAMAU"]])
    assert named == ["HOAMAU", "TANMAU", "LONGMAU"]
    assert [area.code for area in asked.values()] == ["HOAMAU", "LONGMAU"]


def test_an_area_is_listed_from_its_first_to_its_last_day(db: Database) -> None:
    first, last = date(2020, 1, 1), date(2025, 6, 30)
    with db.writing() as session:
        session.add(Area(code="CU", name="Xã Cũ", level="xa", valid_from=first, valid_to=last))
        session.flush()
        days = [date(2019, 12, 31), first, last, date(2025, 7, 1)]
        assert [len(areas.listed(session, day)) for day in days] == [0, 1, 1, 0]


def test_an_old_area_may_have_several_successors(db: Database) -> None:
    with db.writing() as session:
        people = cast(session)
        old = Area(code="CU", name="Xã Cũ", level="xa")
        session.add(old)
        session.flush()
        assert old.id is not None
        for code in ("TANMAU", "HOAMAU"):
            session.add(AreaSuccessor(old_id=old.id, new_id=people.area[code]))
        session.flush()
        new = [area.code for area in areas.successors(session, old.id)]
        before = [area.code for area in areas.predecessors(session, people.area["HOAMAU"])]
    assert (new, before) == (["HOAMAU", "TANMAU"], ["CU"])
