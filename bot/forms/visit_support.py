"""The part of a visit that tells of help raised (hỗ trợ huy động); what is uncertain is asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.conversation.form import Choice, Draft, Look, Reading
from bot.conversation.questions import Text, pressed
from bot.messages import Rejected
from bot.rules import supports

STAYS = Choice("nam", "Để ở phần Nắm")


def raised_help(sentences: Iterable[str]) -> dict[str, Any]:
    """What the sentences tell, by the names of the questions."""
    clear, unclear = [], []
    for one in sentences:
        try:
            clear.append(supports.read(one).to_json())
        except supports.Unclear:
            unclear.append(one)
    return {"supports": clear, "_unclear": unclear}


@dataclass(frozen=True)
class Supports(Text):
    """What was raised, one a message; the value is a list."""

    def read(self, reading: Reading) -> Any:
        return [*(reading.draft.value(self.name) or []), _read(super().read(reading))]

    def again(self, old: Any, new: Any) -> Any:
        return new

    def show(self, value: Any, draft: Draft, look: Look) -> str:
        return "; ".join(supports.told(**one) for one in value)


@dataclass(frozen=True)
class Unclear(Text):
    """A sentence that tells of help in numbers which can be two things: said anew, or left."""

    def asks(self, draft: Draft, look: Look) -> str:
        first = draft.value("_unclear")[0]
        try:
            supports.read(first)
        except supports.Unclear as unclear:
            return f"Phần hỗ trợ: “{first}”\n{unclear}"
        return f"Phần hỗ trợ: “{first}”"

    def choices(self, draft: Draft, look: Look) -> Sequence[Choice]:
        return (STAYS,)

    def read(self, reading: Reading) -> Any:
        if reading.incoming.token:
            return pressed((STAYS,), reading.incoming.token).token
        return _read(super().read(reading))

    def again(self, old: Any, new: Any) -> Any:
        return new

    def spread(self, value: Any, draft: Draft, look: Look) -> dict[str, Any]:
        first, *others = draft.value("_unclear")
        rest = {"_unclear": others or None, self.name: None}
        if value == STAYS.token:
            held = draft.value("situation")
            return {**rest, "situation": f"{held} {first}" if held else first}
        return {**rest, "supports": [*(draft.value("supports") or []), value]}


def _read(said: str) -> dict[str, Any]:
    try:
        return supports.read(said).to_json()
    except supports.Unclear as unclear:
        raise Rejected(str(unclear)) from None
