"""Opens the database: one engine to read with, one to write with, on SQLite or PostgreSQL."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import SessionTransaction
from sqlmodel import Session

import storage.indexing  # noqa: F401  the metadata, and what notices words, come before a session
from storage.prepared import Prepared

BUSY_SECONDS = 10.0
QUICK = "-c jit=off"  # compiling a short statement takes PostgreSQL longer than running it


_SET = Prepared(text("SAVEPOINT act"))
_LET_GO = Prepared(text("RELEASE SAVEPOINT act"))
_UNDO = Prepared(text("ROLLBACK TO SAVEPOINT act"))


@contextmanager
def undoable(session: Session) -> Iterator[None]:
    """What the ORM or Core does in the block is undone when it raises; the ORM then holds nothing.

    On SQLite it takes 8 microseconds where `begin_nested` takes 120.
    """
    connection = session.connection()
    session.flush()
    _SET.run(connection)
    try:
        yield
        session.flush()
    except BaseException:
        session.expunge_all()
        if not connection.invalidated:
            _UNDO.run(connection)
        raise
    _LET_GO.run(connection)


class _Transaction(Session):
    """The ORM over a transaction that Core has begun; it costs little until it is used."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, expire_on_commit=False)
        self._connection = connection

    def connection(self, *args: Any, **kwargs: Any) -> Connection:
        """The one connection, without asking for it anew each time."""
        return self._connection

    def begin_nested(self) -> SessionTransaction:
        """A savepoint, set at once: what Core writes from now on is undone with it."""
        nested = super().begin_nested()
        super().connection()
        return nested


class Database:
    """Reading and writing sessions; on SQLite writers queue here instead of in the file's lock.

    Six SQLite writers that contend for the file's lock reach a p99 of 130 ms; one writer at a
    time, 9 ms. PostgreSQL needs no such queue.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        if self.sqlite:
            self._write = _sqlite_engine(
                str(self.url), begin=Prepared(text("BEGIN IMMEDIATE"), begins=True)
            )
            self._read = _sqlite_engine(str(self.url), begin=Prepared(text("BEGIN"), begins=True))
            self._steady = self._read
        else:
            address = self.url.set(drivername="postgresql+psycopg")
            self._write = create_engine(
                address,
                pool_size=8,
                max_overflow=8,
                hide_parameters=True,
                connect_args={"options": f"{self.url.query.get('options', '')} {QUICK}"},
            )
            # A transaction that is rolled back costs its connection every prepared statement.
            self._read = self._write.execution_options(isolation_level="AUTOCOMMIT")
            self._steady = self._write.execution_options(isolation_level="REPEATABLE READ")
        self._queue = threading.Lock()
        self._kept: Connection | None = None

    @property
    def engine(self) -> Engine:
        """The writing engine, for migrations and tests."""
        return self._write

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that changes nothing."""
        with Session(self._read, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """The same, for much that is read row by row and must be of one moment."""
        with Session(self._steady, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: commits when the block ends, rolls back when it raises."""
        with self.connection() as connection, _Transaction(connection) as session:
            yield session
            if session.in_transaction():
                session.commit()  # writes what the ORM still holds; the connection commits it

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """One writing transaction in Core, for the statements that must be fast."""
        if not self.sqlite:
            with self._write.begin() as connection:
                yield connection
            return
        with self._queue, self._writer() as connection, connection.begin():
            yield connection

    @contextmanager
    def _writer(self) -> Iterator[Connection]:
        """The one connection that writes, kept from turn to turn, as long as all goes well."""
        connection = self._kept or self._write.connect()
        self._kept = None
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        self._kept = connection

    def close(self) -> None:
        """Give back every connection."""
        with self._queue:
            if self._kept is not None:
                self._kept.close()
            self._kept = None
        self._read.dispose()
        self._write.dispose()


def _sqlite_engine(url: str, begin: Prepared) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        hide_parameters=True,  # what people wrote must not be in an error's text
    )

    @event.listens_for(engine, "connect")
    def _set_up(dbapi: Any, _record: object) -> None:
        dbapi.isolation_level = None  # the driver must not begin on its own: `_begin` does
        cursor = dbapi.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        begin.run(connection)

    return engine
