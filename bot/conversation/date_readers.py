"""What a phrase about a day says, seen from today: a day, days to choose from, or nothing."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

RECENT = timedelta(days=183)
"""How far from today a day without a year may lie before the year is asked for."""


@dataclass(frozen=True, slots=True)
class Open:
    """A day was meant but is uncertain: the days it can be, the likeliest first, or none known."""

    candidates: tuple[date, ...] = ()


Reading = date | Open | None


@dataclass(frozen=True, slots=True)
class Today:
    """The day from which phrases are read, and whether days to come are meant."""

    day: date
    future: bool


_UNITS = ("", "mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi")
DAY_WORDS = {word: n for n, word in enumerate(_UNITS) if word} | {"tu": 4}
DAY_WORDS |= {f"muoi {word}": 10 + n for n, word in enumerate(_UNITS[:10]) if word}
DAY_WORDS |= {"muoi lam": 15, "hai muoi": 20, "hai muoi lam": 25, "ba muoi": 30, "ba muoi mot": 31}
DAY_WORDS |= {f"hai muoi {word}": 20 + n for n, word in enumerate(_UNITS[:10]) if word}
DAY_WORDS |= {"hai muoi tu": 24, "hai lam": 25, "hai mot": 21, "ba mot": 31}
MONTH_WORDS = {word: n for word, n in DAY_WORDS.items() if n <= 12 and word not in ("mot", "bon")}


WEEKDAY = r"(?:thu\s*(?:hai|ba|tu|nam|sau|bay|[2-7])|t[2-7]|chu\s*nhat|cn)\b"
_WEEKDAYS = {"hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5} | {
    str(n + 2): n for n in range(6)
}


def weekday_in(words: str) -> int | None:
    """Monday is nought; the last day of the week that the plain words name."""
    found = re.findall(WEEKDAY, words)
    if not found:
        return None
    return 6 if found[-1].startswith("c") else _WEEKDAYS[re.split(r"thu\s*|t(?=\d)", found[-1])[-1]]


def _on(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def yearless(day: int, month: int, today: Today, weekday: int | None = None) -> Reading:
    """The nearest such day of the past (or to come); farther than half a year the year is open."""
    near, years = today.day, range(9)
    sign = 1 if today.future else -1
    days = [found for n in years if (found := _on(day, month, near.year + sign * n))]
    fitting = [found for found in days if (found - near).days * sign >= 0]
    if not fitting:
        return None
    matching = [one for one in fitting if weekday is None or one.weekday() == weekday]
    if matching and abs(matching[0] - near) <= RECENT:
        return matching[0]
    if weekday is None:
        return Open(_two(fitting, days, today))
    agreeing = [one for one in days if one.weekday() == weekday and abs(one - near) < 2 * RECENT]
    choices = [*agreeing, fitting[0], nearest(fitting[0], weekday)]
    return Open(tuple(dict.fromkeys(choices)))


def _two(fitting: list[date], days: list[date], today: Today) -> tuple[date, ...]:
    """The two days it can be: the next one and the one just gone, or the last two of the past."""
    if not today.future:
        return tuple(fitting[:2])
    gone = [found for found in days if found < today.day]
    return (fitting[0], *gone[:1])


def nearest(day: date, weekday: int) -> date:
    return min(
        (day + timedelta(days=n) for n in range(-3, 4)), key=lambda one: one.weekday() != weekday
    )


def relative(found: re.Match[str], today: Today, text: str) -> Reading:
    word = found["said"] or found["part_said"]
    if "kìa" in text:
        return today.day - timedelta(days=3)
    return today.day - timedelta(days={"nay": 0, "qua": 1, "kia": 2}[word])


def coming(found: re.Match[str], today: Today, text: str) -> Reading:
    if found[0].endswith("mot") and "mốt" not in text:
        return None
    ahead = 1 if found[0].endswith("mai") else 2
    return today.day + timedelta(days=ahead)


def days_ago(found: re.Match[str], today: Today, text: str) -> Reading:
    if not (found["before"] or found["since"]):
        return None
    return today.day - timedelta(days=number(found["n"]))


def weekday(found: re.Match[str], today: Today, text: str) -> Reading:
    wanted = weekday_in(found["w"])
    assert wanted is not None
    week = found["week"] or ""
    this = today.day - timedelta(days=today.day.weekday() - wanted)
    if "tuan" in week:
        weeks = {"nay": 0, "sau": 7, "toi": 7}.get(week.split()[-1], -7)
        return this + timedelta(days=weeks)
    before = this if this < today.day else this - timedelta(days=7)
    if week in ("vua roi", "vua qua", "roi"):
        return before
    if week == "truoc":
        return Open((before, before - timedelta(days=7)))
    step = timedelta(days=7 if today.future else -7)
    if this == today.day:
        return Open((this, this + step))
    if today.future:
        return this if this > today.day else this + step
    return before


def full(found: re.Match[str], today: Today, text: str) -> Reading:
    year = int(found["y"])
    return _on(int(found["d"]), int(found["m"]), year + 2000 * (year < 100))


def in_words(found: re.Match[str], today: Today, text: str) -> Reading:
    day, month = number(found["d"]), number(found["m"])
    said = found["said"]
    if said or found["y"]:
        shift = {"ngoai": -1, "truoc": -1, "sau": 1}.get(said or "", 0)
        year = int(found["y"]) if found["y"] else today.day.year + shift
        return _on(day, month, year)
    return yearless(day, month, today)


def of_month(found: re.Match[str], today: Today, text: str) -> Reading:
    """A day without a month: the last such day (or the next one), of a month named by its place."""
    day, said = number(found["d"]), found["said"]
    months = today.day.year * 12 + today.day.month - 1
    if said:
        shift = {"nay": 0, "sau": 1, "toi": 1}.get(said, -1)
        return _in_month(day, months + shift)
    steps = range(3) if today.future else range(0, -3, -1)
    days = [_in_month(day, months + step) for step in steps]
    fitting = [
        one for one in days if one and (one >= today.day if today.future else one <= today.day)
    ]
    if not fitting:
        return None
    return Open((fitting[0],)) if abs(fitting[0] - today.day) > timedelta(days=31) else fitting[0]


def _in_month(day: int, months: int) -> date | None:
    return _on(day, months % 12 + 1, months // 12)


def day_month(found: re.Match[str], today: Today, text: str) -> Reading:
    return yearless(int(found["d"]), int(found["m"]), today)


def vague(found: re.Match[str], today: Today, text: str) -> Reading:
    if re.fullmatch(r"tuan (?:truoc|roi|qua|vua roi|vua qua)", found[0]):
        monday = today.day - timedelta(days=today.day.weekday() + 7)
        return Open(tuple(monday + timedelta(days=n) for n in range(7)))
    return Open()


def number(text: str) -> int:
    return int(text) if text.isdigit() else DAY_WORDS[" ".join(text.split())]
