"""The record as a transcript: what people did and what the service showed, as a test replays it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.choices import read_choices
from bot.sandbox.record import Event
from bot.sandbox.world import PERSON

MEDIA_WORDS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "photo": lambda media: "ảnh",
    "voice": lambda media: f"ghi âm{_length(media['seconds'])}",
    "location": lambda media: f"vị trí {media['latitude']:g},{media['longitude']:g}",
    "document": lambda media: f"tệp: {media['name']}",
    "sticker": lambda media: "nhãn dán",
    "contact": lambda media: "danh thiếp",
}


def _length(seconds: int) -> str:
    """Of a voice note; empty where it is not known."""
    return f" {seconds // 60}:{seconds % 60:02}" if seconds else ""


def transcript(
    events: Iterable[Event],
    codes: Mapping[str, str],
    zone: ZoneInfo,
    *,
    numbering: Collection[str] = (),
) -> str:
    """The events as text; `codes` gives the roster code of each phone, else its id is used.

    Choices that the phones `numbering` show as numbered lines are written as buttons are, so that
    a conversation reads the same on every channel.
    """
    lines: list[str] = []
    on_screen = album = ""
    said_last: dict[str, int] = {}
    for event in events:
        said = _said(_buttoned(event) if event.phone in numbering else event, zone, said_last)
        if not said:
            continue
        if not lines and event.kind != "clock":
            lines.append(_clock_line(event.at, zone))
        if event.phone and event.phone != on_screen:
            on_screen = event.phone
            lines += ["", f"= {codes.get(on_screen) or on_screen}"]
        before, album = album, _album(event)
        lines += [f"  {line[2:]}" for line in said] if album and album == before else said
    return "\n".join(lines) + "\n" if lines else ""


def _said(event: Event, zone: ZoneInfo, said_last: dict[str, int]) -> list[str]:
    """The lines of one event; none where it changes nothing that can be read."""
    data = event.data
    if event.kind == "message":
        if data["message"]["by"] == PERSON and not data["pressed"]:
            said_last[event.phone] = data["message"]["id"]
        return _message(data["message"], pressed=data["pressed"])
    if event.kind == "edited":
        newest = said_last.get(event.phone) == data["message"]["id"]
        return _edited(data["message"], newest=newest)
    if event.kind == "pressed":
        return [f"* {data['label']}"]
    if event.kind == "clock":
        return ["", _clock_line(datetime.fromisoformat(data["now"]), zone)]
    if event.kind == "blocked":
        return [f"# {'chặn' if data['blocked'] else 'bỏ chặn'} hệ thống"]
    if event.kind == "answered" and data["text"]:
        return [f"# thông báo: {data['text']}"]
    return []


def _buttoned(event: Event) -> Event:
    """A message of the service with its numbered lines as rows of buttons."""
    message = event.data.get("message")
    if event.kind != "message" or message is None or message["by"] == PERSON:
        return event
    choices = read_choices(message["text"])
    rows = [*message["buttons"], *([{"label": label}] for label in choices.labels)]
    return replace(
        event, data={**event.data, "message": {**message, "text": choices.body, "buttons": rows}}
    )


def _album(event: Event) -> str:
    return str(event.data["message"]["album"]) if event.kind == "message" else ""


def _message(message: Mapping[str, Any], *, pressed: str) -> list[str]:
    if message["by"] == PERSON:
        return [f"* {pressed}"] if pressed else _lines(">", _words(message))
    return _lines("<", _words(message)) + _buttons(message)


def _edited(message: Mapping[str, Any], *, newest: bool) -> list[str]:
    if message["by"] != PERSON:
        return _lines("~", _words(message)) + _buttons(message)
    if newest:
        return _lines("^", message["text"])
    return [f"# sửa tin {message['id']}:", *(f"#   {x}" for x in message["text"].split("\n"))]


def _words(message: Mapping[str, Any]) -> str:
    media = message["media"]
    if not media:
        return str(message["text"])
    words = MEDIA_WORDS[media["kind"]](media)
    if media["kind"] == "photo" and message["text"]:
        return f"({words}: {message['text']})"
    return f"({words})" + (f"\n{message['text']}" if message["text"] else "")


def _lines(mark: str, text: str) -> list[str]:
    first, *rest = text.split("\n")
    return [f"{mark} {first}", *(f"  {line}" if line else "" for line in rest)]


def _buttons(message: Mapping[str, Any]) -> list[str]:
    rows = message["buttons"]
    return ["  " + " ".join(f"[ {button['label']} ]" for button in row) for row in rows]


def _clock_line(at: datetime, zone: ZoneInfo) -> str:
    return f"@ {at.astimezone(zone):%Y-%m-%d %H:%M}"
