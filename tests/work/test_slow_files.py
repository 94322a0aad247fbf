"""A file that is slow to make is made while nothing holds the database."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import select

from bot import files
from bot.desk import compiling
from bot.rules.periods import period
from bot.work.receive import handle_next
from storage.database import Database
from storage.tables import Outbox
from tests.cast import NOW, cast
from tests.work.inbox import BOT, channel, linked, take_in, text

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
VP01 = 1


@pytest.fixture
def db_with_summary(db: Database, tmp_path: Path) -> Iterator[Database]:
    files.use(tmp_path / "files")
    with db.writing() as session:
        everybody = cast(session)
        session.add(linked(everybody["VP01"], VP01))
        october = period("month", 2026, 10)
        at = NOW - timedelta(days=10)
        compiling.keep(session, compiling.snapshots_of(session, october, at), at)
    yield db
    files.use(Path("files"))


def test_the_chart_is_drawn_between_two_transactions(
    db_with_summary: Database, tmp_path: Path
) -> None:
    ended: list[tuple[str, bool]] = []

    def note(how: str) -> None:
        ended.append((how, any((tmp_path / "files").rglob("*.png"))))

    db = db_with_summary
    take_in(db, text(VP01, "/tonghop 2026-10 tinh bieudo"))
    event.listen(db.engine, "rollback", lambda _: note("rolled back"))
    event.listen(db.engine, "commit", lambda _: note("committed"))
    assert handle_next(db, {BOT: channel()})
    assert ended == [("rolled back", False), ("committed", True)]
    with db.reading() as session:
        [answer] = session.exec(select(Outbox)).all()
    assert answer.body["text"].startswith("Biểu đồ tổng hợp tháng 10/2026.")


def test_word_and_excel_are_both_made_there(db_with_summary: Database, tmp_path: Path) -> None:
    db = db_with_summary
    take_in(db, text(VP01, "/tonghop 2026-10 tinh tep"))
    assert handle_next(db, {BOT: channel()})
    kept = {path.suffix for path in (tmp_path / "files").rglob("*") if path.is_file()}
    assert kept == {".docx", ".xlsx", ".png"}


@pytest.mark.parametrize(("part", "made"), [("bieudo", 1), ("tep", 3)])
def test_what_was_counted_only_for_this_message_is_made_between_transactions_too(
    db_with_summary: Database, tmp_path: Path, part: str, made: int
) -> None:
    held: list[int] = []
    db = db_with_summary

    def note(_: object) -> None:
        held.append(sum(path.is_file() for path in (tmp_path / "files").rglob("*")))

    take_in(db, text(VP01, f"/tonghop từ 5/9 đến 20/10 {part}"))
    event.listen(db.engine, "rollback", note)
    event.listen(db.engine, "commit", note)
    assert handle_next(db, {BOT: channel()})
    assert held == list(range(made + 1))  # each while nothing was held
    with db.reading() as session:
        [answer] = session.exec(select(Outbox)).all()
    assert len(answer.body["files"]) == made


def test_a_file_is_made_once_and_whole(db_with_summary: Database) -> None:
    def make() -> bytes:
        made.append(1)
        return b"x"

    made: list[int] = []
    with files.not_while_held(), pytest.raises(files.Slow) as slow:
        files.made("a/b.bin", make)
    assert made == []
    slow.value.make()
    with files.not_while_held():
        assert files.made("a/b.bin", make).read_bytes() == b"x"
    assert made == [1]
