"""When somebody is told something by itself: at a time of work, unless that were too late."""

from dataclasses import replace
from datetime import time

import pytest

from bot.desk.morning import Day
from bot.desk.quiet import at_work, when
from bot.messages import Outgoing
from bot.rules.province import Province
from bot.rules.workdays import calendar
from bot.rules.zone import day_of
from tests.work.mornings import at

TUESDAY, WEDNESDAY, FRIDAY = "2026-11-17", "2026-11-18", "2026-11-20"
SATURDAY, SUNDAY, MONDAY = "2026-11-21", "2026-11-22", "2026-11-23"
EVE_OF_TET, TET, AFTER_TET = "2026-02-13", "2026-02-17", "2026-02-23"


def on(day: str, clock: str, province: Province | None = None) -> Day:
    moment = at(day, clock)
    return Day(moment, day_of(moment), province or Province(), calendar())


@pytest.mark.parametrize(
    ("day", "clock", "comes"),
    [
        (TUESDAY, "09:00", None),
        (TUESDAY, "18:59", None),
        (TUESDAY, "19:00", (WEDNESDAY, "07:15")),
        (TUESDAY, "23:30", (WEDNESDAY, "07:15")),
        (WEDNESDAY, "02:00", (WEDNESDAY, "07:15")),
        (WEDNESDAY, "06:45", (WEDNESDAY, "07:15")),
        (WEDNESDAY, "07:15", None),
        (FRIDAY, "20:00", (MONDAY, "07:15")),
        (SATURDAY, "10:00", (MONDAY, "07:15")),
        (SUNDAY, "22:00", (MONDAY, "07:15")),
        (EVE_OF_TET, "20:00", (AFTER_TET, "07:15")),
        (TET, "09:00", (AFTER_TET, "07:15")),
        ("2026-11-24", "10:00", ("2026-11-25", "07:15")),
    ],
)
def test_it_waits_for_the_next_time_of_work(
    day: str, clock: str, comes: tuple[str, str] | None
) -> None:
    assert when(on(day, clock)) == (at(*comes) if comes else None)


@pytest.mark.parametrize(
    ("day", "clock", "until", "comes"),
    [
        (TUESDAY, "20:00", (FRIDAY, "14:00"), (WEDNESDAY, "07:15")),
        (TUESDAY, "20:00", (WEDNESDAY, "14:00"), (WEDNESDAY, "06:30")),
        (TUESDAY, "20:00", (WEDNESDAY, "06:00"), None),
        (TUESDAY, "20:00", (TUESDAY, "21:00"), None),
        (WEDNESDAY, "06:45", (WEDNESDAY, "08:00"), None),
        (FRIDAY, "20:00", (MONDAY, "08:00"), (SATURDAY, "06:30")),
        (SATURDAY, "10:00", (SUNDAY, "14:00"), None),
        (SATURDAY, "10:00", ("2026-11-25", "14:00"), (MONDAY, "07:15")),
        (TET, "09:00", (AFTER_TET, "08:00"), None),
        (TET, "21:00", (AFTER_TET, "08:00"), ("2026-02-18", "06:30")),
    ],
)
def test_what_would_come_too_late_disturbs_a_day_off_and_at_last_the_night(
    day: str, clock: str, until: tuple[str, str], comes: tuple[str, str] | None
) -> None:
    assert when(on(day, clock), until=at(*until)) == (at(*comes) if comes else None)


def test_office_hours_end_before_the_quiet_hours_begin() -> None:
    assert when(on(TUESDAY, "16:59"), ends=time(17)) is None
    assert when(on(TUESDAY, "17:00"), ends=time(17)) == at(WEDNESDAY, "07:15")


def test_the_hours_are_the_provinces() -> None:
    late = replace(Province(), send_at=time(8), quiet=(time(21), time(7)))
    assert when(on(TUESDAY, "20:30", late)) is None
    assert when(on(TUESDAY, "21:00", late)) == at(WEDNESDAY, "08:00")
    evening = replace(Province(), send_at=time(20))
    assert when(on(TUESDAY, "21:00", evening)) is None


def test_such_a_message_is_a_notice_of_its_own() -> None:
    told = at_work(Outgoing("KN-1", kind="line", person_id=7), on(SATURDAY, "10:00"))
    assert (told.kind, told.person_id, told.not_before) == ("notice", 7, at(MONDAY, "07:15"))
