"""People act on phones, the clock moves, and all of it can be read back as a transcript."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox import Remote, RemotePhone, create_app, running
from bot.sandbox.phones import read_phone, read_story
from tests.sandbox.conftest import Api
from tests.sandbox.table import PHONES, TOKEN

TRANSCRIPT = """\
@ 2026-11-24 16:40

= CB001
> Họp thôn 3
  về hiến đất
< Xin đồng chí xem lại

  ĐI CƠ SỞ
  [ Gửi ]
  [ Sửa ] [ Để sau ]
* Gửi
~ Xin đồng chí xem lại → Gửi
> (ảnh: Cầu thôn 3)
> (ghi âm 0:48)
> (vị trí 13.78,109.22)
> (tệp: ds.xlsx)
< Chọn
* Địa bàn

@ 2026-11-25 07:15

= 1002
< (tệp: TH-10.docx)
  Bản đầy đủ
"""


def test_the_record_reads_as_a_transcript() -> None:
    now = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)
    app = create_app(token=TOKEN, phones=[PHONES[0]], now=lambda: now)
    with running(app) as url, Remote(url) as sandbox:
        api = Api(url)
        cadre = sandbox.phone(1001)
        cadre.says("Họp thôn 3\nvề hiến đất")
        rows = [["Gửi"], ["Sửa", "Để sau"]]
        buttons = [[{"text": label, "callback_data": label} for label in row] for row in rows]
        text = "Xin đồng chí xem lại\n\nĐI CƠ SỞ"
        markup = {"inline_keyboard": buttons}
        sent = api.ok("sendMessage", chat_id=1001, text=text, reply_markup=markup)["message_id"]
        cadre.presses("Gửi")
        done = "Xin đồng chí xem lại → Gửi"
        api.ok("editMessageText", chat_id=1001, message_id=sent, text=done)
        cadre.sends_photos(("cau.jpg", b"anh"), caption="Cầu thôn 3")
        cadre.sends_voice(48)
        cadre.sends_location(13.78, 109.22)
        cadre.sends_document("ds.xlsx", b"PK")
        keys = {"keyboard": [["Địa bàn"]]}
        api.ok("sendMessage", chat_id=1001, text="Chọn", reply_markup=keys)
        api.ok("deleteMessage", chat_id=1001, message_id=sent)
        cadre.presses("Địa bàn")
        assert sandbox.move_clock("next 07:15") == "2026-11-25T07:15:00+07:00"
        sandbox.phone(1002, "Bí thư xã", opened=True)
        document = {"document": ("TH-10.docx", b"PK")}
        fields = {"chat_id": "1002", "caption": "Bản đầy đủ"}
        api.http.post(f"{url}/bot{TOKEN}/sendDocument", data=fields, files=document)
        api.http.close()
        assert sandbox.transcript() == TRANSCRIPT


def test_the_clock_is_moved_by_the_hook_and_shows_what_it_reached() -> None:
    asked: list[datetime] = []

    async def hook(wanted: datetime) -> datetime:
        asked.append(wanted)
        return wanted + timedelta(minutes=1)

    now = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)
    app = create_app(token=TOKEN, clock_hook=hook, now=lambda: now)
    with running(app) as url, Remote(url) as sandbox:
        assert sandbox.move_clock("+1h") == "2026-11-24T17:41:00+07:00"
        assert sandbox.move_clock("2026-12-01 07:15") == "2026-12-01T07:16:00+07:00"
        back = sandbox.http.post("/sandbox/clock", json={"to": "2026-11-01 07:15"})
        assert back.json() == {"error": "Đồng hồ chỉ đi tới, không quay lại được."}
        wrong = sandbox.http.post("/sandbox/clock", json={"to": "mai"})
        assert wrong.status_code == 400
    assert asked == [
        datetime(2026, 11, 24, 10, 40, tzinfo=UTC),
        datetime(2026, 12, 1, 0, 15, tzinfo=UTC),
    ]


def test_a_service_clock_that_moves_by_itself_is_not_counted_twice() -> None:
    service = {"now": datetime(2026, 11, 24, 9, 40, tzinfo=UTC)}

    async def hook(wanted: datetime) -> datetime:
        service["now"] = wanted
        return wanted

    app = create_app(token=TOKEN, clock_hook=hook, now=lambda: service["now"])
    with running(app) as url, Remote(url) as sandbox:
        sandbox.move_clock("+1d")
        assert sandbox.move_clock("+1d") == "2026-11-26T16:40:00+07:00"


@pytest.mark.parametrize(
    ("act", "data", "words"),
    [
        ("text", {"text": "  "}, "Tin chưa có chữ nào."),
        ("press", {"label": "Gửi"}, "Trên máy này không có nút “Gửi”."),
        ("edit", {"message": 7, "text": "a"}, "Chỉ sửa được tin của chính máy này."),
        ("start", {"code": "mã có dấu"}, "Mã trong đường dẫn chỉ gồm chữ không dấu"),
        ("location", {"latitude": 95, "longitude": 0}, "Tọa độ chưa đúng."),
        ("document", {}, "Chưa chọn tệp nào."),
        ("photos", {}, "Chưa chọn ảnh nào."),
        ("text", {}, "KeyError: 'text'"),
    ],
)
def test_an_act_that_is_not_possible_says_why(
    sandbox: Remote, act: str, data: dict[str, object], words: str
) -> None:
    answer = sandbox.http.post(f"/sandbox/phones/1001/{act}", json=data)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(words)


def test_a_blocking_phone_sends_nothing(cadre: RemotePhone) -> None:
    cadre.blocks()
    with pytest.raises(AssertionError, match="đang chặn"):
        cadre.says("một")


def test_an_old_button_can_still_be_pressed_under_its_message(api: Api, cadre: RemotePhone) -> None:
    def markup(token: str) -> dict[str, object]:
        return {"inline_keyboard": [[{"text": "Gửi", "callback_data": token}]]}

    old = api.ok("sendMessage", chat_id=1001, text="cũ", reply_markup=markup("cu"))
    api.ok("sendMessage", chat_id=1001, text="mới", reply_markup=markup("moi"))
    cadre.presses("Gửi")
    cadre.presses("Gửi", message=old["message_id"])
    assert [update["callback_query"]["data"] for update in api.updates()] == ["moi", "cu"]


def test_events_can_be_waited_for(api: Api, sandbox: Remote, cadre: RemotePhone) -> None:
    seen = sandbox.events()[-1]["number"]
    assert sandbox.events(seen, wait=0.2) == []
    api.ok("sendMessage", chat_id=1001, text="đây")
    (event,) = sandbox.events(seen, wait=5, phone="1001")
    assert (event["kind"], event["message"]["text"]) == ("message", "đây")
    assert cadre.sees("đây")["id"] == event["message"]["id"]


def test_a_reader_from_before_a_restart_is_told_to_begin_anew(sandbox: Remote) -> None:
    headers = {"Accept": "text/event-stream", "Last-Event-ID": "99"}
    with sandbox.http.stream("GET", "/sandbox/events", headers=headers) as answer:
        assert next(answer.iter_lines()) == "event: restart"


def test_what_never_shows_is_named_together_with_what_shows(
    api: Api, sandbox: Remote, cadre: RemotePhone
) -> None:
    api.ok("sendMessage", chat_id=1001, text="Đã lưu")
    with pytest.raises(AssertionError, match=r"never showed “Xong”; it shows:\nĐã lưu"):
        cadre.sees("Xong", within=0.2)


def test_data_with_an_unknown_or_missing_key_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown rol"):
        read_phone({"id": 1, "name": "A", "rol": "x"})
    with pytest.raises(ValueError, match="needs an id and a name"):
        read_phone({"id": 1})
    with pytest.raises(ValueError, match="unknown say"):
        read_story({"steps": [{"phone": 1, "say": "x"}]})


def test_an_unknown_phone_is_not_found(sandbox: Remote) -> None:
    assert sandbox.http.get("/sandbox/phones/77").status_code == 404
    assert sandbox.http.post("/sandbox/phones/77/text", json={"text": "a"}).status_code == 404
