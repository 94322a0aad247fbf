"""The network of the measurements: answers as Telegram would, without leaving the process."""

import itertools
import json
from typing import Any

import httpx

CHAT = {"id": 1, "type": "private", "first_name": "A"}


def network() -> httpx.AsyncBaseTransport:
    """Every call succeeds at once; the same for us and for the peer we are measured against."""
    ids = itertools.count(1)

    def answer(request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition("/")[2]
        return httpx.Response(200, content=json.dumps({"ok": True, "result": result(method)}))

    def result(method: str) -> Any:
        if method == "getMe":
            return {"id": 4242, "is_bot": True, "first_name": "Sâu Sát", "username": "sausat_bot"}
        if method in ("sendMessage", "editMessageText", "editMessageReplyMarkup"):
            return {"message_id": next(ids), "date": 1_764_000_000, "chat": CHAT}
        return True

    return httpx.MockTransport(answer)


def zalo_network() -> httpx.AsyncBaseTransport:
    """The same for both APIs of Zalo, each in its own envelope."""
    ids = itertools.count(1)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/access_token"):
            said: dict[str, Any] = {"access_token": "a", "refresh_token": "r", "expires_in": "9000"}
        elif "/oa/" in request.url.path:
            said = {"error": 0, "message": "Success", "data": {"message_id": f"{next(ids):x}"}}
        else:
            said = {"ok": True, "result": {"message_id": f"{next(ids):020x}"}, "error_code": 0}
        return httpx.Response(200, content=json.dumps(said))

    return httpx.MockTransport(answer)


_updates = itertools.count(1)


def text_update(person: int, text: str) -> dict[str, Any]:
    """A text of one person, as getUpdates gives it."""
    number = next(_updates)
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1_764_000_000,
            "chat": {"id": person, "type": "private", "first_name": "A"},
            "from": {"id": person, "is_bot": False, "first_name": "A"},
            "text": text,
        },
    }


def zalo_event(person: int, text: str) -> dict[str, Any]:
    """The same text as Zalo Bot posts it."""
    message = {
        "from": {"id": str(person), "display_name": "A", "is_bot": False},
        "chat": {"id": str(person), "chat_type": "PRIVATE"},
        "message_id": f"{next(_updates):020x}",
        "date": 1_764_000_000_000,
        "text": text,
    }
    return {"event_name": "message.text.received", "message": message}


def account_event(person: int, text: str) -> dict[str, Any]:
    """The same text as an Official Account posts it."""
    return {
        "app_id": "4242",
        "sender": {"id": str(person)},
        "recipient": {"id": "1"},
        "event_name": "user_send_text",
        "message": {"msg_id": f"{next(_updates):020x}", "text": text},
        "timestamp": "1764000000000",
    }
