"""Starts the real service as a process, and kills it."""

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import httpx

from bot.tls import known_servers

START_SECONDS = 120.0
LONGEST_LIFE = 0.9  # seconds from when it answers


def telegram(address: str, token: str) -> dict[str, str]:
    """The settings of a service whose Telegram is this sandbox."""
    return {"SAUSAT_TELEGRAM_TOKEN": token, "SAUSAT_TELEGRAM_API": address}


class Service:
    """`sausat serve` on a database with the settings of its channels, at one port for all lives.

    A zygote forks each life.
    """

    def __init__(
        self, url: str, files: Path, channels: Mapping[str, str], *, name: str = ""
    ) -> None:
        self._settings = {"SAUSAT_DATABASE_URL": url, "SAUSAT_FILES": str(files), **channels}
        self._log = files.with_name(f"service{name}.log")
        self._number = 0
        self.port = _free_port()
        self._secret = ""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SAUSAT_")}
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.zygote"],
            cwd=Path(__file__).parents[2],
            env=kept,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def listen_to_webhook(self, secret: str) -> None:
        """Have updates posted from the next start on, and do not poll."""
        self._secret = secret

    def start(self) -> None:
        """Start; returns at once."""
        address = f"127.0.0.1:{self.port}"
        env = self._settings | {"SAUSAT_BIND": address}
        if self._secret:
            env["SAUSAT_PUBLIC_URL"] = f"http://{address}"
            env["SAUSAT_WEBHOOK_SECRET"] = self._secret
        self._number = self._ask({"log": str(self._log), "env": env})

    async def ready(self) -> None:
        """Wait until it answers on /health."""
        until = time.monotonic() + START_SECONDS
        async with httpx.AsyncClient(trust_env=False, verify=known_servers()) as http:
            while time.monotonic() < until:
                try:
                    await http.get(f"http://127.0.0.1:{self.port}/health")
                except httpx.HTTPError:
                    await asyncio.sleep(0.02)
                else:
                    return
        raise AssertionError("the service did not start:\n" + self._log.read_text()[-3000:])

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is said."""
        if self._number:
            self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM, and the exit code once it has ended."""
        return self._end(signal.SIGTERM)

    def close(self) -> None:
        """Kill what still runs, and the zygote."""
        self.kill()
        self._zygote.communicate()

    def _end(self, how: signal.Signals) -> int:
        number, self._number = self._number, 0
        os.kill(number, how)
        return self._ask({"wait": number})

    def _ask(self, order: dict[str, object]) -> int:
        assert self._zygote.stdin is not None
        assert self._zygote.stdout is not None
        self._zygote.stdin.write(json.dumps(order) + "\n")
        self._zygote.stdin.flush()
        return int(self._zygote.stdout.readline())


async def kill_at_random(
    service: Service, times: int, dice: random.Random, heard: Callable[[], int]
) -> None:
    """So many lives, each ended at a random moment; the last one goes on.

    `heard` counts what people have heard. After two lives in which nobody heard anything, the next
    one lasts until somebody has: on a busy machine no life is too short for anything to come of it.
    """
    before, silent = heard(), 0
    for _ in range(times):
        service.start()
        await service.ready()
        while silent >= 2 and heard() == before:  # noqa: ASYNC110  it is counted, not signalled
            await asyncio.sleep(0.05)
        await asyncio.sleep(dice.uniform(0.0, LONGEST_LIFE))
        service.kill()
        silent = silent + 1 if heard() == before else 0
        before = heard()
    service.start()
    await service.ready()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
