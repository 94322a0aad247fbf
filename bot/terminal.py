"""What every command needs at the terminal: the database, sentences, JSON, a progress bar."""

import json
import re
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from bot.settings import Settings
    from storage.database import Database

AsJson = Annotated[bool, typer.Option("--json", help="In JSON cho chương trình khác đọc.")]

SAID = {  # exceptions whose words are for the person
    "Failed",
    "BadSetting",
    "BackupRefused",
    "ClockRefused",
    "ServeFailed",
    "ImportFailed",
    "NotAPaper",
    "Rejected",
}
QUOTED = re.compile(r"'(.*?)'")
WRONG = (  # what typer says, and what it means
    ("does not exist", "không có tệp này"),
    ("is a directory", "là thư mục, không phải tệp"),
    ("datetime", "không phải thời điểm, ví dụ 2026-11-24T07:15"),
    ("integer", "không phải số"),
)
SLOW = 1.0  # seconds after which a bar appears


class Failed(Exception):
    """A sentence for the person at the terminal, and a non-zero exit."""


@contextmanager
def opened(*, upgraded: bool = True) -> "Iterator[tuple[Settings, Database]]":
    """The settings and the database; `upgraded`: refuse one without the newest structure."""
    from bot.settings import read_settings
    from bot.work.begin import begin
    from storage import migrate

    settings = read_settings()
    db = begin(settings)
    try:
        if upgraded and migrate.current(db) != migrate.head():
            raise Failed("Cơ sở dữ liệu chưa có cấu trúc mới nhất. Xin chạy: sausat init")
        yield settings, db
    finally:
        db.close()


def say(text: str) -> None:
    """A line for the person."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def show(data: Any, text: str, *, as_json: bool) -> None:
    """The same thing for a program or for a person."""
    say(json.dumps(data, ensure_ascii=False, indent=1, default=_iso) if as_json else text)


def one_of(name: str, given: str, known: Collection[str]) -> None:
    """Refuse what is not among the known words."""
    if given not in known:
        offered = ", ".join(word for word in known if word)
        raise Failed(f"{name}: {given} không dùng được, chỉ có {offered}")


class Bar:
    """A progress bar on stderr, which appears after a second and only on a terminal."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._began = time.monotonic()
        self._shown: Any = None
        self._row: Any = None

    def tell(self, what: str) -> None:
        """Say what is being done."""
        self(0, None, what)

    def count(self, done: int, total: int) -> None:
        """So many of so many are done."""
        self(done, total, f"{done}/{total}")

    def __call__(self, done: int, total: int | None, what: str) -> None:
        """So many steps of so many are done."""
        if self._shown is None and self._is_due():
            from rich.console import Console
            from rich.progress import Progress

            self._shown = Progress(console=Console(stderr=True), transient=True)
            self._row = self._shown.add_task(self._title)
            self._shown.start()
        if self._shown is not None:
            about = f"{self._title}: {what}"
            self._shown.update(self._row, completed=done, total=total, description=about)

    def close(self) -> None:
        """Take the bar away."""
        if self._shown is not None:
            self._shown.stop()

    def _is_due(self) -> bool:
        return sys.stderr.isatty() and time.monotonic() - self._began > SLOW


@contextmanager
def progress(title: str) -> Iterator[Bar]:
    """A bar for as long as the block takes."""
    bar = Bar(title)
    try:
        yield bar
    finally:
        bar.close()


def sentence(error: BaseException) -> str | None:
    """What to say about an error that is nobody's bug; None for one that is."""
    from sqlalchemy.exc import DBAPIError

    if isinstance(error, DBAPIError):
        why = str(error.orig).strip().splitlines()[:1]
        return f"SAUSAT_DATABASE_URL: cơ sở dữ liệu không trả lời: {''.join(why)}"
    if isinstance(error, OSError):
        return f"{error.filename or ''}: {error.strerror or error}".removeprefix(": ")
    if isinstance(error, typer.TyperException):
        return f"{_usage(error)}. Xem: sausat --help"
    if type(error).__name__ in SAID:
        return str(error)
    return None


def _usage(error: typer.TyperException) -> str:
    kind = type(error).__name__
    if kind == "NoSuchOption":
        return f"Không có tùy chọn {getattr(error, 'option_name', '')}"
    if not isinstance(error, typer.BadParameter) or error.param is None:
        return "Không có lệnh này" if "command" in str(error) else "Viết chưa đúng cách"
    name = error.param.metavar or f"--{error.param.name}"
    if kind == "MissingParameter":
        return f"Thiếu {name}"
    given = QUOTED.findall(error.message)[:1]
    meant = [words for said, words in WRONG if said in error.message][:1]
    return " ".join([f"{name}:", *given, *(meant or ["giá trị không dùng được"])])


def _iso(value: Any) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)
