"""The sandbox runs as a process of its own and knows nothing of the service."""

from __future__ import annotations

import ast
import json
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

import bot.sandbox
from tests.sandbox.table import PHONES, STORY

PACKAGE = Path(bot.sandbox.__file__).parent


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_until_ready(url: str) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            httpx.get(f"{url}/sandbox/ready", trust_env=False).raise_for_status()
        except httpx.HTTPError:
            assert time.monotonic() < until, "the sandbox did not start"
            time.sleep(0.05)
        else:
            return


def test_it_starts_serves_the_page_and_stops_at_once_although_somebody_waits(
    tmp_path: Path,
) -> None:
    table = tmp_path / "table.json"
    table.write_text(json.dumps({"phones": PHONES, "story": STORY}), "utf-8")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "bot.sandbox", "--port", str(port), "--token", "7:x"]
    process = subprocess.Popen([*command, "--phones", str(table), "--at", "2026-11-24T16:40+07:00"])
    try:
        wait_until_ready(url)
        page = httpx.get(url, trust_env=False)
        assert "Chép thành kịch bản" in page.text
        assert page.headers["content-security-policy"].startswith("default-src 'self'")
        assert httpx.get(f"{url}/bot7:x/getMe", trust_env=False).json()["result"]["id"] == 7
        clock = httpx.get(f"{url}/sandbox/clock", trust_env=False).json()["local"]
        assert clock.startswith("2026-11-24T16:4")
        waiting = httpx.Client(trust_env=False, timeout=20)
        stream = {"Accept": "text/event-stream"}
        with waiting.stream("GET", f"{url}/sandbox/events", headers=stream) as answer:
            assert answer.status_code == 200
            process.send_signal(signal.SIGTERM)
            began = time.monotonic()
            process.wait(10)
        waiting.close()
        assert time.monotonic() - began < 2
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("file", sorted(PACKAGE.rglob("*.py")), ids=lambda file: file.stem)
def test_it_imports_nothing_of_the_service(file: Path) -> None:
    names = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    ours = [name for name in names if name.split(".")[0] in ("bot", "storage")]
    assert [name for name in ours if not name.startswith("bot.sandbox")] == []


def test_the_page_asks_for_nothing_from_elsewhere() -> None:
    named = set()
    for file in (PACKAGE / "page").rglob("*.*"):
        named |= set(re.findall(r"https?://[\w.]+", file.read_text("utf-8")))
    assert named == {"http://www.w3.org"}, "the name space of SVG alone"
