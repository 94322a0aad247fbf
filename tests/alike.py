"""Lets all engines of a test run share the SQL they compile, where each would compile its own.

Tests open and drop engines by the thousand, and compiling takes ten times as long as SQLite takes
to answer. What is shared is the text of statements: no row, no connection, no object of ours.

Nor does a test wait for the disk: its SQLite file outlives no loss of power, as little as the run's
PostgreSQL server. Services that a test starts as processes do wait.
"""

from sqlalchemy import Connection, Engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

MOST = 5000
_compiled: LRUCache[object, object] = LRUCache(MOST)


class SQLite(SQLiteDialect_pysqlite):
    """Statements are compiled alike for every file."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


class PostgreSQL(PGDialect_psycopg):
    """Statements are compiled alike for every database of the run's server."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


def share() -> None:
    """From now on, for every engine of this process."""
    registry.register("sqlite", __name__, SQLite.__name__)
    registry.register("postgresql.psycopg", __name__, PostgreSQL.__name__)

    @event.listens_for(Engine, "engine_connect")
    def _share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=_compiled)
        if connection.dialect.name == "sqlite" and "hurried" not in connection.info:
            connection.info["hurried"] = True  # of the driver's connection, once
            cursor = connection.connection.cursor()
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.close()
