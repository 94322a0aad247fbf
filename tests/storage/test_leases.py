import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta

from storage import leases
from storage.database import Database

AT = datetime(2026, 11, 24, tzinfo=UTC)


def hold(db: Database, holder: str, at: datetime = AT) -> bool:
    with db.connection() as c:
        return leases.hold(c, "send telegram:1", holder, seconds=20, real=at)


def test_a_post_has_one_holder_who_may_keep_it(db: Database) -> None:
    assert hold(db, "elsewhere:1:a:1")
    assert not hold(db, "elsewhere:2:b:1")
    assert hold(db, "elsewhere:1:a:1", AT + timedelta(seconds=15))
    assert not hold(db, "elsewhere:2:b:1", AT + timedelta(seconds=30))


def test_a_post_whose_time_is_over_goes_to_another(db: Database) -> None:
    assert hold(db, "elsewhere:1:a:1")
    assert hold(db, "elsewhere:2:b:1", AT + timedelta(seconds=21))
    assert not hold(db, "elsewhere:1:a:1", AT + timedelta(seconds=22))


def test_a_post_given_back_is_free_at_once(db: Database) -> None:
    assert hold(db, "elsewhere:1:a:1")
    with db.connection() as c:
        leases.release(c, "send telegram:1", "elsewhere:2:b:1")
        assert leases.holder_of(c, "send telegram:1", AT) == "elsewhere:1:a:1"
        leases.release(c, "send telegram:1", "elsewhere:1:a:1")
        assert leases.holder_of(c, "send telegram:1", AT) is None
    assert hold(db, "elsewhere:2:b:1")


def test_a_process_of_this_machine_that_died_holds_nothing(db: Database) -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert hold(db, f"{socket.gethostname()}:{child.pid}:a:1")
    assert hold(db, leases.new_holder())


def test_a_process_that_was_started_again_under_the_same_number_takes_its_post_back(
    db: Database,
) -> None:
    assert hold(db, f"{socket.gethostname()}:{os.getpid()}:earlier:1")
    assert hold(db, leases.new_holder())


def test_two_posts_in_one_process_are_two_holders(db: Database) -> None:
    assert hold(db, leases.new_holder())
    assert not hold(db, leases.new_holder())
    assert not hold(db, f"{socket.gethostname()}:{os.getppid()}:a:1")
