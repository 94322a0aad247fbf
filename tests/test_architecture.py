"""Which package may import which, and that the documents name every setting, command and form."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from bot import cli
from bot.settings import PREFIX, Settings
from storage.tables import metadata

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


CONTENT = {
    "Visit": "visit",
    "VisitVersion": "visit_version",
    "Companion": "companion",
    "Commitment": "commitment",
    "Support": "support",
    "Case": "case",
    "CaseEvent": "case_event",
    "Opinion": "opinion",
    "Exchange": "exchange",
    "ExchangeMessage": "exchange_message",
    "Invitation": "invitation",
    "Report": "report",
    "ReportEvent": "report_event",
    "Absence": "absence",
    "Paper": "paper",
    "PaperComment": "paper_comment",
    "Directive": "directive",
    "DirectiveTarget": "directive_target",
    "Alert": "alert",
    "SearchText": "search_text",
    "Signal": "signal",
    "Restricted": "restricted",
    "RestrictedReceiver": "restricted_receiver",
    "IndicatorValue": "indicator_value",
    "WorkItem": "work_item",
    "Score": "score",
    "ReviewComment": "review_comment",
    "Meeting": "meeting",
}
"""What people wrote, and what was made of it: tables that only a viewer's queries read."""
SETTING = {
    *("area", "area_successor", "person", "account", "role", "assignment", "regulation"),
    *("cadence", "field_of_work", "day_off", "setting", "indicator", "criterion", "target"),
}
"""Who is who, and what is to be done: the roster, open to whoever writes a query."""
MACHINERY = {
    *("inbox", "outbox", "delivery", "draft", "occurrence", "snooze", "preference", "attachment"),
    *("invite", "link_try", "counter", "lease", "credential", "bot_month", "audit_entry"),
}
"""What travels and what keeps count: found by the account, the message or the person it is of."""
HANDED = {*CONTENT, "ColumnElement[bool]"}  # a row somebody looked up with a viewer
TELLS_NOTHING = {"None", "bool", "int", "ColumnElement[bool]"}
OF_ONES_OWN = {"filed_as"}  # what became of a person's own draft
READS_ROWS_FOR = ("bot.roster.history", "bot.demo")  # an import compares, the demo plays a story
QUERY_FILES = [
    path
    for path in SOURCES
    if within(module(path), "storage")
    and not within(module(path), ("storage.tables", "storage.scope", "storage.migrations"))
]


def names_in(node: ast.AST) -> set[str]:
    """Every name in a piece of code, and `tables["visit"]` as "table visit"."""
    found = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return found | {
        f"table {each.slice.value}"
        for each in ast.walk(node)
        if isinstance(each, ast.Subscript) and isinstance(each.slice, ast.Constant)
    }


def reads_content(tree: ast.Module) -> dict[str, ast.FunctionDef]:
    """The functions of a module that reach a table of content, through whatever is beside them."""
    beside: dict[str, set[str]] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            beside[node.name] = set().union(*(names_in(each) for each in node.body))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in (each for each in targets if isinstance(each, ast.Name)):
                beside[target.id] = names_in(node.value)
    reached = {*CONTENT, *(f"table {table}" for table in CONTENT.values())}
    while more := {name for name, names in beside.items() if names & reached} - reached:
        reached |= more
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {each.name: each for each in functions if each.name in reached}


def is_open(function: ast.FunctionDef) -> bool:
    """Whether it tells of content to whoever asks: no viewer after the session, no row in hand."""
    given = [ast.unparse(arg.annotation) for arg in function.args.args if arg.annotation]
    told = ast.unparse(function.returns) if function.returns else "None"
    asks = bool(given) and given[0] in ("Session", "Connection")
    guarded = "Viewer" in given[:2] or bool(HANDED & {*given[1:2]})
    return asks and not guarded and told not in TELLS_NOTHING


@pytest.mark.parametrize("path", QUERY_FILES, ids=module)
def test_every_query_of_content_takes_a_viewer(path: Path) -> None:
    found = reads_content(ast.parse(path.read_text()))
    public = {name: node for name, node in found.items() if not name.startswith("_")}
    assert {name for name, node in public.items() if is_open(node)} <= OF_ONES_OWN


def test_every_table_is_content_or_one_of_those_that_are_not() -> None:
    """A new table has to say what it is."""
    tables = [*CONTENT.values(), *SETTING, *MACHINERY]
    assert sorted(tables) == sorted(metadata.tables)


def test_no_query_of_content_hides_in_a_class_or_in_plain_sql() -> None:
    tables = "|".join(CONTENT.values())
    plain = re.compile(rf'\b(FROM|JOIN|UPDATE|DELETE FROM)\s+"?({tables})\b')
    reached = {*CONTENT, *(f"table {table}" for table in CONTENT.values())}
    hidden = [
        (module(path), ast.unparse(node)[:80])
        for path in QUERY_FILES
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.ClassDef) and names_in(node) & reached)
        or (isinstance(node, ast.Constant) and plain.search(repr(node.value)))
    ]
    assert hidden == []


def test_the_check_of_queries_finds_them_and_sees_an_open_one() -> None:
    found = {module(path): reads_content(ast.parse(path.read_text())) for path in QUERY_FILES}
    assert {name for name, functions in found.items() if functions} == {
        "storage.absences",
        "storage.alerts",
        "storage.cases",
        "storage.commitments",
        "storage.directives",
        "storage.drafts",
        "storage.duties",
        "storage.exports",
        "storage.facts",
        "storage.facts.cases",
        "storage.facts.dues",
        "storage.facts.programmes",
        "storage.facts.visits",
        "storage.handover",
        "storage.indexing",
        "storage.meetings",
        "storage.papers",
        "storage.programmes",
        "storage.reports",
        "storage.restricted",
        "storage.reviews",
        "storage.search",
        "storage.signals",
        "storage.supports",
        "storage.talks",
        "storage.visits",
    }
    tables = '_VISIT = metadata.tables["visit"]\n_ALL = select(_VISIT)\n'
    leaky = "def newest(session: Session) -> list[str]:\n    return _run(session)\n"
    helper = "def _run(session: Session) -> list[str]:\n    return session.exec(_ALL)\n"
    assert is_open(reads_content(ast.parse(tables + leaky + helper))["newest"])


def test_only_storage_reads_tables_of_content() -> None:
    strays = [
        (module(path), ast.unparse(node))
        for path in SOURCES
        if within(module(path), "bot") and not within(module(path), READS_ROWS_FOR)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and _called(node) in ("select", "get", "update", "delete")
        if {each for arg in node.args for each in names_in(arg)} & {*CONTENT}
    ]
    assert strays == []


def test_desks_and_forms_ask_storage_and_write_no_sql() -> None:
    statements = {"select", "insert", "update", "delete", "text"}
    strays = [
        (module(path), imported)
        for path in SOURCES
        if within(module(path), ("bot.desk", "bot.forms"))
        for imported in imports(path)
        if imported in {f"{of}.{name}" for of in ("sqlmodel", "sqlalchemy") for name in statements}
    ]
    assert strays == []


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)


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
