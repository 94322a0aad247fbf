"""What Alembic runs: the connection comes from `storage.migrate`, the tables from `storage.tables`.

Types of sqlmodel are written as SQLAlchemy's own, so that an old step never depends on a library's
later version.
"""

from collections.abc import Iterable
from textwrap import wrap
from typing import Any, Literal

from alembic import context
from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import CreateTableOp, MigrateOperation, MigrationScript
from sqlmodel import AutoString, UTCDateTime

from storage.tables import metadata
from storage.tables.search import INDEXES, own

KNOWN = {AutoString: "sa.String()", UTCDateTime: "sa.DateTime(timezone=True)"}


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """The text for one of sqlmodel's types; False leaves the others to Alembic."""
    return KNOWN.get(type(item), False) if kind == "type" else False


class Execute(MigrateOperation):
    """What each dialect needs beside a new table, written out."""

    def __init__(self, statements: dict[str, tuple[str, ...]]) -> None:
        self.statements = statements


@renderers.dispatch_for(Execute)
def _written(_context: AutogenContext, made: Execute) -> str:
    rows = (f"{name!r}: [{', '.join(map(_lines, each))}]" for name, each in made.statements.items())
    chosen = f"{{{', '.join(rows)}}}[op.get_bind().dialect.name]"
    return f"for statement in {chosen}:\n    op.execute(statement)"


def _lines(statement: str) -> str:
    return f"({' '.join(map(repr, wrap(statement, 76, drop_whitespace=False)))})"


def with_indexes(_context: object, _revision: object, scripts: Iterable[MigrationScript]) -> None:
    """The full-text index comes with its table."""
    for script in scripts:
        assert script.upgrade_ops is not None
        new = [each for each in script.upgrade_ops.ops if isinstance(each, CreateTableOp)]
        if any(each.table_name == "search_text" for each in new):
            script.upgrade_ops.ops.append(Execute(INDEXES))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=render_item,
    render_as_batch=True,
    compare_type=True,
    include_name=own,
    process_revision_directives=with_indexes,
)
with context.begin_transaction():
    context.run_migrations()
