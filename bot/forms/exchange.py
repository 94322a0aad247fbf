"""An exchange between a cadre and a commune: to whom, and what; and the reply to one."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from bot.conversation.form import Choice, Draft, Form, Look
from bot.conversation.questions import Pick, Text
from bot.desk import exchanges
from bot.messages import Outgoing, Rejected
from storage import talks
from storage.scope import Viewer

LONGEST = 2000


def counterparts(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """With whom the viewer may talk: areas for a cadre, cadres for a commune."""
    known = exchanges.counterparts(session, viewer, today)
    several_areas = len({area.id for area, _ in known}) > 1
    several_people = len({person.id for _, person in known}) > 1
    choices = []
    for area, cadre in known:
        whole = f"{cadre.full_name}, {area.name}"
        one = cadre.full_name if viewer.communes else area.name
        both = several_areas and several_people
        choices.append(Choice(f"{area.id} {cadre.id}", whole if both else one))
    chosen = draft.value("party")
    return choices + _also(session, chosen, [choice.token for choice in choices])


def _also(session: Session, chosen: str | None, known: list[str]) -> list[Choice]:
    """The cadre of a visit the exchange is about, who need not follow the area any more."""
    if not chosen or chosen in known:
        return []
    area, cadre = exchanges.of_party(session, chosen)
    return [Choice(chosen, f"{cadre.full_name}, {area.name}")]


def addressee(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """The other side, as a sentence names it."""
    area, cadre = exchanges.of_party(session, _party(draft))
    if viewer.communes:
        return [Choice("to", exchanges.named(cadre))]
    return [Choice("to", f"Đảng ủy {area.name[:1].lower()}{area.name[1:]}")]


def _party(draft: Draft) -> str:
    return str(draft.value("party") or draft.value("_party"))


class Words(Text):
    """What is said to the other side: a commune reads to whom it goes, and may name another."""

    def asks(self, draft: Draft, look: Look) -> str:
        to = look.choices("addressee", draft)[0].label
        others = [one for one in _others(draft, look) if one.token != _party(draft)]
        said = f"{self.ask.rstrip('.')}; nhắn xong là gửi {to}."
        if not others:
            return said
        name = others[0].label.partition(",")[0]
        return f"{said}\nGửi người khác thì mở đầu bằng tên, ví dụ: đồng chí {name}: …"

    def spread(self, value: Any, draft: Draft, look: Look) -> dict[str, Any]:
        known = [(one.token, one.label.partition(",")[0]) for one in _others(draft, look)]
        named = exchanges.spoken_to(value, known)
        return {self.name: value} | ({"party": named[0]} if len(named) == 1 else {})


def _others(draft: Draft, look: Look) -> Sequence[Choice]:
    """Whom else the words may name; words about a visit are for whoever made it."""
    return () if draft.value("_visit") else look.choices("counterparts", draft)


def _review(draft: Draft, look: Look) -> str:
    to = look.choices("addressee", draft)[0].label
    return f"Trao đổi với {to}\n“{draft.value('text')}”"


def _file(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    area_id, cadre_id = map(int, _party(draft).split())
    return exchanges.begin(
        session,
        viewer,
        area_id=area_id,
        cadre_id=cadre_id,
        text=draft.value("text"),
        visit_id=draft.value("_visit"),
        at=at,
    )


def _file_reply(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    found = talks.exchange_by_number(session, viewer, int(draft.value("_exchange")))
    if found is None:
        raise Rejected(f"Không tìm thấy TR-{draft.value('_exchange')}.")
    return exchanges.reply(session, viewer, found, draft.value("text"), at)


def _reply_review(draft: Draft, look: Look) -> str:
    return f"Trả lời TR-{draft.value('_exchange')}\n“{draft.value('text')}”"


FORM = Form(
    name="exchange",
    title="Trao đổi",
    questions=(
        Pick("party", "Đồng chí trao đổi với ai?", "Nơi nhận", source="counterparts"),
        Text("text", "Xin nhắn nội dung trao đổi.", "Nội dung", longest=LONGEST),
    ),
    review=_review,
    file=_file,
)
MORE = Form(
    name="exchange_more",
    title="Trao đổi",
    questions=(Words("text", "Xin nhắn nội dung trao đổi.", "Nội dung", longest=LONGEST),),
    review=_review,
    file=_file,
    direct=True,
)
REPLY = Form(
    name="reply",
    title="Trả lời trao đổi",
    questions=(Text("text", "Xin nhắn câu trả lời.", "Trả lời", longest=LONGEST),),
    review=_reply_review,
    file=_file_reply,
    direct=True,
)
FORMS = (FORM, MORE, REPLY)
LOOKS = {"counterparts": counterparts, "addressee": addressee}
