"""The Official Account's calls: what is posted, and what each kind of answer comes to."""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.contract import Call, SendFailed
from bot.channels.zalo_oa import ZaloOA
from bot.messages import Option, Outgoing
from tests.channels.wire import Answer
from tests.channels.zalo_wire import SECRET_KEY, Account, done, no, oa, page, signature

CS = "/v3.0/oa/message/cs"
ROWS = ((Option("Gửi", "#3 review gui"), Option("Sửa", "sua CS-1437")),)
HEADER = "x-zevent-signature"


def deliver(channel: ZaloOA, message: Outgoing) -> list[str]:
    async def play() -> list[str]:
        return [await channel.send("u1", call) for call in channel.render(message)]

    return asyncio.run(play())


def said(text: str, **attachment: Any) -> dict[str, Any]:
    message: dict[str, Any] = {"text": text} if text else {}
    return {"recipient": {"user_id": "u1"}, "message": message | attachment}


def test_a_text_is_posted_with_the_token_and_its_id_comes_back() -> None:
    account = Account()
    assert deliver(oa(account), Outgoing("Chào đồng chí")) == ["m1"]
    assert account.asked == [(CS, "access-1", said("Chào đồng chí"))]


def test_up_to_five_choices_are_buttons_that_send_their_token() -> None:
    account = Account()
    link = Option("Mở trang", "", "https://sausat.example/x")
    deliver(oa(account), Outgoing("Xem lại", (*ROWS, (link,))))
    buttons = account.bodies()[0]["message"]["attachment"]["payload"]["buttons"]
    assert buttons == [
        {"title": "Gửi", "type": "oa.query.hide", "payload": "#:#3 review gui"},
        {"title": "Sửa", "type": "oa.query.hide", "payload": "#:sua CS-1437"},
        {"title": "Mở trang", "type": "oa.open.url", "payload": {"url": link.url}},
    ]
    assert account.bodies()[0]["message"]["attachment"]["type"] == "template"


def test_six_choices_are_numbered_lines() -> None:
    rows = tuple((Option(f"Việc {n}", f"viec {n}"),) for n in range(6))
    account = Account()
    deliver(oa(account), Outgoing("Chọn", rows))
    assert account.bodies() == [
        said("Chọn\n\nTrả lời số:\n" + "\n".join(f"{n + 1}. Việc {n}" for n in range(6)))
    ]


@pytest.mark.parametrize("code", [-224, "-224", -233])
def test_where_the_plan_has_no_buttons_the_same_message_goes_as_numbered_text(code: Any) -> None:
    account = Account({CS: [no(code, "upgrade OA Tier Package"), done(message_id="m2")]})
    channel = oa(account)
    assert deliver(channel, Outgoing("Xem lại", ROWS)) == ["m2"]
    listed = said("Xem lại\n\nTrả lời số:\n1. Gửi\n2. Sửa")
    assert account.bodies()[1] == listed
    assert channel.limits.most_buttons == 0
    deliver(channel, Outgoing("Xem lại", ROWS))
    assert account.bodies()[2] == listed, "the next message does not try again"


def test_the_buttons_of_a_long_text_stand_under_its_last_part() -> None:
    account = Account({CS: [done(), done(), no(-224), done()]})
    text = "Đường vào thôn 3 hỏng nặng. " * 150
    deliver(oa(account), Outgoing(text, ROWS))
    shown = [body["message"] for body in account.bodies()]
    assert ["attachment" in each for each in shown] == [False, False, True, False]
    assert shown[3]["text"].endswith("Trả lời số:\n1. Gửi\n2. Sửa\n(3/3)")
    assert all(len(each["text"]) <= 2000 for each in shown)


def test_a_picture_and_a_document_are_uploaded_and_then_sent(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-")
    account = Account(
        {
            "/v2.0/oa/upload/image": [done(attachment_id="at1")],
            "/v2.0/oa/upload/file": [done(token="tk1")],
        }
    )
    deliver(oa(account, tmp_path), Outgoing("Bản tổng hợp", files=("a.png", "b.pdf")))
    element = {"media_type": "image", "attachment_id": "at1"}
    payload = {"template_type": "media", "elements": [element]}
    assert account.bodies() == [
        said("", attachment={"type": "template", "payload": payload}),
        said("", attachment={"type": "file", "payload": {"token": "tk1"}}),
        said("Bản tổng hợp"),
    ]
    assert b'filename="a.png"' in account.bodies("/v2.0/oa/upload/image")[0]


def test_what_cannot_be_uploaded_is_given_up(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x" * (1024 * 1024 + 1))
    for name, reason in (("a.png", "too_big"), ("gone.pdf", "not_found")):
        kind = "image" if name.endswith("png") else "file"
        with pytest.raises(SendFailed) as caught:
            asyncio.run(oa(Account(), tmp_path).send("u1", Call(kind, file=name)))
        assert (caught.value.reason, caught.value.permanent) == (reason, True)


def test_it_carries_what_zalo_takes_and_nothing_else() -> None:
    limits = oa(Account()).limits
    assert [name for name in ("a.PDF", "b.docx", "c.png") if not limits.carries(name)] == []
    assert [name for name in ("a.xlsx", "b.ogg", "c") if limits.carries(name)] == []


def failing(answer: Answer) -> SendFailed:
    account = Account({CS: [answer]})
    with pytest.raises(SendFailed) as caught:
        asyncio.run(oa(account).send("u1", Call("text", {"text": "Chào"})))
    return caught.value


@pytest.mark.parametrize(
    ("code", "reason", "permanent"),
    [
        (-32, "too_many", False),
        (-201, "refused", True),
        ("-210", "refused", True),
        (-211, "out_of_quota", False),
        (-213, "blocked", True),
        (-222, "blocked", True),
        (-224, "not_allowed", True),
        (-230, "window_closed", False),
        (-232, "window_closed", False),
        (-204, "unauthorized", False),
        (-9999, "refused", True),
        ("chữ", "refused", True),
    ],
)
def test_each_code_is_one_of_the_closed_list(code: Any, reason: str, permanent: bool) -> None:
    trouble = failing(no(code, "said by Zalo"))
    assert (trouble.reason, trouble.permanent) == (reason, permanent)
    assert (trouble.retry_after is not None) == (reason == "too_many")


@pytest.mark.parametrize(
    ("answer", "reason", "doubtful"),
    [
        (page(502), "unreachable", True),
        (page(200), "unreachable", True),
        (page(429), "too_many", False),
        ((200, b"[]"), "unreachable", True),
        (httpx.ConnectError("no route"), "unreachable", False),
        (httpx.ReadTimeout("late"), "unreachable", True),
    ],
)
def test_trouble_on_the_way_is_tried_again(answer: Answer, reason: str, doubtful: bool) -> None:
    trouble = failing(answer)
    found = (trouble.reason, trouble.permanent, trouble.doubtful)
    assert found == (reason, False, doubtful)


@pytest.mark.parametrize("code", [-216, -220, -124])
def test_a_token_that_counts_no_more_is_refreshed_once_and_the_call_done_again(code: int) -> None:
    account = Account({CS: [no(code, "expired"), done(message_id="m2")]})
    assert deliver(oa(account), Outgoing("Chào")) == ["m2"]
    assert [access for _, access, _ in account.asked] == ["access-1", "access-2"]
    assert [form.split("&")[0] for form in account.refreshed] == [
        "refresh_token=refresh-0",
        "refresh_token=refresh-1",
    ]


def test_a_new_token_that_is_refused_too_ends_it() -> None:
    account = Account({CS: [no(-216)]})
    with pytest.raises(SendFailed) as caught:
        deliver(oa(account), Outgoing("Chào"))
    assert (caught.value.reason, len(account.asked), len(account.refreshed)) == (
        "unauthorized",
        2,
        2,
    )


def test_the_paid_notice_goes_by_its_template() -> None:
    account = Account()
    channel = oa(account, template="77")
    assert (channel.limits.template, oa(account).limits.template) == (True, False)
    deliver(channel, Outgoing("Có việc cần đồng chí xem", ROWS, template=True))
    assert account.bodies("/v3.0/oa/message/template") == [
        {
            "user_id": "u1",
            "template_id": "77",
            "template_data": {"noi_dung": "Có việc cần đồng chí xem"},
        }
    ]


BODY = json.dumps(
    {
        "app_id": "123456",
        "event_name": "user_send_text",
        "sender": {"id": "u1"},
        "message": {"msg_id": "m", "text": "chào"},
        "timestamp": "1781234567890",
    },
    ensure_ascii=False,
).encode()


def test_a_body_signed_with_the_accounts_key_is_genuine() -> None:
    channel, mac = oa(Account()), signature(BODY)
    assert channel.genuine({HEADER: mac}, BODY)
    assert channel.genuine({HEADER: mac.removeprefix("mac=")}, BODY)
    as_number = BODY.replace(b'"1781234567890"', b"1781234567890")
    assert channel.genuine({HEADER: signature(as_number)}, as_number)


FORGED = {
    "missing": None,
    "empty": "",
    "no digest": "mac=",
    "another key": signature(BODY, key="app-secret"),
    "another app": signature(BODY, app_id="654321"),
    "another time": signature(BODY, at="1781234567891"),
    "no key": signature(BODY, key=""),
    "cut": signature(BODY)[:-1],
    "longer": signature(BODY) + "0",
    "not hex": "mac=bí mật",
    "the key itself": SECRET_KEY,
}


@pytest.mark.parametrize("mac", FORGED.values(), ids=FORGED.keys())
def test_every_wrong_or_missing_signature_is_refused(mac: str | None) -> None:
    assert not oa(Account()).genuine({} if mac is None else {HEADER: mac}, BODY)


@pytest.mark.parametrize(
    "other",
    [
        BODY + b" ",
        BODY.replace("chào".encode(), b"xin"),
        BODY.replace(b"u1", b"u2"),
        BODY.replace(b"7890", b"7891"),
        json.dumps(json.loads(BODY)).encode(),
        b"",
        b"[]",
        b"{}",
        b"\xff",
    ],
)
def test_a_signature_is_for_these_very_bytes_alone(other: bytes) -> None:
    assert not oa(Account()).genuine({HEADER: signature(BODY)}, other)


def test_nothing_can_be_fetched_from_an_account_that_posts() -> None:
    channel = oa(Account())
    assert not channel.limits.polls
    with pytest.raises(SendFailed):
        asyncio.run(channel.poll(""))
