"""Text for Zalo, whose messages hold 2,000 letters: parts of at most 1,900, numbered apart."""

from bot.channels.contract import Call, Payload
from bot.channels.plain import block, printed, split, units
from bot.messages import Outgoing

PART = 1900  # UTF-16 units; what Zalo counts is not documented, and the number needs its place


def calls(method: str, message: Outgoing, *, numbers: bool = True) -> list[Call]:
    """The message with its choices as lines, which stay in one part."""
    return parts(method, printed(message, numbers=numbers), end=block(message, numbers=numbers))


def parts(method: str, text: str, limit: int = PART, *, end: str = "") -> list[Call]:
    """One call for each part. Joined, the parts are the text; `number` stands apart: "(1/3)".

    `end`, with which the text ends, is not cut unless it is too long itself.
    """
    said = [part for part in _cut(text, limit, end) if part.strip()]
    if len(said) == 1:
        return [Call(method, {"text": said[0]})]
    many = len(said)
    return [
        Call(method, {"text": part, "number": f"({place}/{many})"})
        for place, part in enumerate(said, start=1)
    ]


def _cut(text: str, limit: int, end: str) -> list[str]:
    found = split(text, limit)
    whole = units(end)
    if len(found) == 1 or whole > limit or units(found[-1]) >= whole:
        return found
    return [*split(text.removesuffix(end), limit), end]


def shown(params: Payload) -> str:
    """What the person reads: the part, and below it which of how many it is."""
    text, number = str(params["text"]).strip("\n"), params.get("number", "")
    return f"{text.rstrip()}\n{number}" if number else text
