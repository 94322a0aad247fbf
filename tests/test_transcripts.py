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
from tests.channelled import CHANNELS, as_written, only_on, written_for
from tests.playing import acts, play
from tests.scenario import scenario

FOLDER = Path(__file__).parent / "transcripts"
LAST_CODES = {"CS": 1436, "KN": 311, "TR": 204, "GM": 85, "VH": 639}
FILES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_transcript_plays_as_it_is_written(
    channel: str, path: Path, db: Database, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    golden = path.read_text(encoding="utf-8")
    head = "".join(takewhile(lambda line: line.startswith("#"), golden.splitlines(keepends=True)))
    if only_on(head) not in ("", channel):
        pytest.skip(f"only on {only_on(head)}")
    own = channel == (only_on(head) or CHANNELS[0])  # where it was written
    expected = golden if own else written_for(channel, head, golden)
    played = head + _played(channel, expected, head, db, tmp_path / "files")
    if request.config.getoption("--update") and own:
        path.write_text(played, encoding="utf-8")
    assert (played if own else as_written(played)) == expected


def _played(channel: str, golden: str, head: str, db: Database, files: Path) -> str:
    """Play it among the people and with the codes that its first lines name."""
    with db.writing() as session:
        cast(session)
        session.add(DayOff(day=date(2026, 11, 24), name="làm việc", working=True))
        for kind, value in LAST_CODES.items():
            session.add(Counter(kind=kind, value=value))
        for code, address in re.findall(r"^# xưng hô: (\S+) (\S+)$", head, re.MULTILINE):
            session.exec(select(Person).where(Person.code == code)).one().address = address
    with scenario(
        db.url.render_as_string(hide_password=False),
        files,
        start=next(act.text for act in acts(golden) if act.kind == "@"),
        channel=channel,
        more=re.findall(r"^# thêm máy: (\S+) (\S+)$", head, re.MULTILINE),
        strangers=" ".join(re.findall(r"^# chưa kết nối: (.+)$", head, re.MULTILINE)).split(),
        codes=dict(re.findall(r"^# mã mời: (\S+) (\S+)$", head, re.MULTILINE)),
        unmetered="# không tính số tin\n" in head,
    ) as scene:
        return play(scene, golden)
