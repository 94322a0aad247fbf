"""One archive with every row and every file, for both kinds of database, and back again.

The archive is a ZIP: `tables/<name>.jsonl` in the order of the primary key, `files/<path>`, and
`manifest.json` with the structure and a SHA-256 of each. All rows come from one read transaction,
so that it may be made while people write. It holds what people wrote and no keys or tokens.
"""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import IO, Any

from sqlalchemy import Column, Date, DateTime, MetaData, Table, bindparam, func, select, text
from sqlalchemy.engine import Connection

from bot.work.auditing import FOLDER
from bot.work.clock import ALWAYS
from storage import audit, migrate
from storage.database import Database
from storage.settings import put
from storage.tables import search

LAST = "last_backup"  # the setting that remembers when
FORMAT = 1
BATCH = 1000
CHUNK = 1 << 20

Progress = Callable[[str], object]


class BackupRefused(Exception):
    """A backup that cannot be made or put back; the sentence says why."""


def backup(db: Database, files: Path, to: Path, *, at: datetime, progress: Progress = str) -> Path:
    """Write the archive and return its path; into a folder, it is named for the time."""
    path = to / f"sausat-{at:%Y%m%d-%H%M%S}.zip" if to.is_dir() else to
    if path.exists():
        raise BackupRefused(f"{path} đã có. Xin chọn tên khác.")
    part = path.with_name(path.name + ".part")
    try:
        part.touch(mode=0o600, exist_ok=False)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            _write(archive, db, files, at=at, progress=progress)
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    with db.writing() as session:
        put(session, LAST, at.isoformat(), ALWAYS)
        audit.through(session, "cli")
        audit.note(session, "backup.make", "database", at=at)
    return path


def restore(db: Database, files: Path, archive: Path, *, progress: Progress = str) -> None:
    """Put an archive into an empty database and folder, then upgrade to today's structure.

    Everything is checked before the first row and again before the commit; what fails leaves the
    database without rows.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            manifest = _checked(opened)
            _require_empty(db)
            migrate.upgrade(db, manifest["structure"])
            _put_files(opened, manifest, files, progress)
            _put_rows(opened, manifest, db, progress)
    except (zipfile.BadZipFile, KeyError, OSError) as error:
        raise BackupRefused(f"{archive} không đọc được: {error}") from error
    migrate.upgrade(db)


def digests(connection: Connection) -> dict[str, dict[str, Any]]:
    """Rows and SHA-256 of every table, as a manifest has them."""
    return {table.name: _digest(_lines(connection, table)) for table in _tables(connection)}


def _write(
    archive: zipfile.ZipFile, db: Database, files: Path, *, at: datetime, progress: Progress
) -> None:
    with db.snapshot() as session:
        connection = session.connection()
        structure = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        tables = {}
        for table in _tables(connection):
            progress(table.name)
            with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as target:
                tables[table.name] = _digest(_lines(connection, table), target)
    manifest = {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "structure": structure,
        "tables": tables,
        "files": {name: _add_file(archive, files, name, progress) for name in _names(files)},
    }
    archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))


def _tables(connection: Connection) -> list[Table]:
    """The tables as the database has them, those that are pointed to first.

    What the full-text index consists of makes itself again when rows are put back.
    """
    found = MetaData()
    found.reflect(connection, only=lambda name, _: search.own(name, "table", None))
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    ordered = select(table).order_by(*table.primary_key.columns)
    streamed = connection.execution_options(yield_per=BATCH).execute(ordered)
    for row in streamed.mappings():
        plain = {name: _plain(value) for name, value in row.items()}
        yield json.dumps(plain, ensure_ascii=False, sort_keys=True).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _digest(lines: Iterable[bytes], target: IO[bytes] | None = None) -> dict[str, Any]:
    rows, sum_ = 0, hashlib.sha256()
    for line in lines:
        rows += 1
        sum_.update(line)
        if target:
            target.write(line)
    return {"rows": rows, "sha256": sum_.hexdigest()}


def _names(files: Path) -> list[str]:
    """Every file but the ends of the audit log, which must not travel with what they witness."""
    apart = files / FOLDER
    listed = (path for path in sorted(files.rglob("*")) if apart not in path.parents)
    found = (path for path in listed if path.is_file())
    return [path.relative_to(files).as_posix() for path in found]


def _add_file(
    archive: zipfile.ZipFile, files: Path, name: str, progress: Progress
) -> dict[str, Any]:
    progress(name)
    with (files / name).open("rb") as source, archive.open(f"files/{name}", "w") as target:
        return _copied(source, target)


def _copied(source: IO[bytes], target: IO[bytes] | None = None) -> dict[str, Any]:
    size, sum_ = 0, hashlib.sha256()
    while chunk := source.read(CHUNK):
        size += len(chunk)
        sum_.update(chunk)
        if target:
            target.write(chunk)
    return {"size": size, "sha256": sum_.hexdigest()}


def _checked(archive: zipfile.ZipFile) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    if manifest["format"] != FORMAT:
        raise BackupRefused("Bản sao lưu do phiên bản khác làm, không đọc được.")
    if manifest["structure"] not in migrate.steps():
        raise BackupRefused("Bản sao lưu có cấu trúc mới hơn chương trình này. Xin nâng cấp trước.")
    for name, expected in manifest["tables"].items():
        with archive.open(f"tables/{name}.jsonl") as source:
            _compare(name, _digest(source), expected)
    for name, expected in manifest["files"].items():
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise BackupRefused(f"Tên tệp không hợp lệ: {name}")
        with archive.open(f"files/{name}") as source:
            _compare(name, _copied(source), expected)
    return manifest


def _compare(name: str, found: dict[str, Any], expected: dict[str, Any]) -> None:
    if found != expected:
        raise BackupRefused(f"Bản sao lưu hỏng: {name} không khớp mã kiểm tra.")


def _require_empty(db: Database) -> None:
    with db.reading() as session:
        connection = session.connection()
        for table in _tables(connection):
            if connection.execute(select(func.count()).select_from(table)).scalar():
                raise BackupRefused("Cơ sở dữ liệu đã có dữ liệu. Chỉ khôi phục vào nơi còn trống.")


def _put_files(
    archive: zipfile.ZipFile, manifest: dict[str, Any], files: Path, progress: Progress
) -> None:
    taken = [name for name in manifest["files"] if (files / name).exists()]
    if taken:
        raise BackupRefused(f"Thư mục tệp đã có {taken[0]}. Chỉ khôi phục vào nơi còn trống.")
    for name in manifest["files"]:
        progress(name)
        (files / name).parent.mkdir(parents=True, exist_ok=True)
        with archive.open(f"files/{name}") as source, (files / name).open("xb") as target:
            _copied(source, target)


def _put_rows(
    archive: zipfile.ZipFile, manifest: dict[str, Any], db: Database, progress: Progress
) -> None:
    with db.connection() as connection:
        for table in _tables(connection):
            if table.name in manifest["tables"]:
                progress(table.name)
                with archive.open(f"tables/{table.name}.jsonl") as source:
                    _fill(connection, table, source)
        for name, found in digests(connection).items():
            _compare(name, found, manifest["tables"].get(name, found))


def _fill(connection: Connection, table: Table, source: IO[bytes]) -> None:
    """Columns that point into their own table are set once all rows are there."""
    inward = [c for c in table.c if any(key.column.table is table for key in c.foreign_keys)]
    for lines in _batches(source):
        rows = [_typed(table, json.loads(line)) for line in lines]
        connection.execute(table.insert(), [row | {c.name: None for c in inward} for row in rows])
    source.seek(0)
    for column in inward:
        _point(connection, table, column, (json.loads(line) for line in source))
        source.seek(0)
    if connection.dialect.name == "postgresql" and "id" in table.c:
        last = select(func.max(table.c.id)).scalar_subquery()
        sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
        connection.execute(select(func.setval(sequence, func.coalesce(last, 1), last.is_not(None))))


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _point(
    connection: Connection, table: Table, column: Column[Any], rows: Iterable[dict[str, Any]]
) -> None:
    set_ = table.update().where(table.c.id == bindparam("row"))
    set_ = set_.values({column.name: bindparam("to")})
    pairs = ({"row": row["id"], "to": to} for row in rows if (to := row[column.name]) is not None)
    for batch in _batches(pairs):
        connection.execute(set_, batch)


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(table.c[name], value) for name, value in row.items()}


def _value(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, DateTime):
        at = datetime.fromisoformat(value)
        return at if column.type.timezone else at.replace(tzinfo=None)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value
