"""The web server stores what is genuine before it answers, and says how the service is."""

import asyncio
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from sqlmodel import select
from starlette.applications import Starlette

from bot.channels.telegram import Telegram
from bot.rules.quota import month_of
from bot.web.app import create_app
from bot.web.metrics import UNHANDLED_LIMIT, UNSENT_LIMIT
from bot.work import clock
from storage import quotas
from storage.database import Database
from storage.tables import Account, Inbox, Outbox

SECRET = "a-secret-of-the-webhook"
PROOF = "X-Telegram-Bot-Api-Secret-Token"


def update(number: int) -> dict[str, Any]:
    chat = {"id": 77, "type": "private", "first_name": "Mẫu"}
    said = {"message_id": number, "date": 1_700_000_000, "chat": chat, "from": chat | {"is_bot": 0}}
    return {"update_id": number, "message": said | {"text": "xin chào"}}


@pytest.fixture
def arrived() -> list[int]:
    return []


class Client:
    """Asks the application as a server would, without one."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    def post(self, path: str, **what: Any) -> httpx.Response:
        return self.ask("POST", path, **what)

    def get(self, path: str) -> httpx.Response:
        return self.ask("GET", path)

    def ask(self, method: str, path: str, **what: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
                return await client.request(method, path, **what)

        return asyncio.run(ask())


@pytest.fixture
def client(db: Database, tmp_path: Path, arrived: list[int]) -> Client:
    channel = Telegram("123456:ABCDEF", files=tmp_path, secret=SECRET)
    return Client(create_app(db, [channel], arrived=lambda: arrived.append(1)))


def stored(db: Database) -> list[Inbox]:
    with db.reading() as session:
        return list(session.exec(select(Inbox)))


def test_a_genuine_update_is_stored_when_the_answer_comes(
    client: Client, db: Database, arrived: list[int]
) -> None:
    answer = client.post("/telegram", json=update(1), headers={PROOF: SECRET})
    assert answer.status_code == 200
    (row,) = stored(db)
    assert (row.state, row.payload) == ("waiting", update(1))
    assert arrived == [1]


def test_an_update_posted_twice_is_one(client: Client, db: Database) -> None:
    for _ in range(3):
        assert client.post("/telegram", json=update(1), headers={PROOF: SECRET}).is_success
    assert len(stored(db)) == 1


@pytest.mark.parametrize("proof", [None, "", "a", SECRET[:-1], SECRET + "x", SECRET.upper(), "é"])
def test_what_is_not_genuine_is_not_stored(client: Client, db: Database, proof: str | None) -> None:
    headers = {} if proof is None else {PROOF: proof.encode()}
    assert client.post("/telegram", json=update(1), headers=headers).status_code == 401
    assert stored(db) == []


def test_what_is_no_update_is_refused(client: Client, db: Database) -> None:
    headers = {PROOF: SECRET}
    assert client.post("/telegram", content=b"{", headers=headers).status_code == 400
    assert client.post("/telegram", content=b"1", headers=headers).status_code == 400
    large = b'"' + b"x" * (1 << 20) + b'"'
    assert client.post("/telegram", content=large, headers=headers).status_code == 413
    assert client.get("/telegram").status_code == 200
    assert stored(db) == []


def test_an_update_that_cannot_be_stored_is_not_confirmed(client: Client, db: Database) -> None:
    with db.connection() as connection:
        connection.exec_driver_sql("ALTER TABLE inbox RENAME TO away")
    try:
        answer = client.post("/telegram", json=update(1), headers={PROOF: SECRET})
        assert answer.status_code == 500
        assert "inbox" not in answer.text
    finally:
        with db.connection() as connection:
            connection.exec_driver_sql("ALTER TABLE away RENAME TO inbox")


def test_health_is_good_when_nothing_waits(client: Client) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() | {"status": "ok", "unhandled": 0, "unsent": 0} == answer.json()


def test_health_is_bad_when_a_message_waits_too_long(client: Client, db: Database) -> None:
    since = clock.real() - UNHANDLED_LIMIT - timedelta(seconds=9)
    _put(db, Inbox(bot="t:1", external_id="1", payload={}, received_at=since))
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json()["oldest_unhandled_seconds"] > UNHANDLED_LIMIT.total_seconds()


def test_health_is_bad_when_an_answer_is_not_sent(client: Client, db: Database) -> None:
    since = clock.real() - UNSENT_LIMIT - timedelta(seconds=9)
    _put(db, Account(bot="t:1", external_id="77"))
    _put(db, Outbox(account_id=1, kind="answer", body={"text": "x"}, created_at=since))
    assert client.get("/health").status_code == 503


def test_what_is_to_be_sent_tomorrow_is_not_late(client: Client, db: Database) -> None:
    now = clock.real()
    later = {"created_at": now - timedelta(hours=9), "not_before": now + timedelta(hours=9)}
    _put(db, Account(bot="t:1", external_id="77"))
    _put(db, Outbox(account_id=1, kind="notice", body={"text": "x"}, **later))
    assert client.get("/health").status_code == 200


def test_health_is_bad_without_the_database(client: Client, db: Database) -> None:
    with db.connection() as connection:
        connection.exec_driver_sql("ALTER TABLE outbox RENAME TO away")
    try:
        answer = client.get("/health")
        assert answer.status_code == 503
        assert answer.json() == {"status": "bad", "database": "unreachable"}
    finally:
        with db.connection() as connection:
            connection.exec_driver_sql("ALTER TABLE away RENAME TO outbox")


def test_metrics_tell_the_backlog_and_count_events(
    client: Client, db: Database, logged: io.StringIO
) -> None:
    _put(db, Inbox(bot="t:1", external_id="1", payload={}, received_at=clock.real(), state="aside"))
    structlog.get_logger().error("odd_thing", inbox_id=1)
    text = client.get("/metrics").text
    assert "sausat_oldest_unhandled_seconds 0.0" in text
    assert "sausat_set_aside 1.0" in text
    assert 'sausat_events_total{event="odd_thing",level="error"} 1.0' in text


def test_metrics_tell_what_is_used_of_a_bot_s_month(client: Client, db: Database) -> None:
    with db.connection() as connection:
        quotas.count(connection, "zalo:7", month_of(clock.real()), most=3000, sent=5, received=2)
    text = client.get("/metrics").text
    assert 'sausat_quota_used{bot="zalo:7"} 7.0' in text
    assert 'sausat_quota_limit{bot="zalo:7"} 3000.0' in text
    assert 'sausat_quota_used_up{bot="zalo:7"} 0.0' in text


def _put(db: Database, row: Any) -> None:
    with db.writing() as session:
        session.add(row)
