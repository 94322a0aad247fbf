"""The clock's part of the log: its end is kept outside the database, and torn logs stay torn."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import delete

from bot import files
from bot.desk import compiling
from bot.messages import Rejected
from bot.rules.periods import period
from bot.work import auditing
from bot.work.auditing import DAYS, HEAD, chain_audit, examine
from storage import audit
from storage.audit import Head, entry
from storage.database import Database
from storage.seals import Keys, keys_for
from tests.cast import cast

NOW = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    files.use(tmp_path)
    audit.use(keys_for("audit", ["a" * 32]))
    yield tmp_path
    files.use(Path("files"))
    audit.use(Keys())


def write(db: Database, count: int) -> None:
    with db.writing() as session:
        for number in range(count):
            audit.note(session, "visit.file", "visit", number, by=1, at=NOW)


def test_a_pass_chains_and_keeps_the_end_and_each_day(db: Database, folder: Path) -> None:
    write(db, 3)
    assert chain_audit(db, NOW) == 3
    assert chain_audit(db, NOW) == 0
    write(db, 2)
    chain_audit(db, NOW + timedelta(hours=1))
    chain_audit(db, NOW + timedelta(days=1))

    assert (folder / HEAD).read_text().startswith("5 ")
    days = (folder / DAYS).read_text().splitlines()
    assert [line.split()[:2] for line in days] == [["2026-11-24", "3"], ["2026-11-25", "5"]]
    assert examine(db).broken == ""
    assert "Nguyên vẹn. Dấu cuối: 5:" in auditing.said(examine(db))


def test_a_long_log_is_chained_in_short_transactions(db: Database) -> None:
    write(db, audit.BATCH * 2 + 1)
    assert chain_audit(db, NOW) == audit.BATCH * 2 + 1
    assert examine(db).broken == ""


def test_two_passes_at_once_keep_the_newest_end_and_each_day_once(
    db: Database, folder: Path
) -> None:
    both = Barrier(2, timeout=30)

    def passes() -> None:
        for minute in range(10):
            write(db, 2)
            both.wait()
            chain_audit(db, NOW + timedelta(minutes=minute))

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(passes) for _ in range(2)]:
            done.result()
    chain_audit(db, NOW)
    assert (folder / HEAD).read_text().startswith("40 ")
    assert len((folder / DAYS).read_text().splitlines()) == 1
    assert sorted(path.name for path in (folder / HEAD).parent.iterdir()) == ["days", "head"]
    assert examine(db).broken == ""


def test_an_older_end_never_takes_the_place_of_a_newer_one(db: Database, folder: Path) -> None:
    write(db, 3)
    chain_audit(db, NOW)
    newest = (folder / HEAD).read_text()
    auditing._write(auditing.kept_outside(), Head(2, "a" * 64), NOW.date())
    assert (folder / HEAD).read_text() == newest


def test_a_cut_log_stays_cut_however_much_is_written_after(db: Database, folder: Path) -> None:
    write(db, 9)
    chain_audit(db, NOW)
    with db.connection() as connection:
        connection.execute(delete(entry).where(entry.c.place > 7))
    assert "mất phần cuối" in examine(db).broken

    write(db, 5)
    chain_audit(db, NOW + timedelta(days=1))

    assert "không khớp mốc" in examine(db).broken
    assert (folder / HEAD).read_text().startswith("9 ")


def test_taking_the_newest_end_away_is_found(db: Database, folder: Path) -> None:
    write(db, 4)
    chain_audit(db, NOW)
    (folder / HEAD).unlink()
    write(db, 1)
    chain_audit(db, NOW)
    assert HEAD in examine(db).broken


def test_the_seal_of_a_report_is_read_as_it_is_printed(db: Database) -> None:
    write(db, 4)
    chain_audit(db, NOW)
    seal = examine(db).end.seal
    assert examine(db, f" {seal} ").broken == ""
    assert examine(db, seal[:-1] + ("0" if seal[-1] != "0" else "1")).broken
    for wrong in ("4:", f"²:{seal.partition(':')[2]}"):
        with pytest.raises(Rejected, match="--seal"):
            examine(db, wrong)


def test_a_summary_carries_the_end_of_the_log_at_its_close(db: Database) -> None:
    with db.writing() as session:
        cast(session)
    write(db, 3)
    chain_audit(db, NOW)
    seal = examine(db).end.seal
    with db.writing() as session:
        october = period("month", 2026, 10)
        kept = compiling.keep(session, compiling.snapshots_of(session, october, NOW), NOW)
        assert {report.words["seal"] for report in kept} == {seal}
    assert examine(db, seal).broken == ""


def test_without_a_key_nothing_is_chained_and_nothing_is_kept(db: Database, folder: Path) -> None:
    audit.use(Keys())
    write(db, 2)
    assert chain_audit(db, NOW) == 0
    assert not (folder / HEAD).exists()
