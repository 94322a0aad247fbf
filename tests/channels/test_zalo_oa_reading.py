"""The Official Account's events as arrivals."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.contract import Malformed
from bot.channels.zalo_oa_reading import external_id, read
from bot.messages import Arrival, Incoming, Media, Place

AT = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)
STAMP = str(int(AT.timestamp() * 1000))
URL = "https://f20-zpc.zdn.vn/1.jpg"


def event(kind: str, attachments: list[Any] | None = None, **message: Any) -> dict[str, Any]:
    content = message | ({"attachments": attachments} if attachments is not None else {})
    return {
        "app_id": "123456",
        "event_name": kind,
        "sender": {"id": "u1"},
        "recipient": {"id": "oa"},
        "user_id_by_app": "by-app",
        "message": {"msg_id": "m1", **content},
        "timestamp": STAMP,
    }


def part(kind: str, **payload: Any) -> dict[str, Any]:
    return {"type": kind, "payload": payload}


def arrived(number: str = "m1", **fields: Any) -> Arrival:
    return Arrival("u1", number, Incoming(message_id="m1", sent_at=AT, **fields))


def photo(url: str) -> Media:
    return Media("photo", url, mime="image/jpeg")


PLACE = part("location", coordinates={"latitude": "13.78", "longitude": "109.22"})
DOCUMENT = part("file", url=URL, name="danh sách.xlsx", size="2048", checksum="c", type="xlsx")


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        (event("user_send_text", text="Hòa Mẫu 19/11"), [arrived(text="Hòa Mẫu 19/11")]),
        (event("user_send_text", text="#:sua CS-1437"), [arrived(token="sua CS-1437")]),
        (event("user_send_text", text="#:#3 review gui"), [arrived(token="#3 review gui")]),
        (
            event("user_send_image", [part("image", url=URL, thumbnail="t")], text="Cầu"),
            [arrived(media=photo(URL), text="Cầu")],
        ),
        (
            event("user_send_image", [part("image", url=URL), part("image", url=URL + "2")]),
            [arrived(media=photo(URL)), arrived("m1#2", media=photo(URL + "2"))],
        ),
        (
            event("user_send_location", [PLACE], text="Thôn 3"),
            [arrived(place=Place(13.78, 109.22))],
        ),
        (
            event("user_send_file", [DOCUMENT]),
            [arrived(media=Media("document", URL, "danh sách.xlsx", size=2048))],
        ),
        (event("user_send_audio", [part("audio", url=URL)]), [arrived(media=Media("voice", URL))]),
        (
            event("user_send_link", [part("link", url="https://a.vn")]),
            [arrived(text="https://a.vn")],
        ),
        (event("user_send_sticker", [part("sticker", url=URL)]), [arrived()]),
        (event("user_send_video", [part("video", url=URL)]), [arrived(unreadable=True)]),
        (event("user_send_business_card", []), [arrived(unreadable=True)]),
        (event("user_send_image", []), [arrived(unreadable=True)]),
    ],
)
def test_each_kind_of_event(payload: Any, found: list[Arrival]) -> None:
    assert read(payload) == found


def test_a_long_text_that_looks_like_a_tap_is_a_text_for_the_guard_to_see() -> None:
    text = "#:" + "tài liệu mật " * 10
    assert read(event("user_send_text", text=text)) == [arrived(text=text)]


@pytest.mark.parametrize(("kind", "gone"), [("follow", False), ("unfollow", True)])
def test_following_and_leaving_have_an_id_made_of_what_happened(kind: str, gone: bool) -> None:
    payload = {
        "oa_id": "oa",
        "follower": {"id": "u1"},
        "user_id_by_app": "x",
        "event_name": kind,
        "source": "oa_profile",
        "app_id": "123456",
        "timestamp": STAMP,
    }
    (found,) = read(payload)
    assert (found.account, found.incoming.blocked, found.incoming.sent_at) == ("u1", gone, AT)
    again = {**payload, "source": "qr"}
    later = {**payload, "timestamp": STAMP[:-1] + "1"}
    other = {**payload, "follower": {"id": "u2"}}
    assert external_id(again) == found.external_id
    assert len({found.external_id, external_id(later), external_id(other)}) == 3


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"event_name": 5},
        event("oa_send_text", text="của chúng ta"),
        event("user_received_message"),
        event("user_seen_message", msg_ids=["m1"]),
        event("anonymous_send_text", text="ai đó"),
        event("user_submit_info") | {"info": {"name": "Mẫu", "phone": "84900000000"}},
        event("add_user_to_tag"),
    ],
)
def test_what_is_no_message_of_a_person_is_passed_over(payload: Any) -> None:
    assert read(payload) == []
    assert external_id(payload)


@pytest.mark.parametrize(
    "payload",
    [
        {"event_name": "follow"},
        {"event_name": "user_send_text"},
        event("user_send_text", text=5),
        event("user_send_text", text="x") | {"sender": {"id": 5}},
        event("user_send_text", text="x") | {"timestamp": "hôm qua"},
        event("user_send_location", [part("location", coordinates={"latitude": "bắc"})]),
        event("user_send_image", ["chữ"]),
        event("user_send_image", 5),  # type: ignore[arg-type]  # what no document shows
    ],
)
def test_what_is_not_as_documented_is_malformed_and_nothing_worse(payload: Any) -> None:
    with pytest.raises(Malformed):
        read(payload)
    assert external_id(payload)
