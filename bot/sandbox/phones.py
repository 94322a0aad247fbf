"""The phones a sandbox shows and the steps of its guided story: data given at start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Phone:
    """One person's phone, on one channel.

    `tab` is a word or two for the role and `about` a sentence on what the person does here. `code`
    is the roster code that a transcript names, `start` what an invitation link carries; an
    `opened` phone has already met the service.
    """

    id: str
    name: str
    role: str = ""
    tab: str = ""
    about: str = ""
    code: str = ""
    start: str = ""
    channel: str = "telegram"
    opened: bool = False


@dataclass(frozen=True)
class Step:
    """One step of the story: what to do on which phone, and the text that shows it is done.

    `does` is one act: {"text": …}, {"press": label}, {"start": code}, {"photo": caption},
    {"voice": seconds}, {"location": [latitude, longitude]}, {"clock": "+1h" | "next 07:15" | ISO}.
    `done_on` is the phone on which the text appears, when that is another one.
    """

    phone: str
    says: str
    does: Mapping[str, Any] = field(default_factory=dict)
    done_when: str = ""
    done_on: str = ""


@dataclass(frozen=True)
class Story:
    """A title and the steps under it."""

    title: str = ""
    steps: tuple[Step, ...] = ()


def read_phone(data: Phone | Mapping[str, Any]) -> Phone:
    """The phone a mapping describes; ValueError when a key is missing or unknown."""
    if isinstance(data, Phone):
        return data
    _refuse_unknown(data, Phone)
    if not str(data.get("id", "")) or not data.get("name"):
        raise ValueError("a phone needs an id and a name")
    return Phone(**{**data, "id": str(data["id"])})


def read_story(data: Story | Mapping[str, Any] | None) -> Story:
    """The story a mapping {title, steps: [...]} describes."""
    if isinstance(data, Story):
        return data
    if not data:
        return Story()
    steps = []
    for step in data.get("steps", ()):
        _refuse_unknown(step, Step)
        steps.append(Step(**{**step, "phone": str(step["phone"])}))
    return Story(title=data.get("title", ""), steps=tuple(steps))


def story_data(story: Story) -> dict[str, Any]:
    """The story as plain data, for the page."""
    return asdict(story)


def _refuse_unknown(data: Mapping[str, Any], kind: type) -> None:
    unknown = set(data) - {each.name for each in fields(kind)}
    if unknown:
        raise ValueError(f"{kind.__name__.lower()}: unknown {', '.join(sorted(unknown))}")
