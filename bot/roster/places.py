"""The real provinces, districts and communes, today and before July 2025, for the sample."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.words import fold, nfc

_ORDER = {"phuong": 0, "thi-tran": 1, "xa": 2, "dac-khu": 3}


@dataclass(frozen=True)
class Place:
    """One area of a province."""

    code: str
    name: str
    level: str
    parent: str | None = None


@dataclass(frozen=True)
class Province:
    """A province with its communes, and with districts where it has any."""

    root: Place
    communes: tuple[Place, ...]
    districts: tuple[Place, ...] = ()
    successors: tuple[tuple[str, str], ...] = ()  # (old commune, new commune) by code


def province_today(name: str) -> Province:
    """One of today's 34 provinces: two levels. LookupError names those there are."""
    data = _data()
    found = _named(name, data["newProvinces"])
    communes = _children(data["newWards"], {found["code"]})
    return _today(found, communes)


def former_province(name: str) -> tuple[Province, Province]:
    """One of the 63 provinces before July 2025, of three levels, and what became of it."""
    data = _data()
    found = _named(name, data["oldProvinces"])
    districts = _children(data["oldDistricts"], {found["code"]})
    root = Place(f"T{found['code']}", _name(found), "tinh")
    order = {row["code"]: place for place, row in enumerate(districts)}
    wards = sorted(
        _children(data["oldWards"], order.keys()), key=lambda row: order[row["parent_code"]]
    )
    became = [row for row in data["mapping"]["rows"] if row["old"]["ward_code"] in _codes(wards)]
    links = {(f"C{row['old']['ward_code']}", row["new"]["ward_code"]) for row in became}
    old = Province(
        root,
        tuple(Place(f"C{w['code']}", _name(w), "xa", f"H{w['parent_code']}") for w in wards),
        tuple(Place(f"H{d['code']}", _name(d), "huyen", root.code) for d in districts),
        tuple(sorted(links)),
    )
    news = [data["newWards"][code] for code in {new for _, new in links}]
    whole = data["newProvinces"][news[0]["parent_code"]]
    return old, _today(whole, sorted(news, key=_place))


def _today(found: Any, communes: Iterable[Any]) -> Province:
    root = Place(f"P{found['code']}", _name(found), "tinh")
    return Province(root, tuple(Place(w["code"], _name(w), "xa", root.code) for w in communes))


def _data() -> Any:
    from vietnam_address_converter.data import DEFAULT_DATA  # late: ten megabytes of names

    return DEFAULT_DATA


def _named(name: str, provinces: dict[str, Any]) -> Any:
    for row in provinces.values():
        if fold(name) in (fold(row["name"]), fold(row["name_with_type"])):
            return row
    names = ", ".join(sorted((row["name"] for row in provinces.values()), key=fold))
    raise LookupError(f'Không có tỉnh "{name}". Có: {names}')


def _children(rows: dict[str, Any], parents: Iterable[str]) -> list[Any]:
    above = set(parents)
    return sorted((row for row in rows.values() if row["parent_code"] in above), key=_place)


def _place(row: Any) -> tuple[int, str]:
    """Wards before communes, then by name."""
    return _ORDER.get(row["type"], 0), fold(row["name"])


def _codes(rows: Iterable[Any]) -> frozenset[str]:
    return frozenset(row["code"] for row in rows)


def _name(row: Any) -> str:
    """ "Thành Phố Quy Nhơn" is written "Thành phố Quy Nhơn"."""
    name = nfc(row["name_with_type"])
    for wrong, right in (
        ("Thành Phố", "Thành phố"),
        ("Thị Xã", "Thị xã"),
        ("Thị Trấn", "Thị trấn"),
    ):
        name = name.replace(wrong, right)
    return name
