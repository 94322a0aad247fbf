"""A season of a small province, played as the whole year is by `python -m tests.year`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from bot import files
from bot.reports.facts import PROVINCE
from storage.database import Database
from storage.tables import Report
from tests.year.identities import Identities
from tests.year.provinces import Size
from tests.year.years import Year

SHORT = Size(
    areas=10,
    members=2,
    visits=26,
    cases=20,
    exchanges=12,
    invitations=6,
    first=date(2026, 6, 22),
    last=date(2026, 7, 31),
)
LONGER = replace(SHORT, areas=18, visits=80, cases=60, exchanges=30, last=date(2026, 9, 30))
JUNE = (date(2026, 6, 1), date(2026, 6, 30))
QUARTER = (date(2026, 7, 1), date(2026, 9, 30))


@pytest.fixture
def folder(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Path]:
    caplog.set_level("WARNING")
    files.use(tmp_path / "files")
    yield tmp_path
    files.use(Path("files"))


def _played(db: Database, folder: Path, size: Size) -> tuple[Year, Identities]:
    checked = Identities()

    def sent(year: Year, report: Report, at: datetime) -> None:
        checked.check(year, report, at)

    year = Year(db, folder, size, seed=3, sent=sent)
    year.play()
    assert checked.broken == []
    assert (len(year.life.trips), len(year.life.outcomes)) == (size.visits, size.cases)
    assert len(year.life.made.merged) == 4
    return year, checked


def _assigned(checked: Identities) -> dict[str, int]:
    return {
        period: snapshot.value("assigned")
        for (period, scope), snapshot in checked.sent.items()
        if scope == PROVINCE
    }


def _whole(year: Year, days: tuple[date, date]) -> int:
    """How many follow an area on all these days."""
    return sum(all(map(span.holds, days)) for span in year.life.made.spans)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_every_identity_holds_through_a_merger_and_a_change_of_cadence(
    db: Database, folder: Path
) -> None:
    year, checked = _played(db, folder, SHORT)
    assert checked.held > 250
    june = _whole(year, JUNE)
    assert _assigned(checked) == {"2026-06": june, "2026-Q2": june * 3, "2026-07": 0}


@pytest.mark.everywhere
def test_they_hold_in_the_quarter_that_follows(db: Database, folder: Path) -> None:
    year, checked = _played(db, folder, LONGER)
    assert checked.held > 600
    assigned = _assigned(checked)
    assert [assigned[month] for month in ("2026-07", "2026-08")] == [0, 0]
    assert assigned["2026-Q3"] == assigned["2026-09"] == _whole(year, QUARTER) > 0
