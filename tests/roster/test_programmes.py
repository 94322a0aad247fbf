"""Programmes come in by workbook: what is entered, what is refused and where, what is said."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.roster.current import current
from bot.roster.loading import ImportResult, import_roster
from bot.roster.problems import ImportFailed
from bot.roster.writing import write
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Indicator, IndicatorValue, Target, WorkItem
from tests.cast import NOW
from tests.roster.books import whole

INDICATORS = """
moi | 1/1/2019 | | Đảng viên kết nạp | đảng viên | đảng viên | so_luong | | | | tang | x
ld | 1/1/2019 | | Chủ doanh nghiệp | đảng viên | đảng viên | bo_phan | moi
cn | 1/1/2019 | | Công nhân | đảng viên | đảng viên | bo_phan | moi
to | 1/1/2019 | | Tổ chức đảng | tổ chức | tổ chức đảng | so_luong
tl | 1/1/2019 | | Tỷ lệ chủ doanh nghiệp | % | đảng viên | ty_le | | ld / moi | số kết nạp
toa | 1/1/2019 | | Tòa nhà chưa có ban quản trị | % | tòa nhà | ty_le | | | số tòa nhà
"""
VALUES = """
moi | | 1/1/2022 | 31/12/2022 | 46 | | | Công văn 1
ld | | 1/1/2022 | 31/12/2022 | 37
toa | | 1/1/2022 | 31/12/2022 | 46,6 | | 1.246
"""
WORK = """
V1 | thi_diem | Hỗ trợ thư ký từ năm 2013 | TINH | CB001 | | 31/12/2022 | | | | KL 21
V2 | thi_diem | Hỗ trợ Hội từ năm 2023 | TINH | CB001 | | 31/12/2023 | | | | KL 21
"""


def put(db: Database, folder: Path, **sheets: str) -> ImportResult:
    return import_roster(db, whole(folder, **sheets), NOW)


def refused(db: Database, folder: Path, **sheets: str) -> list[str]:
    with pytest.raises(ImportFailed) as failed:
        put(db, folder, **sheets)
    return [str(problem) for problem in failed.value.problems]


@pytest.fixture
def engine() -> str:
    """Nothing here differs between databases."""
    return "sqlite"


def test_values_come_in_and_a_correction_keeps_the_old_version(
    db: Database, tmp_path: Path
) -> None:
    first = put(db, tmp_path, chi_tieu=INDICATORS, so_lieu=VALUES)
    assert (first.sheets["so_lieu"].new, first.sheets["chi_tieu"].new) == (3, 6)
    again = put(db, tmp_path, chi_tieu=INDICATORS, so_lieu=VALUES.replace("| 37", "| 38"))
    assert (again.sheets["so_lieu"].changed, again.sheets["so_lieu"].same) == (1, 2)
    with db.reading() as session:
        found = session.exec(select(IndicatorValue).where(IndicatorValue.code == "ld")).all()
    assert [(r.number, r.version, r.value, r.replaced_at is None) for r in found] == [
        (2, 1, "37", False),
        (2, 2, "38", True),
    ]


@pytest.mark.parametrize(
    ("sheet", "row", "said"),
    [
        ("so_lieu", "moi | | 1/1/2023 | 31/12/2023 | 2.2", 'cột gia_tri: "2.2" là 2,2 hay 22'),
        ("so_lieu", "moi | | 1/1/2023 | 31/12/2023 |", "cột gia_tri: chưa ghi giá trị"),
        ("so_lieu", "moi | | 31/12/2023 | 1/1/2023 | 3", "cột den_ngay: 01/01/2023 trước"),
        ("so_lieu", "tl | | 1/1/2023 | 31/12/2023 | 46", "do hệ thống tính, không nhập"),
        ("so_lieu", "toa | | 1/1/2023 | 31/12/2023 | 0,466", 'cột gia_tri: "0,466" là phần'),
        ("so_lieu", "xyz | | 1/1/2023 | 31/12/2023 | 3", '"xyz" không có trong chi_tieu'),
        ("so_lieu", "moi | | 1/1/2018 | 31/12/2018 | 3", "chưa hoặc không còn hiệu lực"),
        ("chi_tieu", "lan | 1/1/2019 | | Lẫn | | đảng viên | tinh | | ld + to", "khác đối tượng"),
        (
            "chi_tieu",
            "tl2 | 1/1/2019 | | Tỷ lệ | % | đảng viên | ty_le | | ld / moi",
            "tên của mẫu",
        ),
        ("chi_tieu", "bp | 1/1/2019 | | Phần | | đảng viên | bo_phan", "cột ma_tong: ghi mã tổng"),
        (
            "giao_chi_tieu",
            "moi | | 1/1/2022 | 31/12/2022 | tu | 20 | | | tổ chức đảng",
            'cột doi_tuong: mức tính trên "tổ chức đảng", chỉ tiêu tính trên "đảng viên"',
        ),
        (
            "giao_chi_tieu",
            "ld | | 1/1/2022 | 31/12/2022 | tu | 80 | | x | đảng viên",
            "cột luy_ke: phải ghi x (từ mức này trở lên) hoặc không (riêng mức này)",
        ),
        ("tieu_chi", "B | t1 | 1/1/2022 | | Chính trị | ca_hai | 95", "95 = 95, phải là 100"),
    ],
)
def test_a_bad_row_is_named_with_sheet_row_and_column(
    db: Database, tmp_path: Path, sheet: str, row: str, said: str
) -> None:
    given = {"chi_tieu": INDICATORS, "so_lieu": VALUES}
    given[sheet] = (given.get(sheet, "") + row).strip()
    number = len(given[sheet].splitlines()) + 1
    found = refused(db, tmp_path, **given)
    assert any(f.startswith(f"{sheet}, dòng {number}, cột ") and said in f for f in found), found


def test_points_are_refused_above_the_most_and_outside_the_group(
    db: Database, tmp_path: Path
) -> None:
    criteria = """
    B | ct | 1/1/2022 | | Chính trị | ca_hai | 60
    B | ld | 1/1/2022 | | Năng lực lãnh đạo | lanh_dao | 40
    B | kq | 1/1/2022 | | Kết quả | khong_giu | 40
    """
    good = "CB001 | B | ct | 2022 | lanh_dao | 55\nCB001 | B | ld | 2022 | lanh_dao | 38"
    assert put(db, tmp_path, tieu_chi=criteria, cham_diem=good).sheets["cham_diem"].new == 2
    bad = "UV01 | B | ct | 2022 | lanh_dao | 61\nUV01 | B | kq | 2022 | lanh_dao | 5"
    assert refused(db, tmp_path, tieu_chi=criteria, cham_diem=bad) == [
        "cham_diem, dòng 2, cột diem: 61 lớn hơn điểm tối đa 60.",
        'cham_diem, dòng 3, cột ma_tieu_chi: "kq" không phải tiêu chí của nhóm này trong bộ B.',
    ]


def test_2013_beside_2023_is_said_and_left_as_it_was_written(db: Database, tmp_path: Path) -> None:
    result = put(db, tmp_path, cong_viec=WORK)
    assert "CV-1: năm 2013, việc cùng căn cứ ghi 2023, xin xem lại" in result.warnings
    with db.reading() as session:
        found = session.exec(select(WorkItem).order_by(col(WorkItem.number))).all()
    assert [(w.text[-8:], w.doubt != "") for w in found] == [
        ("năm 2013", True),
        ("năm 2023", False),
    ]


def test_targets_of_units_say_what_they_leave_over(db: Database, tmp_path: Path) -> None:
    def targets(second: int) -> str:
        days = "1/1/2022 | 31/12/2022 | tu"
        return f"""
        moi | | {days} | 300 | | | đảng viên
        moi | HOAMAU | {days} | 180 | | | đảng viên
        moi | TANMAU | {days} | {second} | | | đảng viên
        """

    short = put(db, tmp_path, chi_tieu=INDICATORS, giao_chi_tieu=targets(100))
    assert "moi: giao các đơn vị 280, cả tỉnh 300, chênh 20" in short.warnings
    even = put(db, tmp_path, chi_tieu=INDICATORS, giao_chi_tieu=targets(120))
    assert not [said for said in even.warnings if said.startswith("moi")]


def test_what_is_stored_can_be_written_out_and_imported_again(db: Database, tmp_path: Path) -> None:
    values = f"{VALUES.strip()}\nmoi | HOAMAU | 1/1/2022 | 31/3/2022 | 1.183,7"
    targets = "ld | | 1/1/2022 | 31/12/2022 | tu | 80 | | x | đảng viên | không"
    sheets = {"chi_tieu": INDICATORS, "so_lieu": values, "giao_chi_tieu": targets}
    put(db, tmp_path / "a", **sheets, cong_viec=WORK)
    with db.reading() as session:
        write(tmp_path / "out.xlsx", current(session, SYSTEM), "Danh sách")
    again = import_roster(db, tmp_path / "out.xlsx", NOW + timedelta(days=1))
    assert not again.changed, again.said()
    with db.reading() as session:
        assert session.exec(select(Target.cumulative)).one() is False
        assert "1183.7" in session.exec(select(IndicatorValue.value)).all()
        assert len(session.exec(select(Indicator)).all()) == 6
