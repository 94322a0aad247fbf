"""Periods as people name them: "tháng 10", "quý III/2026", "tháng trước", "từ 5/9 đến 20/10"."""

import re
from datetime import date

from bot.rules.periods import Cut, Kind, Period, containing, custom, parse, period, previous
from bot.words import fold

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_YEAR = r"(?:\s*(?:/|-|nam)?\s*(\d{4}))?"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("half", re.compile(rf"(?:6|sau) thang (dau|cuoi)(?: nam)?{_YEAR}")),
    ("nine_months", re.compile(rf"(?:9|chin) thang(?: dau)?(?: nam)?()(?!\s*/){_YEAR}")),
    ("month", re.compile(rf"(?:thang|t)\s*0?(1[0-2]|[1-9])(?!\d){_YEAR}")),
    ("month", re.compile(r"0?(1[0-2]|[1-9])/(\d{4})")),
    ("quarter", re.compile(rf"(?:quy|q)\s*(iv|iii|ii|i|[1-4])\b{_YEAR}")),
    ("year", re.compile(r"nam()\s*(\d{4})")),
)
_DAY = r"(?:ngay\s*)?(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?"
_FROM_TO = re.compile(rf"tu\s*{_DAY}\s*(?:den|toi|-)\s*(?:het\s*)?{_DAY}(?![\d/.-])")
_NOW: tuple[tuple[str, Kind, bool], ...] = (
    ("thang nay", "month", False),
    ("thang truoc", "month", True),
    ("quy nay", "quarter", False),
    ("quy truoc", "quarter", True),
    ("nam nay", "year", False),
    ("nam truoc", "year", True),
    ("nam ngoai", "year", True),
)


def read(text: str, today: date, cut: Cut = "calendar") -> tuple[Period | None, str]:
    """The period that the text begins with, and the folded rest of it.

    Without a year it is the last one that has begun. None where no period is named.
    """
    said = fold(text)
    head, _, rest = said.partition(" ")
    if found := parse(head.upper() if head else "", cut):
        return found, rest.strip()
    if span := _FROM_TO.match(said):
        return _from_to(span, today, cut), said[span.end() :].strip()
    for words, kind, before in _NOW:
        if said.startswith(words):
            now = containing(kind, today, cut)
            return (previous(now) if before else now), said[len(words) :].strip()
    return _named(said, today, cut)


def _from_to(found: re.Match[str], today: date, cut: Cut) -> Period | None:
    """Days without a year are the last such days that have begun; None for what is no span."""
    day, month, year, last_day, last_month, last_year = found.groups()
    try:
        last = date(int(last_year or year or today.year), int(last_month), int(last_day))
        first = date(int(year or last.year), int(month), int(day))
        if not year and first > last:
            first = first.replace(year=first.year - 1)
        if not (year or last_year) and first > today:
            first, last = (one.replace(year=one.year - 1) for one in (first, last))
        return custom(first, last, cut)
    except ValueError:
        return None


def _named(said: str, today: date, cut: Cut) -> tuple[Period | None, str]:
    for kind, pattern in _PATTERNS:
        if found := pattern.match(said):
            index = _index(found[1])
            return _of_year(kind, index, found[2], today, cut), said[found.end() :].strip()
    return None, said


def _index(word: str) -> int:
    if word in ("dau", "cuoi"):
        return 1 if word == "dau" else 2
    return _ROMAN.get(word) or int(word or 1)


def _of_year(kind: Kind, index: int, year: str | None, today: date, cut: Cut) -> Period:
    if year:
        return period(kind, int(year), index, cut)
    this = period(kind, containing("year", today, cut).year, index, cut)
    return this if this.start <= today else previous_year(this)


def previous_year(of: Period) -> Period:
    """The same period a year earlier."""
    return period(of.kind, of.year - 1, of.index, of.cut)
