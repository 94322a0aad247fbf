"""Reads a transcript, does what its people do, and compares what the service showed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from tests.scenario import Scenario


@dataclass(frozen=True)
class Act:
    """One line in which a person, or the clock, does something."""

    kind: str  # "@", "=", ">", "*"
    text: str


def acts(transcript: str) -> Iterator[Act]:
    """The acts of a transcript in order; the service's lines are what is checked."""
    kind, lines = "", list[str]()
    for line in [*transcript.splitlines(), "# end"]:
        if line.startswith("  ") or not line:
            lines.append(line[2:])
            continue
        if kind in ("@", "=", ">", "*"):
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
    return scene.sandbox.transcript()


def _do(scene: Scenario, code: str, act: Act) -> None:
    phone = scene.phone(code)
    media = re.match(r"^\((ảnh|ghi âm|vị trí|tệp)(?:: | )?([^)]*)\)$", act.text, re.DOTALL)
    if act.kind == "*":
        phone.presses(act.text)
    elif media is None:
        phone.says(act.text)
    elif media[1] == "ảnh":
        phone.sends_photos(("anh.jpg", picture()), caption=media[2])
    elif media[1] == "ghi âm":
        minutes, _, seconds = media[2].partition(":")
        phone.sends_voice(int(minutes) * 60 + int(seconds))
    elif media[1] == "vị trí":
        latitude, longitude = media[2].split(",")
        phone.sends_location(float(latitude), float(longitude))


def picture() -> bytes:
    """A small real photo."""
    content = BytesIO()
    Image.new("RGB", (8, 8), "green").save(content, "JPEG")
    return content.getvalue()
