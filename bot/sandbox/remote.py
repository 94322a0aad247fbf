"""A sandbox seen from a test or a script: phones to act on, switches, clock, transcript."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Any

import httpx

File = tuple[str, bytes]


class Remote:
    """The sandbox at an address."""

    def __init__(self, url: str) -> None:
        # Plain HTTP on this machine: there is no certificate to read and none to check.
        self.http = httpx.Client(base_url=url, trust_env=False, verify=False, timeout=30)

    def __enter__(self) -> Remote:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def phone(self, id: int | str, name: str = "", **details: Any) -> RemotePhone:
        """A phone, put on the table when it was not; details as in phones.Phone."""
        if name:
            self._post("/sandbox/phones", {"id": str(id), "name": name, **details})
        return RemotePhone(self, str(id))

    def switch(self, kind: str, **details: Any) -> None:
        """Switch a misbehaviour on; details as in switches.Switch, and `count`."""
        self._post("/sandbox/switches", {"kind": kind, **details})

    def behave(self) -> None:
        """Switch every misbehaviour off."""
        self.http.delete("/sandbox/switches").raise_for_status()

    def move_clock(self, to: str) -> str:
        """Move the clock: "+1h", "next 07:15" or an ISO time; returns the province's time."""
        return str(self._post("/sandbox/clock", {"to": to})["local"])

    def statistics(self) -> dict[str, Any]:
        """Calls and refusals so far."""
        return dict(self.http.get("/sandbox/statistics").raise_for_status().json())

    def transcript(self) -> str:
        """What was done so far."""
        return self.http.get("/sandbox/transcript").raise_for_status().text

    def events(self, after: int = 0, wait: float = 0, phone: str = "") -> list[dict[str, Any]]:
        """Events after a number, waiting for the first of them."""
        query: dict[str, str | float] = {"after": after, "wait": wait, "phone": phone}
        return list(self.http.get("/sandbox/events", params=query).raise_for_status().json())

    def waiting(self, channel: str) -> int:
        """How many events of a Zalo channel nobody has fetched or been posted yet."""
        return len(self.http.get(f"/sandbox/{channel}/events").raise_for_status().json())

    def posts(self, channel: str) -> list[tuple[dict[str, str], bytes]]:
        """Take what would be posted to the webhook of a Zalo channel: headers, body."""
        taken = self.http.post(f"/sandbox/{channel}/posts").raise_for_status().json()
        return [
            ({k.lower(): v for k, v in p["headers"].items()}, p["body"].encode()) for p in taken
        ]

    def post_to(self, channel: str, url: str) -> None:
        """Have an Official Account's events posted there, as its console would."""
        self._post(f"/sandbox/{channel}/webhook", {"url": url})

    def happens(self, channel: str, event: dict[str, Any]) -> None:
        """Queue an event of a Zalo channel as it is, also what no phone would cause."""
        self.http.post(f"/sandbox/{channel}/events", json=event).raise_for_status()

    def _post(self, path: str, data: dict[str, Any]) -> Any:
        answer = self.http.post(path, json=data)
        if answer.is_error:
            raise AssertionError(answer.json()["error"])
        return answer.json()


class RemotePhone:
    """One phone of the sandbox."""

    def __init__(self, sandbox: Remote, id: str) -> None:
        self.sandbox = sandbox
        self.id = id

    def says(self, text: str) -> int:
        """Write a text; returns the message's id."""
        return self._do("text", {"text": text})

    def starts(self, code: str = "") -> int:
        """Open the service's link, with an invitation code or without."""
        return self._do("start", {"code": code})

    def presses(self, label: str, message: int = 0) -> None:
        """Press a button: the newest one with this label, or the one under a message."""
        self._do("press", {"label": label, "message": message})

    def edits(self, message: int, text: str) -> int:
        """Edit a message sent before."""
        return self._do("edit", {"message": message, "text": text})

    def sends_photos(self, *photos: File, caption: str = "") -> int:
        """Send a photo, or an album; returns the first message's id."""
        return self._upload("photos", photos, {"caption": caption})

    def sends_document(self, name: str, content: bytes, caption: str = "") -> int:
        """Send a file."""
        return self._upload("document", [(name, content)], {"caption": caption})

    def sends_voice(self, seconds: int = 5) -> int:
        """Send a voice note."""
        return self._do("voice", {"seconds": seconds})

    def sends_sticker(self) -> int:
        """Send a sticker."""
        return self._do("sticker", {})

    def sends_contact(self) -> int:
        """Send somebody's contact card."""
        return self._do("contact", {})

    def sends_location(self, latitude: float, longitude: float) -> int:
        """Send a place."""
        return self._do("location", {"latitude": latitude, "longitude": longitude})

    def blocks(self, blocked: bool = True) -> None:
        """Block the service, or let it in again."""
        self._do("block", {"blocked": blocked})

    def shows(self) -> dict[str, Any]:
        """The phone: messages, keyboard, menu, whether it is blocked."""
        return dict(self.sandbox.http.get(f"/sandbox/phones/{self.id}").raise_for_status().json())

    def messages(self, by: str = "service") -> list[dict[str, Any]]:
        """The visible messages of one side ("service" or "person"), oldest first."""
        return [each for each in self.shows()["messages"] if each["by"] == by]

    def sees(self, text: str, within: float = 10.0) -> dict[str, Any]:
        """Wait for a message of the service that contains the text, and return the newest."""
        return self.awaits(lambda message: text in message["text"], within, f"“{text}”")

    def awaits(
        self, fits: Callable[[dict[str, Any]], bool], within: float = 10.0, what: str = "a message"
    ) -> dict[str, Any]:
        """Wait for a message of the service that fits, and return the newest."""
        until = time.monotonic() + within
        while True:
            seen = self.sandbox.http.get("/sandbox/state").json()["last_event"]
            shown = self.messages()
            if found := [message for message in shown if fits(message)]:
                return found[-1]
            if (left := until - time.monotonic()) <= 0:
                texts = "\n---\n".join(message["text"] for message in shown)
                raise AssertionError(f"phone {self.id} never showed {what}; it shows:\n{texts}")
            self.sandbox.events(seen, wait=left, phone=self.id)

    def _do(self, act: str, data: dict[str, Any]) -> int:
        return _first(self.sandbox._post(f"/sandbox/phones/{self.id}/{act}", data))

    def _upload(self, act: str, files: Sequence[File], data: dict[str, str]) -> int:
        parts = [("files", (PurePath(name).name, content)) for name, content in files]
        path = f"/sandbox/phones/{self.id}/{act}"
        answer = self.sandbox.http.post(path, files=parts, data=data)
        if answer.is_error:
            raise AssertionError(answer.json()["error"])
        return _first(answer.json())


def _first(answer: dict[str, Any]) -> int:
    return int(answer["messages"][0]["id"]) if answer["messages"] else 0
