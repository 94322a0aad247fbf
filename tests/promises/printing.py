"""A real service whose every printed line is kept, and what must not stand in any of them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx
from sqlmodel import select

from bot.sandbox.remote import RemotePhone
from storage.database import Database
from storage.tables import Inbox

CITIZEN = "052099001234"
PHONES = ("0912345678", "0912 345 678", "+84912345678", "84912345678")
WORDS = [f"zqlog{number}q" for number in range(12)]
PATIENCE = 60.0

LOUD = """
import logging
from bot.work import logs
quiet = logs.set_up
def loud(*given):
    quiet(*given)
    names = [*logs.CHATTY, "asyncio", "uvicorn", "uvicorn.error", "sqlalchemy.engine", "bot"]
    for name in ("", *names):
        logging.getLogger(name or None).setLevel(logging.DEBUG)
logs.set_up = loud
from bot.cli import main
main()
"""
"""The service with every library's log set to its loudest, which no setting of ours does."""

COMMANDS = """
import contextlib, sys
from bot.cli import main
for said in ("doctor", "retry --list"):
    print("sausat", said, flush=True)
    sys.argv = ["sausat", *said.split()]
    with contextlib.suppress(SystemExit):
        main()
"""
"""What an office runs beside the service; both in one process, which takes seconds to start."""


class Printing:
    """`sausat serve` as an office starts it; everything it prints is kept."""

    def __init__(
        self, db: Database, folder: Path, channels: Mapping[str, str], *, loud: bool
    ) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        kept = {key: value for key, value in os.environ.items() if not key.startswith("SAUSAT_")}
        self.env = kept | {
            "SAUSAT_DATABASE_URL": db.url.render_as_string(hide_password=False),
            "SAUSAT_FILES": str(folder / "files"),
            "SAUSAT_BIND": f"127.0.0.1:{self.port}",
            "SAUSAT_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            **channels,
        }
        self.log = folder / "printed.log"
        run = ["-c", LOUD, "serve"] if loud else ["-m", "bot", "serve"]
        debug = {"PYTHONASYNCIODEBUG": "1"} if loud else {}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *run], env=self.env | debug, stdout=log, stderr=log
            )

    def ready(self) -> None:
        until(lambda: self._answers(), "the service did not start")

    def _answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            httpx.get(f"http://127.0.0.1:{self.port}/health", trust_env=False)
        except httpx.HTTPError:
            return False
        return True

    def stop(self) -> str:
        """What was printed; also by the commands an office runs beside it."""
        self.process.terminate()
        self.process.wait(30)
        done = subprocess.run(
            [sys.executable, "-c", COMMANDS],
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "sausat doctor" in done.stdout, done.stderr
        assert "sausat retry" in done.stdout, done.stderr
        with self.log.open("a") as log:
            log.write(done.stderr)
        return self.log.read_text("utf-8")


def until(done: Callable[[], bool], otherwise: str) -> None:
    ends = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < ends, otherwise
        time.sleep(0.1)


def heard(phone: RemotePhone, words: str) -> None:
    """Wait until the service has said something with these words."""
    until(
        lambda: any(words.casefold() in each["text"].casefold() for each in phone.messages()),
        f"{phone.id} never heard “{words}”",
    )


def handled(db: Database) -> None:
    """Wait until nothing waits to be handled."""

    def nothing() -> bool:
        with db.reading() as session:
            return session.exec(select(Inbox).where(Inbox.state == "waiting")).first() is None

    time.sleep(0.5)
    until(nothing, "the inbox never emptied")
