"""Reads numbers as Vietnamese write them: a comma for decimals, a dot for thousands."""

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.words import fold


@dataclass(frozen=True, slots=True)
class Open:
    """A number was meant but is uncertain: what it can be."""

    candidates: tuple[Decimal, ...]


_NUMBER = re.compile(
    r"(?P<sign>[-−]?)\s?(?P<digits>\d[\d., ]*\d|\d)\s?"
    r"(?P<unit>%|(?:[ck]?m[23]|[a-z]+)(?:[ /][a-z]+)*)?"
)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_SPACED = re.compile(r"[1-9]\d{0,2}(?: \d{3})+")
_SCALES = {"nghin": 3, "ngan": 3, "trieu": 6, "ty": 9, "ti": 9}


def read_number(text: str) -> Decimal | Open | None:
    """The number that the whole text is; Open where it is uncertain; None where it is none.

    A unit may follow ("13,5%", "12 hộ"); with "triệu" or "tỷ" it is asked what is counted.
    """
    found = _NUMBER.fullmatch(fold(text).rstrip(".,;"))
    value = _read(found["digits"]) if found else None
    if found is None or value is None:
        return None
    candidates = value.candidates if isinstance(value, Open) else (value,)
    if scale := _scale(found["unit"] or ""):
        candidates = (*candidates, *(one.scaleb(scale) for one in candidates))
    if found["sign"]:
        candidates = tuple(-one for one in candidates)
    certain = len(candidates) == 1 and not isinstance(value, Open)
    return candidates[0] if certain else Open(candidates)


def _scale(unit: str) -> int:
    return next((power for word, power in _SCALES.items() if unit.split()[:1] == [word]), 0)


def _read(digits: str) -> Decimal | Open | None:
    whole, comma, places = digits.partition(",")
    if not comma:
        return _read_whole(whole)
    if "," in places:
        return _read_commas(digits)
    if not places.isdigit():
        return None
    base = _read_plain(whole)
    if base is None:
        return None
    if "." not in whole and len(places) == 3 and whole != "0" and len(whole) <= 3:
        return Open((Decimal(f"{base}.{places}"), Decimal(whole + places)))
    return Decimal(f"{base}.{places}")


def _read_plain(whole: str) -> str | None:
    """Digits alone, or grouped by dots or spaces in threes."""
    if _GROUPED.fullmatch(whole) or _SPACED.fullmatch(whole):
        return whole.replace(".", "").replace(" ", "")
    return whole if whole.isdigit() else None


def _read_whole(whole: str) -> Decimal | Open | None:
    plain = _read_plain(whole)
    if plain is not None:
        return Decimal(plain)
    left, _, right = whole.partition(".")
    if left.isdigit() and right.isdigit():
        return Open((Decimal(f"{left}.{right}"), Decimal(left + right)))
    return None


def _read_commas(digits: str) -> Open | None:
    """Groups parted by commas, as in English: asked, since a comma stands for decimals."""
    if not re.fullmatch(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", digits):
        return None
    return Open((Decimal(digits.replace(",", "")),))
