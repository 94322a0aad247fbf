"""The sandbox speaks the Official Account's interface."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bot.sandbox import Remote, RemotePhone, create_app, running
from tests.sandbox.sink import Sink
from tests.sandbox.zalo import ACCOUNT, PHONES, OaApi

SEAT = PHONES[1]["id"]
NOW = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)


@pytest.fixture
def url() -> Iterator[str]:
    app = create_app(zalo_oa=ACCOUNT, phones=PHONES[1:], now=lambda: NOW)
    with running(app) as address:
        yield address


@pytest.fixture
def api(url: str) -> Iterator[OaApi]:
    caller = OaApi(url)
    caller.refresh()
    yield caller
    caller.http.close()


@pytest.fixture
def seat(sandbox: Remote) -> RemotePhone:
    """A phone whose owner follows the account and wrote just now."""
    phone = sandbox.phone(SEAT)
    phone.starts()
    phone.says("Xin chào")
    sandbox.posts("zalo_oa")
    return phone


def events(sandbox: Remote) -> list[dict[str, Any]]:
    return [json.loads(body) for _, body in sandbox.posts("zalo_oa")]


def button(title: str, payload: str) -> dict[str, str]:
    return {"title": title, "type": "oa.query.hide", "payload": payload}


def with_buttons(*buttons: dict[str, str]) -> dict[str, Any]:
    return {"type": "template", "payload": {"buttons": list(buttons)}}


def test_a_refresh_token_counts_once_and_the_old_access_token_dies(api: OaApi) -> None:
    first, old = api.refresh_token, api.access_token
    assert api.refresh()["expires_in"] == "90000"
    new, api.refresh_token = api.refresh_token, first
    assert api.refresh()["error_name"] == "Invalid refresh token"
    api.refresh_token = new
    assert api.send("x", text="a")["error"] == -213
    api.access_token = old
    assert api.send("x", text="a")["error"] == -220
    api.access_token = "never"
    assert api.send("x", text="a")["error"] == -216


def test_a_wrong_application_or_secret_gets_no_token(api: OaApi) -> None:
    form = {"refresh_token": api.refresh_token, "app_id": "7001", "grant_type": "refresh_token"}
    wrong = api.http.post("v4/oa/access_token", data=form, headers={"secret_key": "x"}).json()
    assert wrong["error"] == -14004
    other = api.http.post("v4/oa/access_token", data=form | {"app_id": "1"}).json()
    assert other["error"] == -14002


def test_an_access_token_ends_when_its_time_is_over() -> None:
    with running(create_app(zalo_oa=replace(ACCOUNT, token_life=0))) as address:
        api = OaApi(address)
        assert api.refresh()["expires_in"] == "0"
        assert api.send("x", text="a")["error"] == -220
        api.http.close()


def test_a_text_shows_on_the_phone_and_its_quota_is_told(api: OaApi, seat: RemotePhone) -> None:
    answer = api.send(SEAT, text="Đã lưu phiếu.")
    assert (answer["error"], answer["message"]) == (0, "Success")
    assert answer["data"]["quota"]["remain"] == "7"
    assert seat.sees("Đã lưu phiếu.")


def test_a_tapped_button_arrives_as_a_text_and_reads_as_a_press(
    api: OaApi, sandbox: Remote, seat: RemotePhone
) -> None:
    api.send(
        SEAT, text="Xem lại", attachment=with_buttons(button("Gửi", "gui"), button("Sửa", "s"))
    )
    seat.presses("Sửa")
    (tap,) = events(sandbox)
    assert (tap["event_name"], tap["message"]["text"]) == ("user_send_text", "s")
    assert seat.messages("person")[-1]["text"] == "Xin chào", "a tap is not seen in the chat"
    assert sandbox.transcript().splitlines()[-1] == "* Sửa"


def test_a_newer_numbered_menu_comes_before_an_older_button(api: OaApi, seat: RemotePhone) -> None:
    api.send(SEAT, text="Xem lại", attachment=with_buttons(button("Gửi", "gui")))
    api.send(SEAT, text="Chọn\n\nTrả lời số:\n1. Gửi\n2. Thôi")
    seat.presses("Gửi")
    assert seat.messages("person")[-1]["text"] == "1"


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"text": " "}, -201),
        ({"text": "a" * 2001}, -201),
        ({"text": "a", "buttons": []}, -201),
        ({"text": "a", "attachment": with_buttons(*[button("a", "b")] * 6)}, -201),
        ({"text": "a", "attachment": with_buttons(button("a" * 101, "b"))}, -201),
        ({"text": "a", "attachment": with_buttons(button("a", "b" * 1001))}, -201),
        ({"attachment": {"type": "template", "payload": {"template_type": "button"}}}, -233),
        ({"attachment": {"type": "file", "payload": {"token": "gone"}}}, -100),
    ],
)
def test_what_is_wrong_is_refused_under_200(
    api: OaApi, seat: RemotePhone, message: dict[str, Any], code: int
) -> None:
    answer = api.send(SEAT, **message)
    assert answer["error"] == code, answer
    assert seat.messages() == []


def test_after_seven_days_of_silence_only_a_template_gets_through(
    api: OaApi, sandbox: Remote, seat: RemotePhone
) -> None:
    sandbox.move_clock("+7d")
    assert api.send(SEAT, text="a")["error"] == 0
    sandbox.move_clock("+1m")
    assert api.send(SEAT, text="a")["error"] == -230
    told = {"user_id": SEAT, "template_id": "demo", "template_data": {"noi_dung": "Có việc mới"}}
    assert api.post("v3.0/oa/message/template", told)["error"] == 0
    seat.presses("Xem")
    assert api.send(SEAT, text="a")["error"] == 0


def test_files_are_uploaded_and_sent(api: OaApi, seat: RemotePhone) -> None:
    headers = {"access_token": api.access_token}
    files = {"file": ("bao-cao.pdf", b"%PDF-1.7")}
    token = api.http.post("v2.0/oa/upload/file", files=files, headers=headers).json()["data"]
    api.send(SEAT, attachment={"type": "file", "payload": token})
    assert seat.messages()[-1]["media"]["name"] == "bao-cao.pdf"
    files = {"file": ("anh.png", b"\x89PNG")}
    image = api.http.post("v2.0/oa/upload/image", files=files, headers=headers).json()["data"]
    media = {"template_type": "media", "elements": [{"media_type": "image", **image}]}
    api.send(SEAT, text="Biểu đồ", attachment={"type": "template", "payload": media})
    assert seat.messages()[-1]["media"]["kind"] == "photo"
    files = {"file": ("so.xlsx", b"PK")}
    answer = api.http.post("v2.0/oa/upload/file", files=files, headers=headers).json()
    assert answer["error"] == -201


def test_what_people_send_arrives_with_its_kind(
    sandbox: Remote, api: OaApi, seat: RemotePhone
) -> None:
    seat.sends_photos(("a.jpg", b"1"), caption="cầu")
    seat.sends_location(13.78, 109.22)
    seat.sends_document("ds.pdf", b"%PDF")
    seat.sends_voice(3)
    photo, place, file, voice = events(sandbox)
    assert (photo["event_name"], photo["message"]["text"]) == ("user_send_image", "cầu")
    url = photo["message"]["attachments"][0]["payload"]["url"]
    assert httpx.get(url, trust_env=False).content == b"1"
    coordinates = place["message"]["attachments"][0]["payload"]["coordinates"]
    assert coordinates == {"latitude": "13.78", "longitude": "109.22"}
    assert file["message"]["attachments"][0]["payload"]["name"] == "ds.pdf"
    assert voice["event_name"] == "user_send_audio"
    assert (len(photo["timestamp"]), photo["sender"]["id"]) == (13, SEAT)


def test_following_and_leaving_have_no_message(
    sandbox: Remote, api: OaApi, seat: RemotePhone
) -> None:
    seat.blocks()
    (left,) = events(sandbox)
    assert (left["event_name"], left["follower"]["id"]) == ("unfollow", SEAT)
    assert "message" not in left
    assert api.send(SEAT, text="a")["error"] == -213


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("quota", -211),
        ("not_follower", -213),
        ("blocked_user", -222),
        ("window_closed", -230),
        ("token_expired", -220),
        ("too_many", -32),
    ],
)
def test_a_switch_refuses_as_often_as_told(
    sandbox: Remote, api: OaApi, seat: RemotePhone, kind: str, code: int
) -> None:
    sandbox.switch(kind, channel="zalo_oa", method="message/cs", count=1)
    assert api.send(SEAT, text="một")["error"] == code
    if kind == "token_expired":
        assert api.send(SEAT, text="một")["error"] == -220, "until it is refreshed"
        api.refresh()
    assert api.send(SEAT, text="hai")["error"] == 0
    assert [shown["text"] for shown in seat.messages()] == ["hai"]


def test_a_low_tier_refuses_buttons_alone(sandbox: Remote, api: OaApi, seat: RemotePhone) -> None:
    sandbox.switch("low_tier")
    assert api.send(SEAT, text="a", attachment=with_buttons(button("a", "b")))["error"] == -224
    assert api.send(SEAT, text="a")["error"] == 0


def test_events_are_posted_with_a_digest_over_the_bytes(sandbox: Remote) -> None:
    with Sink() as sink:
        sandbox.post_to("zalo_oa", sink.url)
        sandbox.phone(SEAT).says("Họp thôn 3")
        headers, body = sink.next()
    stamp = json.loads(body)["timestamp"].encode()
    plain = ACCOUNT.app_id.encode() + body + stamp + ACCOUNT.secret_key.encode()
    assert headers["x-zevent-signature"] == f"mac={hashlib.sha256(plain).hexdigest()}"
    assert "num_retry" not in headers


def test_an_event_that_was_not_taken_comes_again_with_its_number(
    sandbox: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sandbox.zalo_oa.webhook.PAUSES", (0.05, 0.05))
    with Sink(failing=1) as sink:
        sandbox.post_to("zalo_oa", sink.url)
        sandbox.phone(SEAT).says("Họp thôn 3")
        first, again = sink.next(), sink.next()
    assert first[1] == again[1]
    assert again[0]["num_retry"] == "1"


def test_who_somebody_is_and_what_is_left(api: OaApi, seat: RemotePhone) -> None:
    headers = {"access_token": api.access_token}
    asked = {"data": json.dumps({"user_id": SEAT})}
    detail = api.http.get("v3.0/oa/user/detail", params=asked, headers=headers).json()["data"]
    assert (detail["display_name"], detail["user_is_follower"]) == ("Trần Thị Hòa", True)
    left = api.post("v3.0/oa/quota/message", {"user_id": SEAT})["data"]
    assert left["cs_reply"] == {"remain": 8, "total": 8}
    assert api.http.get("v2.0/oa/getoa", headers=headers).json()["data"]["oa_type"] == 4
    assert api.post("v3.0/oa/message/list", {})["error"] == -209
