"""What each role finds at hand: the main keyboard and the commands, as data."""

from bot.words import fold, nfc

Rows = tuple[tuple[tuple[str, str], ...], ...]

KEYBOARDS: dict[str, Rows] = {
    "theo_doi": (
        (("Ghi chuyến đi", "ghi"), ("Kiến nghị", "kiennghi")),
        (("Việc chờ tôi", "viec"), ("Địa bàn", "diaban")),
    ),
    "co_so": (
        (("Kiến nghị của xã", "kiennghi"), ("Nhắn cán bộ theo dõi", "traodoi")),
        (("Mời họp", "giaymoi"), ("Việc chờ", "viec")),
    ),
    "phu_trach": (
        (("Chờ ý kiến", "viec"), ("Địa bàn phụ trách", "diaban")),
        (("Bản tổng hợp", "tonghop"), ("Ghi chuyến đi", "ghi")),
    ),
    "thuong_truc": (
        (("Bản tổng hợp", "tonghop"), ("Quá hạn", "quahan")),
        (("Nổi lên", "noilen"), ("Tra cứu", "tim")),
    ),
    "tong_hop": (
        (("Rà soát", "rasoat"), ("Chờ gửi", "chogui")),
        (("Nhập thay", "nhapthay"), ("Chưa liên lạc được", "chualienlac")),
    ),
    "ban_to_chuc": (
        (("Tình hình thực hiện", "tinhhinh"), ("Đề nghị vắng", "denghivang")),
        (("Phân công", "phancong"), ("Nhắc việc", "nhacviec")),
    ),
}
KEYBOARDS["duyet"] = KEYBOARDS["quan_tri"] = KEYBOARDS["tong_hop"]
KEYBOARDS["giup_viec"] = KEYBOARDS["theo_doi"]
KEYBOARDS["khach"] = ()  # nobody we know: nothing at hand

_SHOWN = {
    "ghi": "Ghi chuyến đi cơ sở",
    "kiennghi": "Kiến nghị",
    "traodoi": "Trao đổi với xã",
    "viec": "Việc chờ tôi",
    "diaban": "Địa bàn",
    "dagui": "Đã gửi",
    "nhacsau": "Nhắc lại sau",
    "vang": "Đề nghị vắng, cử đi thay",
    "truyendat": "Nội dung cần truyền đạt",
    "xinykien": "Văn bản xin ý kiến",
    "baongay": "Báo ngay việc khẩn",
    "giaymoi": "Mời họp",
    "congviec": "Công việc",
    "phieunhanxet": "Phiếu nhận xét",
    "nhapsolieu": "Nhập số liệu",
    "tonghop": "Bản tổng hợp",
    "chitiet": "Xem từng phiếu",
    "tinhhinh": "Tình hình thực hiện",
    "nhapthay": "Nhập thay",
    "khoamay": "Khóa máy bị mất",
    "capma": "Cấp mã",
    "guirieng": "Gửi riêng Thường trực",
    "tim": "Tra cứu",
    "kenh": "Kênh nhận tin",
    "huongdan": "Hướng dẫn",
    "ngatketnoi": "Ngắt kết nối",
}
GUIDE = "huongdan"
_EVERYBODY = ("tim", "kenh", GUIDE, "ngatketnoi")
_OFFICE = (
    "viec",
    "nhapsolieu",
    "congviec",
    "truyendat",
    "tinhhinh",
    "nhapthay",
    "capma",
    "khoamay",
    "tonghop",
    "chitiet",
    "dagui",
    *_EVERYBODY,
)


def _listed(*names: str, **other: str) -> list[tuple[str, str]]:
    return [(name, other.get(name, _SHOWN[name])) for name in names]


COMMANDS: dict[str, list[tuple[str, str]]] = {
    "theo_doi": _listed(
        *("ghi", "kiennghi", "traodoi", "viec", "diaban", "dagui", "nhacsau", "vang"),
        *("truyendat", "xinykien", "congviec", "phieunhanxet", "baongay", "guirieng"),
        *_EVERYBODY,
    ),
    "co_so": _listed(
        *("kiennghi", "traodoi", "giaymoi", "xinykien", "viec", "diaban", "dagui", "baongay"),
        *("phieunhanxet", "guirieng", *_EVERYBODY),
        kiennghi="Kiến nghị của xã",
        traodoi="Nhắn cán bộ theo dõi",
    ),
    "phu_trach": _listed(
        *("viec", "diaban", "tonghop", "chitiet", "ghi", "kiennghi", "dagui", "guirieng"),
        *("congviec", "phieunhanxet", *_EVERYBODY),
    ),
    "thuong_truc": _listed("viec", "tonghop", "chitiet", "dagui", "guirieng", *_EVERYBODY),
    "tong_hop": _listed(*_OFFICE),
    "ban_to_chuc": _listed(
        *("viec", "tinhhinh", "tonghop", "chitiet", "congviec", "phieunhanxet", "dagui"),
        *_EVERYBODY,
    ),
    "giai_quyet": _listed("viec", "congviec", "dagui", *_EVERYBODY),
    "kiem_tra": _listed("viec", "dagui", "guirieng", *_EVERYBODY),
    "khach": [],
}
COMMANDS["duyet"] = COMMANDS["quan_tri"] = COMMANDS["tong_hop"]
COMMANDS["giup_viec"] = COMMANDS["theo_doi"]

_BY_LABEL = {
    fold(label): token for rows in KEYBOARDS.values() for row in rows for label, token in row
}
_LABELS = frozenset(label for rows in KEYBOARDS.values() for row in rows for label, _ in row)
_NAMES = frozenset(fold(name) for pair in _SHOWN.items() for name in pair) | frozenset(_BY_LABEL)


def is_label(text: str) -> bool:
    """The very label, with its marks: as a tap sends it, not as somebody answers a question."""
    return nfc(text).strip() in _LABELS


def is_on_a_menu(text: str) -> bool:
    """The whole text is the name of a key or a command, marks or not."""
    return fold(text) in _NAMES


def by_label(text: str) -> str | None:
    """The token of the keyboard's button with this label: a tap arrives as the label's text."""
    return _BY_LABEL.get(fold(text))
