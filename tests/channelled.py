"""What a transcript is on another channel: only how choices are printed differs.

A few things cannot be on Zalo; the first lines of a file name them. `# chỉ trên telegram: vì …`
keeps a whole file from other channels. `# không có trên zalo: > (vị trí 13.78,109.22)` takes an
act with its answer out there, and a line that starts otherwise is taken out of messages.
`# không tính số tin` lets a bot without a monthly number of messages ask part by part.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.channels.plain import MOST
from bot.conversation.commands import BACK, CLEAR, DONE, KEEP, LATER, MORE, SKIP

CHANNELS = ("telegram", "zalo", "zalo_oa")
BUTTONS = {"zalo": 0, "zalo_oa": 5}
CONTROLS = (BACK, LATER, DONE, SKIP, KEEP, CLEAR)
AT_HAND = "Các việc thường dùng nằm dưới ô nhập tin."
ACTS = ("@", "=", ">", "*", "^")

_ROW = re.compile(r"  \[ .+ \]")
_LABEL = re.compile(r"\[ (.+?) \](?= \[ |$)")
_ECHO = re.compile(r"< Đã (?:ghi|chọn|bỏ qua|xóa)\b[^\n]*\n\n  ")
_LISTED = re.compile(r"^((?:< |  )[^\S\n]*\d{1,3})\.(?=\s)", re.MULTILINE)


def only_on(head: str) -> str:
    """The one channel on which a transcript makes sense; "" for all."""
    found = re.search(r"^# chỉ trên (\w+):", head, re.MULTILINE)
    return found[1] if found else ""


def left_out(head: str, channel: str) -> list[str]:
    """The lines that cannot be on this channel."""
    names = "zalo|zalo_oa" if channel == "zalo_oa" else channel
    found = re.findall(r"^# không có trên (\w+): (.+)$", head, re.MULTILINE)
    return [line for name, line in found if name in names.split("|")[-1:]]


def written_for(channel: str, transcript: str, without: Sequence[str] = ()) -> str:
    """The transcript as it is to be played on a channel, and to read there."""
    if channel == "telegram":
        return transcript
    kept, gone = [], False
    for block in blocks(transcript):
        mark, first = block[0][:1], block[0]
        if mark in ACTS:
            gone = "\n".join(block).strip() in without
        if gone or mark == "~" or first == f"< {AT_HAND}":
            continue
        lines = [line for line in block if line.strip() not in without]
        kept.append(_choices(lines, BUTTONS[channel]) if mark == "<" else lines)
    return _joined(kept)


def as_written(channel: str, played: str) -> str:
    """What was played without that which only says what was understood."""
    if channel == "telegram":
        return played
    flat = [_flat(block) if block[0][:1] == "<" else block for block in blocks(played)]
    return _ECHO.sub("< ", _joined(flat))


def _joined(found: Iterable[list[str]]) -> str:
    """Without blank lines between blocks; a phone is named where it is not the one before."""
    text, named, shown = "", "", ""
    for block in found:
        said = "\n".join(block).rstrip("\n")
        if said.startswith("="):
            named = said
        elif said:
            text += f"{named}\n" if named != shown and said[0] not in "@#" else ""
            shown = shown if said[0] in "@#" else named
            text += f"{said}\n"
    return text


def blocks(transcript: str) -> Iterator[list[str]]:
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
    if len(picks) > MOST and picks[-1] != f"  [ {MORE} ]":
        picks = [*picks[:MOST], f"  [ {MORE} ]"]
    end = max(n for n, line in enumerate(lines) if line in rows) + 1
    said = [line for line in lines[:end] if line not in rows]
    listed = _LISTED.sub(r"\1)", "\n".join(said)).split("\n") if picks else said
    return [*listed, *picks, *controls, *lines[end:]]


def _flat(block: list[str]) -> list[str]:
    flat = []
    for line in block:
        labels = _LABEL.findall(line) if _ROW.fullmatch(line) else []
        flat += [f"  [ {label} ]" for label in labels] or [line]
    return flat
