"""Reads an invitation that a commune writes in one sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time

from bot.conversation.dates import Open, find_date, find_time
from bot.rules.mentions import same_words
from bot.words import capital, find, nfc, plain


@dataclass(frozen=True, slots=True)
class InvitationText:
    """An invitation as told; what it leaves out is empty or None and is asked for."""

    person_keys: list[str] = field(default_factory=list)
    guests: str = ""  # whom it names, known or not
    event: str = ""
    on: date | Open | None = None
    at: time | None = None
    place: str = ""
    content: str = ""


_INVITES = re.compile(r"\s*(?:kinh |xin |tran trong |tran trong kinh )?moi\s+")
_EVENT = re.compile(
    r"(?:^|\s)(?:(?:toi|den|ve|sang)\s+)?(?P<event>(?:tham du|du|lam viec|hop|tham gia)\b)"
)
_PLACE = re.compile(r"^(?:tai|o|dia diem:?)\s+")
_CONTENT = re.compile(r"^(?:noi dung|chuong trinh|ve viec)\s*:?\s*")
_LOOSE = re.compile(r"(?:^|\s)(?:luc|vao|hoi|ngay|tu|bat dau)\s*$")
_TO = re.compile(r"^(?:xin )?(?:(?:đổi|dời|chuyển)\s+)?(?:sang|đến|qua|lại)\b", re.IGNORECASE)
_BECAUSE = re.compile(r"^(?:với |vì )?(?:lý do|vì|do|bởi)\b", re.IGNORECASE)
_BREAK = re.compile(r"[\x00\n;]+|,\s+|,$|\.\s+|\.$|\s+(?=(?:tại|ở|tai|o)\s)")


def read_invitation(
    text: str, today: date, people: Sequence[tuple[str, str]]
) -> InvitationText | None:
    """What it says, the guest being one of the (key, name) people; None for no invitation."""
    typed = nfc(text).strip()
    opening = _INVITES.match(plain(typed))
    if not opening or not same_words(typed[: opening.end()].split()[-1].casefold(), "mời"):
        return None
    left, day = _take_out(typed[opening.end() :], today)
    left, at = _take_out_time(left)
    pieces = [_tidy(piece) for piece in _BREAK.split(left)]
    guests, event, others = _split_event([piece for piece in pieces if piece])
    place = next((one for one in others if _PLACE.match(plain(one))), "")
    content = [_without(_CONTENT, one) for one in others if one is not place]
    return InvitationText(
        person_keys=_people(guests, people),
        guests=guests.strip(" ,"),
        event=capital(event),
        on=day,
        at=at,
        place=_without(_PLACE, place),
        content=", ".join(one for one in content if one),
    )


@dataclass(frozen=True, slots=True)
class NewTime:
    """Another day for an occasion, and why; no hour leaves the old one."""

    on: date
    at: time | None
    why: str


def read_new_time(text: str, today: date) -> NewTime | None:
    """The day, the hour and the reason in "sang 14h thứ sáu 27/11, do họp tỉnh"; None: no day."""
    left, day = _take_out(nfc(text).strip(), today)
    left, at = _take_out_time(left)
    if not isinstance(day, date):
        return None
    pieces = [_tidy(piece) for piece in left.split("\x00")]
    kept = [_without_opening(piece) for piece in pieces]
    return NewTime(day, at, ", ".join(piece for piece in kept if piece))


def _without_opening(piece: str) -> str:
    """Without a "chuyển sang" or a "vì" that stands before the rest."""
    for opening in (_TO, _BECAUSE):
        piece = opening.sub("", piece, count=1).strip(" ,.;:")
    return piece


def _take_out(text: str, today: date) -> tuple[str, date | Open | None]:
    found = find_date(text, today, future=True)
    return (_break_at(text, *found[1]), found[0]) if found else (text, None)


def _take_out_time(text: str) -> tuple[str, time | None]:
    found = find_time(text)
    return (_break_at(text, *found[1]), found[0]) if found else (text, None)


def _break_at(text: str, start: int, end: int) -> str:
    return f"{text[:start]}\x00{text[end:]}"


def _tidy(piece: str) -> str:
    """Without a "lúc" or "vào" whose time has been taken out."""
    piece = piece.strip(" .,;:")
    loose = _LOOSE.search(plain(piece))
    return piece[: loose.start()].strip() if loose else piece


def _split_event(pieces: Sequence[str]) -> tuple[str, str, list[str]]:
    """(guests, what they are asked to, the other pieces)."""
    for place, piece in enumerate(pieces):
        found = _EVENT.search(plain(piece))
        if found:
            guests = [*pieces[:place], piece[: found.start()]]
            return ", ".join(guests), piece[found.start("event") :], list(pieces[place + 1 :])
    return (pieces[0] if pieces else ""), "", list(pieces[1:])


def _people(guests: str, people: Sequence[tuple[str, str]]) -> list[str]:
    names = re.split(r",|\s+và\s+|\s+va\s+", guests)
    return list(dict.fromkeys(key for name in names for key in find(name.strip(), people)))


def _without(opening: re.Pattern[str], text: str) -> str:
    found = opening.match(plain(text))
    return text[found.end() :].strip() if found else text
