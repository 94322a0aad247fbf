"""Migrations lead from nothing, and from every earlier structure, to exactly the tables."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlmodel import select

from storage import migrate
from storage.database import Database
from storage.tables import Invite, Person, metadata
from storage.tables.search import own

REBUILD = '''"""Rebuild a table that others point to."""

import sqlalchemy as sa
from alembic import op

revision = "rebuilt"
down_revision = "{head}"


def upgrade() -> None:
    with op.batch_alter_table("person") as batch:
        batch.alter_column("post", existing_type=sa.String(), new_column_name="job")
'''


def structure(db: Database) -> dict[str, Any]:
    """Columns, keys and indexes, partial ones with their conditions, as the database tells them."""
    seen = inspect(db.engine)
    return {
        name: (
            {column["name"]: _column(column) for column in seen.get_columns(name)},
            seen.get_pk_constraint(name),
            sorted(map(repr, seen.get_foreign_keys(name))),
            sorted(map(_index, seen.get_indexes(name))),
            sorted(map(repr, seen.get_unique_constraints(name))),
        )
        for name in metadata.tables
    }


def _column(column: Any) -> tuple[str, bool]:
    return repr(column["type"]), column["nullable"]


def _index(index: Any) -> str:
    conditions = {key: str(value) for key, value in index.get("dialect_options", {}).items()}
    return repr({**index, "dialect_options": conditions})


@pytest.mark.parametrize("earlier", [None, *migrate.steps()])
def test_upgrading_ends_with_exactly_the_tables(
    blank: Database, db: Database, earlier: str | None
) -> None:
    if earlier:
        migrate.upgrade(blank, earlier)
        assert migrate.current(blank) == earlier
    migrate.upgrade(blank)
    assert migrate.current(blank) == migrate.head()
    with blank.engine.connect() as connection:
        opts = {"compare_type": True, "include_name": own}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []
    assert structure(blank) == structure(db)


def test_upgrading_twice_changes_nothing(blank: Database) -> None:
    migrate.upgrade(blank)
    before = structure(blank)
    migrate.upgrade(blank)
    assert structure(blank) == before


def test_a_new_database_has_no_structure_yet(blank: Database) -> None:
    assert migrate.current(blank) is None


def test_rows_that_point_to_a_rebuilt_table_survive(
    blank: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate.upgrade(blank)
    at = datetime(2026, 11, 24, tzinfo=UTC)
    with blank.writing() as session:
        session.add(Person(code="CB001", full_name="Nguyễn Văn Mẫu"))
        session.flush()
        session.add(Invite(person_id=1, code_hash="x", created_at=at, expires_at=at))
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.FOLDER, folder)
    (folder / "versions" / "rebuilt.py").write_text(REBUILD.format(head=migrate.head()))
    monkeypatch.setattr(migrate, "FOLDER", folder)
    migrate.upgrade(blank)
    assert "job" in {column["name"] for column in inspect(blank.engine).get_columns("person")}
    with blank.reading() as session:
        assert session.exec(select(Invite.person_id)).all() == [1]
        assert session.exec(select(Person.full_name)).all() == ["Nguyễn Văn Mẫu"]
