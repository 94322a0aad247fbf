"""What the first generator stored opens as it was: the same words, figures and hash."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from docx import Document
from openpyxl import load_workbook

from bot.desk import compiling, shown
from bot.reports.chapters import text
from bot.reports.chat import Cover, digest
from bot.reports.checks import violations
from bot.reports.snapshots import GENERATOR, Snapshot
from bot.reports.word import docx
from bot.reports.workbook import xlsx
from bot.rules.periods import period
from storage.database import Database
from storage.scope import SYSTEM
from storage.tables import Report, metadata
from tests.reports.planted import CLOSE, plant
from tests.reports.test_digest import BOARD, DIGEST

KEPT: dict[str, Any] = json.loads(
    Path(__file__).with_name("generator_1.json").read_text(encoding="utf-8")
)
SHA256 = "3cd6f74324e8eda89ac75cebef0a313ff34c141724ef714a4577aae8f301d4c6"
"""Of the month that `planted` plants, as the first generator counted and hashed it."""


def test_it_is_not_of_today() -> None:
    assert KEPT["generator"] == "1"
    assert GENERATOR != "1"


def test_its_digest_figures_and_hash_are_those_that_were_stored() -> None:
    snapshot = Snapshot.from_json(KEPT)
    assert digest(snapshot, BOARD) == DIGEST
    assert snapshot.to_json() == KEPT
    assert snapshot.sha256 == SHA256
    stored = [figure for block in KEPT["blocks"] for figure in block["figures"]]
    assert [figure.to_json() for figure in snapshot.figures.values()] == stored
    assert len(stored) > 200
    assert violations(snapshot) == []


def test_word_and_excel_are_printed_from_it_twice_alike() -> None:
    snapshot = Snapshot.from_json(KEPT)
    papers = [docx(Snapshot.from_json(KEPT), BOARD) for _ in range(2)]
    assert papers[0] == papers[1]
    texts = [line.text for line in Document(io.BytesIO(papers[0])).paragraphs]
    assert f"Mã băm SHA-256 của số liệu: {SHA256}" in texts
    assert "I- XIN Ý KIẾN (2)" in texts
    assert any("Kỳ trước 38 + mới 27 = kết thúc 31 + còn 34" in one for _, one in text(snapshot))
    book = load_workbook(io.BytesIO(xlsx(snapshot, Cover())))
    rows = {row[3]: row[1] for row in book["Số liệu"].values}
    assert {name: rows[name] for name in ("cases_new", "visits", "not_recorded")} == {
        "cases_new": 27,
        "visits": 117,
        "not_recorded": 16,
    }


def test_the_next_month_is_compared_with_it_and_it_is_read_as_it_was_sent(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'older.db'}")
    metadata.create_all(db.engine)
    with db.writing() as session:
        plant(session)
        old = Report(
            period="2026-10",
            scope="tinh",
            cut_at=CLOSE,
            snapshot=KEPT,
            sha256=SHA256,
            generator="1",
            words={},
            state="sent",
        )
        session.add(old)
    with db.reading() as session:
        november = compiling.snapshot_of(
            session, SYSTEM, period("month", 2026, 11), cut=CLOSE + timedelta(days=30)
        )
        found = shown.find(session, SYSTEM, period("month", 2026, 10), "tinh", CLOSE)
        assert found is not None
        assert digest(found.snapshot, BOARD) == DIGEST
        assert found.snapshot.sha256 == SHA256
    assert (november.generator, november.value("cases_carried")) == (GENERATOR, 34)
    assert violations(november) == []
    db.close()
