"""Starts services quickly: imports everything once, then forks one process for each life.

Reads one JSON object a line: {"log": path, "env": {...}} starts a service and answers its process
number; {"wait": number} answers its exit code once it has ended.
"""

import importlib
import json
import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

WARM = (
    "bot.work.run",
    "bot.work.logs",
    "storage.migrate",
    "bot.channels.telegram",
    "bot.channels.zalo_bot",
    "bot.channels.zalo_oa",
    "anyio._backends._asyncio",
    "apscheduler.triggers.interval",
    "httpcore",
    "psycopg",
    "sqlite3",
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
)
"""What a service imports, some of it only once it runs."""


def main() -> None:
    """Serve until the input ends."""
    from bot.cli import main as command_line
    from bot.rules.workdays import calendar
    from bot.tls import known_servers

    for name in WARM:
        importlib.import_module(name)
    known_servers()
    calendar([], []).is_workday(date(2026, 1, 5))
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _answer(os.waitstatus_to_exitcode(os.waitpid(order["wait"], 0)[1]))
            continue
        number = os.fork()
        if number == 0:
            _become(order)
            sys.argv = ["sausat", "serve"]
            command_line()
            os._exit(0)
        _answer(number)


def _become(order: dict[str, Any]) -> None:
    """The child's own output and settings."""
    log = os.open(Path(order["log"]), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(order["env"])


def _answer(value: int) -> None:
    sys.stdout.write(f"{value}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
