"""Địa bàn phụ trách: how many there are, what stands out among them, which have no visit yet."""

from collections.abc import Iterator
from datetime import date

import pytest

from storage.database import Database
from storage.tables import Area, Assignment, Case
from tests.cast import cast
from tests.desk.saying import Desk

BEGUN = date(2021, 4, 29)


@pytest.fixture
def desk(db: Database) -> Iterator[Desk]:
    """The member in charge of three communes more, which CB002 follows."""
    with db.writing() as session:
        people = cast(session)
        parent = session.get_one(Area, people.area["HOAMAU"]).parent_id
        for number in range(1, 4):
            area = Area(
                code=f"X{number}",
                name=f"Xã Mẫu {number}",
                level="xa",
                place=90 + number,
                parent_id=parent,
                valid_from=BEGUN,
            )
            session.add(area)
            session.flush()
            for code, kind in (("CB002", "theo_doi"), ("UV01", "phu_trach")):
                session.add(
                    Assignment(
                        person_id=people[code],
                        area_id=area.id or 0,
                        regulation_id=1,
                        kind=kind,
                        from_date=BEGUN,
                    )
                )
        session.flush()
        yield Desk(session, people)


def raised(desk: Desk, number: int, area: str, field: str) -> None:
    desk.session.add(
        Case(
            number=number,
            area_id=desk.cast.area[area],
            field_id=desk.cast.field[field],
            raised_by_id=desk.cast["CB001"],
            source="can_bo",
            text="Đề nghị giải quyết.",
            state="with_member",
            owner_id=desk.cast["UV01"],
            due_on=date(2026, 12, 3),
            raised_at=desk.at,
        )
    )
    desk.session.flush()


def labels(desk: Desk, who: str, text: str) -> list[str]:
    [said] = desk.says(who, text)
    return [option.label for row in said.rows for option in row]


def test_what_has_no_visit_yet_opens_from_the_list(desk: Desk) -> None:
    assert "6 địa bàn chưa ghi nhận" in labels(desk, "UV01", "diaban")
    [said] = desk.says("UV01", "diaban chưa ghi nhận")
    assert said.text == "6 địa bàn chưa ghi nhận, đến 24/11"
    assert [row[0].label for row in said.rows][-4:] == [
        "Xã Mẫu 1",
        "Xã Mẫu 2",
        "Xã Mẫu 3",
        "Tất cả địa bàn",
    ]


def test_a_field_of_work_stands_out_when_it_concerns_several_areas(desk: Desk) -> None:
    raised(desk, 901, "HOAMAU", "MC")
    raised(desk, 902, "HOAMAU", "MC")
    raised(desk, 903, "TANMAU", "GD")
    assert "Nổi lên" not in desk.words("UV01", "diaban")
    raised(desk, 904, "LONGMAU", "GD")
    assert desk.words("UV01", "diaban").endswith(
        "Kiến nghị đang giải quyết: 4, quá hạn: 0\nNổi lên: giáo dục (2 địa bàn)"
    )
    assert "Nổi lên" not in desk.words("CB002", "diaban")
