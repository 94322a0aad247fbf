"""Runs the sandbox alone: python -m bot.sandbox --port N --token T [--phones FILE]."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from bot.sandbox.app import create_app, real_time
from bot.sandbox.clock import Hook
from bot.sandbox.running import SandboxServer

PHONES = (
    {"id": "1001", "name": "Máy thứ nhất", "role": "Chưa gắn với ai"},
    {"id": "1002", "name": "Máy thứ hai", "role": "Chưa gắn với ai"},
)


def main() -> None:
    """Read the options and serve until stopped."""
    options = _options()
    data = _table(options.phones)
    app = create_app(
        token=options.token,
        phones=data.get("phones", PHONES),
        story=data.get("story"),
        now=_starting_at(options.at) if options.at else real_time,
        clock_hook=_posting(options.clock_hook) if options.clock_hook else None,
    )
    SandboxServer(app, options.host, options.port).run()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--token", default="1:sandbox")
    parser.add_argument("--phones", type=Path, help='JSON file {"phones": [...], "story": {...}}')
    parser.add_argument("--at", type=datetime.fromisoformat, help="time the clock starts from")
    parser.add_argument("--clock-hook", help='address that takes {"to"} and answers {"now"}')
    return parser.parse_args()


def _table(file: Path | None) -> dict[str, Any]:
    return dict(json.loads(file.read_text("utf-8"))) if file else {}


def _starting_at(at: datetime) -> Callable[[], datetime]:
    """A clock that shows `at` now and runs on; a time without a zone is this machine's."""
    ahead = at.astimezone() - real_time()
    return lambda: real_time() + ahead


def _posting(url: str) -> Hook:
    """A clock hook that asks an address to move the service's clock."""

    async def move(wanted: datetime) -> datetime:
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            answer = await client.post(url, json={"to": wanted.isoformat()})
        if answer.is_error:
            raise ValueError("Không chuyển được đồng hồ.")
        return datetime.fromisoformat(answer.json()["now"])

    return move


if __name__ == "__main__":
    main()
