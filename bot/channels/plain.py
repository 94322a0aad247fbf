"""Text for small containers: long text cut into parts, choices printed as numbered lines."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.conversation.commands import MORE, read_press
from bot.messages import Option, Outgoing

MOST = 8
ASK = "Trả lời số:"
OR_TYPE = "Hoặc nhắn: "
BETWEEN = " · "

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


@dataclass(frozen=True)
class Choices:
    """The options of a message: what is picked, the words that go on or back, and links."""

    picks: tuple[Option, ...]
    controls: tuple[Option, ...]
    links: tuple[Option, ...]


def choices(message: Outgoing) -> Choices:
    """The options of a message by what they are."""
    picks: list[Option] = []
    controls: list[Option] = []
    links: list[Option] = []
    for option in (option for row in message.rows for option in row):
        (links if option.url else controls if _is_control(option) else picks).append(option)
    return Choices(tuple(picks), tuple(controls), tuple(links))


def _is_control(option: Option) -> bool:
    """Quay lại, Để sau and their like: words, never numbers, so that "2" stays an answer."""
    if option.label == MORE or " :" not in option.token:
        return False
    press = read_press(option.token)
    return press is not None and press.value.startswith(":")


def page(options: Sequence[Option], more: str) -> tuple[Option, ...]:
    """The choices printed at once: at most eight, and one Xem thêm: the list's own, else `more`."""
    if len(options) <= MOST:
        return tuple(options)
    first = [option.label for option in options[: MOST + 1]]
    if MORE in first:
        return tuple(options[: first.index(MORE) + 1])
    return (*options[:MOST], Option(MORE, more))


def printed(message: Outgoing, *, numbers: bool = True) -> str:
    """The text with its choices below, for a channel that shows no buttons under it.

    `numbers` False: numbers mean something else at the moment, so labels are offered as words.
    Lists in the body lose their full stops, so that no number there looks like a choice.
    """
    listed = numbers and bool(choices(message).picks)
    body = _LISTED.sub(r"\1)", message.text) if listed else message.text
    return "\n\n".join(filter(None, (body, block(message, numbers=numbers))))


def block(message: Outgoing, *, numbers: bool = True) -> str:
    """The lines of choices below the text; a person reads them together."""
    offered = choices(message)
    picks = page(offered.picks, MORE)
    beside = offered.picks[len(picks) :] if offered.picks[: len(picks)] == picks else ()
    words = (*(() if numbers else picks), *beside, *offered.controls)
    lines = [f"{link.label}: {link.url}" for link in offered.links]
    if numbers and picks:
        lines.append(numbered(picks))
    if words:
        lines.append(OR_TYPE + BETWEEN.join(word.label for word in words))
    return "\n".join(lines)


_LISTED = re.compile(r"^([^\S\n]*\d{1,3})\.(?=\s)", re.MULTILINE)


def numbered(options: Sequence[Option]) -> str:
    """The choices as short numbered lines."""
    lines = [f"{number}. {each.label}" for number, each in enumerate(options, start=1)]
    return "\n".join([ASK, *lines])
