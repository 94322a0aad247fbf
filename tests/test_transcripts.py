"""Golden conversations, played on both databases with a restart between every two messages.

`--update` rewrites them; the difference is then read line by line. The first lines of a file may
say who has no linked phone yet ("# chưa kết nối: CB001 XA01") and which codes were handed out
("# mã mời: CB001 K7M-2QX-9TR"), and who is addressed otherwise ("# xưng hô: GV01 chị").
"""

import re
from datetime import date
from itertools import takewhile
from pathlib import Path

import pytest
from sqlmodel import select

from storage.database import Database
from storage.tables import Counter, DayOff, Person
from tests.cast import cast
from tests.playing import acts, play
from tests.scenario import scenario

FOLDER = Path(__file__).parent / "transcripts"
LAST_CODES = {"CS": 1436, "KN": 311, "TR": 204, "GM": 85, "VH": 639}
FILES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_transcript_plays_as_it_is_written(
    path: Path, db: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    golden = path.read_text(encoding="utf-8")
    head = "".join(takewhile(lambda line: line.startswith("#"), golden.splitlines(keepends=True)))
    with db.writing() as session:
        cast(session)
        session.add(DayOff(day=date(2026, 11, 24), name="làm việc", working=True))
        for kind, value in LAST_CODES.items():
            session.add(Counter(kind=kind, value=value))
        for code, address in re.findall(r"^# xưng hô: (\S+) (\S+)$", head, re.MULTILINE):
            session.exec(select(Person).where(Person.code == code)).one().address = address
    start = next(act.text for act in acts(golden) if act.kind == "@")
    strangers = " ".join(re.findall(r"^# chưa kết nối: (.+)$", head, re.MULTILINE)).split()
    codes = dict(re.findall(r"^# mã mời: (\S+) (\S+)$", head, re.MULTILINE))
    url = db.url.render_as_string(hide_password=False)
    folder = tmp_path / "files"
    with scenario(url, folder, start=start, strangers=strangers, codes=codes) as scene:
        played = head + play(scene, golden)
    if request.config.getoption("--update"):
        path.write_text(played, encoding="utf-8")
    assert played == golden
