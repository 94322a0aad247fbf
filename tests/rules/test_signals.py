"""What entries show that is worth another look, and what they do not."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from bot.rules.likeness import Entry
from bot.rules.periods import period
from bot.rules.signals import BUNCHED, CALM, CALMLY, LATER, PHOTO, Slip, signals

OCTOBER = period("month", 2026, 10)
LOOK = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


def slip(
    number: int,
    on: date = date(2026, 10, 5),
    *,
    after: int = 1,
    person: int = 1,
    raised: bool = True,
    on_paper: bool = False,
    pictures: Iterable[str] = (),
) -> Slip:
    at = datetime(on.year, on.month, on.day, 3, tzinfo=UTC) + timedelta(days=after)
    entry = Entry(number, person, number, on, at, f"Chuyến đi số {number}")
    return Slip(entry, raised, on_paper, tuple(pictures))


def kinds(*slips: Slip) -> list[tuple[int, str]]:
    return [(one.visit, one.kind) for one in signals(slips, OCTOBER)]


def test_an_entry_long_after_the_visit_is_late_unless_it_came_on_paper() -> None:
    assert kinds(slip(1, after=15)) == []
    assert kinds(slip(1, after=16)) == [(1, LATER)]
    assert kinds(slip(1, after=16, on_paper=True)) == []


def test_three_trips_entered_on_the_last_day_are_a_bunch() -> None:
    days = [date(2026, 10, n) for n in (20, 24, 30)]
    late = [slip(n, day, after=31 - day.day) for n, day in enumerate(days)]
    assert kinds(*late) == [(0, BUNCHED), (1, BUNCHED), (2, BUNCHED)]
    assert kinds(*late[:2]) == []
    early = [slip(n, day, after=30 - day.day) for n, day in enumerate(days)]
    assert kinds(*early) == []


def test_trips_of_one_day_are_no_bunch() -> None:
    assert kinds(*(slip(n, date(2026, 10, 31), after=0) for n in range(4))) == []


def test_many_trips_without_anything_raised_are_told_once() -> None:
    calm = [slip(n, date(2026, 10, 1) + timedelta(days=n), raised=False) for n in range(CALM + 2)]
    assert kinds(*calm) == [(CALM - 1, CALMLY)]
    assert kinds(*calm[:3], slip(3, date(2026, 10, 4)), *calm[4:]) == []


def test_the_same_picture_is_found_though_it_was_pressed_again() -> None:
    again = f"{int(LOOK, 16) ^ 0b1011 << 60:032x}"
    other = f"{int(LOOK, 16) ^ (1 << 90) - 1:032x}"
    first = slip(1, date(2026, 3, 2), pictures=[LOOK])
    assert kinds(first, slip(2, pictures=[again], person=2)) == [(2, PHOTO)]
    assert kinds(first, slip(2, pictures=[other], person=2)) == []


def test_only_visits_of_the_period_are_listed() -> None:
    assert kinds(slip(1, date(2026, 9, 1), after=20), slip(2, date(2026, 11, 1), after=20)) == []
