"""Working days of Vietnam, what is due on them, and the days on which reminders go out."""

import importlib.util
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from bot.rules.periods import Period

_DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def _library(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days off of the year, Tết among them, and the Saturdays and Sundays swapped for them."""
    vietnam = _vietnam()(years=year)
    return frozenset(vietnam), frozenset(vietnam.weekend_workdays)


@cache
def _vietnam() -> Any:
    """The library's class for Vietnam, late and by itself.

    The package it lies in would load every country: a second, and 8 MB for good.
    """
    import holidays

    place = Path(holidays.__file__).with_name("countries") / "vietnam.py"
    found = importlib.util.spec_from_file_location("holidays_of_vietnam", place)
    if found is None or found.loader is None:
        raise ImportError(str(place))
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module.Vietnam


@dataclass(frozen=True, slots=True)
class Calendar:
    """The library's calendar with what the office added: more days off, more working days."""

    days_off: frozenset[date] = frozenset()
    extra_workdays: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """An entry of the office wins over the library, a working day over a day off."""
        if day in self.extra_workdays:
            return True
        off, swapped = _library(day.year)
        if day in self.days_off or day in off:
            return False
        return day.weekday() < 5 or day in swapped

    def add_workdays(self, day: date, count: int) -> date:
        """The count-th working day after the day, before it when negative.

        With nought the day itself, or the next working day when it is none.
        """
        if count == 0:
            return self._nth(day, 1, _DAY)
        step = _DAY if count > 0 else -_DAY
        return self._nth(day + step, abs(count), step)

    def _nth(self, day: date, count: int, step: timedelta) -> date:
        days = (day + n * step for n in range(400 + 3 * count))
        return next(islice((one for one in days if self.is_workday(one)), count - 1, None))

    def workdays_between(self, start: date, end: date) -> int:
        """How many working days from `start` up to, not with, `end`."""
        return sum(self.is_workday(day) for day in _days(start, end))

    def workdays_left(self, period: Period, day: date) -> int:
        """How many are left in the period, the day itself counted: it has only begun.

        Said in the evening ("đến hết 23/11, còn 5 ngày"), ask with the day after.
        """
        return self.workdays_between(max(day, period.start), period.end)

    def overdue_workdays(self, due: date, today: date) -> int:
        """Working days after the due day up to today, nought while it is not over."""
        return self.workdays_between(due + _DAY, today + _DAY)

    def close_day(self, period: Period, count: int) -> date:
        """The day on which figures close: the count-th working day after the period."""
        return self.add_workdays(period.last, count)


@lru_cache(maxsize=16)
def _cached(days_off: frozenset[date], extra_workdays: frozenset[date]) -> Calendar:
    return Calendar(days_off, extra_workdays)


def calendar(days_off: Iterable[date] = (), extra_workdays: Iterable[date] = ()) -> Calendar:
    """The calendar with the office's days; years are read from the library when asked for."""
    return _cached(frozenset(days_off), frozenset(extra_workdays))


def _days(start: date, end: date) -> Iterator[date]:
    return (start + timedelta(days=n) for n in range((end - start).days))


@dataclass(frozen=True, slots=True)
class Step:
    """One reminder of a period, on a working day.

    `left`: the day on which so many working days are left in the period, that day counted, but not
    before the `from_day`-th day of its last month. `after`: so many working days after its end.
    """

    name: str
    when: Literal["left", "after"]
    workdays: int
    from_day: int = 1


DEFAULT_STEPS = (
    Step("first", "left", 6, from_day=20),
    Step("second", "left", 2, from_day=20),
    Step("last", "after", 1),
)


def steps(
    period: Period, calendar: Calendar, plan: tuple[Step, ...] = DEFAULT_STEPS
) -> list[tuple[str, date]]:
    """The reminder days of a period, in order: its last month carries them all."""
    return [(step.name, _step_day(step, period, calendar)) for step in plan]


def _step_day(step: Step, period: Period, calendar: Calendar) -> date:
    if step.when == "after":
        return calendar.add_workdays(period.last, step.workdays)
    last_month = (period.months() or [period])[-1]
    earliest = calendar.add_workdays(last_month.start + timedelta(days=step.from_day - 1), 0)
    return max(earliest, calendar.add_workdays(period.end, -step.workdays))
