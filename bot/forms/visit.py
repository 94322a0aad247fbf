"""The visit (phiếu đi cơ sở): told in one message, or asked part by part."""

from datetime import date
from typing import Any

from bot.conversation.commands import SAVE, SEND
from bot.conversation.form import (
    Draft,
    Form,
    Look,
    Question,
    Reading,
    ValueAsked,
    choices_of,
)
from bot.conversation.questions import (
    Day,
    Location,
    Photos,
    Pick,
    Spread,
    Text,
    Texts,
    recording,
)
from bot.desk import visit_filing
from bot.forms.visit_sheet import SHEET, Sheet
from bot.forms.visit_support import Supports, Unclear, raised_help
from bot.messages import Rejected
from bot.rules import freetext
from bot.rules.supports import LONGEST
from bot.rules.vocabulary import ACTIVITIES, OUTCOMES, activity_label, label
from bot.words import capital, full_day, uncapital, weekday

PARTS = ("situation", "advice", "check")
LONG = 8  # words: so many name no area, day or activity but tell of a visit
TELL = (
    "Xin nhắn, hoặc bấm phím micro trên bàn phím và đọc vài câu: dự việc gì, nắm được gì, "
    "góp ý gì, có kiến nghị gì."
)


def _from_told(text: str, draft: Draft, look: Look) -> dict[str, Any]:
    areas = [(c.token, c.label) for c in look.choices("visit_areas", draft)]
    told = freetext.read_visit(text, look.today(), areas)
    found = visit_answers(told)
    if told.visited_on is None:
        found["visited_on"] = look.today().isoformat()  # shown on the review
    kept = ("area_id", "visited_on")
    found.setdefault("_ahead", None)  # of these words, not of those before them
    return {n: v for n, v in found.items() if n not in kept or n not in draft.answers}


def visit_answers(told: freetext.VisitText) -> dict[str, Any]:
    """What one free message says of a visit, by the names of the questions."""
    area = told.area_keys[0] if len(told.area_keys) == 1 else None
    on = told.visited_on.isoformat() if isinstance(told.visited_on, date) else None
    raised = [{"text": text, "outcome": "passed_up"} for text in told.raised]
    found = {
        "_several": told.area_keys if len(told.area_keys) > 1 else None,
        "area_id": area,
        "visited_on": on,
        "_ahead": told.ahead,
        "activity": told.activity,
        "situation": told.situation[:1].upper() + told.situation[1:],
        "advice": told.advice,
        "check": told.check,
        "raised": raised,
        "commitments": list(told.commitments),
        **raised_help(told.supports),
        "_done": True if told.situation or told.advice or told.check else None,
    }
    return {name: value for name, value in found.items() if value}


class _Items(Text):
    """Things raised, one a message; what became of each is asked right after it."""

    def read(self, reading: Reading) -> Any:
        item = {"text": super().read(reading), "outcome": ""}
        return [*(reading.draft.value(self.name) or []), item]

    def again(self, old: Any, new: Any) -> Any:
        return new

    def show(self, value: Any, draft: Draft, look: Look) -> str:
        return "; ".join(item["text"] + _became(item["outcome"]) for item in value)


class _Outcome(Pick):
    """What became of the item just raised."""

    def spread(self, value: Any, draft: Draft, look: Look) -> dict[str, Any]:
        *others, last = draft.value("raised")
        return {"raised": [*others, {**last, "outcome": value}], self.name: None}


def _became(outcome: str) -> str:
    return f" ({label(OUTCOMES, outcome)})" if outcome and outcome != "passed_up" else ""


def _outcome_open(draft: Draft) -> bool:
    return any(not item["outcome"] for item in draft.value("raised") or ())


class _Tellable(Question):
    """One of the first questions: whoever tells the whole visit there need not tell it again."""

    def read(self, reading: Reading) -> Any:
        text = reading.incoming.text.strip()
        try:
            return super().read(reading)
        except (Rejected, ValueAsked):
            short = len(text.split()) < LONG
            if reading.incoming.token or short or freetext.says_it_is_another_kind(text):
                raise
        return {"told": text}

    def spread(self, value: Any, draft: Draft, look: Look) -> dict[str, Any]:
        if isinstance(value, dict):
            asked_anew = draft.without("area_id")  # what the words name is seen on the review
            found = _from_told(value["told"], asked_anew, look)
            return {**value, "_parts": True, **found}
        return super().spread(value, draft, look)


class _Place(_Tellable, Pick):
    """The area visited."""

    def asks(self, draft: Draft, look: Look) -> str:
        if draft.value("_several"):
            return "Tin nêu nhiều địa bàn, mỗi nơi ghi một phiếu. Xin chọn nơi ghi trước:"
        return f"{_whose(draft)} xã, phường nào?"


class _On(_Tellable, Day):
    """The day of the visit."""

    def asks(self, draft: Draft, look: Look) -> str:
        ask = f"{_whose(draft)} {uncapital(_area(draft, look))} ngày nào?"
        ahead = "" if draft.value(self.name) else draft.value("_ahead")
        return f"{capital(ahead)} là ngày chưa tới. {ask}" if ahead else ask


def _whose(draft: Draft) -> str:
    """A helper was not there."""
    return "Chuyến đi" if draft.value("_for") else "Đồng chí đi"


class _Activity(_Tellable, Pick):
    """The activity, named as people of that area name it."""

    def asks(self, draft: Draft, look: Look) -> str:
        return "Chuyến đi dự việc gì?" if draft.value("_for") else self.ask

    def show(self, value: Any, draft: Draft, look: Look) -> str:
        return str(draft.value("activity_note") or activity_label(value, _area(draft, look)))


def _area(draft: Draft, look: Look) -> str:
    known = look.choices("visit_areas", draft)
    return next((c.label for c in known if c.token == draft.value("area_id")), "")


def review(draft: Draft, look: Look) -> str:
    """The slip as it will be kept."""
    value = draft.value
    lines = [f"ĐI CƠ SỞ · {_area(draft, look)}"]
    if value("_for"):
        names = {c.token: c.label for c in look.choices("written_for", draft)}
        lines.insert(0, f"{value('_how', 'Ghi hộ')} đồng chí {names.get(str(value('_for')), '')}")
    for name, heading in HEADINGS:
        question = FORM.question(name)
        if value(name) and question is not None:
            lines.append(f"{heading}{question.show(value(name), draft, look)}")
    spoken = [recording(note["seconds"]) for note in value("_voice") or ()]
    lines += [f"Kèm {', '.join(spoken)}, chưa thành chữ"] if spoken else []
    lines.insert(2 if value("_for") else 1, _when(draft, look))
    if _entered(draft):
        lines.append("Ghi chú: nhập theo phiếu giấy; người được nhập thay được báo và sửa được.")
    if value("_visit"):
        lines.append(f"Sửa phiếu CS-{value('_number')}; lý do: {value('reason', '')}")
    return "\n".join(lines)


def _when(draft: Draft, look: Look) -> str:
    day = date.fromisoformat(draft.value("visited_on"))
    activity = FORM.question("activity")
    said = activity.show(draft.value("activity"), draft, look) if activity else ""
    return f"{weekday(day)}, {full_day(day)} · {said}"


HEADINGS = (
    ("situation", "Nắm: "),
    ("advice", "Góp ý: "),
    ("check", "Kiểm tra: "),
    ("raised", "Kiến nghị: "),
    ("commitments", "Việc hẹn lại: "),
    ("supports", "Hỗ trợ: "),
    ("companions", "Cùng đi: "),
    ("photos", "Kèm "),
    ("location", "Kèm "),
)


def _entered(draft: Draft) -> bool:
    """The office enters a slip for somebody: it keeps it, it sends nothing of its own."""
    return bool(draft.value("_how") == "Nhập thay")


def _ready(draft: Draft) -> str:
    if any(draft.value(name) for name in PARTS):
        return ""
    return "Phiếu cần ít nhất một phần: Nắm, Góp ý hoặc Kiểm tra."


def _on_one_sheet(draft: Draft) -> bool:
    return bool(draft.value(SHEET)) and not draft.value("told")


def _asked_apart(draft: Draft) -> bool:
    """A visit told in one message is not asked for each part; told, each can be put right."""
    return not draft.value("_parts") or bool(draft.value("_done"))


FORM = Form(
    name="visit",
    title="Phiếu đi cơ sở",
    questions=(
        Sheet("sheet", "", when=_on_one_sheet, reads=_from_told),
        _Place("area_id", "Đồng chí đi xã, phường nào?", "Xã, phường", source="visit_areas"),
        _On("visited_on", "Đồng chí đi ngày nào?", "Ngày"),
        Spread("told", TELL, when=lambda d: bool(d.value("_parts")), reads=_from_told),
        _Activity("activity", "Đồng chí dự việc gì?", "Việc", options=choices_of(ACTIVITIES)),
        Unclear("unclear", "", when=lambda d: bool(d.value("_unclear")), longest=LONGEST),
        Text("situation", "Nắm: tình hình nổi lên, bà con nói gì?", "Nắm", optional=True),
        Text("advice", "Góp ý: đồng chí đã góp ý gì với xã?", "Góp ý", _asked_apart, optional=True),
        Text(
            "check",
            "Kiểm tra: đã xem việc gì, kết quả thế nào?",
            "Kiểm tra",
            _asked_apart,
            optional=True,
        ),
        Texts(
            "commitments",
            "Việc hẹn lại: ai làm gì, đến khi nào?",
            "Việc hẹn lại",
            optional=True,
            more=True,
        ),
        _Items(
            "raised",
            "Kiến nghị, phản ánh, thắc mắc: xin ghi nội dung.",
            "Kiến nghị",
            optional=True,
            more=True,
        ),
        _Outcome(
            "outcome",
            "Nội dung này đã được giải quyết thế nào?",
            when=_outcome_open,
            options=choices_of(OUTCOMES),
        ),
        Supports(
            "supports",
            "Hỗ trợ huy động được: gì, bao nhiêu, trị giá, của ai? Mỗi loại một tin, "
            "ví dụ: 2 nhà tình thương 120 triệu đồng, do Công ty Mẫu tặng.",
            "Hỗ trợ",
            optional=True,
            more=True,
            longest=LONGEST,
        ),
        Photos("photos", "Xin gửi ảnh, có thể kèm chú thích.", "Ảnh", optional=True, more=True),
        Texts("companions", "Đồng chí nào cùng đi?", "Cùng đi", optional=True, more=True),
        Location("location", "Xin gửi vị trí.", "Vị trí", optional=True, more=True),
        Text(
            "reason",
            "Lý do sửa phiếu?",
            "Lý do sửa",
            when=lambda d: bool(d.value("_visit")),
            longest=300,
        ),
    ),
    review=review,
    send=lambda draft: SAVE if _entered(draft) else SEND,
    file=visit_filing.file,
    ready=_ready,
    skim=PARTS,
    photos="photos",
    sheet=SHEET,
)
