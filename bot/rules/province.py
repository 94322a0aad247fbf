"""What one province decides for itself: names of bodies, hours, limits; all have defaults."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from bot.rules.periods import Cut
from bot.words import fold

LAYOUTS = ("hd05", "hd36", "nd30")
"""Rule books on how papers are set; `bot.layout` has them."""


@dataclass(frozen=True, slots=True)
class Province:
    """The settings in force on one day; `from_settings` reads them from the stored values."""

    name: str = "tỉnh"
    committee: str = "Tỉnh ủy"
    office: str = "Văn phòng Tỉnh ủy"
    send_at: time = time(7, 15)
    close_day: int = 2  # working days after the period
    close_time: time = time(17, 0)
    case_days: int = 7  # working days to answer a case
    exchange_days: int = 5  # working days to answer an exchange
    cut: Cut = "calendar"
    trial: bool = False  # nothing goes upward
    automatic: bool = False  # figures go out without review, and say so
    member_days: tuple[int, ...] = (0, 3)  # weekdays of the merged notice, 0 is Monday
    duty: str = ""  # whom to call when it cannot wait
    meeting_on: date | None = None
    before_meeting: int = 2  # working days
    steps: tuple[Any, ...] | None = None  # of reminders; None: the default steps
    quiet: tuple[time, time] = (time(19, 0), time(6, 30))
    moves_after: int = 8  # failed tries; then a message goes to the person's other account
    zalo_monthly: int = 3000  # messages of a Zalo bot; 0: its plan has no number
    inspection: bool = False  # the inspection commission receives restricted items too
    direct: bool = False  # cases may be handed to a body (giai_quyet) directly
    inbox_days: int = 180  # how long words that came and went are kept; 0: for ever
    outbox_days: int = 180
    file_days: int = 1825
    looks_again: str = ""  # code of the one person who gets what is worth another look; empty: off
    telegram: str = ""  # the bot's name there, printed on slips
    zalo: str = ""
    layout: str = "hd05"  # how its papers are set
    place: str = ""  # before the date of a paper
    symbol: str = "BC/VPTU"  # of its reports
    signing: str = ""  # "TL Ban Thường vụ; Chánh Văn phòng; full name"; the first may be empty
    receivers: str = "Thường trực Tỉnh ủy; Ban Thường vụ Tỉnh ủy; Lưu Văn phòng Tỉnh ủy"

    @staticmethod
    def from_settings(values: Mapping[str, Any]) -> "Province":
        """Built from stored values by their Vietnamese keys; missing or null ones keep defaults."""
        known = {
            SETTINGS[key].name: SETTINGS[key].load(value)
            for key, value in values.items()
            if key in SETTINGS and value is not None
        }
        return Province(**known)


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of the sheet cai_dat: the field it fills, how a cell and a stored value are read.

    `read` turns a cell's text into the JSON that is stored, and raises ValueError with what a
    person may write; `load` turns the stored JSON into the field's value.
    """

    name: str
    read: Callable[[str], Any]
    load: Callable[[Any], Any]
    about: str


def _text(cell: str) -> str:
    return cell


def _bot(cell: str) -> str:
    return cell.removeprefix("https://t.me/").removeprefix("@")


def _whole(cell: str) -> int:
    if not cell.isdecimal():
        raise ValueError("phải là số nguyên, ví dụ 2")
    return int(cell)


def _clock(cell: str) -> str:
    """07:15 of "7h15", "7h" and the 07:15:00 of a workbook."""
    hours, _, rest = cell.lower().replace("h", ":").partition(":")
    minutes = rest.partition(":")[0] or "0"
    if not (hours.isdecimal() and minutes.isdecimal()) or int(hours) > 23 or int(minutes) > 59:
        raise ValueError("phải là giờ, ví dụ 07:15")
    return f"{int(hours):02d}:{int(minutes):02d}"


def _clocks(cell: str) -> list[str]:
    parts = [_clock(part.strip()) for part in _parts(cell)]
    if len(parts) != 2:
        raise ValueError("phải là hai giờ, ví dụ 19:00, 06:30")
    return parts


def _yes(cell: str) -> bool:
    if (word := fold(cell)) in ("co", "true", "1", "x", "dung"):
        return True
    if word in ("khong", "false", "0"):
        return False
    raise ValueError("phải là có hoặc không")


def _cut(cell: str) -> str:
    if cell not in ("calendar", "cut15"):
        raise ValueError("phải là calendar hoặc cut15")
    return cell


def _layout(cell: str) -> str:
    if cell not in LAYOUTS:
        raise ValueError(f"phải là {', '.join(LAYOUTS)}")
    return cell


def _weekdays(cell: str) -> list[int]:
    days = [part.strip() for part in _parts(cell)]
    if not all(day.isdecimal() and int(day) < 7 for day in days):
        raise ValueError("phải là các số 0 (thứ Hai) đến 6 (Chủ nhật), ví dụ 0, 3")
    return [int(day) for day in days]


def _iso_day(cell: str) -> str | None:
    try:
        return date.fromisoformat(cell).isoformat() if cell else None
    except ValueError:
        raise ValueError("phải là ngày, ví dụ 2026-11-04") from None


def _json(cell: str) -> Any:
    try:
        return json.loads(cell) if cell else None
    except json.JSONDecodeError:
        raise ValueError("phải là danh sách dạng JSON") from None


def _parts(cell: str) -> list[str]:
    return [part for part in cell.strip("[] ").replace(";", ",").split(",") if part.strip()]


def _pair(value: Any) -> tuple[time, time]:
    begin, end = value
    return time.fromisoformat(begin), time.fromisoformat(end)


SETTINGS: dict[str, Setting] = {
    "ten_tinh": Setting("name", _text, str, "Tên tỉnh, thành phố"),
    "ten_tinh_uy": Setting("committee", _text, str, "Tỉnh ủy hoặc Thành ủy"),
    "ten_van_phong": Setting("office", _text, str, "Tên văn phòng gửi tin"),
    "gio_gui": Setting("send_at", _clock, time.fromisoformat, "Giờ gửi tin buổi sáng"),
    "chot_ngay": Setting("close_day", _whole, int, "Chốt số liệu: ngày làm việc thứ mấy sau kỳ"),
    "chot_gio": Setting("close_time", _clock, time.fromisoformat, "Giờ chốt số liệu"),
    "han_kien_nghi": Setting("case_days", _whole, int, "Hạn trả lời kiến nghị, ngày làm việc"),
    "han_trao_doi": Setting("exchange_days", _whole, int, "Hạn trả lời trao đổi, ngày làm việc"),
    "lich_ky": Setting("cut", _cut, str, "Kỳ theo lịch (calendar) hoặc cắt ngày 15 (cut15)"),
    "chay_thu": Setting("trial", _yes, bool, "Chạy thử: không gửi lên cấp trên"),
    "tu_dong_gui": Setting("automatic", _yes, bool, "Gửi số liệu tự động khi chưa rà soát"),
    "ngay_uy_vien": Setting("member_days", _weekdays, tuple, "Ngày gộp tin cho Ủy viên"),
    "truc_ban": Setting("duty", _text, str, "Số máy trực ban"),
    "ngay_hop": Setting("meeting_on", _iso_day, date.fromisoformat, "Ngày giao ban"),
    "truoc_hop": Setting("before_meeting", _whole, int, "Gửi trước giao ban mấy ngày làm việc"),
    "buoc_nhac": Setting("steps", _json, tuple, "Các bước nhắc việc; để trống là mặc định"),
    "chuyen_kenh": Setting("moves_after", _whole, int, "Gửi hỏng mấy lần thì chuyển kênh khác"),
    "han_muc_zalo": Setting(
        "zalo_monthly", _whole, int, "Số tin mỗi tháng của bot Zalo; 0 là không giới hạn"
    ),
    "gui_rieng_kiem_tra": Setting(
        "inspection", _yes, bool, "Ủy ban Kiểm tra cùng nhận nội dung gửi riêng"
    ),
    "giao_thang_so_nganh": Setting(
        "direct", _yes, bool, "Giao thẳng kiến nghị cho đơn vị giải quyết"
    ),
    "nguoi_xem_lai": Setting(
        "looks_again", _text, str, "Mã đồng chí Ban Tổ chức nhận danh sách cần xem lại; trống: tắt"
    ),
    "giu_tin_den": Setting("inbox_days", _whole, int, "Giữ lời tin đến bao nhiêu ngày; 0 là mãi"),
    "giu_tin_di": Setting("outbox_days", _whole, int, "Giữ lời tin đi bao nhiêu ngày; 0 là mãi"),
    "giu_tep": Setting("file_days", _whole, int, "Giữ ảnh, ghi âm bao nhiêu ngày; 0 là mãi"),
    "bot_telegram": Setting("telegram", _bot, str, "Tên bot trên Telegram, in trên phiếu mã"),
    "bot_zalo": Setting("zalo", _text, str, "Tên trên Zalo, in trên phiếu mã"),
    "the_thuc": Setting("layout", _layout, str, "Thể thức bản Word: hd05, hd36 hoặc nd30"),
    "dia_danh": Setting("place", _text, str, "Địa danh ghi trước ngày tháng, ví dụ Quy Nhơn"),
    "ky_hieu": Setting("symbol", _text, str, "Ký hiệu báo cáo, ví dụ BC/VPTU"),
    "nguoi_ky": Setting("signing", _text, str, "Ký: TL Ban Thường vụ; Chánh Văn phòng; Họ tên"),
    "noi_nhan": Setting("receivers", _text, str, "Nơi nhận, cách nhau bằng dấu chấm phẩy"),
    "gio_yen": Setting("quiet", _clocks, _pair, "Không gửi từ giờ đến giờ"),
}
