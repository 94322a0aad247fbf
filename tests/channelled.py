"""What a transcript is on another channel: only how choices are printed differs.

A few things cannot be on Zalo; the first lines of a file name them. `# chỉ trên telegram: vì …`
keeps a whole file from other channels. `# không có trên zalo: > (vị trí 13.78,109.22)` takes an
act with its answer out there, and a line that starts otherwise is taken out of messages;
`# trên zalo thay > (vị trí 13.78,109.22) bằng * Quay lại` has something else done instead.
`# không tính số tin` lets a bot without a monthly number of messages ask part by part.
Zalo does not say how long a voice note is, and no answered question can be changed there. A place
and a document go to Zalo Bot over a page (`BY_PAGE`), and a file comes out of it the same way: the
links, which no two plays have in common, are left out when what was shown is compared.
"""

import re
from collections.abc import Iterable, Iterator

from bot.channels.plain import MOST
from bot.conversation.commands import BACK, CLEAR, DONE, KEEP, LATER, MORE, SKIP

CHANNELS = ("telegram", "zalo", "zalo_oa")
BUTTONS = {"zalo": 0, "zalo_oa": 5}
CONTROLS = (BACK, LATER, DONE, SKIP, KEEP, CLEAR)
AT_HAND = "Các việc thường dùng nằm dưới ô nhập tin."
ACTS = ("@", "=", ">", "*", "^", "%")

BY_PAGE = ("vị trí", "tệp")

_ROW = re.compile(r"  \[ .+ \]")
_LABEL = re.compile(r"\[ (.+?) \](?= \[ |$)")
_ECHO = re.compile(r"< Đã (?:ghi|chọn|để trống|xóa)\b[^\n]*\n\n  ")
_LENGTH = re.compile(r"(?<!\()ghi âm \d+:\d\d")
_FILE = re.compile(r"\A< \((?:ảnh|ghi âm|tệp)\b[^\n]*\)(?:\n  |\Z)")
_LINK = re.compile(
    r"  (?:[^\n:]+: https?://\S+/(?:gui|noi|tep|rieng)/\S+|Đường dẫn dùng được trong \d+ phút\."
    r"|\[ Lấy đường dẫn mới \])"
)
_LISTED = re.compile(r"^((?:< |  )[^\S\n]*\d{1,3})\.(?=\s)", re.MULTILINE)


def only_on(head: str) -> str:
    """The one channel on which a transcript makes sense; "" for all."""
    found = re.search(r"^# chỉ trên (\w+):", head, re.MULTILINE)
    return found[1] if found else ""


def written_for(channel: str, head: str, transcript: str) -> str:
    """The transcript as it is to be played on a channel of Zalo, and to read there."""
    without = re.findall(rf"^# không có trên {channel}: (.+)$", head, re.MULTILINE)
    instead = dict(re.findall(rf"^# trên {channel} thay (.+) bằng (.+)$", head, re.MULTILINE))
    kept, gone = [], False
    for block in _blocks(transcript):
        mark, first = block[0][:1], block[0]
        if mark in ACTS:
            gone = first in without
            block = [instead.get(first, first), *block[1:]]
        if gone or mark == "~" or first == f"< {AT_HAND}":
            continue
        lines = [_LENGTH.sub("ghi âm", line) for line in block if line.strip() not in without]
        kept.append(_choices(_words(lines), BUTTONS[channel]) if mark == "<" else lines)
    return _joined(kept)


def as_written(played: str) -> str:
    """What was played without that which only says what was understood."""
    flat = [_flat(_words(b)) if b[0][:1] == "<" else b for b in _blocks(played)]
    return _ECHO.sub("< ", _joined(flat))


def shown_of(channel: str, transcript: str) -> str:
    """What the sandbox's phones show of it: on Zalo Bot nothing of what goes over a page."""
    gone = tuple(f"> ({kind}" for kind in BY_PAGE) if channel == "zalo" else ("\0",)
    return _joined(block for block in _blocks(transcript) if not block[0].startswith(gone))


def _words(block: list[str]) -> list[str]:
    """What a message of the service says, without a file that not every channel can carry."""
    text = "\n".join(line for line in block if not _LINK.fullmatch(line)).rstrip("\n")
    said = _FILE.sub("< ", text)
    return said.split("\n") if said != "< " else []


def _joined(found: Iterable[list[str]]) -> str:
    """Without blank lines between blocks; a phone is named where it is not the one before."""
    text, named, shown = "", "", ""
    for block in filter(None, found):
        said = "\n".join(block).rstrip("\n")
        if said.startswith("="):
            named = said
        elif said:
            text += f"{named}\n" if named != shown and said[0] not in "@#" else ""
            shown = shown if said[0] in "@#" else named
            text += f"{said}\n"
    return text


def _blocks(transcript: str) -> Iterator[list[str]]:
    """Acts and messages with the lines that belong to them; blank lines go with what is before."""
    block: list[str] = []
    for line in transcript.splitlines():
        if block and line and not line.startswith("  "):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _choices(block: list[str], buttons: int) -> list[str]:
    """One choice a line, the rest of a long list behind Xem thêm; no lists that look like one."""
    lines = _flat(block)
    rows = [line for line in lines if _ROW.fullmatch(line)]
    if len(rows) <= buttons:
        return lines
    controls = [row for row in rows if row[4:-2] in CONTROLS]
    picks = [row for row in rows if row not in controls]
    if len(picks) > MOST and f"  [ {MORE} ]" not in picks[: MOST + 1]:
        rows = [*picks[:MOST], f"  [ {MORE} ]", *controls]
    said = [line for line in lines if not _ROW.fullmatch(line)]
    listed = _LISTED.sub(r"\1)", "\n".join(said)).split("\n") if picks else said
    return [*listed, *rows]


def _flat(block: list[str]) -> list[str]:
    flat = []
    for line in block:
        labels = _LABEL.findall(line) if _ROW.fullmatch(line) else []
        flat += [f"  [ {label} ]" for label in labels] or [line]
    return flat
