"""Gửi riêng Thường trực: in the chat only the way to the signed page, or a meeting asked for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from bot.desk.approval import in_office_hours
from bot.desk.contract import Noun, Result, Words
from bot.desk.duties import calendar_of, province_on
from bot.desk.waiting import Waiting
from bot.messages import Option, Outgoing, Rejected
from bot.rules.receiving import Candidate, is_named, receivers
from bot.rules.zone import day_of
from bot.words import capital, fold, natural
from storage import people, restricted, retention
from storage.restricted import BOARD, INSPECTION, New
from storage.scope import SYSTEM, Viewer
from storage.secrecy import box
from storage.tables import Person

COMMAND = "guirieng"
WRITE, OPEN, MEET = "viet", "mo", "gap"
LONGEST = 4000
AT_ONCE = 4  # people to meet who are named on the first screen
INTRO = (
    "Nội dung này chỉ Thường trực {committee} xem. Xin không viết tại đây.\n"
    "Nội dung liên quan đồng chí nào trong Thường trực, Ủy ban Kiểm tra thì chọn người nhận "
    "khác ở bước sau."
)
NEUTRAL = "Sâu Sát: có 1 nội dung gửi riêng. Mở trang bảo mật."
CLOSED = "Đường gửi riêng chưa mở trên hệ thống này. Xin gặp trực tiếp đồng chí trong Thường trực."
NOT_HERE = (
    "Xin không viết nội dung tại đây. Lời vừa nhắn đã được bỏ khỏi hệ thống; đề nghị đồng chí "
    "xóa tin đó khỏi cuộc trò chuyện."
)
NOBODY = (
    "Các đồng chí còn lại đều liên quan nên chưa có người nhận. Xin bỏ bớt lựa chọn, hoặc gặp "
    "trực tiếp cơ quan cấp trên."
)


@dataclass(frozen=True)
class Letter:
    """What the page's form holds."""

    text: str
    concerned: Sequence[int]
    others: str
    unnamed: bool
    once: str


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """ "/guirieng": the two ways; nothing that is typed after it is kept."""
    if not box():
        return [Outgoing(CLOSED)]
    verb, _, rest = fold(words.rest).partition(" ")
    if not verb:
        return [_ways(session, viewer, at)]
    if verb in (WRITE, OPEN) and not rest:
        return [page()]
    if verb == MEET and (not rest or natural(rest)):
        return _meeting(session, viewer, words, natural(rest) or 0, at)
    if words.inbox_id is not None:
        retention.forget(session, words.inbox_id)
    return [Outgoing(NOT_HERE).with_row(_BY_PAGE)]


def page() -> Outgoing:
    """The way to the page; every channel gets it as a link that lasts half an hour."""
    return Outgoing("Trang bảo mật của riêng đồng chí.", wants=("restricted", 0))


def _ways(session: Session, viewer: Viewer, at: datetime) -> Outgoing:
    """Whom to meet stands on the same screen while they are few."""
    committee = province_on(session, day_of(at)).committee
    asked = "Đề nghị gặp trực tiếp"
    known = list(_to_meet(session, viewer, at).values())
    meet = [Option(f"{asked}: {p.full_name}", f"{COMMAND} {MEET} {p.id}") for p in known]
    if not 1 <= len(known) <= AT_ONCE:
        meet = [Option(asked, f"{COMMAND} {MEET}")]
    rows = (*((option,) for option in meet), (_BY_PAGE,))
    return Outgoing(INTRO.format(committee=committee), rows)


def _to_meet(session: Session, viewer: Viewer, at: datetime) -> dict[int, Person]:
    """Everybody who may receive, without the person who asks; in the order of roles and ranks."""
    known = [one.person_id for one in candidates(session, day_of(at))]
    found = people.by_ids(session, known)
    return {one: found[one] for one in dict.fromkeys(known) if one != viewer.person_id}


_BY_PAGE = Option("Viết trên trang bảo mật", f"{COMMAND} {WRITE}")
_TO_PAGE = Option("Mở trang bảo mật", f"{COMMAND} {OPEN}")


def _meeting(
    session: Session, viewer: Viewer, words: Words, person_id: int, at: datetime
) -> list[Outgoing]:
    """Whom to meet, and then the request, which says nothing else."""
    known = {one.person_id: one for one in candidates(session, day_of(at))}
    known.pop(viewer.person_id, None)
    chosen = known.get(person_id)
    if chosen is None:
        found = _to_meet(session, viewer, at).values()
        rows = [(Option(_titled(p), f"{COMMAND} {MEET} {p.id}"),) for p in found]
        text = "Đề nghị gặp đồng chí nào? Người khác không biết có đề nghị này."
        return [Outgoing(text, tuple(rows))] if rows else [Outgoing(NOBODY)]
    new = New(
        text="",
        concerned=(),
        others="",
        unnamed=False,
        receivers=((chosen.person_id, chosen.role),),
        once=f"meeting {words.inbox_id}:{viewer.person_id}:{person_id}:{at.isoformat()}",
        due_on=due_on(session, at),
    )
    restricted.file(session, viewer, new, at)
    receipt = "Đã chuyển đề nghị gặp. Đồng chí ấy sẽ liên hệ trực tiếp với đồng chí."
    return [Outgoing(receipt, kind="receipt"), *told(session, [person_id], at)]


def send(
    session: Session, viewer: Viewer, letter: Letter, at: datetime
) -> tuple[int, list[Outgoing]]:
    """Keep what was written on the page: its number (0: kept before), and the neutral words."""
    text = letter.text.strip()
    if not text:
        raise Rejected("Xin viết nội dung.")
    if len(text) > LONGEST:
        raise Rejected(f"Nội dung dài quá {LONGEST} chữ. Xin viết gọn hơn.")
    left = receivers(
        candidates(session, day_of(at)),
        author=viewer.person_id,
        concerned=letter.concerned,
        units=letter.others,
    )
    named = _of_roster(session, letter.others)
    left = tuple(one for one in left if one.person_id not in named)
    if not left:
        raise Rejected(NOBODY)
    new = New(
        text=text,
        concerned=(*letter.concerned, *named),
        others=letter.others.strip(),
        unnamed=letter.unnamed,
        receivers=tuple((one.person_id, one.role) for one in left),
        once=letter.once,
        due_on=due_on(session, at),
    )
    number = restricted.file(session, viewer, new, at)
    if number is None:
        return 0, []
    return number, told(session, [one.person_id for one in left], at)


def told(session: Session, person_ids: Collection[int], at: datetime) -> list[Outgoing]:
    """The same few words to each, in working hours: no code, no area, no name."""
    row, when = ((_TO_PAGE,),), in_office_hours(session, at)
    return [
        Outgoing(NEUTRAL, row, "notice", person_id=person_id, not_before=when)
        for person_id in person_ids
    ]


def pass_on(session: Session, at: datetime) -> list[Outgoing]:
    """What all its receivers have left behind goes to the board of today, without the concerned.

    A meeting that was asked for with somebody who has left is no longer waited for; neither is
    what only people concerned could receive: the author learns that on the page.
    """
    now = candidates(session, day_of(at))
    holding = {(one.person_id, one.role) for one in now}
    said: list[Outgoing] = []
    for row, inside in restricted.left_alone(session, SYSTEM, holding):
        left = receivers(
            now, author=inside["author"], concerned=inside["concerned"], units=inside["others"]
        )
        to = [(one.person_id, one.role) for one in left] if inside["text"] else []
        restricted.pass_on(session, row, to, at)
        said += told(session, [one for one, _ in to] or [inside["author"]], at)
    return said


def candidates(session: Session, day: date) -> list[Candidate]:
    """The standing board, and the inspection commission where the province says so."""
    roles = [BOARD, *([INSPECTION] if province_on(session, day).inspection else [])]
    return [
        Candidate(person.id or 0, role, person.unit)
        for role in roles
        for person in people.holders(session, role, day)
    ]


def due_on(session: Session, at: datetime) -> date:
    """By when somebody should have settled it: as long as for any case."""
    today = day_of(at)
    return calendar_of(session).add_workdays(today, province_on(session, today).case_days)


def handed_to(
    session: Session, viewer: Viewer, number: int, said: str, at: datetime
) -> list[Outgoing]:
    """One more person may open it, by code or name; Rejected when that cannot be."""
    found = _of_roster(session, said)
    person = people.by_id(session, found[0]) if len(found) == 1 else None
    if person is None or person.id is None:
        raise Rejected("Xin ghi đúng mã hoặc họ tên một người trong danh sách.")
    if not restricted.hand(session, viewer, number, person.id, at):
        raise Rejected("Chưa giao được: người này có liên quan, hoặc đã nhận nội dung này.")
    return told(session, [person.id], at)


def _of_roster(session: Session, said: str) -> list[int]:
    """The people of the roster whose code or whole name stands in the text."""
    return [
        person.id or 0
        for person in people.everybody(session)
        if is_named(person.full_name, said) or is_named(person.code, said)
    ]


def waiting(session: Session, viewer: Viewer, at: datetime) -> list[Waiting]:
    """One line however many there are, and only for those who may open them."""
    found = restricted.received(session, viewer, open_only=True)
    if not found:
        return []
    text = f"{len(found)} nội dung, mở trên trang bảo mật"
    return [Waiting("Gửi riêng", text, None, f"{COMMAND} {OPEN}")]


def _titled(person: Person) -> str:
    return f"{capital(person.full_name)}, {person.post}" if person.post else person.full_name


NOUN = Noun(
    "restricted",
    act,
    commands=(COMMAND, "gui rieng", "gui rieng thuong truc"),
    shows={COMMAND: "Gửi riêng Thường trực"},
)
