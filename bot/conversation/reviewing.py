"""The review and the lists behind it: sending, parking, changing a part, putting words into one."""

from bot.conversation.form import Draft, Form, Look, Reading, Step
from bot.conversation.screens import ADD, DROPPING, EDIT, INSTEAD, INTO, REVIEW
from bot.conversation.turns import Turn, ask, end, go_on, put, store
from bot.messages import Incoming, Rejected

SENTENCE = 4  # words: fewer are a slip of the finger where something is to be picked


def on_review(turn: Turn, action: str) -> Step:
    """What a button under the review does; raises Rejected where the form is not ready to go."""
    if action == "send":
        missing = turn.form.ready(turn.draft)
        if missing:
            raise Rejected(missing)
        return end(turn, "submit")
    if action == "later":
        return end(turn, "parked")
    if action == "drop":
        return drop(turn.form, turn.draft, turn.look)
    if action.startswith("edit:"):
        return ask(turn, action.removeprefix("edit:"))
    return ask(turn, EDIT if action == "edit" else ADD)


def picked(turn: Turn, name: str) -> Step:
    """A line of one of the lists behind the review: edit it, add it, or put a sentence into it."""
    question = turn.form.question(name.removeprefix(INSTEAD))
    if question is None:
        return ask(turn, REVIEW)
    if turn.place != INTO:
        return ask(turn, name)
    extra = turn.draft.value("_extra", "")
    old = None if name.startswith(INSTEAD) else turn.draft.value(name)
    value = question.read(Reading(Incoming(text=extra), turn.draft, turn.look))
    draft = store(turn, question, question.again(old, value), inbox_id=turn.inbox_id)
    return go_on(turn, draft.without("_extra"), question.label)


def left_over(turn: Turn) -> str:
    """Words that pick nothing but belong to the slip: any on the review, sentences on its lists."""
    said = turn.message.text.strip()
    if turn.place == REVIEW or len(said.split()) < SENTENCE:
        return said if turn.place == REVIEW else ""
    before = turn.draft.value("_extra", "") if turn.place == INTO else ""
    return f"{before}\n{said}".strip() if turn.place in (EDIT, ADD, INTO) else ""


def drop(form: Form, draft: Draft, look: Look) -> Step:
    """What /huy does: stop this draft, asking first when more than one answer is in."""
    given = [name for name in draft.answers if not name.startswith("_")]
    return put(form, draft, DROPPING, look) if len(given) > 1 else Step(draft, end="dropped")
