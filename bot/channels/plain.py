"""Text for small containers: long text cut into parts, choices printed as numbered lines."""

import re
from collections.abc import Iterator, Sequence

from bot.messages import Option, Outgoing

MOST = 8
MORE = "xem them"
ASK = "Trả lời số:"
MORE_LABEL = "Xem thêm"

# Where a text may be cut, the best place first; the cut is after the match.
_PLACES = (
    re.compile(r"\n[^\S\n]*\n+"),
    re.compile(r"\n"),
    re.compile(r"[.!?…][\"”’)\]]*\s+"),
    re.compile(r"\s"),
)
_JOINED = re.compile("[\u0300-\u036f\u200d\ufe0f]")


def units(text: str) -> int:
    """Length in UTF-16 code units, as both platforms count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` UTF-16 units, which joined are the text again.

    Cut after a blank line, else a line, a sentence, a word; only a word longer than the limit
    is broken, and never within a letter and its marks.
    """
    return list(_parts(text, limit)) or [text]


def _parts(text: str, limit: int) -> Iterator[str]:
    while units(text) > limit:
        end = _cut(text, _reach(text, limit))
        yield text[:end]
        text = text[end:]
    if text:
        yield text


def _reach(text: str, limit: int) -> int:
    """How many letters fit."""
    end = min(len(text), limit)
    room = limit - units(text[:end])
    while room < 0:
        end -= 1
        room += units(text[end])
    return end


def _cut(text: str, reach: int) -> int:
    for place in _PLACES:
        ends = [found.end() for found in place.finditer(text, 0, reach)]
        # A cut in the first quarter would make a stub of a part.
        if ends and ends[-1] > reach // 4:
            return ends[-1]
    whole = reach
    while whole > 1 and _JOINED.match(text, whole):
        whole -= 1
    return whole if whole > 1 else reach


def page(options: Sequence[Option], start: int = 0) -> tuple[Option, ...]:
    """The choices printed at once: all when they are at most eight, else eight and Xem thêm."""
    if start == 0 and len(options) <= MOST:
        return tuple(options)
    shown = tuple(options[start : start + MOST])
    rest = start + MOST
    return (*shown, Option(MORE_LABEL, f"{MORE} {rest}")) if rest < len(options) else shown


def printed(message: Outgoing, *, numbers: bool = True) -> str:
    """The text with its choices below, for a channel that shows no buttons under it."""
    options = [option for row in message.rows for option in row]
    if not options:
        return message.text
    lines = numbered(page(options)) if numbers else worded(options)
    return f"{message.text}\n\n{lines}"


def numbered(options: Sequence[Option]) -> str:
    """The choices as short numbered lines under "Trả lời số:"."""
    lines = [f"{number}. {_line(each)}" for number, each in enumerate(options, start=1)]
    return "\n".join([ASK, *lines])


def worded(options: Sequence[Option]) -> str:
    """The choices by what a person could type, for a message whose numbers would mislead."""
    lines = [f"{each.label}: {each.url or f'nhắn “{each.token}”'}" for each in options]
    return "\n".join(lines)


def _line(option: Option) -> str:
    return f"{option.label}: {option.url}" if option.url else option.label
