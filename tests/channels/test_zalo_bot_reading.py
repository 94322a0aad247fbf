"""Zalo Bot's events as arrivals, flat and wrapped, as captured and as documented."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.contract import Malformed
from bot.channels.zalo_bot_reading import external_id, read
from bot.messages import Arrival, Incoming, Media

WHO = "a1b2c3d4e5f60718293a"
NUMBER = "0f1e2d3c4b5a69788796"
AT = datetime(2026, 11, 24, 9, 40, 0, 500_000, tzinfo=UTC)
PICTURE = "https://photo-stal-29.zdn.vn/no/jpg/1.jpg"
VOICE = "https://voice-aac-dl.zdn.vn/1.aac"


def event(kind: str, *, chat_type: str = "PRIVATE", chat: str = WHO, **content: Any) -> Any:
    sender = {"id": WHO, "is_bot": False, "display_name": "Nguyễn Văn Mẫu"}
    message = {
        "date": int(AT.timestamp() * 1000),
        "chat": {"chat_type": chat_type, "id": chat},
        "message_id": NUMBER,
        "from": sender,
        **content,
    }
    return {"event_name": f"message.{kind}.received", "message": message}


def arrived(*, account: str = WHO, **fields: Any) -> list[Arrival]:
    known: dict[str, Any] = {"message_id": NUMBER, "sent_at": AT, "sender_name": "Nguyễn Văn Mẫu"}
    return [Arrival(account, NUMBER, Incoming(**known | fields))]


EVENTS = [
    (event("text", text="Hòa Mẫu 19/11 họp thôn 3"), {"text": "Hòa Mẫu 19/11 họp thôn 3"}),
    (
        event("image", photo_url=PICTURE, caption="", message_type="CHAT_PHOTO"),
        {"media": Media("photo", PICTURE, mime="image/jpeg")},
    ),
    (
        event("image", photo=PICTURE, caption="Cầu thôn 3"),
        {"media": Media("photo", PICTURE, mime="image/jpeg"), "text": "Cầu thôn 3"},
    ),
    (event("voice", voice_url=VOICE), {"media": Media("voice", VOICE, mime="audio/aac")}),
    (event("sticker", sticker="1234", url="https://zalo-api.zadn.vn/1"), {"text": ""}),
    (event("unsupported"), {"unreadable": True}),
    (event("image", caption=""), {"unreadable": True}),
    (event("link", text="https://bando.example"), {"text": "https://bando.example"}),
    (event("contact"), {"unreadable": True}),
]


@pytest.mark.parametrize(("payload", "fields"), EVENTS)
@pytest.mark.parametrize("wrapped", [False, True])
def test_each_kind_of_event(payload: Any, fields: dict[str, Any], wrapped: bool) -> None:
    assert read({"ok": True, "result": payload} if wrapped else payload) == arrived(**fields)


def test_the_same_event_has_one_id_however_it_is_wrapped() -> None:
    flat = event("text", text="chào")
    assert external_id(flat) == external_id({"ok": True, "result": flat}) == NUMBER


def test_a_group_is_not_private_and_answers_go_to_the_group() -> None:
    (found,) = read(event("text", text="@Bot chào", chat_type="GROUP", chat="g1"))
    assert (found.account, found.incoming.private) == ("g1", False)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"event_name": "bot.added.to.group"},
        {"event_name": "message.text.received", "message": None},
        {"ok": True, "result": None},
        event("text", text="của bot") | {"message": {"from": {"id": "b", "is_bot": True}}},
        event("reaction", emoji="x"),
    ],
)
def test_what_tells_nothing_is_passed_over(payload: Any) -> None:
    assert read(payload) == []


@pytest.mark.parametrize(
    "payload",
    [
        {"message": 5},
        {"message": "chữ"},
        {"event_name": "message.text.received", "message": {"message_id": NUMBER, "text": "x"}},
        event("text", text={"b": 1}),
        event("text", text="x", date="hôm qua"),
        {"event_name": "message.text.received", "message": {"chat": {"id": 7}, "text": "x"}},
        event("image", photo_url=["a"]),
    ],
)
def test_what_is_not_as_documented_is_malformed_and_nothing_worse(payload: Any) -> None:
    with pytest.raises(Malformed):
        read(payload)
    assert external_id(payload)
