"""The figures of each programme come out of the ordinary report, through the real tables."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pytest
from openpyxl import load_workbook
from sqlmodel import col, select, update

from bot.reports.checks import violations
from bot.reports.snapshots import Snapshot
from bot.roster import presets
from bot.work import reporting
from storage import programmes
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Area, Assignment, IndicatorValue, Target, metadata
from tests.cast import NOW


@dataclass
class Paper:
    """A preset in a database of its own, and one period of it in print."""

    db: Database
    snapshot: Snapshot

    @property
    def text(self) -> str:
        """The Word file's words."""
        file = docx.Document(io.BytesIO(reporting.word(self.db, self.snapshot, at=NOW)))
        return "\n".join(paragraph.text for paragraph in file.paragraphs)

    @property
    def cells(self) -> dict[str, list[Any]]:
        """The rows of the Excel file by their first cell."""
        book = load_workbook(io.BytesIO(reporting.excel(self.db, self.snapshot)))
        rows: list[list[Any]] = [
            list(row) for sheet in book for row in sheet.iter_rows(values_only=True)
        ]
        return {str(row[0]).removeprefix("– "): row for row in rows if row and row[0]}


class Shelf:
    """Presets loaded once each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened: list[Database] = []
        self.db = cache(self._load)

    def _load(self, name: str) -> Database:
        db = Database(f"sqlite:///{self.folder / name}.db")
        metadata.create_all(db.engine)
        presets.load(db, name, NOW)
        self.opened.append(db)
        return db

    def paper(self, name: str, period: str = "") -> Paper:
        db = self.db(name)
        return Paper(db, reporting.compile_(db, period or presets.read(name)["ky"], "", NOW))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    found = Shelf(tmp_path_factory.mktemp("presets"))
    yield found
    for db in found.opened:
        db.close()


@pytest.mark.parametrize("name", presets.names())
def test_every_programme_adds_up_and_every_figure_has_its_entries(shelf: Shelf, name: str) -> None:
    paper = shelf.paper(name)
    assert violations(paper.snapshot) == []
    entered = [one for one in paper.snapshot.figures.values() if one.of == "so_lieu"]
    with paper.db.reading() as session:
        for figure in entered:
            rows = programmes.values_of(session, SYSTEM, figure.all_ids())
            assert rows, figure.name
            if len(rows) == 1 and rows[0].value:
                assert figure.shown == number_of(rows[0].value)


def number_of(plain: str) -> str:
    whole, _, places = plain.partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{grouped},{places}" if places else grouped


def test_the_names_are_those_of_the_five_articles() -> None:
    known = {"02-qd-tu", "33-ct-tw", "khoi-159", "100-diem", "13-qd", "1043-qd-tu"}
    assert set(presets.names()) == known


def test_party_organisations_in_firms(shelf: Shelf) -> None:
    text = shelf.paper("33-ct-tw").text
    assert (
        "Đảng viên kết nạp trong doanh nghiệp: 879 đảng viên; trong đó Chủ, lãnh đạo doanh nghiệp"
        " 37 (4,2%), Nhân viên, lao động gián tiếp 633 (72,0%), Lao động trực tiếp 209 (23,8%)"
    ) in text
    assert "Đoàn thể thành lập mới: 144 tổ chức; trong đó Công đoàn 124" in text
    assert "Đoàn Thanh niên 16" in text
    assert "Tổ chức giải thể: 41 tổ chức; trong đó Chi bộ 1" in text
    for words in (
        "Đoàn thể giải thể: 40 tổ chức",
        "Đoàn thể tăng thêm: +104 tổ chức",
        "Công đoàn tăng thêm: +88 tổ chức",
        "Đoàn Thanh niên tăng thêm: +13 tổ chức",
        "Hội Liên hiệp Phụ nữ tăng thêm: +1 tổ chức",
        "Tổ chức đảng tăng thêm: +11 tổ chức",
        "12/255 tổ chức đảng trong doanh nghiệp, bằng 4,7%",
    ):
        assert words in text
    cells = shelf.paper("33-ct-tw").cells
    assert cells["Lao động trực tiếp"][2:4] == [209, 23.8]


def test_parts_that_do_not_make_up_the_whole_are_named_with_both_numbers(shelf: Shelf) -> None:
    db = shelf.db("33-ct-tw")
    change = update(IndicatorValue).where(col(IndicatorValue.code) == "kn_truc_tiep")
    with db.writing() as session:
        session.connection().execute(change.values(value="208"))
    found = violations(shelf.paper("33-ct-tw").snapshot)
    with db.writing() as session:
        session.connection().execute(change.values(value="209"))
    [one] = found
    assert str(one) == ("Đảng viên kết nạp trong doanh nghiệp: 879 khác 37 + 633 + 208 = 878")
    assert len(one.entries) == 4
    assert one.of == "so_lieu"


def test_a_bloc_of_159_organisations(shelf: Shelf) -> None:
    paper = shelf.paper("khoi-159")
    for words in (
        "159 tổ chức; trong đó Hoàn thành xuất sắc nhiệm vụ 31 (19,5%), "
        "Hoàn thành tốt nhiệm vụ 121 (76,1%), Hoàn thành nhiệm vụ 7 (4,4%)",
        "tính từ mức này trở lên: 152/159 tổ chức đảng, bằng 95,6% "
        "(riêng mức này 121/159 tổ chức đảng, bằng 76,1%), đạt",
        "15 - 20% đảng viên, tính riêng mức này: chưa có số liệu về đảng viên",
        "368/300, bằng 122,7%, đạt; đã giao 159 đơn vị 300, khớp",
        "Đảng viên xóa tên, ra khỏi Đảng: 8 đảng viên; trong đó Xóa tên 5",
        "Kiện toàn cấp ủy: 9 đồng chí; trong đó Bí thư 7",
        "Chuyển sinh hoạt đảng: 741 lượt",
    ):
        assert words in paper.text
    assert paper.cells["Hoàn thành tốt nhiệm vụ"][-1] == "đạt"


def test_the_grade_alone_is_another_target_than_the_grade_and_better(shelf: Shelf) -> None:
    db = shelf.db("khoi-159")
    change = update(Target).where(col(Target.code) == "htt")
    with db.writing() as session:
        session.connection().execute(change.values(cumulative=False))
    text = shelf.paper("khoi-159").text
    with db.writing() as session:
        session.connection().execute(change.values(cumulative=True))
    assert "tính riêng mức này: 121/159 tổ chức đảng, bằng 76,1%, chưa đạt" in text


def test_three_months_are_labelled_and_stand_beside_no_year(shelf: Shelf) -> None:
    text = shelf.paper("khoi-159", "2021").text
    assert "Đảng viên kết nạp: 44 đảng viên (01/01/2021 - 31/3/2021, chưa đủ kỳ)." in text
    assert "Công nhận đảng viên chính thức: 57 đảng viên (01/01/2021 - 31/3/2021" in text
    assert "368" not in text
    assert "44/300" not in text
    assert "năm 2020" not in text.split("Chỉ tiêu", 1)[1].split("Mục tiêu", 1)[0]


def test_159_communes_and_159_organisations_are_318_units(shelf: Shelf, tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'both.db'}")
    metadata.create_all(db.engine)
    for name in ("02-qd-tu", "khoi-159"):
        presets.load(db, name, NOW)
    with db.reading() as session:
        levels = [area.level for area in session.exec(select(Area)).all()]
        assert (levels.count("xa"), levels.count("to_chuc")) == (159, 159)
    db.close()


def test_ten_members_and_159_followers(shelf: Shelf) -> None:
    paper = shelf.paper("02-qd-tu")
    with paper.db.reading() as session:
        assert len(session.exec(select(Assignment)).all()) == 169
    assert paper.snapshot.value("required") == 159
    assert paper.snapshot.value("visits") == 152


def test_a_hundred_points_for_each_of_two_groups_and_what_was_registered(shelf: Shelf) -> None:
    text = shelf.paper("100-diem").text
    for words in (
        "nhóm giữ chức vụ lãnh đạo, quản lý 6 tiêu chí, 100 điểm",
        "nhóm không giữ chức vụ lãnh đạo, quản lý 5 tiêu chí, 100 điểm",
        "4 việc, gồm xong 1, đang làm 1, quá hạn 1, rút 1",
        "năm 2013, việc cùng căn cứ ghi 2023",
        "46,6% của 1.246 tòa nhà (chỉ tử số 581 cho tỷ lệ này)",
        "20/22 quận, huyện, bằng 90,9%",
    ):
        assert words in text


def test_coverage_names_its_denominators(shelf: Shelf) -> None:
    text = shelf.paper("1043-qd-tu").text
    for words in (
        "Đảng viên: 5.115 đảng viên; trong đó Được phân công 4.245 (83,0%), "
        "Chưa được phân công 870 (17,0%)",
        "785/4.245 số được phân công, bằng 18,5%",
        "785/5.115 đảng viên toàn đảng bộ, bằng 15,3%",
        "Giá trị thực hiện: 4.702 tỷ đồng",
        "Giá trị làm lợi: 494,89 tỷ đồng",
        "15.706 lượt",
        "3.835/16.340 quần chúng được giới thiệu, bằng 23,5%",
    ):
        assert words in text


def test_three_parts_of_a_visit_over_three_levels(shelf: Shelf) -> None:
    paper = shelf.paper("13-qd")
    parts = [paper.snapshot.value(f"visits_with_{count}") for count in (3, 2, 1, 0)]
    assert sum(parts) == paper.snapshot.value("visits") == 33
    assert "3 việc, gồm xong 1, đang làm 1, quá hạn 1." in paper.text
