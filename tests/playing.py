"""Reads a transcript, does what its people do, and compares what the service showed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
from PIL import Image

from bot.sandbox.remote import RemotePhone
from tests.channelled import BY_PAGE
from tests.scenario import Scenario

BOOKS = Path(__file__).parent / "transcripts"
_MEDIA = re.compile(r"\((ảnh|ghi âm|vị trí|tệp)(?:: | )?([^)]*)\)")


@dataclass(frozen=True)
class Act:
    """One line in which a person, or the clock, does something."""

    kind: str  # "@" clock, "=" phone, ">" says, "*" presses, "^" edits what was said last, "%" page
    text: str


def acts(transcript: str) -> Iterator[Act]:
    """The acts of a transcript in order; the service's lines are what is checked."""
    kind, lines = "", list[str]()
    for line in [*transcript.splitlines(), "# end"]:
        if line.startswith("  ") or not line:
            lines.append(line[2:])
            continue
        if kind in ("@", "=", ">", "*", "^", "%"):
            yield Act(kind, "\n".join(lines).strip("\n"))
        kind, lines = line[:1], [line[2:]]


def play(scene: Scenario, transcript: str) -> str:
    """Do every act; what happened, in the same form."""
    phone = ""
    first = True
    pages: list[tuple[int, str]] = []  # where what was done on a signed page stands
    for act in acts(transcript):
        if act.kind == "@":
            if not first:
                scene.moves_clock(act.text)
            first = False
        elif act.kind == "=":
            phone = act.text
        elif act.kind == "%":
            pages.append((len(scene.sandbox.transcript()), act.text))
            _on_page(scene, phone, act.text)
            scene.settles(heard=False)
        else:
            _do(scene, phone, act)
            scene.settles()
            if act.text.startswith("(ảnh"):
                scene.waits_a_little()
    played = scene.sandbox.transcript()
    for place, done in reversed(pages):
        played = f"{played[:place]}% {done}\n{played[place:]}"
    return played


def _on_page(scene: Scenario, code: str, done: str) -> None:
    """Viết, Đọc trên trang bảo mật: the words; the chat shows nothing of them."""
    what, _, words = done.partition(": ")
    ways = {"Viết trên trang bảo mật": scene.writes_privately}
    ways["Đọc trên trang bảo mật"] = scene.reads_privately
    ways[what](code, words)


def _do(scene: Scenario, code: str, act: Act) -> None:
    phone = scene.phone(code)
    if act.kind == "*":
        phone.presses(act.text)
    elif act.kind == "^":
        phone.edits(scene.last_said[code], act.text)
    else:
        media = [_MEDIA.fullmatch(line) for line in act.text.split("\n")]
        if scene.on[code] == "zalo" and media[0] and media[0][1] in BY_PAGE:
            _over_a_page(scene, code, media[0])
        else:
            scene.last_said[code] = _says(phone, act.text, media)


def _over_a_page(scene: Scenario, code: str, sent: re.Match[str]) -> None:
    """What a channel does not carry goes the way its prompt names."""
    if sent[1] == "tệp":
        scene.uses_page(code, "gui", (sent[2], document(sent[2])))
    else:
        latitude, longitude = sent[2].split(",")
        scene.uses_page(code, "noi", vi=latitude, kinh=longitude)


def _says(phone: RemotePhone, text: str, media: Sequence[re.Match[str] | None]) -> int:
    """Write or send what a line stands for; the message's id. Lines of photos are an album."""
    first = media[0]
    if first is None:
        return phone.says(text)
    if first[1] == "ảnh":
        return phone.sends_photos(*(("anh.jpg", picture()) for _ in media), caption=first[2])
    if first[1] == "ghi âm":
        minutes, _, seconds = first[2].partition(":")
        return phone.sends_voice(int(minutes) * 60 + int(seconds))
    if first[1] == "tệp":
        return phone.sends_document(first[2], document(first[2]))
    latitude, longitude = first[2].split(",")
    return phone.sends_location(float(latitude), float(longitude))


def document(name: str = "") -> bytes:
    """A small real paper; a workbook where the transcripts have its sheets in a folder."""
    content = BytesIO()
    if (BOOKS / name).is_dir() and name:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for path in sorted((BOOKS / name).glob("*.csv")):
            sheet = book.create_sheet(path.stem)
            for line in path.read_text("utf-8").splitlines():
                sheet.append(line.split(";"))
        book.save(content)
        return content.getvalue()
    docx.Document().save(content)
    return content.getvalue()


def picture() -> bytes:
    """A small real photo."""
    content = BytesIO()
    Image.new("RGB", (8, 8), "green").save(content, "JPEG")
    return content.getvalue()
