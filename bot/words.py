"""Words and figures as people read and compare them: without marks, and in the Vietnamese form."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")

# Words that stand before a name and may be left out, without marks, the longer ones first.
_BEFORE_A_NAME = re.compile(
    r"(?:to dan pho|thanh pho|thi tran|khoi pho|khu pho|dac khu|thi xa|phuong|huyen|thon|tinh|lang"
    r"|dong chi|d/c|dc|xa|ap|tp|tx|tt|x|p)(?:[.:]\s*|\s+)(?=\S)"
)
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def nfc(text: str) -> str:
    """One code point a letter where Unicode has one: what is stored and shown."""
    return unicodedata.normalize("NFC", text)


def plain(text: str) -> str:
    """The NFC text without marks and capitals, letter for letter: as long as `nfc(text)`."""
    return nfc(text).translate(_PLAIN)


class _Letters(dict[int, str]):
    """What `str.translate` looks up; each letter is worked out once."""

    def __init__(self, change: Callable[[str], str]) -> None:
        super().__init__()
        self._change = change

    def __missing__(self, code: int) -> str:
        self[code] = self._change(chr(code))
        return self[code]


def _plain_letter(letter: str) -> str:
    if letter in "đĐðÐ":
        return "d"
    if letter.isspace():
        return "\n" if letter == "\n" else " "
    bare = unicodedata.normalize("NFD", letter)[0].casefold()
    return bare if len(bare) == 1 else letter


def fold(text: str) -> str:
    """For comparison: no marks, no capitals, whitespace squeezed; đ and the Icelandic Ð are d."""
    return " ".join(nfc(text).translate(_FOLDED).split())


def _folded_letter(letter: str) -> str:
    plain_letter = _plain_letter(letter)
    return "" if unicodedata.combining(plain_letter) else plain_letter


_PLAIN, _FOLDED = _Letters(_plain_letter), _Letters(_folded_letter)


def marked(text: str) -> str:
    """For comparison where marks decide: hòa and hoà are the same word, hoa is another."""
    return " ".join(_tone_last(word) for word in nfc(text).casefold().replace("ð", "đ").split())


def _tone_last(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    bare = "".join(letter for letter in letters if letter not in _TONES)
    return bare + "".join(sorted(letter for letter in letters if letter in _TONES))


def bare_name(text: str) -> str:
    """The folded name without its level or form of address: "Xã Hòa Mẫu" is "hoa mau"."""
    return _BEFORE_A_NAME.sub("", fold(text), count=1) if _opens_with_level(text) else fold(text)


def _opens_with_level(text: str) -> bool:
    return _BEFORE_A_NAME.match(fold(text)) is not None


def find(part: str, candidates: Sequence[tuple[str, str]]) -> list[str]:
    """Keys of the (key, name) pairs that hold the part at a word start, exact full names first.

    Marks and level words of the part only decide between names that would otherwise all fit.
    """
    wanted = bare_name(part)
    if not wanted:
        return []
    ranked = [(_rank(wanted, bare_name(name)), key, name) for key, name in candidates]
    fitting = [row for row in ranked if row[0] is not None]
    for decides in (_same_level, _same_marks):
        fitting = [row for row in fitting if decides(part, row[2])] or fitting
    fitting.sort(key=lambda row: row[0] or 0)
    return list(dict.fromkeys(key for _, key, _ in fitting))


def exact(part: str, candidates: Sequence[tuple[str, str]]) -> list[str]:
    """Keys whose full name, level word apart, is the part; several when names collide."""
    whole = [(key, name) for key, name in candidates if bare_name(name) == bare_name(part)]
    return find(part, whole)


def _rank(wanted: str, name: str) -> int | None:
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    return 2 if f" {wanted}" in f" {name}" else None


def _same_level(part: str, name: str) -> bool:
    return f" {fold(name)}".find(f" {fold(part)}") >= 0


def _same_marks(part: str, name: str) -> bool:
    """True when each word of the part stands in the name with the very same marks."""
    ours = marked(part).split()
    theirs = marked(name).split()
    offered = [word for word in ours if fold(word) in {fold(other) for other in theirs}]
    return bool(offered) and set(offered) <= set(theirs)


_NATURAL = re.compile(r"[0-9]{1,9}")


def natural(text: str) -> int | None:
    """A whole number in plain digits, as buttons carry it; None for all else, and for huge ones."""
    return int(text) if _NATURAL.fullmatch(text) else None


def capital(text: str) -> str:
    """At the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """Inside a sentence: "xã Hòa Mẫu"."""
    return text[:1].lower() + text[1:]


def vietnamese_number(number: int) -> str:
    """1246 as "1.246"."""
    return f"{number:,}".replace(",", ".")


def decimal(number: Decimal | float, places: int) -> str:
    """88 with one place as "88,0", 1183.7 as "1.183,7"; half is rounded up."""
    exact_value = Decimal(str(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{exact_value:,}".translate(str.maketrans(",.", ".,"))


def number_shown(number: Decimal) -> str:
    """A number with the places it has: 1246 as "1.246", 494.89 as "494,89"."""
    exponent = number.normalize().as_tuple().exponent
    return decimal(number, max(0, -exponent) if isinstance(exponent, int) else 0)


def day(value: date) -> str:
    """03/12, 05/4: days under ten and the months one and two with a zero, as documents have it."""
    month = f"{value.month:02d}" if value.month <= 2 else str(value.month)
    return f"{value.day:02d}/{month}"


def full_day(value: date) -> str:
    """24/11/2026."""
    return f"{day(value)}/{value.year}"


def weekday(value: date) -> str:
    return WEEKDAYS[value.weekday()]
