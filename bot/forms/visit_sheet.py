"""The visit as one sheet to fill in, where every message counts: sent once, returned once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.conversation.dates import read_date
from bot.conversation.form import Choice, Draft, Look, Reading
from bot.conversation.questions import Spread, matching
from bot.forms.visit_support import raised_help
from bot.messages import Rejected
from bot.rules.sheets import read_sheet
from bot.rules.vocabulary import ACTIVITIES, mentioned
from bot.words import capital, day, fold, full_day, natural

SHEET = "_sheet"  # the note: True, or what was still open after the first try
BY_PARTS = "tung cau"
LABELS = {
    "area_id": "Xã, phường",
    "visited_on": "Ngày",
    "activity": "Việc",
    "situation": "Nắm",
    "advice": "Góp ý",
    "check": "Kiểm tra",
    "raised": "Kiến nghị",
}
HOW = (
    "Xin chép các dòng dưới đây, ghi vào sau dấu hai chấm rồi gửi lại trong một tin; "
    "phần không có thì để trống. Cũng có thể nhắn tự do vài câu."
)
TEXTS = ("situation", "advice", "check")
_NAMES = {**LABELS, "supports": "Hỗ trợ"}
Lines = dict[str, str]


@dataclass(frozen=True)
class Sheet(Spread):
    """Everything in one message; what is missing or cannot be read is asked for once."""

    longest: int = 6000

    def asks(self, draft: Draft, look: Look) -> str:
        left = draft.value(SHEET)
        return _again(left, look) if isinstance(left, dict) else _blank(draft, look)

    def choices(self, draft: Draft, look: Look) -> Sequence[Choice]:
        return (Choice(BY_PARTS, "Hỏi từng câu"),)

    def read(self, reading: Reading) -> Any:
        if reading.incoming.token == BY_PARTS:
            return {SHEET: None, "_parts": None}
        said = reading.incoming.text.strip()
        if natural(said) is not None:
            raise Rejected(f"“{said}” không có trong các lựa chọn vừa gửi.")
        return super().read(reading)

    def spread(self, value: Any, draft: Draft, look: Look) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        before = draft.value(SHEET)
        lines, loose = read_sheet(value)
        if isinstance(before, dict) and not lines and len(before) == 1:
            lines, loose = {next(iter(before)): loose}, ""
        found = self.reads(loose, draft, look) if loose else {}
        left = _read(lines, found, draft, look)
        known = {**draft.values(), **found}
        left |= {name: "" for name in _missing(known) if name not in left}
        if left and not isinstance(before, dict):
            return {**found, SHEET: left}
        done = True if any(known.get(name) for name in TEXTS) else None
        return {**found, self.name: value, "told": value, "_parts": True, "_done": done}

    def show(self, value: Any, draft: Draft, look: Look) -> str:
        return ""


def _read(lines: Lines, found: dict[str, Any], draft: Draft, look: Look) -> Lines:
    """Put what the lines say into `found`; the lines that cannot be read."""
    wrong = {}
    for name, said in lines.items():
        value = _READS.get(name, _text)(said, draft, look)
        if value is None:
            wrong[name] = said
        else:
            found[name] = value
    if "visited_on" not in {*wrong, *found, *draft.answers}:
        found["visited_on"] = look.today().isoformat()  # shown on the review
    if found.get("activity") == "khac":
        found["activity_note"] = lines["activity"]
    return wrong


def _text(said: str, draft: Draft, look: Look) -> Any:
    return capital(said)


def _area(said: str, draft: Draft, look: Look) -> Any:
    named = matching(look.choices("visit_areas", draft), said)
    return named[0].token if len(named) == 1 else None


def _day(said: str, draft: Draft, look: Look) -> Any:
    found = read_date(said, look.today(), future=False)
    return found.isoformat() if isinstance(found, date) else None


def _activity(said: str, draft: Draft, look: Look) -> Any:
    labelled = [word.token for word in ACTIVITIES if fold(word.label) == fold(said)]
    return labelled[0] if labelled else mentioned(ACTIVITIES, said) or "khac"


def _items(said: str, draft: Draft, look: Look) -> Any:
    return [{"text": capital(line), "outcome": "passed_up"} for line in _lines(said)]


def _supports(said: str, draft: Draft, look: Look) -> Any:
    told = raised_help(_lines(said))
    return None if told["_unclear"] else told["supports"]


def _lines(said: str, draft: Draft | None = None, look: Look | None = None) -> list[str]:
    return [line.strip(" -•+*") for line in said.split("\n") if line.strip(" -•+*")]


_READS: dict[str, Callable[[str, Draft, Look], Any]] = {
    "area_id": _area,
    "visited_on": _day,
    "activity": _activity,
    "raised": _items,
    "commitments": _lines,
    "supports": _supports,
    "companions": _lines,
}


def _missing(known: dict[str, Any]) -> list[str]:
    needed = [name for name in ("area_id", "activity") if not known.get(name)]
    return needed if any(known.get(name) for name in TEXTS) else [*needed, "situation"]


def _blank(draft: Draft, look: Look) -> str:
    areas = look.choices("visit_areas", draft)
    chosen = [c.label for c in areas if c.token == draft.value("area_id") or len(areas) == 1]
    known = {"area_id": chosen[0] if chosen else "", "visited_on": day(look.today())}
    lines = [f"{label}: {known.get(name, '')}".rstrip() for name, label in LABELS.items()]
    which = "" if chosen else f" Địa bàn của đồng chí: {', '.join(c.label for c in areas[:8])}."
    return "\n".join([HOW + which, "", *lines])


def _again(left: Lines, look: Look) -> str:
    """What was kept is kept; only these lines are asked for."""
    wrong = [
        f"Dòng {_NAMES.get(name, name)} chưa đọc được: “{said[:60]}”."
        for name, said in left.items()
        if said
    ]
    missing = [LABELS[name] for name, said in left.items() if not said]
    lines = [*wrong, f"Còn thiếu: {', '.join(missing)}."] if missing else wrong
    lines.append("Các phần khác đã giữ. Xin nhắn thêm:\n")
    examples = {
        "area_id": "xã, phường đồng chí theo dõi",
        "visited_on": f"ví dụ: {full_day(look.today())}",
        "activity": "ví dụ: họp thôn 3",
        "situation": "tình hình nổi lên, bà con nói gì",
    }
    lines += [f"{LABELS[name]}: ({examples[name]})" for name in left if name in examples]
    return "\n".join(lines)
