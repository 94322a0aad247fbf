"""Reads days, deadlines and times as people write them; the uncertain is asked, never guessed."""

import re
from datetime import date, time, timedelta

from bot.conversation.date_phrases import Phrase, phrases
from bot.conversation.date_readers import RECENT, Open
from bot.words import marked, nfc, plain

__all__ = ["Open", "find_date", "find_deadline", "find_time", "lies_ahead", "read_date"]

FAR = timedelta(days=300)
"""A deadline without a year that lies farther ahead is not understood."""
SOON = timedelta(days=31)
"""A day without a year, long gone otherwise, that comes so soon is the one that is meant."""

Span = tuple[int, int]

_PART = r"(?:sang|trua|chieu|toi|dem|khuya)"
_AROUND = re.compile(
    rf"(?:{_PART}|vao|luc|hom|ngay|di|tu|la|duoc|roi|a|nhe|vua roi|vua qua|[\s.,;:])*"
)

# What makes d/m in running text a share or a document's day instead of the day of a visit.
_SHARE_BEFORE = re.compile(r"\b(?:dat|co|con|duoc|chiem|tren|ty le|tang|giam|gom)\s+$")
_SHARE_AFTER = re.compile(
    r"\s+(?:ho|thon|to|xa|phuong|nguoi|dong chi|d/c|dang vien|chi bo|can bo|cong chuc|ho so"
    r"|tieu chi|truong|lop|km|ha|dai bieu|chi tieu|don vi|doanh nghiep|nha|van ban|kien nghi"
    r"|y kien|cau|tuyen|lang|ap|khu|cuoc|buoi|lan|du an|cong trinh|noi dung|nhiem vu|phieu"
    r"|ban|hoc sinh|giao vien)\b"
)
_FOLLOWS_A_DAY = re.compile(
    r"\s*(?:$|[.,;:\n()]|(?:toi|hop|du|lam viec|di|tiep|doi thoai|sinh hoat|kiem tra|khao sat|tham"
    r"|tai|o|ve|cung|xuong|den|giao ban|hoi nghi|lam|nam)\b)"
)
_OPENS_SENTENCE = re.compile(r"(?:^|[.;:\n,])\s*$")
_NOT_THE_DAY = re.compile(
    r"\b(?:tu|ke tu|truoc|sau|den|den het|het|han|cham nhat|thoi han|sinh)\s+(?:la\s+)?"
    r"(?:ngay\s+)?$"
)
_OF_A_DOCUMENT = re.compile(
    r"(?:\b(?:nghi quyet|quyet dinh|cong van|ke hoach|chi thi|quy dinh|ket luan|thong bao|to trinh"
    r"|huong dan|nghi dinh|thong tu|van ban|bao cao so|giay moi|luat|de an|nq|qd|cv|kh|ct)\b"
    r"[^.;\n]{0,60}|\d\s*-\s*[a-z]{2,5}(?:/[a-z-]+)?[\s,]*)$"
)
_ORDINAL_BEFORE = re.compile(
    r"\b(?:lan|nguoi|ho|khoa|ky|cau|phan|dieu|muc|cap|hang|loai|dot|diem)\s+$"
)


def read_date(text: str, today: date, *, future: bool) -> date | Open | None:
    """The day that the whole text names; Open when it is uncertain, None when it names none.

    Without `future` a day to come is none either, and a day without a year is one of the past.
    """
    bare = plain(text)
    for phrase in sorted(phrases(text, today, future=future), key=lambda one: one.start - one.end):
        before, after = bare[: phrase.prefix], bare[phrase.end :]
        if _AROUND.fullmatch(before) and _AROUND.fullmatch(after):
            early = future or isinstance(phrase.reading, Open) or phrase.reading <= today
            return phrase.reading if early else None
    return None


def find_date(text: str, today: date, *, future: bool = False) -> tuple[date | Open, Span] | None:
    """The first day named in running text, with its place in the NFC text.

    Shares ("12/15 hộ"), codes, days of documents and deadlines are not taken for it. Without
    `future` a day to come is open, with nothing to choose from: it must be asked about.
    """
    found = [one for one in phrases(text, today, future=future) if _stands(one, nfc(text))]
    for phrase in sorted(found, key=lambda one: one.kind == "vague"):
        inside = any(_holds(other, phrase) for other in found)
        if not inside:
            reading = _certainty(phrase, nfc(text))
            to_come = isinstance(reading, date) and reading > today and not future
            return Open() if to_come else reading, (phrase.prefix, phrase.end)
    return None


def lies_ahead(said: str, today: date, reading: Open) -> bool:
    """True where these words, read as a day of the past, name one that has not come yet."""
    coming = read_date(said, today, future=True)
    if not isinstance(coming, date) or coming <= today:
        return False
    gone = all(today - day > RECENT for day in reading.candidates)
    return not reading.candidates or (gone and coming - today <= SOON)


def _holds(outer: Phrase, inner: Phrase) -> bool:
    within = outer.prefix <= inner.prefix and inner.end <= outer.end
    return within and (outer.end - outer.prefix) > (inner.end - inner.prefix)


def _stands(phrase: Phrase, text: str) -> bool:
    """True where running text surely or possibly means a day by the phrase."""
    bare = plain(text)
    before, after = bare[: phrase.prefix], bare[phrase.end :]
    if phrase.kind == "relative":
        return True
    if phrase.kind == "vague":
        return not re.search(r"\b(?:hon|voi|tu|nhu)\s+$", before)
    if _NOT_THE_DAY.search(before) or _OF_A_DOCUMENT.search(before):
        return False
    if phrase.kind == "weekday":
        return _weekday_stands(phrase, bare)
    if phrase.kind == "of month":
        said = bare[phrase.start : phrase.end]
        counted = re.search(r"\b(?:moi|hang|trong|may|nhieu|\d)\s+$", before)
        return bool(re.search(r"\d|^m", said)) and not counted and not _SHARE_AFTER.match(after)
    if phrase.kind == "words" or re.search(r"\d{4}", bare[phrase.start : phrase.end]):
        return True
    return _short_stands(phrase, text)


def _weekday_stands(phrase: Phrase, bare: str) -> bool:
    """A spelled "thứ hai" may be "the second"; t2 and cn need a word that makes them a day."""
    said, before = bare[phrase.start : phrase.end], bare[: phrase.prefix]
    if _ORDINAL_BEFORE.search(before):
        return False
    helped = phrase.prefix < phrase.start or " tuan " in said or "vua" in said
    if re.search(r"\b(?:t\d|cn)\b", said):
        return helped or said[0] not in "tc"
    return (
        helped
        or said.startswith(("sang", "trua", "chieu", "toi", "dem", "chu"))
        or bool(_OPENS_SENTENCE.search(before) or _FOLLOWS_A_DAY.match(bare[phrase.end :]))
    )


def _short_stands(phrase: Phrase, text: str) -> bool:
    """Of d/m in running text: not a share, not 24/7, and 7.4 only after a word such as ngày."""
    bare = plain(text)
    said, after = bare[phrase.start : phrase.end], bare[phrase.end :]
    if phrase.prefix < phrase.start:
        return True
    if said == "24/7" or _SHARE_AFTER.match(after) or _SHARE_BEFORE.search(bare[: phrase.start]):
        return False
    return "/" in said


def _certainty(phrase: Phrase, text: str) -> date | Open:
    """A bare d/m between words that do not speak of a day is asked about."""
    reading = phrase.reading
    said = text[phrase.start : phrase.end].casefold()
    if said == "toi qua" and isinstance(reading, date):  # tối qua, or: tôi qua
        return Open((reading, reading + timedelta(days=1)))
    if phrase.kind != "day and month" or phrase.prefix < phrase.start:
        return reading
    before, after = text[: phrase.start], plain(text)[phrase.end :]
    named = re.search(r"[^\W\d_]+\s+$", before)
    surely = _FOLLOWS_A_DAY.match(after) or _OPENS_SENTENCE.search(before)
    if surely or (named and named[0][0].isupper()) or isinstance(reading, Open):
        return reading
    return Open((reading,))


_DUE = re.compile(
    r"\b(?:truoc|den het|den|toi|cham nhat(?: la| vao| den)?|het"
    r"|(?:thoi )?han(?: tra loi| chot)?(?: la|:)?)(?: ngay)?\s+$"
)
_WITHIN = re.compile(
    r"\b(?:trong|het|den het|cuoi|truoc khi het|truoc het)\s+(?:(?P<unit>thang|quy|nam|tuan)\s+)"
    r"(?P<which>20\d\d|\d{1,2}|iv|i{1,3}|nay|sau|toi)(?:(?:/|\s+nam\s+|\s+)(?P<y>20\d\d))?(?![\w/.]\d)\b"
)
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def find_deadline(text: str, today: date) -> date | None:
    """The day by which something is asked for: "trước 15/12", "đến hết quý I", "trong tháng 12".

    A day named outright wins over a month or quarter; of several the last one named.
    """
    bare = plain(text)
    days = [
        phrase.reading if isinstance(phrase.reading, date) else _next(phrase.reading, today)
        for phrase in phrases(text, today, future=True)
        if phrase.kind not in ("vague", "relative")
        and (_DUE.search(bare[: phrase.prefix]) or _DUE.search(bare[: phrase.start]))
    ]
    known = [day for day in days if day and day >= today]
    if known:
        return known[-1]
    ends = [end for hit in _WITHIN.finditer(bare) if (end := _end_of(hit, today))]
    return ends[-1] if ends else None


def _next(reading: Open, today: date) -> date | None:
    return next((day for day in reading.candidates if today <= day <= today + FAR), None)


def _end_of(hit: re.Match[str], today: date) -> date | None:
    """The last day of the month, quarter, year or working week that is meant."""
    unit, which, year = hit["unit"], hit["which"], hit["y"]
    ahead = which in ("sau", "toi")
    if unit == "tuan":
        friday = today + timedelta(days=4 - today.weekday() + 7 * ahead)
        return friday if which in ("nay", "sau", "toi") and friday >= today else None
    if unit == "nam":
        stated = int(which) if which.isdigit() else today.year + ahead
        return date(stated, 12, 31) if stated >= today.year else None
    length = 3 if unit == "quy" else 1
    if which in ("nay", "sau", "toi"):
        place = (today.year * 12 + today.month - 1) // length + ahead
        return _month_end((place + 1) * length)
    index = int(which) if which.isdigit() else _QUARTERS[which]
    if not 1 <= index <= 12 // length:
        return None
    ends = [_month_end((one * 12) + index * length) for one in (today.year, today.year + 1)]
    return (
        _month_end(int(year) * 12 + index * length)
        if year
        else next((end for end in ends if end >= today), None)
    )


def _month_end(months: int) -> date:
    """The day before the month counted from year nought."""
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


_TIME = re.compile(
    r"(?<![\w/.,:-])(?P<h>\d{1,2})\s?(?:(?:h|g|gio\b)\s?(?P<m>[0-5]\d|ruoi)?|:(?P<minutes>[0-5]\d))"
    r"(?![\w:])(?:\s*phut\b)?"
)
_PART_OF_DAY = re.compile(r"\s+(?:buoi\s+)?(?P<part>sang|trua|chieu|toi)\b")
_TIME_WORDS = frozenset(
    marked(word) for word in ("giờ", "rưỡi", "phút", "buổi", "sáng", "trưa", "chiều", "tối")
)


def find_time(text: str) -> tuple[time, Span] | None:
    """The first time of day, with its place in the NFC text: "14h", "7h30", "2 giờ chiều", "14:00".

    One to five o'clock without sáng or chiều is not taken: nobody says which is meant.
    """
    original, bare = nfc(text), plain(text)
    for hit in _TIME.finditer(bare):
        if not _time_words(original[hit.start() : hit.end()]):
            continue
        part = _PART_OF_DAY.match(bare, hit.end())
        if part and not _time_words(original[part.start() : part.end()]):
            part = None
        at = _time_of(hit, part["part"] if part else "")
        if at:
            return at, (hit.start(), part.end() if part else hit.end())
    return None


def _time_words(words: str) -> bool:
    """True unless a word with marks stands in it that no time of day has: giỏ, tôi."""
    return all(
        word == plain(word) or marked(word) in _TIME_WORDS
        for word in re.findall(r"[^\W\d_]+", words.casefold())
    )


def _time_of(hit: re.Match[str], part: str) -> time | None:
    hour, said = int(hit["h"]), hit["minutes"] or hit["m"] or "0"
    minute = 30 if said == "ruoi" else int(said)
    if part in ("chieu", "toi") and hour < 12:
        hour += 12
    certain = part or hour > 5 or len(hit["h"]) == 2
    return time(hour, minute) if hour < 24 and certain else None
