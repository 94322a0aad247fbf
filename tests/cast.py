"""The people of the tests: plainly invented, in an invented province; one must see nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TypeVar

from sqlmodel import Session

from storage.tables import Area, Assignment, Cadence, FieldOfWork, Person, Regulation, Role

Key = TypeVar("Key")

TODAY = date(2026, 11, 24)  # a Tuesday
NOW = datetime(2026, 11, 24, 9, 40, tzinfo=UTC)  # 16:40 in the province
ISSUED = date(2021, 4, 29)

AREAS = (
    ("TINH", "Tỉnh Mẫu", "tinh", None),
    ("HOAMAU", "Xã Hòa Mẫu", "xa", "TINH"),
    ("TANMAU", "Phường Tân Mẫu", "xa", "TINH"),
    ("LONGMAU", "Xã Long Mẫu", "xa", "TINH"),
)
DISTRICT = ("HUYENMAU", "Huyện Mẫu", "huyen", "TINH")
PEOPLE = (
    ("TT01", "Võ Văn Thường", "Phó Bí thư Thường trực Tỉnh ủy", "Tỉnh ủy"),
    ("UV01", "Phạm Văn Ví", "Ủy viên Ban Thường vụ Tỉnh ủy", "Tỉnh ủy"),
    ("VP02", "Đinh Văn Chánh", "Chánh Văn phòng Tỉnh ủy", "Văn phòng Tỉnh ủy"),
    ("VP01", "Hồ Thị Tổng", "Phó Trưởng phòng Tổng hợp", "Văn phòng Tỉnh ủy"),
    ("TC01", "Vũ Văn Điển", "Phó Trưởng ban", "Ban Tổ chức Tỉnh ủy"),
    ("CB001", "Nguyễn Văn Mẫu", "Giám đốc Sở Công Thương", "Sở Công Thương"),
    ("CB002", "Đỗ Văn Thay", "Phó Giám đốc Sở Công Thương", "Sở Công Thương"),
    ("CB099", "Ngô Văn Ngoài", "Trưởng phòng", "Sở Công Thương"),
    ("GV01", "Lê Thị Giúp", "Chuyên viên", "Sở Công Thương"),
    ("XA01", "Trần Thị Hòa", "Bí thư Đảng ủy xã Hòa Mẫu", "Đảng ủy xã Hòa Mẫu"),
    ("XA02", "Lý Văn Tân", "Bí thư Đảng ủy phường Tân Mẫu", "Đảng ủy phường Tân Mẫu"),
    ("QT01", "Mai Văn Trị", "Quản trị hệ thống", "Văn phòng Tỉnh ủy"),
)
ROLES = (
    ("TT01", "thuong_truc", None, None),
    ("VP01", "tong_hop", None, None),
    ("VP02", "duyet", None, None),
    ("TC01", "ban_to_chuc", None, None),
    ("XA01", "co_so", "HOAMAU", None),
    ("XA02", "co_so", "TANMAU", None),
    ("GV01", "giup_viec", None, "CB001"),
    ("QT01", "quan_tri", None, None),
)
ASSIGNMENTS = (
    ("CB001", "HOAMAU", "theo_doi"),
    ("CB001", "TANMAU", "theo_doi"),
    ("CB002", "LONGMAU", "theo_doi"),
    ("UV01", "HOAMAU", "phu_trach"),
    ("UV01", "TANMAU", "phu_trach"),
    ("UV01", "LONGMAU", "phu_trach"),
)
FIELDS = (
    ("GT", "Giao thông", "cầu, đường, giao thông, hiến đất mở đường"),
    ("DD", "Đất đai, tái định cư", "đất đai, tái định cư, địa chính, giao đất, sổ đỏ"),
    ("BC", "Biên chế, cán bộ xã", "biên chế, công chức, thiếu cán bộ, biệt phái"),
    ("MC", "Phần mềm một cửa", "một cửa, phần mềm, dịch vụ công"),
    ("GD", "Giáo dục", "giáo viên, trường học, mầm non"),
    ("YT", "Y tế", "trạm y tế, bác sĩ, thuốc"),
    ("TS", "Trụ sở, tài sản dôi dư", "trụ sở, nhà văn hóa, dôi dư"),
)


@dataclass(frozen=True)
class Cast:
    """Ids by code: `cast["CB001"]` is a person, `cast.area["HOAMAU"]` an area."""

    person: dict[str, int]
    area: dict[str, int]
    assignment: dict[tuple[str, str, str], int]  # (person, area, kind)
    field: dict[str, int]
    regulation: int

    def __getitem__(self, code: str) -> int:
        return self.person[code]


def cast(session: Session, levels: int = 2) -> Cast:
    """Put everybody into an empty database; the caller's transaction commits.

    With three levels the communes lie in a district, of which UV01 is in charge.
    """
    area = _areas(session, levels)
    person = _people(session)
    for code, role, where, helped in ROLES:
        session.add(
            Role(
                person_id=person[code],
                role=role,
                area_id=area[where] if where else None,
                helped_id=person[helped] if helped else None,
            )
        )
    regulation, assignment = _assignments(session, person, area)
    return Cast(person, area, assignment, _fields(session), regulation)


def _areas(session: Session, levels: int) -> dict[str, int]:
    ids: dict[str, int] = {}
    listed = [AREAS[0], *([DISTRICT] if levels == 3 else []), *AREAS[1:]]
    for place, (code, name, level, above) in enumerate(listed):
        parent = DISTRICT[0] if levels == 3 and level == "xa" else above
        row = Area(code=code, name=name, level=level, place=place)
        row.parent_id = ids[parent] if parent else None
        ids |= _all_added(session, {code: row})
    return ids


def _people(session: Session) -> dict[str, int]:
    rows = {}
    for number, (code, name, post, unit) in enumerate(PEOPLE, start=1):
        phone = f"0900 000 {number:03d}"
        row = Person(code=code, full_name=name, post=post, unit=unit, phone=phone, rank=number * 10)
        rows[code] = row
    return _all_added(session, rows)


def _assignments(
    session: Session, person: dict[str, int], area: dict[str, int]
) -> tuple[int, dict[tuple[str, str, str], int]]:
    rule = Regulation(number="02-QĐ/TU", issued_on=ISSUED, title="Phân công theo dõi cơ sở")
    [regulation] = _all_added(session, {rule.number: rule}).values()
    session.add(
        Cadence(
            regulation_id=regulation, kind="theo_doi", from_date=ISSUED, unit="thang", exchanges=1
        )
    )
    rows = {
        (who, where, kind): Assignment(
            person_id=person[who],
            area_id=area[where],
            regulation_id=regulation,
            kind=kind,
            from_date=ISSUED,
        )
        for who, where, kind in _assigned(DISTRICT[0] in area)
    }
    return regulation, _all_added(session, rows)


def _assigned(in_district: bool) -> list[tuple[str, str, str]]:
    if not in_district:
        return list(ASSIGNMENTS)
    return [row for row in ASSIGNMENTS if row[0] != "UV01"] + [("UV01", DISTRICT[0], "phu_trach")]


def _fields(session: Session) -> dict[str, int]:
    rows = {
        code: FieldOfWork(code=code, name=name, keywords=keywords)
        for code, name, keywords in FIELDS
    }
    return _all_added(session, rows)


def _all_added(
    session: Session, rows: Mapping[Key, Area | Person | Regulation | Assignment | FieldOfWork]
) -> dict[Key, int]:
    """Their ids, which grow in this order; written with one statement."""
    session.add_all(rows.values())
    session.flush()
    return {key: row.id for key, row in rows.items() if row.id is not None}
