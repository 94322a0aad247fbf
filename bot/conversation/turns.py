"""What one step looks at, and where it may go from there: another prompt, the next one, the end."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from bot.conversation.form import DIRECT, Answer, Asked, Draft, Form, Look, Question, Step, stamp
from bot.conversation.screens import REVIEW, due, screen
from bot.messages import Incoming, Outgoing


@dataclass(frozen=True)
class Turn:
    """Everything one step looks at. `burst`: the newest prompt had not been seen yet.

    `passed`: something else was shown after the prompt, so the words may be about that.
    """

    form: Form
    draft: Draft
    message: Incoming
    at: datetime
    look: Look
    inbox_id: int | None = None
    burst: bool = False
    passed: bool = False

    @property
    def place(self) -> str:
        """The question on the screen, by name."""
        return self.draft.asked.question if self.draft.asked else ""

    @property
    def question(self) -> Question | None:
        return self.form.question(self.place)

    @cached_property
    def shown(self) -> Outgoing:
        """What stands on the screen."""
        return screen(self.form, self.draft, self.place, self.look)

    def with_draft(self, draft: Draft) -> "Turn":
        return replace(self, draft=draft)


def store(turn: Turn, question: Question, value: Any, *, inbox_id: int | None) -> Draft:
    """The draft with this answer, and with what else it says; None takes an answer out."""
    draft = turn.draft
    for name, part in question.spread(value, draft, turn.look).items():
        kept = Answer(part, inbox_id, stamp(turn.at))
        draft = draft.without(name) if part is None else draft.put(name, kept)
    return draft


def following(form: Form, draft: Draft) -> str:
    """The next question that waits, by name, else the review."""
    waiting = due(form, draft)
    return waiting[0].name if waiting else REVIEW


def go_on(turn: Turn, draft: Draft, shown: str, heard: str = "") -> Step:
    """To the next question; a review says all that was heard."""
    place = following(turn.form, draft)
    if goes_at_once(turn.form, draft) and not turn.passed:
        return Step(draft, tuple(_record(turn, shown)), end="submit", heard=heard)
    prompted = put(turn.form, draft, place, turn.look)
    said = (*_record(turn, shown), *prompted.say)
    return replace(prompted, say=said, heard="" if place == REVIEW else heard)


def goes_at_once(form: Form, draft: Draft) -> bool:
    """Whether everything is told and nobody asked to look it over first."""
    return bool(form.direct or draft.value(DIRECT)) and following(form, draft) == REVIEW


def end(turn: Turn, how: str) -> Step:
    """Nothing more is asked: "submit", "parked" or "dropped"."""
    return Step(turn.draft, tuple(_record(turn, "")), end=how)


def _record(turn: Turn, shown: str) -> list[Outgoing]:
    """The answered prompt without its buttons, with what was picked: the chat reads as a record."""
    asked = turn.draft.asked
    if asked is None or asked.outbox_id is None or not asked.tokens:
        return []
    line = f"{turn.shown.text}\n→ {shown}" if shown else turn.shown.text
    return [Outgoing(line, kind="edit", edits=asked.outbox_id)]


def ask(turn: Turn, place: str, *, lead: str = "", start: int = 0) -> Step:
    """Put `place` on the screen again, or instead; the draft stays as it is."""
    return put(turn.form, turn.draft, place, turn.look, lead=lead, start=start)


def put(
    form: Form, draft: Draft, place: str, look: Look, *, lead: str = "", start: int = 0
) -> Step:
    """Put `place` on the screen: `lead` stands above it, a list begins with its line `start`."""
    prompt = screen(form, draft, place, look, start=start)
    if lead:
        prompt = replace(prompt, text=f"{lead}\n\n{prompt.text}")
    tokens = tuple(option.token for row in prompt.rows for option in row)
    return Step(replace(draft, asked=Asked(place, tokens)), (prompt,))
