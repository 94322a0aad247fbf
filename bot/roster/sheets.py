"""The sheets of a roster workbook as data: people, areas, rules, and the year so far."""

from collections.abc import Iterator
from datetime import date

from bot.roster import cells
from bot.roster.columns import Column, Record, Sheet, spans
from bot.roster.programme_sheets import PROGRAMME_SHEETS
from bot.rules import vocabulary
from bot.rules.province import SETTINGS
from storage import tables

ALWAYS = date(1970, 1, 1)
"""Since when a setting holds that names no day."""


def _role(record: Record) -> Iterator[tuple[str, str]]:
    yield from spans("from_date", "to_date")(record)
    role, helped = record["role"], record.get("helped_id")
    if role == "co_so" and not record.get("area_id"):
        yield "ma_dia_ban", "vai trò co_so phải ghi mã xã"
    if role == "giup_viec" and not helped:
        yield "ma_nguoi_duoc_giup", "vai trò giup_viec phải ghi mã người được giúp"
    if role != "giup_viec" and helped:
        yield "ma_nguoi_duoc_giup", "chỉ ghi cho vai trò giup_viec"
    if helped and helped == record["person_id"]:
        yield "ma_nguoi_duoc_giup", "không thể là chính người giúp việc"


def _successor(record: Record) -> Iterator[tuple[str, str]]:
    if record["old_id"] == record["new_id"]:
        yield "ma_moi", "trùng với mã cũ"


def _setting(record: Record) -> Iterator[tuple[str, str]]:
    setting = SETTINGS.get(record["key"])
    if setting is None:
        yield "khoa", f'"{record["key"]}" không phải cài đặt; có: {", ".join(SETTINGS)}'
        return
    try:
        record["value"] = setting.read(record["value"]) if record["value"] else None
    except ValueError as wrong:
        yield "gia_tri", f'"{record["value"]}" {wrong}'


def _visit(record: Record) -> Iterator[tuple[str, str]]:
    if not (record.get("situation") or record.get("advice") or record.get("check")):
        yield "nam", "phải có ít nhất một trong nam, gop_y, kiem_tra"


def _case(record: Record) -> Iterator[tuple[str, str]]:
    raised, ended = record["raised_on"], record.get("ended_on")
    if ended and ended < raised:
        yield "ngay_ket_thuc", f"{ended:%d/%m/%Y} trước ngày gửi {raised:%d/%m/%Y}"


_PERSON = Column("ma_can_bo", "person_id", cells.code, required=True, refers="can_bo")
_AREA = Column("ma_dia_ban", "area_id", cells.code, required=True, refers="dia_ban")
_ANY_AREA = Column("ma_dia_ban", "area_id", cells.code, refers="dia_ban")
_RULE = Column("so_ky_hieu", "regulation_id", cells.symbol, required=True, refers="quy_dinh")
_FROM = Column("tu_ngay", "from_date", cells.day)
_SINCE = Column("tu_ngay", "from_date", cells.day, required=True)
_TO = Column("den_ngay", "to_date", cells.day, about="ngày cuối còn hiệu lực")
_KIND = Column("loai", "kind", words=vocabulary.ASSIGNMENT_KINDS, required=True)

SHEETS = (
    Sheet(
        "dia_ban",
        tables.Area,
        ("code",),
        (
            Column("ma", "code", cells.code, required=True),
            Column("ten", "name", required=True),
            Column("cap", "level", words=vocabulary.LEVELS, required=True),
            Column("ma_cha", "parent_id", cells.code, refers="dia_ban"),
            Column("tu_ngay", "valid_from", cells.day),
            Column("den_ngay", "valid_to", cells.day, about="ngày cuối còn hiệu lực"),
        ),
        spans("valid_from", "valid_to"),
        "Địa bàn, theo thứ tự danh sách chính thức",
    ),
    Sheet(
        "ke_tuc",
        tables.AreaSuccessor,
        ("old_id", "new_id"),
        (
            Column("ma_cu", "old_id", cells.code, required=True, refers="dia_ban"),
            Column("ma_moi", "new_id", cells.code, required=True, refers="dia_ban"),
        ),
        _successor,
        "Địa bàn cũ nay thuộc địa bàn nào",
    ),
    Sheet(
        "can_bo",
        tables.Person,
        ("code",),
        (
            Column("ma", "code", cells.code, required=True),
            Column("ho_ten", "full_name", required=True),
            Column("chuc_vu", "post", default=""),
            Column("don_vi", "unit", default=""),
            Column("dien_thoai", "phone", cells.phone, default=""),
            Column("thu_tu", "rank", cells.whole, default=9999, about="thứ tự khi liệt kê"),
            Column("xung_ho", "address", default="đồng chí"),
        ),
        about="Người dùng hệ thống",
    ),
    Sheet(
        "vai_tro",
        tables.Role,
        ("person_id", "role", "area_id", "helped_id"),
        (
            _PERSON,
            Column("vai_tro", "role", words=vocabulary.ROLES, required=True),
            _ANY_AREA,
            Column("ma_nguoi_duoc_giup", "helped_id", cells.code, refers="can_bo"),
            _FROM,
            _TO,
        ),
        _role,
        "Vai trò; người theo dõi, người phụ trách ghi ở phan_cong",
    ),
    Sheet(
        "quy_dinh",
        tables.Regulation,
        ("number",),
        (
            Column("so_ky_hieu", "number", cells.symbol, required=True),
            Column("ngay", "issued_on", cells.day),
            Column("trich_yeu", "title", default=""),
            Column("co_quan", "issuer", default="", about="nơi ban hành"),
        ),
        about="Quy định, quyết định phân công",
    ),
    Sheet(
        "dinh_ky",
        tables.Cadence,
        ("regulation_id", "kind", "from_date"),
        (
            _RULE,
            _KIND,
            _SINCE,
            Column("ky", "unit", words=vocabulary.UNITS, required=True),
            Column("so_chuyen", "visits", cells.whole, default=1),
            Column("so_trao_doi", "exchanges", cells.whole, default=0),
        ),
        about="Định kỳ phải đi, theo từng quy định",
    ),
    Sheet(
        "phan_cong",
        tables.Assignment,
        ("person_id", "area_id", "regulation_id", "kind", "from_date"),
        (
            _PERSON,
            _AREA,
            _RULE,
            _KIND,
            _SINCE,
            _TO,
            Column("tu_dang_ky", "self_registered", cells.yes, default=False),
        ),
        spans("from_date", "to_date"),
        "Ai theo dõi, ai phụ trách địa bàn nào",
    ),
    Sheet(
        "vang_mat",
        tables.Absence,
        ("person_id", "area_id", "from_date"),
        (
            _PERSON,
            _ANY_AREA,
            _SINCE,
            Column("den_ngay", "to_date", cells.day, required=True),
            Column("hinh_thuc", "form", words=vocabulary.ABSENCE_FORMS, required=True),
            Column("ly_do", "reason", default=""),
        ),
        spans("from_date", "to_date"),
        "Vắng mặt đã được đồng ý",
    ),
    Sheet(
        "linh_vuc",
        tables.FieldOfWork,
        ("code",),
        (
            Column("ma", "code", cells.code, required=True),
            Column("ten", "name", required=True),
            Column("tu_khoa", "keywords", default="", about="cách nhau bằng dấu phẩy"),
            _FROM,
            _TO,
        ),
        spans("from_date", "to_date"),
        "Lĩnh vực của kiến nghị và từ khóa nhận ra",
    ),
    Sheet(
        "cai_dat",
        tables.Setting,
        ("key", "from_date"),
        (
            Column("khoa", "key", cells.code, required=True),
            Column("gia_tri", "value", default=""),
            Column("tu_ngay", "from_date", cells.day, default=ALWAYS),
        ),
        _setting,
        "Cài đặt của Văn phòng",
    ),
    Sheet(
        "ngay_nghi",
        tables.DayOff,
        ("day",),
        (
            Column("ngay", "day", cells.day, required=True),
            Column("ten", "name", default=""),
            Column("lam_bu", "working", cells.yes, default=False, about="x: đi làm bù"),
        ),
        about="Ngày nghỉ, ngày làm bù ngoài lịch chung",
    ),
    Sheet(
        "chuyen_di",
        tables.Visit,
        ("person_id", "area_id", "visited_on", "activity"),
        (
            _PERSON,
            _AREA,
            Column("ngay", "visited_on", cells.day, required=True),
            Column("du_viec", "activity", words=vocabulary.ACTIVITIES, default="lam_viec"),
            Column("nam", "situation", default=""),
            Column("gop_y", "advice", default=""),
            Column("kiem_tra", "check", default=""),
        ),
        _visit,
        "Chuyến đi từ đầu năm, trước khi dùng hệ thống",
    ),
    Sheet(
        "kien_nghi",
        tables.Case,
        ("area_id", "raised_on", "text"),
        (
            _AREA,
            Column("ngay", "raised_on", cells.day, required=True),
            Column("noi_dung", "text", required=True),
            Column("ma_can_bo", "raised_by_id", cells.code, required=True, refers="can_bo"),
            Column("nguon", "source", words=vocabulary.SOURCES, default="cap_uy"),
            Column("loai", "kind", words=vocabulary.KINDS, default="kien_nghi"),
            Column("linh_vuc", "field_id", cells.code, refers="linh_vuc"),
            Column("so_van_ban", "document", cells.document, default=""),
            Column("han", "due_on", cells.day),
            Column("tra_loi", "answer", default=""),
            Column("ngay_ket_thuc", "ended_on", cells.day),
        ),
        _case,
        "Kiến nghị từ đầu năm, trước khi dùng hệ thống",
    ),
    *PROGRAMME_SHEETS,
)
BY_NAME = {sheet.name: sheet for sheet in SHEETS}
IGNORED = frozenset({"huong_dan"})
"""Sheets for people only."""
