"""The service's clock and who may move it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.work import clock
from storage.database import Database
from storage.settings import put
from storage.tables import Inbox

CLOSE = timedelta(seconds=5)
LATER = datetime(2027, 2, 6, 0, 15, tzinfo=UTC)


def test_an_ordinary_database_shows_real_time(db: Database) -> None:
    assert abs(clock.now(db) - datetime.now(UTC)) < CLOSE
    assert clock.now(db).tzinfo is UTC


def test_a_demo_can_move_its_clock_and_time_goes_on_from_there(db: Database) -> None:
    with db.writing() as session:
        clock.mark_as_demo(session)
        clock.move(session, LATER)
    with db.reading() as session:
        assert LATER <= clock.now(session) < LATER + CLOSE
    assert abs(clock.real() - datetime.now(UTC)) < CLOSE


def test_a_demo_can_move_its_clock_again(db: Database) -> None:
    with db.writing() as session:
        clock.mark_as_demo(session)
        clock.move(session, LATER)
        clock.mark_as_demo(session)
        clock.move(session, LATER + timedelta(days=1))
    assert LATER + timedelta(days=1) <= clock.now(db) < LATER + timedelta(days=1) + CLOSE


def test_the_clock_of_a_real_database_is_not_moved(db: Database) -> None:
    with db.writing() as session, pytest.raises(clock.ClockRefused):
        clock.move(session, LATER)


def test_an_offset_put_there_by_hand_stops_the_service(db: Database) -> None:
    with db.writing() as session:
        put(session, clock.OFFSET, 3600, date(2026, 1, 1))
    with pytest.raises(clock.ClockRefused, match="không phải bản thử"):
        clock.now(db)


def test_a_database_people_wrote_to_never_becomes_a_demo(db: Database) -> None:
    with db.writing() as session:
        session.add(Inbox(bot="telegram:1", external_id="7", payload={}, received_at=LATER))
    with db.writing() as session, pytest.raises(clock.ClockRefused):
        clock.mark_as_demo(session)
