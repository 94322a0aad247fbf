"""The log of who did what: one plain insert an act, a chain over it, and every tampering found."""

import random
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from storage import audit
from storage.audit import Head, entry
from storage.database import Database
from storage.seals import Keys, keys_for

NOW = datetime(2026, 11, 24, 9, 40, 1, 123456, tzinfo=UTC)
KEYS = keys_for("audit", ["a" * 32])
ROWS, UNCHAINED = 60, 5


@pytest.fixture(autouse=True)
def keys() -> Iterator[None]:
    audit.use(KEYS)
    yield
    audit.use(Keys())


def write(db: Database, count: int, first: int = 1) -> None:
    for number in range(first, first + count):
        with db.writing() as session:
            audit.through(session, "telegram", 1 + number % 7)
            at = NOW + timedelta(seconds=number)
            audit.note(session, "case.answer", "case", number, at=at)


def chain(db: Database) -> Head:
    with db.connection() as connection:
        while audit.chain(connection):
            pass
        return audit.head(connection)


def examine(db: Database, *known: Head) -> audit.Verdict:
    with db.reading() as session:
        return audit.examine(session.connection(), known)


def _note_and_fail(db: Database) -> None:
    with db.writing() as session:
        audit.note(session, "visit.file", "visit", 1, by=3, at=NOW)
        raise RuntimeError


def test_what_was_done_is_written_with_the_act_and_undone_with_it(db: Database) -> None:
    with pytest.raises(RuntimeError):
        _note_and_fail(db)
    with db.writing() as session:
        audit.through(session, "zalo", 9)
        audit.note(session, "visit.file", "visit", 2, at=NOW)
        audit.note(session, "visit.change", "visit", 2, by=3, at=NOW)
    with db.reading() as session:
        found = session.connection().execute(select(entry).order_by(entry.c.id)).all()
    assert [(row.verb, row.about_id, row.person_id, row.channel) for row in found] == [
        ("visit.file", 2, 9, "zalo"),
        ("visit.change", 2, 3, "zalo"),
    ]


def test_the_clock_chains_what_waits_and_says_how_much_does(db: Database) -> None:
    write(db, 7)
    assert (examine(db).chained, examine(db).waiting) == (0, 7)

    end = chain(db)

    assert end.place == 7
    write(db, 2, first=8)
    found = examine(db, end)
    assert (found.chained, found.waiting, found.broken) == (7, 2, "")
    assert chain(db).place == 9
    assert examine(db, end).broken == ""


def test_acts_at_the_same_time_do_not_wait_for_one_another(db: Database) -> None:
    """On PostgreSQL; on SQLite every writer waits for the one before it anyway."""
    if db.sqlite:
        pytest.skip("one writer")
    others_done = threading.Event()

    def other() -> None:
        write(db, 20, first=100)
        assert chain(db).place == 20
        others_done.set()

    with db.writing() as session:
        audit.note(session, "visit.file", "visit", 1, at=NOW)
        thread = threading.Thread(target=other)
        thread.start()
        assert others_done.wait(10), "an open transaction held up the others"
    thread.join()
    assert chain(db).place == 21  # its id is lower, its place comes last
    assert examine(db).broken == ""


Tamper = Callable[[Connection, random.Random], None]


def _ids(connection: Connection) -> list[int]:
    return list(connection.execute(select(entry.c.id).order_by(entry.c.id)).scalars())


def _row(connection: Connection, number: int) -> dict[str, Any]:
    return dict(connection.execute(select(entry).where(entry.c.id == number)).mappings().one())


def change(connection: Connection, luck: random.Random) -> None:
    """One column of one row."""
    number = luck.choice(_ids(connection))
    row = _row(connection, number)
    others: dict[str, Any] = {
        "at": row["at"] + timedelta(microseconds=luck.choice([1, 10**6])),
        "verb": row["verb"] + "x",
        "kind": "visit",
        "about_id": luck.choice([None, row["about_id"] + 1]),
        "person_id": luck.choice([None, row["person_id"] + 1]),
        "channel": "web",
        "nonce": row["nonce"][::-1],
        "mark": row["mark"][:-1] + ("0" if row["mark"][-1] != "0" else "1"),
        "id": 100_000 + number,
    }
    if row["place"] is None:
        del others["id"]  # nothing has vouched for it yet
    else:
        others["place"], others["link"] = 1000 + number, row["link"][::-1]
    name = luck.choice(sorted(others))
    connection.execute(update(entry).where(entry.c.id == number).values({name: others[name]}))


def remove(connection: Connection, luck: random.Random) -> None:
    """Some chained row, its place closed up by the rest or left open."""
    number = luck.randrange(1, ROWS + 1)
    connection.execute(delete(entry).where(entry.c.place == number))
    if luck.random() < 0.5:
        for place in range(number + 1, ROWS + 1):
            moved = update(entry).where(entry.c.place == place).values(place=place - 1)
            connection.execute(moved)


def cut(connection: Connection, luck: random.Random) -> None:
    """The last rows."""
    last = ROWS - luck.randrange(1, 10)
    connection.execute(delete(entry).where(entry.c.place > last))


def cut_all(connection: Connection, luck: random.Random) -> None:
    """Everything, or everything that is chained."""
    gone = delete(entry)
    connection.execute(gone if luck.random() < 0.5 else gone.where(entry.c.place.is_not(None)))


def add(connection: Connection, luck: random.Random) -> None:
    """A copy, or an invention, with a place or without."""
    row = _row(connection, luck.choice(_ids(connection)))
    row |= {"id": None, "nonce": f"{luck.getrandbits(64):016x}", "about_id": luck.randrange(999)}
    del row["id"]
    row["place"] = luck.choice([None, ROWS + 1, 5000])
    row["mark"] = luck.choice([row["mark"], "", FORGED.mark("x")])
    connection.execute(insert(entry).values(row))


def swap(connection: Connection, luck: random.Random) -> None:
    """Two rows change places."""
    one, other = luck.sample(range(1, ROWS + 1), 2)
    for old, new in ((one, 9999), (other, one), (9999, other)):
        connection.execute(update(entry).where(entry.c.place == old).values(place=new))


def rewrite(connection: Connection, luck: random.Random) -> None:
    """The tail anew, with good-looking marks and links of a key that is not ours."""
    last = ROWS - luck.randrange(1, 20)
    tail = entry.c.place > last
    gone = luck.choice(connection.execute(select(entry.c.id).where(tail)).scalars().all())
    connection.execute(update(entry).where(tail).values(place=None, link="", person_id=None))
    connection.execute(delete(entry).where(entry.c.id == gone))
    audit.use(FORGED)
    for row in connection.execute(select(entry).where(entry.c.place.is_(None))).mappings().all():
        mark = FORGED.mark(audit._said(row))
        connection.execute(update(entry).where(entry.c.id == row["id"]).values(mark=mark))
    audit.chain(connection)
    audit.use(KEYS)


FORGED = keys_for("audit", ["b" * 32])
WAYS: tuple[Tamper, ...] = (change, change, change, remove, cut, cut_all, add, swap, rewrite)


def test_every_change_insertion_and_deletion_is_found(
    db: Database, request: pytest.FixtureRequest
) -> None:
    """100 of them, 1,000 with --many; the log as it was is whole before and after."""
    write(db, ROWS)
    end = chain(db)
    write(db, UNCHAINED, first=ROWS + 1)
    luck = random.Random(7)
    missed = []
    for number in range(1000 if request.config.getoption("--many") else 100):
        tamper = WAYS[number % len(WAYS)]
        with db.connection() as connection:
            outer = connection.begin_nested()
            tamper(connection, luck)
            if not audit.examine(connection, [end]).broken:
                missed.append((number, tamper.__name__))
            outer.rollback()

    assert missed == []
    assert examine(db, end).broken == ""


def test_without_what_is_kept_outside_a_cut_tail_would_not_be_found(db: Database) -> None:
    write(db, ROWS)
    end = chain(db)
    with db.connection() as connection:
        connection.execute(delete(entry).where(entry.c.place > ROWS - 3))
    assert examine(db).broken == ""
    assert examine(db, end).broken == f"mất phần cuối: còn {ROWS - 3} dòng, mốc đã lưu {ROWS} dòng"


def test_a_seal_printed_under_a_report_is_enough(db: Database) -> None:
    write(db, 9)
    place, _, link = chain(db).seal.partition(":")
    write(db, 3, first=10)
    chain(db)
    assert examine(db, Head(int(place), link)).broken == ""
    assert "mốc" in examine(db, Head(int(place), link[::-1])).broken


def test_a_new_key_takes_over_and_the_old_one_still_vouches(db: Database) -> None:
    write(db, 4)
    chain(db)
    audit.use(Keys((*keys_for("audit", ["c" * 32]).secrets, *KEYS.secrets)))
    write(db, 4, first=5)
    chain(db)
    assert examine(db).broken == ""

    audit.use(keys_for("audit", ["c" * 32]))
    assert examine(db).broken == "dòng thứ 1 không khớp dấu nối"


def test_what_was_written_before_there_was_a_key_is_taken_as_it_is_once(db: Database) -> None:
    audit.use(Keys())
    write(db, 3)
    assert chain(db) == Head()
    audit.use(KEYS)
    assert examine(db).broken == ""
    assert chain(db).place == 3

    audit.use(Keys())
    write(db, 1, first=4)
    audit.use(KEYS)
    assert chain(db).place == 3
    assert "không do hệ thống ghi" in examine(db).broken
