"""What the words of a case say of itself: which kind, whose, by which document, about where."""

import re
from collections.abc import Sequence
from datetime import date

from bot.rules.documents import Document, find_documents
from bot.rules.vocabulary import KINDS, SOURCES, mentioned
from bot.words import bare_name, capital, fold, nfc

_OPENING = re.compile(
    r"^\s*(?:kiến nghị|kien nghi|đề nghị|de nghi|phản ánh|phan anh|thắc mắc|thac mac)\s*:\s*",
    re.IGNORECASE,
)


def without_opening(text: str) -> str:
    """The text without "Kiến nghị:", beginning with a capital."""
    rest = _OPENING.sub("", nfc(text)).strip()
    return capital(rest)


def document_in(text: str, today: date) -> str:
    """The first document that the text names: "Công văn số 12-CV/ĐU"; empty without one.

    One that is not sure stands as it was written.
    """
    for found in find_documents(text, today):
        if isinstance(found.document, Document):
            return found.document.named
        return capital(nfc(text)[found.start : found.end].rstrip(" .,;"))
    return ""


def kind_in(text: str) -> str:
    """kien_nghi, unless the text calls itself otherwise."""
    return mentioned(KINDS, text) or "kien_nghi"


def source_in(text: str, *, commune: bool) -> str:
    """A commune speaks for its committee; a cadre for the people where they are named."""
    if commune:
        return "cap_uy"
    return mentioned(SOURCES, text) or "can_bo"


def area_in(text: str, areas: Sequence[tuple[str, str]]) -> str:
    """The key of the only area named in the text, of those given; empty when none or several."""
    folded = fold(text)
    named = {key for key, name in areas if re.search(rf"\b{re.escape(bare_name(name))}\b", folded)}
    return named.pop() if len(named) == 1 else ""
