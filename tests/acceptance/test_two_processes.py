"""Two processes share one database: nothing is handled twice, nobody's messages out of order."""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from storage.database import Database
from storage.tables import Inbox, Outbox, Person, Visit
from tests.cast import cast
from tests.work.inbox import linked, text

PEOPLE, EACH = 30, 16  # 480 messages


def run_two(
    db: Database, folder: Path, batches: Sequence[list[dict[str, Any]]], times: int
) -> None:
    """Two processes begin together, each with its updates."""
    url = db.url.render_as_string(hide_password=False)
    running = []
    for number, batch in enumerate(batches):
        path = folder / f"updates{number}.json"
        path.write_text(json.dumps(batch))
        call = [sys.executable, "-m", "tests.acceptance.worker", url, str(path), str(times)]
        pipe = subprocess.PIPE
        running.append(subprocess.Popen(call, stdin=pipe, stdout=pipe, text=True))
    assert [_line(process) for process in running] == ["ready\n"] * 2
    for process in running:
        assert process.stdin is not None
        process.stdin.write("begin\n")
        process.stdin.flush()
    for process in running:
        process.communicate(timeout=120)
    assert [process.returncode for process in running] == [0, 0]


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_the_same_update_fifty_times_by_two_processes_is_one_entry(
    db: Database, tmp_path: Path
) -> None:
    with db.writing() as session:
        everybody = cast(session)
        session.add(linked(everybody["CB001"], 1))
    told = text(1, "Hòa Mẫu hôm nay họp thôn 3, bà con đồng thuận hiến đất")
    send = text(1, "Gửi")
    for payload in (told, send):
        run_two(db, tmp_path, [[payload], [payload]], times=25)
    with db.reading() as session:
        assert len(session.exec(select(Visit)).all()) == 1
        assert len(session.exec(select(Inbox)).all()) == 2
        said = [row.body["text"] for row in session.exec(select(Outbox))]
    assert len([one for one in said if one.startswith("Đã lưu phiếu")]) == 1


def test_480_messages_of_30_people_are_handled_once_and_in_order(
    db: Database, tmp_path: Path
) -> None:
    with db.writing() as session:
        for number in range(1, PEOPLE + 1):
            person = Person(code=f"CB{number}", full_name=f"Cán bộ {number}")
            session.add(person)
            session.flush()
            assert person.id is not None
            session.add(linked(person.id, number))
    messages = [text(phone, "0") for _ in range(EACH) for phone in range(1, PEOPLE + 1)]
    run_two(db, tmp_path, [messages[::2], messages[1::2]], times=1)
    with db.reading() as session:
        inbox = session.exec(select(Inbox).order_by(col(Inbox.id))).all()
        replies = session.exec(select(Outbox).order_by(col(Outbox.id))).all()
    assert len(inbox) == PEOPLE * EACH
    assert {row.state for row in inbox} == {"handled"}
    answered: dict[int | None, list[int]] = defaultdict(list)
    for reply in replies:
        assert reply.inbox_id is not None
        answered[reply.account_id].append(reply.inbox_id)
    for account, ids in answered.items():
        once = [key for key, _ in groupby(ids)]
        assert once == sorted(set(ids)), f"account {account}: out of order, or handled twice"
    assert sum(len(set(ids)) for ids in answered.values()) == PEOPLE * EACH


@pytest.fixture(autouse=True)
def _from_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is a module of the tests, found from the project's folder."""
    monkeypatch.chdir(Path(__file__).parents[2])
