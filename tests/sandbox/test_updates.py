"""Updates wait until they are confirmed, by long poll or by webhook."""

from __future__ import annotations

import http.server
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.sandbox import Remote, RemotePhone
from tests.sandbox.conftest import Api
from tests.sandbox.table import TOKEN


class Receiver:
    """A webhook that answers 500 as often as told, then 200."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.secrets: list[str | None] = []
        self.failures = 0
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                owner.take(self)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"

    def take(self, request: http.server.BaseHTTPRequestHandler) -> None:
        length = int(request.headers["Content-Length"])
        self.bodies.append(json.loads(request.rfile.read(length)))
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.failures -= 1
        request.send_response(500 if self.failures >= 0 else 200)
        request.send_header("Content-Length", "0")
        request.end_headers()

    def wait_for(self, number: int) -> None:
        until = time.monotonic() + 10
        while len(self.bodies) < number:
            assert time.monotonic() < until, f"{len(self.bodies)} of {number} posts came"
            time.sleep(0.02)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    hook = Receiver()
    thread = threading.Thread(target=hook.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield hook
    hook.server.shutdown()
    thread.join()
    hook.server.server_close()


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


def test_an_update_comes_until_its_offset_is_passed(api: Api, cadre: RemotePhone) -> None:
    for text in ("một", "hai", "ba"):
        cadre.says(text)
    first = api.updates(limit=2)
    assert texts(first) == ["một", "hai"]
    assert texts(api.updates(limit=2)) == ["một", "hai"]
    assert texts(api.updates(offset=first[0]["update_id"] + 1)) == ["hai", "ba"]
    assert api.updates(offset=first[0]["update_id"] + 3) == []
    assert api.updates() == []


def test_a_negative_offset_keeps_the_newest_only(api: Api, cadre: RemotePhone) -> None:
    for text in ("một", "hai", "ba"):
        cadre.says(text)
    assert texts(api.updates(offset=-1)) == ["ba"]
    assert texts(api.updates()) == ["ba"]


def test_a_long_poll_answers_as_soon_as_something_comes(api: Api, cadre: RemotePhone) -> None:
    with ThreadPoolExecutor() as pool:
        poll = pool.submit(api.updates, timeout=10)
        time.sleep(0.3)
        assert not poll.done()
        cadre.says("đây")
        assert texts(poll.result(timeout=2)) == ["đây"]


def test_a_long_poll_ends_empty_after_its_time(api: Api) -> None:
    began = time.monotonic()
    assert api.updates(timeout=1) == []
    assert 0.9 < time.monotonic() - began < 3


def test_a_second_poll_terminates_the_first(api: Api, cadre: RemotePhone) -> None:
    with ThreadPoolExecutor() as pool:
        first = pool.submit(api.call, "getUpdates", timeout=10)
        time.sleep(0.3)
        second = pool.submit(api.updates, timeout=10)
        answer = first.result(timeout=2)
        assert answer["error_code"] == 409
        assert answer["description"].startswith("Conflict: terminated by other getUpdates request")
        cadre.says("đây")
        assert texts(second.result(timeout=2)) == ["đây"]


def test_kinds_that_are_not_allowed_do_not_come(api: Api, cadre: RemotePhone) -> None:
    api.updates(allowed_updates=["message"])
    number = cadre.says("một")
    cadre.edits(number, "hai")
    assert len(api.updates()) == 1
    api.updates(allowed_updates=[])
    cadre.edits(number, "ba")
    assert len(api.updates()) == 2


def test_a_webhook_gets_each_update_with_its_secret_until_it_says_yes(
    api: Api, cadre: RemotePhone, receiver: Receiver
) -> None:
    receiver.failures = 2
    api.ok("setWebhook", url=receiver.url, secret_token="bi-mat_1")
    cadre.says("một")
    cadre.says("hai")
    receiver.wait_for(4)
    got = [body["message"]["text"] for body in receiver.bodies]
    assert got == ["một", "một", "một", "hai"]
    assert set(receiver.secrets) == {"bi-mat_1"}
    info = api.ok("getWebhookInfo")
    assert info["url"] == receiver.url
    assert "500" in info["last_error_message"]


def test_polling_conflicts_with_a_webhook_until_it_is_deleted(
    api: Api, cadre: RemotePhone, receiver: Receiver
) -> None:
    api.ok("setWebhook", url=receiver.url)
    answer = api.call("getUpdates")
    assert answer["error_code"] == 409
    assert "webhook is active" in answer["description"]
    api.ok("deleteWebhook")
    cadre.says("lại hỏi")
    assert texts(api.updates()) == ["lại hỏi"]
    assert api.ok("getWebhookInfo")["url"] == ""


def test_waiting_updates_can_be_dropped(api: Api, cadre: RemotePhone) -> None:
    cadre.says("cũ")
    api.ok("deleteWebhook", drop_pending_updates=True)
    assert api.updates() == []


def test_a_test_can_send_any_update(api: Api, sandbox: Remote) -> None:
    body = {"poll": {"id": "1"}}
    sent = sandbox.http.post("/sandbox/telegram/updates", json=body).json()
    assert api.updates() == [{"update_id": sent["update_id"], **body}]


def test_a_group_writes_under_a_negative_id(api: Api, sandbox: Remote) -> None:
    sandbox.phone(-500, "Nhóm xã").says("chào cả nhóm")
    (update,) = api.updates()
    assert update["message"]["chat"] == {"id": -500, "type": "group", "title": "Nhóm xã"}
    assert update["message"]["from"]["id"] == 500
    assert TOKEN not in json.dumps(update)


def test_a_sticker_and_a_contact_come_as_telegram_sends_them(api: Api, cadre: RemotePhone) -> None:
    cadre.sends_sticker()
    cadre.sends_contact()
    sticker, contact = (update["message"] for update in api.ok("getUpdates", timeout=0))
    assert sticker["sticker"]["type"] == "regular"
    assert contact["contact"]["first_name"] == "Đỗ Văn Thay"
