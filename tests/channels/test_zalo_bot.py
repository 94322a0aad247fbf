"""The Zalo bot's calls: what is asked, and what each kind of answer comes to."""

import asyncio
import json
import traceback
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from bot.channels.contract import Call, SendFailed
from bot.channels.zalo_bot import POLL_SECONDS
from bot.messages import Option, Outgoing
from tests.channels.wire import Answer
from tests.channels.zalo_wire import SECRET, TOKEN, bad, bot, good, page

HEADER = "x-bot-api-secret-token"
SAID = {"event_name": "message.text.received", "message": {"message_id": "ab", "text": "chào"}}


def send(answer: Answer, text: str = "Chào đồng chí") -> tuple[str, Any]:
    channel, wire = bot(answer)
    sent = asyncio.run(channel.send("a1b2", Call("sendMessage", {"text": text})))
    return sent, wire.asked


def failing(answer: Answer) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        send(answer)
    return caught.value


def test_a_message_is_posted_and_its_id_comes_back() -> None:
    sent, asked = send(good())
    assert sent == "0f1e2d3c4b5a69788796"
    assert asked == [("sendMessage", {"chat_id": "a1b2", "text": "Chào đồng chí"})]


def test_a_long_text_goes_in_numbered_parts() -> None:
    channel, wire = bot()
    calls = channel.render(Outgoing("Đường vào thôn 3 hỏng nặng. " * 150))
    for call in calls:
        asyncio.run(channel.send("a1b2", call))
    texts = [asked["text"] for _, asked in wire.asked]
    assert [text.rpartition("\n")[2] for text in texts] == ["(1/3)", "(2/3)", "(3/3)"]


def test_choices_are_numbered_lines() -> None:
    channel, _ = bot()
    (call,) = channel.render(Outgoing("Xem lại", ((Option("Gửi", "gui"), Option("Sửa", "sua")),)))
    assert call.params == {"text": "Xem lại\n\nTrả lời số:\n1. Gửi\n2. Sửa"}


@pytest.mark.parametrize(
    ("answer", "reason", "permanent", "doubtful"),
    [
        (bad(400, "Bad request: The text must not be empty"), "refused", True, False),
        (bad("400", "Bad request: The text must not be empty", 400), "refused", True, False),
        (bad(400, "Bad request: chat not found"), "not_found", True, False),
        (bad(401, "Unauthorized"), "unauthorized", False, False),
        (bad(403, "Internal server error"), "unreachable", False, True),
        (bad(404, "Not Found"), "refused", True, False),
        (bad(408, "Request timeout"), "unreachable", False, True),
        (bad(429, "Quota exceeded"), "out_of_quota", False, False),
        (bad(429, "Quota exceeded", 429), "out_of_quota", False, False),
        (bad(500, "Internal"), "unreachable", False, True),
        (page(429), "too_many", False, False),
        (page(502), "unreachable", False, True),
        (page(504), "unreachable", False, True),
        (page(200), "unreachable", False, True),
        ((200, b"[]"), "unreachable", False, True),
        ((200, b'{"ok": false}'), "unreachable", False, True),
        (httpx.ConnectError("no route"), "unreachable", False, False),
        (httpx.ReadTimeout("late"), "unreachable", False, True),
    ],
)
def test_each_refusal_is_one_of_the_closed_list(
    answer: Answer, reason: str, permanent: bool, doubtful: bool
) -> None:
    trouble = failing(answer)
    found = (trouble.reason, trouble.permanent, trouble.doubtful)
    assert found == (reason, permanent, doubtful)


def test_the_gateways_too_many_asks_for_a_pause_and_the_quota_does_not() -> None:
    assert (failing(page(429)).retry_after or 0) >= 1
    assert failing(bad(429, "Quota exceeded")).retry_after is None


@pytest.mark.parametrize("answer", [httpx.ConnectError("no"), page(502), bad(401, "Unauthorized")])
def test_the_token_is_in_no_exception(answer: Answer) -> None:
    trouble = failing(answer)
    whole = "".join(traceback.format_exception(trouble)) + repr(trouble)
    secret = TOKEN.partition(":")[2]
    assert [form for form in (TOKEN, quote(TOKEN, safe=""), secret) if form in whole] == []


def poll(answer: Answer) -> tuple[list[dict[str, Any]], str, Any]:
    channel, wire = bot(answer)
    payloads, cursor = asyncio.run(channel.poll(""))
    return payloads, cursor, wire.asked


def test_a_poll_brings_one_event_and_moves_no_cursor() -> None:
    asked = [("getUpdates", {"timeout": str(POLL_SECONDS)})]
    assert poll(good(SAID)) == ([SAID], "", asked)


@pytest.mark.parametrize(
    "answer",
    [
        bad(408, "Request timeout"),
        bad("408", "Request timeout", 408),
        page(408),
        good(None),
        good({}),
        good([]),
        (200, b'{"ok": true}'),
    ],
)
def test_an_idle_poll_is_no_error(answer: Answer) -> None:
    assert poll(answer)[:2] == ([], "")


def test_a_poll_takes_a_list_too_and_what_is_no_event() -> None:
    assert poll(good([SAID, "chữ"]))[0] == [SAID, {"malformed": "chữ"}]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (page(429), "too_many"),
        (page(504), "unreachable"),
        (bad(401, "Unauthorized"), "unauthorized"),
        (bad(400, "webhook is set"), "refused"),
    ],
)
def test_a_poll_that_fails_says_why(answer: Answer, reason: str) -> None:
    with pytest.raises(SendFailed) as caught:
        poll(answer)
    assert caught.value.reason == reason


def listen(url: str, *answers: Answer) -> list[tuple[str, Any]]:
    channel, wire = bot(*answers)
    asyncio.run(channel.listen(url))
    return wire.asked


def test_the_webhook_is_set_with_its_secret() -> None:
    url = "https://sausat.example/zalo"
    asked = [("setWebhook", {"url": url, "secret_token": SECRET})]
    unverified = {"url": url, "verification": {"ok": False, "outcome": "webhook.http.403"}}
    assert listen(url, good({"url": url})) == asked
    assert listen(url, good(unverified)) == asked


@pytest.mark.parametrize("answer", [good({"url": ""}), bad(400, "none set"), bad(404, "Not Found")])
def test_no_webhook_to_take_away_is_well_too(answer: Answer) -> None:
    assert listen("", answer) == [("deleteWebhook", {})]


def test_a_webhook_that_cannot_be_taken_away_is_an_error() -> None:
    with pytest.raises(SendFailed):
        listen("", page(502))


@pytest.mark.parametrize(
    "given", [None, "", "x", SECRET[:-1], SECRET + "x", SECRET.upper(), f" {SECRET}", "bí mật"]
)
def test_every_wrong_or_missing_secret_is_refused(given: str | None) -> None:
    channel, _ = bot()
    headers = {} if given is None else {HEADER: given}
    assert not channel.genuine(headers, json.dumps(SAID).encode())
    assert channel.genuine({HEADER: SECRET}, b"{}")


def test_without_a_secret_of_its_own_nothing_is_genuine() -> None:
    channel, _ = bot()
    channel._secret = ""
    assert not channel.genuine({HEADER: ""}, b"{}")
    assert not channel.genuine({}, b"{}")
