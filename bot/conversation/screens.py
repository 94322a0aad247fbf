"""What a form puts on the screen: a question, the review, and the lists behind its buttons."""

from collections.abc import Sequence

from bot.conversation.commands import (
    BACK,
    CLEAR,
    DONE,
    DROP,
    KEEP,
    LATER,
    MORE,
    RESUME,
    SEND,
    SKIP,
    press_token,
)
from bot.conversation.form import Choice, Draft, Form, Look, Question
from bot.messages import Option, Outgoing

REVIEW, EDIT, ADD, INTO, DROPPING = "xem", "sua", "them", "vao", "bo"
NOT_ADDED = "Không thêm"  # a sentence on the review that was not meant for the slip
INSTEAD = "="  # before the name of the text whose place the sentence takes
AT_ONCE = 8  # choices shown before "Xem thêm", which is not worth a tap for one choice more


def screen(form: Form, draft: Draft, place: str, look: Look, *, start: int = 0) -> Outgoing:
    """The message that asks `place`: a question's name, or one of the places above."""
    question = form.question(place)
    if question is not None:
        return _question(form, draft, question, look, start=start)
    if place == EDIT:
        return _pick(draft, EDIT, "Sửa phần nào?", _answered(form, draft), (BACK, DROP))
    if place == ADD:
        return _pick(draft, ADD, "Thêm phần nào?", _addable(form, draft), (BACK,))
    if place == INTO:
        return _into(form, draft)
    if place == DROPPING:
        return _dropping(draft)
    return _review(form, draft, look)


def due(form: Form, draft: Draft) -> list[Question]:
    """Questions still to be asked, worked out from the answers each time."""
    open_now = [q for q in form.questions if not q.more and q.when(draft)]
    if draft.value("_done"):
        open_now = [q for q in open_now if not q.optional]
    return [q for q in open_now if q.name not in draft.answers]


def answered(form: Form, draft: Draft) -> list[Question]:
    """Questions with an answer that still stands, in the form's order."""
    return [q for q in form.questions if draft.value(q.name) and q.when(draft)]


def layout(options: Sequence[Option]) -> tuple[tuple[Option, ...], ...]:
    """Buttons in rows: three short ones, two middling ones, or one long one."""
    rows: list[tuple[Option, ...]] = []
    row: list[Option] = []
    for option in options:
        widest = max(len(o.label) for o in [*row, option])
        room = 3 if widest <= 10 else 2 if widest <= 18 else 1
        if len(row) >= room:
            rows.append(tuple(row))
            row = []
        row.append(option)
    return (*rows, tuple(row)) if row else tuple(rows)


def _question(form: Form, draft: Draft, question: Question, look: Look, *, start: int) -> Outgoing:
    choices = question.choices(draft, look)
    at_once = AT_ONCE if len(choices) > AT_ONCE + 1 else len(choices)
    shown = choices[start : start + at_once]
    values = [(_chosen(question, draft, c), c.token) for c in shown]
    if len(choices) > start + at_once:
        values.append((MORE, f":page {start + at_once}"))
    rows = layout([_option(draft, question.name, *pair) for pair in values])
    text = question.asks(draft, look)
    if len(choices) > at_once:
        text += "\nCó thể nhắn một phần tên để tìm."
    if draft.value(question.name):
        text += f"\nĐang ghi: {question.show(draft.value(question.name), draft, look)}"
    controls = [
        tuple(_option(draft, question.name, label, f":{value}") for label, value in row)
        for row in _controls(form, draft, question)
        if row
    ]
    wants = (question.wants, draft.id or 0) if question.wants else None
    return Outgoing(text, (*rows, *controls), kind="prompt", wants=wants)


def _chosen(question: Question, draft: Draft, choice: Choice) -> str:
    picked = question.stays and choice.token in (draft.value(question.name) or ())
    return f"Bỏ: {choice.label}" if picked else choice.label


def _controls(form: Form, draft: Draft, question: Question) -> list[list[tuple[str, str]]]:
    first = []
    has = bool(draft.value(question.name))
    if has and not question.stays:
        first.append((KEEP, "keep"))
    if has and question.optional:
        first.append((CLEAR, "clear"))
    if question.optional and not has:
        last = due(form, draft)[-1:] == [question]
        skim = any(draft.value(name) for name in form.skim)
        first += [(DONE, "done")] if skim or question.more else []
        first += [] if question.more or (skim and last) else [(SKIP, "skip")]
    if question.wants and not (question.optional or has):
        first.append((DROP, "drop"))  # no words lead on from here
    if question.stays and has:
        first = [(SEND if form.direct else DONE, "done"), *first]
    begun = any(a.inbox_id for name, a in draft.answers.items() if not name.startswith("_"))
    return [first, [(BACK, "back"), (LATER, "later")] if begun else []]


def _review(form: Form, draft: Draft, look: Look) -> Outgoing:
    head = f"{form.over(draft)}\n\n" if form.heading else ""
    text = head + form.review(draft, look)
    rows = tuple(
        tuple(_option(draft, REVIEW, label, action) for label, action in row)
        for row in form.rows(draft)
        if all(action != "more" or _addable(form, draft) for _, action in row) or len(row) > 1
    )
    return Outgoing(text, rows, kind="prompt")


def _pick(
    draft: Draft, place: str, ask: str, questions: Sequence[Question], controls: Sequence[str]
) -> Outgoing:
    options = [_option(draft, place, q.label or q.name, q.name) for q in questions]
    words = {BACK: ":back", NOT_ADDED: ":back", DROP: ":drop"}
    last = tuple(_option(draft, place, word, words[word]) for word in controls)
    return Outgoing(ask, (*layout(options), last), kind="prompt")


def _into(form: Form, draft: Draft) -> Outgoing:
    kept = f"Đã giữ câu “{draft.value('_extra', '')[:200]}”."
    texts = [q for q in form.questions if q.free and q.label and q.when(draft)]
    if len(texts) > 1:
        return _pick(draft, INTO, f"{kept} Thêm câu này vào phần nào?", texts, (NOT_ADDED,))
    values = [("Thêm vào", texts[0].name), ("Thay lời đã ghi", f"{INSTEAD}{texts[0].name}")]
    rows = tuple((_option(draft, INTO, *pair),) for pair in [*values, (NOT_ADDED, ":back")])
    ask = f"{kept} Thêm câu này, hay thay lời đã ghi?"
    return Outgoing(ask, rows, kind="prompt")


def _dropping(draft: Draft) -> Outgoing:
    count = sum(1 for name in draft.answers if not name.startswith("_"))
    options = (_option(draft, DROPPING, DROP, "drop"), _option(draft, DROPPING, RESUME, ":back"))
    ask = f"Nội dung đang ghi dở có {count} phần. Đồng chí không ghi nữa?"
    if draft.value("_number"):
        ask = f"Phiếu CS-{draft.value('_number')} giữ nguyên như đã gửi. Đồng chí không sửa nữa?"
    return Outgoing(ask, (options,), kind="prompt")


def _answered(form: Form, draft: Draft) -> list[Question]:
    return [q for q in answered(form, draft) if q.label]


def _addable(form: Form, draft: Draft) -> list[Question]:
    """What is not asked by itself, and the parts that were left empty."""
    left = {name for name in form.skim if not draft.value(name)}
    offered = (q for q in form.questions if q.more or q.name in left)
    return [q for q in offered if q.label and q.when(draft)]


def _option(draft: Draft, place: str, label: str, value: str) -> Option:
    return Option(label, press_token(draft.id, place, value))
