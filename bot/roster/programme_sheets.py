"""Sheets of programmes: indicators, their values, targets, criteria, points, work items."""

from collections.abc import Iterator
from decimal import Decimal

from bot.roster import cells
from bot.roster.columns import Column, Record, Sheet, spans
from bot.rules import vocabulary
from bot.rules.indicators import parse
from storage import tables

_CODE = Column("ma_chi_tieu", "code", cells.code, required=True, refers="chi_tieu")
_UNIT = Column(
    "ma_don_vi", "area_id", cells.code, refers="dia_ban", about="để trống là toàn tỉnh, toàn bộ"
)
_FIRST = Column("tu_ngay", "from_date", cells.day, required=True)
_LAST = Column("den_ngay", "to_date", cells.day, required=True, about="ngày cuối của số liệu")
_UNTIL = Column("den_ngay", "to_date", cells.day, about="ngày cuối còn hiệu lực")
_POPULATION = Column(
    "doi_tuong", "population", required=True, about="tính trên ai: tổ chức đảng, đảng viên …"
)
_BASIS = Column("can_cu", "basis", default="", about="số, ký hiệu văn bản")
_PERSON = Column("ma_can_bo", "person_id", cells.code, required=True, refers="can_bo")


def _indicator(record: Record) -> Iterator[tuple[str, str]]:
    yield from spans("from_date", "to_date")(record)
    kind, formula = record["kind"], record.get("formula", "")
    if (kind == "bo_phan") != bool(record.get("whole")):
        yield "ma_tong", "ghi mã tổng số cho loại bo_phan, các loại khác để trống"
    if record.get("whole") == record["code"]:
        yield "ma_tong", "không thể là chính chỉ tiêu này"
    if kind == "ty_le" and not record.get("out_of"):
        yield "mau_so", "tỷ lệ phải ghi tên của mẫu số"
    if (kind == "tinh" and not formula) or (kind in ("so_luong", "bo_phan") and formula):
        yield "cach_tinh", "chỉ ghi cho loại tinh, ty_le; loại tinh phải ghi"
        return
    try:
        found = parse(formula)
    except ValueError as wrong:
        yield "cach_tinh", str(wrong)
        return
    if formula and bool(found.below) != (kind == "ty_le"):
        yield "cach_tinh", "tỷ lệ ghi tử số / mẫu số, loại tinh ghi các mã với dấu + và -"


def _value(record: Record) -> Iterator[tuple[str, str]]:
    yield from spans("from_date", "to_date")(record)
    said, upper, lower = (record.get(name) for name in ("value", "numerator", "denominator"))
    if upper and not lower:
        yield "mau_so", "có tử số thì phải ghi mẫu số"
    if not said and not upper:
        yield "gia_tri", "chưa ghi giá trị, hoặc tử số và mẫu số"
    if said and upper:
        yield "gia_tri", "ghi giá trị, hoặc tử số và mẫu số, không ghi cả hai"
    if lower and not Decimal(lower):
        yield "mau_so", "mẫu số phải lớn hơn 0"


def _target(record: Record) -> Iterator[tuple[str, str]]:
    yield from spans("from_date", "to_date")(record)
    goal, up_to = record["goal"], record.get("goal_to")
    if (record.get("compare") == "khoang") != bool(up_to):
        yield "den_muc", "ghi khi so_sanh là khoang, ngoài ra để trống"
    elif up_to and Decimal(up_to) < Decimal(goal):
        yield "den_muc", f"{up_to} nhỏ hơn muc {goal}"


def _work(record: Record) -> Iterator[tuple[str, str]]:
    yield from spans("begins_on", "due_on", "han")(record)
    if (record.get("state", "") != "dang_lam") != bool(record.get("done_on")):
        yield "ngay_xong", "ghi khi việc đã có kết quả hoặc rút, ngoài ra để trống"


PROGRAMME_SHEETS = (
    Sheet(
        "chi_tieu",
        tables.Indicator,
        ("code", "from_date"),
        (
            Column("ma", "code", cells.code, required=True),
            _FIRST,
            _UNTIL,
            Column("ten", "name", required=True),
            Column("don_vi_tinh", "unit", default=""),
            _POPULATION,
            Column("loai", "kind", words=vocabulary.INDICATOR_KINDS, required=True),
            Column("ma_tong", "whole", cells.code, refers="chi_tieu", default=""),
            Column("cach_tinh", "formula", default="", about="a + b - c, hoặc a + b / c"),
            Column("mau_so", "out_of", default="", about="tên mẫu số, ví dụ số được phân công"),
            Column("chieu", "direction", words=vocabulary.DIRECTIONS, default=""),
            Column("cong_don", "adds", cells.yes, default=False, about="x: số các kỳ cộng lại"),
            Column("thu_tu", "place", cells.whole, default=0, about="mức tốt nhất ghi trước"),
            Column(
                "ma_can_bo", "owner_id", cells.code, refers="can_bo", about="được nhập qua tin nhắn"
            ),
            _BASIS,
        ),
        _indicator,
        "Chỉ tiêu: đếm gì, trên ai, tính thế nào",
    ),
    Sheet(
        "so_lieu",
        tables.IndicatorValue,
        ("code", "area_id", "from_date", "to_date"),
        (
            _CODE,
            _UNIT,
            _FIRST,
            _LAST,
            Column("gia_tri", "value", cells.amount, default=""),
            Column("tu_so", "numerator", cells.amount, default=""),
            Column("mau_so", "denominator", cells.amount, default=""),
            Column("theo", "source", default="", about="theo văn bản, đơn vị nào"),
        ),
        _value,
        "Số liệu của chỉ tiêu; ghi lại số khác là sửa, số cũ được giữ",
    ),
    Sheet(
        "giao_chi_tieu",
        tables.Target,
        ("code", "area_id", "from_date", "to_date"),
        (
            _CODE,
            _UNIT,
            _FIRST,
            Column("den_ngay", "to_date", cells.day, required=True),
            Column("so_sanh", "compare", words=vocabulary.COMPARES, default="tu"),
            Column("muc", "goal", cells.amount, required=True),
            Column("den_muc", "goal_to", cells.amount, default=""),
            Column("phan_tram", "share", cells.yes, default=False, about="x: mức là phần trăm"),
            _POPULATION,
            Column(
                "luy_ke",
                "cumulative",
                cells.yes,
                about="x: từ mức này trở lên; không: riêng mức này",
            ),
            _BASIS,
        ),
        _target,
        "Mức phải đạt, của toàn bộ và giao cho từng đơn vị",
    ),
    Sheet(
        "tieu_chi",
        tables.Criterion,
        ("set_code", "code", "from_date"),
        (
            Column("bo", "set_code", cells.code, required=True),
            Column("ma", "code", cells.code, required=True),
            _FIRST,
            _UNTIL,
            Column("ten", "name", required=True),
            Column("nhom_can_bo", "staff", words=vocabulary.STAFF_GROUPS, required=True),
            Column("diem_toi_da", "most", cells.whole, required=True),
            Column("thu_tu", "place", cells.whole, default=0),
            _BASIS,
        ),
        spans("from_date", "to_date"),
        "Bộ tiêu chí 100 điểm, mỗi nhóm cán bộ cộng đúng 100",
    ),
    Sheet(
        "cham_diem",
        tables.Score,
        ("person_id", "set_code", "criterion", "year"),
        (
            _PERSON,
            Column("bo", "set_code", cells.code, required=True),
            Column("ma_tieu_chi", "criterion", cells.code, required=True),
            Column("nam", "year", cells.year, required=True),
            Column("nhom_can_bo", "staff", words=vocabulary.STAFF_GROUPS[:2], required=True),
            Column("diem", "points", cells.whole, required=True),
        ),
        about="Điểm từng người; chỉ ghi trong tệp, không qua tin nhắn",
    ),
    Sheet(
        "cong_viec",
        tables.WorkItem,
        ("code",),
        (
            Column("ma", "code", cells.code, required=True),
            Column("loai", "kind", words=vocabulary.WORK_KINDS, required=True),
            Column("noi_dung", "text", required=True),
            _UNIT,
            Column("ma_can_bo", "owner_id", cells.code, required=True, refers="can_bo"),
            Column("bat_dau", "begins_on", cells.day),
            Column("han", "due_on", cells.day, required=True),
            Column("tinh_trang", "state", words=vocabulary.WORK_STATES, default="dang_lam"),
            Column("ngay_xong", "done_on", cells.day),
            Column("ket_qua", "result", default=""),
            _BASIS,
        ),
        _work,
        "Chương trình công tác, việc đơn vị đăng ký, thí điểm",
    ),
)
