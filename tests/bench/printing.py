"""(r): a quarter as Word, Excel and chart, each time in a process of its own."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from bot.work import reporting
from storage.database import Database
from storage.tables import Case, Exchange, metadata
from tests.bench.databases import Databases
from tests.bench.lines import Line
from tests.bench.summaries import AREAS, CUT, IN_ALL, IN_PERIOD, QUARTER, fill

MOST_OF_SMALL, MOST_OF_LARGE = 10.0, 30.0
MEGABYTES = 500
CASE_EVERY = 10
"""Visits to one case and one exchange."""
CHUNK = 20_000


def printed(found: Databases, *, small: int = IN_PERIOD, large: int = IN_ALL) -> Line:
    """(r): all the visits of the smaller database fall into the quarter."""
    figures: dict[str, float] = {}
    installed = found.installed
    for engine in found.engines:
        for total in (small, large):
            url = found.fresh(engine)
            db = Database(url)
            fill(db, small, total)
            _cases(db, small, total)
            db.close()
            if not figures:
                _in_a_process(url, installed)
            took = _in_a_process(url, installed)
            figures |= {f"{engine}_{total}_{name}": value for name, value in took.items()}
    return Line(
        "r",
        f"a quarter of {small} visits as Word, Excel and chart, in a database of as many and of "
        f"{large}",
        f"at most {MOST_OF_SMALL:g} s and {MOST_OF_LARGE:g} s, with less than {MEGABYTES} MB",
        all(_kept(name, value, small) for name, value in figures.items()),
        figures,
    )


def _kept(name: str, value: float, small: int) -> bool:
    if name.endswith("_megabytes"):
        return value < MEGABYTES
    if name.endswith("_seconds"):
        return value <= (MOST_OF_SMALL if f"_{small}_" in name else MOST_OF_LARGE)
    return True


def _in_a_process(url: str, environment: dict[str, str]) -> dict[str, float]:
    """Start to end, as the command line has it: imports are in it."""
    began = time.perf_counter()
    call = [sys.executable, "-m", "tests.bench.printing", url]
    ran = subprocess.run(call, check=True, capture_output=True, text=True, env=environment)
    said = ran.stdout
    return {"seconds": round(time.perf_counter() - began, 2), **json.loads(said)}


def _cases(db: Database, small: int, total: int) -> None:
    """Cases and exchanges of the quarter and of the years before, as densely."""
    for start in range(0, total // CASE_EVERY, CHUNK):
        numbers = range(start, min(start + CHUNK, total // CASE_EVERY))
        cases = [_case(n, n < small // CASE_EVERY) for n in numbers]
        exchanges = [_exchange(n, n < small // CASE_EVERY) for n in numbers]
        with db.connection() as connection:
            connection.execute(insert(metadata.tables["case"]), cases)
            connection.execute(insert(metadata.tables["exchange"]), exchanges)


def _at(number: int, in_period: bool) -> datetime:
    if in_period:
        return datetime(2026, 12, 1, 9, tzinfo=UTC) + timedelta(days=number % 31)
    return datetime(2022, 1, 1, 9, tzinfo=UTC) + timedelta(days=number % 1600)


def _case(number: int, in_period: bool) -> dict[str, object]:
    """Old ones have ended; of the quarter's a third is still open."""
    place, at = number % AREAS + 1, _at(number, in_period)
    ended = None if in_period and number % 3 == 0 else at + timedelta(days=4)
    case = Case(
        number=number + 1,
        area_id=place,
        raised_by_id=place,
        source="nhan_dan",
        text="Bà con đề nghị sửa cầu thôn 3 trước mùa mưa.",
        state="explained" if ended else "with_office",
        due_on=at.date() + timedelta(days=9),
        raised_at=at,
        ended_at=ended,
    )
    return case.model_dump(exclude={"id"})


def _exchange(number: int, in_period: bool) -> dict[str, object]:
    place, at = number % AREAS + 1, _at(number, in_period)
    exchange = Exchange(
        number=number + 1,
        area_id=place,
        cadre_id=place,
        begun_by="cadre",
        begun_at=at,
        due_on=at.date() + timedelta(days=7),
        answered_at=at + timedelta(days=1) if number % 2 else None,
    )
    return exchange.model_dump(exclude={"id"})


def _print(url: str) -> dict[str, float]:
    """What `sausat report --docx --xlsx --png` does, step by step."""
    took: dict[str, float] = {}
    db = Database(url)

    def timed(name: str, do: Callable[[], Any]) -> Any:
        began = time.perf_counter()
        done = do()
        took[name] = round(time.perf_counter() - began, 2)
        return done

    snapshot = timed("compile", lambda: reporting.compile_(db, QUARTER, "", CUT))
    timed("word", lambda: reporting.word(db, snapshot, at=CUT))
    timed("excel", lambda: reporting.excel(db, snapshot))
    timed("chart", lambda: reporting.chart(snapshot))
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = round(used.ru_utime + used.ru_stime, 2)
    return took | {"cpu": cpu, "megabytes": round(used.ru_maxrss / 1024, 1)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_print(sys.argv[1])))
