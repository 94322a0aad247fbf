from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.contract import Malformed
from bot.channels.telegram_reading import external_id, read
from bot.messages import Incoming, Media, Place

CHAT = {"id": 101, "type": "private", "first_name": "Mẫu"}
FROM = {"id": 101, "is_bot": False, "first_name": "Mẫu", "last_name": "Nguyễn Văn"}
AT = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)
COMMON = {"message_id": 7, "date": int(AT.timestamp()), "chat": CHAT, "from": FROM}
PLAIN: dict[str, Any] = {"message_id": "7", "sent_at": AT, "sender_name": "Mẫu Nguyễn Văn"}
SIZES = [
    {"file_id": "small", "width": 90, "height": 60, "file_size": 900},
    {"file_id": "large", "width": 1280, "height": 960, "file_size": 90_000},
]


def message(**fields: Any) -> dict[str, Any]:
    return {"update_id": 5, "message": COMMON | fields}


TABLE: list[tuple[dict[str, Any], Incoming]] = [
    (message(text="Xin chào"), Incoming(text="Xin chào", **PLAIN)),
    (
        {"update_id": 5, "edited_message": COMMON | {"text": "Sửa lại", "edit_date": 1}},
        Incoming(text="Sửa lại", edits=True, **PLAIN),
    ),
    (
        message(photo=SIZES, caption="Cầu thôn 3", media_group_id="77"),
        Incoming(
            text="Cầu thôn 3",
            media=Media("photo", "large", mime="image/jpeg", size=90_000),
            album="77",
            **PLAIN,
        ),
    ),
    (
        message(voice={"file_id": "v", "duration": 48, "mime_type": "audio/ogg", "file_size": 9}),
        Incoming(media=Media("voice", "v", mime="audio/ogg", size=9, seconds=48), **PLAIN),
    ),
    (
        message(document={"file_id": "d", "file_name": "danh sách.xlsx", "mime_type": "a/b"}),
        Incoming(media=Media("document", "d", name="danh sách.xlsx", mime="a/b"), **PLAIN),
    ),
    (
        message(video={"file_id": "m", "duration": 3, "mime_type": "video/mp4"}, caption="Đường"),
        Incoming(text="Đường", media=Media("document", "m", mime="video/mp4", seconds=3), **PLAIN),
    ),
    (
        message(location={"latitude": 13.78, "longitude": 109.22}),
        Incoming(place=Place(13.78, 109.22), **PLAIN),
    ),
    (
        message(contact={"phone_number": "0900000001", "first_name": "Hòa"}),
        Incoming(text="Hòa 0900000001", **PLAIN),
    ),
    (message(sticker={"file_id": "s", "emoji": "x"}), Incoming(**PLAIN)),
    (
        {
            "update_id": 5,
            "callback_query": {
                "id": "900",
                "from": FROM,
                "message": {"message_id": 6, "chat": CHAT, "date": 0},
                "data": "KN-312 y kien",
            },
        },
        Incoming(
            token="KN-312 y kien",
            stands_under="6",
            sender_name="Mẫu Nguyễn Văn",
            callback_id="900",
        ),
    ),
    (
        {"update_id": 5, "callback_query": {"id": "900", "from": FROM, "data": "viec"}},
        Incoming(token="viec", sender_name="Mẫu Nguyễn Văn", callback_id="900"),
    ),
    (
        {
            "update_id": 5,
            "my_chat_member": {
                "chat": CHAT,
                "from": FROM,
                "date": int(AT.timestamp()),
                "new_chat_member": {"status": "kicked", "user": {"id": 1}},
            },
        },
        Incoming(blocked=True, sent_at=AT, sender_name="Mẫu Nguyễn Văn"),
    ),
]


@pytest.mark.parametrize(("payload", "expected"), TABLE)
def test_a_payload_says_what_the_person_did(payload: dict[str, Any], expected: Incoming) -> None:
    (arrival,) = read(payload)
    assert arrival.incoming == expected
    assert (arrival.account, arrival.external_id) == ("101", "5")


def test_a_group_is_no_private_chat() -> None:
    group = {"id": -100200, "type": "supergroup", "title": "Nhóm"}
    (arrival,) = read(message(chat=group, text="Chào"))
    assert not arrival.incoming.private
    assert arrival.account == "-100200"


def test_somebody_who_allows_messages_again_is_not_blocked() -> None:
    change = {
        "chat": CHAT,
        "from": FROM,
        "date": 1,
        "new_chat_member": {"status": "member", "user": {"id": 1}},
    }
    (arrival,) = read({"update_id": 5, "my_chat_member": change})
    assert arrival.incoming.blocked is False


@pytest.mark.parametrize(
    "payload",
    [
        {"update_id": 1, "channel_post": {"text": "x"}},
        {"update_id": 2, "poll": {}},
        {"update_id": 3},
        message(pinned_message={"message_id": 1}),
        {"update_id": 4, "edited_message": COMMON | {"location": {"latitude": 1, "longitude": 2}}},
    ],
)
def test_what_is_not_for_us_says_nothing(payload: dict[str, Any]) -> None:
    assert read(payload) == []


@pytest.mark.parametrize(
    "payload",
    [
        {"update_id": 1, "message": {"message_id": "?", "date": "hôm qua", "chat": None}},
        {"update_id": 2, "message": None},
        {"update_id": 3, "message": "chữ"},
        {"update_id": 4, "callback_query": {"id": 5}},
        message(text=5),
        message(photo=[{"file_id": "x"}]),
        message(date=10**20),
        message(location={"latitude": "bắc"}),
    ],
)
def test_a_malformed_payload_is_told_apart(payload: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read(payload)


def test_an_update_without_a_number_has_a_name_of_its_own() -> None:
    one, other = {"message": "a"}, {"message": "b"}
    assert external_id({"update_id": 12}) == "12"
    assert external_id(one) == external_id(dict(one)) != external_id(other)
