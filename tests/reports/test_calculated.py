"""The Excel appendix as LibreOffice Calc works it out: the sums of the snapshot, no error."""

import io
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from bot.reports.snapshots import Snapshot
from bot.roster import presets
from bot.rules.periods import period
from bot.spreadsheet import TOTAL
from bot.work import reporting
from storage.database import Database
from storage.tables import metadata
from tests.cast import NOW
from tests.reports.planted import CLOSE, plant

SECONDS = 180
OFFICE = shutil.which("soffice")
CALCULATES = OFFICE and (Path(OFFICE).resolve().parent / "libsclo.so").exists()
OCTOBER = "october"

pytestmark = [
    pytest.mark.everywhere,
    pytest.mark.skipif(not CALCULATES, reason="LibreOffice Calc is not installed"),
]


@dataclass(frozen=True)
class Appendix:
    """A report's figures, its workbook, and the same after Calc has worked it out."""

    snapshot: Snapshot
    ours: Workbook
    formulas: Workbook
    calculated: Workbook


@pytest.fixture(scope="module")
def appendices(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Appendix]:
    """The planted month and every programme, opened and saved by Calc in one go."""
    folder = tmp_path_factory.mktemp("calc")
    made = dict(_made(folder))
    for name, (_, content) in made.items():
        opened(content, values=False).save(folder / f"{name}.xlsx")  # no sum beside its formula
    _calculate(folder)
    return {
        name: Appendix(
            snapshot,
            opened(content),
            opened(content, values=False),
            opened((folder / "out" / f"{name}.xlsx").read_bytes()),
        )
        for name, (snapshot, content) in made.items()
    }


def _made(folder: Path) -> Iterator[tuple[str, tuple[Snapshot, bytes]]]:
    for name in (OCTOBER, *presets.names()):
        db = Database(f"sqlite:///{folder / name}.db")
        metadata.create_all(db.engine)
        if name == OCTOBER:
            with db.writing() as session:
                plant(session)
            snapshot = reporting.compile_(db, period("month", 2026, 10).code, "", CLOSE)
        else:
            presets.load(db, name, NOW)
            snapshot = reporting.compile_(db, presets.read(name)["ky"], "", NOW)
        yield name, (snapshot, reporting.excel(db, snapshot))
        db.close()


def _calculate(folder: Path) -> None:
    home = f"-env:UserInstallation=file://{folder / 'home'}"
    out = ["--convert-to", "xlsx", "--outdir", str(folder / "out")]
    files = sorted(str(path) for path in folder.glob("*.xlsx"))
    names = {**os.environ, "LC_ALL": "C.UTF-8"}
    call = [str(OFFICE), home, "--headless", *out, *files]
    subprocess.run(call, check=True, capture_output=True, timeout=SECONDS, env=names)


def opened(content: bytes, *, values: bool = True) -> Workbook:
    return load_workbook(io.BytesIO(content), data_only=values)


def rows(book: Workbook, sheet: str) -> list[tuple[Any, ...]]:
    return list(book[sheet].iter_rows(min_row=2, values_only=True))


@pytest.fixture(params=[OCTOBER, *presets.names()])
def appendix(request: pytest.FixtureRequest, appendices: dict[str, Appendix]) -> Appendix:
    return appendices[request.param]


def test_every_sum_comes_to_what_the_report_says(appendix: Appendix) -> None:
    """The sums of each list as Calc finds them, as the snapshot has them, and as we wrote them."""
    lists = [one for block in appendix.snapshot.blocks for one in block.tables]
    summed = 0
    for sheet, one in zip(appendix.formulas.sheetnames[2:], lists, strict=False):
        total, wanted = rows(appendix.calculated, sheet)[-1], one.summed()
        for place in one.totals if one.rows else ():
            formula = rows(appendix.formulas, sheet)[-1][place]
            assert str(formula).startswith("=SUM("), (sheet, formula)
            assert total[place] == wanted[place] == rows(appendix.ours, sheet)[-1][place]
            assert total[0] == TOTAL
            summed += 1
    assert summed == sum(1 for sheet in appendix.formulas for _ in formulas(sheet))


def formulas(sheet: Any) -> Iterator[Any]:
    return (one for row in sheet.iter_rows() for one in row if one.data_type == "f")


def test_the_sums_of_october_are_its_figures(appendices: dict[str, Appendix]) -> None:
    october = appendices[OCTOBER]
    names = ("required", "recorded", "not_recorded", "excused", "visits", "cases_new")
    total = rows(october.calculated, "Số liệu theo địa bàn")[-1]
    assert list(total[1:7]) == [october.snapshot.value(name) for name in names]


def test_every_figure_is_still_the_one_of_the_report(appendix: Appendix) -> None:
    listed = {row[3]: row[1] for row in rows(appendix.calculated, "Số liệu")}
    figures = {name: one for name, one in appendix.snapshot.figures.items() if "@" not in name}
    assert set(listed) == set(figures)
    for name, one in figures.items():
        assert listed[name] == pytest.approx(one.value / 10**one.scale), name


def test_no_cell_is_an_error_and_none_has_changed(appendix: Appendix) -> None:
    for sheet in appendix.calculated.worksheets:
        ours = appendix.ours[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "e", (sheet.title, cell.coordinate, cell.value)
                wanted = ours[cell.coordinate].value
                same = pytest.approx(wanted) if isinstance(wanted, float) else wanted
                assert cell.value == same, (sheet.title, cell.coordinate)
