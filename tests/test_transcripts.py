"""Golden conversations, played on every channel with a restart between every two messages.

Each is played over Telegram on SQLite, every second one once more: by turns on PostgreSQL or over
one of the two ways to Zalo; `--everywhere` plays all of them over every channel on each database.
Where a file is played without a phone on Telegram, no Telegram is running at all.

`--update` rewrites them; the difference is then read line by line. The first lines of a file may
say who has no linked phone yet ("# chưa kết nối: CB001 XA01") and which codes were handed out
("# mã mời: CB001 K7M-2QX-9TR"), who is addressed otherwise ("# xưng hô: GV01 chị"), that the
service has a key for what is sent to the standing board alone ("# gửi riêng: mở"), what is
switched on ("# bật: giao_thang_so_nganh"), who answers for a body ("# trả lời cho đơn vị: CB099
Sở Xây dựng", on one line), which indicators there are ("# chỉ tiêu: KN Đảng viên mới kết nạp") and
who owes which item of a programme by when ("# công việc: CB001 2026-12-05 Sơ kết quy định").
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import product, takewhile
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from sqlmodel import Session, select

from bot import files
from storage import programmes, secrecy
from storage.database import Database
from storage.tables import Counter, DayOff, Indicator, Person, Role, Setting, WorkItem
from tests.cast import cast
from tests.channelled import CHANNELS, as_written, only_on, shown_of, written_for
from tests.playing import acts, play
from tests.scenario import scenario

FOLDER = Path(__file__).parent / "transcripts"
LAST_CODES = {"CS": 1436, "KN": 311, "TR": 204, "GM": 85, "VH": 639}
FILES = sorted(FOLDER.glob("*.txt"))
ENGINES = ("sqlite", "postgresql")


def _head(golden: str) -> str:
    """The first lines, which say how it is played."""
    return "".join(takewhile(lambda line: line.startswith("#"), golden.splitlines(keepends=True)))


def _plays() -> Iterator[ParameterSet]:
    first, *zalo = CHANNELS
    turns = [("sqlite", zalo[0]), ("postgresql", first), ("sqlite", zalo[1])]
    for engine, channel, (place, path) in product(ENGINES, CHANNELS, enumerate(FILES)):
        only = only_on(_head(path.read_text("utf-8")))
        if only not in ("", channel):
            continue
        always = engine == "sqlite" and channel in (only, first)
        turn = turns[place // 2 % len(turns)] if place % 2 else None
        often = always or (engine, channel) == turn
        marks = [getattr(pytest.mark, engine)] if engine == "postgresql" else []
        marks += [] if often else [pytest.mark.everywhere]
        name = f"{engine}-{channel}-{path.stem}"
        yield pytest.param(engine, channel, path, id=name, marks=marks)


@pytest.mark.parametrize(("engine", "channel", "path"), list(_plays()), indirect=["engine"])
def test_a_transcript_plays_as_it_is_written(
    engine: str,
    channel: str,
    path: Path,
    db: Database,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    golden = path.read_text(encoding="utf-8")
    head = _head(golden)
    request.addfinalizer(lambda: secrecy.use([]))
    request.addfinalizer(lambda: files.use(Path("files")))
    files.use(tmp_path / "files")
    secrecy.use(["k" * 32] if "# gửi riêng: mở\n" in head else [])
    own = channel == (only_on(head) or CHANNELS[0])  # where it was written
    expected = golden if own else written_for(channel, head, golden)
    played = head + _played(channel, expected, head, db, tmp_path / "files")
    if request.config.getoption("--update") and own:
        path.write_text(played, encoding="utf-8")
    if own:
        assert played == expected
    else:
        assert as_written(played) == shown_of(channel, expected)


def _entered(session: Session, head: str) -> None:
    """What workbooks brought in before."""
    year = date(2026, 1, 1)
    for place, (code, name) in enumerate(
        re.findall(r"^# chỉ tiêu: (\S+) (.+)$", head, re.MULTILINE)
    ):
        kept = Indicator(
            code=code, name=name, from_date=year, population="đảng viên", kind="so_luong"
        )
        kept.unit, kept.place = "đảng viên", place
        session.add(kept)
    for code, day, text in re.findall(r"^# công việc: (\S+) (\S+) (.+)$", head, re.MULTILINE):
        owner = session.exec(select(Person).where(Person.code == code)).one()
        due = date.fromisoformat(day)
        item = WorkItem(
            code=day, kind="chuong_trinh", text=text, owner_id=owner.id or 0, due_on=due
        )
        session.add(item)
    session.flush()
    programmes.number_works(session)


def _played(channel: str, golden: str, head: str, db: Database, folder: Path) -> str:
    """Play it among the people and with the codes that its first lines name."""
    with db.writing() as session:
        cast(session)
        session.add(DayOff(day=date(2026, 11, 24), name="làm việc", working=True))
        for kind, value in LAST_CODES.items():
            session.add(Counter(kind=kind, value=value))
        for code, address in re.findall(r"^# xưng hô: (\S+) (\S+)$", head, re.MULTILINE):
            session.exec(select(Person).where(Person.code == code)).one().address = address
        for key in re.findall(r"^# bật: (\S+)$", head, re.MULTILINE):
            session.add(Setting(key=key, value=True, from_date=date(2026, 1, 1)))
        for code, unit in re.findall(r"^# trả lời cho đơn vị: (\S+) (.+)$", head, re.MULTILINE):
            person = session.exec(select(Person).where(Person.code == code)).one()
            person.unit = unit
            session.add(Role(person_id=person.id, role="giai_quyet"))
        _entered(session, head)
    with scenario(
        db.url.render_as_string(hide_password=False),
        folder,
        start=next(act.text for act in acts(golden) if act.kind == "@"),
        channel=channel,
        more=re.findall(r"^# thêm máy: (\S+) (\S+)$", head, re.MULTILINE),
        strangers=" ".join(re.findall(r"^# chưa kết nối: (.+)$", head, re.MULTILINE)).split(),
        codes=dict(re.findall(r"^# mã mời: (\S+) (\S+)$", head, re.MULTILINE)),
        unmetered="# không tính số tin\n" in head,
    ) as scene:
        return play(scene, golden)
