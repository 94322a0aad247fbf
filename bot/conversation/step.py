"""The pure step: one message, one draft, and what comes of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from textwrap import shorten
from typing import Any

from bot.conversation.commands import (
    DONE,
    SEND,
    Press,
    is_control,
    press_token,
    read_press,
    take_apart,
)
from bot.conversation.form import (
    DIRECT,
    Answer,
    Asked,
    Choice,
    Draft,
    Form,
    Look,
    Question,
    Reading,
    Step,
    ValueAsked,
    stamp,
)
from bot.conversation.questions import Location, Photos, Spread, recording
from bot.conversation.reviewing import drop, left_over, on_review, picked
from bot.conversation.screens import (
    ADD,
    DROPPING,
    EDIT,
    INTO,
    REVIEW,
    layout,
)
from bot.conversation.turns import Turn, ask, end, following, go_on, goes_at_once, put, store
from bot.messages import Incoming, Option, Outgoing, Rejected
from bot.words import natural

__all__ = ["Turn", "amend", "begin", "drop", "goes_at_once", "start", "step"]

LONG_ECHO = 60  # letters of an answer that are said back


def step(
    form: Form,
    draft: Draft,
    message: Incoming,
    at: datetime,
    look: Look,
    *,
    inbox_id: int | None = None,
    burst: bool = False,
    passed: bool = False,
) -> Step:
    """Answer one message. `draft.asked` must be the prompt that was on the person's screen."""
    turn = Turn(form, draft, message, at, look, inbox_id, burst, passed)
    if turn.question is None and turn.place not in (REVIEW, EDIT, ADD, INTO, DROPPING):
        return begin(form, draft, look)  # the form has changed under the draft
    try:
        return _answer(turn)
    except Rejected as sentence:
        return ask(turn, turn.place, lead=str(sentence))
    except ValueAsked as open_value:
        return _narrow(turn, open_value)


def begin(form: Form, draft: Draft, look: Look, *, place: str = "", lead: str = "") -> Step:
    """Put the first thing due on the screen."""
    return put(form, draft, place or following(form, draft), look, lead=lead)


def start(form: Form, answers: Mapping[str, Any], *, at: datetime, inbox_id: int | None) -> Draft:
    """A draft with what is already known."""
    given = {
        name: Answer(value, None if name.startswith("_") else inbox_id, stamp(at))
        for name, value in answers.items()
        if value is not None
    }
    return Draft(form.name, answers=given)


def amend(turn: Turn, original: int) -> Step | None:
    """An edited message becomes the new version of the answer it gave; None: it gave none."""
    question = _given_by(turn, original)
    if question is None:
        return None
    bare = _without_what_it_gave(turn, question, original)
    value = question.read(Reading(turn.message, bare, turn.look))
    changed = store(turn.with_draft(bare), question, value, inbox_id=original)
    for needed in (q for q in turn.form.questions if not q.optional):
        if needed.name in turn.draft.answers and needed.name not in changed.answers:
            changed = changed.put(needed.name, turn.draft.answers[needed.name])
    lead = f"Đã sửa phần {question.label}." if question.label else "Đã sửa theo tin mới."
    return put(turn.form, changed, turn.place, turn.look, lead=lead)


def _given_by(turn: Turn, original: int) -> Question | None:
    """The question that message answered; before others one whose answer spread into theirs."""
    given = [
        question
        for question in turn.form.questions
        if (answer := turn.draft.answers.get(question.name)) is not None
        and answer.inbox_id == original
        and question.when(turn.draft)
    ]
    given.sort(key=lambda question: not isinstance(question, Spread))
    return given[0] if given else None


def _without_what_it_gave(turn: Turn, question: Question, original: int) -> Draft:
    if isinstance(question, Photos):
        return turn.draft
    if not isinstance(question, Spread):
        return turn.draft.without(question.name)
    kept = {
        name: answer
        for name, answer in turn.draft.answers.items()
        if answer.inbox_id != original or name.startswith("_")
    }
    return replace(turn.draft, answers=kept)


def _answer(turn: Turn) -> Step:
    press = read_press(turn.message.token)
    if turn.message.token and press is None:
        return Step(turn.draft, took=False)
    if press is not None:
        return _pressed(turn, press)
    control = _typed_control(turn)
    if control:
        return _act(turn, control)
    if turn.message.media is not None or turn.message.place is not None:
        return _sent_along(turn)
    return _typed(turn)


def _pressed(turn: Turn, press: Press) -> Step:
    if press.draft != turn.draft.id:
        return Step(turn.draft, took=False)
    if press.question != turn.place:
        return ask(turn, turn.place, lead="Lựa chọn vừa rồi thuộc câu đã trả lời.")
    return _act(turn, press.value)


def _typed_control(turn: Turn) -> str:
    """The value of the printed button whose label was typed, alone."""
    if turn.draft.asked is None or not turn.message.text:
        return ""
    marks = turn.question is not None and turn.question.free
    for option in (option for row in turn.shown.rows for option in row):
        press = read_press(option.token) if option.token in turn.draft.asked.tokens else None
        files = press is not None and (press.question, press.value) == (REVIEW, "send")
        names = (option.label, SEND) if files else (option.label,)  # "gửi" under [ Lưu ], too
        if press and any(is_control(turn.message.text, name, marks=marks) for name in names):
            return press.value
    return ""


def _act(turn: Turn, value: str) -> Step:
    if value.startswith(":"):
        return _control(turn, value[1:])
    if turn.question is not None:
        return _take(turn, turn.question, replace(turn.message, token=value))
    if turn.place == REVIEW:
        return on_review(turn, value)
    if turn.place == DROPPING:
        return end(turn, "dropped")
    return picked(turn, value)


def _control(turn: Turn, name: str) -> Step:
    word, _, number = name.partition(" ")
    if word == "back":
        return ask(turn, _before(turn))
    if word == "later":
        return end(turn, "parked")
    if word == "drop":
        return drop(turn.form, turn.draft, turn.look)
    if word == "page":
        return ask(turn, turn.place, start=natural(number) or 0)
    return _answered_by_control(turn, word)


def _answered_by_control(turn: Turn, word: str) -> Step:
    question = turn.question
    if question is None:
        return ask(turn, turn.place)
    draft = turn.draft
    if word == "done":
        draft = draft.put("_done", Answer(True, turn.inbox_id, stamp(turn.at)))
    elif word in ("clear", "skip"):
        draft = draft.put(question.name, Answer("", turn.inbox_id, stamp(turn.at)))
    done = SEND if turn.form.direct else DONE
    shown = {"done": done, "clear": "Đã xóa", "skip": "Bỏ qua"}.get(word, "")
    heard = {"clear": "Đã xóa", "skip": "Đã để trống"}.get(word, "")
    return go_on(turn, draft, shown, f"{heard} phần {question.label}." if heard else "")


def _typed(turn: Turn) -> Step:
    wants_text = turn.question is not None and turn.question.free
    if not wants_text and take_apart(turn.message.text, ()).kind:
        return Step(turn.draft, took=False)  # a code works at any time, except as text
    if turn.question is not None:
        if _wants_no_words(turn, turn.question):
            return Step(turn.draft, took=False)
        return _take(turn, turn.question, turn.message)
    texts = [q for q in turn.form.questions if q.free and q.when(turn.draft)]
    if texts and (said := left_over(turn)):
        extra = Answer(said, None, stamp(turn.at))
        return ask(turn.with_draft(turn.draft.put("_extra", extra)), INTO)
    raise Rejected("Xin chọn một trong các mục dưới đây.")


def _wants_no_words(turn: Turn, question: Question) -> bool:
    """A photo is asked for and nothing else has been given: words are about something new."""
    started = question.optional or turn.draft.value(question.name)
    return bool(question.wants and turn.message.text.strip() and not started)


def _take(turn: Turn, question: Question, message: Incoming) -> Step:
    value = question.read(Reading(message, turn.draft, turn.look))
    if turn.burst and not message.token and question.name in turn.draft.answers:
        value = question.again(turn.draft.value(question.name), value)
    draft = store(turn, question, value, inbox_id=turn.inbox_id)
    if question.goes_on(message):
        return put(turn.form, draft, question.name, turn.look)
    if isinstance(value, dict):
        return go_on(turn, draft, "")  # more than this question asked: the next screen tells
    shown = question.show(value, draft, turn.look)
    return go_on(turn, draft, shown if message.token else "", _heard(question, shown))


def _heard(question: Question, shown: str) -> str:
    line = " ".join(shown.split())
    if len(line) > LONG_ECHO:
        line = shorten(line, LONG_ECHO, placeholder=" …")
    part = f" phần {question.label}" if question.free and question.label else ""
    return f"Đã ghi{part}: {line}" if line else ""


def _sent_along(turn: Turn) -> Step:
    """A photo, a voice note or a place: for the question asked, else kept with the draft."""
    question, media = turn.question, turn.message.media
    if question is not None and question.wants:
        return _take(turn, question, turn.message)
    if media is not None and media.kind == "voice":
        note = {"reference": media.reference, "seconds": media.seconds or 0}
        kept = Answer([*(turn.draft.value("_voice") or []), note], turn.inbox_id, stamp(turn.at))
        lead = f"Đã giữ {recording(media.seconds or 0)} cùng phiếu, chưa thành chữ."
        return ask(turn.with_draft(turn.draft.put("_voice", kept)), turn.place, lead=lead)
    takes: Question | None = turn.form.question(turn.form.photos)
    if turn.message.place is not None:
        takes = next((q for q in turn.form.questions if isinstance(q, Location)), None)
    if takes is None:
        raise Rejected(f"Phần đang ghi không kèm {'ảnh hay tệp' if media else 'vị trí'}.")
    value = takes.read(Reading(turn.message, turn.draft, turn.look))
    draft = store(turn, takes, value, inbox_id=turn.inbox_id)
    if answered := _captioned(turn):
        return _take(turn.with_draft(draft), answered, replace(turn.message, media=None))
    lead = f"Đã kèm {takes.show(value, draft, turn.look)}."
    return ask(turn.with_draft(draft), turn.place, lead=lead)


def _captioned(turn: Turn) -> Question | None:
    """The question that the words under one file answer, where nothing is looked over."""
    asked, message = turn.question, turn.message
    alone = message.text.strip() and not message.album
    return asked if alone and asked and asked.free and turn.draft.value(DIRECT) else None


def _before(turn: Turn) -> str:
    """Where "Quay lại" leads: the question before this one; from a list or an edit, onwards."""
    names = [q.name for q in turn.form.questions if q.when(turn.draft) and not q.more]
    onwards = following(turn.form, turn.draft)
    if turn.place not in names or onwards == REVIEW:
        return onwards
    return names[max(0, names.index(turn.place) - 1)]


def _narrow(turn: Turn, open_value: ValueAsked) -> Step:
    """Several values fit: offer them, under the same question."""
    options = [_choice(turn, choice) for choice in open_value.choices]
    prompt = Outgoing(open_value.sentence, layout(options), kind="prompt")
    asked = Asked(turn.place, tuple(option.token for option in options))
    return Step(replace(turn.draft, asked=asked), (prompt,))


def _choice(turn: Turn, choice: Choice) -> Option:
    return Option(choice.label, press_token(turn.draft.id, turn.place, choice.token))
