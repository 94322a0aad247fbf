"""The guard before anything is stored: stamps of state secrets, and numbers of citizens.

It matches stamps, not letters: mật ong, mật độ and bí mật are everyday words.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.words import nfc, plain


class Kind(StrEnum):
    CLEAN = "clean"
    SECRET = "secret"  # not stored
    ASK = "ask"  # not stored; the writer may put it in other words
    CITIZEN_NUMBER = "citizen_number"  # stored masked


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard found; `masked` is the text that may be kept, empty for none of it.

    `number` is the first citizen number in its masked form, to be shown to the writer.
    """

    kind: Kind
    masked: str
    number: str = ""


_EVERYDAY = re.compile(
    r"\b(?:bí|bảo|cơ|thân|túi|sỏi|ống|mía|nước|nồng độ|men|vị|chim|dẫn) mật\b"
    r"|\bmật (?:ong|độ|thiết|mía|khẩu|gấu|hoa|ngọt|vụ|lệnh|mã|rỉ|ngữ|đường|nhân)\b",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(
    r"\b(?:(?:tài liệu|văn bản|công văn)(?: (?:có|đóng|mang))?(?: dấu| độ)?|độ)"
    r"(?: tối| tuyệt)? mật\b",
    re.IGNORECASE,
)
_DOCUMENT_UNMARKED = re.compile(
    r"\b(?:tai lieu|van ban|cong van)(?: (?:co|dong|mang))?(?: dau| do)?(?: toi| tuyet)? mat\b"
)
_STAMP = re.compile(r"(?:(?:TỐI|TUYỆT)\s+MẬT|(?:TOI|TUYET)\s+MAT|MẬT)")
_NEIGHBOUR_BEFORE = re.compile(r"\b[^\W\d_]{2,}[ \t]+$")
_NEIGHBOUR_AFTER = re.compile(r"[ \t]+[^\W\d_]{2,}\b")

# Twelve digits that begin with nought, whole or in groups of three and more, or as the card has it.
_GROUPS = r"\d{11}|\d{2}(?:[ .-]\d{3,9}){1,3}|\d{2}[ .-]\d[ .-]\d{2}[ .-]\d{6}"
_CITIZEN_NUMBER = re.compile(
    rf"(?:(?<![\w.,-])|(?<=cccd)|(?<=cmnd))0(?:{_GROUPS}|\d{{3,8}}(?:[ .-]\d{{3,8}}){{1,2}})"
    r"(?![\w]|[.,-]\d)",
    re.IGNORECASE,
)


def inspect(text: str) -> Verdict:
    """Whether the text may be stored, and how."""
    found = _secrecy(nfc(text).replace("Ð", "Đ").replace("ð", "đ"))
    if found is not Kind.CLEAN:
        return Verdict(found, "")
    numbers = [hit[0] for hit in _CITIZEN_NUMBER.finditer(text) if _is_citizen_number(hit[0])]
    if not numbers:
        return Verdict(Kind.CLEAN, text)
    return Verdict(Kind.CITIZEN_NUMBER, _CITIZEN_NUMBER.sub(_masked, text), mask(numbers[0]))


def mask(number: str) -> str:
    """0xx•••••••42."""
    return f"0xx{'•' * 7}{number[-2:]}"


def _masked(hit: re.Match[str]) -> str:
    return mask(hit[0]) if _is_citizen_number(hit[0]) else hit[0]


def _is_citizen_number(text: str) -> bool:
    return sum(letter.isdigit() for letter in text) == 12


def _secrecy(text: str) -> Kind:
    squeezed = re.sub(r"[ \t\u00a0]+", " ", text)
    rest = _EVERYDAY.sub(lambda hit: "·" * len(hit[0]), squeezed)
    stamps = [_stamp_kind(hit, rest) for hit in _STAMP.finditer(rest)]
    if Kind.SECRET in stamps or _DOCUMENT.search(_without_capitals(rest)):
        return Kind.SECRET
    unmarked = rest == plain(rest) or rest.casefold() == plain(rest)
    if Kind.ASK in stamps or (unmarked and _DOCUMENT_UNMARKED.search(plain(rest))):
        return Kind.ASK
    return Kind.CLEAN


def _without_capitals(text: str) -> str:
    """Nothing for a writer of capitals alone, who is asked instead."""
    return text if _mixed(text) else ""


def _mixed(text: str) -> bool:
    return any(letter.islower() for letter in text)


def _stamp_kind(hit: re.Match[str], text: str) -> Kind:
    """A stamp stands alone; beside other capitals it may be a name: then the writer is asked."""
    before = _NEIGHBOUR_BEFORE.search(text[: hit.start()])
    after = _NEIGHBOUR_AFTER.match(text[hit.end() :])
    if re.search(r"\w$", text[: hit.start()]) or re.match(r"\w", text[hit.end() :]):
        return Kind.CLEAN
    if not _mixed(text):
        return Kind.SECRET if text.strip(" .,:;!()[]\"'“”\n") == hit[0] else Kind.ASK
    beside = [word[0].strip() for word in (before, after) if word]
    return Kind.ASK if any(word.isupper() for word in beside) else Kind.SECRET
