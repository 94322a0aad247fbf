"""Numbers of codes are given out once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.counters import next_number, next_numbers
from storage.database import Database


def test_each_series_counts_for_itself(db: Database) -> None:
    with db.writing() as session:
        assert [next_number(session, "CS") for _ in range(3)] == [1, 2, 3]
        assert next_number(session, "KN") == 1


def test_a_number_goes_on_in_the_next_transaction(db: Database) -> None:
    for expected in (1, 2):
        with db.writing() as session:
            assert next_number(session, "CS") == expected


def test_many_numbers_come_in_a_row(db: Database) -> None:
    with db.writing() as session:
        next_number(session, "CS")
        assert list(next_numbers(session, "CS", 3)) == [2, 3, 4]
        assert next_number(session, "CS") == 5


def test_a_transaction_that_fails_gives_its_number_back(db: Database) -> None:
    def fail() -> None:
        with db.writing() as session:
            next_number(session, "CS")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with db.writing() as session:
        assert next_number(session, "CS") == 1


def test_two_at_once_never_get_the_same_number(db: Database) -> None:
    def take(_: int) -> int:
        with db.writing() as session:
            return next_number(session, "CS")

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(40))) == list(range(1, 41))
