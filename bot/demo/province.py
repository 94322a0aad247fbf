"""The invented province of the demo: areas, people, roles, fields of work."""

from dataclasses import dataclass, field
from datetime import date

from sqlmodel import Session, SQLModel

from storage.tables import (
    Area,
    Assignment,
    Cadence,
    FieldOfWork,
    Person,
    Regulation,
    Role,
    Setting,
)

ISSUED = date(2021, 4, 29)
FOLLOWED_SINCE = date(2026, 9, 1)
NAMED = ("Xã Hòa Mẫu", "Phường Tân Mẫu", "Xã Long Mẫu")
OTHERS = (
    *("An", "Bình", "Cát", "Đông", "Gia", "Hưng", "Khánh", "Lâm", "Minh", "Nam", "Phú"),
    *("Quang", "Sơn", "Thạnh", "Vĩnh", "Yên", "Xuân"),
)
COMMUNES = (*NAMED, *(f"Xã {name} Mẫu" for name in OTHERS))
DUTY = "0900 000 099"  # the duty officer's telephone
IN_CHARGE = 13  # communes of the first member; the second has the rest

PEOPLE = (
    ("TT01", "Võ Văn Thường", "Phó Bí thư Thường trực Tỉnh ủy", "Tỉnh ủy"),
    ("UV01", "Phạm Văn Ví", "Ủy viên Ban Thường vụ Tỉnh ủy", "Tỉnh ủy"),
    ("UV02", "Ủy viên 02", "Ủy viên Ban Thường vụ Tỉnh ủy", "Tỉnh ủy"),
    ("VP02", "Đinh Văn Chánh", "Chánh Văn phòng Tỉnh ủy", "Văn phòng Tỉnh ủy"),
    ("VP01", "Hồ Thị Tổng", "Bộ phận tổng hợp", "Văn phòng Tỉnh ủy"),
    ("TC01", "Vũ Văn Điển", "Ban Tổ chức Tỉnh ủy", "Ban Tổ chức Tỉnh ủy"),
    ("CB001", "Nguyễn Văn Mẫu", "Giám đốc Sở Công Thương", "Sở Công Thương"),
    ("GV01", "Lê Thị Giúp", "Chuyên viên", "Sở Công Thương"),
)
ROLES = (
    ("TT01", "thuong_truc", "", ""),
    ("VP01", "tong_hop", "", ""),
    ("VP02", "duyet", "", ""),
    ("TC01", "ban_to_chuc", "", ""),
    ("GV01", "giup_viec", "", "CB001"),
)
FIELDS = (
    ("Giao thông", "cầu, đường, giao thông"),
    ("Đất đai, tái định cư", "đất đai, tái định cư, giao đất, địa chính"),
    ("Biên chế, cán bộ xã", "biên chế, công chức, biệt phái"),
    ("Phần mềm một cửa", "một cửa, phần mềm"),
    ("Giáo dục", "giáo viên, trường học, mầm non"),
    ("Trụ sở, tài sản", "trụ sở, nhà văn hóa, dôi dư"),
)


@dataclass
class Made:
    """Ids of what was put in, by code."""

    people: dict[str, int] = field(default_factory=dict)
    areas: list[int] = field(default_factory=list)  # communes in the official order
    followers: list[int] = field(default_factory=list)  # who follows the commune in that place


def make(session: Session) -> Made:
    """Put the province into an empty database."""
    made = Made()
    top = _added(session, Area(code="TINH", name="Tỉnh Mẫu", level="tinh"))
    for place, name in enumerate(COMMUNES, start=1):
        row = Area(code=f"X{place:02d}", name=name, level="xa", parent_id=top, place=place)
        made.areas.append(_added(session, row))
    for rank, (code, name, post, unit) in enumerate(_everybody(), start=1):
        phone = f"0900 000 {rank:03d}"
        person = Person(
            code=code, full_name=name, post=post, unit=unit, phone=phone, rank=rank * 10
        )
        made.people[code] = _added(session, person)
    _give_roles(session, made)
    _assign(session, made)
    for number, (name, keywords) in enumerate(FIELDS, start=1):
        session.add(FieldOfWork(code=f"LV{number}", name=name, keywords=keywords))
    session.add(Setting(key="truc_ban", value=DUTY, from_date=ISSUED))
    session.flush()
    return made


def _everybody() -> list[tuple[str, str, str, str]]:
    cadres = [
        (f"CB{n:03d}", f"Cán bộ {n:03d}", "Lãnh đạo sở, ngành", "Cơ quan cấp tỉnh")
        for n in range(3, len(COMMUNES) + 1)
    ]
    seats = [
        (f"XA{n:02d}", f"Bí thư {name}", f"Bí thư Đảng ủy {_lower(name)}", f"Đảng ủy {name}")
        for n, name in enumerate(COMMUNES, start=1)
    ]
    seats[0] = ("XA01", "Trần Thị Hòa", *seats[0][2:])
    return [*PEOPLE, *cadres, *seats]


def _lower(name: str) -> str:
    return name[0].lower() + name[1:]


def _give_roles(session: Session, made: Made) -> None:
    for code, role, _, helped in ROLES:
        helped_id = made.people[helped] if helped else None
        session.add(Role(person_id=made.people[code], role=role, helped_id=helped_id))
    for place, area_id in enumerate(made.areas, start=1):
        session.add(Role(person_id=made.people[f"XA{place:02d}"], role="co_so", area_id=area_id))


def _assign(session: Session, made: Made) -> None:
    rule = Regulation(number="02-QĐ/TU", issued_on=ISSUED, title="Phân công theo dõi cơ sở")
    regulation = _added(session, rule)
    session.add(
        Cadence(
            regulation_id=regulation, kind="theo_doi", from_date=ISSUED, unit="thang", exchanges=1
        )
    )
    for place, area_id in enumerate(made.areas):
        code = "CB001" if place < 2 else f"CB{place + 1:03d}"
        made.followers.append(made.people[code])
        member = made.people["UV01" if place < IN_CHARGE else "UV02"]
        for person_id, kind in ((made.people[code], "theo_doi"), (member, "phu_trach")):
            session.add(
                Assignment(
                    person_id=person_id,
                    area_id=area_id,
                    regulation_id=regulation,
                    kind=kind,
                    from_date=FOLLOWED_SINCE,
                )
            )


def _added(session: Session, row: SQLModel) -> int:
    session.add(row)
    session.flush()
    return int(row.id)  # type: ignore[attr-defined]  # every table here has an integer id
