"""Exports hold what the viewer may see, under the columns' names, and no formula."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from bot.work.export import WRITERS, escaped, export
from storage.database import Database
from storage.exports import NOUNS
from storage.scope import SYSTEM, Viewer
from storage.tables import Account, Area, Case, Outbox, Person, Visit

AT = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)
FORMULAS = ["=1+1", "+84", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")']
COMMUNE = Viewer(person_id=3, communes=frozenset({1}))


@pytest.fixture
def filled(db: Database) -> Database:
    with db.writing() as session:
        session.add_all(Area(code=code, name=f"Xã {code}", level="xa") for code in ("HM", "LM"))
        people = ("Nguyễn Văn Mẫu", "Đỗ Văn Thay", "Trần Thị Hòa")
        session.add_all(Person(code=f"P{n}", full_name=name) for n, name in enumerate(people))
        session.flush()
        session.add_all([_visit(1, area_id=1), _visit(2, area_id=2), _case(1), _case(2)])
        session.add(Account(bot="t:1", external_id="1", person_id=1))
        session.flush()
        for person_id in (1, 3):
            body = {"text": "Đã lưu phiếu"}
            session.add(Outbox(person_id=person_id, kind="receipt", body=body, created_at=AT))
    return db


def _visit(number: int, area_id: int) -> Visit:
    return Visit(
        number=number,
        person_id=1,
        area_id=area_id,
        visited_on=date(2026, 11, 24),
        activity="hop_thon",
        situation="Nắm được",
        check="Đã kiểm tra",
        advice=FORMULAS[0],
        written_by_id=1,
        begun_at=AT,
        submitted_at=AT,
    )


def _case(number: int) -> Case:
    return Case(
        number=number,
        area_id=1,
        raised_by_id=1,
        source="can_bo",
        text=FORMULAS[3],
        state="open",
        raised_at=AT,
    )


def exported(db: Database, viewer: Viewer, noun: str) -> list[dict[str, object]]:
    target = io.BytesIO()
    export(db, viewer, noun, "json", target)
    found: list[dict[str, object]] = json.loads(target.getvalue())
    return found


def test_the_keys_are_the_columns_names(filled: Database) -> None:
    first, second = exported(filled, SYSTEM, "visits")
    assert list(first) == list(Visit.model_fields)
    assert first["visited_on"] == "2026-11-24"
    assert first["submitted_at"] == "2026-11-24T09:42:00+00:00"
    assert (first["situation"], second["number"]) == ("Nắm được", 2)


def test_the_commune_gets_its_own_visits_without_situation_and_check(filled: Database) -> None:
    (row,) = exported(filled, COMMUNE, "visits")
    assert (row["number"], row["situation"], row["check"]) == (1, "", "")
    assert row["advice"] == FORMULAS[0]


def test_nobody_gets_other_peoples_messages(filled: Database) -> None:
    assert [row["person_id"] for row in exported(filled, COMMUNE, "outbox")] == [3]
    assert [row["person_id"] for row in exported(filled, SYSTEM, "outbox")] == [1, 3]


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("viewer", [SYSTEM, COMMUNE, Viewer(person_id=9)])
@pytest.mark.parametrize("format_", WRITERS)
def test_every_export_can_be_written(
    filled: Database, noun: str, viewer: Viewer, format_: str
) -> None:
    target = io.BytesIO()
    export(filled, viewer, noun, format_, target)
    assert target.getvalue()


@pytest.mark.parametrize("noun", ["visits", "cases", "assignments", "reminders"])
def test_a_stranger_gets_nothing(filled: Database, noun: str) -> None:
    assert exported(filled, Viewer(person_id=9), noun) == []


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_a_formula(text: str) -> None:
    assert escaped(text) == f"'{text}"
    assert escaped("Xã Hòa Mẫu") == "Xã Hòa Mẫu"
    assert escaped(-1) == -1


def test_a_csv_opens_in_a_spreadsheet_with_its_marks_and_without_formulas(
    filled: Database,
) -> None:
    target = io.BytesIO()
    export(filled, SYSTEM, "cases", "csv", target)
    assert target.getvalue().startswith(b"\xef\xbb\xbf")
    row, _ = csv.DictReader(io.StringIO(target.getvalue().decode("utf-8-sig")))
    assert row["text"] == f"'{FORMULAS[3]}"
    assert row["raised_at"] == "2026-11-24T09:42:00+00:00"


def test_a_workbook_shows_the_provinces_time_and_no_formula(filled: Database) -> None:
    target = io.BytesIO()
    export(filled, SYSTEM, "visits", "xlsx", target)
    names, first, _ = load_workbook(target).active.values
    row = dict(zip(names, first, strict=True))
    assert row["advice"] == "'=1+1"
    assert row["submitted_at"] == datetime(2026, 11, 24, 16, 42)  # noqa: DTZ001  a cell has no zone
