"""The chart: a picture for a phone, the same each time, with words for who cannot see it."""

import io
from datetime import UTC, datetime
from itertools import pairwise

from PIL import Image

from bot.reports.blocks import Block
from bot.reports.chart import BLUE, GREY, ORANGE, SKY, alternative, png
from bot.reports.figures import counted
from bot.reports.snapshots import Snapshot
from bot.rules.periods import period

HANDLED = (("cases_ended", 1246), ("cases_in_time", 30), ("cases_overdue", 4))
SNAPSHOT = Snapshot(
    period("month", 2026, 10),
    "tinh",
    datetime(2026, 11, 3, 10, tzinfo=UTC),
    True,
    (Block("handling", tuple(counted(name, "case", range(n)) for name, n in HANDLED)),),
)


def test_the_picture_is_as_wide_as_a_phone_and_the_same_each_time() -> None:
    content = png(SNAPSHOT)
    assert Image.open(io.BytesIO(content)).size == (1080, 1280)
    assert png(SNAPSHOT) == content


def test_its_words_say_every_number_as_people_read_it() -> None:
    assert alternative(SNAPSHOT) == (
        "Biểu đồ tổng hợp tháng 10/2026.\nGiải quyết: kết thúc 1.246; còn trong hạn 30; quá hạn 4."
    )


def test_bars_differ_in_brightness_too() -> None:
    """Told apart on paper without colour, and by whoever sees no red or green."""

    def grey(colour: str) -> float:
        red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
        return 0.299 * red + 0.587 * green + 0.114 * blue

    for beside in ((BLUE, ORANGE, GREY), (BLUE, SKY, ORANGE)):
        shades = sorted(grey(colour) for colour in beside)
        assert min(b - a for a, b in pairwise(shades)) > 15
