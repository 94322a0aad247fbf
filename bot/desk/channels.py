"""Kênh nhận tin: which channels a person uses, and by which one each kind of message comes."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.desk.contract import Noun, Result, Words
from bot.messages import Option, Outgoing, Rejected
from bot.roster.invites import issue
from bot.rules.ways import WISHES, channel, shown
from bot.words import fold, uncapital
from storage import accounts, people, ways
from storage.scope import Viewer

EVERY, LATEST, MORE = "tat ca", "gan nhat", "them"
LASTING = timedelta(minutes=30)  # of a code that a person asks for
RECENT = "kênh đồng chí nhắn gần nhất"


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """The channels in use; with a kind of message and a channel the choice is kept."""
    held = _held(session, viewer.person_id or 0)
    rest = fold(words.rest)
    if rest == MORE:
        return [_code(session, viewer.person_id or 0, at)]
    kinds, wanted = _kinds(rest)
    if not kinds or len(held) < 2:
        return [_overview(session, viewer.person_id or 0, held)]
    if not wanted:
        return [_which(rest, kinds, held)]
    return [_wish(session, viewer.person_id or 0, kinds, _channel(wanted, held), held)]


def _held(session: Session, person_id: int) -> list[str]:
    """The channels on which the person can be reached, in the order they were linked."""
    found = (a for a in accounts.of_person(session, person_id) if a.state == "confirmed")
    return list(dict.fromkeys(channel(account.bot) for account in found))


def _kinds(rest: str) -> tuple[list[str], str]:
    """The kinds of message meant, and what is left of the words."""
    named = {fold(label): [kind] for kind, label in WISHES.items()} | {EVERY: list(WISHES)}
    for name, kinds in named.items():
        if rest == name or rest.startswith(f"{name} "):
            return kinds, rest.removeprefix(name).strip()
    return [], ""


def _channel(wanted: str, held: Sequence[str]) -> str:
    """The channel named by these words; "" for whichever is written on last."""
    if wanted == LATEST:
        return ""
    known = {fold(shown(name)): name for name in held}
    if wanted not in known:
        raise Rejected(f"Đồng chí chưa dùng kênh này. Đang dùng: {_names(held)}.")
    return known[wanted]


def _names(held: Sequence[str]) -> str:
    return ", ".join(shown(name) for name in held)


def _overview(session: Session, person_id: int, held: Sequence[str], lead: str = "") -> Outgoing:
    more = Option("Thêm kênh", f"kenh {MORE}")
    if len(held) < 2:
        text = f"Đồng chí đang dùng một kênh: {_names(held)}. Thêm kênh khác thì kênh này vẫn giữ."
        return Outgoing(text, ((more,),))
    wishes = ways.wishes_of(session.connection(), [person_id])
    lines = [lead] if lead else []
    lines += [f"Đồng chí đang dùng: {_names(held)}", "Trả lời đi ngay trên kênh đồng chí nhắn."]
    for kind, label in WISHES.items():
        wished = wishes.get((person_id, kind), "")
        lines.append(f"{label}: {shown(wished) if wished in held else RECENT}")
    lines.append("Việc khẩn: mọi kênh")
    kinds = [Option(label, f"kenh {fold(label)}") for label in WISHES.values()]
    return Outgoing("\n".join(lines), (tuple(kinds), (Option("Tất cả", f"kenh {EVERY}"), more)))


def _which(rest: str, kinds: Sequence[str], held: Sequence[str]) -> Outgoing:
    options = [Option(shown(name), f"kenh {rest} {fold(shown(name))}") for name in held]
    options.append(Option("Kênh nhắn gần nhất", f"kenh {rest} {LATEST}"))
    return Outgoing(f"{_said(kinds)} gửi qua kênh nào?", (tuple(options),))


def _said(kinds: Sequence[str]) -> str:
    return WISHES[kinds[0]] if len(kinds) == 1 else "Các tin"


def _wish(
    session: Session, person_id: int, kinds: Sequence[str], wanted: str, held: Sequence[str]
) -> Outgoing:
    for kind in kinds:
        ways.wish(session, person_id, kind, wanted)
    where = shown(wanted) if wanted else RECENT
    lead = f"Đã ghi: {uncapital(_said(kinds))} gửi qua {where}."
    return _overview(session, person_id, held, lead)


def _code(session: Session, person_id: int, at: datetime) -> Outgoing:
    """A code that the person types on the other channel; this one stays."""
    person = people.by_id(session, person_id)
    if person is None:
        raise Rejected("Chưa cấp được mã, xin hỏi Văn phòng.")
    (issued,) = issue(session, [person], at, valid=LASTING)
    minutes = LASTING.seconds // 60
    return Outgoing(
        f"Mã thêm kênh: {issued.code}\nDùng một lần, trong {minutes} phút. Đồng chí mở kênh kia, "
        "nhắn mã này cho hệ thống. Kênh đang dùng vẫn giữ."
    )


NOUN = Noun("channels", act, commands=("kenh", "kenh nhan tin"), shows={"kenh": "Kênh nhận tin"})
"""Typed as well: /kenh nhắc việc zalo."""
