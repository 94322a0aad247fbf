"""Small roster workbooks for the tests: CSV folders written from short tables."""

from pathlib import Path

from bot.roster.sheets import BY_NAME

AREAS = """
TINH | Tỉnh Mẫu | tinh |
HOAMAU | Xã Hòa Mẫu | xa | TINH
TANMAU | Phường Tân Mẫu | xa | TINH
"""
PEOPLE = """
CB001 | Nguyễn Văn Mẫu | Giám đốc Sở Công Thương
UV01 | Phạm Văn Ví | Ủy viên Ban Thường vụ
XA01 | Trần Thị Hòa | Bí thư Đảng ủy xã Hòa Mẫu
"""
ROLES = "XA01 | co_so | HOAMAU"
RULES = "02-QĐ/TU | 29.4.2021 | Phân công theo dõi cơ sở"
CADENCES = "02-QĐ/TU | theo_doi | 29/4/2021 | thang | 1 | 1"
ASSIGNMENTS = """
CB001 | HOAMAU | 02-QĐ/TU | theo_doi | 29/4/2021
CB001 | TANMAU | 02-QĐ/TU | theo_doi | 29/4/2021
UV01 | TINH | 02-QĐ/TU | phu_trach | 29/4/2021
"""


def book(folder: Path, **sheets: str) -> Path:
    """A folder of .csv: lines of cells between bars, in the order of the sheet's columns."""
    folder.mkdir(exist_ok=True)
    for name, rows in sheets.items():
        lines = [[cell.strip() for cell in line.split("|")] for line in rows.strip().splitlines()]
        columns = [column.name for column in BY_NAME[name].columns]
        content = [columns, *lines]
        text = "\n".join(";".join(row) for row in content)
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def whole(folder: Path, **more: str) -> Path:
    """A roster that is in order, with some sheets replaced or added."""
    given = {
        "dia_ban": AREAS,
        "can_bo": PEOPLE,
        "vai_tro": ROLES,
        "quy_dinh": RULES,
        "dinh_ky": CADENCES,
        "phan_cong": ASSIGNMENTS,
    }
    return book(folder, **{**given, **more})
