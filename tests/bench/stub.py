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
