"""The vocabulary of forms: a form is data, a question one line, and answers survive anything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, ClassVar, Protocol

from bot.conversation.commands import SEND
from bot.messages import Incoming, Outgoing, Rejected
from bot.words import capital, uncapital

DIRECT = "_direct"


@dataclass(frozen=True)
class Choice:
    """One value a person may pick; `token` is stable data, `label` may change."""

    token: str
    label: str
    hint: str = ""


@dataclass(frozen=True)
class Answer:
    """A value with the message it came from, so that an edited message finds it again."""

    value: Any  # plain JSON: str, number, list, dict
    inbox_id: int | None = None
    at: str = ""  # ISO time


@dataclass(frozen=True)
class Asked:
    """The prompt that was last put on the screen, and the tokens printed under it."""

    question: str  # a question's name, or "" for the review
    tokens: tuple[str, ...] = ()
    outbox_id: int | None = None


@dataclass(frozen=True)
class Draft:
    """The answers to one form so far. Names that begin with "_" are notes, not answers:

    "_for" the person written for, "_done" no more optional questions, "_parts" free text first,
    "_direct" filed with the last answer, without a review.
    """

    form: str
    id: int | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    asked: Asked | None = None

    def value(self, name: str, default: Any = None) -> Any:
        """What was answered to `name`."""
        answer = self.answers.get(name)
        return default if answer is None else answer.value

    def values(self) -> dict[str, Any]:
        """All answers without where they came from."""
        return {name: answer.value for name, answer in self.answers.items()}

    def put(self, name: str, answer: Answer) -> "Draft":
        """The draft with one answer more."""
        return replace(self, answers={**self.answers, name: answer})

    def without(self, name: str) -> "Draft":
        """The draft with one answer less."""
        kept = {key: answer for key, answer in self.answers.items() if key != name}
        return replace(self, answers=kept)


class Look(Protocol):
    """What a step may look up, read only; `bot.work.look` answers from the database."""

    def choices(self, what: str, draft: Draft) -> Sequence[Choice]:
        """The choices called `what` ("my_areas", "people", "fields" …) for this draft."""

    def today(self) -> date:
        """The day in the province's zone."""


@dataclass(frozen=True)
class Reading:
    """One message as a question reads it."""

    incoming: Incoming
    draft: Draft
    look: Look


@dataclass(frozen=True)
class Question:
    """One question. Kinds override `read`, and `choices` when there is something to pick.

    `name` is a column name; `ask` the sentence; `label` its name on the review.
    `when` tells from the answers whether it is due at all; `optional` questions may be left out;
    `more` questions are asked only when picked behind "Thêm" on the review.
    """

    name: str
    ask: str
    label: str = ""
    free: ClassVar[bool] = False  # the answer is free text: words need their marks to be controls
    stays: ClassVar[bool] = False  # takes one answer after another until "Xong, xem lại"
    wants: ClassVar[str] = ""  # photos or place: what is sent for an answer, if not words
    when: Callable[[Draft], bool] = lambda draft: True
    optional: bool = False
    more: bool = False

    def asks(self, draft: Draft, look: Look) -> str:
        """The sentence, where it hangs on earlier answers."""
        return self.ask

    def choices(self, draft: Draft, look: Look) -> Sequence[Choice]:
        """What can be picked, when the answer is picked."""
        return ()

    def read(self, reading: Reading) -> Any:
        """The value in a message; raises Rejected with a sentence, or ValueAsked to narrow down."""
        raise Rejected("Xin trả lời lại câu này.")

    def goes_on(self, message: Incoming) -> bool:
        """Whether another answer may follow this one before the next question."""
        return self.stays

    def again(self, old: Any, new: Any) -> Any:
        """A second answer before the next question was on the screen: it replaces the first."""
        return new

    def spread(self, value: Any, draft: Draft, look: Look) -> dict[str, Any]:
        """The answers one value gives; None takes an answer back."""
        return {self.name: value}

    def show(self, value: Any, draft: Draft, look: Look) -> str:
        """The value as the review and the answered prompt print it."""
        return str(value)


class ValueAsked(Exception):
    """What was read is not sure: these are the values it could be (question.show prints them)."""

    def __init__(self, sentence: str, choices: Sequence[Choice]) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.choices = tuple(choices)


File = Callable[..., list[Outgoing]]
"""file(session, viewer, draft, at): stores what was answered, says what the person is told."""


@dataclass(frozen=True)
class Form:
    """A form: its questions in order, its review, and how its answers are filed."""

    name: str
    title: str
    questions: tuple[Question, ...]
    review: Callable[[Draft, Look], str]
    file: File
    actions: tuple[tuple[tuple[str, str], ...], ...] = ()  # rows of (label, action) on the review
    ready: Callable[[Draft], str] = lambda draft: ""  # a sentence when something is still missing
    skim: tuple[str, ...] = ()  # after one of these, "Xong, xem lại" is offered
    photos: str = ""  # the question that takes a photo sent at any time
    heading: str = "Xin đồng chí xem lại trước khi {send}"  # over the review; "" for none
    send: Callable[[Draft], str] = lambda draft: SEND  # the button of the review that files it
    direct: bool = False  # filed with the last answer, without a review
    sheet: str = ""  # the note that has everything asked at once, where messages are counted

    def over(self, draft: Draft) -> str:
        """What stands over the review."""
        return self.heading.replace("{send}", uncapital(self.send(draft)))

    def rows(self, draft: Draft) -> tuple[tuple[tuple[str, str], ...], ...]:
        """The buttons of the review: (label, action) with "send", "edit", "more", "later"."""
        if self.actions:
            return self.actions
        more = (("Thêm", "more"),) if any(q.more for q in self.questions) else ()
        return (((self.send(draft), "send"),), (("Sửa", "edit"), *more, ("Để sau", "later")))

    def question(self, name: str) -> Question | None:
        """The question called `name`, if this version of the form still has it."""
        return self._by_name.get(name)

    @cached_property
    def _by_name(self) -> Mapping[str, Question]:
        return {question.name: question for question in reversed(self.questions)}


@dataclass(frozen=True)
class Step:
    """What one message did to a draft."""

    draft: Draft
    say: tuple[Outgoing, ...] = ()
    end: str = ""  # "", "submit", "parked", "dropped"
    heard: str = ""  # one line of what was understood, for where the prompt cannot be changed
    took: bool = True  # False: the message was not for this form; the desk reads it


class Labelled(Protocol):
    """A word of a vocabulary."""

    @property
    def token(self) -> str: ...

    @property
    def label(self) -> str: ...


def choices_of(words: Sequence[Labelled]) -> tuple[Choice, ...]:
    """A vocabulary as choices, as buttons begin."""
    return tuple(Choice(word.token, capital(word.label)) for word in words)


def stamp(at: datetime) -> str:
    """A time as an answer keeps it."""
    return at.isoformat()
