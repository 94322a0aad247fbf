"""Plays a year of a province and prints its figures; ends with 1 where an identity is broken."""

import argparse
import gc
import io
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from bot import files
from bot.work import logs
from storage.database import Database
from storage.tables import Report
from tests.bench.databases import ENGINES, databases
from tests.year.identities import Identities
from tests.year.lines import Table
from tests.year.provinces import Size
from tests.year.years import Year


def main() -> int:
    """One line as soon as a period has gone out."""
    options = _options()
    logs.set_up([], io.StringIO())  # what the service writes costs the same, but is not shown
    sys.excepthook = sys.__excepthook__
    gc.set_threshold(100_000, 50, 50)
    with tempfile.TemporaryDirectory() as folder, databases((options.on,)) as found:
        files.use(Path(folder) / "files")
        db = Database(found.fresh(options.on))
        try:
            return _play(db, Path(folder), options.seed)
        finally:
            db.close()


def _play(db: Database, folder: Path, seed: int) -> int:
    checked, began = Identities(), time.monotonic()
    table = Table(checked)

    def sent(year: Year, report: Report, at: datetime) -> None:
        before = len(checked.broken)
        checked.check(year, report, at)
        _print(table.line(year, report.period), *checked.broken[before:])

    year = Year(db, folder, Size(), seed, sent)
    _print(f"seed {seed}, {year.size}")
    _print(table.heading())
    year.play()
    life = year.life
    _print(
        f"{len(life.trips)} visits, {len(life.outcomes)} cases, {life.acts} acts, "
        f"{year.phones.taken} messages taken, {year.phones.refused.total()} refused, "
        f"{checked.held} identities checked, {len(checked.broken)} broken, "
        f"{time.monotonic() - began:.0f} s"
    )
    return 1 if checked.broken else 0


def _print(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.year", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="another year with another seed")
    parser.add_argument("--on", choices=ENGINES, default=ENGINES[0])
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
