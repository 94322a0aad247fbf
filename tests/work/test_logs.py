"""Logs tell what happened to which message and nothing of what it said."""

import io
import json
import logging
import subprocess
import sys
from typing import Any

import httpx
import pytest
import structlog
from sqlalchemy import exc

from bot.work import logs

TOKEN = "123456789:AAbcdefghijklmnopqrstuvwxyz-012345"
WRITTEN = "Tình hình thôn 3 còn chậm"


@pytest.fixture
def lines(logged: io.StringIO) -> Any:
    """What was logged since, as parsed JSON lines."""
    logs.set_up([TOKEN, "secret/with slash"], logged)
    return lambda: [json.loads(line) for line in logged.getvalue().splitlines()]


def log() -> Any:
    return structlog.get_logger("bot.work")


def test_an_event_keeps_its_ids(lines: Any) -> None:
    log().info("handled", inbox_id=7, outbox_id=9, bot="telegram:1")
    (line,) = lines()
    assert (line["event"], line["inbox_id"], line["outbox_id"]) == ("handled", 7, 9)
    assert (line["bot"], line["level"]) == ("telegram:1", "info")


def test_what_a_person_wrote_is_never_a_line(lines: Any) -> None:
    log().warning("odd", text=WRITTEN, payload={"text": WRITTEN}, answers=[WRITTEN])
    (line,) = lines()
    assert WRITTEN not in json.dumps(line, ensure_ascii=False)
    assert line["text"] == f"<{len(WRITTEN)}>"


def test_an_exception_shows_where_and_not_what_was_written(lines: Any) -> None:
    try:
        int(WRITTEN)
    except ValueError:
        log().exception("failed", inbox_id=7)
    (line,) = lines()
    assert "ValueError" in line["exception"]
    assert "test_logs.py:" in line["exception"]
    assert WRITTEN not in line["exception"]


def test_a_broken_connection_says_why(lines: Any) -> None:
    try:
        raise ConnectionRefusedError(111, "Connection refused")
    except OSError:
        log().exception("failed")
    assert "Connection refused" in lines()[0]["exception"]


def test_a_database_error_does_not_quote_the_row(lines: Any) -> None:
    said = Exception(f"duplicate key\nDETAIL: Key (text)=({WRITTEN}) already exists.")
    try:
        raise exc.IntegrityError("INSERT", {}, said)
    except exc.IntegrityError:
        log().exception("failed")
    assert "duplicate key" in lines()[0]["exception"]
    assert WRITTEN not in lines()[0]["exception"]


def test_a_value_that_a_database_cannot_read_is_not_quoted(lines: Any) -> None:
    said = Exception(f'invalid input syntax for type integer: "{WRITTEN}"')
    try:
        raise exc.DataError("SELECT", {}, said)
    except exc.DataError:
        log().exception("failed")
    assert "DataError" in lines()[0]["exception"]
    assert WRITTEN not in lines()[0]["exception"]


def test_a_chatty_library_is_silent_at_any_level_and_others_say_one_line(lines: Any) -> None:
    root = logging.getLogger()
    root.setLevel(logging.DEBUG)
    for name in ("telegram.Bot", "httpcore.http11", "sqlalchemy.engine.Engine"):
        logging.getLogger(name).setLevel(logging.DEBUG)
        logging.getLogger(name).debug("parameters: %s", WRITTEN)
        logging.getLogger(name).setLevel(logging.NOTSET)
    logging.getLogger("asyncio").error(f"Task failed\nfuture: <Task exception={WRITTEN!r}>")
    assert [line["event"] for line in lines()] == ["Task failed"]


@pytest.mark.parametrize(
    "shown", [TOKEN, TOKEN.replace(":", "%3A"), "secret/with slash", "secret%2Fwith%20slash"]
)
def test_no_secret_is_written_in_any_form(lines: Any, shown: str) -> None:
    log().error("refused", reason=f"https://api.telegram.org/bot{shown}/getMe")
    logging.getLogger("some.library").error("GET %s", f"https://x/bot{shown}/getMe")
    try:
        raise httpx.ConnectError(f"cannot reach /bot{shown}/getMe")
    except httpx.ConnectError:
        log().exception("failed")
    found = lines()
    assert len(found) == 3
    assert shown not in json.dumps(found)


def test_an_unknown_token_is_hidden_too(lines: Any) -> None:
    other = "987654321:ZZbcdefghijklmnopqrstuvwxyz-012345"
    log().error("refused", reason=f"/bot{other}/getMe")
    assert other not in lines()[0]["reason"]


def test_a_crash_of_the_process_shows_no_values() -> None:
    code = (
        "from bot.work import logs\n"
        f"logs.set_up([{TOKEN!r}])\n"
        f"def fall(text):\n    raise ValueError(text)\n"
        f"fall({WRITTEN + TOKEN!r})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "ValueError" in json.loads(line)["exception"]
    assert TOKEN not in line
    assert WRITTEN not in done.stderr
