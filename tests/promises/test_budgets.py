"""How often the service may speak first: the bounds of every role over two busy months."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, time
from pathlib import Path

import pytest

from bot import files
from bot.demo.clock import HOURS
from bot.desk.duties import calendar_of
from bot.rules.zone import local
from storage.database import Database
from storage.tables import metadata
from tests.promises.season import Push, Season, answers_talks, asks, invites, raises, season

FIRST, LAST = date(2026, 11, 2), date(2027, 1, 8)
COPIES = ("ghi một kiến nghị của", "nhập thay", "ghi hộ")
"""What somebody did in a person's name: that reaches the person at once, as a copy."""


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Season]:
    """Two months over a quarter's and a year's end, in which everybody does more than usual."""
    folder = tmp_path_factory.mktemp("season")
    files.use(folder)
    database = Database(f"sqlite:///{folder / 'sausat.db'}")
    metadata.create_all(database.engine)
    played = season(database)
    played.run(FIRST, LAST)
    yield played
    database.close()
    files.use(Path("files"))


def at_once(push: Push) -> bool:
    """What may not wait: an answer to an invitation, one for today, a copy of what was done.

    The brief on an area comes before a meeting to which its reader agreed to come; the page of a
    handover, once in a long while, fills a screen by itself.
    """
    return push.about in ("invitation", "brief", "handover") or any(
        words in push.text for words in COPIES
    )


def most_a_day(pushes: Iterable[Push]) -> int:
    return max(Counter(push.day for push in pushes).values(), default=0)


def most_a_week(pushes: Iterable[Push]) -> int:
    return max(Counter(push.day.isocalendar()[:2] for push in pushes).values(), default=0)


def hours(pushes: Iterable[Push]) -> set[time]:
    return {local(push.at).time() for push in pushes}


def show(busy: Season, who: str) -> None:
    kinds = Counter(push.kind for push in busy.of(who))
    days = (LAST - FIRST).days
    sys.stdout.write(f"{who}: {sum(kinds.values())} pushes in {days} days, {dict(kinds)}\n")


@pytest.mark.parametrize("who", ["CB001", "CB002", "CB003", "XA01", "XA02", "XA03"])
def test_a_cadre_and_a_commune_get_one_push_a_working_day(busy: Season, who: str) -> None:
    show(busy, who)
    merged = [push for push in busy.of(who) if not at_once(push)]

    assert most_a_day(merged) == 1
    assert hours(merged) == {time(7, 15)}
    assert all(push.kind == "reminder" for push in merged)


@pytest.mark.parametrize("who", ["CB001", "CB002"])
def test_a_cadre_hears_at_once_only_of_what_is_today(busy: Season, who: str) -> None:
    for push in busy.of(who):
        if push.about == "invitation":
            assert local(push.at).strftime("%d/%m") in push.text.replace("/1/", "/01/")


@pytest.mark.parametrize("who", ["CB001", "CB002"])
def test_the_brief_comes_once_for_a_meeting_by_day(busy: Season, who: str) -> None:
    """In the evening before, or as soon as a late invitation is accepted."""
    briefs = [push for push in busy.of(who) if push.about == "brief"]

    assert hours(briefs) <= {time(13, 30), time(17)}
    assert len({push.text.split(":")[0] for push in briefs}) == len(briefs)


def test_the_page_of_a_handover_comes_once_on_a_morning_of_work(busy: Season) -> None:
    pages = [push for push in busy.pushes if push.about == "handover"]

    assert len(pages) == len({(push.who, push.text) for push in pages}) == 2
    assert hours(pages) == {time(7, 15)}
    assert {push.day.isoweekday() for push in pages} == {1}  # 1 November is a Sunday


def test_a_member_in_charge_gets_two_a_week_and_the_digests(busy: Season) -> None:
    show(busy, "UV01")
    pushes = busy.of("UV01")
    digests = [push for push in pushes if push.kind == "digest"]
    others = [push for push in pushes if push.kind != "digest"]

    assert len(digests) == 3  # two months and a quarter
    assert most_a_week(others) == 2
    assert {push.day.weekday() for push in others} <= {0, 1, 3, 4}  # a day off moves on
    assert all(push.kind == "reminder" for push in others)


def test_the_standing_board_gets_the_digests_and_nothing_else(busy: Season) -> None:
    show(busy, "TT01")

    assert [push.kind for push in busy.of("TT01")] == ["digest"] * 3


@pytest.mark.parametrize("who", ["VP01", "VP02"])
def test_the_office_gets_two_a_working_day(busy: Season, who: str) -> None:
    """And for each summary one word when a colleague has laid it there or sent it."""
    show(busy, who)
    handed = [push for push in busy.of(who) if local(push.at).time() not in HOURS]
    by_clock = [push for push in busy.of(who) if push not in handed]

    assert most_a_day(by_clock) == (2 if who == "VP01" else 1)
    assert [push.kind for push in handed] == ["notice"] * 3
    assert hours(push for push in by_clock if push.kind == "reminder") == {time(7, 15)}


def test_the_organisation_board_gets_what_is_asked_merged_daily(busy: Season) -> None:
    show(busy, "TC01")
    pushes = busy.of("TC01")

    assert len(pushes) >= 1
    assert most_a_day(pushes) == 1
    assert most_a_week(pushes) <= 1
    assert hours(pushes) == {time(7, 15)}


@pytest.mark.parametrize("who", ["CB099", "QT01", "GQ01", "KT01", "GV01"])
def test_who_has_nothing_to_do_hears_nothing(busy: Season, who: str) -> None:
    assert busy.of(who) == []


def test_nobody_hears_anything_in_the_evening_or_on_a_day_off(busy: Season) -> None:
    assert len(busy.pushes) > 250
    assert {local(push.at).time() for push in busy.pushes} <= {*HOURS, time(12)}
    with busy.db.reading() as session:
        calendar = calendar_of(session)
    assert [push for push in busy.pushes if not calendar.is_workday(push.day)] == []


def test_with_one_commune_a_cadre_gets_about_five_a_month(tmp_path: Path) -> None:
    """A month in which one visit is owed, and one invitation, question and case come by."""
    database = Database(f"sqlite:///{tmp_path / 'sausat.db'}")
    metadata.create_all(database.engine)
    quiet = season(database)
    quiet.run_clock(date(2026, 10, 3), date(2026, 10, 6))
    quiet.does("XA03", date(2026, 10, 6), invites("LONGMAU", "CB002", date(2026, 10, 6)))
    quiet.run_clock(date(2026, 10, 7), date(2026, 10, 12))
    quiet.does("XA03", date(2026, 10, 12), asks("LONGMAU", "CB002"))
    quiet.run_clock(date(2026, 10, 13), date(2026, 10, 15))
    quiet.does("CB002", date(2026, 10, 15), answers_talks)
    quiet.does("XA03", date(2026, 10, 15), raises("LONGMAU", "cap_uy"))
    quiet.run_clock(date(2026, 10, 16), date(2026, 11, 2))
    database.close()

    assert 3 <= len(quiet.of("CB002")) <= 6
