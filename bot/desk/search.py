"""Tra cứu: by a code or by words without marks, within what this person may see."""

import re
from datetime import datetime

from sqlmodel import Session

from bot.desk.contract import Noun, Result, Words
from bot.messages import Option, Outgoing
from bot.rules.vocabulary import activity_label
from bot.rules.zone import day_of
from bot.words import day, fold
from storage import areas, search
from storage.scope import Viewer
from storage.search import Hit
from storage.tables import Area

PAGE = 8
HOW = "Xin nhắn mã (ví dụ KN-312), hoặc nhắn: tìm và từ cần tìm.\nVí dụ: tìm cầu thôn 3"
COMMANDS = ("tim", "tra cuu")
SHORT = 60  # letters of a line
LONGEST = 40  # letters of what is looked for, so that the next page fits a button
TOKEN_ROOM = 60  # bytes of a button's token beside the command
CODES = {
    "visit": "CS",
    "commitment": "VH",
    "case": "KN",
    "exchange": "TR",
    "invitation": "GM",
    "paper": "VB",
    "directive": "ND",
}
_PAGE = re.compile(r"^trang ([0-9]{1,6}): (.+)$")


def act(session: Session, viewer: Viewer, words: Words, at: datetime) -> Result:
    """/tim từ cần tìm: the newest matches, each with its code."""
    asked = _PAGE.match(words.rest)
    start, text = (int(asked[1]), asked[2]) if asked else (0, words.rest)
    wanted = _clipped(fold(text))
    if not wanted:
        return [Outgoing(HOW)]
    found = search.found(session, viewer, wanted, limit=PAGE + 1, offset=start)
    if not found:
        return [Outgoing(f"Không thấy “{text}” trong những nội dung đồng chí được xem.")]
    return [_page(session, text, found, wanted=wanted, start=start)]


def offered(session: Session, viewer: Viewer, text: str) -> list[tuple[Option, ...]]:
    """The key that looks for these few words, where there is anything to find."""
    wanted = fold(text)
    if not re.search("[a-z]{2}", wanted) or len(wanted) > LONGEST:
        return []
    if not search.found(session, viewer, wanted, limit=1, offset=0):
        return []
    said = text if len(text.encode()) <= TOKEN_ROOM else wanted
    return [(Option(f"Tra cứu “{text}”", f"tim {said}"),)]


def _clipped(folded: str) -> str:
    """As many whole words as there is room for."""
    return folded if len(folded) <= LONGEST else folded[: LONGEST + 1].rpartition(" ")[0]


def _page(session: Session, text: str, found: list[Hit], *, wanted: str, start: int) -> Outgoing:
    shown = found[:PAGE]
    known = areas.by_ids(session, {hit.area_id for hit in shown if hit.area_id is not None})
    options = [Option(code, code) for code in map(_code, shown)]
    rows = [tuple(options[n : n + 3]) for n in range(0, len(options), 3)]
    if found[PAGE:]:
        rows.append((Option("Xem thêm", f"tim trang {start + PAGE}: {wanted}"),))
    head = f"“{text}”: {_count(start, len(shown), more=bool(found[PAGE:]))}"
    return Outgoing("\n".join([head, *(_line(hit, known) for hit in shown)]), tuple(rows))


def _count(start: int, shown: int, *, more: bool) -> str:
    if not start and not more:
        return f"{shown} kết quả"
    return f"kết quả {start + 1} đến {start + shown}, mới nhất trước"


def _code(hit: Hit) -> str:
    return f"{CODES[hit.kind]}-{hit.number}"


def _line(hit: Hit, known: dict[int, Area]) -> str:
    area = known[hit.area_id].name if hit.area_id is not None else ""
    where = f" {area}," if area else ""
    said = " ".join(hit.text.split())
    if hit.kind == "visit":
        said = activity_label(hit.text, area)
    clipped = said if len(said) <= SHORT else said[: SHORT - 1].rsplit(" ", 1)[0] + " …"
    return f"{_code(hit)}{where} {day(day_of(hit.at))}{f': {clipped}' if clipped else ''}"


NOUN = Noun("search", act, COMMANDS)
