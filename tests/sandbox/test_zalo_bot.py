"""The sandbox speaks the Zalo Bot Platform's interface."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.sandbox import Remote, RemotePhone, create_app, running
from tests.sandbox.sink import Sink
from tests.sandbox.zalo import PHONES, SECRET, TOKEN, BotApi

CADRE = PHONES[0]["id"]


@pytest.fixture
def url() -> Iterator[str]:
    with running(create_app(zalo_token=TOKEN, phones=PHONES[:1])) as address:
        yield address


@pytest.fixture
def api(url: str) -> Iterator[BotApi]:
    caller = BotApi(url)
    yield caller
    caller.http.close()


@pytest.fixture
def cadre(sandbox: Remote) -> RemotePhone:
    """A phone that has opened the service."""
    return sandbox.phone(CADRE, PHONES[0]["name"], code="CB001", channel="zalo", opened=True)


def test_who_the_bot_is(api: BotApi) -> None:
    assert api.ok("getMe")["id"] == "12345"


def test_an_event_has_the_form_that_was_captured(api: BotApi, cadre: RemotePhone) -> None:
    cadre.says("bé ơi")
    event = api.event()
    message = event["message"]
    assert event["event_name"] == "message.text.received"
    assert (message["text"], message["chat"]) == ("bé ơi", {"chat_type": "PRIVATE", "id": CADRE})
    assert message["from"]["id"] == CADRE
    assert len(message["message_id"]) == 20
    assert message["date"] > 1_700_000_000_000


def test_one_event_at_a_time_and_never_twice(api: BotApi, cadre: RemotePhone) -> None:
    cadre.says("một")
    cadre.says("hai")
    assert [api.event()["message"]["text"] for _ in range(2)] == ["một", "hai"]
    assert api.refusal("getUpdates", timeout=0) == (408, "Request timeout")


def test_replay_gives_the_last_event_with_every_poll(
    api: BotApi, sandbox: Remote, cadre: RemotePhone
) -> None:
    sandbox.switch("replay")
    cadre.says("một")
    ids = {api.event()["message"]["message_id"] for _ in range(3)}
    cadre.says("hai")
    texts = [api.event()["message"]["text"] for _ in range(2)]
    assert (len(ids), texts) == (1, ["hai", "hai"])


def test_a_waiting_poll_gets_what_comes(api: BotApi, cadre: RemotePhone) -> None:
    threading.Timer(0.2, lambda: cadre.says("một")).start()
    assert api.ok("getUpdates", timeout="5")["message"]["text"] == "một"


def test_a_poll_whose_caller_hung_up_swallows_nothing(api: BotApi, cadre: RemotePhone) -> None:
    with pytest.raises(httpx.ReadTimeout):
        api.http.post("getUpdates", json={"timeout": "5"}, timeout=0.2)
    time.sleep(0.3)
    cadre.says("một")
    assert api.event()["message"]["text"] == "một"


def test_what_a_person_can_send_and_what_arrives_as_unsupported(
    api: BotApi, cadre: RemotePhone
) -> None:
    cadre.sends_photos(("anh.jpg", b"\xff\xd8\xff"), ("hai.jpg", b"2"), caption="cầu")
    first, second = api.event(), api.event()
    assert first["event_name"] == "message.image.received"
    assert (first["message"]["caption"], second["message"]["caption"]) == ("cầu", "")
    assert httpx.get(first["message"]["photo_url"], trust_env=False).content == b"\xff\xd8\xff"
    cadre.sends_voice(3)
    voice = api.event()["message"]
    assert voice["voice_url"].endswith(".aac")
    assert httpx.get(voice["voice_url"], trust_env=False).content.startswith(b"\xff\xf1")
    cadre.sends_sticker()
    assert api.event()["message"]["message_type"] == "CHAT_STICKER"
    cadre.sends_document("a.xlsx", b"PK")
    cadre.sends_location(13.7, 109.2)
    cadre.sends_contact()
    for _ in range(3):
        event = api.event()
        assert event["event_name"] == "message.unsupported.received"
        assert set(event["message"]) == {"date", "chat", "message_id", "from"}


def test_what_is_sent_shows_on_the_phone(api: BotApi, cadre: RemotePhone) -> None:
    sent = api.call("sendMessage", chat_id=CADRE, text="Đã lưu phiếu.")
    assert sent["error_code"] == 0
    assert len(sent["result"]["message_id"]) == 20
    assert cadre.sees("Đã lưu phiếu.")


@pytest.mark.parametrize(
    ("method", "fields", "words"),
    [
        ("sendMessage", {"text": "a"}, "The chat_id must not be empty"),
        ("sendMessage", {"chat_id": CADRE, "text": " "}, "The text must not be empty"),
        ("sendMessage", {"chat_id": "x", "text": "a"}, "The chat_id is invalid"),
        ("sendMessage", {"chat_id": CADRE, "text": "a" * 2001}, "The text must not exceed 2000"),
        ("sendMessage", {"chat_id": CADRE, "text": "a", "reply_markup": {}}, "unknown field"),
        ("sendPhoto", {"chat_id": CADRE}, "The photo must not be empty"),
        ("sendPhoto", {"chat_id": CADRE, "photo": "a.jpg"}, "The photo must start with http://"),
        ("setWebhook", {"url": "http://a.vn", "secret_token": SECRET}, "The url must start with"),
        ("setWebhook", {"url": "https://a.vn", "secret_token": "short"}, "The secret_token must"),
    ],
)
def test_what_is_wrong_is_refused_under_200(
    api: BotApi, cadre: RemotePhone, method: str, fields: dict[str, Any], words: str
) -> None:
    code, said = api.refusal(method, **fields)
    assert (code, said.startswith(f"Bad request: {words}")) == (400, True), said


def test_a_multipart_body_is_not_read(api: BotApi, cadre: RemotePhone) -> None:
    answer = api.http.post("sendPhoto", data={"chat_id": CADRE}, files={"photo": b"x"})
    assert answer.json()["description"] == "Bad request: The chat_id must not be empty"


def test_unknown_methods_and_tokens(api: BotApi) -> None:
    assert api.refusal("sendDocument") == (404, "Not Found")
    assert api.refusal("getWebhookInfo") == (404, "Not Found")
    answer = httpx.get(f"{api.url}/zalo/bot1:wrong/getMe", trust_env=False)
    assert (answer.status_code, answer.json()["error_code"]) == (200, 401)


def test_a_real_status_comes_with_the_switch(api: BotApi, sandbox: Remote) -> None:
    sandbox.switch("http_status", count=1)
    assert api.http.post("sendDocument").status_code == 404
    assert api.http.post("sendDocument").status_code == 200


@pytest.mark.parametrize(("kind", "code"), [("html_429", 429), ("html_502", 502)])
def test_the_gateway_answers_with_a_page(
    api: BotApi, sandbox: Remote, kind: str, code: int
) -> None:
    sandbox.switch(kind, method="send*", count=1)
    assert api.ok("getMe")
    answer = api.http.post("sendMessage", json={})
    assert (answer.status_code, answer.text.startswith("<html>")) == (code, True)


def test_the_months_quota_is_used_up(api: BotApi, sandbox: Remote, cadre: RemotePhone) -> None:
    sandbox.switch("quota", count=1)
    assert api.refusal("sendMessage", chat_id=CADRE, text="a") == (429, "Quota exceeded")
    assert cadre.messages() == []
    api.ok("sendMessage", chat_id=CADRE, text="a")


def test_a_drop_after_accepting_keeps_the_message(
    api: BotApi, sandbox: Remote, cadre: RemotePhone
) -> None:
    sandbox.switch("drop_after", method="sendMessage", count=1, channel="zalo")
    with pytest.raises(httpx.RemoteProtocolError):
        api.call("sendMessage", chat_id=CADRE, text="một")
    assert [shown["text"] for shown in cadre.messages()] == ["một"]


def test_a_switch_of_another_channel_does_not_touch_this_one(api: BotApi, sandbox: Remote) -> None:
    sandbox.switch("html_502", channel="telegram")
    assert api.ok("getMe")


def test_an_event_comes_twice_or_after_a_broken_one(
    api: BotApi, sandbox: Remote, cadre: RemotePhone
) -> None:
    sandbox.switch("duplicate", count=1)
    sandbox.switch("malformed", count=1)
    cadre.says("một")
    broken, first, second = (api.event() for _ in range(3))
    assert broken["message"]["chat"] == "?"
    assert first == second


def test_events_are_posted_flat_with_the_secret(sandbox: Remote, api: BotApi) -> None:
    with Sink() as sink:
        api.ok("setWebhook", url=f"{sink.url}/zalo", secret_token=SECRET)
        assert api.refusal("getUpdates", timeout=0)[0] == 400
        sandbox.phone(CADRE).says("một")
        headers, body = sink.next()
        assert headers["x-bot-api-secret-token"] == SECRET
        assert headers["user-agent"].startswith("Java/")
        assert json.loads(body)["message"]["text"] == "một"
        sandbox.switch("wrapped", count=1)
        sandbox.phone(CADRE).sends_photos(("a.jpg", b"1"))
        wrapped = json.loads(sink.next()[1])
        assert wrapped["ok"]
        assert "photo" in wrapped["result"]["message"]
        api.ok("deleteWebhook")
        sandbox.phone(CADRE).says("hai")
        assert api.event()["message"]["text"] == "hai"


def test_what_a_webhook_does_not_take_is_lost(sandbox: Remote, api: BotApi) -> None:
    with Sink(status=500) as sink:
        api.ok("setWebhook", url=sink.url, secret_token=SECRET)
        sandbox.phone(CADRE).says("một")
        sink.next()
        sandbox.phone(CADRE).says("hai")
        assert json.loads(sink.next()[1])["message"]["text"] == "hai"
    assert "lost" in [event["kind"] for event in sandbox.events()]


def test_posts_can_be_taken_without_a_web_server(sandbox: Remote, api: BotApi) -> None:
    sandbox.phone(CADRE).says("một")
    assert sandbox.waiting("zalo") == 1
    ((headers, body),) = sandbox.posts("zalo")
    assert "x-bot-api-secret-token" in headers
    assert json.loads(body)["message"]["text"] == "một"
    assert sandbox.waiting("zalo") == 0


def test_a_press_types_the_number_and_reads_as_a_press(
    api: BotApi, sandbox: Remote, cadre: RemotePhone
) -> None:
    text = "Xin xem lại.\n\nTrả lời số:\n1. Gửi\n2. Sửa\nHoặc nhắn: Quay lại · Để sau"
    api.ok("sendMessage", chat_id=CADRE, text=text)
    cadre.presses("Sửa")
    cadre.presses("Để sau")
    cadre.presses("Ghi chuyến đi")
    typed = [shown["text"] for shown in cadre.messages("person")]
    assert typed == ["2", "Để sau", "Ghi chuyến đi"]
    assert sandbox.transcript().splitlines()[2:] == [
        "= CB001",
        "< Xin xem lại.",
        "  [ Gửi ]",
        "  [ Sửa ]",
        "  [ Quay lại ]",
        "  [ Để sau ]",
        "* Sửa",
        "* Để sau",
        "* Ghi chuyến đi",
    ]


def test_a_phone_here_edits_nothing_and_opens_with_a_typed_code(
    api: BotApi, sandbox: Remote, cadre: RemotePhone
) -> None:
    number = cadre.says("một")
    with pytest.raises(AssertionError, match="không sửa được"):
        cadre.edits(number, "hai")
    cadre.starts("K7M2QX9TR")
    assert cadre.messages("person")[-1]["text"] == "K7M2QX9TR"


def test_a_blocking_phone_is_an_invalid_chat(
    api: BotApi, sandbox: Remote, cadre: RemotePhone
) -> None:
    cadre.blocks()
    assert api.refusal("sendMessage", chat_id=CADRE, text="a")[0] == 400
    assert sandbox.waiting("zalo") == 0


def test_a_group_is_told_from_a_person(api: BotApi, sandbox: Remote) -> None:
    sandbox.phone("-77", "Nhóm", channel="zalo", opened=True).says("@bot xin chào")
    message = api.event()["message"]
    assert message["chat"] == {"chat_type": "GROUP", "id": "-77"}
    assert message["from"]["id"] != "-77"


def test_what_nobody_polls_for_is_lost_where_told(
    api: BotApi, sandbox: Remote, cadre: RemotePhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sandbox.zalo_bot.updates.BETWEEN_POLLS", 0.1)
    sandbox.switch("unpolled_lost")
    api.refusal("getUpdates", timeout=0)
    time.sleep(0.2)
    cadre.says("một")
    assert sandbox.waiting("zalo") == 0
    assert "lost" in [event["kind"] for event in sandbox.events()]
