"""Plays one form against the pure step, keeping the draft as JSON between messages."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from bot.conversation.form import Answer, Asked, Choice, Draft, Form, Step
from bot.conversation.step import Turn, amend, begin, start, step
from bot.messages import Incoming, Media, Outgoing, Place

AT = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)
AREAS = (Choice("1", "Xã Hòa Mẫu"), Choice("2", "Phường Tân Mẫu"))


@dataclass
class DictLook:
    """What a form may look up, from a dict."""

    known: dict[str, Sequence[Choice]] = field(default_factory=lambda: {"visit_areas": AREAS})

    def choices(self, what: str, draft: Draft) -> Sequence[Choice]:
        return self.known.get(what, ())

    def today(self) -> date:
        return date(2026, 11, 24)


class Talk:
    """One person and one form; every message makes the draft travel through JSON."""

    def __init__(self, form: Form, look: DictLook | None = None, **known: Any) -> None:
        self.form, self.look = form, look or DictLook()
        draft = start(form, known, at=AT, inbox_id=None)
        self._inbox = 100
        self._outbox = 0
        self.step = Step(replace(draft, id=41))
        self._take(begin(form, self.step.draft, self.look))

    @property
    def draft(self) -> Draft:
        """The draft as it would be read from the database."""
        kept = json.loads(json.dumps(asdict(self.step.draft)))
        answers = {name: Answer(**value) for name, value in kept["answers"].items()}
        asked = kept["asked"]
        where = Asked(asked["question"], tuple(asked["tokens"]), asked["outbox_id"])
        return Draft(kept["form"], kept["id"], answers, where)

    @property
    def prompt(self) -> Outgoing:
        """The newest prompt."""
        return next(m for m in reversed(self.step.say) if m.kind == "prompt")

    @property
    def labels(self) -> list[str]:
        """The labels of its buttons."""
        return [option.label for row in self.prompt.rows for option in row]

    @property
    def edits(self) -> list[Outgoing]:
        """Earlier prompts that this step changed."""
        return [m for m in self.step.say if m.kind == "edit"]

    def says(self, text: str, *, burst: bool = False, draft: Draft | None = None) -> "Talk":
        """The person types."""
        return self.sends(Incoming(text=text), burst=burst, draft=draft)

    def presses(self, label: str) -> "Talk":
        """The person presses a button of the newest prompt."""
        token = next(o.token for row in self.prompt.rows for o in row if o.label == label)
        return self.sends(Incoming(token=token))

    def sends_photo(self, caption: str = "", number: str = "7") -> "Talk":
        """The person sends a photo."""
        photo = Media("photo", f"photo-{number}")
        return self.sends(Incoming(text=caption, media=photo, message_id=number))

    def sends_place(self) -> "Talk":
        """The person sends a place."""
        return self.sends(Incoming(place=Place(13.78, 109.22)))

    def sends(
        self, incoming: Incoming, *, burst: bool = False, draft: Draft | None = None
    ) -> "Talk":
        """Any message."""
        self._inbox += 1
        self._take(
            step(
                self.form,
                draft or self.draft,
                incoming,
                AT,
                self.look,
                inbox_id=self._inbox,
                burst=burst,
            )
        )
        return self

    def edits_message(self, back: int, text: str) -> "Talk":
        """The person edits the message sent `back` messages ago."""
        turn = Turn(self.form, self.draft, Incoming(text=text, edits=True), AT, self.look)
        changed = amend(turn, self._inbox - back)
        assert changed is not None, "no answer came from that message"
        self._take(changed)
        return self

    def _take(self, result: Step) -> None:
        self._outbox += 1
        asked = result.draft.asked
        sent = replace(asked, outbox_id=self._outbox) if asked else None
        self.step = replace(result, draft=replace(result.draft, asked=sent))
