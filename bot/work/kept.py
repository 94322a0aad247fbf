"""A draft as it was kept, and which of its questions the person had on the screen."""

from dataclasses import replace

from bot.conversation.form import DIRECT, Answer, Asked, Draft, Form, Question
from bot.messages import Outgoing
from storage import drafts


def instead_of(kept: drafts.Kept, message: Outgoing) -> Outgoing:
    """One prompt per burst: a new one takes the place of one that no sender has yet."""
    unseen = kept.prompt_waiting and not kept.prompt_seen and message.kind == "prompt"
    return replace(message, replaces=kept.prompt_id) if unseen else message


def on_screen(kept: drafts.Kept) -> tuple[Draft, bool]:
    """The draft with the prompt that was on the screen, and whether a newer one was on its way."""
    shown = kept.asked if kept.prompt_seen or kept.before is None else kept.before
    outbox_id = kept.prompt_id if shown is kept.asked else (shown or {}).get("outbox_id")
    asked = None
    if shown is not None:
        asked = Asked(shown["question"], tuple(shown["tokens"]), outbox_id)
    return replace(draft_of(kept), asked=asked), shown is not kept.asked


def question_on_screen(kept: drafts.Kept | None, form: Form | None) -> Question | None:
    """The question that a reply answers, if one was on the screen."""
    asked = on_screen(kept)[0].asked if kept else None
    return form.question(asked.question) if form and asked else None


def is_fresh(kept: drafts.Kept | None) -> bool:
    """Whether the next words may be filed at once, with no review on which to see a mistake."""
    return kept is not None and DIRECT in kept.answers


def draft_of(kept: drafts.Kept) -> Draft:
    """What has been answered so far."""
    answers = {name: Answer(**answer) for name, answer in kept.answers.items()}
    return Draft(kept.form, kept.id, answers)


def asked_json(draft: Draft) -> dict[str, object] | None:
    """The prompt on the screen, as it is kept; the other way is `on_screen`."""
    asked = draft.asked
    return {"question": asked.question, "tokens": asked.tokens} if asked else None


def to_json(draft: Draft) -> dict[str, dict[str, object]]:
    """The answers, as they are kept."""
    return {
        name: {"value": answer.value, "inbox_id": answer.inbox_id, "at": answer.at}
        for name, answer in draft.answers.items()
    }
