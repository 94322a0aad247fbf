"""Writes checked entries in bulk: adds what is new, changes what differs, doubles nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, update
from sqlmodel import Session, SQLModel

from bot.roster.columns import Record, Sheet
from bot.roster.entries import Entries
from bot.roster.sheets import BY_NAME
from storage import indexing
from storage.tables import Area, FieldOfWork, Person, Regulation, metadata

CODED: Mapping[str, tuple[type[SQLModel], str]] = {
    "dia_ban": (Area, "code"),
    "can_bo": (Person, "code"),
    "quy_dinh": (Regulation, "number"),
    "linh_vuc": (FieldOfWork, "code"),
}
PLAIN = ("ke_tuc", "can_bo", "vai_tro", "quy_dinh", "dinh_ky", "phan_cong", "vang_mat")
PROGRAMMES = ("chi_tieu", "giao_chi_tieu", "tieu_chi", "cham_diem", "cong_viec")
SETTINGS = ("linh_vuc", "cai_dat", "ngay_nghi")


@dataclass(frozen=True)
class Tally:
    """Keys of the rows that were added and changed, and how many stayed as they were."""

    new: frozenset[Any] = field(default=frozenset())
    changed: frozenset[Any] = field(default=frozenset())
    same: int = 0

    def and_then(self, later: "Tally") -> "Tally":
        """Both passes over the same rows."""
        changed = (self.changed | later.changed) - self.new
        return Tally(self.new, changed, self.same + len(self.changed) - len(changed))


def apply(session: Session, entries: Entries, done: Callable[[str], None]) -> dict[str, Tally]:
    """Everything but earlier visits and cases; what was added and changed by sheet."""
    tallies: dict[str, Tally] = {}
    if "dia_ban" in entries:
        tallies["dia_ban"] = _areas(session, [entry.values for entry in entries["dia_ban"]])
        if tallies["dia_ban"].changed:  # what is found by words is called by its area, too
            indexing.fill(session.connection(), anew=True)
        done("dia_ban")
    for name in (*PLAIN, *PROGRAMMES, *SETTINGS):
        if name in entries:
            records = resolved(session, BY_NAME[name], (e.values for e in entries[name]))
            tallies[name] = upsert(session, BY_NAME[name], records)
            done(name)
    return tallies


def _areas(session: Session, records: Sequence[Record]) -> Tally:
    """First the rows themselves, then their parents, which may stand further down."""
    sheet = BY_NAME["dia_ban"]
    rows = [{k: v for k, v in record.items() if k != "parent_id"} for record in records]
    tally = upsert(session, sheet, _placed(session, rows))
    if "parent_id" in records[0]:
        parents = ({key: r[key] for key in ("code", "parent_id")} for r in records)
        tally = tally.and_then(upsert(session, sheet, resolved(session, sheet, parents)))
    return tally


def _placed(session: Session, rows: list[Record]) -> list[Record]:
    """The place in the official list: a whole list gives it anew, a part only to what is new."""
    table = _table(Area)
    found = session.connection().execute(select(table.c.code, table.c.place))
    places = {code: place for code, place in found}
    if not places.keys() <= {row["code"] for row in rows}:
        last = max(places.values(), default=-1)
        news = [row["code"] for row in rows if row["code"] not in places]
        places |= {code: last + number for number, code in enumerate(news, 1)}
        return [{**row, "place": places[row["code"]]} for row in rows]
    return [{**row, "place": number} for number, row in enumerate(rows)]


def resolved(session: Session, sheet: Sheet, records: Iterable[Record]) -> list[Record]:
    """The records with ids where they name codes of what has one version only."""
    refers = {c.field: c.refers for c in sheet.columns if c.refers in CODED}
    ids = {name: ids_by_code(session, name) for name in set(refers.values())}
    return [
        {
            field: ids[refers[field]][value] if value is not None and field in refers else value
            for field, value in record.items()
        }
        for record in records
    ]


def ids_by_code(session: Session, name: str) -> dict[str, int]:
    """The ids of everything in the sheet's table, by its code."""
    model, key = CODED[name]
    table = _table(model)
    return {
        code: row for code, row in session.connection().execute(select(table.c[key], table.c.id))
    }


def upsert(session: Session, sheet: Sheet, records: Sequence[Record]) -> Tally:
    """Adds and changes rows, in two statements; a key stands once in the records."""
    if not records:
        return Tally()
    table = _table(sheet.table)
    stored = _stored(session, table, sheet.key)
    new: dict[Any, Record] = {}
    changed: dict[Any, Record] = {}
    for record in records:
        key = tuple(record[name] for name in sheet.key)
        old = stored.get(key)
        if old is None:
            new[key] = record
        elif any(old[name] != value for name, value in record.items()):
            changed[key] = {**_key_of_row(table, old), **record}
    insert_all(session, sheet.table, list(new.values()))
    _update_all(session, table, list(changed.values()))
    same = len(records) - len(new) - len(changed)
    return Tally(frozenset(new), frozenset(changed), same)


def insert_all(session: Session, model: type[SQLModel], records: list[Record]) -> None:
    """Adds the rows in one statement, with the table's defaults."""
    if records:
        session.connection().execute(insert(_table(model)), records)


def _stored(session: Session, table: Table, key: tuple[str, ...]) -> dict[Any, Mapping[str, Any]]:
    rows = session.connection().execute(select(table)).mappings()
    return {tuple(row[name] for name in key): dict(row) for row in rows}


def _key_of_row(table: Table, row: Mapping[str, Any]) -> Record:
    return {f"_{column.name}": row[column.name] for column in table.primary_key}


def _update_all(session: Session, table: Table, records: list[Record]) -> None:
    if not records:
        return
    keys = {f"_{column.name}" for column in table.primary_key}
    where = [column == bindparam(f"_{column.name}") for column in table.primary_key]
    names = [name for name in records[0] if name not in keys]
    statement = update(table).where(*where).values({name: bindparam(name) for name in names})
    session.connection().execute(statement, records)


def _table(model: type[SQLModel]) -> Table:
    return metadata.tables[str(model.__tablename__)]
