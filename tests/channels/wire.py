"""Telegram's end of the wire for tests: answers given beforehand, requests written down."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx

from bot.channels.telegram import Telegram

TOKEN = "123456:plainly-invented"
MESSAGE = {"message_id": 55, "date": 1, "chat": {"id": 101, "type": "private"}}
Answer = tuple[int, bytes] | Exception


def ok(result: Any = MESSAGE) -> tuple[int, bytes]:
    return 200, json.dumps({"ok": True, "result": result}).encode()


def refused(code: int, description: str, **parameters: int) -> tuple[int, bytes]:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return code, json.dumps(body).encode()


@dataclass
class Wire:
    """Gives its answers in order, the last one for ever; an exception is raised instead."""

    answers: list[Answer] = field(default_factory=lambda: [ok()])
    asked: list[tuple[str, Any]] = field(default_factory=list)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.url.path.rpartition("/")[2], _read(request, request.content)))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer[0], content=answer[1])


def telegram(wire: Wire, files: Path = Path()) -> Telegram:
    """A channel whose requests go to the wire."""
    return Telegram(
        TOKEN,
        files=files,
        api="http://invented.example",
        secret="s" * 16,
        transport=httpx.MockTransport(wire),
    )


def _read(request: httpx.Request, body: bytes) -> Any:
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/"):
        return body
    if kind == "application/json":
        return json.loads(body)
    return {key: _value(value) for key, value in parse_qsl(body.decode())}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
