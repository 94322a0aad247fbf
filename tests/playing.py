"""Reads a transcript, does what its people do, and compares what the service showed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from bot.sandbox.remote import RemotePhone
from tests.scenario import Scenario


@dataclass(frozen=True)
class Act:
    """One line in which a person, or the clock, does something."""

    kind: str  # "@" clock, "=" phone, ">" says, "*" presses, "^" edits what was said last
    text: str


def acts(transcript: str) -> Iterator[Act]:
    """The acts of a transcript in order; the service's lines are what is checked."""
    kind, lines = "", list[str]()
    for line in [*transcript.splitlines(), "# end"]:
        if line.startswith("  ") or not line:
            lines.append(line[2:])
            continue
        if kind in ("@", "=", ">", "*", "^"):
            yield Act(kind, "\n".join(lines).strip("\n"))
        kind, lines = line[:1], [line[2:]]


def play(scene: Scenario, transcript: str) -> str:
    """Do every act; what happened, in the same form."""
    phone = ""
    first = True
    for act in acts(transcript):
        if act.kind == "@":
            if not first:
                scene.moves_clock(act.text)
            first = False
        elif act.kind == "=":
            phone = act.text
        else:
            _do(scene, phone, act)
            scene.settles()
            if act.text.startswith("(ảnh"):
                scene.waits_a_little()
    return scene.sandbox.transcript()


def _do(scene: Scenario, code: str, act: Act) -> None:
    phone = scene.phone(code)
    if act.kind == "*":
        phone.presses(act.text)
    elif act.kind == "^":
        phone.edits(scene.last_said[code], act.text)
    else:
        scene.last_said[code] = _says(phone, act.text)


def _says(phone: RemotePhone, text: str) -> int:
    """Write or send what a line stands for; the message's id. Lines of photos are an album."""
    media = [re.fullmatch(r"\((ảnh|ghi âm|vị trí)(?:: | )?([^)]*)\)", x) for x in text.split("\n")]
    first = media[0]
    if first is None:
        return phone.says(text)
    if first[1] == "ảnh":
        return phone.sends_photos(*(("anh.jpg", picture()) for _ in media), caption=first[2])
    if first[1] == "ghi âm":
        minutes, _, seconds = first[2].partition(":")
        return phone.sends_voice(int(minutes) * 60 + int(seconds))
    latitude, longitude = first[2].split(",")
    return phone.sends_location(float(latitude), float(longitude))


def picture() -> bytes:
    """A small real photo."""
    content = BytesIO()
    Image.new("RGB", (8, 8), "green").save(content, "JPEG")
    return content.getvalue()
