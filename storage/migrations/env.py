"""What Alembic runs: the connection comes from `storage.migrate`, the tables from `storage.tables`.

Types of sqlmodel are written as SQLAlchemy's own, so that an old step never depends on a library's
later version.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import AutoString, UTCDateTime

from storage.tables import metadata

KNOWN = {AutoString: "sa.String()", UTCDateTime: "sa.DateTime(timezone=True)"}


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """The text for one of sqlmodel's types; False leaves the others to Alembic."""
    return KNOWN.get(type(item), False) if kind == "type" else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=render_item,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
