"""Which package may import which, and that the documents name every setting, command and form."""

import ast
import importlib
import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from bot import cli
from bot.settings import PREFIX, Settings
from storage.scope import Viewer

ROOT = Path(__file__).parent.parent
SOURCES = [path for top in ("bot", "storage") for path in sorted((ROOT / top).rglob("*.py"))]
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")

PLAIN_ROWS = "storage.known"  # what a query found, in plain tuples
BUILT_BY_ACCESS = ("storage.scope", "storage.grants")  # the Viewer, of what a person holds
NETWORK = {"httpx", "telegram", "uvicorn", "starlette", "asyncio", "socket"}
DATABASE = {"sqlalchemy", "sqlmodel", "psycopg", "alembic", "sqlite3", "storage"}
PURE = {"bot.conversation", "bot.rules", "bot.reports", "bot.words", "bot.messages", PLAIN_ROWS}
READS_THE_CLOCK = ("datetime.now", "date.today", "datetime.utcnow", "time.time")
ONLY_IN = {
    "telegram": "bot.channels.telegram",
    "apscheduler": "bot.work.run",
    "uvicorn": ("bot.work.run", "bot.sandbox"),
    "bot.sandbox": "bot.demo",
    "bot.demo": "bot.cli",
    "bot.cli": ("bot.__main__", "bot.terminal"),
}


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, packages: str | tuple[str, ...] | set[str]) -> bool:
    tops = (packages,) if isinstance(packages, str) else packages
    return any(name == top or name.startswith((f"{top}.", f"{top}_")) for top in tops)


def test_storage_knows_nothing_of_the_bot() -> None:
    found = [(module(p), i) for p in SOURCES if within(module(p), "storage") for i in imports(p)]
    assert [pair for pair in found if within(pair[1], "bot")] == []


def test_pure_packages_know_no_database_clock_or_network() -> None:
    pure = [path for path in SOURCES if within(module(path), PURE)]
    known = [
        (module(path), imported)
        for path in pure
        for imported in imports(path)
        if within(imported, DATABASE | NETWORK) and not within(imported, PLAIN_ROWS)
        if not (module(path) == "bot.rules.access" and within(imported, BUILT_BY_ACCESS))
    ]
    calls = [(module(p), c) for p in pure for c in READS_THE_CLOCK if f"{c}(" in p.read_text()]
    assert known + calls == []


def test_each_of_these_is_imported_in_its_one_place() -> None:
    found = [(module(p), i) for p in SOURCES for i in imports(p)]
    strays = [
        (name, imported)
        for name, imported in found
        for of, place in ONLY_IN.items()
        if within(imported, of) and not within(name, place) and not within(name, of)
    ]
    assert strays == []


def test_only_the_settings_read_the_environment() -> None:
    """The demo hands it on to the service it starts, without the settings of the caller."""
    reads = [module(p) for p in SOURCES if re.search(r"\bos\.(environ|getenv)", p.read_text())]
    assert set(reads) <= {"bot.settings", "bot.demo.run"}


def test_only_work_and_the_command_line_ask_the_time() -> None:
    """Tests of the sandbox have their own clock; the rest is given `at`."""
    may = ("bot.work", "bot.cli", "bot.terminal", "bot.web", "bot.sandbox", "bot.settings")
    strays = [
        (module(path), call)
        for path in SOURCES
        if not within(module(path), may)
        for call in READS_THE_CLOCK
        if f"{call}(" in path.read_text()
    ]
    assert strays == []


def test_every_module_opens_with_one_sentence() -> None:
    without = [
        module(path)
        for path in SOURCES
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert without == []


QUERY_FILES = [
    "visits",
    "cases",
    "talks",
    "reports",
    "facts",
    "exports",
]  # fmt: skip  one a noun of content
NO_CONTENT = {"done"}  # which passes of the clock are behind us
GIVEN_ROWS = {"Visit", "Case", "Exchange", "Invitation", "Report"}


@pytest.mark.parametrize("noun", QUERY_FILES)
def test_every_query_of_content_takes_a_viewer(noun: str) -> None:
    """Unless it is handed the row itself, which somebody looked up with a viewer."""
    found = importlib.import_module(f"storage.{noun}")
    open_ones = [
        name
        for name, function in inspect.getmembers(found, inspect.isfunction)
        if function.__module__ == found.__name__
        and not name.startswith("_")
        and name not in NO_CONTENT
        if _asks(function) and not _is_guarded(function)
    ]
    assert open_ones == []


def _asks(function: Callable[..., object]) -> bool:
    """Whether it is given a session and gives something back."""
    signature = inspect.signature(function)
    return "session" in signature.parameters and signature.return_annotation is not None


def _is_guarded(function: Callable[..., object]) -> bool:
    kinds = [parameter.annotation for parameter in inspect.signature(function).parameters.values()]
    handed = {getattr(kind, "__name__", "") for kind in kinds} & GIVEN_ROWS
    return kinds[1] is Viewer or bool(handed)


def test_every_setting_is_in_the_example_and_the_readme() -> None:
    names = {PREFIX + name.upper() for name in Settings.model_fields}
    assert set(re.findall(rf"^({PREFIX}\w+)=", EXAMPLE, re.MULTILINE)) == names
    assert sorted(name for name in names if f"`{name}`" not in README) == []


def test_the_example_is_what_the_settings_default_to() -> None:
    shown = dict(re.findall(rf"^{PREFIX}(\w+)=(.+)$", EXAMPLE, re.MULTILINE))
    defaults = Settings(_env_file=None)
    for name, value in shown.items():
        assert str(getattr(defaults, name.lower())) in (value, value.removeprefix("./"))


def test_every_command_is_in_the_readme() -> None:
    commands = get_command(cli.app).commands  # type: ignore[attr-defined]  # a group has commands
    assert sorted(name for name in commands if f"`sausat {name}" not in README) == []


def test_every_form_and_every_chat_command_is_in_the_readme() -> None:
    from bot.desk.menus import COMMANDS
    from bot.forms import FORMS

    listed = {command for rows in COMMANDS.values() for command, _ in rows}
    assert sorted(name for name in FORMS if f"`{name}`" not in README) == []
    assert sorted(name for name in listed if f"`/{name}`" not in README) == []
