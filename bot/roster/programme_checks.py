"""What the sheets of programmes must agree with: each other, and what is stored."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from bot.roster.columns import Record
from bot.roster.entries import Entries, Entry, Known
from bot.roster.problems import Problem
from bot.rules.indicators import parse
from bot.rules.vocabulary import STAFF_GROUPS, label

FULL = 100
GROUPS = tuple(word.token for word in STAFF_GROUPS[:2])
ENTERED = ("so_luong", "bo_phan", "ty_le")

Versions = Mapping[str, list[Record]]
"""The versions of each indicator, the oldest first."""


def programme_problems(entries: Entries, known: Known) -> Iterator[Problem]:
    """Every row that contradicts another."""
    versions = _versions(entries.get("chi_tieu", []), known)
    for entry in entries.get("chi_tieu", []):
        yield from _formula(entry, versions)
    for entry in entries.get("so_lieu", []):
        yield from _value(entry, versions)
    for entry in entries.get("giao_chi_tieu", []):
        yield from _target(entry, versions)
    criteria = _criteria(entries.get("tieu_chi", []), known)
    yield from _sums(entries.get("tieu_chi", []), criteria)
    yield from _points(entries.get("cham_diem", []), criteria)


def _versions(entries: Iterable[Entry], known: Known) -> Versions:
    rows = {(row["code"], row["from_date"]): row for row in known.indicators}
    for entry in entries:
        key = entry.values["code"], entry.values["from_date"]
        rows[key] = {**rows.get(key, {}), **entry.values}
    found: dict[str, list[Record]] = defaultdict(list)
    for (code, _), row in sorted(rows.items()):
        found[code].append(row)
    return found


def in_force(versions: Versions, code: str, day: date) -> Record | None:
    """The version in force on the day."""
    held = [
        row
        for row in versions.get(code, ())
        if row["from_date"] <= day <= (row.get("to_date") or date.max)
    ]
    return held[-1] if held else None


def _formula(entry: Entry, versions: Versions) -> Iterator[Problem]:
    """The codes are there, and what is added or taken away speaks of the same population."""
    formula = parse(entry.values.get("formula", ""))
    for side in (formula.above, formula.below):
        spoken: dict[str, str] = {}
        for _, code in side:
            row = in_force(versions, code, entry.values["from_date"])
            if row is None:
                said = f'"{code}" không có trong chi_tieu vào ngày tu_ngay'
                yield Problem("chi_tieu", entry.row, "cach_tinh", said)
            elif row["kind"] in ("tinh", "ty_le"):
                said = f'"{code}" cũng là số tính ra; ghi thẳng các mã gốc'
                yield Problem("chi_tieu", entry.row, "cach_tinh", said)
            else:
                spoken.setdefault(row["population"], code)
        if len(spoken) > 1:
            of = ", ".join(f"{code} tính trên {whom}" for whom, code in spoken.items())
            said = f"không cộng trừ khác đối tượng: {of}"
            yield Problem("chi_tieu", entry.row, "cach_tinh", said)


def _value(entry: Entry, versions: Versions) -> Iterator[Problem]:
    values = entry.values
    row = in_force(versions, values["code"], values["to_date"])
    if values["code"] not in versions:
        return  # said already
    if row is None:
        yield Problem("so_lieu", entry.row, "ma_chi_tieu", "chưa hoặc không còn hiệu lực")
    elif row["kind"] not in ENTERED or row.get("formula"):
        said = f'"{values["code"]}" do hệ thống tính, không nhập'
        yield Problem("so_lieu", entry.row, "ma_chi_tieu", said)
    elif row["kind"] != "ty_le" and (values.get("numerator") or not values.get("value")):
        yield Problem("so_lieu", entry.row, "gia_tri", "chỉ tiêu này ghi một giá trị")
    elif row["kind"] == "ty_le" and values.get("value"):
        yield from _percent(entry)


def _percent(entry: Entry) -> Iterator[Problem]:
    """A spreadsheet keeps 46,6 % as 0.466, and shows it otherwise."""
    said = Decimal(entry.values["value"])
    if Decimal(0) < said < 1:
        meant = f"{said.normalize():f}".replace(".", ",")
        hint = f'"{meant}" là phần trăm hay phần của một? Ghi phần trăm, ví dụ 46,6'
        yield Problem("so_lieu", entry.row, "gia_tri", hint)


def _target(entry: Entry, versions: Versions) -> Iterator[Problem]:
    """It speaks of whom the indicator speaks of, and says whether better grades count too."""
    values = entry.values
    row = in_force(versions, values["code"], values["from_date"])
    if row is None:
        if values["code"] in versions:
            said = "chưa hoặc không còn hiệu lực vào ngày tu_ngay"
            yield Problem("giao_chi_tieu", entry.row, "ma_chi_tieu", said)
        return
    if values["population"] != row["population"]:
        said = f'mức tính trên "{values["population"]}", chỉ tiêu tính trên "{row["population"]}"'
        yield Problem("giao_chi_tieu", entry.row, "doi_tuong", said)
    share = values.get("share", False)
    if share != (row["kind"] == "ty_le") and row["kind"] != "bo_phan":
        said = "x cho mức phần trăm của tỷ lệ hoặc bộ phận; mức là số thì để trống"
        yield Problem("giao_chi_tieu", entry.row, "phan_tram", said)
    stated = values.get("cumulative") is not None
    if share and row["kind"] == "bo_phan" and not stated:
        said = "phải ghi x (từ mức này trở lên) hoặc không (riêng mức này)"
        yield Problem("giao_chi_tieu", entry.row, "luy_ke", said)


def _criteria(entries: Iterable[Entry], known: Known) -> list[Record]:
    key = ("set_code", "code", "from_date")
    rows = {tuple(row[name] for name in key): row for row in known.criteria}
    rows |= {tuple(e.values[name] for name in key): e.values for e in entries}
    return list(rows.values())


def _held(criteria: Iterable[Record], of: str, staff: str, day: date) -> list[Record]:
    return [
        row
        for row in criteria
        if row["set_code"] == of
        and row["staff"] in (staff, "ca_hai")
        and row["from_date"] <= day <= (row.get("to_date") or date.max)
    ]


def _sums(entries: Iterable[Entry], criteria: list[Record]) -> Iterator[Problem]:
    """Each group of staff comes to a hundred from every day on which the set changes."""
    first: dict[tuple[str, date], int] = {}
    for entry in entries:
        first.setdefault((entry.values["set_code"], entry.values["from_date"]), entry.row)
    for (of, day), row in first.items():
        for staff in GROUPS:
            held = _held(criteria, of, staff, day)
            total = sum(one["most"] for one in held)
            if total != FULL:
                parts = " + ".join(str(one["most"]) for one in held) or "0"
                said = f"bộ {of}, nhóm {label(STAFF_GROUPS, staff)}: {parts} = {total}, phải là 100"
                yield Problem("tieu_chi", row, "diem_toi_da", said)


def _points(entries: Iterable[Entry], criteria: list[Record]) -> Iterator[Problem]:
    """Nobody gets more than the most, nor points of the other group's criteria."""
    groups: dict[tuple[str, str, int], str] = {}
    for entry in entries:
        values = entry.values
        of, staff, year = values["set_code"], values["staff"], values["year"]
        held = {row["code"]: row for row in _held(criteria, of, staff, date(year, 12, 31))}
        found = held.get(values["criterion"])
        if found is None:
            said = f'"{values["criterion"]}" không phải tiêu chí của nhóm này trong bộ {of}'
            yield Problem("cham_diem", entry.row, "ma_tieu_chi", said)
        elif values["points"] > found["most"]:
            said = f"{values['points']} lớn hơn điểm tối đa {found['most']}"
            yield Problem("cham_diem", entry.row, "diem", said)
        if groups.setdefault((values["person_id"], of, year), staff) != staff:
            said = "một người chỉ chấm theo một nhóm trong năm"
            yield Problem("cham_diem", entry.row, "nhom_can_bo", said)
