"""A question kind: words that must name a document by its number and symbol."""

from dataclasses import dataclass
from typing import Any

from bot.conversation.form import Choice, Reading, ValueAsked
from bot.conversation.questions import Text
from bot.messages import Rejected
from bot.rules.documents import Document, Open, read_document, with_documents

EXAMPLE = "ví dụ: 812-CV/VPTU ngày 24/11/2026"


@dataclass(frozen=True)
class Cited(Text):
    """The value is the words with every document said in the one way; the unsure is asked."""

    def read(self, reading: Reading) -> Any:
        today = reading.look.today()
        said = reading.incoming.token or super().read(reading)
        found = with_documents(said, today)
        if isinstance(found, str):
            return found
        whole = read_document(said, today)
        if isinstance(whole, Open) and whole.candidates:
            sure = [Choice(_token(one), one.named) for one in whole.candidates]
            raise ValueAsked("Đồng chí nói văn bản nào?", sure)
        what = "Xin ghi số, ký hiệu, ngày" if found is None else "Xin ghi đủ số, ký hiệu, ngày"
        raise Rejected(f"{what}, {EXAMPLE}.")


def _token(document: Document) -> str:
    """Short, as a button's token must be, and read again as the same document."""
    symbol = any(sign in document.number for sign in "-/")
    named = document.named
    return named.removeprefix(f"{document.kind} số ") if symbol else named
