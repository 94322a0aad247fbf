import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.contract import Call, SendFailed
from bot.channels.telegram import SECRET_HEADER
from bot.messages import Incoming, Option, Outgoing
from tests.channels.wire import Answer, Wire, ok, refused, telegram

HELLO = Call("sendMessage", {"text": "Chào", "link_preview_options": {"is_disabled": True}})
EDIT = Call("editMessageText", {"message_id": 31, "text": "Mới"}, fresh=False, instead=HELLO)


def send(wire: Wire, call: Call = HELLO, files: Path = Path()) -> str:
    return asyncio.run(telegram(wire, files).send("101", call))


def failure(answer: Answer, call: Call = HELLO) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        send(Wire([answer]), call)
    return caught.value


def test_a_message_is_one_request_and_its_id_comes_back() -> None:
    wire = Wire()
    (call,) = telegram(wire).render(Outgoing("Xem", ((Option("Gửi", "gui"),),)))
    assert send(wire, call) == "55"
    assert wire.asked == [
        (
            "sendMessage",
            {
                "chat_id": 101,
                "text": "Xem",
                "link_preview_options": {"is_disabled": True},
                "reply_markup": {"inline_keyboard": [[{"text": "Gửi", "callback_data": "gui"}]]},
            },
        )
    ]


def test_a_file_is_uploaded_from_under_our_own_folder(tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "bang.xlsx").write_bytes(b"PK")
    wire = Wire()
    assert send(wire, Call("sendDocument", {"caption": "Bảng"}, file="ab/bang.xlsx"), tmp_path)
    ((method, body),) = wire.asked
    assert method == "sendDocument"
    assert b'name="document"; filename="bang.xlsx"' in body
    assert "Bảng".encode() in body


def test_commands_are_set_for_one_chat() -> None:
    wire = Wire([ok(True)])
    listed = [{"command": "ghi", "description": "Ghi chuyến đi cơ sở"}]
    assert send(wire, Call("setMyCommands", {"commands": listed}, fresh=False)) == ""
    scope = {"type": "chat", "chat_id": 101}
    assert wire.asked == [("setMyCommands", {"commands": listed, "scope": scope})]


FAILURES: list[tuple[Any, str, bool, bool]] = [
    (refused(403, "Forbidden: bot was blocked by the user"), "blocked", True, False),
    (refused(403, "Forbidden: user is deactivated"), "blocked", True, False),
    (refused(400, "Bad Request: chat not found"), "not_found", True, False),
    (refused(400, "Bad Request: message is too long"), "refused", True, False),
    (refused(401, "Unauthorized"), "unauthorized", False, False),
    (refused(429, "Too Many Requests: retry after 7", retry_after=7), "too_many", False, False),
    ((429, b"slow down"), "too_many", False, False),
    (refused(500, "Internal Server Error"), "unreachable", False, True),
    ((200, b"<html>"), "unreachable", False, True),
    (httpx.ReadTimeout("late"), "unreachable", False, True),
    (httpx.ReadError("cut off"), "unreachable", False, True),
    (httpx.ConnectTimeout("late"), "unreachable", False, False),
    (httpx.PoolTimeout("crowded"), "unreachable", False, False),
    (httpx.ConnectError("nobody there"), "unreachable", False, False),
]


@pytest.mark.parametrize(("answer", "reason", "permanent", "doubtful"), FAILURES)
def test_every_failure_has_a_reason(
    answer: Any, reason: str, permanent: bool, doubtful: bool
) -> None:
    trouble = failure(answer)
    assert (trouble.reason, trouble.permanent, trouble.doubtful) == (reason, permanent, doubtful)


def test_how_long_to_wait_is_heard() -> None:
    assert failure(FAILURES[5][0]).retry_after == 7
    assert failure(FAILURES[6][0]).retry_after == 1


def test_an_edit_that_changes_nothing_is_done() -> None:
    said = "Bad Request: message is not modified: specified new message content is the same"
    assert send(Wire([refused(400, said)]), EDIT) == "31"


@pytest.mark.parametrize("said", ["message to edit not found", "message can't be edited"])
def test_what_cannot_be_edited_is_sent_anew(said: str) -> None:
    wire = Wire([refused(400, f"Bad Request: {said}"), ok()])
    assert send(wire, EDIT) == "55"
    assert [method for method, _ in wire.asked] == ["editMessageText", "sendMessage"]


def test_the_text_under_a_picture_is_its_caption() -> None:
    wire = Wire([refused(400, "Bad Request: there is no text in the message to edit"), ok()])
    assert send(wire, EDIT) == "55"
    assert wire.asked[1] == (
        "editMessageCaption",
        {"chat_id": 101, "message_id": 31, "caption": "Mới"},
    )


def test_a_tap_that_is_too_old_to_answer_is_of_no_consequence() -> None:
    wire = Wire([refused(400, "Bad Request: query is too old and response timeout expired")])
    channel = telegram(wire)
    asyncio.run(channel.acknowledge(Incoming(callback_id="900")))
    asyncio.run(channel.acknowledge(Incoming(text="Không phải nút")))
    assert wire.asked == [("answerCallbackQuery", {"callback_query_id": "900"})]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("wrong file_id or the file is temporarily unavailable", "not_found"),
        ("file is too big", "too_big"),
    ],
)
def test_a_file_that_is_not_handed_out_has_a_reason(said: str, reason: str) -> None:
    with pytest.raises(SendFailed) as caught:
        asyncio.run(telegram(Wire([refused(400, f"Bad Request: {said}")])).fetch("x"))
    assert (caught.value.reason, caught.value.permanent) == (reason, True)


def test_no_failure_tells_the_token() -> None:
    for answer, *_ in FAILURES:
        assert "plainly-invented" not in str(failure(answer))


def test_only_the_right_secret_is_genuine() -> None:
    channel = telegram(Wire())
    assert channel.genuine({SECRET_HEADER: "s" * 16}, b"{}")
    assert not channel.genuine({SECRET_HEADER: "t" * 16}, b"{}")
    assert not channel.genuine({SECRET_HEADER: "ậ"}, b"{}")
    assert not channel.genuine({}, b"{}")


def poll(*answers: Answer, cursor: str = "") -> tuple[list[dict[str, Any]], str, Wire]:
    wire = Wire(list(answers))
    payloads, after = asyncio.run(telegram(wire).poll(cursor))
    return payloads, after, wire


def test_a_poll_asks_for_what_comes_after_the_cursor() -> None:
    payloads, after, wire = poll(ok([{"update_id": 7}, {"update_id": 8}]), cursor="7")
    assert payloads == [{"update_id": 7}, {"update_id": 8}]
    assert after == "9"
    assert wire.asked[0][1]["offset"] == 7
    assert wire.asked[0][1]["allowed_updates"] == [
        *("message", "edited_message", "callback_query", "my_chat_member")
    ]


def test_the_first_poll_confirms_nothing() -> None:
    assert poll(ok([]))[1] == ""
    assert "offset" not in poll(ok([]))[2].asked[0][1]


def test_a_malformed_update_is_passed_on_with_the_others() -> None:
    payloads, after, _ = poll(ok([{"update_id": 7}, "chữ", {"update_id": None}]))
    assert payloads == [{"update_id": 7}, {"malformed": "chữ"}, {"update_id": None}]
    assert after == "8"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (refused(409, "Conflict: terminated by other getUpdates request"), "unreachable"),
        (refused(401, "Unauthorized"), "unauthorized"),
        (refused(429, "Too Many Requests", retry_after=3), "too_many"),
        ((502, b"<html>"), "unreachable"),
        ((200, b"[]"), "unreachable"),
        (ok({"no": "list"}), "unreachable"),
        (httpx.ReadTimeout("late"), "unreachable"),
    ],
)
def test_a_poll_that_fails_says_why(answer: Answer, reason: str) -> None:
    with pytest.raises(SendFailed) as caught:
        poll(answer)
    assert caught.value.reason == reason
    assert "plainly-invented" not in str(caught.value)


def test_a_webhook_is_set_with_its_secret_and_taken_away() -> None:
    wire = Wire([ok(True)])
    channel = telegram(wire)
    asyncio.run(channel.listen("https://mau.example/telegram"))
    asyncio.run(channel.listen(""))
    (first, asked), (second, _) = wire.asked
    assert (first, second) == ("setWebhook", "deleteWebhook")
    assert asked["url"] == "https://mau.example/telegram"
    assert asked["secret_token"] == "s" * 16
