"""Telephone numbers in a text, and those of others taken out of it."""

import re
from collections.abc import Iterable

COVERED = "(số máy đã che)"
DIGITS = range(9, 12)
_NUMBER = re.compile(r"(?<![\w.,-])(?:\+84[ .]?|0)\d{2,3}(?:[ .-]?\d{3,4}){2}(?![\w]|[.,-]\d)")


class Cover:
    """Covers every number but `own`, however it is written; `known` ones in any form."""

    def __init__(self, own: str, known: Iterable[str] = ()) -> None:
        self._own = _plain(own)
        odd = sorted({one for one in known if one and not _NUMBER.fullmatch(one)}, key=len)
        forms = "|".join(re.escape(one) for one in reversed(odd) if _plain(one) != self._own)
        self._odd = re.compile(rf"(?<!\w)(?:{forms})(?!\w)") if forms else None

    def __call__(self, text: str) -> str:
        """The text without the numbers of others."""
        kept = _NUMBER.sub(self._said, text)
        return self._odd.sub(COVERED, kept) if self._odd else kept

    def _said(self, found: re.Match[str]) -> str:
        number = _plain(found[0])
        other = len(number) in DIGITS and number != self._own
        return COVERED if other else found[0]


def _plain(number: str) -> str:
    """0912345678 for any way to write it."""
    digits = re.sub(r"\D", "", number)
    return f"0{digits[2:]}" if number.startswith("+84") else digits
