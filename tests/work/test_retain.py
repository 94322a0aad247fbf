"""Words and files go when they were kept long enough; what still waits, and records, stay."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, update
from sqlmodel import col, select

from bot import files
from bot.work import clock
from bot.work.clock import ALWAYS
from bot.work.fetch import write_file
from bot.work.retain import ARRIVING, BATCH, delete_files, retain
from storage import attachments, retention, settings
from storage.attachments import Wanted
from storage.database import Database
from storage.tables import Account, Attachment, Delivery, Inbox, Outbox
from tests.cast import NOW, cast

DAY = timedelta(days=1)


@pytest.fixture
def account(db: Database, tmp_path: Path) -> Iterator[int]:
    files.use(tmp_path)
    with db.writing() as session:
        people = cast(session)
        row = Account(bot="telegram:1", external_id="1", person_id=people["CB001"])
        session.add(row)
        session.flush()
        number = row.id or 0
    yield number
    files.use(Path("files"))


def arrive(db: Database, account: int, count: int, at: datetime, state: str = "handled") -> None:
    with db.writing() as session:
        for number in range(count):
            name = f"{state} {at.isoformat()} {number}"
            words = {"text": "lời cũ"}
            row = Inbox(bot="b", external_id=name, payload=words, received_at=at)
            row.account_id, row.state = account, state
            session.add(row)


def leave(db: Database, account: int, at: datetime, state: str = "sent") -> None:
    with db.writing() as session:
        row = Outbox(kind="answer", body={"text": "lời cũ"}, state=state, created_at=at)
        row.account_id = account
        session.add(row)
        session.flush()
        session.add(Delivery(outbox_id=row.id or 0, part=0, account_id=account, external_id="9"))


def words(db: Database) -> list[str]:
    with db.reading() as session:
        came = session.exec(select(Inbox).order_by(col(Inbox.id))).all()
        went = session.exec(select(Outbox).order_by(col(Outbox.id))).all()
        return [row.payload.get("text", "") for row in came] + [row.body["text"] for row in went]


def test_words_older_than_the_province_keeps_are_gone_and_younger_ones_stay(
    db: Database, account: int
) -> None:
    arrive(db, account, 2, NOW - 181 * DAY)
    arrive(db, account, 1, NOW - 179 * DAY)
    leave(db, account, NOW - 181 * DAY)
    leave(db, account, NOW - 179 * DAY)
    retain(db, NOW)
    assert words(db) == ["", "", "lời cũ", "", "lời cũ"]
    with db.reading() as session:
        assert len(session.exec(select(Delivery)).all()) == 1
    retain(db, NOW + 2 * DAY)
    assert words(db) == [""] * 5


def test_what_still_waits_keeps_its_words(db: Database, account: int) -> None:
    arrive(db, account, 1, NOW - 400 * DAY, state="waiting")
    leave(db, account, NOW - 400 * DAY, state="waiting")
    retain(db, NOW)
    assert words(db) == ["lời cũ", "lời cũ"]


def test_a_pass_works_in_small_transactions_and_once_a_day(db: Database, account: int) -> None:
    arrive(db, account, BATCH * 2 + 5, NOW - 300 * DAY)
    commits: list[object] = []
    event.listen(db.engine, "commit", commits.append)
    assert retain(db, NOW) == BATCH * 2 + 5
    assert len(commits) >= 3 + 3 + 1  # three batches, a look at each other kind, the day itself
    assert retain(db, NOW + timedelta(hours=3)) == 0
    assert retain(db, NOW + DAY) == 0
    assert set(words(db)) == {""}


def test_the_office_says_how_long_and_nought_is_for_ever(db: Database, account: int) -> None:
    with db.writing() as session:
        settings.put(session, "giu_tin_den", 0, ALWAYS)
        settings.put(session, "giu_tin_di", 30, ALWAYS)
    arrive(db, account, 1, NOW - 4000 * DAY)
    leave(db, account, NOW - 31 * DAY)
    retain(db, NOW)
    assert words(db) == ["lời cũ", ""]


def attach(db: Database, path: str, at: datetime, about: str) -> None:
    files.place(path).write_bytes(b"x")
    os.utime(files.place(path), (at.timestamp(), at.timestamp()))
    with db.writing() as session:
        row = Attachment(bot="b", reference="r", kind="photo", about_kind=about, wanted_at=at)
        row.state, row.path = "stored", path
        session.add(row)


def test_files_go_when_nothing_needs_them_any_more(db: Database, account: int) -> None:
    attach(db, "aa/old.jpg", NOW - 1900 * DAY, "visit")
    attach(db, "bb/shared.jpg", NOW - 1900 * DAY, "visit")
    attach(db, "cc/loose.jpg", NOW - 200 * DAY, "")
    attach(db, "dd/kept.jpg", NOW - 200 * DAY, "visit")
    attach(db, "bb/shared.jpg", NOW - 10 * DAY, "visit")
    retain(db, NOW)
    there = {path for path in ("aa/old", "bb/shared", "cc/loose", "dd/kept") if _is(path)}
    assert there == {"bb/shared", "dd/kept"}


def test_content_that_came_again_before_its_file_was_deleted_stays(
    db: Database, account: int
) -> None:
    old = NOW - 1900 * DAY
    kept = {"aa/again.jpg": old, "bb/wanted.jpg": old, "cc/arriving.jpg": clock.real()}
    for path, touched in (kept | {"dd/gone.jpg": old}).items():
        attach(db, path, old, "visit")
        os.utime(files.place(path), (touched.timestamp(), touched.timestamp()))
    with db.connection() as connection:
        paths = list(retention.drop_files(connection, 0, NOW, BATCH, loose=False).paths)
    attach(db, "aa/again.jpg", old, "visit")
    with db.writing() as session:
        attachments.want(session, Wanted("page", "page:m:0:bb/wanted.jpg", "photo", NOW))
    delete_files(db, files.place, paths, arriving=ARRIVING)

    assert paths == [*sorted(kept), "dd/gone.jpg"]
    assert {path for path in paths if files.place(path).exists()} == set(kept)


def test_nothing_is_deleted_while_somebody_stores_it(db: Database, account: int) -> None:
    attach(db, "aa/same.jpg", NOW - 1900 * DAY, "visit")
    with db.connection() as connection:
        paths = retention.drop_files(connection, 0, NOW, BATCH, loose=False).paths
    with ThreadPoolExecutor(1) as pool:
        with db.connection() as connection:
            attachments.alone(connection)
            deleting = pool.submit(delete_files, db, files.place, paths)
            write_file(files.place("aa/same.jpg"), b"x")
            connection.execute(
                update(retention.attachment).values(state="stored", path="aa/same.jpg")
            )
        deleting.result(timeout=30)
    assert files.place("aa/same.jpg").exists()


def _is(name: str) -> bool:
    return files.place(f"{name}.jpg").exists()


def test_files_made_for_sending_go_and_the_ends_of_the_log_stay(db: Database, account: int) -> None:
    old = (NOW - 300 * DAY).timestamp()
    for path in ("slips/1/phieu.docx", "audit/days", "aa/photo.jpg"):
        files.place(path).write_bytes(b"x")
        os.utime(files.place(path), (old, old))
    retain(db, NOW)
    assert not files.place("slips/1/phieu.docx").exists()
    assert files.place("audit/days").exists()
    assert files.place("aa/photo.jpg").exists()
