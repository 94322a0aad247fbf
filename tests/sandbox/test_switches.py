"""The server misbehaves as often as told, and no further."""

from __future__ import annotations

import time

import httpx
import pytest

from bot.sandbox import Remote, RemotePhone
from tests.sandbox.conftest import Api


def test_429_comes_as_often_as_told_for_the_method_named(
    api: Api, sandbox: Remote, cadre: RemotePhone
) -> None:
    sandbox.switch("too_many", method="send*", count=2, retry_after=3)
    api.ok("getMe")
    for _ in range(2):
        answer = api.call("sendMessage", chat_id=1001, text="a")
        assert answer["description"] == "Too Many Requests: retry after 3"
        assert answer["parameters"] == {"retry_after": 3}
    api.ok("sendMessage", chat_id=1001, text="a")
    assert len(cadre.messages()) == 1
    assert sandbox.statistics()["too_many_requests"] == 2


def test_a_switch_without_a_count_stays_on_until_it_is_off(api: Api, sandbox: Remote) -> None:
    sandbox.switch("server_error")
    answers = [api.call("getMe") for _ in range(3)]
    assert [answer["error_code"] for answer in answers] == [502] * 3
    assert answers[0]["description"] == "Bad Gateway"
    sandbox.behave()
    api.ok("getMe")


def test_any_refusal_can_be_asked_for(api: Api, sandbox: Remote) -> None:
    words = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    sandbox.switch("error", method="answerCallbackQuery", count=1, code=400, description=words)
    assert api.refusal("answerCallbackQuery", callback_query_id="1") == words


def test_a_drop_before_accepting_leaves_nothing(
    api: Api, sandbox: Remote, cadre: RemotePhone
) -> None:
    sandbox.switch("drop_before", method="sendMessage", count=1)
    with pytest.raises(httpx.RemoteProtocolError):
        api.call("sendMessage", chat_id=1001, text="một")
    assert cadre.messages() == []
    api.ok("sendMessage", chat_id=1001, text="hai")
    assert [shown["text"] for shown in cadre.messages()] == ["hai"]


def test_a_drop_after_accepting_keeps_the_message(
    api: Api, sandbox: Remote, cadre: RemotePhone
) -> None:
    sandbox.switch("drop_after", method="sendMessage", count=1)
    with pytest.raises(httpx.RemoteProtocolError):
        api.call("sendMessage", chat_id=1001, text="một")
    assert [shown["text"] for shown in cadre.messages()] == ["một"]


def test_a_slow_answer_comes_late(api: Api, sandbox: Remote) -> None:
    sandbox.switch("slow", method="getMe", count=1, seconds=0.5)
    began = time.monotonic()
    api.ok("getMe")
    assert time.monotonic() - began >= 0.5


def test_a_duplicated_update_comes_again_after_it_was_confirmed(
    api: Api, sandbox: Remote, cadre: RemotePhone
) -> None:
    sandbox.switch("duplicate", count=1)
    cadre.says("một")
    cadre.says("hai")
    first, second = api.updates()
    again = api.updates(offset=second["update_id"] + 1)
    assert again == [first]
    assert api.updates(offset=second["update_id"] + 1) == []


def test_a_malformed_update_precedes_the_real_one(
    api: Api, sandbox: Remote, cadre: RemotePhone
) -> None:
    sandbox.switch("malformed", count=1)
    cadre.says("một")
    broken, real = api.updates()
    assert broken["message"]["chat"] is None
    assert real["message"]["text"] == "một"
    assert broken["update_id"] < real["update_id"]


def test_downloads_misbehave_too(api: Api, sandbox: Remote, cadre: RemotePhone) -> None:
    cadre.sends_document("a.txt", b"chu")
    file = api.updates()[0]["message"]["document"]["file_id"]
    path = api.ok("getFile", file_id=file)["file_path"]
    address = f"{api.url}/file/bot42:sandbox/{path}"
    sandbox.switch("server_error", method="download", count=1)
    assert api.http.get(address).status_code == 502
    assert api.http.get(address).content == b"chu"
    assert api.http.get(f"{address}x").status_code == 404


def test_the_strict_rate_refuses_the_second_message_to_one_chat(
    api: Api, sandbox: Remote, cadre: RemotePhone
) -> None:
    sandbox.switch("strict_rate")
    sent = api.ok("sendMessage", chat_id=1001, text="một")
    answer = api.call("sendMessage", chat_id=1001, text="hai")
    assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 1})
    api.ok("editMessageText", chat_id=1001, message_id=sent["message_id"], text="một, sửa")
    time.sleep(1.05)
    api.ok("sendMessage", chat_id=1001, text="hai")
    counted = sandbox.statistics()
    assert (counted["too_many_requests"], counted["most_in_a_second_one_chat"]) == (1, 1)


def test_the_strict_rate_holds_over_all_chats(api: Api, sandbox: Remote) -> None:
    sandbox.switch("strict_rate", overall=3)
    for number in range(2001, 2005):
        sandbox.phone(number, f"Cán bộ {number}", opened=True)
    answers = [api.call("sendMessage", chat_id=number, text="a") for number in range(2001, 2005)]
    assert [answer["ok"] for answer in answers] == [True, True, True, False]
    assert sandbox.statistics()["most_in_a_second"] == 3


@pytest.mark.parametrize(
    "data", [{"kind": "fire"}, {"kind": "slow", "sekonds": 1}, {"kind": "slow", "count": 0}]
)
def test_a_switch_that_makes_no_sense_is_refused(sandbox: Remote, data: dict[str, object]) -> None:
    answer = sandbox.http.post("/sandbox/switches", json=data)
    assert answer.status_code == 400
    assert "switch" in answer.json()["error"]


def test_one_switch_goes_off_alone(sandbox: Remote) -> None:
    sandbox.switch("slow")
    sandbox.switch("duplicate")
    first, second = sandbox.http.get("/sandbox/switches").json()
    left = sandbox.http.delete(f"/sandbox/switches/{first['id']}").json()
    assert [switch["id"] for switch in left] == [second["id"]]
    assert sandbox.http.delete(f"/sandbox/switches/{first['id']}").status_code == 404
