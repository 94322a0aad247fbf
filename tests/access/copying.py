"""Copies all rows of one database into another one that is empty, of whatever kind."""

from sqlalchemy import Connection, Table, insert, select

from storage.database import Database
from storage.tables import metadata


def copy(there: Database, here: Database) -> None:
    """Table by table; rows that point at rows of the same table may come in any order."""
    with there.engine.connect() as source, here.engine.begin() as target:
        if not here.sqlite:
            target.exec_driver_sql("SET session_replication_role = replica")  # no foreign keys
        for table in metadata.sorted_tables:
            _rows(table, source, target)
        if not here.sqlite:
            target.exec_driver_sql("SET session_replication_role = DEFAULT")


def _rows(table: Table, source: Connection, target: Connection) -> None:
    found = [dict(row) for row in source.execute(select(table)).mappings()]
    if found:
        target.execute(insert(table), found)
