"""A sandbox on a free port, and the bot's side of it over plain HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from bot.sandbox import Remote, RemotePhone, create_app, running
from tests import chromium
from tests.sandbox.table import PHONES, TOKEN


class Api:
    """Calls methods of the Bot API and returns the raw answer."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(trust_env=False, timeout=15)

    def call(self, method: str, **fields: Any) -> dict[str, Any]:
        return dict(self.http.post(f"{self.url}/bot{TOKEN}/{method}", json=fields).json())

    def ok(self, method: str, **fields: Any) -> Any:
        answer = self.call(method, **fields)
        assert answer["ok"], answer
        return answer["result"]

    def refusal(self, method: str, **fields: Any) -> str:
        answer = self.call(method, **fields)
        assert not answer["ok"], answer
        return str(answer["description"])

    def updates(self, offset: int = 0, **fields: Any) -> list[dict[str, Any]]:
        return list(self.ok("getUpdates", offset=offset, **fields))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = chromium.launch(playwright)
        yield started
        started.close()


@pytest.fixture
def url() -> Iterator[str]:
    with running(create_app(token=TOKEN, phones=PHONES)) as address:
        yield address


@pytest.fixture
def sandbox(url: str) -> Iterator[Remote]:
    with Remote(url) as remote:
        yield remote


@pytest.fixture
def api(url: str) -> Iterator[Api]:
    caller = Api(url)
    yield caller
    caller.http.close()


@pytest.fixture
def cadre(sandbox: Remote) -> RemotePhone:
    """A phone that has opened the service."""
    return sandbox.phone(1001, PHONES[0]["name"], code="CB001", opened=True)
