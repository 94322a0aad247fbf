"""Zalo's webhooks: what carries no proof is refused, what comes again is one."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.channels.contract import Channel
from bot.web.app import create_app
from storage.database import Database
from tests.channels.zalo_wire import SECRET, Account, bot, oa, signature
from tests.web.test_app import Client, stored
from tests.work.test_poll_zalo import said

PROOF = "X-Bot-Api-Secret-Token"
SIGNATURE = "X-ZEvent-Signature"


def written(number: int, **changed: Any) -> bytes:
    event = {
        "app_id": "123456",
        "event_name": "user_send_text",
        "sender": {"id": "u1"},
        "recipient": {"id": "oa"},
        "message": {"msg_id": f"m{number}", "text": "Hòa Mẫu 19/11"},
        "timestamp": "1781234567890",
    }
    return json.dumps(event | changed, ensure_ascii=False).encode()


@pytest.fixture
def client(db: Database, tmp_path: Path) -> Client:
    channels: list[Channel] = [bot()[0], oa(Account(), tmp_path)]
    return Client(create_app(db, channels))


@pytest.mark.parametrize("path", ["/zalo", "/zalo_oa"])
def test_whoever_looks_whether_somebody_is_at_home_is_told(client: Client, path: str) -> None:
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("wrapped", [False, True])
def test_an_event_of_the_bot_is_stored_once(client: Client, db: Database, wrapped: bool) -> None:
    body = {"ok": True, "result": said(1)} if wrapped else said(1)
    for _ in range(3):
        assert client.post("/zalo", json=body, headers={PROOF: SECRET}).status_code == 200
    (row,) = stored(db)
    assert (row.external_id, row.payload, row.state) == (f"{1:020x}", body, "waiting")


@pytest.mark.parametrize("secret", [None, "", SECRET[:-1], SECRET + "x", SECRET.swapcase(), "é"])
def test_an_event_of_the_bot_without_its_secret_is_refused(
    client: Client, db: Database, secret: str | None
) -> None:
    headers = {} if secret is None else {PROOF: secret.encode()}
    assert client.post("/zalo", json=said(1), headers=headers).status_code == 401
    assert stored(db) == []


def test_an_event_of_the_account_is_stored_once_however_often_it_is_replayed(
    client: Client, db: Database
) -> None:
    body = written(1)
    for retry in range(3):
        headers = {SIGNATURE: signature(body), "num_retry": str(retry)}
        assert client.post("/zalo_oa", content=body, headers=headers).status_code == 200
    (row,) = stored(db)
    assert (row.external_id, row.state) == ("m1", "waiting")


def test_following_twice_is_two_and_the_same_following_posted_twice_is_one(
    client: Client, db: Database
) -> None:
    follower = {"follower": {"id": "u1"}, "event_name": "follow"}
    for stamp in ("1781234567890", "1781234567890", "1781234567999"):
        body = written(0, message=None, sender=None, timestamp=stamp, **follower)
        headers = {SIGNATURE: signature(body)}
        assert client.post("/zalo_oa", content=body, headers=headers).status_code == 200
    assert len(stored(db)) == 2


def test_a_signature_replayed_on_another_body_is_refused(client: Client, db: Database) -> None:
    proof = signature(written(1))
    others = [
        written(2),
        written(1, sender={"id": "u2"}),
        written(1, timestamp="1781234567891"),
        written(1) + b"\n",
    ]
    for other in others:
        answer = client.post("/zalo_oa", content=other, headers={SIGNATURE: proof})
        assert answer.status_code == 401
    for headers in ({}, {SIGNATURE: ""}, {SIGNATURE: signature(written(1), key="app-secret")}):
        assert client.post("/zalo_oa", content=written(1), headers=headers).status_code == 401
    assert stored(db) == []


def test_the_proof_of_one_channel_is_none_for_the_other(client: Client, db: Database) -> None:
    body = written(1)
    answers = [
        client.post("/zalo_oa", content=body, headers={PROOF: SECRET}),
        client.post("/zalo", content=body, headers={SIGNATURE: signature(body)}),
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert stored(db) == []


def test_what_says_nothing_to_us_is_answered_all_the_same(client: Client, db: Database) -> None:
    for event in ("oa_send_text", "user_seen_message", "user_submit_info"):
        body = written(1, event_name=event)
        headers = {SIGNATURE: signature(body)}
        assert client.post("/zalo_oa", content=body, headers=headers).status_code == 200
    group = {"event_name": "bot.added"}
    assert client.post("/zalo", json=group, headers={PROOF: SECRET}).status_code == 200
    assert stored(db) == []


def test_ids_and_addresses_of_the_platform_are_not_taken_for_citizen_numbers(
    client: Client, db: Database
) -> None:
    event = said(1, "Số 079123456789 nhé")
    event["message"] |= {"message_id": "012345678901", "photo_url": "https://a.zdn.vn/012345678901"}
    assert client.post("/zalo", json=event, headers={PROOF: SECRET}).status_code == 200
    (row,) = stored(db)
    kept = row.payload["message"]
    assert (kept["message_id"], kept["photo_url"][-12:]) == ("012345678901", "012345678901")
    assert "079123456789" not in json.dumps(row.payload)
