"""Text for Zalo, whose messages hold 2,000 letters: parts of at most 1,900, numbered apart."""

from bot.channels.contract import Call, Payload
from bot.channels.plain import split

PART = 1900  # UTF-16 units; what Zalo counts is not documented, and the number needs its place


def parts(method: str, text: str, limit: int = PART) -> list[Call]:
    """One call for each part. Joined, the parts are the text; `number` stands apart: "(1/3)"."""
    said = [part for part in split(text, limit) if part.strip()]
    if len(said) == 1:
        return [Call(method, {"text": said[0]})]
    many = len(said)
    return [
        Call(method, {"text": part, "number": f"({place}/{many})"})
        for place, part in enumerate(said, start=1)
    ]


def shown(params: Payload) -> str:
    """What the person reads: the part, and below it which of how many it is."""
    text, number = str(params["text"]).strip("\n"), params.get("number", "")
    return f"{text.rstrip()}\n{number}" if number else text
