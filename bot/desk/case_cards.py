"""How a case reads: its name in a list, where it stands, its card with what happened to it."""

import re
from datetime import date, datetime
from functools import cached_property

from sqlmodel import Session, col

from bot.desk import case_acts, case_verbs
from bot.desk.duties import province_on
from bot.messages import Option, Outgoing
from bot.rules import cases as rules
from bot.rules.province import Province
from bot.rules.routing import DEPARTMENTS, unit_named
from bot.rules.zone import day_of
from bot.words import capital, uncapital
from bot.words import day as day_month
from storage import areas, cases, people, visits
from storage.routes import field_names, units
from storage.scope import INNER, SYSTEM, Viewer
from storage.tables import Case, CaseEvent, Person

NAME_LENGTH = 40
FEW_LETTERS = 8  # too little to name a case
_BY_LETTER = re.compile(
    r"^theo (?:công văn|văn bản|tờ trình)[^,;:]{0,40}[,;:]\s*(?=.{8})", re.IGNORECASE
)
_SOURCES = {
    "cap_uy": "Kiến nghị của Đảng ủy xã",
    "nhan_dan": "Ý kiến của Nhân dân",
    "can_bo": "Nhận định của cán bộ",
}
_HEADS = {
    "passed_up": "Kiến nghị chuyển tỉnh",
    "passed_to_commune": "Kiến nghị chuyển xã",
    "explained": "Đã giải thích tại chỗ",
}


def short(text: str, most: int = NAME_LENGTH) -> str:
    """The first words of a case, which name it in lists."""
    line = _BY_LETTER.sub("", " ".join(text.split()))
    clause = min((n for mark in ",.;:" if (n := line.find(mark)) >= 12), default=len(line))
    line = line[:clause].rstrip(" .")
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def clipped(text: str, most: int = 120) -> str:
    """As much of a sentence as a line of the history holds."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rsplit(" ", 1)[0] + "…"


def beside(text: str, area: str) -> str:
    """The text without the name of the area that is printed next to it."""
    _, _, bare = area.partition(" ")
    names = "|".join(re.escape(name) for name in (area, bare if " " in bare else "") if name)
    named = rf"\s*\b(?:(?:ở|tại|của)\s+)?(?:{names})\b\s*"
    rest = re.sub(named, " ", text, count=1, flags=re.IGNORECASE).strip(" ,.;:")
    unread = rest[:1].isdigit()  # right after a code it would read as part of it
    return rest if area and len(rest) >= FEW_LETTERS and not unread else text


def lowered(text: str) -> str:
    """To stand inside a sentence; a name or an abbreviation keeps its capital."""
    words = text.split(" ", 2)
    name = words[0][1:2].isupper() or (len(words) > 1 and words[1][:1].isupper())
    return text if name else uncapital(text)


def case_line(case: Case) -> str:
    """What the notice of a visit says of a case: "Kiến nghị chuyển tỉnh: Sửa cầu (KN-312)."."""
    return f"{_HEADS[case.outcome]}: {short(case.text)} (KN-{case.number})."


def named(person: Person, *, post: bool = False) -> str:
    """đồng chí Phạm Văn Ví, with the post where somebody is named for the first time."""
    said = f"{person.address} {person.full_name}"
    return f"{said}, {person.post}" if post and person.post else said


_SAID = {"": "Trả lời", "recommended": "Văn bản"}
"""What the words of an answer are, by what the case will end as; otherwise a reason."""
_OTHER = {"raise": "gửi", "opinion": "đã cho ý kiến"}


class Cards:
    """What one viewer reads of cases on one day; each thing is looked up once."""

    def __init__(self, session: Session, viewer: Viewer, at: datetime) -> None:
        self.session = session
        self.viewer = viewer
        self.at = at
        self.today = day_of(at)

    @cached_property
    def province(self) -> Province:
        """The names of bodies in force."""
        return province_on(self.session, self.today)

    @cached_property
    def day(self) -> rules.Day:
        """The calendar and terms in force."""
        return case_acts.rules_of(self.session, self.today)

    @cached_property
    def _units(self) -> list[str]:
        return [*DEPARTMENTS, *units(self.session)]

    @cached_property
    def _fields(self) -> dict[int, str]:
        return field_names(self.session)

    def area(self, case: Case) -> str:
        """Xã Hòa Mẫu."""
        area = areas.by_id(self.session, case.area_id)
        return area.name if area else ""

    def commune(self, case: Case) -> str:
        """xã, phường: the first word of the area's name."""
        return uncapital(self.area(case)).split(" ", 1)[0] or "xã"

    def placed(self, said: str, case: Case) -> str:
        """Our own words about a commune, as this one is called: "thông tin lại phường"."""
        return re.sub(r"\bxã\b", self.commune(case), said)

    def field(self, case: Case) -> str:
        """The field, or that it has none yet."""
        return self._fields.get(case.field_id or 0, "chưa xếp lĩnh vực")

    def person(self, person_id: int | None) -> Person | None:
        """Somebody of the roster."""
        return people.by_id(self.session, person_id) if person_id else None

    def title(self, case: Case) -> str:
        """KN-312 Sửa cầu thôn 3, xã Hòa Mẫu."""
        return f"KN-{case.number} {capital(self.name(case))}, {uncapital(self.area(case))}"

    def name(self, case: Case) -> str:
        """The first words of a case where its area is named beside them."""
        return short(beside(case.text, self.area(case)))

    def unit(self, case: Case) -> str:
        """The body that the answer names; empty without an answer or when it names none."""
        return unit_named(case.answer, self._units) if case.answered_at else ""

    def where(self, case: Case) -> str:
        """Where the case stands, with its date: "Sở Xây dựng, hạn 15/12"."""
        if case.state in rules.ENDED:
            return self._ended(case)
        if case.state == "with_board":
            return f"đang xin ý kiến Thường trực {self.province.committee}{self._waited(case)}"
        due = case.due_on
        if case.state in ("answered", "doing") and case.promised_on:
            holder, due = self.unit(case) or self.province.office, case.promised_on
        else:
            holder = self._holder(case)
        return f"{holder}, {self.term(due)}" if due else holder

    def unit_of(self, person: Person | None) -> str:
        """The body for which somebody answers."""
        return (person.unit or named(person)) if person else "đơn vị được giao"

    def merged_into(self, case: Case) -> str:
        """KN-312, the case of which this one has become part."""
        into = col(Case.id) == (case.merged_into_id or 0)
        return "".join(f"KN-{one.number}" for one in cases.listed(self.session, SYSTEM, into))

    def term(self, due: date) -> str:
        """hạn 03/12, with the working days that it is over."""
        late = self.day.calendar.overdue_workdays(due, self.today)
        return f"hạn {day_month(due)}" + (f", quá {late} ngày làm việc" if late else "")

    def _holder(self, case: Case) -> str:
        office = self.province.office
        if case.state == "with_department":
            return self.unit_of(self.person(case.owner_id))
        told = {
            "with_member": "đồng chí Ủy viên phụ trách",
            "with_office": f"{office} đang tham mưu",
            "drafted": "đồng chí Ủy viên phụ trách xem dự thảo trả lời",
            "doing": office,
        }
        return told.get(case.state) or self.placed(rules.STATES[case.state].label, case)

    def _waited(self, case: Case) -> str:
        begun = cases.last_event(self.session, self.viewer, case.id or 0, "ask_board")
        since = day_of(begun.at) if begun else day_of(case.raised_at)
        days = self.day.calendar.overdue_workdays(since, self.today)
        return f", {days} ngày làm việc" if days else ""

    def _ended(self, case: Case) -> str:
        ended = day_month(day_of(case.ended_at)) if case.ended_at else ""
        if case.state == "merged":
            return f"đã gộp vào {self.merged_into(case)}, {ended}"
        told = "đã kết thúc" if case.state == "ended" else rules.STATES[case.state].label
        silent = ", hết hạn xã không có ý kiến khác" if case.ended_how == "silence" else ""
        return self.placed(f"{told}{silent}, {ended}", case)

    def line(self, case: Case, *, area: bool) -> str:
        """One line of a list."""
        place = f" {self.area(case)}" if area else ""
        name = lowered(self.name(case)) if area else capital(short(case.text))
        return f"KN-{case.number}{place}{', ' if area else ' '}{name}: {self.where(case)}"

    def card(self, case: Case) -> str:
        """The whole case: its words, whose they are, where it stands, what happened to it."""
        lines = [
            f"KN-{case.number} · {self.area(case)} · {self.field(case)}",
            f'"{case.text}"',
            self.source(case),
        ]
        if case.owner_id not in (self.viewer.person_id, None) or case.owner_id is None:
            lines.append(capital(f"{self.where(case)}."))
        if case.answered_at:
            lines.append(f'{_SAID.get(case.ending, "Lý do")}: "{case.answer}"')
        lines += [f"Đã gộp vào đây: {', '.join(self._merged(case))}"] if self._merged(case) else []
        past = self.history(case)
        return "\n".join([*lines, *(["", *past] if len(past) > 1 else [])])

    def _merged(self, case: Case) -> list[str]:
        """The codes of the cases merged into this one, as far as the viewer sees them."""
        into = col(Case.merged_into_id) == case.id
        return [f"KN-{one.number}" for one in cases.listed(self.session, self.viewer, into)]

    def source(self, case: Case) -> str:
        """Ý kiến của Nhân dân, đồng chí Nguyễn Văn Mẫu ghi ngày 24/11 (CS-1437)."""
        author = self.person(case.raised_by_id)
        who = f", {named(author)} {'ghi' if case.visit_id else 'gửi'}" if author else ""
        when = f" ngày {day_month(day_of(case.raised_at))}"
        visit = visits.by_id(self.session, self.viewer, case.visit_id) if case.visit_id else None
        slip = f" (CS-{visit.number})" if visit else ""
        document = f", theo {case.document}" if case.document else ""
        return f"{self.placed(_SOURCES[case.source], case)}{who}{when}{slip}{document}"

    def history(self, case: Case) -> list[str]:
        """What happened, first thing first, as far as this viewer may read it."""
        events = cases.history(self.session, self.viewer, case.id or 0)
        hidden = frozenset() if self.upward(case) else INNER
        return [self._happened(case, e, name) for e, name in events if e.act not in hidden]

    def parts(self, case: Case) -> frozenset[str]:
        """What the viewer is in this case."""
        parties = case_acts.parties_of(self.session, case, self.today)
        return case_acts.parts_of(self.viewer, case, parties)

    def upward(self, case: Case) -> bool:
        """Whether the viewer reads what office and leaders say among themselves."""
        return bool(self.parts(case) & rules.UPWARD)

    def _happened(self, case: Case, event: CaseEvent, name: str) -> str:
        act = rules.ACTS.get(event.act)
        done = self.placed(act.done, case) if act else _OTHER.get(event.act, event.act)
        who = f"đ/c {name} " if name else ""
        said = f": {clipped(event.text)}" if event.text not in ("", case.answer) else ""
        return f"{day_month(day_of(event.at))} {who}{done}{said}"

    def possible(self, case: Case) -> list[rules.Act]:
        """What this viewer may do to the case now."""
        return case_acts.acts_for(self.session, self.viewer, case, self.today)

    def shown(self, case: Case) -> Outgoing:
        """The card with a button for each thing this viewer may do now."""
        possible = self.possible(case)
        if any(act.token == "approve" for act in possible):
            return self.draft_shown(case)
        waiting = cases.unhandled_opinions(self.session, self.viewer)
        wanted = any(about is not None and about.id == case.id for _, about in waiting)
        acts = [act for act in possible if act.token != "paper" or wanted]
        rows = case_verbs.buttons(case.number, acts, place=self.commune(case))
        codes = [self.merged_into(case), *self._merged(case)][:4]
        others = tuple(Option(f"Xem {code}", code) for code in codes if code)
        rows = (*rows, others) if others else rows
        return Outgoing(self.card(case), rows, about=("case", case.id or 0))

    def draft_shown(self, case: Case) -> Outgoing:
        """The drafted answer, for the member who approves it."""
        event = cases.last_event(self.session, self.viewer, case.id or 0, "draft")
        text = (
            f"Văn phòng trình đồng chí dự thảo trả lời KN-{case.number} "
            f'({lowered(self.name(case))}, {uncapital(self.area(case))}):\n"'
            f'{event.text if event else ""}"'
        )
        wanted = {"approve", "talk_back"}
        acts = [act for act in self.possible(case) if act.token in wanted]
        rows = case_verbs.buttons(case.number, acts, draft=event.id if event else None)
        return Outgoing(text, rows, about=("case", case.id or 0))
