"""Takes one free message apart into the parts of a visit, and guesses nothing beyond that."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from bot.conversation.dates import Open, find_date, find_time, lies_ahead
from bot.rules import supports
from bot.rules.mentions import Areas, mentions, same_words
from bot.rules.vocabulary import ACTIVITIES, mentioned
from bot.words import capital, nfc, plain


@dataclass(frozen=True, slots=True)
class VisitText:
    """A visit as one message tells it; `visited_on` and `activity` are None where it says nothing.

    Several `area_keys` are to be asked about. `opening` is what only said when, where and what,
    and therefore stands in no part; `ahead` the words of a day that has not come yet.
    """

    area_keys: list[str] = field(default_factory=list)
    visited_on: date | Open | None = None
    activity: str | None = None
    situation: str = ""
    advice: str = ""
    check: str = ""
    raised: list[str] = field(default_factory=list)
    commitments: list[str] = field(default_factory=list)
    supports: list[str] = field(default_factory=list)
    opening: str = ""
    ahead: str = ""


# The words that open a sentence and say to which part it goes.
_PARTS = (
    ("advice", "góp ý"),
    ("check", "kiểm tra"),
    ("raised", "kiến nghị"),
    ("raised", "đề nghị"),
    ("commitments", "việc hẹn lại"),
    ("commitments", "hẹn lại"),
    ("commitments", "hẹn"),
    ("situation", "nắm:"),
)
_OTHER_KIND = re.compile(r"(?:kien nghi|de nghi|phan anh|thac mac|kn)\s*:")
_ABOUT_ONE = re.compile(r"\s*(?:cua|nay|do|tren|truoc day|lan truoc|ky truoc|da duoc|nao)\b[^:]*$")
_SPEAKER = re.compile(r"(?:chúng )?(?:tôi|toi) (?:(?:có|đã|xin|co|da) )?", re.IGNORECASE)
_BULLET = re.compile(r"^(?:[-–•+*]|\d{1,2}[.)])\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?;…])\s+|\s*\n\s*")
_SHORT_FORM = re.compile(
    r"(?:^|[\s(/])(?:[^\W\d_]|tp|tt|tx|ths|ts|bs|gs|đc|đ/c|v\.v)\.$|^\d{1,2}\.$", re.IGNORECASE
)

# What a clause may hold besides day, time, area and activity and still only say when and where.
_FILLERS = (
    *(
        "chúng tôi",
        "tôi",
        "mình",
        "tham dự",
        "tham gia",
        "dự",
        "có dự",
        "có đi",
        "có họp",
        "đã",
        "vừa",
    ),
    *("đi", "xuống", "về", "đến", "tại", "ở", "với", "cùng", "địa bàn", "cơ sở", "công tác"),
    *("buổi", "cuộc", "lúc", "vào", "ngày", "hội nghị", "họp", "làm việc", "sinh hoạt"),
    *("đảng ủy", "cấp ủy", "chi bộ", "ban thường vụ", "thường trực", "lãnh đạo", "đồng chí", "đc"),
    *("bí thư", "phó bí thư", "chủ tịch", "phó chủ tịch", "ubnd", "ban chấp hành", "đ/c"),
    *(
        "hội trường",
        "trụ sở",
        "nhà văn hóa",
        "thôn",
        "tổ dân phố",
        "làng",
        "ấp",
        "khu phố",
        "khối phố",
    ),
    *("xã", "phường", "đặc khu", "và", "hôm", "ghi"),
)
_NUMBERED = re.compile(
    r"\b(?:thon|to dan pho|to|lang|ap|khu pho|khoi pho|chi bo)\s+(?:so\s+)?\d+\w?\b"
)
_ACTIVITY_WORDS = re.compile(
    rf"(?<!\w)(?:{'|'.join(key for word in ACTIVITIES for key in word.keywords)})(?!\w)"
)
_ANY_DAY = date(2000, 1, 1)  # whether a day is named does not hang on today
_SMALL_WORDS = sorted(_FILLERS, key=len, reverse=True)
_MYSELF = re.compile(r"\b(?:tôi|toi) (?:đi|dự|họp|xuống|về|làm việc|di|du|hop)\b", re.IGNORECASE)
_VISITING = re.compile(r"\b(?:toi|du|hop|di|xuong|lam viec|tham|tiep dan|doi thoai|khao sat)\b")


def read_visit(text: str, today: date, areas: Areas) -> VisitText:
    """What the message tells of a visit to one of the (key, name) areas."""
    parts: dict[str, list[str]] = {name: [] for name in ("supports", *dict(_PARTS))}
    opening = _Opening(today, areas)
    for sentence in sentences(text):
        part, rest = _part_of(sentence)
        if part is None:
            rest = opening.take(sentence)
        elif part in ("advice", "check"):
            opening.hear(sentence)
        if rest:
            parts[part or "situation"].append(rest)
    return VisitText(
        area_keys=opening.area_keys,
        visited_on=opening.day,
        activity=opening.activity,
        situation=" ".join(parts["situation"]),
        advice=" ".join(parts["advice"]),
        check=" ".join(parts["check"]),
        raised=parts["raised"],
        commitments=parts["commitments"],
        supports=parts["supports"],
        opening=" ".join(opening.dropped),
        ahead=opening.ahead,
    )


def looks_like_visit(text: str, areas: Areas) -> bool:
    """True when a message outside a form can be offered as a visit without asking what it is."""
    typed = nfc(text).strip()
    if typed.endswith("?") or _OTHER_KIND.match(plain(typed)) or _begins(typed, "mời"):
        return False
    told = read_visit(text, _ANY_DAY, areas)
    if (told.advice or told.check) and _kinds_of_parts(told) > 1:
        return True
    signs = bool(told.area_keys) + (told.visited_on is not None) + (told.activity is not None)
    return signs >= 2 or (told.activity is not None and len(text.split()) > 5)


def says_it_is_another_kind(text: str) -> bool:
    """ "kiến nghị: …": the first words name something that is no visit."""
    return _OTHER_KIND.match(plain(text).strip()) is not None


def _kinds_of_parts(told: VisitText) -> int:
    kinds = (
        told.situation,
        told.advice,
        told.check,
        told.raised,
        told.commitments,
        told.supports,
    )
    return sum(bool(kind) for kind in kinds)


def sentences(text: str) -> list[str]:
    """The sentences in NFC with their full stops; "TP. Quy Nhơn" and "1.246" stay whole."""
    found: list[str] = []
    for piece in _SENTENCE_END.split(nfc(text).strip()):
        squeezed = " ".join(piece.split())
        if found and _SHORT_FORM.search(found[-1]):
            found[-1] += f" {squeezed}"
        elif squeezed:
            found.append(squeezed)
    return found


def _part_of(sentence: str) -> tuple[str | None, str]:
    """The part that the first words name, and the sentence without them."""
    bare = _BULLET.sub("", sentence)
    speaker = _SPEAKER.match(bare)
    said = bare[speaker.end() :] if speaker else bare
    for part, words in _PARTS:
        if _begins(said, words):
            rest = said[len(words) :]
            if words != "nắm:" and _ABOUT_ONE.match(plain(rest)):
                return None, sentence
            return part, _sentence(rest.lstrip(" :,-–"))
    return ("supports", _sentence(said)) if supports.opens(said) else (None, bare)


def _begins(text: str, words: str) -> bool:
    head, after = text[: len(words)], text[len(words) : len(words) + 1]
    return same_words(head, words) and not after.isalnum()


def _sentence(text: str) -> str:
    """With a capital and a full stop."""
    text = capital(text.rstrip(" ;,"))
    return text if not text or text[-1] in ".!?…" else f"{text}."


class _Opening:
    """Gathers day, area and activity from what stands before, and from, the first content."""

    def __init__(self, today: date, areas: Areas) -> None:
        self._today, self._areas = today, areas
        self._content_seen = False
        self.area_keys: list[str] = []
        self.day: date | Open | None = None
        self.activity: str | None = None
        self.dropped: list[str] = []
        self.ahead = ""

    def take(self, sentence: str) -> str:
        """What of the sentence belongs to the situation."""
        if self._content_seen:
            return self._take_later(sentence)
        clauses = list(_clauses(sentence))
        while clauses and self._only_when_and_where(clauses[0]):
            self._note(clauses[0], sure=True)
            self.dropped.append(clauses.pop(0))
        if clauses:
            self._content_seen = True
            self._note(clauses[0], sure=bool(_VISITING.search(plain(clauses[0]))))
        return " ".join(clauses)

    def _take_later(self, sentence: str) -> str:
        if self.day is None and self._only_when_and_where(sentence):
            self._note(sentence, sure=True)
            self.dropped.append(sentence)
            return ""
        if _MYSELF.search(sentence):
            self._note(sentence, sure=True)
        return sentence

    def hear(self, sentence: str) -> None:
        """Day and area of a message that opens with its advice or check."""
        if not self._content_seen:
            self._content_seen = True
            self._note_place_and_day(next(_clauses(sentence)), sure=False)

    def _note(self, clause: str, *, sure: bool) -> None:
        self.activity = self.activity or mentioned(ACTIVITIES, clause)
        self._note_place_and_day(clause, sure=sure)

    def _note_place_and_day(self, clause: str, *, sure: bool) -> None:
        keys = [one.key for one in mentions(clause, self._areas)]
        self.area_keys = list(dict.fromkeys([*self.area_keys, *keys]))
        found = find_date(clause, self._today)
        if found and self.day is None:
            certain = sure or bool(keys) or isinstance(found[0], Open)
            self.day = (
                found[0] if certain else Open((found[0],)) if isinstance(found[0], date) else None
            )
            said = clause[slice(*found[1])]
            if isinstance(found[0], Open) and lies_ahead(said, self._today, found[0]):
                self.ahead = said

    def _only_when_and_where(self, clause: str) -> bool:
        """True when nothing is left once day, time, area, activity and small words are out."""
        left, said = clause, False
        found_day, found_time = find_date(left, self._today), find_time(left)
        for found in (found_day, found_time):
            if found:
                left, said = _blank(left, *found[1]), True
        for mention in mentions(left, self._areas):
            left, said = _blank(left, mention.start, mention.end), True
        said = said or mentioned(ACTIVITIES, left) is not None
        return said and not _content(left)


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]


def _content(clause: str) -> str:
    """What is left of the clause without small words and the words of activities."""
    left = clause
    for pattern in (_NUMBERED, _ACTIVITY_WORDS):
        for hit in pattern.finditer(plain(left)):
            left = _blank(left, hit.start(), hit.end())
    for words in _SMALL_WORDS:
        for hit in re.finditer(rf"(?<!\w){re.escape(plain(words))}(?!\w)", plain(left)):
            if same_words(left[hit.start() : hit.end()].casefold(), words):
                left = _blank(left, hit.start(), hit.end())
    return re.sub(r"[\s.,;:!()\-–]+", "", left)


def _clauses(sentence: str) -> Iterator[str]:
    """Parted at commas, which stay with the clause before; not inside numbers."""
    yield from re.split(r"(?<=,)\s+", sentence)
