"""Programmes that come along: sheets written in TOML, with a plainly invented sample."""

import tomllib
from datetime import date, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from bot.roster.cells import text_of
from bot.roster.loading import ImportResult, take_in
from bot.roster.sheets import BY_NAME
from bot.roster.workbook import Row, Rows
from storage.database import Database

SUFFIX = ".toml"
VALUES = "so_don"
PARTS = ("Nắm tình hình", "Góp ý với cấp ủy", "Kiểm tra thực tế")

Table = dict[str, Any]


@cache
def names() -> tuple[str, ...]:
    """What there is to choose from."""
    found = (each.name for each in files("bot.presets").iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in found if name.endswith(SUFFIX)))


def read(name: str) -> Table:
    """The file of the name as it stands."""
    return tomllib.loads((files("bot.presets") / f"{name}{SUFFIX}").read_text("utf-8"))


def load(db: Database, name: str, at: datetime) -> ImportResult:
    """Put the sheets and the sample into a database, all of it or nothing (ImportFailed)."""
    return take_in(db, book(read(name)), at)


def book(preset: Table) -> dict[str, Rows]:
    """The rows by sheet, as if they had been read out of a workbook."""
    made: dict[str, list[Table]] = {}
    for sheet in BY_NAME:
        common = preset.get("chung", {}).get(sheet, {})
        made[sheet] = [{**common, **row} for row in preset.get(sheet, ())]
    common = preset.get("chung", {}).get("so_lieu", {})
    for code, number in preset.get(VALUES, {}).items():
        made["so_lieu"].append({**common, "ma_chi_tieu": code, "gia_tri": number})
    if sample := preset.get("mau"):
        _units(made, sample)
    return {name: _rows(name, rows) for name, rows in made.items() if rows}


def _rows(name: str, rows: list[Table]) -> Rows:
    sheet = BY_NAME[name]
    columns = tuple(column.name for column in sheet.columns)
    cells = [{key: text_of(value) for key, value in row.items()} for row in rows]
    return Rows(sheet, columns, tuple(Row(place, row) for place, row in enumerate(cells, 2)))


def _units(made: dict[str, list[Table]], sample: Table) -> None:
    """So many units below the parents in turn, each with a follower, the parents with members."""
    parents = sample["cha"]
    for at in range(sample["so"]):
        number = f"{at + 1:03d}"
        code = f"{sample['ma']}{number}"
        unit = {"ma": code, "ten": f"{sample['ten']} {number}", "cap": sample["cap"]}
        made["dia_ban"].append({**unit, "ma_cha": parents[at * len(parents) // sample["so"]]})
        follower = f"CB{at % sample['so_nguoi'] + 1:03d}"
        made["phan_cong"].append(_assigned(sample, follower, code, "theo_doi"))
    for at in range(sample["so_nguoi"]):
        _person(made, f"CB{at + 1:03d}", f"{sample['nguoi']} {at + 1:03d}")
    for at, parent in enumerate(parents if "phu_trach" in sample else (), 1):
        _person(made, f"UV{at:02d}", f"{sample['phu_trach']} {at:02d}")
        made["phan_cong"].append(_assigned(sample, f"UV{at:02d}", parent, "phu_trach"))
    if given := sample.get("giao"):
        _portions(made, sample, given)
    if visits := sample.get("tham"):
        _visits(made, sample, visits)


def _assigned(sample: Table, who: str, where: str, kind: str) -> Table:
    rule = {"so_ky_hieu": sample["so_ky_hieu"], "tu_ngay": sample["tu_ngay"]}
    return {"ma_can_bo": who, "ma_dia_ban": where, "loai": kind, **rule}


def _person(made: dict[str, list[Table]], code: str, name: str) -> None:
    made["can_bo"].append({"ma": code, "ho_ten": name, "chuc_vu": "Chức vụ giả định"})


def _portions(made: dict[str, list[Table]], sample: Table, given: Table) -> None:
    """The whole of a target shared out, the first units one more than the last."""
    least, over = divmod(given["tong"], sample["so"])
    row = {key: value for key, value in given.items() if key != "tong"}
    for at in range(sample["so"]):
        unit, portion = f"{sample['ma']}{at + 1:03d}", least + (at < over)
        made["giao_chi_tieu"].append({**row, "ma_don_vi": unit, "so_sanh": "tu", "muc": portion})


def _visits(made: dict[str, list[Table]], sample: Table, visits: Table) -> None:
    """One visit of the month to each unit but every so many-th, with three, two or one part."""
    first: date = visits["thang"]
    for at in range(sample["so"]):
        if (at + 1) % visits["bo_moi"] == 0:
            continue
        number = f"{at + 1:03d}"
        row = {
            "ma_can_bo": f"CB{at % sample['so_nguoi'] + 1:03d}",
            "ma_dia_ban": f"{sample['ma']}{number}",
            "ngay": first + timedelta(days=at % 27),
        }
        said = [f"{part} tại {sample['ten']} {number}" for part in PARTS[: 3 - at % 3]]
        made["chuyen_di"].append(row | dict(zip(("nam", "gop_y", "kiem_tra"), said, strict=False)))
