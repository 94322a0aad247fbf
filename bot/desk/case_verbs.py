"""What can be said after a case's code: the words of each act, and its button."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.conversation.screens import layout
from bot.messages import Option
from bot.rules.cases import ACTS, Act
from bot.words import fold, natural


@dataclass(frozen=True, slots=True)
class Verb:
    """An act's words, folded. With a `form` its text is asked for, or taken from what follows.

    `notes`: words may follow at once ("xong một phần, lan can chưa làm"); its token ends in a
    colon, so that a number typed with words after it brings them along.
    """

    words: str
    act: str
    form: str = ""
    label: str = ""
    notes: bool = False
    rare: bool = False  # behind "Việc khác"
    typed: bool = False  # has no button of its own


VERBS = (
    Verb("giao tham muu", "hand_to_office"),
    Verb("cho y kien", "give_opinion", "opinion"),
    Verb("cho y kien", "board_opinion", "opinion"),
    Verb("dong y gui", "approve"),
    Verb("sua loi", "approve", "case_approve", "Sửa lời"),
    Verb("trao doi lai", "talk_back", "case_talk_back"),
    Verb("soan tra loi", "draft", "case_draft", "Soạn trả lời, trình duyệt"),
    Verb("tra loi", "answer", "case_answer", "Trả lời trực tiếp"),
    Verb("giao don vi", "assign", "case_assign"),
    Verb("tra loi", "department_answer", "case_department"),
    Verb("tra lai", "hand_back", "case_hand_back"),
    Verb("xin y kien", "ask_board"),
    Verb("vuot tham quyen", "ask_board", notes=True, typed=True),
    Verb("kien nghi trung uong", "to_centre", "case_centre"),
    Verb("kien nghi trung uong", "skip_to_centre", "case_skip_to_centre", rare=True),
    Verb("da kien nghi trung uong", "recommend", "case_recommend"),
    Verb("de tinh giai quyet", "from_centre", "case_from_centre", rare=True),
    Verb("ket qua", "report_result", "case_result"),
    Verb("da thong tin", "tell"),
    Verb("lam ro", "clarify", "case_clarify"),
    Verb("xong", "word_done", notes=True),
    Verb("xong mot phan", "word_partly", notes=True),
    Verb("chua xong", "word_not_yet", notes=True),
    Verb("khong co y kien khac", "word_noted", notes=True),
    Verb("xem xet them", "word_reconsider", notes=True),
    Verb("xong", "commune_result", "case_commune_result"),
    Verb("chuyen cap tren", "pass_up", "case_pass_up"),
    Verb("vuot tham quyen", "pass_up", "case_pass_up", typed=True),
    Verb("van ban", "paper", "case_paper"),
    Verb("cong van", "settle_by_document", "case_document"),
    Verb("cong van", "close_by_document", "case_document_done"),
    Verb("linh vuc", "change_field", notes=True),
    Verb("khong giai quyet duoc", "end_unresolved", "case_unresolved", rare=True),
    Verb("chua co che tai", "no_sanction", "case_no_sanction", rare=True),
    Verb("gop", "merge", notes=True, rare=True),
    Verb("rut", "withdraw", rare=True),
)
OTHER = "viec khac"
PLACES = ("xã", "phường", "đặc khu")
SURE = "dung"  # after a verb: the button that confirms it


def read(rest: str, possible: Iterable[Act]) -> tuple[Verb, str] | None:
    """The verb that the words after a code begin with, of those possible, and what follows it.

    A verb that takes no words counts only when it is all that was said.
    """
    allowed = {act.token for act in possible}
    named = [
        (words, verb)
        for verb in VERBS
        if verb.act in allowed
        for words in {verb.words, *(fold(label) for label in _labels(verb))}
    ]
    for words, verb in sorted(named, key=lambda pair: -len(pair[0])):
        follows = _after(rest, words)
        if follows is not None and (not follows or _takes(verb, follows)):
            return verb, follows
    return None


def _labels(verb: Verb) -> Iterator[str]:
    """Every label that the verb's button may bear; a commune is a xã, a phường or a đặc khu."""
    label = verb.label or ACTS[verb.act].label
    if verb.act == "tell":
        yield from (_of_place(label, place) for place in PLACES)
    else:
        yield label


def _of_place(label: str, place: str) -> str:
    return label.replace(" xã", f" {place}")


def _takes(verb: Verb, follows: str) -> bool:
    """Whether these words may stand after the verb; an opinion is a sentence of its own."""
    if verb.words == "dong y gui":
        return natural(follows) is not None  # which draft
    if verb.act == "withdraw":
        return follows == SURE
    return verb.notes or (bool(verb.form) and verb.form not in ("opinion", "case_approve"))


def _after(rest: str, words: str) -> str | None:
    said, count = rest.split(), len(words.split())
    if fold(" ".join(said[:count])).rstrip(":,.") != words:
        return None
    return " ".join(said[count:]).lstrip(" :,.")


def buttons(
    number: int,
    possible: Iterable[Act],
    *,
    draft: int | None = None,
    rare: bool = False,
    place: str = "xã",
) -> tuple[tuple[Option, ...], ...]:
    """The buttons of these acts under KN-number; `draft` is the event whose draft is shown.

    `place` is how the commune is called.
    """
    allowed = {act.token for act in possible}
    shown = [v for v in VERBS if v.act in allowed and v.rare == rare and not v.typed]
    options = [_option(number, verb, draft, place) for verb in shown if verb.act != "merge"]
    if not rare and any(verb.rare and verb.act in allowed for verb in VERBS):
        options.append(Option("Việc khác", f"KN-{number} {OTHER}"))
    return layout(options)


def _option(number: int, verb: Verb, draft: int | None, place: str) -> Option:
    words = f"{verb.words} {draft}" if verb.words == "dong y gui" and draft else verb.words
    colon = ":" if verb.notes else ""
    label = verb.label or ACTS[verb.act].label
    label = _of_place(label, place) if verb.act == "tell" else label
    return Option(label, f"KN-{number} {words}{colon}")
