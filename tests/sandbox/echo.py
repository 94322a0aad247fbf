"""A tiny bot on plain HTTP: greets, shows what it was told for review, files it on a press."""

from __future__ import annotations

import threading
import time
from typing import Any

import httpx

MENU = [
    {"command": "ghi", "description": "Ghi chuyến đi cơ sở"},
    {"command": "dagui", "description": "Đã gửi"},
    {"command": "huongdan", "description": "Hướng dẫn"},
]
KEYBOARD = {
    "keyboard": [["Ghi chuyến đi", "Kiến nghị"], ["Việc chờ tôi", "Địa bàn"]],
    "resize_keyboard": True,
    "is_persistent": True,
}
REVIEW = {
    "inline_keyboard": [
        [{"text": "Gửi", "callback_data": "gui"}],
        [
            {"text": "Sửa", "callback_data": "sua"},
            {"text": "Thêm", "callback_data": "them"},
            {"text": "Để sau", "callback_data": "sau"},
        ],
    ]
}
GREETING = (
    "<b>Sâu Sát</b>, hệ thống nhắn tin tự động của Văn phòng Tỉnh ủy\n"
    "Kính gửi đồng chí, hệ thống lưu nội dung, ảnh đồng chí gửi và thời gian gửi."
)


class EchoBot:
    """Polls in a thread until stopped."""

    def __init__(self, url: str, token: str) -> None:
        self._http = httpx.Client(base_url=f"{url}/bot{token}", trust_env=False, timeout=10)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._poll, daemon=True)
        self._filed = 1436

    def __enter__(self) -> EchoBot:
        self._call("setMyCommands", commands=MENU)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._http.post("getUpdates")  # ends the poll in hand with 409
        self._thread.join(5)
        self._http.close()

    def _call(self, method: str, **fields: Any) -> Any:
        while True:
            answer = self._http.post(method, json=fields).json()
            if answer["ok"] or answer["error_code"] in (403, 409):
                return answer.get("result", [])
            assert answer["error_code"] == 429, answer
            time.sleep(answer["parameters"]["retry_after"])

    def _poll(self) -> None:
        offset = 0
        while not self._stopping.is_set():
            for update in self._call("getUpdates", offset=offset, timeout=1):
                offset = update["update_id"] + 1
                self._answer(update)

    def _answer(self, update: dict[str, Any]) -> None:
        if query := update.get("callback_query"):
            self._press(query)
        elif message := update.get("message"):
            self._message(message["chat"]["id"], message)

    def _message(self, chat: int, message: dict[str, Any]) -> None:
        text = message.get("text") or message.get("caption") or "(không có chữ)"
        if text.startswith("/start"):
            self._send(chat, GREETING, parse_mode="HTML", reply_markup=KEYBOARD)
            return
        self._call("sendChatAction", chat_id=chat, action="typing")
        review = f"Xin đồng chí xem lại trước khi gửi\n\nĐI CƠ SỞ · Xã Hòa Mẫu\nNắm: {text}"
        self._send(chat, review, reply_markup=REVIEW)

    def _press(self, query: dict[str, Any]) -> None:
        chat, shown = query["message"]["chat"]["id"], query["message"]
        self._call("answerCallbackQuery", callback_query_id=query["id"])
        if query["data"] != "gui":
            return
        self._filed += 1
        text = f"{shown['text']}\n→ Gửi"
        self._call("editMessageText", chat_id=chat, message_id=shown["message_id"], text=text)
        self._send(chat, f"Đã lưu phiếu CS-{self._filed}.")

    def _send(self, chat: int, text: str, **more: Any) -> None:
        self._call("sendMessage", chat_id=chat, text=text, **more)
