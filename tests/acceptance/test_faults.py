"""Every fault of Zalo's two interfaces: what the person and the office see, and nothing is lost."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from storage.database import Database
from storage.tables import Account, DayOff, Inbox, Outbox, Visit, metadata
from tests.acceptance.faults import FAULTS, PAGE, Fault, page
from tests.cast import cast
from tests.scenario import Scenario, scenario

SAID = "Hòa Mẫu hôm nay họp thôn 3, bà con đồng thuận hiến đất"
SHOWN = {"visit": "Xin đồng chí xem lại trước khi gửi", "reminder": "Lịch đi cơ sở"}
OFFICE = "VP01 telegram"


@pytest.fixture
def lone(tmp_path: Path) -> Iterator[Database]:
    """A database with the cast, to itself."""
    db = Database(f"sqlite:///{tmp_path / 'faults.db'}")
    metadata.create_all(db.engine)
    with db.writing() as session:
        cast(session)
        session.add(DayOff(day=date(2026, 11, 24), name="làm việc", working=True))
    yield db
    db.close()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_a_fault_is_seen_by_whom_it_concerns_and_loses_nothing(
    lone: Database, tmp_path: Path, fault: Fault
) -> None:
    url = lone.url.render_as_string(hide_password=False)
    start, office = "2026-11-24 06:40", [("VP01", "telegram")]
    with scenario(
        url, tmp_path / "files", start=start, channel=fault.channel, more=office
    ) as scene:
        for code in (OFFICE, "CB001"):  # Telegram's poll would wait where nothing ever came
            scene.phone(code).says("việc")
            scene.settles()
        _long_ago(lone)
        scene.sandbox.switch(fault.kind, channel=fault.channel, **fault.details)
        _happens(scene, fault)
        assert _shown(scene, fault) == fault.while_on
        told = _list(scene)
        assert fault.listed in told
        assert ("Nguyễn Văn Mẫu" in told) == bool(fault.listed)
        scene.sandbox.behave()
        _later(lone)
        if fault.occasion == "reminder":
            scene.phone("CB001").says("việc")
        scene.settles()
        assert _shown(scene, fault) == fault.after
        _nothing_is_lost(scene, lone, fault)


def test_the_table_in_the_docs_is_the_one_that_is_played() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_an_event_in_the_documented_form_reads_like_the_observed_one(
    lone: Database, tmp_path: Path
) -> None:
    url = lone.url.render_as_string(hide_password=False)
    with scenario(url, tmp_path, start="2026-11-24 06:40", channel="zalo") as scene:
        bodies = []
        for wrapped in (False, True):
            if wrapped:
                scene.sandbox.switch("wrapped")
            scene.phone("CB001").sends_photos(("anh.jpg", b"x"), caption="cầu thôn 3")
            bodies += [json.loads(body) for _, body in scene.sandbox.posts("zalo")]
        _, (channel,) = scene.restarts()
        flat, documented = (channel.read(body)[0].incoming for body in bodies)
    assert set(bodies[1]) == {"ok", "result"}
    assert flat.media is not None
    assert documented.media is not None
    assert (documented.text, documented.media.kind) == (flat.text, flat.media.kind)


def _happens(scene: Scenario, fault: Fault) -> None:
    if fault.occasion == "visit":
        scene.phone("CB001").says(SAID)
        scene.settles()
    else:
        scene.moves_clock("2026-11-24 07:15")


def _long_ago(db: Database) -> None:
    """Everybody wrote six days ago: long before what happens now, within Zalo's seven days."""
    with db.writing() as session:
        wrote = datetime.now(UTC) - timedelta(days=6)
        session.connection().execute(update(Account).values(last_heard_at=wrote))


def _shown(scene: Scenario, fault: Fault) -> int:
    """How often the message stands on the person's phone."""
    shown = scene.phone("CB001").messages()
    return sum(SHOWN[fault.occasion] in message["text"] for message in shown)


def _list(scene: Scenario) -> str:
    """What the office is told of unsent messages."""
    scene.phone(OFFICE).says("/chuagui")
    scene.settles()
    return str(scene.phone(OFFICE).messages()[-1]["text"])


def _later(db: Database) -> None:
    """Some minutes pass, in which nothing was tried."""
    waiting = update(Outbox).where(col(Outbox.next_try_at).is_not(None))
    with db.writing() as session:
        session.connection().execute(waiting.values(next_try_at=datetime(2026, 1, 1, tzinfo=UTC)))


def _nothing_is_lost(scene: Scenario, db: Database, fault: Fault) -> None:
    """The visit is filed once; a reminder came or is still there for the office to see."""
    if fault.occasion == "visit":
        scene.phone("CB001").presses("Gửi")
        scene.settles()
    with db.reading() as session:
        visits = session.exec(select(Visit)).all()
        left = session.exec(select(Outbox).where(col(Outbox.kind) == "reminder")).all()
        states = set(session.exec(select(Inbox.state)).all())
    if fault.occasion == "visit":
        assert len(visits) == 1
        assert "Đã lưu phiếu" in scene.phone("CB001").messages()[-1]["text"]
    else:
        kept = {row.state for row in left}
        assert kept <= ({"sent"} if fault.after else {"waiting", "failed", "sent"})
        assert kept
    assert states <= {"handled", "aside"}
    assert ("aside" in states) == (fault.kind == "malformed")
