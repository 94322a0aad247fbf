"""The database as tests and work meet it."""

import pytest
from sqlmodel import func, select

from storage.database import Database
from storage.tables import Area


@pytest.mark.parametrize("round_", [1, 2])
def test_every_test_begins_with_empty_tables_and_first_numbers(db: Database, round_: int) -> None:
    with db.writing() as session:
        session.add(Area(code="X", name="Xã Hòa Mẫu", level="xa"))
    with db.reading() as session:
        assert session.exec(select(Area.id)).all() == [1]


def test_a_block_that_raises_leaves_nothing_behind(db: Database) -> None:
    def break_off() -> None:
        with db.writing() as session:
            session.add(Area(code="X", name="Xã Hòa Mẫu", level="xa"))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    with db.reading() as session:
        assert session.exec(select(func.count()).select_from(Area)).one() == 0
