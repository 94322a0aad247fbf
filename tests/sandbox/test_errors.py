"""Wrong calls are refused with Telegram's own words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.sandbox import Remote, RemotePhone, create_app, running
from tests.sandbox.conftest import Api
from tests.sandbox.table import PHONES, TOKEN

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)


def inline(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[button]]}


REFUSED = [
    ("sendMessage", {"text": "a"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": 999, "text": "a"}, "chat not found"),
    ("sendMessage", {"chat_id": 1002, "text": "a"}, "chat not found"),
    ("sendMessage", {"chat_id": 1001}, "message text is empty"),
    ("sendMessage", {"chat_id": 1001, "text": " \n "}, "message text is empty"),
    ("sendMessage", {"chat_id": 1001, "text": "a" * 4097}, "message is too long"),
    ("sendMessage", {"chat_id": 1001, "text": "𝐚" * 2049}, "message is too long"),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "<b>a", "parse_mode": "HTML"},
        "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    ),
    ("sendMessage", {"chat_id": 1001, "text": "a", "parse_mode": "BB"}, "unsupported parse_mode"),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "a", "reply_parameters": {"message_id": 77}},
        "message to be replied not found",
    ),
    ("sendMessage", {"chat_id": 1001, "txt": "a"}, 'unknown field "txt" in sendMessage'),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "a", "reply_markup": inline(text="A", callback_dat="x")},
        'unknown field "callback_dat" in reply markup',
    ),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "a", "reply_markup": inline(text="A", callback_data="đ" * 33)},
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "a", "reply_markup": inline(text="A", callback_data="")},
        "BUTTON_DATA_INVALID",
    ),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "a", "reply_markup": inline(text="A")},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        "sendMessage",
        {"chat_id": 1001, "text": "a", "reply_markup": inline(text="A", url="javascript:1")},
        "inline keyboard button URL 'javascript:1' is invalid: Wrong HTTP URL",
    ),
    (
        "editMessageText",
        {"chat_id": 1001, "message_id": 999, "text": "a"},
        "message to edit not found",
    ),
    ("editMessageText", {"chat_id": 1001, "message_id": 1, "text": "a"}, "message can't be edited"),
    (
        "deleteMessage",
        {"chat_id": 1001, "message_id": 999},
        "message to delete not found",
    ),
    (
        "answerCallbackQuery",
        {"callback_query_id": "1"},
        "query is too old and response timeout expired or query ID is invalid",
    ),
    ("sendPhoto", {"chat_id": 1001, "photo": "x"}, "wrong remote file identifier specified: Wrong"),
    ("sendPhoto", {"chat_id": 1001, "photo": "https://a.b/c"}, "failed to get HTTP URL content"),
    ("sendPhoto", {"chat_id": 1001}, "there is no photo in the request"),
    (
        "sendPhoto",
        {"chat_id": 1001, "photo": "x", "caption": "a" * 1025},
        "message caption is too long",
    ),
    (
        "sendMediaGroup",
        {"chat_id": 1001, "media": [{"type": "photo", "media": "x"}]},
        "expected from 2 to 10 messages in the album",
    ),
    (
        "sendChatAction",
        {"chat_id": 1001, "action": "think"},
        "wrong parameter action in request",
    ),
    ("getFile", {"file_id": "x"}, "wrong file_id or the file is temporarily unavailable"),
    (
        "setMyCommands",
        {"commands": [{"command": "Ghi", "description": "a"}]},
        "BOT_COMMAND_INVALID",
    ),
    (
        "setMyCommands",
        {"commands": [], "scope": {"type": "chat", "chat_id": 1005}},
        "chat not found",
    ),
]


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Api, RemotePhone]]:
    """One server for all refusals: none of them may change anything. Message 1 is the person's."""
    app = create_app(token=TOKEN, phones=PHONES)
    with running(app) as address, Remote(address) as remote:
        caller = Api(address)
        remote.phone(1001).says("đầu tiên")
        yield caller, remote.phone(1001)
        caller.http.close()


@pytest.mark.parametrize(("method", "fields", "words"), REFUSED)
def test_a_wrong_call_is_refused_in_telegrams_words(
    shared: tuple[Api, RemotePhone], method: str, fields: dict[str, Any], words: str
) -> None:
    api, cadre = shared
    answer = api.call(method, **fields)
    assert (answer["ok"], answer["error_code"]) == (False, 400)
    assert answer["description"].startswith(f"Bad Request: {words}")
    assert cadre.messages() == []


def test_limits_are_met_exactly(api: Api, cadre: RemotePhone) -> None:
    api.ok("sendMessage", chat_id=1001, text="<b>" + "đ" * 4096 + "</b>", parse_mode="HTML")
    data = "đ" * 32
    api.ok("sendMessage", chat_id=1001, text="a", reply_markup=inline(text="A", callback_data=data))
    assert len(cadre.messages()[0]["text"]) == 4096


def test_the_same_content_again_is_not_modified(api: Api, cadre: RemotePhone) -> None:
    sent = api.ok("sendMessage", chat_id=1001, text="một")["message_id"]
    words = api.refusal("editMessageText", chat_id=1001, message_id=sent, text=" một ")
    assert words == NOT_MODIFIED


def test_unknown_methods_and_wrong_tokens_have_their_codes(api: Api) -> None:
    assert api.call("sendMesage")["error_code"] == 404
    answer = api.http.post(f"{api.url}/bot1:other/getMe")
    assert answer.status_code == 401
    assert answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


def test_a_blocked_bot_is_forbidden(api: Api, cadre: RemotePhone) -> None:
    cadre.blocks()
    answer = api.call("sendMessage", chat_id=1001, text="a")
    assert answer["error_code"] == 403
    assert answer["description"] == "Forbidden: bot was blocked by the user"


def test_method_names_ignore_case_and_fields_come_in_three_forms(
    api: Api, cadre: RemotePhone
) -> None:
    address = f"{api.url}/bot42:sandbox/sendmessage"
    api.http.get(address, params={"chat_id": 1001, "text": "một"}).raise_for_status()
    markup = '{"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}'
    form = {"chat_id": "1001", "text": "hai", "reply_markup": markup}
    api.http.post(address, data=form).raise_for_status()
    files = {"chat_id": (None, "1001"), "text": (None, "ba")}
    api.http.post(address, files=files).raise_for_status()
    assert [shown["text"] for shown in cadre.messages()] == ["một", "hai", "ba"]


def test_a_file_is_attached_by_name(api: Api, cadre: RemotePhone) -> None:
    address = f"{api.url}/bot42:sandbox/sendDocument"
    data = {"chat_id": "1001", "document": "attach://phuluc"}
    files = {"phuluc": ("phu-luc.xlsx", b"PK")}
    api.http.post(address, data=data, files=files).raise_for_status()
    stray = api.http.post(address, data=data, files={**files, "other": ("a.txt", b"a")})
    assert stray.json()["description"] == 'Bad Request: unknown field "other" in sendDocument'
    (shown,) = cadre.messages()
    assert shown["media"]["name"] == "phu-luc.xlsx"


def test_a_photo_that_is_no_picture_is_refused(api: Api, sandbox: Remote) -> None:
    cadre = sandbox.phone(1001, "Cán bộ 001", opened=True)
    address = f"{api.url}/bot42:sandbox/sendPhoto"
    for content, words in (
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (b"", "file must be non-empty"),
    ):
        answer = api.http.post(
            address, data={"chat_id": "1001"}, files={"photo": ("a.jpg", content)}
        )
        assert answer.json()["description"] == f"Bad Request: {words}"
    assert cadre.messages() == []
