"""What people do on Zalo besides writing: following, leaving, sending several photos."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.channels.zalo_bot import ZaloBot
from bot.desk.linking import STRANGER
from bot.work.receive import store
from storage.database import Database
from storage.tables import Account, Attachment, Outbox
from tests.cast import cast
from tests.playing import picture
from tests.scenario import ZALO_TOKEN, Scenario, scenario

SECRET = "webhook secret"
START = "2026-11-24 16:40"


def opened(db: Database, files: Path, channel: str) -> Any:
    with db.writing() as session:
        cast(session)
    url = db.url.render_as_string(hide_password=False)
    return scenario(url, files, start=START, channel=channel, strangers=["CB099"])


@pytest.fixture(params=["zalo", "zalo_oa"])
def scene(request: pytest.FixtureRequest, db: Database, tmp_path: Path) -> Iterator[Scenario]:
    with opened(db, tmp_path / "files", request.param) as played:
        yield played


@pytest.fixture
def account(db: Database, tmp_path: Path) -> Iterator[Scenario]:
    with opened(db, tmp_path / "files", "zalo_oa") as played:
        yield played


def posted(scene: Scenario) -> None:
    """What waits comes by webhook, with the proof that each channel asks for."""
    db, (channel,) = scene.restarts()
    if isinstance(channel, ZaloBot):
        api = f"{str(scene.sandbox.http.base_url).rstrip('/')}/zalo"
        channel = ZaloBot(ZALO_TOKEN, api=api, secret=SECRET, resolve=None)
    for headers, body in scene.sandbox.posts(channel.name):
        proof = {"x-bot-api-secret-token": SECRET} if channel.name == "zalo" else {}
        assert channel.genuine(headers | proof, body)
        store(db, channel, [json.loads(body)])
    db.close()


@pytest.mark.parametrize("by_webhook", [False, True], ids=["as they come", "by webhook"])
@pytest.mark.parametrize("apart", [False, True], ids=["at once", "one by one"])
def test_photos_of_one_burst_get_one_answer(
    scene: Scenario, db: Database, *, by_webhook: bool, apart: bool
) -> None:
    phone = scene.phone("CB001")
    for photos in [1, 1, 1] if apart else [3]:
        phone.sends_photos(*(("anh.jpg", picture()) for _ in range(photos)))
        if by_webhook:
            posted(scene)
        scene.settles(heard=not by_webhook)
    assert phone.messages() == []

    scene.waits_a_little()
    (answer,) = phone.messages()
    assert answer["text"].startswith("Đã giữ 3 ảnh.")
    with db.reading() as session:
        assert all(each.path for each in session.exec(select(Attachment)))
        assert len(session.exec(select(Attachment)).all()) == 3


def test_photos_sent_into_a_slip_show_one_prompt_for_all(scene: Scenario) -> None:
    phone = scene.phone("CB001")
    phone.says("Hòa Mẫu hôm nay họp thôn 3, bà con đồng thuận hiến đất")
    scene.settles()
    before = len(phone.messages())
    for _ in range(3):
        phone.sends_photos(("anh.jpg", picture()))
        scene.settles()
    scene.waits_a_little()
    (prompt,) = phone.messages()[before:]
    assert "Kèm 3 ảnh" in prompt["text"]


def test_somebody_new_who_follows_is_greeted_once(account: Scenario) -> None:
    phone = account.phone("CB099")
    phone.starts()
    account.settles()
    phone.says("Xin chào")
    account.settles()
    assert [each["text"] for each in phone.messages()] == [STRANGER]


def test_who_leaves_is_not_reachable_and_who_follows_again_was_heard(
    account: Scenario, db: Database
) -> None:
    phone = account.phone("CB001")
    phone.blocks()
    account.settles()
    with db.reading() as session:
        assert _account(session, phone.id).state == "unreachable"
        assert _account(session, phone.id).last_heard_at is None
    phone.blocks(False)
    account.settles()
    with db.reading() as session:
        assert _account(session, phone.id).state == "confirmed"
        assert _account(session, phone.id).last_heard_at is not None
        assert session.exec(select(Outbox)).all() == []  # somebody known is not greeted


def _account(session: Session, number: str) -> Account:
    return session.exec(select(Account).where(Account.external_id == number)).one()
