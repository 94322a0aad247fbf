"""Both Zalo channels against the sandbox, which behaves as Zalo was seen to, also at its worst."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.channels import zalo_bot
from bot.channels.contract import Channel, Payload, SendFailed
from bot.channels.zalo_bot import ZaloBot
from bot.channels.zalo_oa import ZaloOA
from bot.messages import Option, Outgoing
from bot.sandbox import Remote, RemotePhone, create_app, running
from bot.work.media import check
from tests.sandbox.sink import Sink
from tests.sandbox.zalo import ACCOUNT, PHONES, SECRET, TOKEN

CADRE, SEAT = (str(phone["id"]) for phone in PHONES)
NOW = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)
ROWS = ((Option("Gửi", "#3 review gui"), Option("Sửa", "sua CS-1437")),)
T = TypeVar("T")


@pytest.fixture
def url() -> Iterator[str]:
    app = create_app(zalo_token=TOKEN, zalo_oa=ACCOUNT, phones=PHONES, now=lambda: NOW)
    with running(app) as address:
        yield address


@pytest.fixture
def sandbox(url: str) -> Iterator[Remote]:
    with Remote(url) as remote:
        yield remote


@pytest.fixture
def cadre(sandbox: Remote) -> RemotePhone:
    return sandbox.phone(CADRE, PHONES[0]["name"], code="CB001", channel="zalo", opened=True)


@pytest.fixture
def seat(sandbox: Remote) -> RemotePhone:
    phone = sandbox.phone(SEAT)
    phone.starts()
    phone.says("Xin chào")
    sandbox.posts("zalo_oa")
    return phone


def on_bot(url: str, play: Callable[[ZaloBot], Awaitable[T]]) -> T:
    return _on(ZaloBot(TOKEN, api=f"{url}/zalo", secret=SECRET), play)


def on_oa(
    url: str, play: Callable[[ZaloOA], Awaitable[T]], files: Path = Path(), template: str = ""
) -> T:
    account = ZaloOA(
        app_id=ACCOUNT.app_id,
        app_secret=ACCOUNT.app_secret,
        secret_key=ACCOUNT.secret_key,
        refresh_token=ACCOUNT.refresh_token,
        files=files,
        api=f"{url}/zalo_oa",
        template=template,
    )
    return _on(account, play)


def _on(channel: Any, play: Callable[[Any], Awaitable[T]]) -> T:
    async def whole() -> T:
        try:
            return await play(channel)
        finally:
            await channel.close()

    return asyncio.run(whole())


async def deliver(channel: Channel, address: str, message: Outgoing) -> list[str]:
    return [await channel.send(address, call) for call in channel.render(message)]


def polled(url: str, sandbox: Remote) -> list[Payload]:
    async def play(channel: ZaloBot) -> list[Payload]:
        found: list[Payload] = []
        await channel.listen("")
        while sandbox.waiting("zalo"):
            payloads, _ = await channel.poll("")
            found += payloads
        return found

    return on_bot(url, play)


def test_a_message_reaches_a_zalo_phone_with_its_choices(url: str, cadre: RemotePhone) -> None:
    sent = on_bot(url, lambda bot: deliver(bot, CADRE, Outgoing("Xem lại", ROWS)))
    (shown,) = cadre.messages()
    assert shown["text"] == "Xem lại\n\nTrả lời số:\n1. Gửi\n2. Sửa"
    assert len(sent[0]) == 20


def test_the_longest_parts_are_taken(url: str, cadre: RemotePhone) -> None:
    on_bot(url, lambda bot: deliver(bot, CADRE, Outgoing("🌾" * 2000)))
    shown = [message["text"] for message in cadre.messages()]
    assert len(shown) == 3
    assert sum(text.count("🌾") for text in shown) == 2000


@pytest.mark.parametrize("kind", ["", "wrapped"])
def test_what_a_zalo_phone_sends_is_read(
    url: str, sandbox: Remote, cadre: RemotePhone, kind: str
) -> None:
    if kind:
        sandbox.switch(kind, channel="zalo")
    cadre.says("Hòa Mẫu 19/11")
    cadre.sends_photos(("a.jpg", b"1"), ("b.jpg", b"2"), caption="cầu")
    cadre.sends_voice(3)
    cadre.sends_sticker()
    cadre.sends_document("a.pdf", b"%PDF-")
    cadre.sends_location(13.78, 109.22)
    cadre.sends_contact()

    async def play(channel: ZaloBot) -> None:
        arrivals = [a for payload in found for a in channel.read(payload)]
        assert {a.account for a in arrivals} == {CADRE}
        assert len({a.external_id for a in arrivals}) == len(arrivals) == 8
        text, one, two, voice, sticker, *rest = [a.incoming for a in arrivals]
        assert (text.text, sticker.text) == ("Hòa Mẫu 19/11", "")
        assert [each.unreadable for each in rest] == [True] * 3
        contents = [await channel.fetch(each.media.reference) for each in (one, two) if each.media]
        assert sorted(contents) == [b"1", b"2"]
        assert voice.media is not None
        assert check("voice", await channel.fetch(voice.media.reference)).suffix == ".aac"

    found = polled(url, sandbox)
    on_bot(url, play)


FAULTS_OF_THE_BOT = [
    ("quota", "out_of_quota", False),
    ("html_429", "too_many", False),
    ("html_502", "unreachable", True),
    ("server_error", "unreachable", True),
    ("drop_after", "unreachable", True),
]


@pytest.mark.parametrize(("kind", "reason", "doubtful"), FAULTS_OF_THE_BOT)
def test_each_fault_of_the_bot_platform_is_told_apart(
    url: str, sandbox: Remote, cadre: RemotePhone, kind: str, reason: str, doubtful: bool
) -> None:
    sandbox.switch(kind, channel="zalo", method="sendMessage", count=1)
    with pytest.raises(SendFailed) as caught:
        on_bot(url, lambda bot: deliver(bot, CADRE, Outgoing("Chào")))
    assert (caught.value.reason, caught.value.doubtful) == (reason, doubtful)
    assert not caught.value.permanent
    on_bot(url, lambda bot: deliver(bot, CADRE, Outgoing("Chào")))
    assert cadre.messages()[-1]["text"] == "Chào"


def test_real_statuses_change_nothing(
    url: str, sandbox: Remote, cadre: RemotePhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zalo_bot, "POLL_SECONDS", 0)
    sandbox.switch("http_status", channel="zalo")

    async def play(channel: ZaloBot) -> str:
        await channel.listen("")
        assert await channel.poll("") == ([], "")
        with pytest.raises(SendFailed) as caught:
            await deliver(channel, "nobody", Outgoing("Chào"))
        return caught.value.reason

    assert on_bot(url, play) in ("refused", "not_found")


def test_a_webhook_is_set_and_taken_away(url: str, cadre: RemotePhone) -> None:
    async def play(channel: ZaloBot) -> bool:
        with Sink() as sink:
            await channel.listen(sink.url)
            await asyncio.to_thread(cadre.says, "Chào")
            headers, body = await asyncio.to_thread(sink.next)
        for strange in ({}, {**headers, "x-bot-api-secret-token": SECRET[:-1]}):
            assert not channel.genuine(strange, body)
        (arrival,) = channel.read(json.loads(body))
        assert arrival.incoming.text == "Chào"
        with pytest.raises(SendFailed, match="refused"):
            await channel.poll("")
        await channel.listen("")
        await channel.listen("")
        return channel.genuine(headers, body)

    assert on_bot(url, play)


def test_a_button_of_the_account_comes_back_as_its_token(
    url: str, sandbox: Remote, seat: RemotePhone
) -> None:
    async def play(channel: ZaloOA) -> str:
        await deliver(channel, SEAT, Outgoing("Xem lại", ROWS))
        seat.presses("Sửa")
        ((headers, body),) = sandbox.posts("zalo_oa")
        assert channel.genuine(headers, body)
        assert not channel.genuine(headers, body.replace(b"sua", b"xoa"))
        (arrival,) = channel.read(json.loads(body))
        return arrival.incoming.token

    assert on_oa(url, play) == "sua CS-1437"


def test_what_people_send_to_the_account_is_read(
    url: str, sandbox: Remote, seat: RemotePhone
) -> None:
    seat.sends_photos(("a.jpg", b"1"), caption="cầu")
    seat.sends_location(13.78, 109.22)
    seat.sends_document("ds.pdf", b"%PDF-")
    seat.sends_voice(3)
    seat.sends_contact()
    seat.blocks()
    seat.blocks(False)

    async def play(channel: ZaloOA) -> None:
        posted = sandbox.posts("zalo_oa")
        assert all(channel.genuine(headers, body) for headers, body in posted)
        found = [a.incoming for _, body in posted for a in channel.read(json.loads(body))]
        photo, place, file, voice, *rest = found
        assert photo.text == "cầu"
        assert place.place is not None
        assert (place.place.latitude, place.place.longitude) == (13.78, 109.22)
        kinds = [each.media.kind for each in (photo, file, voice) if each.media]
        assert kinds == ["photo", "document", "voice"]
        assert file.media is not None
        assert (file.media.name, await channel.fetch(file.media.reference)) == ("ds.pdf", b"%PDF-")
        assert [each.blocked for each in rest if each.blocked is not None] == [True, False]

    on_oa(url, play)


def test_pictures_and_documents_reach_the_phone(
    url: str, seat: RemotePhone, tmp_path: Path
) -> None:
    (tmp_path / "bao-cao.docx").write_bytes(b"PK")
    (tmp_path / "bieu-do.png").write_bytes(b"\x89PNG")
    message = Outgoing("Bản tổng hợp", files=("bao-cao.docx", "bieu-do.png"))
    on_oa(url, lambda account: deliver(account, SEAT, message), tmp_path)
    assert [each["media"]["kind"] for each in seat.messages() if each.get("media")] == [
        "document",
        "photo",
    ]
    assert seat.messages()[-1]["text"] == "Bản tổng hợp"


def test_a_plan_without_buttons_gets_numbers(url: str, sandbox: Remote, seat: RemotePhone) -> None:
    sandbox.switch("low_tier")
    on_oa(url, lambda account: deliver(account, SEAT, Outgoing("Xem lại", ROWS)))
    (shown,) = seat.messages()
    assert shown["text"] == "Xem lại\n\nTrả lời số:\n1. Gửi\n2. Sửa"


@pytest.mark.parametrize(
    ("kind", "reason", "permanent"),
    [
        ("quota", "out_of_quota", False),
        ("not_follower", "blocked", True),
        ("blocked_user", "blocked", True),
        ("window_closed", "window_closed", False),
        ("too_many", "too_many", False),
    ],
)
def test_each_refusal_of_the_account_is_told_apart(
    url: str, sandbox: Remote, seat: RemotePhone, kind: str, reason: str, permanent: bool
) -> None:
    sandbox.switch(kind, channel="zalo_oa", method="message/cs", count=1)
    with pytest.raises(SendFailed) as caught:
        on_oa(url, lambda account: deliver(account, SEAT, Outgoing("Chào")))
    assert (caught.value.reason, caught.value.permanent) == (reason, permanent)


def test_an_expired_token_is_replaced_unseen(url: str, sandbox: Remote, seat: RemotePhone) -> None:
    async def play(channel: ZaloOA) -> None:
        await deliver(channel, SEAT, Outgoing("Một"))
        sandbox.switch("token_expired", channel="zalo_oa", method="message/cs", count=1)
        await deliver(channel, SEAT, Outgoing("Hai"))

    on_oa(url, play)
    assert [each["text"] for each in seat.messages()] == ["Một", "Hai"]


def test_after_seven_days_only_the_paid_notice_gets_through(
    url: str, sandbox: Remote, seat: RemotePhone
) -> None:
    sandbox.move_clock("+8d")

    async def play(channel: ZaloOA) -> None:
        with pytest.raises(SendFailed, match="window_closed"):
            await deliver(channel, SEAT, Outgoing("Nhắc lịch"))
        await deliver(channel, SEAT, Outgoing("Có việc cần đồng chí xem", template=True))
        seat.presses("Xem")
        await deliver(channel, SEAT, Outgoing("Nhắc lịch"))

    on_oa(url, play, template="demo")
    assert seat.messages()[-1]["text"] == "Nhắc lịch"
