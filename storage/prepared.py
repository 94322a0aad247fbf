"""Statements that every message needs: compiled once for each dialect, run on the driver itself.

SQLAlchemy's own execution takes ten times as long as SQLite takes for such a statement.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ClauseElement, ColumnElement, Connection, Dialect, String, literal_column
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Convert = Callable[[Any], Any]


def word(text: str) -> ColumnElement[str]:
    """A state written out: a parameter would hide the partial index that is made for it."""
    if not text.isalpha():
        raise ValueError(text)
    return literal_column(f"'{text}'", String)


class Prepared:
    """A statement of SQLAlchemy Core without lists to expand; `bindparam` names its parameters."""

    def __init__(self, statement: ClauseElement, *, begins: bool = False) -> None:
        self._statement = statement
        self._begins = begins  # it is what begins a transaction; any other runs within one
        self._compiled: dict[str, _Compiled] = {}

    def all(self, connection: Connection, **values: Any) -> list[Any]:
        """The rows, with the columns as attributes."""
        compiled = self._for(connection)
        return [compiled.row(row) for row in compiled.execute(connection, values).fetchall()]

    def first(self, connection: Connection, **values: Any) -> Any | None:
        """The only or first row, if there is one."""
        rows = self.all(connection, **values)
        return rows[0] if rows else None

    def run(self, connection: Connection, **values: Any) -> int:
        """Do it; how many rows it touched."""
        touched: int = self._for(connection).execute(connection, values).rowcount
        return touched

    def run_each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Do it once for each of these."""
        if rows:
            self._for(connection).execute_each(connection, rows)

    def sql(self, connection: Connection) -> str:
        """The statement as this connection's driver gets it."""
        return self._for(connection).sql

    def _for(self, connection: Connection) -> "_Compiled":
        if not self._begins and not connection.in_transaction():
            connection.begin()  # refused when there was one that has been undone
        name = connection.dialect.name
        found = self._compiled.get(name)
        if found is None:
            found = self._compiled[name] = _Compiled(self._statement, connection.dialect)
        return found


class _Compiled:
    """A statement in the words of one driver, with what its values and columns go through."""

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        assert isinstance(compiled, SQLCompiler)
        self.sql = str(compiled)
        converts = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for bind, name in compiled.bind_names.items()
        }
        required = {name for bind, name in compiled.bind_names.items() if bind.required}
        fixed = {
            name: convert(compiled.params[name]) if convert else compiled.params[name]
            for name, convert in converts.items()
            if name not in required
        }
        places: Sequence[Any] = list(converts)
        self._template: Any = fixed
        if compiled.positiontup is not None:
            self._template = [fixed.get(name) for name in compiled.positiontup]
            places = range(len(self._template))
        names = compiled.positiontup or places
        self._given = [
            (place, name, converts[name])
            for place, name in zip(places, names, strict=True)
            if name not in fixed
        ]
        columns = list(getattr(statement, "exported_columns", ()))
        self._read = [
            (place, convert)
            for place, column in enumerate(columns)
            if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]
        row = namedtuple("row", [column.key for column in columns], rename=True)  # type: ignore[misc]  # its fields are known at run time
        self._make: Convert = row._make

    def execute(self, connection: Connection, values: Mapping[str, Any]) -> DBAPICursor:
        """A cursor that has run the statement; raises what SQLAlchemy would."""
        cursor = self._cursor(connection)
        try:
            cursor.execute(self.sql, self._parameters(values))
        except connection.dialect.loaded_dbapi.Error as error:
            raise self._wrapped(connection, error) from error
        return cursor

    def _cursor(self, connection: Connection) -> DBAPICursor:
        """The statement's own on this connection: what it learned of its types is used again."""
        found: DBAPICursor | None = connection.info.get(self)
        if found is None:
            found = connection.info[self] = connection.connection.cursor()
        return found

    def execute_each(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """The same for many rows of values."""
        cursor = connection.connection.cursor()
        try:
            cursor.executemany(self.sql, [self._parameters(values) for values in rows])
        except connection.dialect.loaded_dbapi.Error as error:
            raise self._wrapped(connection, error) from error
        cursor.close()

    def row(self, values: Sequence[Any]) -> Any:
        """A row of the driver with its values as Python means them."""
        if self._read:
            values = list(values)
            for place, convert in self._read:
                values[place] = convert(values[place])
        return self._make(values)

    def _parameters(self, values: Mapping[str, Any]) -> Any:
        parameters = self._template.copy()
        for place, name, convert in self._given:
            value = values[name]
            parameters[place] = convert(value) if convert else value
        return parameters

    def _wrapped(self, connection: Connection, error: Any) -> BaseException:
        dialect = connection.dialect
        lost = dialect.is_disconnect(error, connection.connection, None)
        if lost:
            connection.invalidate(error)
        wrapped: BaseException = DBAPIError.instance(
            self.sql,
            None,
            error,
            dialect.loaded_dbapi.Error,
            hide_parameters=True,
            connection_invalidated=lost,
            dialect=dialect,
        )
        return wrapped
