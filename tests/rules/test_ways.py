"""Which account a message goes to: the wished channel, else where the person wrote last."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.rules import quota, ways
from bot.rules.ways import Way

AT = datetime(2026, 11, 24, 0, 15, tzinfo=UTC)
OLD = Way(1, "telegram", AT - timedelta(days=9))
NEW = Way(2, "zalo", AT)
SILENT = Way(3, "zalo_oa")


def test_a_message_goes_where_the_person_wrote_last() -> None:
    assert ways.best([OLD, NEW, SILENT]) == NEW
    assert ways.best([SILENT, OLD]) == OLD


def test_a_wish_comes_before_that() -> None:
    assert ways.best([OLD, NEW], "telegram") == OLD
    assert ways.best([OLD, NEW], "zalo_oa") == NEW  # not linked there any more


def test_a_wished_channel_that_is_closed_gives_way() -> None:
    closed = Way(1, "telegram", AT, closed=ways.QUOTA)
    assert ways.best([closed, SILENT], "telegram") == SILENT


def test_where_it_failed_it_does_not_go_again() -> None:
    failed = Way(2, "zalo", AT, failed="blocked")
    assert ways.best([OLD, failed]) == OLD
    assert ways.best([failed]) is None


def test_why_a_message_waits_is_said() -> None:
    held = Way(2, "zalo", AT, closed=ways.QUOTA)
    failed = Way(1, "telegram", AT, failed="blocked")
    assert ways.waits_for([]) == ways.NOBODY
    assert ways.waits_for([failed, held]) == ways.QUOTA
    assert ways.waits_for([failed]) == ""


@pytest.mark.parametrize(
    ("heard", "closed", "is_open"),
    [
        (AT - timedelta(days=6), None, True),
        (AT - timedelta(days=8), None, False),
        (None, None, True),  # the channel will tell
        (AT - timedelta(days=2), AT - timedelta(days=1), False),
        (AT - timedelta(hours=2), AT - timedelta(days=1), True),
    ],
)
def test_the_window_closes_by_time_or_by_the_channel_s_word(
    heard: datetime | None, closed: datetime | None, is_open: bool
) -> None:
    assert ways.window_is_open(heard, closed, timedelta(days=7), AT) is is_open


def test_without_a_window_only_the_channel_s_word_counts() -> None:
    assert ways.window_is_open(AT - timedelta(days=99), None, None, AT)
    assert not ways.window_is_open(None, AT, None, AT)


def test_every_other_kind_of_message_follows_the_wish_for_notices() -> None:
    assert [ways.wish_of(kind) for kind in ("reminder", "digest", "notice", "urgent")] == [
        *("reminder", "digest", "notice", "notice")
    ]


def test_patience_is_as_long_as_the_pauses_of_the_tries() -> None:
    assert ways.patience(4) == 1 + 2 + 4 + 8


def test_a_month_is_the_province_s() -> None:
    assert quota.month_of(datetime(2026, 11, 30, 16, 59, tzinfo=UTC)) == "2026-11"
    assert quota.month_of(datetime(2026, 11, 30, 17, 0, tzinfo=UTC)) == "2026-12"


def test_the_office_hears_at_eighty_and_the_rest_waits_at_ninety_five_per_cent() -> None:
    assert [quota.is_near(used, 3000) for used in (2399, 2400)] == [False, True]
    assert [quota.room(used, 3000) for used in (0, 2849, 2850, 2999)] == [2850, 1, 0, 0]
