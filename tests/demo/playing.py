"""The demo as a process of its own, and a hand that plays the steps of its story."""

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from bot.demo.run import WELCOME
from bot.sandbox import Remote
from storage.shown import SEEN_AFTER

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds; a quiet machine needs five
STEP = 30.0
READING = SEEN_AFTER.total_seconds() + 0.2
"""A number typed sooner after a message counts against the choices before it."""


@contextmanager
def demo(channels: str = "telegram") -> Iterator[tuple[Remote, float]]:
    """`sausat demo --headless` until the block ends, and the seconds until it was ready.

    It reads nothing of the folder it is called from, and leaves nothing there.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "bot", "demo", "--headless", "--port", str(port)]
    command += ["--channels", channels]
    with tempfile.TemporaryDirectory() as caller:
        (Path(caller) / ".env").write_text("SAUSAT_DATABASE_URL=mysql://not-for-the-demo\n")
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=caller, stderr=subprocess.DEVNULL)
        try:
            with Remote(f"http://127.0.0.1:{port}") as remote:
                _await_ready(remote, process)
                yield remote, time.monotonic() - began
        finally:
            process.terminate()
            process.wait(PATIENCE)
        assert [left.name for left in Path(caller).iterdir()] == [".env"]


def _await_ready(remote: Remote, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        try:
            if all(_welcomed(remote, ids) for ids in _people(remote).values()):
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"the demo did not get ready, exit code {process.poll()}")


def _welcomed(remote: Remote, ids: Sequence[str]) -> bool:
    """Whether the first messages have come to one of a person's phones."""
    return any(WELCOME in each["text"] for id in ids for each in remote.phone(id).messages())


def _people(remote: Remote) -> dict[str, list[str]]:
    """Ids of everybody's phones, by roster code."""
    held: dict[str, list[str]] = {}
    for phone in remote.http.get("/sandbox/phones").json():
        held.setdefault(phone["code"], []).append(phone["id"])
    return held


def story(remote: Remote) -> list[dict[str, Any]]:
    """The steps of the story."""
    return list(remote.http.get("/sandbox/state").json()["story"]["steps"])


def restricted_of(phone: str) -> dict[str, Any]:
    """One step more: what is for the standing board alone can be tried, too."""
    done_when = "Viết trên trang bảo mật"
    return {"phone": phone, "does": {"text": "/guirieng"}, "done_when": done_when, "done_on": ""}


def play(remote: Remote, step: Mapping[str, Any]) -> None:
    """Read as long as a person does, do what the step says, and wait until its end is seen."""
    phones = {phone["id"]: phone for phone in remote.http.get("/sandbox/phones").json()}
    if "press" in step["does"] and phones[step["phone"]]["channel"] != "telegram":
        time.sleep(READING)
    seen = remote.http.get("/sandbox/state").json()["last_event"]
    phone = remote.phone(step["phone"])
    for name, value in step["does"].items():
        {"text": phone.says, "press": phone.presses, "clock": remote.move_clock}[name](value)
    held = _people(remote).values()
    awaited = next(ids for ids in held if (step["done_on"] or step["phone"]) in ids)
    until = time.monotonic() + STEP
    while (left := until - time.monotonic()) > 0:
        for event in remote.events(seen, wait=left):
            seen = event["number"]
            if event["phone"] in awaited and _shows(event, step["done_when"]):
                return
    raise AssertionError(f"never seen: {step['done_when']}\n{remote.transcript()[-3000:]}")


def _shows(event: Mapping[str, Any], words: str) -> bool:
    if event["kind"] not in ("message", "edited") or event["message"]["by"] != "service":
        return False
    labels = [button["label"] for row in event["message"]["buttons"] for button in row]
    return any(words in shown for shown in (event["message"]["text"], *labels))
