"""Reads documents by what they are called, "số, ký hiệu" and day, and says them in one way."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.conversation.date_phrases import Phrase, phrases
from bot.conversation.date_readers import Open as OpenDay
from bot.rules.mentions import same_words
from bot.words import fold, full_day, nfc, plain, uncapital

GENERAL = "Văn bản"
KINDS = {
    "QĐ": ("Quyết định", "Quy định"),
    "CT": ("Chỉ thị",),
    "NQ": ("Nghị quyết",),
    "KL": ("Kết luận",),
    "KH": ("Kế hoạch",),
    "HD": ("Hướng dẫn",),
    "BC": ("Báo cáo",),
    "TB": ("Thông báo",),
    "TTr": ("Tờ trình",),
    "CV": ("Công văn",),
    "CTr": ("Chương trình",),
    "CTHĐ": ("Chương trình hành động",),
    "ĐA": ("Đề án",),
    "QC": ("Quy chế",),
    "TT": ("Thông tư", "Thông tri"),
    "NĐ": ("Nghị định",),
    "GM": ("Giấy mời",),
    "BB": ("Biên bản",),
    "PA": ("Phương án",),
}
"""What the letters of a symbol stand for; a QĐ is either."""
WORDS = (*(word for words in KINDS.values() for word in words), "Luật", "Công điện", GENERAL)
PARTY = (
    *("TW", "TU", "ĐU", "HU", "TXU", "QU", "ĐUK", "VPTW", "VPTU", "BTCTW", "BTCTU", "BDVTU"),
    *("BTGTU", "BTGDVTU", "BNCTU", "BNCTW", "UBKTTW", "UBKTTU", "BTVTU", "VPĐU", "BTCĐU"),
)
STATE = ("CP", "TTg", "UBND", "HĐND", "BNV", "BTC", "BKHĐT", "QH", "UBTVQH")
_KINDS = {fold(short): short for short in KINDS}
_BODIES = {fold(body): body for body in (*PARTY, *STATE)}
_WORDS = {fold(word): word for word in WORDS}
_DASHES = str.maketrans(dict.fromkeys("–—‑−‐", "-"))


@dataclass(frozen=True, slots=True)
class Document:
    """`number` as it is written ("02-QĐ/TU", "13"); `kind` is empty where it may be several."""

    number: str
    kind: str = ""
    issued_on: date | None = None

    @property
    def named(self) -> str:
        """ "Công văn số 812-CV/VPTU ngày 24/11/2026", as far as it is known."""
        number = f"{self.kind} số {self.number}" if self.kind else self.number
        return number + (f" ngày {full_day(self.issued_on)}" if self.issued_on else "")

    def cited(self, issuer: str = "") -> str:
        """The same with the body that issued it."""
        return self.named + (f" của {issuer}" if issuer else "")


def regulation(number: str, title: str = "", issued_on: date | None = None) -> Document:
    """One of the office's list; a QĐ is a "Quy định" unless its title opens otherwise."""
    opening = next((word for word in WORDS if fold(title).startswith(fold(word))), "")
    if opening:
        return Document(number, opening, issued_on)
    letters = re.search(r"[-/]([^\W\d]+)[-/]", number)
    meant = KINDS.get(letters[1] if letters else "QĐ", ("Quy định",))
    return Document(number, meant[-1] if meant is KINDS["QĐ"] else meant[0], issued_on)


@dataclass(frozen=True, slots=True)
class Open:
    """A document was meant but something of it is uncertain: what it can be, or nothing known."""

    candidates: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A document in a text, with its place in the NFC text."""

    document: Document | Open
    start: int
    end: int


def _any_of(words: Iterable[str]) -> str:
    ordered = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)


_LETTERS = "[a-z]{1,8}"
_CALLED = rf"(?:(?P<word>{_any_of([*_WORDS, *_KINDS])})\s+)?(?P<so>so\s*:?\s*)?"
_FORMS = (
    rf"(?P<n>\d{{1,5}})\s*/\s*(?P<year>(?:19|20)\d\d)\s*/\s*(?:(?P<k>{_LETTERS})\s*-\s*)?"
    r"(?P<b>[a-z]{1,10}\d{0,2})",
    rf"(?P<n>\d{{1,5}}(?:[a-z](?=\s*[-/]))?)\s*(?P<s1>[-/._]?)\s*(?P<k>{_LETTERS})\s*(?P<s2>[-/._])\s*"
    r"(?P<b>[a-z]{1,10})",
    r"(?P<n>\d{1,5})",
)
_DATED, _CODED, _BARE = (
    re.compile(rf"(?<![\w/.,-]){_CALLED}{form}(?![\w/-]|\.\w)") for form in _FORMS
)
_TO_ITS_DAY = re.compile(r"[\s,;:(]*(?:(?:ban hanh|ky|de|duoc ban hanh)\s+)?(?:ngay\s*)?")
_ENDS_BARE = re.compile(r"\s*(?:$|[.;)\n]|,|(?:cua|ngay|ve|ban hanh|do)\b|\(|\d{1,2}[./-])")
_NO_DAY = re.compile(r"[\s,;:(]*(?:ngay\s*\d|\d{1,2}\s?[./-]\s?\d{1,2}(?!\d))[\d./\s-]*")
_AROUND = re.compile(r"(?:theo|tai|can cu|thuc hien|o|la|[\s.,;:()\"“”])*")


def read_document(text: str, today: date) -> Document | Open | None:
    """The document that the whole text names; Open when uncertain, None when it names none."""
    bare = plain(text)
    for found in _all(text, today, alone=True):
        before, after = bare[: found.start], bare[found.end :]
        if _AROUND.fullmatch(before) and _AROUND.fullmatch(after):
            return found.document
    return None


def find_documents(text: str, today: date) -> list[Found]:
    """The documents that running text names, in its order."""
    return list(_all(text, today, alone=False))


def with_documents(text: str, today: date) -> str | Open | None:
    """The text with its documents said in the one way; None without one, Open if one is unsure."""
    original, places = nfc(text), find_documents(text, today)
    open_ones = [one.document for one in places if isinstance(one.document, Open)]
    if open_ones:
        return open_ones[0]
    for one in reversed(places):
        assert isinstance(one.document, Document)
        typed, named = original[one.start : one.end], one.document.named
        said = uncapital(named) if typed[0].islower() else named
        original = original[: one.start] + said + original[one.end :]
    return original if places else None


def _all(text: str, today: date, *, alone: bool) -> Iterator[Found]:
    original = nfc(text).translate(_DASHES)
    bare = plain(original)
    days = phrases(original, today, future=False)
    last = 0
    hits = [hit for pattern in (_DATED, _CODED, _BARE) for hit in pattern.finditer(bare)]
    for hit in sorted(hits, key=lambda one: (one.start(), -one.end())):
        if hit.start() < last:
            continue
        document = _read(hit, original, alone=alone)
        if document is not None:
            dated, last = _dated(document, original, hit.end(), days, today)
            yield Found(dated, hit.start(), last)


def _read(hit: re.Match[str], original: str, *, alone: bool) -> Document | Open | None:
    word = _word(hit, original)
    if word is None:
        return None
    if hit.re is _BARE:
        return _bare(hit, original, word, alone=alone)
    said = _with_year(hit, original) if hit.re is _DATED else _coded(hit, original)
    return None if said is None else _agreed(said, word, _KINDS.get(hit["k"] or "", ""))


def _word(hit: re.Match[str], original: str) -> str | None:
    """The kind as it is called before the number, "" without one; None for another word."""
    if not hit["word"]:
        return ""
    typed = original[hit.start("word") : hit.end("word")]
    known = _WORDS.get(" ".join(hit["word"].split())) or _KINDS[hit["word"]]
    marked = typed.replace("Ð", "Đ").replace("ð", "đ")
    return known if same_words(marked.casefold(), known.casefold()) else None


def _bare(hit: re.Match[str], original: str, word: str, *, alone: bool) -> Document | Open | None:
    """A kind and a number, "Quy định số 13"; without "số" the number must end the phrase."""
    if not word:
        return None
    typed, number = original[hit.start("word") : hit.end("word")], hit["n"]
    if not alone and not hit["so"] and not _ENDS_BARE.match(hit.string, hit.end()):
        return None
    if word in KINDS and not alone and not hit["so"] and not typed.isupper():
        return None
    kinds = KINDS.get(word, (word,))
    document = Document(_padded(number), kinds[0] if len(kinds) == 1 else word)
    if word == "ĐA" and not typed.startswith(("Đ", "đ", "Ð", "ð")):
        return Open((document,))  # "DA 3333" is a project, too
    if re.fullmatch(r"(?:19|20)\d\d", number) and not hit["so"]:
        return Open((document,)) if alone else None  # rather a year
    return document


def _with_year(hit: re.Match[str], original: str) -> Document | Open | None:
    """30/2020/NĐ-CP, 117/2025/QH15."""
    number = f"{_padded(hit['n'])}/{hit['year']}/"
    bodies = _spelled(hit, "b", original, _BODIES)
    if hit["k"] is None:
        found = re.fullmatch(r"(qh|ubtvqh)\d{1,2}", hit["b"])
        return Document(number + bodies[0]) if found else None
    kinds = _spelled(hit, "k", original, _KINDS)
    return _one([Document(f"{number}{kind}-{body}") for kind in kinds for body in bodies])


def _coded(hit: re.Match[str], original: str) -> Document | Open | None:
    """02-QĐ/TU of the Party, 05/BC-UBND of the State; another sign between them is asked about."""
    known, separators = hit["k"] in _KINDS, (hit["s1"], hit["s2"])
    kinds, bodies = _spelled(hit, "k", original, _KINDS), _spelled(hit, "b", original, _BODIES)
    body = _BODIES.get(hit["b"], "")
    if not known and (separators != ("/", "-") or not _capitals(hit, original)):
        return None
    party = body in PARTY if body else separators != ("/", "-")
    form = "{n}-{k}/{b}" if party else "{n}/{k}-{b}"
    number = _padded(hit["n"])
    found = [Document(form.format(n=number, k=k, b=b)) for k in kinds for b in bodies]
    usual = (("-", "/"), ("", "/")) if party else (("/", "-"),)
    return _one(found) if separators in usual else Open(tuple(found))


def _capitals(hit: re.Match[str], original: str) -> bool:
    return all(original[hit.start(part)].isupper() for part in "kb")


def _one(found: list[Document]) -> Document | Open:
    return found[0] if len(found) == 1 else Open(tuple(found))


def _spelled(
    hit: re.Match[str], part: str, original: str, known: dict[str, str]
) -> tuple[str, ...]:
    """The letters as they are written; both where an unknown body may have a D or a Đ."""
    typed = original[hit.start(part) : hit.end(part)].replace("Ð", "Đ").replace("ð", "đ")
    if hit[part] in known:
        return (known[hit[part]],)
    upper = typed.upper()
    code = original[hit.start("n") : hit.end()]
    if "D" in upper and code.isascii():
        return (upper, upper.replace("D", "Đ"))
    return (upper if typed.islower() else typed,)


def _padded(number: str) -> str:
    """Under ten with a nought in front: 02, 02a."""
    digits = number.rstrip("abcdefghijklmnopqrstuvwxyz")
    return f"{int(digits):02d}{number[len(digits) :]}"


def _agreed(said: Document | Open, word: str, short: str) -> Document | Open:
    """The kind of the symbol and the one called before it must be the same."""
    kinds = KINDS.get(short, ())
    meant = kinds[0] if len(kinds) == 1 else ""
    called = "" if word == GENERAL else word
    fits = not called or not kinds or called in kinds or called == short
    kind = called if called in kinds or (called and not kinds and called not in KINDS) else meant
    documents = (said,) if isinstance(said, Document) else said.candidates
    named = tuple(replace(one, kind=kind) for one in documents)
    return named[0] if fits and isinstance(said, Document) else Open(named)


def _dated(
    document: Document | Open, original: str, end: int, days: list[Phrase], today: date
) -> tuple[Document | Open, int]:
    """With the day that follows, and where that ends; a day without its year is asked about."""
    bare = plain(original)
    leads = _TO_ITS_DAY.match(bare, end)
    begins = leads.end() if leads else end
    near = [one for one in days if end <= one.prefix <= begins <= one.end and one.kind in _DATES]
    if not near:
        lost = _NO_DAY.match(bare, end)
        return (_with(document, ()), lost.end()) if lost else (document, end)
    phrase = max(near, key=lambda one: one.end)
    said = bare[phrase.start : phrase.end]
    reading = phrase.reading
    read = reading.candidates if isinstance(reading, OpenDay) else (reading,)
    past = tuple(day for day in dict.fromkeys(read) if day <= today)
    stated = re.search(r"(?:19|20)\d\d|nam\s+(?:nay|ngoai|truoc)", said)
    if stated and len(past) == 1 and not isinstance(reading, OpenDay):
        return _on(document, past[0]), phrase.end
    return _with(document, past or _of_the_past(said, today)), phrase.end


_DATES = ("full", "words", "bare words", "of month", "day and month")


def _of_the_past(said: str, today: date) -> tuple[date, ...]:
    """A two-digit year that would lie ahead is one of the last century: 15/3/95."""
    found = re.fullmatch(r"(\d{1,2})\D+(\d{1,2})\D+(\d\d)", said)
    if not found:
        return ()
    try:
        return (date(1900 + int(found[3]), int(found[2]), int(found[1])),)
    except ValueError:
        return ()


def _on(document: Document | Open, day: date) -> Document | Open:
    if isinstance(document, Open):
        return Open(tuple(replace(one, issued_on=day) for one in document.candidates))
    return replace(document, issued_on=day)


def _with(document: Document | Open, days: tuple[date, ...]) -> Open:
    """Uncertain, with each of the days that it can be of."""
    known = (document,) if isinstance(document, Document) else document.candidates
    return Open(tuple(replace(one, issued_on=day) for one in known for day in days))
