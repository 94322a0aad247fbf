"""A backup taken while people write comes back with every row and every file."""

import json
import threading
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from bot.work.backup import LAST, BackupRefused, backup, digests, restore
from storage import migrate
from storage.database import Database
from storage.settings import value
from storage.tables import Area, Attachment, Inbox, Outbox, Person, Setting, Visit

AT = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)
PHOTO = bytes(range(256)) * 4096


@pytest.fixture
def full(laid: Database, tmp_path: Path) -> Database:
    """A migrated database with rows that point to each other, and a photo."""
    with laid.writing() as session:
        session.add(Area(id=2, code="T", name="Tỉnh Mẫu", level="tinh"))
        session.flush()
        session.add(Area(id=1, code="HM", name="Xã Hòa Mẫu", level="xa", parent_id=2))
        session.add(Person(code="CB001", full_name="Nguyễn Văn Mẫu"))
        session.add(Setting(key="gio_yen", from_date=date(2026, 1, 1), value=["19:00", "06:30"]))
        session.flush()
        session.add(_visit(1))
        session.add(
            Attachment(bot="t:1", reference="r", kind="photo", state="stored", wanted_at=AT)
        )
        session.add(_answer(1))
        session.flush()
        session.add(_answer(2, replaces_id=1))
    (tmp_path / "files/a").mkdir(parents=True)
    (tmp_path / "files/a/b").write_bytes(PHOTO)
    return laid


def _visit(number: int) -> Visit:
    return Visit(
        number=number,
        person_id=1,
        area_id=1,
        visited_on=date(2026, 11, 24),
        activity="hop_cap_uy",
        situation="Tình hình chung ổn định.\nKhu tái định cư giao đất còn chậm",
        latitude=13.78,
        written_by_id=1,
        begun_at=AT,
        submitted_at=AT,
    )


def _answer(id_: int, replaces_id: int | None = None) -> Outbox:
    body = {"text": "Đã lưu phiếu CS-1437", "rows": []}
    return Outbox(id=id_, kind="receipt", body=body, created_at=AT, replaces_id=replaces_id)


def test_it_comes_back_with_every_row_and_every_file(
    full: Database, bare: Database, tmp_path: Path
) -> None:
    archive = backup(full, tmp_path / "files", tmp_path / "b.zip", at=AT)
    manifest = json.loads(zipfile.ZipFile(archive).read("manifest.json"))
    restore(bare, tmp_path / "back", archive)
    with bare.snapshot() as session:
        assert digests(session.connection()) == manifest["tables"]
        assert session.exec(select(Visit)).one().submitted_at == AT
        assert session.get_one(Area, 1).parent_id == 2
    assert (tmp_path / "back/a/b").read_bytes() == PHOTO
    assert migrate.current(bare) == migrate.head()


def test_numbers_go_on_where_they_were(full: Database, bare: Database, tmp_path: Path) -> None:
    restore(bare, tmp_path / "back", backup(full, tmp_path / "f", tmp_path / "b.zip", at=AT))
    with bare.writing() as session:
        person = Person(code="CB002", full_name="Đỗ Văn Thay")
        session.add(person)
        session.flush()
        assert person.id == 2


@pytest.mark.postgresql
def test_a_backup_moves_to_the_other_kind_of_database(
    full: Database, engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    other = "postgresql" if engine == "sqlite" else "sqlite"
    there = Database(request.getfixturevalue(f"_{other}_bare"))
    archive = backup(full, tmp_path / "files", tmp_path / "b.zip", at=AT)
    restore(there, tmp_path / "back", archive)
    with there.snapshot() as session, full.snapshot() as old:
        there_now, here = digests(session.connection()), digests(old.connection())
        assert session.exec(select(Visit)).one().submitted_at == AT
    there.close()
    noted_after = {"setting", "audit_entry"}  # the backup itself is written down when it is made
    assert {n: d for n, d in there_now.items() if n not in noted_after} == {
        name: digest for name, digest in here.items() if name not in noted_after
    }


def test_under_write_load_it_holds_one_moment(
    full: Database, bare: Database, tmp_path: Path
) -> None:
    """Each writer's transaction adds one visit and one message: a backup has as many of both."""
    stop = threading.Event()

    def write() -> None:
        number = 1
        while not stop.is_set():
            number += 1
            with full.writing() as session:
                session.add(_visit(number))
                session.flush()
                session.add(_message(number))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        archives = [
            backup(full, tmp_path / "files", tmp_path / f"{n}.zip", at=AT) for n in range(5)
        ]
    finally:
        stop.set()
        writer.join()
    counts = [json.loads(zipfile.ZipFile(a).read("manifest.json"))["tables"] for a in archives]
    assert counts[0]["visit"]["rows"] < counts[-1]["visit"]["rows"]
    assert all(c["visit"]["rows"] == c["inbox"]["rows"] + 1 for c in counts)
    restore(bare, tmp_path / "back", archives[-1])
    with bare.snapshot() as session:
        assert digests(session.connection()) == counts[-1]


def _message(number: int) -> Inbox:
    return Inbox(bot="t:1", external_id=str(number), payload={"text": "tin"}, received_at=AT)


def test_nothing_is_put_over_what_is_there(full: Database, tmp_path: Path) -> None:
    archive = backup(full, tmp_path / "files", tmp_path / "b.zip", at=AT)
    with pytest.raises(BackupRefused, match="đã có dữ liệu"):
        restore(full, tmp_path / "back", archive)
    with pytest.raises(BackupRefused, match="đã có"):
        backup(full, tmp_path / "files", archive, at=AT)


def test_a_damaged_archive_puts_nothing_back(
    full: Database, bare: Database, tmp_path: Path
) -> None:
    archive = backup(full, tmp_path / "files", tmp_path / "b.zip", at=AT)
    damaged = tmp_path / "damaged.zip"
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace("Mẫu".encode(), b"Mau"))
    with pytest.raises(BackupRefused, match="hỏng"):
        restore(bare, tmp_path / "back", damaged)
    assert migrate.current(bare) is None
    assert not (tmp_path / "back").exists()


@pytest.mark.parametrize("content", [b"", b"not a zip"])
def test_what_is_no_archive_is_refused(bare: Database, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.zip").write_bytes(content)
    with pytest.raises(BackupRefused, match="không đọc được"):
        restore(bare, tmp_path / "back", tmp_path / "b.zip")


def test_the_archive_is_for_its_owner_and_the_service_remembers_when(
    full: Database, tmp_path: Path
) -> None:
    archive = backup(full, tmp_path / "files", tmp_path, at=AT)
    assert archive.name == "sausat-20261124-094200.zip"
    assert archive.stat().st_mode & 0o077 == 0
    with full.snapshot() as session:
        assert value(session, LAST, date(2026, 11, 24)) == AT.isoformat()
