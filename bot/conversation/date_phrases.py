"""Where a text names a day: the patterns people use, weekday and day checked against each other."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.conversation import date_readers as read
from bot.conversation.date_readers import DAY_WORDS, MONTH_WORDS, WEEKDAY, Open, Reading, Today
from bot.words import marked, nfc, plain


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of the text that names a day; `prefix` is where "sáng thứ hai, ngày" begins."""

    kind: str
    reading: date | Open
    prefix: int
    start: int
    end: int


def _any_of(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_PART = r"(?:sang|trua|chieu|toi|dem|khuya)"
_PREFIX = re.compile(
    rf"(?:\b(?:{_PART}|{WEEKDAY}|hom(?:\s+(?:nay|qua|kia))?|{_PART}\s+(?:nay|qua)|ngay|mung|mong|vao|luc)\b"
    r"[\s,(]*)+$"
)
_EDGE, _STOP = r"(?<![\w/.,:-])", r"(?![\w%]|[/:.,-]\d|/\w)"
_YEAR = r"(?:19|20|21)\d\d"
_MONTHS_SAID = r"(?:nay|truoc|roi|vua roi|vua qua|sau|toi)"
_LUNAR = re.compile(r"\s*(?:\(?am lich|al\b|tet\b)")

# Words with marks that may stand in a phrase: tối is one, tôi is not.
_MARKED_WORDS = frozenset(
    marked(word)
    for word in [
        "sáng",
        "trưa",
        "chiều",
        "tối",
        "đêm",
        "hôm",
        "bữa",
        "kìa",
        "ngày",
        "mùng",
        "mồng",
        "tháng",
        "năm",
        "thứ",
        "tư",
        "sáu",
        "bảy",
        "bẩy",
        "chủ",
        "nhật",
        "tuần",
        "trước",
        "này",
        "rồi",
        "vừa",
        "tới",
        "một",
        "mốt",
        "bốn",
        "tám",
        "chín",
        "mười",
        "mươi",
        "lăm",
        "vào",
        "lúc",
        "cách",
        "đây",
        "mấy",
        "nọ",
        "cuối",
        "đầu",
        "giữa",
        "ngoái",
    ]
)


_D, _M, _STATED_YEAR = r"(?P<d>\d{1,2})", r"(?P<m>\d{1,2})", rf"(?P<y>{_YEAR}|\d\d)"
_DAY_SAID = rf"(?P<d>\d{{1,2}}|{_any_of(DAY_WORDS)})"
_MONTH_SAID = rf"(?P<m>\d{{1,2}}|{_any_of(MONTH_WORDS)})"
_NAMED = r"(?:ngay|mung|mong)"
_YEAR_SAID = rf"(?:[\s,/-]+(?:nam\s+)?(?P<y>{_YEAR})|\s+nam\s+(?P<said>nay|ngoai|truoc|sau))?"
_WEEK = r"(?P<week>tuan\s+(?:truoc|roi|qua|nay|sau|toi|vua roi|vua qua)|vua roi|vua qua|truoc|roi)"

Reader = Callable[[re.Match[str], Today, str], Reading]
_TABLE: tuple[tuple[str, Reader, str], ...] = (
    (
        "relative",
        read.relative,
        rf"\b(?:{_PART}\s+)*(?:ngay\s+)?(?:hom|bua)\s+(?P<said>nay|qua|kia)\b"
        rf"|\b(?:{_PART}\s+)+(?P<part_said>nay|qua)\b",
    ),
    ("relative", read.coming, rf"\b(?:ngay\s+(?:mai|kia|mot)|{_PART}\s+mai)\b"),
    (
        "relative",
        read.days_ago,
        rf"\b(?P<since>cach day\s+)?(?P<n>\d{{1,2}}|{_any_of(DAY_WORDS)})\s+(?:ngay|hom|bua)"
        r"(?P<before>\s+truoc)?\b",
    ),
    ("weekday", read.weekday, rf"\b(?:{_PART}\s+)*(?P<w>{WEEKDAY})(?:\s+{_WEEK})?\b"),
    ("full", read.full, rf"{_EDGE}{_D}\s?(?P<sep>[./-])\s?{_M}\s?(?P=sep)\s?{_STATED_YEAR}{_STOP}"),
    ("full", read.full, rf"{_EDGE}(?P<y>{_YEAR})-(?P<m>\d\d)-(?P<d>\d\d){_STOP}"),
    (
        "words",
        read.in_words,
        rf"\b{_NAMED}\s+{_DAY_SAID}\s+thang\s+{_MONTH_SAID}{_YEAR_SAID}{_STOP}",
    ),
    ("bare words", read.in_words, rf"{_EDGE}{_D}\s+thang\s+{_M}{_YEAR_SAID}{_STOP}"),
    (
        "of month",
        read.of_month,
        rf"\b{_NAMED}\s+{_DAY_SAID}(?:\s+thang\s+(?P<said>{_MONTHS_SAID}))?{_STOP}(?!\s+thang\b)",
    ),
    ("day and month", read.day_month, rf"{_EDGE}{_D}\s?(?P<sep>[./-])\s?{_M}{_STOP}"),
    (
        "vague",
        read.vague,
        r"\b(?:(?:cuoi|dau|giua)\s+tuan(?:\s+(?:truoc|roi|qua|nay|vua roi|vua qua))?"
        r"|tuan\s+(?:truoc|roi|qua|vua roi|vua qua)|(?:may\s+)?(?:hom|bua)\s+(?:truoc|no|roi)"
        r"|thang\s+(?:truoc|roi|vua roi|vua qua))\b",
    ),
)
_PATTERNS = tuple((kind, reader, re.compile(pattern)) for kind, reader, pattern in _TABLE)


def phrases(text: str, day: date, *, future: bool) -> list[Phrase]:
    """Every stretch of the NFC text that can name a day, by place, the longer first."""
    original, bare, today = nfc(text), plain(text), Today(day, future)
    found = [
        phrase
        for kind, reader, pattern in _PATTERNS
        for hit in pattern.finditer(bare)
        if (phrase := _phrase(kind, reader, hit, original, today))
    ]
    return sorted(found, key=lambda one: (one.prefix, -one.end))


def _phrase(
    kind: str, reader: Reader, hit: re.Match[str], original: str, today: Today
) -> Phrase | None:
    said = original[hit.start() : hit.end()].casefold()
    if _LUNAR.match(hit.string, hit.end()) or not _words_fit(said):
        return None
    reading = reader(hit, today, said)
    if reading is None:
        return None
    before = _PREFIX.search(hit.string, 0, hit.start())
    prefix = before.start() if before else hit.start()
    words = original[prefix : hit.start()].casefold()
    if before and not _words_fit(words):
        return Phrase(kind, reading, hit.start(), hit.start(), hit.end())
    if kind in ("full", "words", "bare words", "of month", "day and month"):
        reading = _agreed(reading, hit, plain(words), today)
    return Phrase(kind, reading, prefix, hit.start(), hit.end())


def _agreed(reading: date | Open, hit: re.Match[str], prefix: str, today: Today) -> date | Open:
    """The day and the weekday (or "hôm qua") before it must agree; else both are asked about."""
    groups = hit.groupdict()
    weekday = read.weekday_in(prefix)
    if weekday is not None and groups.get("m") and not groups.get("y") and not groups.get("said"):
        again = read.yearless(read.number(groups["d"]), read.number(groups["m"]), today, weekday)
        return again or reading
    if not isinstance(reading, date):
        return reading
    if weekday is not None and reading.weekday() != weekday:
        return Open((reading, read.nearest(reading, weekday)))
    said = re.search(r"\b(nay|qua|kia)\b", prefix)
    if said:
        other = today.day - timedelta(days={"nay": 0, "qua": 1, "kia": 2}[said[1]])
        return reading if other == reading else Open((reading, other))
    return reading


def _words_fit(words: str) -> bool:
    """True unless a word with marks stands in it that no phrase has."""
    return all(
        marked(word) in _MARKED_WORDS or word == plain(word)
        for word in re.findall(r"[^\W\d_]+", words)
    )
