"""Zalo's ends of the wire for tests: both adapters over answers given beforehand."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.channels.zalo_bot import ZaloBot
from bot.channels.zalo_oa import ZaloOA
from tests.channels.wire import Answer, Wire

TOKEN = "123456:plainly-invented-secret"
SECRET = "the-secret-of-the-webhook"
SECRET_KEY = "the-invented-key-of-the-account"
SENT = {"message_id": "0f1e2d3c4b5a69788796", "date": 1776919152762}


def good(result: Any = SENT) -> Answer:
    body = {"ok": True, "result": result, "error_code": 0}
    return 200, json.dumps(body).encode()


def bad(code: int | str, description: str, status: int = 200) -> Answer:
    body = {"ok": False, "description": description, "error_code": code}
    return status, json.dumps(body).encode()


def page(status: int) -> Answer:
    """What the gateway says by itself."""
    return status, b"<html><center>nginx</center></html>"


def bot(*answers: Answer) -> tuple[ZaloBot, Wire]:
    wire = Wire([*answers] or [good()])
    return bot_on(wire), wire


def bot_on(wire: Wire) -> ZaloBot:
    transport = httpx.MockTransport(wire)
    return ZaloBot(TOKEN, api="http://invented.example", secret=SECRET, transport=transport)


def done(**data: Any) -> Answer:
    return 200, json.dumps({"data": data, "error": 0, "message": "Success"}).encode()


def no(code: int | str, message: str = "") -> Answer:
    return 200, json.dumps({"error": code, "message": message}).encode()


def pair(number: int, expires_in: Any = "90000") -> Answer:
    tokens = {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}"}
    return 200, json.dumps(tokens | {"expires_in": expires_in}).encode()


@dataclass
class Account:
    """Zalo's servers for one account: token pairs in order, and answers by path, last for ever."""

    answers: dict[str, list[Answer]] = field(default_factory=dict)
    pairs: list[Answer] = field(default_factory=lambda: [pair(n) for n in range(1, 9)])
    refreshed: list[str] = field(default_factory=list)  # the requests' bodies
    asked: list[tuple[str, str, Any]] = field(default_factory=list)  # path, access token, body

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/v4/oa/access_token":
            assert request.headers["secret_key"] == "app-secret"
            self.refreshed.append(request.content.decode())
            return _response(self.pairs.pop(0))
        self.asked.append((path, request.headers["access_token"], _body(request)))
        given = self.answers.get(path, [done(message_id="m1")])
        return _response(given.pop(0) if len(given) > 1 else given[0])

    def bodies(self, path: str = "/v3.0/oa/message/cs") -> list[Any]:
        return [body for asked, _, body in self.asked if asked == path]


def oa(account: Account, files: Path = Path(), template: str = "") -> ZaloOA:
    return ZaloOA(
        app_id="123456",
        app_secret="app-secret",
        secret_key=SECRET_KEY,
        refresh_token="refresh-0",
        files=files,
        api="http://invented.example",
        template=template,
        transport=httpx.MockTransport(account),
    )


def signature(body: bytes, *, app_id: str = "123456", key: str = SECRET_KEY, at: str = "") -> str:
    stamp = at or str(json.loads(body)["timestamp"])
    return (
        "mac=" + hashlib.sha256(app_id.encode() + body + stamp.encode() + key.encode()).hexdigest()
    )


def _response(answer: Answer) -> httpx.Response:
    if isinstance(answer, Exception):
        raise answer
    return httpx.Response(answer[0], content=answer[1])


def _body(request: httpx.Request) -> Any:
    kind = request.headers.get("content-type", "")
    return json.loads(request.content) if kind == "application/json" else request.content
