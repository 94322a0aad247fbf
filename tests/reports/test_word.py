"""Every kind of report in every layout passes the checker, whoever issues it."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from itertools import cycle
from pathlib import Path

import pytest

from bot.layout.checking import check
from bot.layout.papers import Issuer, issuer_of
from bot.layout.profiles import PROFILES, Profile
from bot.reports.chat import Cover
from bot.reports.facts import Facts, span_of
from bot.reports.snapshots import Snapshot, compile_snapshot
from bot.reports.word import docx
from bot.rules.periods import Period, custom, period, previous
from bot.rules.province import Province
from storage import tables
from storage.database import Database
from storage.facts import facts
from storage.scope import SYSTEM
from tests.reports.planted import CLOSE, plant

ROOT = Path(__file__).parents[2]
PERIODS: tuple[Period, ...] = (
    period("month", 2026, 10),
    period("quarter", 2026, 4),
    period("half", 2026, 2),
    period("nine_months", 2026),
    period("year", 2026),
    period("month", 2026, 10, "cut15"),
    custom(date(2026, 9, 5), date(2026, 10, 20)),
)
BOARD = Cover(to="Thường trực Tỉnh ủy", seal="12345:3f9a1c2d5b6e7f80")
COVERS = (
    BOARD,
    Cover(review="automatic", to="Ban Thường vụ Tỉnh ủy"),
    Cover(review="open", in_charge="đồng chí Phạm Văn Ví, Ủy viên Ban Thường vụ Tỉnh ủy"),
    replace(BOARD, note="Văn phòng lưu ý hai việc về đất đai\nĐề nghị cho ý kiến trước ngày họp."),
)
ISSUERS = (
    Issuer(),
    issuer_of(
        Province(
            name="Mẫu",
            place="Hòa Mẫu",
            signing="TL Ban Thường vụ; Phó Chánh Văn phòng; Hồ Thị Tổng",
            receivers="Thường trực Tỉnh ủy; Các đồng chí được phân công; Lưu Văn phòng",
        )
    ),
    issuer_of(Province(committee="Thành ủy", office="Ban Tổ chức Thành ủy", name="Mẫu")),
)


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> list[Snapshot]:
    path: Path = tmp_path_factory.mktemp("word")
    db = Database(f"sqlite:///{path / 'word.db'}")
    tables.metadata.create_all(db.engine)
    with db.writing() as session:
        planted = plant(session)
    found = []
    with db.reading() as session:
        for asked in PERIODS:
            known = facts(session, SYSTEM, span_of(previous(asked), asked), cut=CLOSE)
            found.append(compile_snapshot(Facts(known, asked)))
        area = span_of(previous(PERIODS[0]), PERIODS[0])
        one = facts(session, SYSTEM, area, cut=CLOSE, areas={planted.areas[0]})
        found.append(compile_snapshot(Facts(one, PERIODS[0], scope=f"area:{planted.areas[0]}")))
    db.close()
    return [found[0], *map(_with_short_lists, found[1:])]


def _with_short_lists(snapshot: Snapshot) -> Snapshot:
    """A dozen rows are checked like a hundred and thirty-five."""
    blocks = tuple(
        replace(block, tables=tuple(replace(one, rows=one.rows[:12]) for one in block.tables))
        for block in snapshot.blocks
    )
    return replace(snapshot, blocks=blocks)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_every_kind_of_report_passes_the_checker(
    snapshots: list[Snapshot], profile: Profile
) -> None:
    """The longest once; every other under two of the covers, by turns."""
    covers = list(zip(COVERS, cycle(ISSUERS), strict=False))
    faults = {
        (snapshot.period.code, cover.review, issuer.body, one.rule, one.what)
        for place, snapshot in enumerate(snapshots)
        for cover, issuer in (covers[place % 2 :: 2] if place else covers[:1])
        for one in check(docx(snapshot, cover, issuer=issuer, profile=profile), profile)
    }
    assert faults == set()


def test_a_report_with_nothing_in_it_is_still_a_paper(snapshots: list[Snapshot]) -> None:
    empty = replace(snapshots[0], blocks=())
    for profile in PROFILES.values():
        assert check(docx(empty, BOARD, profile=profile), profile) == []


PRINTED = """
import hashlib, json, sys
from bot.layout.profiles import PROFILES
from bot.reports.chat import digest
from bot.reports.snapshots import Snapshot
from bot.reports.word import docx
from bot.reports.workbook import xlsx
from tests.reports.test_word import BOARD, ISSUERS
snapshot = Snapshot.from_json(json.load(open(sys.argv[1], encoding="utf-8")))
kinds = [docx(snapshot, BOARD, issuer=ISSUERS[1], profile=one) for one in PROFILES.values()]
kinds += [xlsx(snapshot, BOARD), digest(snapshot, BOARD).encode(), snapshot.canonical.encode()]
for content in kinds:
    print(hashlib.sha256(content).hexdigest())
"""


def test_processes_elsewhere_in_the_world_write_the_same_bytes(
    snapshots: list[Snapshot], tmp_path: Path
) -> None:
    """Word in every layout, Excel, the text on the phone, and the figures themselves."""
    kept, printed = tmp_path / "snapshot.json", set()
    kept.write_text(json.dumps(snapshots[1].to_json()), encoding="utf-8")
    for seed, zone, language in (("1", "Asia/Ho_Chi_Minh", "C.UTF-8"), ("2", "America/Lima", "C")):
        here = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language}
        done = subprocess.run(
            [sys.executable, "-c", PRINTED, str(kept)],
            cwd=ROOT,
            env={**os.environ, **here},
            capture_output=True,
            check=True,
        )
        printed.add(done.stdout)
    assert len(printed) == 1
    assert len(set(printed.pop().split())) == len(PROFILES) + 3
