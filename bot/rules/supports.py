"""Help raised for a commune: reads "2 nhà tình thương 120 triệu, do Công ty Mẫu tặng"."""

import re
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from bot.conversation.numbers import Open, read_number
from bot.rules.vocabulary import SUPPORT_KINDS, Word, label
from bot.words import capital, nfc, number_shown, plain, vietnamese_number

OTHER = "khac"
OPENINGS = ("ho tro", "van dong", "huy dong", "da ho tro", "da van dong", "da huy dong")
LONGEST = 300
_MONEY = re.compile(
    r"(?<![\w.,])(?P<digits>\d[\d.,]*\d|\d)\s*"
    r"(?:(?P<scale>nghin|ngan|trieu|tr|ty|ti)(?:\s*(?:dong|vnd))?|dong|vnd|d)(?!\w)"
)
_HEAD = re.compile(r"^(?:đã |da )?(?:hỗ trợ|ho tro):?\s+", re.IGNORECASE)
_SCALES = {"": 0, "nghin": 3, "ngan": 3, "trieu": 6, "tr": 6, "ty": 9, "ti": 9}
_COUNTS = ("mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi")
_COUNT = rf"(?P<count>\d[\d.,]*\d|\d|{'|'.join(_COUNTS)})\s+"
_PIECES = r"(?:(?:can|ngoi|suat|phan|mon|cai)\s+)?"
_EACH = re.compile(
    r"(?<!\w)(?:moi|tung)\s+(?:can|ngoi|nha|suat|phan|ho|nguoi|em)(?!\w)|/\s*(?:can|suat|nha)"
)
_NOT_YET = re.compile(r"(?<!\w)(?:chua|khong|cham|can|se|xin|du kien|ke hoach|thieu|de nghi)(?!\w)")
_GIVES = r"(?:hỗ trợ|tài trợ|ủng hộ|tặng|trao|góp|xây|ho tro|tai tro|ung ho|tang|gop|xay)\b"
_RAISED = r"(?:vận động|van dong|huy động|huy dong)"
_GIVERS = (
    re.compile(rf"(?:^|[\s,])(?:do|ngu[oồ]n:?)\s+(?P<who>[^,;.]+?)(?:\s+{_GIVES}[^,;]*)?[,;.]?$"),
    re.compile(rf"^(?:đã |da )?{_RAISED}\s+(?P<who>[^\W\d][^,;.\d]*?)\s+{_GIVES}", re.IGNORECASE),
    re.compile(r"\bcủa\s+(?P<who>[^\W\d_][^,;.]*?)[,;.]?$"),
)


@dataclass(frozen=True, slots=True)
class Support:
    """One thing that was raised; `value` in đồng, None where none was named."""

    text: str
    kind: str
    quantity: int
    value: int | None
    giver: str = ""

    def to_json(self) -> dict[str, Any]:
        """As an answer of a form."""
        return asdict(self)


class Unclear(ValueError):
    """What is uncertain is asked, never guessed; the sentence says what."""


def opens(sentence: str) -> bool:
    """A sentence that tells of help raised: it opens so, names what, and nothing is wanting."""
    said = plain(sentence)
    head = next((one for one in OPENINGS if re.match(rf"{one}(?!\w)", said)), "")
    if not head or re.match(r"\s+(?:cua|tu|nay|do)\s", said[len(head) :]):
        return False
    if _NOT_YET.search(said):
        return False
    try:
        found = read(sentence)
    except Unclear:
        return True
    return found.kind != OTHER or found.value is not None


def read(text: str) -> Support:
    """Kind, number, value and giver of one; `Unclear` where a number can be two things."""
    said = " ".join(nfc(text).split())
    flat = plain(said)
    amounts, rest = _money(flat, said)
    kind, quantity = _things(rest)
    return Support(said, kind, quantity, amounts, _giver(said))


def _money(flat: str, typed: str) -> tuple[int | None, str]:
    """The value in đồng, and the words without it."""
    found = list(_MONEY.finditer(flat))
    if not found:
        return None, flat
    if _EACH.search(flat):
        raise Unclear("Xin ghi tổng giá trị, ví dụ: 2 nhà tình thương 120 triệu.")
    rest = _MONEY.sub(lambda one: " " * len(one[0]), flat)
    value, end, scale = 0, found[0].start(), 99
    for one in found:
        power = _SCALES[one["scale"] or ""]
        if flat[end : one.start()].strip() or power >= scale:
            raise Unclear("Có nhiều số tiền. Xin ghi một tổng giá trị.")
        value += _dong(one, typed[one.start() : one.end()].strip(), power)
        end, scale = one.end(), power
    if re.match(r"\s*\d", flat[end:]):
        said = typed[found[0].start() : end + 4].strip()
        raise Unclear(f"“{said}” là bao nhiêu đồng? Xin ghi đủ.")
    return value, rest


def _dong(one: re.Match[str], said: str, power: int) -> int:
    number = read_number(one["digits"])
    if isinstance(number, Open) or number is None:
        both = number.candidates if isinstance(number, Open) else ()
        which = " hay ".join(number_shown(each) for each in both)
        raise Unclear(f"“{said}” là số nào{f': {which}' if which else ''}? Xin ghi lại.")
    value = number.scaleb(power)
    if value != int(value) or value >= Decimal(10) ** 15:
        raise Unclear(f"“{said}” không phải số tiền. Xin ghi lại.")
    return int(value)


def _things(flat: str) -> tuple[str, int]:
    """The kind that is named and how many; one of another kind where none is."""
    named = [word for word in SUPPORT_KINDS if _named(word, flat)]
    if not named:
        return OTHER, 1
    if len(named) > 1:
        raise Unclear("Có nhiều loại hỗ trợ. Xin ghi mỗi loại một tin.")
    found = re.findall(_COUNT + _PIECES + _words(named[0]), flat)
    if len(found) != 1:
        raise Unclear(f"Bao nhiêu {named[0].label}? Ví dụ: 2 {named[0].label}.")
    return named[0].token, _count(found[0])


def _named(word: Word, flat: str) -> bool:
    return bool(word.keywords) and re.search(rf"(?<!\w){_words(word)}", flat) is not None


def _words(word: Word) -> str:
    return rf"(?:{'|'.join(word.keywords)})(?!\w)"


def _count(said: str) -> int:
    if said in _COUNTS:
        return _COUNTS.index(said) + 1
    number = read_number(said)
    if not isinstance(number, Decimal) or number != int(number) or number < 1:
        raise Unclear(f"“{said}” là số nào? Xin ghi lại.")
    return int(number)


def _giver(said: str) -> str:
    """Who gave, where the words say so; nothing is guessed."""
    for pattern in _GIVERS:
        found = pattern.search(said)
        if found and (found["who"][:1].isupper() or pattern is not _GIVERS[-1]):
            return found["who"].strip()
    return ""


def shown(kind: str, quantity: int, value: int | None, giver: str) -> str:
    """2 nhà tình thương, 120 triệu đồng, của Công ty Mẫu."""
    what = f"{vietnamese_number(quantity)} {label(SUPPORT_KINDS, kind)}"
    parts = [what if kind != OTHER else "", money(value) if value else ""]
    parts.append(f"của {giver}" if giver else "")
    return ", ".join(part for part in parts if part)


def told(text: str, kind: str, quantity: int, value: int | None, giver: str) -> str:
    """As it was written, with how it is counted."""
    counts = shown(kind, quantity, value, giver)
    words = capital(_HEAD.sub("", text.rstrip(" ."), count=1))
    return f"{words} (tính: {counts})" if counts else words


def money(value: int) -> str:
    """120 triệu đồng, 1,25 tỷ đồng; whole đồng where it is less than a million."""
    for name, power in (("tỷ", 9), ("triệu", 6)):
        amount = Decimal(value).scaleb(-power)
        if amount >= 1:
            return f"{number_shown(amount.normalize())} {name} đồng"
    return f"{vietnamese_number(value)} đồng"
