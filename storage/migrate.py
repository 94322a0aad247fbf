"""Brings a database to the newest structure; `python -m storage.migrate "Subject"` writes a step.

A step is written from the difference between the tables and the newest step, and is then read and
corrected by a person. Once released it is never changed.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection

from storage.database import Database

if TYPE_CHECKING:  # loaded where it is used: a service whose database is up to date needs none
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
_POSTGRESQL_LOCK = 7_285_728  # "sausat" on a telephone's keys, shortened


def head() -> str:
    """The newest structure this program knows."""
    return steps()[0]


def steps() -> list[str]:
    """Every structure this program knows, the newest first: each file begins with its own."""
    files = (FOLDER / "versions").glob("0*.py")
    return sorted((file.name.partition("_")[0] for file in files), reverse=True)


def current(db: Database) -> str | None:
    """The structure the database has; None where it has no tables yet."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(db: Database, to: str = "head") -> None:
    """Upgrade in one transaction; a second process waits and then has nothing left to do."""
    from alembic import command

    with db.engine.connect() as connection:
        _foreign_keys(db, connection, on=False)  # SQLite rebuilds a table by copying and dropping
        try:
            with connection.begin():
                _lock(db, connection)
                command.upgrade(_config(connection), to)
                _check(db, connection)
        finally:
            _foreign_keys(db, connection, on=True)


def write_step(subject: str) -> None:
    """Write the next step from the difference between the tables and the newest one."""
    from alembic import command

    db = Database("sqlite://")
    number = len(list((FOLDER / "versions").glob("0*.py"))) + 1
    with db.engine.connect() as connection, connection.begin():
        config = _config(connection)
        command.upgrade(config, "head")
        command.revision(config, subject, autogenerate=True, rev_id=f"{number:04d}")


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    for name, value in {
        "hooks": "ruff",
        "ruff.type": "exec",
        "ruff.executable": "ruff",
        "ruff.options": "format REVISION_SCRIPT_FILENAME",
    }.items():
        config.set_section_option("post_write_hooks", name, value)
    config.attributes["connection"] = connection
    return config


def _lock(db: Database, connection: Connection) -> None:
    if not db.sqlite:  # SQLite has begun with the only writer's lock
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_POSTGRESQL_LOCK})")


def _foreign_keys(db: Database, connection: Connection, *, on: bool) -> None:
    """The pragma does nothing inside a transaction, so it goes past SQLAlchemy's."""
    if db.sqlite and (dbapi := connection.connection.dbapi_connection) is not None:
        dbapi.cursor().execute(f"PRAGMA foreign_keys = {'ON' if on else 'OFF'}")


def _check(db: Database, connection: Connection) -> None:
    if db.sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("a migration left rows that point nowhere")


if __name__ == "__main__":
    write_step(sys.argv[1])
