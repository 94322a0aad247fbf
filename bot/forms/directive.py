"""What the province wants passed on: the words, the areas, the day, and when it is sent."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from bot.conversation.form import Choice, Draft, Form, Look
from bot.conversation.questions import Day, Pick, PickMany, Text
from bot.desk import directives, opinions
from bot.desk.duties import day_at
from bot.messages import Outgoing
from bot.rules.zone import moment
from bot.words import full_day
from storage import areas, assignments, people
from storage import directives as issued
from storage.scope import Viewer

ALL, SOME = "all", "some"
WORKDAYS = 5  # to pass it on, when no day is given
HOW = (Choice("morning", "Cùng tin buổi sáng"), Choice("now", "Gửi ngay"))


def reaches(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """All followed areas, those of one member in charge, or some that are picked."""
    followed = {row.area_id for row in assignments.on(session, today, "theo_doi")}
    found = [Choice(ALL, f"Tất cả {len(followed)} địa bàn")]
    members = _members(session, today)
    known = people.by_ids(session, members)
    found += [
        Choice(f"member:{who}", f"{len(members[who])} địa bàn của đồng chí {person.full_name}")
        for who, person in known.items()
        if members[who]
    ]
    return [*found, Choice(SOME, "Chọn địa bàn")]


def followed(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """Every area that somebody follows, in the order of the official list."""
    held = {row.area_id for row in assignments.on(session, today, "theo_doi")}
    return [Choice(str(key), area.name) for key, area in areas.by_ids(session, held).items()]


def due_day(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """The day until which it has to be passed on when none is given."""
    on = day_at(session, moment(today, datetime.min.time()))
    return [Choice("due", on.calendar.add_workdays(today, WORKDAYS).isoformat())]


def _members(session: Session, today: date) -> dict[int, set[int]]:
    """By member in charge, the followed areas at or under the member's own."""
    held = {row.area_id for row in assignments.on(session, today, "theo_doi")}
    found: dict[int, set[int]] = {}
    for row in assignments.on(session, today, "phu_trach"):
        under = {area for area in held if row.area_id in areas.line(session, area)}
        found.setdefault(row.person_id, set()).update(under)
    return found


def _chosen(session: Session, draft: Draft, today: date) -> list[int]:
    reach = draft.value("reach")
    if reach == SOME:
        ids = {int(token) for token in draft.value("areas") or []}
    elif reach == ALL:
        ids = {row.area_id for row in assignments.on(session, today, "theo_doi")}
    else:
        ids = _members(session, today)[int(reach.partition(":")[2])]
    return list(areas.by_ids(session, ids))


def _picks(draft: Draft) -> bool:
    return bool(draft.value("reach") == SOME)


def _due(draft: Draft, look: Look) -> date:
    said = draft.value("due_on")
    return date.fromisoformat(said or look.choices("directive_due", draft)[0].label)


def _review(draft: Draft, look: Look) -> str:
    reach = next(c for c in look.choices("reaches", draft) if c.token == draft.value("reach"))
    where = reach.label
    if draft.value("reach") == SOME:
        picked = set(draft.value("areas") or [])
        names = [c.label for c in look.choices("followed", draft) if c.token in picked]
        where = ", ".join(names)
    how = next(c.label for c in HOW if c.token == draft.value("how", "morning"))
    lines = [
        "Nội dung cần truyền đạt",
        f"“{draft.value('text')}”",
        f"Đến: {where}",
        f"Hạn truyền đạt: {full_day(_due(draft, look))}",
        f"Gửi: {how[:1].lower()}{how[1:]}",
    ]
    return "\n".join(lines)


def _file(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    on = day_at(session, at)
    said = draft.value("due_on")
    sent = directives.issue(
        session,
        viewer,
        text=draft.value("text"),
        area_ids=_chosen(session, draft, on.today),
        due_on=date.fromisoformat(said) if said else on.calendar.add_workdays(on.today, WORKDAYS),
        at_once=draft.value("how") == "now",
        at=at,
    )
    if draft.value("_opinion"):
        code = f"ND-{issued.in_force(session, viewer)[0].number}"
        opinions.made_directive(session, viewer, int(draft.value("_opinion")), code, at)
    return sent


def _ready(draft: Draft) -> str:
    picks: Sequence[str] = draft.value("areas") or []
    return "" if not _picks(draft) or picks else "Xin chọn địa bàn."


FORM = Form(
    name="directive",
    title="Nội dung cần truyền đạt",
    questions=(
        Text("text", "Xin nhắn nội dung cần truyền đạt đến cơ sở.", "Nội dung", longest=1500),
        Pick("reach", "Gửi đến địa bàn nào?", "Địa bàn", source="reaches"),
        PickMany(
            "areas", "Chọn địa bàn (có thể chọn nhiều).", "Chọn", source="followed", when=_picks
        ),
        Day("due_on", "Hạn truyền đạt là ngày nào?", "Hạn", future=True, optional=True, more=True),
        Pick("how", "Gửi lúc nào?", "Lúc gửi", optional=True, more=True, options=HOW),
    ),
    review=_review,
    file=_file,
    ready=_ready,
    actions=(
        (("Gửi", "send"),),
        (("Sửa", "edit"), ("Hạn", "edit:due_on")),
        (("Lúc gửi", "edit:how"), ("Để sau", "later")),
    ),
)
FORMS = (FORM,)
LOOKS = {"reaches": reaches, "followed": followed, "directive_due": due_day}
