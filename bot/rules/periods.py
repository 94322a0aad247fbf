"""Periods of the field: months to years, half-open, by the calendar or cut on the fifteenth."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from bot.words import full_day

Kind = Literal["month", "quarter", "half", "nine_months", "year", "custom"]
Cut = Literal["calendar", "cut15"]

MONTHS: dict[str, int] = {"month": 1, "quarter": 3, "half": 6, "nine_months": 9, "year": 12}
_ROMAN = ("I", "II", "III", "IV")
_CODE = re.compile(r"(\d{4})(?:-(?:(\d{2})|Q([1-4])|H([12])|(9T)))?")
_SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` up to, not with, `end`; `index` counts from one within the year."""

    kind: Kind
    year: int
    index: int
    start: date
    end: date
    cut: Cut = "calendar"

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def code(self) -> str:
        """2026-10, 2026-Q4, 2026-H1, 2026-9T, 2026, or 2026-01-05..2026-02-10 (both days in it)."""
        match self.kind:
            case "month":
                return f"{self.year}-{self.index:02d}"
            case "quarter":
                return f"{self.year}-Q{self.index}"
            case "half":
                return f"{self.year}-H{self.index}"
            case "nine_months":
                return f"{self.year}-9T"
            case "year":
                return str(self.year)
        return f"{self.start.isoformat()}..{self.last.isoformat()}"

    @property
    def label(self) -> str:
        """As it stands inside a sentence: tháng 10/2026, quý IV/2026."""
        match self.kind:
            case "month":
                return f"tháng {self.index}/{self.year}"
            case "quarter":
                return f"quý {_ROMAN[self.index - 1]}/{self.year}"
            case "half":
                return f"6 tháng {('đầu', 'cuối')[self.index - 1]} năm {self.year}"
            case "nine_months":
                return f"9 tháng năm {self.year}"
            case "year":
                return f"năm {self.year}"
        return f"từ {full_day(self.start)} đến {full_day(self.last)}"

    @property
    def short(self) -> str:
        """Without the year where the year goes without saying: tháng 10, quý IV."""
        return self.label.removesuffix(f"/{self.year}").removesuffix(f" năm {self.year}")

    def months(self) -> list["Period"]:
        """The whole months in it, in order; of a custom period those that fit whole."""
        month, found = containing("month", self.start, self.cut), []
        while month.end <= self.end:
            found += [month] if month.start >= self.start else []
            month = following(month)
        return found


@lru_cache(maxsize=1024)
def period(kind: Kind, year: int, index: int = 1, cut: Cut = "calendar") -> Period:
    """The index-th period of its kind in the year: period("quarter", 2026, 4)."""
    length = MONTHS[kind]
    if not 1 <= index <= (1 if kind == "nine_months" else 12 // length):
        raise ValueError(f"no {kind} {index} in a year")
    first = year * 12 + (index - 1) * length
    return Period(kind, year, index, _boundary(first, cut), _boundary(first + length, cut), cut)


def _boundary(months: int, cut: Cut) -> date:
    """The first day of a month counted from year nought; cut15 begins it on the 15th before."""
    year, month = divmod(months - (cut == "cut15"), 12)
    return date(year, month + 1, 15 if cut == "cut15" else 1)


def custom(first: date, last: date, cut: Cut = "calendar") -> Period:
    """A span of days, the last one in it."""
    if last < first:
        raise ValueError("the last day is before the first")
    return Period("custom", first.year, 1, first, last + timedelta(days=1), cut)


def containing(kind: Kind, day: date, cut: Cut = "calendar") -> Period:
    """The one period of the kind that holds the day.

    Nine months leave the last quarter out: ValueError for a day in it.
    """
    month = day.year * 12 + day.month - 1
    if cut == "cut15" and day.day >= 15:
        month += 1
    year, in_year = divmod(month, 12)
    if kind == "nine_months" and in_year >= MONTHS[kind]:
        raise ValueError("the day is after the nine months")
    return period(kind, year, in_year // MONTHS[kind] + 1, cut)


def previous(of: Period) -> Period:
    """The period of the same kind before it; before nine months stand those of the year before."""
    if of.kind == "custom":
        return custom(of.start - (of.end - of.start), of.start - timedelta(days=1), of.cut)
    if of.kind == "nine_months":
        return period(of.kind, of.year - 1, 1, of.cut)
    return containing(of.kind, of.start - timedelta(days=1), of.cut)


def following(of: Period) -> Period:
    """The period of the same kind after it."""
    if of.kind == "custom":
        return custom(of.end, of.end + (of.last - of.start), of.cut)
    if of.kind == "nine_months":
        return period(of.kind, of.year + 1, 1, of.cut)
    return containing(of.kind, of.end, of.cut)


def parse(code: str, cut: Cut = "calendar") -> Period | None:
    """The period that a code names; None for what is not one."""
    if span := _SPAN.fullmatch(code.strip()):
        return _parse_span(span[1], span[2], cut)
    found = _CODE.fullmatch(code.strip().upper())
    if not found or not 1900 <= int(found[1]) <= 2200:
        return None
    year, month, quarter, half, nine = int(found[1]), found[2], found[3], found[4], found[5]
    if month:
        return period("month", year, int(month), cut) if 1 <= int(month) <= 12 else None
    if quarter:
        return period("quarter", year, int(quarter), cut)
    if half:
        return period("half", year, int(half), cut)
    return period("nine_months" if nine else "year", year, 1, cut)


def _parse_span(first: str, last: str, cut: Cut) -> Period | None:
    try:
        return custom(date.fromisoformat(first), date.fromisoformat(last), cut)
    except ValueError:
        return None
