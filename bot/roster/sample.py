"""A sample roster: the structure of a real province, with people who are plainly invented."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.roster.places import Place, Province, former_province, province_today
from bot.roster.writing import write

MEMBERS = 10
RULE, RULED_ON = "02-QĐ/TU", date(2021, 4, 29)
REFORM = date(2025, 7, 1)  # the first day without districts
BEFORE = REFORM - timedelta(days=1)
TWO_AREAS_EVERY = 9  # of so many communes in a row, the first two have the same follower
TRADES = ("Công tác cơ sở", "Kinh tế", "Văn hóa", "Xây dựng", "Tổng hợp", "Chuyển đổi số")

FIELDS = (
    ("DD", "Đất đai, tái định cư", "đất đai, tái định cư, giao đất, sổ đỏ, bồi thường, địa chính"),
    ("BC", "Biên chế, cán bộ xã", "biên chế, cán bộ xã, công chức, thiếu người, biệt phái"),
    ("MC", "Phần mềm một cửa", "một cửa, phần mềm, dịch vụ công, đường truyền, hồ sơ điện tử"),
    ("GT", "Giao thông", "cầu, đường, giao thông, hiến đất mở đường, cống, tải trọng"),
    ("TL", "Thủy lợi, nước sạch", "thủy lợi, kênh mương, nước sạch, hồ chứa, hạn, mặn"),
    ("GD", "Giáo dục", "trường, giáo viên, học sinh, mầm non, lớp học"),
    ("YT", "Y tế", "trạm y tế, bác sĩ, thuốc, bảo hiểm y tế, khám bệnh"),
    ("NN", "Nông nghiệp, sinh kế", "nông nghiệp, chăn nuôi, giống, vốn vay, sinh kế, nông sản"),
    ("MT", "Môi trường", "môi trường, rác, ô nhiễm, bãi thải"),
    ("CS", "Chính sách, an sinh", "hộ nghèo, người có công, trợ cấp, nhà ở, an sinh"),
    ("TS", "Trụ sở, tài sản dôi dư", "trụ sở, nhà văn hóa, dôi dư, tài sản công"),
    ("AN", "An ninh, trật tự", "an ninh, trật tự, tín dụng đen, ma túy"),
)
STAFF = (
    ("TT01", "Thường trực 01", "Bí thư Tỉnh ủy", "thuong_truc"),
    ("TT02", "Thường trực 02", "Phó Bí thư Thường trực Tỉnh ủy", "thuong_truc"),
    ("TT03", "Thường trực 03", "Phó Bí thư Tỉnh ủy", "thuong_truc"),
    ("VP01", "Văn phòng 01", "Trưởng phòng Tổng hợp", "tong_hop"),
    ("VP02", "Văn phòng 02", "Chánh Văn phòng", "duyet"),
    ("TC01", "Ban Tổ chức 01", "Phó Trưởng ban", "ban_to_chuc"),
    ("KT01", "Kiểm tra 01", "Ủy viên Ủy ban Kiểm tra", "kiem_tra"),
    ("SO01", "Đơn vị giải quyết 01", "Phó Giám đốc Sở", "giai_quyet"),
    ("QT01", "Quản trị 01", "Quản trị hệ thống", "quan_tri"),
)

Row = dict[str, Any]


@dataclass
class Sample:
    """The rows of a workbook in the making, by sheet."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, sheet: str, **row: Any) -> None:
        """One row more."""
        self.rows.setdefault(sheet, []).append(row)

    def count(self, sheet: str) -> int:
        """How many rows a sheet has."""
        return len(self.rows.get(sheet, ()))


def write_sample(path: Path, province: str = "Gia Lai", *, before_2025: bool = False) -> Sample:
    """Writes the sample workbook; LookupError when there is no such province."""
    made = sample(province, before_2025=before_2025)
    tree = "trước tháng 7/2025" if before_2025 else "từ tháng 7/2025"
    write(path, made.rows, f"Danh sách mẫu, {province}, {tree}. Tên người là tên giả định.")
    return made


def sample(province: str = "Gia Lai", *, before_2025: bool = False) -> Sample:
    """The rows of a sample: today's communes, or districts and communes with what became of them.

    One follower for every commune and day, every ninth cadre follows two; ten members in charge
    share the communes, or before the reform the districts.
    """
    made = Sample()
    _rules(made)
    if before_2025:
        old, new = former_province(province)
        _areas(made, old, None, BEFORE)
        _areas(made, new, REFORM, None)
        for code, became in old.successors:
            made.add("ke_tuc", ma_cu=code, ma_moi=became)
        _people(made, new, max(len(old.communes), len(new.communes)))
        _follow(made, old, RULED_ON, BEFORE)
        _follow(made, new, REFORM, None)
        _seats(made, old, None, BEFORE)
        _seats(made, new, REFORM, None)
        return made
    today = province_today(province)
    _areas(made, today, REFORM, None)
    _people(made, today, len(today.communes))
    _follow(made, today, REFORM, None)
    _seats(made, today, REFORM, None)
    return made


def _rules(made: Sample) -> None:
    title = "Phân công cán bộ phụ trách, theo dõi cơ sở"
    made.add("quy_dinh", so_ky_hieu=RULE, ngay=RULED_ON, trich_yeu=title)
    for kind, unit, exchanges in (("theo_doi", "thang", 1), ("phu_trach", "nua_nam", 0)):
        made.add(
            "dinh_ky",
            so_ky_hieu=RULE,
            loai=kind,
            tu_ngay=RULED_ON,
            ky=unit,
            so_chuyen=1,
            so_trao_doi=exchanges,
        )
    for code, name, keywords in FIELDS:
        made.add("linh_vuc", ma=code, ten=name, tu_khoa=keywords)


def _areas(made: Sample, province: Province, first: date | None, last: date | None) -> None:
    for place in (province.root, *province.districts, *province.communes):
        made.add(
            "dia_ban",
            ma=place.code,
            ten=place.name,
            cap=place.level,
            ma_cha=place.parent,
            tu_ngay=first,
            den_ngay=last,
        )


def _people(made: Sample, province: Province, communes: int) -> None:
    city = province.root.name.startswith("Thành phố")
    committee = "Thành ủy" if city else "Tỉnh ủy"
    made.add("cai_dat", khoa="ten_tinh", gia_tri=province.root.name)
    made.add("cai_dat", khoa="ten_tinh_uy", gia_tri=committee)
    made.add("cai_dat", khoa="ten_van_phong", gia_tri=f"Văn phòng {committee}")
    for code, name, post, role in STAFF:
        _person(made, code, name, post.replace("Tỉnh ủy", committee), committee)
        made.add("vai_tro", ma_can_bo=code, vai_tro=role)
    for number in range(1, MEMBERS + 1):
        post = f"Ủy viên Ban Thường vụ {committee}"
        _person(made, f"UV{number:02d}", f"Ủy viên {number:02d}", post, committee)
    for number in range(1, max(_follower(at) for at in range(communes)) + 2):
        unit = f"Sở {TRADES[number % len(TRADES)]} (giả định)"
        post = ("Giám đốc", "Phó Giám đốc")[number % 2]
        _person(made, f"CB{number:03d}", f"Cán bộ {number:03d}", f"{post} {unit}", unit)
    for number in (1, 2):
        _person(made, f"GV{number:02d}", f"Giúp việc {number:02d}", "Chuyên viên", committee)
        helped = ("CB001", "UV01")[number - 1]
        made.add(
            "vai_tro", ma_can_bo=f"GV{number:02d}", vai_tro="giup_viec", ma_nguoi_duoc_giup=helped
        )


def _person(made: Sample, code: str, name: str, post: str, unit: str) -> None:
    number = made.count("can_bo") + 1
    made.add(
        "can_bo",
        ma=code,
        ho_ten=name,
        chuc_vu=post,
        don_vi=unit,
        dien_thoai=f"0000 {number // 1000:03d} {number % 1000:03d}",
        thu_tu=number * 10,
    )


def _follow(made: Sample, province: Province, first: date, last: date | None) -> None:
    for at, commune in enumerate(province.communes):
        _assign(made, f"CB{_follower(at) + 1:03d}", commune, "theo_doi", (first, last))
    in_charge: Sequence[Place] = province.districts or province.communes
    for member, place in _shares(in_charge):
        _assign(made, f"UV{member:02d}", place, "phu_trach", (first, last))


def _assign(
    made: Sample, who: str, place: Place, kind: str, span: tuple[date, date | None]
) -> None:
    made.add(
        "phan_cong",
        ma_can_bo=who,
        ma_dia_ban=place.code,
        so_ky_hieu=RULE,
        loai=kind,
        tu_ngay=span[0],
        den_ngay=span[1],
    )


def _follower(at: int) -> int:
    """The follower of the at-th commune: the first two of every nine share one."""
    whole, rest = divmod(at, TWO_AREAS_EVERY)
    return whole * (TWO_AREAS_EVERY - 1) + max(rest - 1, 0)


def _shares(places: Sequence[Place]) -> Iterator[tuple[int, Place]]:
    """Neighbours in the list to one member in charge, as evenly as it goes."""
    for at, place in enumerate(places):
        yield at * MEMBERS // len(places) + 1, place


def _seats(made: Sample, province: Province, first: date | None, last: date | None) -> None:
    for commune in province.communes:
        code = f"XA{sum(row['ma'][:2] == 'XA' for row in made.rows['can_bo']) + 1:03d}"
        name = commune.name[0].lower() + commune.name[1:]
        _person(made, code, f"Bí thư {name}", f"Bí thư Đảng ủy {name}", f"Đảng ủy {name}")
        made.add(
            "vai_tro",
            ma_can_bo=code,
            vai_tro="co_so",
            ma_dia_ban=commune.code,
            tu_ngay=first,
            den_ngay=last,
        )
