"""An invitation of a commune to its cadre, from one sentence or part by part; and the answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from sqlmodel import Session

from bot.conversation.dates import find_time
from bot.conversation.form import DIRECT, Choice, Draft, Form, Look, Reading
from bot.conversation.questions import Day, Papers, Pick, Spread, Text
from bot.desk import exchanges, invitations
from bot.forms.attached import files_form
from bot.messages import Outgoing, Rejected
from bot.rules.invitations import read_invitation
from bot.rules.zone import moment
from storage import talks
from storage.scope import Viewer
from storage.tables import Area, Invitation, Person

ASK = (
    "Mời dự việc gì, lúc nào, ở đâu? Xin nhắn một câu, ví dụ: "
    "họp Đảng ủy 14h thứ năm 26/11 tại hội trường xã, thông qua dự toán."
)
NOT_SAID = time(8)  # where an occasion is put whose hour is not known


class Hour(Text):
    """A time of the day, as people write it; the value is "14:00"."""

    def read(self, reading: Reading) -> Any:
        said = reading.incoming.text.strip()
        found = find_time(said) or find_time(f"{said}h")
        if found is None:
            raise Rejected("Chưa đọc được giờ. Xin nhắn như 14h hoặc 7h30.")
        return f"{found[0]:%H:%M}"

    def again(self, old: Any, new: Any) -> Any:
        return new


def read(
    text: str, today: date, known: Sequence[tuple[Area, Person]], usual: str | None
) -> dict[str, Any]:
    """The answers that stand in a sentence such as "mời đc Mẫu dự họp … 14h thứ năm …".

    Who names nobody invites the usual guest.
    """
    keys = [(f"{area.id} {cadre.id}", cadre.full_name) for area, cadre in known]
    found = {"party": usual, **_read(text, today, keys)}
    return found | {"party": found["party"] or None}


def _told(text: str, draft: Draft, look: Look) -> dict[str, Any]:
    """What a sentence says besides the occasion; what was answered before stays.

    Somebody who is named and not known takes the usual guest back: it is asked whom to invite.
    """
    guests = [(one.token, one.label) for one in look.choices("counterparts", draft)]
    found = _read(text, look.today(), guests)
    if found.get("party") == "":
        return _others(found, draft) | {"party": None}
    return _others(found, draft)


def _others(found: dict[str, Any], draft: Draft) -> dict[str, Any]:
    return {
        name: value
        for name, value in found.items()
        if value is not None and (name in ("occasion", "party") or name not in draft.answers)
    }


def _read(text: str, today: date, keys: Sequence[tuple[str, str]]) -> dict[str, Any]:
    told = read_invitation(text, today, keys) or read_invitation(f"mời {text}", today, keys)
    answers: dict[str, Any] = {}
    if told is None:
        return answers
    if len(told.person_keys) == 1:
        answers["party"] = told.person_keys[0]
    elif told.guests and len(keys) > 1:
        answers["party"] = ""  # somebody who is not known, or one of several
    return answers | {
        "occasion": told.event or None,
        "on": told.on.isoformat() if isinstance(told.on, date) else None,
        "hour": f"{told.at:%H:%M}" if told.at else None,
        "place": told.place or None,
        "content": told.content or None,
        "_done": True if told.event and told.on and told.at else None,
    }


def _review(draft: Draft, look: Look) -> str:
    head = {choice.token: choice.label for choice in look.choices("letterhead", draft)}
    row = _invitation(draft, sent_by_id=0, at=moment(look.today(), NOT_SAID))
    return invitations.letter(row, head["area"], head["cadre"])


def letterhead(session: Session, viewer: Viewer, draft: Draft, today: date) -> list[Choice]:
    """Which commune invites whom, as its letter says it."""
    area, cadre = exchanges.of_party(session, draft.value("party"))
    return [Choice("area", area.name), Choice("cadre", exchanges.named(cadre))]


def _invitation(draft: Draft, *, sent_by_id: int, at: datetime) -> Invitation:
    area_id, cadre_id = map(int, draft.value("party").split())
    hour = draft.value("hour")
    clock = time.fromisoformat(hour) if hour else NOT_SAID
    return Invitation(
        number=0,
        area_id=area_id,
        cadre_id=cadre_id,
        sent_by_id=sent_by_id,
        occasion=_without_attend(draft.value("occasion")),
        starts_at=moment(date.fromisoformat(draft.value("on")), clock),
        timed=bool(hour),
        place=draft.value("place") or "",
        content=draft.value("content") or "",
        sent_at=at,
    )


def _without_attend(occasion: str) -> str:
    """ "Dự họp Đảng ủy" is the occasion "họp Đảng ủy": "Dự" is printed where it belongs."""
    words = occasion.strip()
    for opening in ("tham dự ", "dự "):
        if words.casefold().startswith(opening):
            words = words[len(opening) :]
    return words[:1].lower() + words[1:] if not words[:2].isupper() else words


def _file(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    row = _invitation(draft, sent_by_id=viewer.person_id, at=at)
    said = invitations.send(session, viewer, row, at)
    if not draft.value(DIRECT):
        return said
    area, cadre = exchanges.of_party(session, draft.value("party"))
    whole = invitations.letter(row, area.name, exchanges.named(cadre))
    return [replace(said[0], text=f"{said[0].text}\n{whole}"), *said[1:]]


def _written_review(draft: Draft, look: Look) -> str:
    return f"Ý kiến gửi GM-{draft.value('_invitation')}\n“{draft.value('note')}”"


def _file_written(session: Session, viewer: Viewer, draft: Draft, at: datetime) -> list[Outgoing]:
    found = talks.invitation_by_number(session, viewer, int(draft.value("_invitation")))
    if found is None:
        raise Rejected(f"Không tìm thấy GM-{draft.value('_invitation')}.")
    return invitations.answer(session, found, "written", draft.value("note"), at)


def _hosted(session: Session, viewer: Viewer, draft: Draft) -> tuple[str, int]:
    """The invitation, for whoever may send its papers."""
    found = talks.invitation_by_number(session, viewer, int(draft.value("_invitation")))
    if found is None or found.area_id not in viewer.communes:
        raise Rejected(f"Không tìm thấy GM-{draft.value('_invitation')}.")
    return talks.INVITATION, found.id or 0


FORM = Form(
    name="invitation",
    title="Giấy mời",
    questions=(
        Spread("occasion", ASK, "Việc", longest=1000, reads=_told),
        Pick("party", "Mời đồng chí nào?", "Người được mời", source="counterparts"),
        Day("on", "Ngày nào?", "Ngày", future=True),
        Hour("hour", "Mấy giờ?", "Giờ", optional=True),
        Text("place", "Ở đâu?", "Địa điểm", optional=True, longest=200),
        Text("content", "Nội dung chính là gì?", "Nội dung", optional=True, longest=500),
    ),
    review=_review,
    file=_file,
    actions=((("Gửi", "send"),), (("Sửa", "edit"), ("Để sau", "later"))),
)
WRITTEN = Form(
    name="written",
    title="Ý kiến bằng văn bản",
    questions=(Text("note", "Xin nhắn ý kiến của đồng chí gửi cuộc họp.", "Ý kiến", longest=2000),),
    review=_written_review,
    file=_file_written,
    direct=True,
)
FILES = files_form(
    "invitation_files",
    "Kèm tài liệu",
    Papers("files", "Xin gửi tệp hoặc ảnh chụp tài liệu họp.", "Tài liệu"),
    code=("GM", "_invitation"),
    target=_hosted,
)
FORMS = (FORM, WRITTEN, FILES)
LOOKS = {"letterhead": letterhead}
