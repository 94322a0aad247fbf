"""One figure by chat: which indicator, of which unit, for which days, how much, after whom."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from sqlmodel import Session

from bot.conversation.dates import Open, read_date
from bot.conversation.form import Choice, Draft, Form, Look, Question, Reading
from bot.conversation.questions import Number, Pick, Text
from bot.desk import indicators as desk
from bot.desk.duties import province_on
from bot.messages import Outgoing, Rejected
from bot.roster.cells import plain
from bot.rules.period_names import read
from bot.rules.periods import Cut, Kind, containing, previous
from bot.words import full_day, number_shown
from storage import areas, programmes
from storage.scope import Viewer
from storage.tables import IndicatorValue

KINDS: tuple[Kind, ...] = ("month", "quarter", "year")
_TO = re.compile(r"\s*(?:đến|den|\.\.|–|—|\s-\s)\s*", re.IGNORECASE)


def indicators(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """What the person may enter."""
    return [
        Choice(code, row.name, "ty_le" if row.kind == "ty_le" else "")
        for code, row in desk.enterable(session, viewer, today).items()
    ]


def units(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """The whole, and every unit by name."""
    found = areas.listed(session, today)
    return [Choice("0", "Toàn bộ"), *(Choice(str(area.id), area.name) for area in found)]


def spans(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """This month, quarter and year so far, and those before; the label is how they are called."""
    cut = province_on(session, today).cut
    now = [containing(kind, today, cut) for kind in KINDS]
    ended = [Choice(_days(p.start, p.last), p.label) for p in map(previous, now)]
    running = [Choice(_days(p.start, today), f"{p.label} đến hôm nay") for p in now]
    return [*ended, *running]


def cut_of(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """How the province cuts its periods."""
    return [Choice("cut", province_on(session, today).cut)]


def stored(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """The figure that stands for the same unit and days."""
    wanted = _key(draft)
    for row in programmes.current(session, viewer, [wanted[0]]):
        if programmes.key_of(row) == wanted:
            return [Choice(f"SL-{row.number}", desk.amount_of(row, None))]
    return []


def _days(first: date, last: date) -> str:
    return f"{first} {last}"


@dataclass(frozen=True)
class Span(Question):
    """The days a figure speaks of: a period by name, or from one day to another."""

    def choices(self, draft: Draft, look: Look) -> Sequence[Choice]:
        return look.choices("figure_spans", draft)

    def read(self, reading: Reading) -> Any:
        said, today = reading.incoming.token or reading.incoming.text, reading.look.today()
        if re.fullmatch(r"\d{4}-\d\d-\d\d \d{4}-\d\d-\d\d", said):
            return said
        known = {choice.label: choice.token for choice in self.choices(reading.draft, reading.look)}
        if said in known:
            return known[said]
        first, last = self._named(said, reading) or self._between(said, today)
        if first > today:
            raise Rejected("Thời gian này chưa đến.")
        return _days(first, min(last, today))

    def _named(self, said: str, reading: Reading) -> tuple[date, date] | None:
        cut = cast(Cut, reading.look.choices("figure_cut", reading.draft)[0].label)
        period, rest = read(said, reading.look.today(), cut)
        return (period.start, period.last) if period is not None and not rest else None

    def _between(self, said: str, today: date) -> tuple[date, date]:
        ends = [read_date(part, today, future=True) for part in _TO.split(said.strip())]
        days = [end for end in ends if end is not None and not isinstance(end, Open)]
        if len(days) != len(ends) or len(days) not in (1, 2) or days[-1] < days[0]:
            raise Rejected("Xin nhắn kỳ như quý III/2026, năm 2026, hoặc 01/01/2026 - 31/3/2026.")
        return days[0], days[-1]

    def show(self, value: Any, draft: Draft, look: Look) -> str:
        first, last = (date.fromisoformat(part) for part in value.split())
        return full_day(first) if first == last else f"{full_day(first)} - {full_day(last)}"


def _key(draft: Draft) -> programmes.Key:
    first, last = (date.fromisoformat(part) for part in draft.value("span").split())
    return draft.value("code"), int(draft.value("area") or 0) or None, first, last


def _review(draft: Draft, look: Look) -> str:
    lines = ["SỐ LIỆU"]
    for name in ("code", "area", "span", "value", "denominator", "source"):
        question = FORM.question(name)
        if question is not None and draft.value(name) not in (None, ""):
            value = draft.value(name)
            numeric = isinstance(question, Number)
            shown = number_shown(Decimal(value)) if numeric else question.show(value, draft, look)
            lines.append(f"{question.label}: {shown}")
    old = look.choices("figure_stored", draft)
    return "\n".join([*lines, *(f"Thay số đã có {one.token}: {one.label}" for one in old)])


def _file(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    code, area_id, first, last = _key(draft)
    below = draft.value("denominator")
    row = IndicatorValue(
        number=0,
        code=code,
        area_id=area_id,
        from_date=first,
        to_date=last,
        value=plain(Decimal(draft.value("value"))),
        denominator=plain(Decimal(below)) if below else "",
        source=draft.value("source") or "",
        entered_at=at,
    )
    return desk.enter(session, viewer, row, at)


FORM = Form(
    name="figure",
    title="Nhập số liệu",
    questions=(
        Pick("code", "Đồng chí nhập chỉ tiêu nào?", "Chỉ tiêu", source="figure_indicators"),
        Span("span", "Số liệu của thời gian nào?", "Thời gian"),
        Number("value", "Số liệu là bao nhiêu? Tỷ lệ thì ghi phần trăm.", "Số liệu", minimum=0),
        Pick("area", "Của đơn vị nào?", "Đơn vị", more=True, source="figure_units"),
        Number("denominator", "Mẫu số là bao nhiêu?", "Mẫu số", more=True, minimum=1),
        Text(
            "source",
            "Theo văn bản, đơn vị nào?",
            "Theo",
            optional=True,
            longest=300,
        ),
    ),
    review=_review,
    file=_file,
)
FORMS = (FORM,)
LOOKS = {
    "figure_indicators": indicators,
    "figure_units": units,
    "figure_spans": spans,
    "figure_cut": cut_of,
    "figure_stored": stored,
}
