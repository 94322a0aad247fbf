"""Starts the real service as a process, and kills it."""

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

START_SECONDS = 40.0


class Service:
    """`sausat serve` on a database, talking to a sandbox."""

    def __init__(self, url: str, files: Path, address: str, token: str, *, name: str = "") -> None:
        self._settings = {
            "SAUSAT_DATABASE_URL": url,
            "SAUSAT_FILES": str(files),
            "SAUSAT_TELEGRAM_TOKEN": token,
            "SAUSAT_TELEGRAM_API": address,
        }
        self._log = files.with_name(f"service{name}.log")
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._secret = ""

    def listen_to_webhook(self, secret: str) -> None:
        """Have updates posted from the next start on, and do not poll."""
        self._secret = secret

    def start(self) -> None:
        """Start; returns at once."""
        self._port = _free_port()
        kept = {k: v for k, v in os.environ.items() if not k.startswith("SAUSAT_")}
        bind = {"SAUSAT_BIND": f"127.0.0.1:{self._port}"}
        if self._secret:
            bind["SAUSAT_PUBLIC_URL"] = f"http://127.0.0.1:{self._port}"
            bind["SAUSAT_WEBHOOK_SECRET"] = self._secret
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"],
                env=kept | self._settings | bind,
                stdout=log,
                stderr=log,
            )

    async def ready(self) -> None:
        """Wait until it answers on /health."""
        until = time.monotonic() + START_SECONDS
        async with httpx.AsyncClient(trust_env=False) as http:
            while time.monotonic() < until:
                assert self._process is not None
                assert self._process.poll() is None, self._log.read_text()[-3000:]
                try:
                    await http.get(f"http://127.0.0.1:{self._port}/health")
                except httpx.HTTPError:
                    await asyncio.sleep(0.02)
                else:
                    return
        raise AssertionError("the service did not start:\n" + self._log.read_text()[-3000:])

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is said."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def stop(self) -> int:
        """SIGTERM, and the exit code once it has ended."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(30)


async def kill_at_random(service: Service, times: int, dice: random.Random) -> None:
    """So many lives, each ended at a random moment; the last one goes on."""
    for _ in range(times):
        service.start()
        await service.ready()
        await asyncio.sleep(dice.uniform(0.0, 1.2))
        service.kill()
    service.start()
    await service.ready()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
