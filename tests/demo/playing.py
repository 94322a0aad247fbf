"""The demo as a process of its own, and a hand that plays the steps of its story."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from bot.sandbox import Remote

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds; a quiet machine needs five
STEP = 30.0
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def demo() -> Iterator[tuple[Remote, float]]:
    """`sausat demo --headless` until the block ends, and the seconds until it was ready."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bot", "demo", "--headless", "--port", str(port)]
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        with Remote(f"http://127.0.0.1:{port}") as remote:
            _await_ready(remote, process)
            yield remote, time.monotonic() - began
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _await_ready(remote: Remote, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            if all(each["keyboard"] for each in remote.http.get("/sandbox/phones").json()):
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"the demo did not get ready, exit code {process.poll()}")


def story(remote: Remote) -> list[dict[str, Any]]:
    """The steps of the story."""
    return list(remote.http.get("/sandbox/state").json()["story"]["steps"])


def play(remote: Remote, step: Mapping[str, Any]) -> None:
    """Do what the step says, and wait until its end is seen."""
    seen = remote.http.get("/sandbox/state").json()["last_event"]
    phone = remote.phone(step["phone"])
    for name, value in step["does"].items():
        {"text": phone.says, "press": phone.presses, "clock": remote.move_clock}[name](value)
    until = time.monotonic() + STEP
    while (left := until - time.monotonic()) > 0:
        for event in remote.events(seen, wait=left, phone=step["done_on"] or step["phone"]):
            seen = event["number"]
            if _shows(event, step["done_when"]):
                return
    raise AssertionError(f"never seen: {step['done_when']}\n{remote.transcript()[-3000:]}")


def _shows(event: Mapping[str, Any], words: str) -> bool:
    if event["kind"] not in ("message", "edited") or event["message"]["by"] != "service":
        return False
    labels = [button["label"] for row in event["message"]["buttons"] for button in row]
    return any(words in shown for shown in (event["message"]["text"], *labels))
