"""Statements run on the driver itself behave as they would through SQLAlchemy."""

import contextlib
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.exc import IntegrityError, InvalidRequestError
from sqlmodel import Session

from storage import claims, counters, drafts, inbox
from storage.database import Database
from storage.prepared import Prepared, word
from storage.tables import Area, Setting, metadata

AT = datetime(2026, 11, 24, 1, 15, tzinfo=UTC)
area = metadata.tables["area"]
setting = metadata.tables["setting"]

NAMED = Prepared(select(area.c.id, area.c.name).where(area.c.code == bindparam("code")))
PUT = Prepared(
    insert(setting).values(
        key=bindparam("key"), from_date=bindparam("day"), value=bindparam("value")
    )
)
SETTINGS = Prepared(select(setting).order_by(setting.c.key))


def _area(session: Session, code: str) -> None:
    session.add(Area(code=code, name="Xã Hòa Mẫu", level="xa"))
    session.flush()


def test_rows_have_their_columns_as_attributes(db: Database) -> None:
    with db.writing() as session:
        _area(session, "X")
        found = NAMED.first(session.connection(), code="X")
        assert found is not None
        assert (found.id, found.name) == (1, "Xã Hòa Mẫu")
        assert NAMED.first(session.connection(), code="Y") is None


def test_days_and_json_go_in_and_come_out_as_python_means_them(db: Database) -> None:
    rows = [
        {"key": "a", "day": date(2026, 11, 24), "value": ["xã", 1]},
        {"key": "b", "day": date(2026, 11, 25), "value": {"gio": "07:15"}},
    ]
    with db.connection() as connection:
        PUT.run_each(connection, rows)
        found = [tuple(row) for row in SETTINGS.all(connection)]
    assert found == [tuple(row.values()) for row in rows]
    with db.reading() as session:
        assert session.get(Setting, ("b", date(2026, 11, 25))) is not None


def test_a_broken_rule_is_told_as_by_sqlalchemy_without_what_people_wrote(db: Database) -> None:
    row = {"key": "a", "day": date(2026, 11, 24), "value": "lời của dân"}
    with pytest.raises(IntegrityError) as caught, db.connection() as connection:
        PUT.run_each(connection, [row, row])
    assert "lời của dân" not in str(caught.value)
    with db.connection() as connection:
        assert SETTINGS.all(connection) == []


def test_it_begins_a_transaction_as_an_execution_would(db: Database) -> None:
    row = {"key": "a", "day": date(2026, 11, 24), "value": 1}
    with db.engine.connect() as connection:
        PUT.run(connection, **row)
        connection.rollback()
        PUT.run(connection, **row)
        connection.commit()
    with db.connection() as connection:
        assert len(SETTINGS.all(connection)) == 1


def test_nothing_is_written_outside_a_transaction_that_was_undone(db: Database) -> None:
    def carry_on() -> None:
        with db.writing() as session:
            _area(session, "X")
            with contextlib.suppress(IntegrityError):
                _area(session, "X")
            session.rollback()
            PUT.run(session.connection(), key="a", day=date(2026, 11, 24), value=1)

    with pytest.raises(InvalidRequestError):
        carry_on()
    with db.connection() as connection:
        assert SETTINGS.all(connection) == []


def test_a_savepoint_takes_back_what_went_to_the_driver(db: Database) -> None:
    with db.writing() as session:
        assert counters.next_number(session, "CS") == 1
        savepoint = session.begin_nested()
        assert counters.next_number(session, "CS") == 2
        _area(session, "X")
        savepoint.rollback()
        assert NAMED.first(session.connection(), code="X") is None
    with db.writing() as session:
        assert counters.next_number(session, "CS") == 2


def test_a_word_is_letters_alone() -> None:
    with pytest.raises(ValueError, match="open"):
        word("open' OR 'a' = 'a")


HOT = {
    "oldest": inbox._OLDEST,
    "open": drafts._OPEN,
    "outbox": claims._CANDIDATES,
}


@pytest.mark.parametrize("name", HOT)
def test_what_every_message_asks_is_found_by_an_index(name: str, db: Database) -> None:
    if not db.sqlite:
        pytest.skip("PostgreSQL reads a table whole while it is small")
    values = {"at": AT, "account_id": 1, "person_id": 1, "real": AT, "bot": "telegram:1"}
    values |= {"priority": -1, "id": 0, "most": 1}
    with db.connection() as connection:
        HOT[name].all(connection, **values)
        plan = connection.execute(
            text(f"EXPLAIN QUERY PLAN {HOT[name].sql(connection)}".replace("?", "NULL"))
        )
        whole = [
            row.detail
            for row in plan
            if row.detail.startswith("SCAN") and "USING" not in row.detail
        ]
    assert whole == []


def test_the_orm_and_the_driver_share_one_transaction(db: Database) -> None:
    def break_off() -> None:
        with db.writing() as session:
            _area(session, "X")
            PUT.run(session.connection(), key="a", day=date(2026, 11, 24), value=1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    with db.reading() as session:
        assert NAMED.all(session.connection(), code="X") == []
        assert SETTINGS.all(session.connection()) == []


def test_what_the_orm_still_holds_is_written_at_the_end(db: Database) -> None:
    with db.writing() as session:
        session.add(Area(code="X", name="Xã Hòa Mẫu", level="xa"))
    with db.reading() as session:
        assert NAMED.first(session.connection(), code="X") is not None
