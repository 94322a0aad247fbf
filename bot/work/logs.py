"""Structured logs that hold no text of people and no token.

One message is followed by its ids: `inbox_id` where it came in, `inbox_id` with `outbox_id` where
it was answered, `outbox_id` with `delivery_id` where the answer left. Of an exception the type and
the lines of code are written, its words only where they cannot hold what a person wrote.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, TextIO
from urllib.parse import quote

import structlog
from structlog.typing import EventDict, WrappedLogger

HIDDEN = "***"
HANDLER = "sausat"  # the name of the root logger's handler that is ours
WORDS = {"event", "level", "timestamp", "logger", "exception"}  # written by code, not by people
NAMES = WORDS | {"bot", "channel", "kind", "state", "reason", "name", "path", "holder", "lease"}
TOKEN = re.compile(
    r"(?<!\d)\d{6,}(?::|%3[Aa])[\w-]{20,}"
)  # of a Telegram bot, also percent-encoded
CHATTY = (
    *("httpx", "httpcore", "telegram", "apscheduler", "uvicorn.access", "alembic", "PIL"),
    *("sqlalchemy", "urllib3", "matplotlib"),
)
"""Libraries that tell below warnings what they send and store: never written, at no level."""
SAFE = (
    "OSError",
    "HTTPError",
    "SendFailed",
    "BadSetting",
    "ClockRefused",
    "DBAPIError",
    "NameError",
    "AttributeError",
    "ImportError",
)
QUOTES = ("DataError",)  # of a database: its first line says which value it cannot read

_hidden: set[str] = set()
_listeners: list[Callable[[str, str], object]] = []


class Redactor:
    """Takes known secrets, and whatever looks like a token, out of a line."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = tuple(secrets)
        self._hidden = -1
        self._known = re.compile("")

    def clean(self, text: str) -> str:
        """The text without secrets."""
        if self._hidden != len(_hidden):
            self._hidden = len(_hidden)
            self._known = _any_of({*self._secrets, *_hidden} - {""})
        text = self._known.sub(HIDDEN, text)
        return TOKEN.sub(HIDDEN, text)

    def __call__(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        """A structlog processor over every string of an event."""
        return {k: self.clean(v) if isinstance(v, str) else v for k, v in event.items()}


def without_peoples_words(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Of a string under a key that is not listed only the length is written."""
    return {key: _harmless(key, value) for key, value in event.items()}


def frames(error: BaseException) -> str:
    """The lines of code an exception came through, and its type; see this module's sentence."""
    parts = [_frames_of(each) for each in _chain(error)]
    return "\n".join(line for part in parts for line in part)


def set_up(secrets: Iterable[str], stream: TextIO | None = None) -> None:
    """Send every log of this process to stderr: lines to read on a terminal, JSON elsewhere."""
    stream = stream or sys.stderr
    render: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if stream.isatty():
        render = structlog.dev.ConsoleRenderer()
    ours = structlog.WriteLogger(stream)  # not through `logging`: every message writes two lines
    structlog.configure(
        processors=[_count, *_shared(secrets), render],
        logger_factory=lambda *_names: ours,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[_first_line, structlog.stdlib.add_logger_name, *_shared(secrets)],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
    )
    _write_to(stream, formatter)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    sys.excepthook = _crashed
    threading.excepthook = lambda a: _crashed(a.exc_type, a.exc_value, a.exc_traceback)


def hide(*secrets: str) -> None:
    """From now on these are taken out of every line too: tokens that came while running."""
    _hidden.update(secrets)


def _any_of(secrets: Iterable[str]) -> re.Pattern[str]:
    """Any of them, also percent-encoded in either way; nothing at all when there is none."""
    forms = {form for secret in secrets for form in (secret, *_encoded(secret))}
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")


def _encoded(secret: str) -> Iterable[str]:
    for form in (quote(secret), quote(secret, safe="")):
        yield form
        yield re.sub("%[0-9A-F]{2}", lambda hit: hit[0].lower(), form)


def on_event(heard: Callable[[str, str], object]) -> None:
    """Be told the name and level of every event from now on, to count them."""
    _listeners.append(heard)


def _count(_logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    for heard in _listeners:
        heard(event["event"], method)
    return event


def _write_to(stream: TextIO, formatter: logging.Formatter) -> None:
    handler = logging.StreamHandler(stream)
    handler.name = HANDLER
    handler.setFormatter(formatter)
    handler.addFilter(_is_written)
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.handlers = [h for h in root.handlers if h.name != HANDLER] + [handler]


def _is_written(record: logging.LogRecord) -> bool:
    """Also where somebody has set a library's level for himself."""
    chatty = any(record.name == name or record.name.startswith(f"{name}.") for name in CHATTY)
    return record.levelno >= logging.WARNING or not chatty


def _first_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Of another's message the sentence alone: asyncio's next line quotes an exception's words."""
    event["event"] = str(event["event"]).partition("\n")[0]
    return event


def _shared(secrets: Iterable[str]) -> list[Any]:
    return [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exception,
        without_peoples_words,
        Redactor(secrets),
    ]


def _exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["exception"] = frames(error)
    return event


def _harmless(key: str, value: Any) -> Any:
    if isinstance(value, str) and key not in NAMES:
        return f"<{len(value)}>"
    if isinstance(value, (bytes, dict, list, tuple, set)):
        return f"<{len(value)}>"
    return value if isinstance(value, (str, int, float, type(None))) or key[0] == "_" else "<?>"


def _chain(error: BaseException) -> Iterable[BaseException]:
    """The exception and what it came from, the first cause first."""
    seen: list[BaseException] = []
    each: BaseException | None = error
    while each is not None and each not in seen:
        seen.append(each)
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return reversed(seen)


def _frames_of(error: BaseException) -> list[str]:
    stack = traceback.extract_tb(error.__traceback__)
    lines = [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in stack]
    return [*lines, f"{type(error).__qualname__}{_said(error)}"]


def _said(error: BaseException) -> str:
    kinds = {parent.__name__ for parent in type(error).__mro__}
    if not kinds & {*SAFE} or kinds & {*QUOTES}:
        return ""
    words = str(getattr(error, "orig", None) or error).strip()
    return f": {words.splitlines()[0]}" if words else ""  # a database's next line quotes the row


def _crashed(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    if kind is not None and issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger("bot").critical("crashed", exc_info=(kind, error, trace))
