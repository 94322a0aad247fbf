"""The Excel appendix: what stands on its sheets is the snapshot, and its sums come to it."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from bot.desk import coded, compiling
from bot.reports import blocks
from bot.reports.chat import Cover
from bot.reports.snapshots import Snapshot
from bot.reports.workbook import Entries, xlsx
from bot.rules.periods import period
from bot.spreadsheet import Table, workbook
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import metadata
from tests.reports.planted import CLOSE, plant


@pytest.fixture(scope="module")
def october(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Snapshot, Entries]]:
    db = Database(f"sqlite:///{tmp_path_factory.mktemp('october')}/t.db")
    metadata.create_all(db.engine)
    with db.writing() as session:
        plant(session)
    with db.reading() as session:
        found = compiling.snapshot_of(session, SYSTEM, period("month", 2026, 10), cut=CLOSE)
        yield found, coded.entries(session, SYSTEM, found)
    db.close()


@pytest.fixture(scope="module")
def content(october: tuple[Snapshot, Entries]) -> bytes:
    return xlsx(october[0], Cover(), october[1])


def opened(content: bytes, *, values: bool = True) -> Workbook:
    return load_workbook(io.BytesIO(content), data_only=values)


def rows(content: bytes, sheet: str) -> list[tuple[Any, ...]]:
    return list(opened(content)[sheet].iter_rows(min_row=2, values_only=True))


def test_every_list_has_a_frozen_heading_and_filters(content: bytes) -> None:
    book = opened(content)
    assert book.sheetnames == [
        *("Bản tổng hợp", "Số liệu", "Kiến nghị quá hạn trả lời", "Số liệu theo địa bàn"),
        *("Địa bàn chưa ghi nhận đủ số", "Từng phiếu"),
    ]
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "A2", sheet.title
        assert sheet.auto_filter.ref, sheet.title
        assert all(cell.font.bold for cell in sheet[1]), sheet.title


def test_the_figures_are_those_of_the_snapshot(
    content: bytes, october: tuple[Snapshot, Entries]
) -> None:
    listed = {row[3]: row[1] for row in rows(content, "Số liệu")}
    whole = {one.name: one.value for one in october[0].figures.values() if "@" not in one.name}
    assert listed == whole


def test_the_sums_by_area_are_the_figures_of_the_whole(
    content: bytes, october: tuple[Snapshot, Entries]
) -> None:
    *areas, total = rows(content, "Số liệu theo địa bàn")
    names = ("required", "recorded", "not_recorded", "excused", "visits", "cases_new")
    wanted = [october[0].value(name) for name in names]
    assert [sum(row[place] for row in areas) for place in range(1, 7)] == wanted
    assert list(total[1:7]) == wanted
    formulas = list(opened(content, values=False)["Số liệu theo địa bàn"].values)[-1]
    assert formulas[1] == f"=SUM(B2:B{len(areas) + 1})"


def test_every_entry_stands_once_with_the_figures_that_count_it(
    content: bytes, october: tuple[Snapshot, Entries]
) -> None:
    found = rows(content, "Từng phiếu")
    codes = [row[0] for row in found]
    assert len(codes) == len(set(codes))
    for name, label in (("visits", "Phiếu đi cơ sở"), ("cases_new", "Kiến nghị mới")):
        counting = [row for row in found if label in str(row[3]).split("; ")]
        assert len(counting) == october[0].value(name)


def test_the_sums_come_to_what_stands_beside_them(content: bytes) -> None:
    """Each formula worked out from the cells that it names."""
    formulas, values = opened(content, values=False), opened(content)
    worked_out = 0
    for sheet in formulas.worksheets:
        for cell in (one for row in sheet.iter_rows() for one in row if one.data_type == "f"):
            span = re.fullmatch(r"=SUM\((\w+:\w+)\)", str(cell.value))
            assert span, cell.value
            found = [one.value for row in sheet[span[1]] for one in row]
            assert values[sheet.title][cell.coordinate].value == sum(found)
            worked_out += 1
    assert worked_out > 10


def test_numbers_with_decimals_can_be_counted_with(october: tuple[Snapshot, Entries]) -> None:
    said = ("46,6", "100,0", "1.183,75", "-0,5", 1246, "", "12/255 tổ chức, bằng 4,7%", "03/12")
    listed = blocks.Table("chi_tieu", "Chỉ tiêu", ("Tỷ lệ %",), tuple((one,) for one in said))
    found = replace(october[0], blocks=(blocks.Block("programmes", tables=(listed,)),))
    cells = opened(xlsx(found, Cover()))["Chỉ tiêu"]["A"][1:]
    assert [cell.value for cell in cells] == [46.6, 100, 1183.75, -0.5, 1246, None, *said[-2:]]
    decimals, whole, words = "#,##0.0##", "#,##0", "General"
    formats = [cell.number_format for cell in cells]
    assert formats == [*[decimals] * 4, whole, *[words] * 3]


@pytest.mark.parametrize("words", ["=1+1", "+84", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
def test_words_that_look_like_a_formula_stay_words(words: str) -> None:
    book = opened(workbook([Table("Tên", (words,), [(words,)])]), values=False)
    for cell in (book["Tên"]["A1"], book["Tên"]["A2"]):
        assert (cell.value, cell.data_type, cell.quotePrefix) == (words, "s", True)


def test_titles_of_sheets_are_short_and_not_doubled() -> None:
    long = "Kiến nghị quá hạn: theo địa bàn / lĩnh vực"
    book = opened(workbook([Table(long, ("a",), []), Table(long, ("a",), [])]))
    assert [len(name) <= 31 for name in book.sheetnames] == [True, True]
    assert len(set(book.sheetnames)) == 2
